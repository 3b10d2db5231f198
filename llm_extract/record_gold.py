"""Gold of a user's own schema: for each article a JSON file `{"records": [{field: value, …}]}`, judged by the model.

It is written without offsets: words of the article and parties are plain strings, what is cited is the bare value, dates are in EDTF.
A party may also be an object with `name`, words one with `start`, `end` and `text`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias, TypeVar

from pydantic import BaseModel, JsonValue, ValidationError

from llm_extract.completions import problems_in
from llm_extract.errors import SettingError
from llm_extract.schema import Span
from llm_extract.schemas import Schema
from llm_extract.shapes import Field, Shape, Sort, bare

__all__ = ["Given", "as_record", "as_value", "gold_records"]

M = TypeVar("M", bound=BaseModel)

Given: TypeAlias = Mapping[str, JsonValue] | BaseModel
"""A record, as JSON or as an instance of its model."""


def gold_records(schema: Schema[M], records: Sequence[Given], article: str) -> list[M]:
    """Return gold as instances of the schema's model.

    Args:
        schema: Of the records.
        records: As they stand in the file.
        article: Whose, for messages.

    Raises:
        SettingError: The model refuses a record; the message says which, and why.
    """
    found = []
    for number, record in enumerate(records, start=1):
        try:
            found.append(as_record(schema, record, number))
        except ValidationError as error:
            what = f"Record {number} of the gold for {article!r} is no {schema.name}: {problems_in(error)}."
            raise SettingError(what, remedy="Correct the file, or give the schema that it was written for.") from error
    return found


def as_record(schema: Schema[M], record: Given, number: int = 1) -> M:
    """Return a record as an instance of the schema's model.

    Raises:
        ValidationError: The model refuses it.
    """
    if isinstance(record, schema.model):
        return record
    counted = {
        one.name: f"{one.derived.prefix}{number}" for one in schema.shape.fields if one.required and one.derived and not one.derived.source
    }
    return schema.model.model_validate({**counted, **_record(schema.shape.fields, as_value(record))}, by_name=True)


def as_value(record: Given) -> dict[str, Any]:
    """Return a record as results have it, in JSON."""
    return record.model_dump(mode="json") if isinstance(record, BaseModel) else dict(record)


def _record(fields: Sequence[Field], value: Mapping[str, Any]) -> dict[str, Any]:
    shapes = {one.name: one.shape for one in fields}
    return {name: _value(shapes[name], part) if name in shapes else part for name, part in value.items()}


def _value(shape: Shape, value: Any) -> Any:  # noqa: ANN401  JSON
    """Turn what may be a plain string into what the model takes."""
    match shape.sort:
        case Sort.PARTY if isinstance(value, str):
            return {"name": value}
        case Sort.WORDS | Sort.SENTENCE | Sort.QUOTATION if isinstance(value, str) and bare(shape.annotation) is Span:
            return {"start": 0, "end": len(value), "text": value}
        case Sort.CITED:
            whole = isinstance(value, Mapping) and "value" in value
            return {**value, "value": _value(shape.inner, value["value"])} if whole else _value(shape.inner, value)
        case Sort.LIST if isinstance(value, list):
            return [_value(shape.inner, part) for part in value]
        case Sort.RECORD | Sort.UNION if isinstance(value, Mapping):
            return _record([one for option in (shape.options or (shape,)) for one in option.fields], value)
    return value

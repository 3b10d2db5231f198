"""Plain instructor on a user's schema: the same model with plain strings where it points at the text, one call an article.

It is told what llm-extract tells its model: what a record is, what each field and label means, the same example, the day of publication.
Validators and constraints of the user's model are left out, for an answer that they refuse would be lost as a whole.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Union

import instructor
from openai import OpenAI
from pydantic import BaseModel, Field, create_model

from llm_extract.outlines import outline, purpose
from llm_extract.schemas import Schema
from llm_extract.shapes import Shape, Sort

__all__ = ["Plain", "plain_model"]

_MAX_TOKENS = 1_200
_MOST_RECORDS = 15
"""A small model may repeat a record for ever."""
_TOLD = {
    Sort.WORDS: "exactly as the article has it",
    Sort.PARTY: "full name",
    Sort.DATE: "as YYYY-MM-DD, or YYYY-MM where only the month is known",
}


def plain_model(shape: Shape) -> type[BaseModel]:
    """Return a model of the same fields with plain strings for words, names and dates, and bare values for cited ones."""
    fields: dict[str, Any] = {}
    for one in shape.fields:
        nullable = one.shape.optional or not one.required
        made = _type(one.shape)
        inner = one.shape.inner if one.shape.sort is Sort.CITED else one.shape
        meaning = ", ".join(part for part in (one.meaning, _TOLD.get(inner.sort, "")) if part)
        fields[one.name] = (made | None if nullable and one.shape.sort is not Sort.LIST else made, Field(description=meaning))
    return create_model(shape.annotation.__name__, __doc__=purpose(shape.annotation), **fields)


def _type(shape: Shape) -> Any:  # noqa: ANN401  a type
    if shape.sort is Sort.CITED:
        return _type(shape.inner)
    if shape.sort is Sort.LIST:
        return list[_type(shape.inner)]  # type: ignore[misc]  # made here
    if shape.sort is Sort.RECORD:
        return plain_model(shape)
    if shape.sort is Sort.UNION:
        return Union[tuple(plain_model(option) for option in shape.options)]  # noqa: UP007  made of a tuple
    return shape.annotation if shape.sort is Sort.PLAIN else str


class Plain:
    """Plain instructor, asking a model at an endpoint.

    Args:
        schema: What to look for.
        base_url: Of the endpoint.
        model: What it calls the model.
    """

    def __init__(self, schema: Schema[Any], base_url: str, model: str) -> None:
        self._schema = schema
        self._model = model
        self._plain: type[BaseModel] = plain_model(schema.shape)
        listed: Any = list[self._plain]  # type: ignore[name-defined]  # made here
        self._answer = create_model("Records", records=(listed, Field(max_length=_MOST_RECORDS)))
        self._client = instructor.from_openai(OpenAI(base_url=base_url, api_key="none"), mode=instructor.Mode.JSON_SCHEMA)

    def read(self, text: str, published: str | None) -> list[Mapping[str, Any]]:
        """Return what it finds in an article, as the plain model writes it in JSON."""
        messages: list[Any] = [{"role": "system", "content": self._prompt(published)}, {"role": "user", "content": text}]
        answer: Any = self._client.chat.completions.create(
            model=self._model, messages=messages, response_model=self._answer, temperature=0, max_tokens=_MAX_TOKENS, max_retries=1
        )
        return [record.model_dump(mode="json") for record in answer.records]

    def _prompt(self, published: str | None) -> str:
        name = self._schema.name.replace("_", " ")
        plain: type[BaseModel] = self._plain
        fields = outline(plain).partition("\n")[2]  # the first line is of sentences' numbers
        model: type[BaseModel] = self._schema.model
        examples = [(one, [_bare(model.model_validate(record)) for record in one.records]) for one in self._schema.examples]
        told = [
            f'Read the news article and list every {name} in it as JSON: {{"records": [...]}}, an empty list where there is none.',
            purpose(model),
            f"For each {name} give:\n{fields}",
            *(f"Example, published on {one.published}:\n{one.text}\n{json.dumps({'records': records})}" for one, records in examples),
            f"The article was published on {published}; dates are worked out from that day." if published else "",
        ]
        return "\n\n".join(part for part in told if part)


def _bare(record: BaseModel) -> object:
    """Return a record of an example with plain values."""
    return _plain(record.model_dump(mode="json"))


def _plain(value: Any) -> Any:  # noqa: ANN401  JSON
    if isinstance(value, dict):
        if value.keys() == {"value", "evidence"}:
            return value["value"]
        if "name" in value and "mention" in value:
            return value["name"]
        return {name: _plain(part) for name, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, list) else value

"""Records of one article that are the same, told in several of its windows or twice in one, put together."""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterable, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from llm_extract.schemas import Schema
from llm_extract.slices import is_slice
from llm_extract.tying import Tied
from llm_extract.wording import bare_value

__all__ = ["combine"]

M = TypeVar("M", bound=BaseModel)

_Alike = dict[Hashable, Tied[M]]


def combine(schema: Schema[M], found: Iterable[Tied[M]]) -> list[Tied[M]]:
    """Put together what is the same by the schema's key, and order by where the article first reports it.

    The first record told counts. What it leaves open is taken from the later ones, and lists are joined. Where what comes of that is no
    valid record, the first one stays as it is.
    """
    alike: dict[Hashable, Tied[M]] = {}
    for tied in found:
        key = _key(schema, tied.record)
        alike[key] = _together(schema, alike[key], tied) if key in alike else tied
    ordered = sorted(alike.values(), key=lambda tied: min((words.start or 0 for words in tied.evidence), default=0))
    return [_numbered(schema, tied, number) for number, tied in enumerate(ordered, start=1)]


def _numbered(schema: Schema[M], tied: Tied[M], number: int) -> Tied[M]:
    ids = {field.name: f"{field.derived.prefix}{number}" for field in schema.shape.fields if field.derived and field.derived.prefix}
    return Tied(tied.record.model_copy(update=ids), tied.evidence) if ids else tied


def _key(schema: Schema[M], record: M) -> Hashable:
    if not schema.many:
        return None
    if callable(schema.key):
        return schema.key(record)
    value = record.model_dump(mode="json")
    names = schema.key or list(value)
    return json.dumps([_said(value.get(name)) for name in names], sort_keys=True)


def _said(value: Any) -> Any:  # noqa: ANN401  JSON
    """Return what a value says, without where it is said: "Riga" is "Riga" in every sentence, and so is a party under one name."""
    value = bare_value(value)
    if isinstance(value, Mapping):
        return {name: _said(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_said(part) for part in value]
    return " ".join(value.casefold().split()) if isinstance(value, str) else value


def _together(schema: Schema[M], first: Tied[M], later: Tied[M]) -> Tied[M]:
    known = {words.start for words in first.evidence}
    more = (words for words in later.evidence if words.start not in known)
    evidence = tuple(sorted((*first.evidence, *more), key=lambda words: words.start or 0))
    merged = _filled(first.record.model_dump(mode="json"), later.record.model_dump(mode="json"))
    try:
        return Tied(schema.model.model_validate(merged, by_name=True), evidence)
    except ValidationError:
        return Tied(first.record, evidence)


def _filled(first: Any, later: Any) -> Any:  # noqa: ANN401  JSON
    if first is None:
        return later
    if isinstance(first, dict) and isinstance(later, dict) and not is_slice(first):
        return {name: _filled(value, later.get(name)) for name, value in first.items()}
    if isinstance(first, list) and isinstance(later, list):
        known = [_said(value) for value in first]
        return [*first, *(value for value in later if _said(value) not in known)]
    return first

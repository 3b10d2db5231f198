"""The values of a record in words, for people: the words of a slice, the name of a party, what is cited without its evidence.

A record in a result says by its form what each value is, so that neither this nor what is built on it needs the user's own model.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from llm_extract.schema import Extraction, Record
from llm_extract.slices import is_slice

__all__ = ["bare_value", "by_kind", "columns_of", "holds_only_records", "in_words", "is_cited", "is_party", "named"]

_PARTY = {"name", "role", "affiliation", "mention"}
_CITED = {"value", "evidence"}
_BETWEEN = "; "
_PROMPT = "records"


def is_party(value: object) -> bool:
    """Whether a value of a record in JSON is a `Party`."""
    if not isinstance(value, dict) or value.keys() != _PARTY or not isinstance(value["name"], str):
        return False
    told = all(value[name] is None or isinstance(value[name], str) for name in ("role", "affiliation"))
    return told and (value["mention"] is None or is_slice(value["mention"]))


def is_cited(value: object) -> bool:
    """Whether a value of a record in JSON is `Cited`."""
    return isinstance(value, dict) and value.keys() == _CITED and isinstance(value["evidence"], (list, tuple))


def bare_value(value: Any) -> Any:  # noqa: ANN401  JSON
    """Return what a value of a record says, without where: words for a slice, a name for a party, what is cited alone.

    Lists and records of the record stay as they are.

    Example:
        >>> bare_value({"value": {"start": 0, "end": 4, "text": "Riga"}, "evidence": []})
        'Riga'
    """
    if is_cited(value):
        return bare_value(value["value"])
    if is_slice(value):
        return value["text"]
    return value["name"] if is_party(value) else value


def in_words(value: Any) -> str:  # noqa: ANN401  JSON
    """Write a value on one line; nothing where there is none.

    Example:
        >>> in_words([{"name": "Ann Lee", "role": None, "affiliation": None, "mention": None}, {"city": "Riga", "day": None}])
        'Ann Lee; city: Riga'
    """
    value = bare_value(value)
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        return _BETWEEN.join(filter(None, map(in_words, value)))
    if isinstance(value, Mapping):
        told = {name: in_words(part) for name, part in value.items()}
        return ", ".join(f"{named(name)}: {words}" for name, words in told.items() if words)
    return json.dumps(value)


def named(name: str) -> str:
    """Write the name of a schema or of a field as people do."""
    return name.replace("_", " ")


def by_kind(records: Iterable[Record]) -> dict[str, list[Record]]:
    """Return records by the name of their schema, in the order in which they come."""
    found: dict[str, list[Record]] = {}
    for record in records:
        found.setdefault(record.kind, []).append(record)
    return found


def columns_of(records: Iterable[Record]) -> list[str]:
    """Return the fields that records of one kind have, in their order."""
    return list(dict.fromkeys(name for record in records for name in record.value))


def holds_only_records(result: Extraction) -> bool:
    """Whether a result is that of a user's own schema alone, as far as can be told: it has neither meetings nor quotes, but records.

    One in which nothing at all was found tells by its prompts, unless the schema has a template of its own.
    """
    return not (result.meetings or result.quotes) and bool(result.records or set(result.prompts) == {_PROMPT})

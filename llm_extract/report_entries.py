"""The records of a user's own schema as data of the report's page, which calls them entries: its records are meetings across articles.

A value says by its form what it is, and names that came with a result stand only where text stands, never as keys of an object.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NotRequired, TypeAlias, TypedDict

from llm_extract.schema import Party, Record, Span
from llm_extract.slices import is_slice, slices
from llm_extract.wording import is_cited, is_party, named

__all__ = ["EntryData", "PartyData", "SpanData", "ValueData", "entry_data", "spans_of"]

SpanData: TypeAlias = tuple[int, int] | tuple[int, int, str]
"""Start, end and, where the article's text is not there, the words."""


class PartyData(TypedDict):
    """A `Party`; `person` is its name in the fullest form of all articles, by which the page filters."""

    name: str
    person: str
    role: NotRequired[str]
    affiliation: NotRequired[str]
    at: NotRequired[SpanData]


class ValueData(TypedDict):
    """A value of a record: one of `text`, `words`, `party`, `list` and `fields`; none of them where there is none."""

    text: NotRequired[str]
    words: NotRequired[SpanData]
    party: NotRequired[PartyData]
    list: NotRequired[list[ValueData]]
    fields: NotRequired[list[tuple[str, ValueData]]]
    evidence: NotRequired[list[SpanData]]
    """What it rests on, where the schema asks for that."""


class EntryData(TypedDict):
    """A `Record`."""

    id: str
    kind: str
    fields: list[tuple[str, ValueData]]
    evidence: list[SpanData]


def spans_of(record: Record) -> Iterator[Span]:
    """Yield every span of a record."""
    yield from record.evidence
    yield from (span for _, span in slices(record.value))


def entry_data(record: Record, span: Callable[[Span], SpanData], party: Callable[[Party], PartyData]) -> EntryData:
    """Return a record as data.

    Args:
        record: Which.
        span: Makes data of a span.
        party: Makes data of a party.
    """
    writer = _Writer(span, party)
    return {
        "id": record.id,
        "kind": named(record.kind),
        "fields": writer.fields(record.value),
        "evidence": [span(one) for one in record.evidence],
    }


class _Writer:
    def __init__(self, span: Callable[[Span], SpanData], party: Callable[[Party], PartyData]) -> None:
        self._span, self._party = span, party

    def fields(self, value: Mapping[str, object]) -> list[tuple[str, ValueData]]:
        return [(named(name), self._value(part)) for name, part in value.items()]

    def _value(self, value: Any) -> ValueData:  # noqa: ANN401  JSON
        if is_cited(value):
            evidence = [self._span(Span.model_validate(one)) for one in value["evidence"] if is_slice(one)]
            return self._value(value["value"]) | {"evidence": evidence}
        if is_slice(value):
            return {"words": self._span(Span.model_validate(value))}
        if is_party(value):
            return {"party": self._party(Party.model_validate(value))}
        if isinstance(value, Mapping):
            return {"fields": self.fields(value)}
        if isinstance(value, (list, tuple)):
            return {"list": [self._value(part) for part in value]}
        return {} if value is None else {"text": _text(value)}


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)

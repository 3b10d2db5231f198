"""How well records agree with gold, field by field. It is small and for this benchmark only: both contestants are measured by it.

A record of the gold counts as found where a record agrees with at least half of what the gold says of it; pairs are one to one and the
best together. Dates, numbers and labels agree where they are equal; words and names where they share half of their words or more (F1 of
words, without articles, case and punctuation). A list of records within a record agrees to the degree of its own F1.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from llm_extract.assignment import best_pairs
from llm_extract.shapes import Shape, Sort

__all__ = ["Scores", "leaves", "pointed_words"]

_SCALE = 1_000
_WORDS = {Sort.WORDS, Sort.SENTENCE, Sort.QUOTATION, Sort.PARTY}
_ENOUGH = 0.5


@dataclass
class Scores:
    """Counts over articles: of records, and of every field."""

    found: int = 0
    wanted: int = 0
    right: int = 0
    fields: dict[str, list[float]] = field(default_factory=dict)
    """Of each field: agreeing, found, wanted."""
    grounded: int = 0
    pointing: int = 0

    @property
    def records_f1(self) -> float:
        """F1 of records."""
        return _f1(self.right, self.found, self.wanted)

    @property
    def precision(self) -> float:
        """Share of the records found that are right."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Share of the gold that is found."""
        return self.right / self.wanted if self.wanted else 1.0

    @property
    def field_f1(self) -> float:
        """Mean of the fields' F1."""
        return sum(_f1(*counts) for counts in self.fields.values()) / len(self.fields) if self.fields else 1.0

    @property
    def grounded_share(self) -> float:
        """Share of the words and names given that the article has."""
        return self.grounded / self.pointing if self.pointing else 1.0

    def add(self, shape: Shape, gold: Sequence[Mapping[str, Any]], found: Sequence[Mapping[str, Any]], text: str) -> None:
        """Count one article."""
        wanted, given = [dict(leaves(record, shape)) for record in gold], [dict(leaves(record, shape)) for record in found]
        pairs = _pairs(wanted, given)
        self.found, self.wanted, self.right = self.found + len(given), self.wanted + len(wanted), self.right + len(pairs)
        for side, records in ((2, wanted), (1, given)):
            for name in (name for record in records for name in record):
                self.fields.setdefault(name, [0, 0, 0])[side] += 1
        for row, column in pairs.items():
            for name, value in wanted[row].items():
                self.fields[name][0] += _agreement(value, given[column].get(name))
        words = [one for record in found for one in pointed_words(record, shape)]
        self.pointing += len(words)
        self.grounded += sum(" ".join(one.split()) in " ".join(text.split()) for one in words)


def leaves(record: Mapping[str, Any], shape: Shape, place: str = "") -> Iterator[tuple[str, tuple[Sort, Any]]]:
    """Yield what a record in JSON says, by the place in it; what it leaves open is left out."""
    for one in shape.fields:
        value, part = record.get(one.name), one.shape
        if part.sort is Sort.CITED:
            value, part = (value.get("value") if isinstance(value, Mapping) else value), part.inner
        if value is None or value in ([], ""):
            continue
        name = f"{place}{one.name}"
        if part.sort is Sort.RECORD:
            yield from leaves(value, part, f"{name}.")
        elif part.sort is Sort.UNION:
            yield from leaves(value, _option(value, part), f"{name}.")
        elif part.sort is Sort.LIST:
            yield name, (Sort.LIST, [dict(leaves({"": item}, _single(part.inner))) for item in value])
        else:
            yield name, (part.sort, _plain(value))


def pointed_words(record: Mapping[str, Any], shape: Shape) -> list[str]:
    """Return the words and names of a record."""
    return [*_words_in(leaves(record, shape))]


def _words_in(found: Iterator[tuple[str, tuple[Sort, Any]]] | Any) -> Iterator[str]:  # noqa: ANN401  items of a dict too
    for _, (sort, value) in found:
        if sort is Sort.LIST:
            for item in value:
                yield from _words_in(item.items())
        elif sort in _WORDS:
            yield value


def _single(shape: Shape) -> Shape:
    from llm_extract.shapes import Field

    return Shape(Sort.RECORD, None, fields=(Field("", shape, "", required=True),))


def _option(value: Mapping[str, Any], shape: Shape) -> Shape:
    return max(shape.options, key=lambda option: sum(_fits(value.get(name), one) for name, one in option.annotation.model_fields.items()))


def _fits(value: object, info: Any) -> bool:  # noqa: ANN401  what pydantic keeps of a field
    from llm_extract.shapes import literals_of

    values = literals_of(info.annotation)
    return value in values if values else value is not None


def _plain(value: Any) -> Any:  # noqa: ANN401  JSON
    if isinstance(value, Mapping):
        return value.get("name", value.get("text"))
    return value


def _pairs(wanted: Sequence[Mapping[str, Any]], given: Sequence[Mapping[str, Any]]) -> dict[int, int]:
    alike = [[_likeness(one, other) for other in given] for one in wanted]
    return best_pairs([[round(value * _SCALE) if value >= _ENOUGH else 0 for value in row] for row in alike])


def _likeness(wanted: Mapping[str, Any], given: Mapping[str, Any]) -> float:
    return sum(_agreement(value, given.get(name)) for name, value in wanted.items()) / len(wanted) if wanted else 1.0


def _agreement(wanted: tuple[Sort, Any], given: tuple[Sort, Any] | None) -> float:
    if given is None:
        return 0.0
    (sort, one), (_, other) = wanted, given
    if sort is Sort.LIST:
        pairs = best_pairs([[round(_likeness(item, found) * _SCALE) for found in other] for item in one])
        return _f1(sum(_likeness(one[row], other[column]) for row, column in pairs.items()), len(other), len(one))
    if sort in _WORDS:
        return float(_shared(str(one), str(other)) >= _ENOUGH)
    return float(one == other)


def _shared(one: str, other: str) -> float:
    first, second = (Counter(re.findall(r"\w+", words.casefold())) for words in (one, other))
    for counted in (first, second):
        for article in ("the", "a", "an"):
            counted.pop(article, None)
    return _f1((first & second).total(), first.total(), second.total())


def _f1(right: float, found: float, wanted: float) -> float:
    return 2 * right / (found + wanted) if found + wanted else 1.0

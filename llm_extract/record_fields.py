"""The parts of a user's records that are measured one by one, and when two records agree in them.

Words agree by `agreement.words_agree`, names of parties by `names_agree`, dates by `dates_agree`, numbers and labels where they are equal.
Values may be as results have them or, from other programs, plain: a string where a result has a slice or a party.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from llm_extract.agreement import dates_agree, names_agree, quoted_words, words_agree
from llm_extract.assignment import best_pairs
from llm_extract.scoring import Tally
from llm_extract.shapes import Field, Shape, Sort, literals_of
from llm_extract.wording import bare_value, in_words, is_cited

__all__ = [
    "EVIDENCE",
    "GROUNDED",
    "HALF",
    "RECORDS",
    "Leaf",
    "RecordMeasure",
    "fields_of",
    "items_of",
    "leaves_of",
    "name_of",
    "share_of",
    "uncited",
    "uncited_shape",
]

_WHOLE = 1000
HALF = 500
"""From what share of agreeing fields on two records can be one."""


@dataclass(frozen=True)
class RecordMeasure:
    """What is measured of records.

    Args:
        value: Its name: of a field, the place in the record, such as `venue.city`.
        is_f1: Whether its value is an F1, and not a share of right answers.
    """

    value: str
    is_f1: bool = True

    def score(self, tally: Tally) -> float:
        """Return F1, or the share of right answers."""
        return tally.f1 if self.is_f1 else tally.recall


RECORDS = RecordMeasure("records")
"""F1 of records."""
GROUNDED = RecordMeasure("grounded", is_f1=False)
"""Share of what points at the article for which the article has these words, there where the offsets say."""
EVIDENCE = RecordMeasure("evidence", is_f1=False)
"""Share of the cited values that come with sentences of the article."""


@dataclass(frozen=True)
class Leaf:
    """A part of a record that is measured by itself.

    Args:
        path: The names of the fields that lead there.
        shape: What it is.
        default: What stands there in JSON where a record does not name the field; None for nothing.
    """

    path: tuple[str, ...]
    shape: Shape
    default: str | float | None = None

    @property
    def measure(self) -> RecordMeasure:
        """By which measure it counts."""
        name = ".".join(self.path)
        taken = {RECORDS.value, GROUNDED.value, EVIDENCE.value}
        return RecordMeasure(f"{name} (field)" if name in taken else name)

    def of(self, value: object) -> object:
        """Return what a record has there; None where it has nothing."""
        for number, name in enumerate(self.path, start=1):
            value = uncited(value)
            default = self.default if number == len(self.path) else None
            value = value.get(name, default) if isinstance(value, Mapping) else None
        value = uncited(value)
        return value if value not in ("", [], {}) else None

    def counts(self, gold: object, given: object) -> Tally:
        """Compare what two records have there."""
        right, answer = self.of(gold), self.of(given)
        if self.shape.sort is Sort.LIST:
            items, others = items_of(right), items_of(answer)
            pairs = best_pairs([[_alike(self.shape.inner, one, other) for other in others] for one in items])
            return Tally(len(pairs), len(others) - len(pairs), len(items) - len(pairs))
        agree = right is not None and answer is not None and _alike(self.shape, right, answer) > 0
        return Tally(int(agree), int(answer is not None and not agree), int(right is not None and not agree))


def leaves_of(shape: Shape) -> list[Leaf]:
    """Return the parts of a record; what the library counts out itself is none."""
    found: dict[tuple[str, ...], Leaf] = {}
    for one in fields_of(shape):
        if one.derived and not one.derived.source:
            continue
        inner = uncited_shape(one.shape)
        below = leaves_of(inner) if inner.sort in {Sort.RECORD, Sort.UNION} else [Leaf((), inner, _default(shape, one.name))]
        for leaf in below:
            found.setdefault((one.name, *leaf.path), Leaf((one.name, *leaf.path), leaf.shape, leaf.default))
    return [*found.values()]


def _default(shape: Shape, name: str) -> str | float | None:
    """Return the simple default of a field; of one of several records none, as it may be another one."""
    default = shape.annotation.model_fields[name].default if shape.sort is Sort.RECORD else None
    simple = default.value if isinstance(default, Enum) else default
    return simple if isinstance(simple, (str, int, float)) else None


def fields_of(shape: Shape) -> Iterator[Field]:
    """Yield the fields of a record, or of either of several."""
    for option in shape.options or (shape,):
        yield from option.fields


def uncited_shape(shape: Shape) -> Shape:
    """Return the shape of what is cited; any other as it is."""
    return uncited_shape(shape.inner) if shape.sort is Sort.CITED else shape


def uncited(value: Any) -> Any:  # noqa: ANN401  JSON
    """Return what is cited without its evidence; any other value as it is."""
    return value["value"] if is_cited(value) else value


def items_of(value: object) -> list[object]:
    """Return the items of a list; a lone value is a list of one."""
    return [] if value is None else [*value] if isinstance(value, (list, tuple)) else [value]


def _alike(shape: Shape, gold: object, given: object) -> int:
    """Weigh how much two values agree, from 0 for not at all to 1000."""
    shape = uncited_shape(shape)
    if shape.sort in {Sort.RECORD, Sort.UNION}:
        share = share_of(leaves_of(shape), uncited(gold), uncited(given))
        return share if share >= HALF else 0
    if shape.sort is Sort.LIST:
        return _WHOLE * (Leaf((), shape).counts(gold, given).f1 >= HALF / _WHOLE)
    return _WHOLE * _agree(shape, bare_value(gold), bare_value(given))


def _agree(shape: Shape, gold: Any, given: Any) -> bool:  # noqa: ANN401  JSON
    if shape.sort is Sort.PARTY:
        return names_agree(name_of(gold), name_of(given))
    if shape.sort is Sort.DATE:
        agree = dates_agree(str(gold), str(given))
        return quoted_words(str(gold)) == quoted_words(str(given)) if agree is None else agree
    if isinstance(gold, bool) or isinstance(given, bool) or literals_of(shape.annotation):
        return gold == given or quoted_words(in_words(gold)) == quoted_words(in_words(given))
    if isinstance(gold, (int, float)):
        return _number(given) == gold
    return words_agree(in_words(gold), in_words(given)) if isinstance(gold, str) else bool(gold == given)


def name_of(value: Any) -> str:  # noqa: ANN401  JSON
    """Return the name of a party, which other programs may give as an object that has not all that ours has."""
    return str(value.get("name", "")) if isinstance(value, Mapping) else in_words(value)


def _number(value: object) -> float | None:
    with contextlib.suppress(TypeError, ValueError):
        return float(value)  # type: ignore[arg-type]  # what is none is none
    return None


def share_of(leaves: Iterable[Leaf], gold: object, given: object) -> int:
    """Return how much of what either record has agrees, from 0 to 1000; of a list its F1 counts."""
    counted = [tally for leaf in leaves if (tally := leaf.counts(gold, given)).cases]
    return round(_WHOLE * sum(tally.f1 for tally in counted) / len(counted)) if counted else _WHOLE

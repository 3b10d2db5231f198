"""What the records of a kind consist of, for tables of them: told by the schema or, without it, by the records themselves.

What records tell together does not depend on their order: what one has and another lacks is there; whole numbers and others are
numbers; values that have nothing in common are text or, where one of them holds others, JSON.
"""

from __future__ import annotations

import datetime as dt
import types
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any, Union, get_args, get_origin

from llm_extract.schema import Record
from llm_extract.shapes import Field, Shape, Sort, bare, literals_of
from llm_extract.slices import is_slice
from llm_extract.wording import is_cited, is_party

__all__ = ["Holds", "Layout", "layout_of", "layouts_of"]

_MOST_FIELDS = 200
"""What has more is no record but a mapping with keys of its own, and stays JSON."""
_LARGEST = 2**63
_CONTAINERS = {list, dict, tuple, set, frozenset}


class Holds(Enum):
    """What a part of a record is, as far as a table wants to know."""

    NOTHING = auto()
    """No record has a value there."""
    TEXT = auto()
    """Words of the article too."""
    INTEGER = auto()
    NUMBER = auto()
    BOOLEAN = auto()
    DAY = auto()
    PERIOD = auto()
    """A date in EDTF. Only a schema tells it from text, and days likewise."""
    PARTY = auto()
    RECORD = auto()
    LIST = auto()
    JSON = auto()
    """Anything."""


_SCALARS = {int: Holds.INTEGER, float: Holds.NUMBER, bool: Holds.BOOLEAN, dt.date: Holds.DAY}


@dataclass(frozen=True)
class Layout:
    """A part of the records of a kind; what is cited is as its value.

    Args:
        holds: What it is.
        fields: Of a record, in their order.
        item: What a list holds.
        meaning: Its description; empty without one.
        mixed: Whether records differ in which fields they have, which then go by name.
    """

    holds: Holds
    fields: Mapping[str, Layout] = field(default_factory=dict)
    item: Layout | None = None
    meaning: str = ""
    mixed: bool = False

    def __or__(self, other: Layout) -> Layout:
        """Return the layout of what is one or the other."""
        if self == other or other.holds is Holds.NOTHING:
            return self
        if self.holds is Holds.NOTHING:
            return other
        if self.holds is other.holds:
            return self._with(other)
        both = {self.holds, other.holds}
        if both <= {Holds.INTEGER, Holds.NUMBER}:
            return Layout(Holds.NUMBER)
        return Layout(Holds.JSON if both & {Holds.RECORD, Holds.LIST, Holds.JSON} else Holds.TEXT)

    def _with(self, other: Layout) -> Layout:
        if self.item and other.item:
            return Layout(Holds.LIST, item=self.item | other.item)
        names = [*dict.fromkeys([*self.fields, *other.fields])]
        if len(names) > _MOST_FIELDS:
            return Layout(Holds.JSON)
        mixed = self.mixed or other.mixed or list(self.fields) != list(other.fields)
        nothing = Layout(Holds.NOTHING)
        fields = {name: self.fields.get(name, nothing) | other.fields.get(name, nothing) for name in (sorted(names) if mixed else names)}
        return Layout(self.holds, fields, mixed=mixed)


def layouts_of(records: Iterable[Record]) -> dict[str, Layout]:
    """Return the layout of each kind of record, by the kinds' names; what records are consumed one by one."""
    found: dict[str, Layout] = {}
    for record in records:
        layout = _of_fields(record.value)
        found[record.kind] = found.get(record.kind, layout) | layout
    return dict(sorted(found.items()))


def layout_of(shape: Shape) -> Layout:
    """Return the layout of the records of a schema."""
    match shape.sort:
        case Sort.RECORD:
            return Layout(Holds.RECORD, {one.name: _of_field(one) for one in shape.fields})
        case Sort.UNION:
            fields = [one for option in shape.options for one in option.fields]
            merged = {one.name: Layout(Holds.NOTHING) for one in fields}
            for one in fields:
                merged[one.name] |= layout_of(one.shape)
            return Layout(Holds.RECORD, merged)
        case Sort.LIST:
            return Layout(Holds.LIST, item=layout_of(shape.inner))
        case Sort.CITED:
            return layout_of(shape.inner)
        case Sort.PLAIN:
            return Layout(_plain(bare(shape.annotation)))
    return Layout({Sort.PARTY: Holds.PARTY, Sort.DATE: Holds.PERIOD}.get(shape.sort, Holds.TEXT))


def _of_field(one: Field) -> Layout:
    layout = layout_of(one.shape)
    return Layout(layout.holds, layout.fields, layout.item, one.meaning)


def _plain(annotation: Any) -> Holds:  # noqa: ANN401  a type
    """Tell what a value of this type is in JSON."""
    several = get_origin(annotation) in {Union, types.UnionType}
    literals = {type(getattr(one, "value", one)) for one in literals_of(annotation)}
    possible = literals or ({bare(part) for part in get_args(annotation)} if several else {annotation})
    if len(possible) == 1:
        (only,) = possible
        return _SCALARS.get(only, Holds.JSON if only in _CONTAINERS or get_origin(only) else Holds.TEXT)
    return Holds.JSON if any(one in _CONTAINERS or get_origin(one) for one in possible) else Holds.TEXT


def _of_fields(value: Mapping[str, object]) -> Layout:
    if len(value) > _MOST_FIELDS:
        return Layout(Holds.JSON)
    return Layout(Holds.RECORD, {name: _of_value(part) for name, part in value.items()})


def _of_value(value: Any) -> Layout:  # noqa: ANN401  JSON
    if isinstance(value, dict):
        if is_cited(value):
            return _of_value(value["value"])
        if is_slice(value):
            return Layout(Holds.TEXT)
        return Layout(Holds.PARTY) if is_party(value) else _of_fields(value)
    if isinstance(value, (list, tuple)):
        item = Layout(Holds.NOTHING)
        for part in value:
            item |= _of_value(part)
        return Layout(Holds.LIST, item=item)
    return Layout(_simple(value))


def _simple(value: object) -> Holds:
    if value is None:
        return Holds.NOTHING
    if isinstance(value, bool):
        return Holds.BOOLEAN
    if isinstance(value, int):
        return Holds.INTEGER if -_LARGEST <= value < _LARGEST else Holds.TEXT
    return Holds.NUMBER if isinstance(value, float) else Holds.TEXT

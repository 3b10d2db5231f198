"""The tables of records: one of all records, one for each kind, and one for each list in a record.

| a part of a record | its columns |
|---|---|
| a value, words of the article, something cited | one, of its type: `place` |
| a date | `date`; where the schema is given, `date_first_day` and `date_last_day` too |
| a party | `leader`, `leader_role`, `leader_affiliation` |
| a record | those of its fields: `venue_city`; what is a record or list within it is JSON |
| a list | a table of its own, `protest_organisers`, a row an item |

Where all of it stands in the article, the table `spans` says. Names are those of the fields, made plain where they are not.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

from pydantic import BaseModel

from llm_extract import dates
from llm_extract.errors import OutputError
from llm_extract.layouts import Holds, Layout, layout_of
from llm_extract.schema import Extraction, Record
from llm_extract.schemas import Schema, schema_of
from llm_extract.tables import Cell, Column, ColumnType, Reference, Row, Table
from llm_extract.wording import bare_value, is_cited, is_party

__all__ = ["NamedResult", "days", "kinds_of", "record_tables"]

M = TypeVar("M", bound=BaseModel)

_NAME_CHARS = 60
_SHOWN = 80
_LARGEST = 2**63
_CONTROL = re.compile("[\x00-\x1f\x7f]")
_OWN = ("article", "record", "number")
_TYPES = {
    Holds.INTEGER: ColumnType.INTEGER,
    Holds.NUMBER: ColumnType.NUMBER,
    Holds.BOOLEAN: ColumnType.BOOLEAN,
    Holds.DAY: ColumnType.DATE,
}
_ARTICLE = Column("article", "Key of the article")
_RECORD = Column("record", "Id of the record within its article")
_NUMBER = Column("number", "Its place among its like, from 1", ColumnType.INTEGER)
_TO_RECORD = Reference(("article", "record"), "records", ("article", "record"))


class NamedResult(NamedTuple):
    """A result and the key of its article."""

    article: str
    position: int
    result: Extraction


def record_tables(kinds: Mapping[str, Layout], taken: Iterable[str]) -> tuple[Table[NamedResult], ...]:
    """Return the tables of records; those that others refer to come first.

    Args:
        kinds: What the records of each kind consist of.
        taken: Names of other tables.
    """
    names = _Names([*taken, "records", "spans"])
    return (_all_records(), *(table for kind, layout in kinds.items() for table in _of_kind(kind, layout, names)))


def kinds_of(schema: type[M] | Schema[M]) -> dict[str, Layout]:
    """Return what the records of a schema consist of, by its name."""
    known = schema_of(schema)
    return {known.name: layout_of(known.shape)}


def days(edtf: str | None) -> tuple[dt.date | None, dt.date | None]:
    """Return the first and the last day of a date in EDTF; None where it is open or not known."""
    if edtf is None:
        return None, None
    first, last = dates.bounds(edtf)
    return (None if first == dt.date.min else first), (None if last == dt.date.max else last)


class _Names:
    """Gives out names, each once, whatever their case: plain words that can be the name of a file and of a column."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = {name.casefold() for name in taken}

    def plain(self, name: str) -> str:
        """Return a name that is not taken."""
        plain = re.sub(r"\W", "_", name, flags=re.ASCII)[:_NAME_CHARS]
        wanted = plain if re.match("[A-Za-z]", plain) else f"x{plain}"
        number, free = 1, wanted
        while free.casefold() in self._taken:
            number += 1
            free = f"{wanted}_{number}"
        self._taken.add(free.casefold())
        return free


def _all_records() -> Table[NamedResult]:
    def rows(named: NamedResult) -> Iterator[Row]:
        for number, record in enumerate(named.result.records, 1):
            yield named.article, record.id, number, record.kind, record.model_dump_json()

    columns = (
        _ARTICLE,
        _RECORD,
        _NUMBER,
        Column("kind", "Name of the schema"),
        Column("json", "The whole record, with its evidence, as results have it"),
    )
    references = (Reference(("article",), "articles", ("article",)),)
    return Table("records", "A record of a schema of the user's own", columns, ("article", "record"), rows, references)


def _of_kind(kind: str, layout: Layout, names: _Names) -> Iterator[Table[NamedResult]]:
    name = names.plain(kind)
    paths = [*_row_paths(layout, lists_apart=True)]

    def rows(named: NamedResult) -> Iterator[Row]:
        for record in named.result.records:
            if record.kind == kind:
                yield named.article, record.id, *_cells(paths, record.value, _Place(named.article, record))

    meaning = f"A record of the schema {_plainly(kind)}"
    yield Table(name, meaning, _columns(paths, _OWN, (_ARTICLE, _RECORD)), ("article", "record"), rows, (_TO_RECORD,), quoted=True)
    for path, part in _fields_of(layout):
        if part.holds is Holds.LIST:
            yield _of_list(kind, path, part, names.plain("_".join([kind, *path])))


def _of_list(kind: str, path: tuple[str, ...], layout: Layout, name: str) -> Table[NamedResult]:
    item = layout.item or Layout(Holds.NOTHING)
    paths = [*_row_paths(item, lists_apart=False)]

    def rows(named: NamedResult) -> Iterator[Row]:
        for record in named.result.records:
            items = _at(record.value, path) if record.kind == kind else None
            for number, value in enumerate(items if isinstance(items, (list, tuple)) else (), 1):
                yield named.article, record.id, number, *_cells(paths, value, _Place(named.article, record))

    meaning = f"One of several in {_plainly('.'.join(path))} of a record of the schema {_plainly(kind)}"
    columns = _columns(paths, _OWN, (_ARTICLE, _RECORD, _NUMBER))
    return Table(name, meaning, columns, ("article", "record", "number"), rows, (_TO_RECORD,), quoted=True)


@dataclass(frozen=True)
class _Place:
    """Which record is being written, for messages."""

    article: str
    record: Record


_Path = tuple[tuple[str, ...], Layout]


def _fields_of(layout: Layout) -> Iterator[_Path]:
    """Yield the fields of a record, and in the place of a record among them the fields of that one."""
    for name, part in layout.fields.items():
        if part.holds is Holds.RECORD:
            yield from (((name, other), one) for other, one in part.fields.items())
        else:
            yield (name,), part


def _row_paths(layout: Layout, *, lists_apart: bool) -> Iterator[_Path]:
    """Yield what of a record, or of an item of a list, is in columns, and as what."""
    for path, part in _fields_of(layout) if layout.holds is Holds.RECORD else [((), layout)]:
        if part.holds is not Holds.LIST or not lists_apart:
            yield path, Layout(Holds.JSON, meaning=part.meaning) if part.holds in {Holds.RECORD, Holds.LIST} else part


def _columns(paths: Sequence[_Path], taken: Sequence[str], first: tuple[Column, ...]) -> tuple[Column, ...]:
    names = _Names(taken)
    made = [
        Column(names.plain("_".join(parts)), meaning, holds, optional=True)
        for path, layout in paths
        for parts, meaning, holds in _described(path, layout)
    ]
    return (*first, *made)


def _described(path: tuple[str, ...], layout: Layout) -> Iterator[tuple[tuple[str, ...], str, ColumnType]]:
    meaning = _plainly(layout.meaning or (".".join(path) if path else "The value"))
    text, day = ColumnType.TEXT, ColumnType.DATE
    match layout.holds:
        case Holds.PARTY:
            yield path or ("name",), meaning, text
            yield (*path, "role"), "Office or title of this party, as the article gives it", text
            yield (*path, "affiliation"), "State or institution that this party stands for, as the article gives it", text
        case Holds.PERIOD:
            yield path or ("value",), f"{meaning}, in EDTF", text
            yield (*path, "first_day"), "First day of this date; empty where open or not known", day
            yield (*path, "last_day"), "Last day of this date; empty where open or not known", day
        case holds:
            yield path or ("value",), f"{meaning}, in JSON" if holds is Holds.JSON else meaning, _TYPES.get(holds, text)


def _plainly(text: str) -> str:
    """Put a description on one line, which stands in a comment of SQL."""
    return " ".join(_CONTROL.sub(" ", text).split()).rstrip(".")


def _cells(paths: Sequence[_Path], value: object, place: _Place) -> Iterator[Cell]:
    for path, layout in paths:
        yield from _cells_of(layout, _at(value, path), place, path)


def _at(value: Any, path: tuple[str, ...]) -> object:  # noqa: ANN401  JSON
    for name in path:
        value = value["value"] if is_cited(value) else value
        value = value.get(name) if isinstance(value, Mapping) else None
    return value["value"] if is_cited(value) else value


def _cells_of(layout: Layout, value: Any, place: _Place, path: tuple[str, ...]) -> Iterator[Cell]:  # noqa: ANN401  JSON
    bare = bare_value(value)
    try:
        match layout.holds:
            case Holds.PARTY:
                yield _text(bare)
                yield from (value["role"], value["affiliation"]) if is_party(value) else (None, None)
            case Holds.PERIOD:
                yield _text(bare)
                yield from days(bare)
            case Holds.JSON:
                yield None if value is None else json.dumps(value, ensure_ascii=False)
            case _:
                yield _simple(layout.holds, bare)
    except (TypeError, ValueError) as error:
        where = f"The record {place.record.id[:_SHOWN]!r} of the article {place.article[:_SHOWN]!r}"
        what = f"{where} has in {'.'.join(path)[:_SHOWN]} what the schema does not allow: {json.dumps(bare)[:_SHOWN]}."
        raise OutputError(what, remedy="Give the schema that the run had, or none: then the records tell.") from error


def _simple(holds: Holds, value: Any) -> Cell:  # noqa: ANN401  JSON
    if value is None:
        return None
    if holds is Holds.DAY:
        return dt.date.fromisoformat(value)
    if holds not in _TYPES:
        return _text(value)
    wanted = {Holds.INTEGER: int, Holds.NUMBER: (int, float), Holds.BOOLEAN: bool}[holds]
    if not isinstance(value, wanted) or (isinstance(value, bool) and holds is not Holds.BOOLEAN):  # type: ignore[arg-type]  # a type or several
        raise TypeError(value)
    if holds is Holds.INTEGER and not -_LARGEST <= value < _LARGEST:
        raise ValueError(value)
    return float(value) if holds is Holds.NUMBER else value


def _text(value: object) -> str | None:
    return value if value is None or isinstance(value, str) else json.dumps(value, ensure_ascii=False)

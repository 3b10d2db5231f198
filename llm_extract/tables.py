"""What a table is: names, types and meanings of its columns, keys, and how its rows are made.

A table is defined in one place, from which every form takes what it needs: CSV, Parquet, DuckDB, SQLite, pandas and Arrow.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, TypeAlias, TypeVar

from llm_extract.schema import Label

__all__ = ["Cell", "Column", "ColumnType", "Reference", "Row", "Table", "TableSet", "View"]

Item = TypeVar("Item")
"""What rows are made of: a result, or a dossier's record."""
Cell: TypeAlias = str | int | float | bool | dt.date | None
Row: TypeAlias = tuple[Cell, ...]

ROWS_AT_ONCE = 20_000
"""Rows that wait in memory, in all tables together, before they are written."""


class ColumnType(StrEnum):
    """What a column holds."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    DATE = "date"
    BOOLEAN = "boolean"


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Args:
        name: A plain word that needs no quotation marks in SQL.
        meaning: One line that says what it holds; what it means that it is empty, where it can be.
        holds: Which sort of value.
        optional: Whether it can be empty.
        labels: The labels that it takes, where it takes no other text.
    """

    name: str
    meaning: str
    holds: ColumnType = ColumnType.TEXT
    optional: bool = False
    labels: type[Label] | None = None


@dataclass(frozen=True)
class Reference:
    """Columns that hold the key of another table.

    Args:
        columns: Columns of this table; where one is empty, nothing is referred to.
        table: The other table.
        key: The columns of its key.
    """

    columns: tuple[str, ...]
    table: str
    key: tuple[str, ...]


@dataclass(frozen=True)
class Table(Generic[Item]):
    """A table.

    Args:
        name: A plain word that needs no quotation marks in SQL.
        meaning: One line that says what a row is.
        columns: In their order.
        key: The columns by which a row is known.
        rows: Makes the rows of one item, with a cell for each column.
        references: To tables that come before this one.
        quoted: Whether its names come from a user and may be words of SQL, so that they need quotation marks there.
    """

    name: str
    meaning: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    rows: Callable[[Item], Iterable[Row]]
    references: tuple[Reference, ...] = ()
    quoted: bool = False


@dataclass(frozen=True)
class View:
    """A question that is often asked of the tables, ready in the databases.

    Args:
        name: A plain word that needs no quotation marks in SQL.
        meaning: One line that says what a row is.
        query: SQL that DuckDB and SQLite both understand.
    """

    name: str
    meaning: str
    query: str


@dataclass(frozen=True)
class TableSet(Generic[Item]):
    """Tables with what fills them.

    Args:
        tables: A table stands after those that it refers to.
        items: What rows are made of; consumed one by one.
        views: For databases.
        meaning: One line that says what all this is.
    """

    tables: tuple[Table[Item], ...]
    items: Iterable[Item]
    views: tuple[View, ...] = ()
    meaning: str = ""
    rows_at_once: int = field(default=ROWS_AT_ONCE, kw_only=True)

    def batches(self) -> Iterator[tuple[Table[Item], list[Row]]]:
        """Make the rows, some thousand at a time; those that others refer to come first."""
        return ((table, rows) for filled in self.rounds() for table, rows in zip(self.tables, filled, strict=True) if rows)

    def rounds(self) -> Iterator[list[list[Row]]]:
        """Do the same with the rows of all tables at a time, in the order of the tables; some may have none."""
        waiting: list[list[Row]] = [[] for _ in self.tables]
        count = 0
        for item in self.items:
            for table, rows in zip(self.tables, waiting, strict=True):
                before = len(rows)
                rows.extend(table.rows(item))
                count += len(rows) - before
            if count >= self.rows_at_once:
                yield waiting
                waiting, count = [[] for _ in self.tables], 0
        yield waiting

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from llm_extract import dossier_tables, result_tables
from llm_extract.tables import Column, ColumnType, Row, Table, TableSet

ALL: list[Table[Any]] = [*result_tables.TABLES, *dossier_tables.TABLES]
# Words that SQL keeps for itself in one of the databases, so that a column of that name would need quotation marks.
RESERVED = {"by", "end", "from", "group", "order", "references", "select", "table", "to", "values", "when", "where", "with"}


@pytest.mark.parametrize("table", ALL, ids=[table.name for table in ALL])
def test_a_table_is_well_defined(table: Table[Any]) -> None:
    names = [column.name for column in table.columns]
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", name) for name in [table.name, *names])
    assert not RESERVED & {table.name, *names}
    assert len(set(names)) == len(names)
    assert table.meaning
    assert all(column.meaning for column in table.columns)
    assert not any(column.optional for column in table.columns if column.name in table.key)


@pytest.mark.parametrize("tables", [result_tables.TABLES, dossier_tables.TABLES], ids=["results", "dossier"])
def test_a_table_comes_after_those_that_it_refers_to_by_their_keys(tables: tuple[Table[Any], ...]) -> None:
    keys: dict[str, tuple[str, ...]] = {}
    for table in tables:
        keys[table.name] = table.key
        for reference in table.references:
            assert keys[reference.table] == reference.key
            assert {*reference.columns} <= {column.name for column in table.columns}


def _number(item: int) -> Iterator[Row]:
    yield (item,)


def _twice(item: int) -> Iterator[Row]:
    yield from [(item,), (item,)]


NUMBER = (Column("number", "A number", ColumnType.INTEGER),)


def test_rows_come_a_few_at_a_time_and_none_is_lost() -> None:
    tables = (Table("one", "One", NUMBER, ("number",), _number), Table("two", "Two", NUMBER, ("number",), _twice))
    taken: list[int] = []
    items = (taken.append(item) or item for item in range(10))  # type: ignore[func-returns-value]
    rounds = TableSet(tables, items, rows_at_once=6).rounds()
    assert next(rounds) == [[(0,), (1,)], [(0,), (0,), (1,), (1,)]]
    assert taken == [0, 1]
    assert sum(len(rows) for filled in rounds for rows in filled) == 3 * 8

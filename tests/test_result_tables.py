from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from rebuilding import extractions, read_back, rebuild
from test_export import extraction

from llm_extract.columnar import to_arrow
from llm_extract.errors import OutputError
from llm_extract.export import Format, export
from llm_extract.result_tables import TABLES, days, result_tables
from llm_extract.schema import Extraction
from llm_extract.tables import Cell, ColumnType

LOSSLESS = (Format.DUCKDB, Format.PARQUET, Format.SQLITE)


def _tables(results: Iterable[Extraction]) -> dict[str, list[dict[str, Cell]]]:
    return {name: table.to_pylist() for name, table in to_arrow(results).items()}


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(extractions(), max_size=3))
def test_results_can_be_made_again_from_their_tables(results: list[Extraction]) -> None:
    assert rebuild(_tables(results)) == results


@pytest.mark.parametrize("form", LOSSLESS)
@settings(
    max_examples=3,
    phases=[Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    deadline=None,
)
@given(st.lists(extractions(), min_size=3, max_size=6))
def test_what_was_exported_comes_back(form: Format, tmp_path: Path, results: list[Extraction]) -> None:
    export(results, form, tmp_path / "out")
    assert rebuild(read_back(form, tmp_path / "out")) == results


@settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(extractions(), max_size=3))
def test_csv_has_the_same_but_for_text_that_is_empty(tmp_path: Path, results: list[Extraction]) -> None:
    export(results, Format.CSV, tmp_path / "out")
    optional = {table.name: {column.name for column in table.columns if column.optional} for table in TABLES}
    expected = {
        name: [
            {column: _as_text(None if cell == "" and column in optional[name] else cell) for column, cell in row.items()} for row in rows
        ]
        for name, rows in _tables(results).items()
    }
    assert read_back(Format.CSV, tmp_path / "out") == expected


def _as_text(cell: Cell) -> Cell:
    return cell.isoformat() if isinstance(cell, dt.date) else cell


def test_a_cell_is_of_the_sort_that_its_column_says() -> None:
    sorts: dict[ColumnType, type] = {ColumnType.TEXT: str, ColumnType.INTEGER: int, ColumnType.DATE: dt.date, ColumnType.BOOLEAN: bool}
    cells = [
        (column, cell)
        for table, rows in result_tables([extraction("a")]).batches()
        for row in rows
        for column, cell in zip(table.columns, row, strict=True)
    ]
    assert len(cells) > 50
    assert [
        (column, cell) for column, cell in cells if not (column.optional if cell is None else isinstance(cell, sorts[column.holds]))
    ] == []


def test_articles_of_one_id_have_keys_of_their_own_and_keep_their_id() -> None:
    rows = _tables([extraction("a"), extraction("a#2"), extraction("a"), extraction("a"), extraction("a#2")])["articles"]
    assert [(row["article"], row["id"]) for row in rows] == [("a", "a"), ("a#2", "a#2"), ("a#3", "a"), ("a#4", "a"), ("a#2#2", "a#2")]


def test_thousands_of_results_of_one_article_take_no_longer_each_than_one() -> None:
    one = Extraction(article=extraction("a").article, model="stub")
    assert {row["article"] for row in _tables([one] * 5_000)["articles"]} == {"a", *(f"a#{number}" for number in range(2, 5_001))}


def test_days_are_empty_where_a_date_is_open() -> None:
    assert days("2019-06/..") == (dt.date(2019, 6, 1), None)
    assert days("../2019-06") == (None, dt.date(2019, 6, 30))
    assert days(None) == (None, None)


@pytest.mark.parametrize(
    ("twice", "message"), [("meetings", "'talks' has 2 meetings of the id 'M1'"), ("quotes", "'talks' has 2 quotes of the id 'Q1'")]
)
def test_a_result_with_an_id_twice_is_refused(twice: str, message: str) -> None:
    result = extraction()
    broken = result.model_copy(update={twice: getattr(result, twice) * 2})
    with pytest.raises(OutputError, match=message):
        _tables([broken])


def test_a_quote_about_a_meeting_that_is_not_there_is_refused() -> None:
    result = extraction()
    broken = result.model_copy(update={"quotes": (result.quotes[0].model_copy(update={"meeting": "M9"}),)})
    with pytest.raises(OutputError, match="a quote about the meeting 'M9'"):
        _tables([broken])

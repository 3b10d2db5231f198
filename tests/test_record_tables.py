from __future__ import annotations

import csv
import datetime as dt
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pydantic import JsonValue
from rebuilding import read_back, rebuild, with_records
from record_samples import PROTEST, Protest, march, protests
from test_export import extraction

from llm_extract.columnar import to_arrow, to_pandas
from llm_extract.errors import OutputError
from llm_extract.export import Format, export
from llm_extract.layouts import layouts_of
from llm_extract.record_tables import kinds_of
from llm_extract.result_tables import TABLES, result_tables
from llm_extract.schema import Extraction
from llm_extract.tables import Table

LOSSLESS = (Format.DUCKDB, Format.PARQUET, Format.SQLITE)


def _tables(*results: Extraction, schema: type[Protest] | None = None) -> dict[str, list[dict[str, Any]]]:
    return {name: table.to_pylist() for name, table in to_arrow(results, schema=schema).items()}


def _defined(results: list[Extraction]) -> tuple[Table[Any], ...]:
    return result_tables(results, layouts_of(record for result in results for record in result.records)).tables


def test_a_kind_is_a_table_with_its_values_as_columns() -> None:
    (row,) = _tables(protests())["protest"]
    assert row == {
        "article": "docks",
        "record": "R1",
        "date": "2024-05-06",
        "kind": "march",
        "size": 300,
        "leader": "Ilze Kalnina",
        "leader_role": None,
        "leader_affiliation": "Harbour Union",
        "venue_city": "Riga",
        "venue_indoors": False,
        "growth": 1.5,
        "reported": "Some 300 dockers marched through Riga on Monday, led by Ilze Kalnina of the Harbour Union and Jan Berg.",
    }


def test_a_list_is_a_table_of_its_own() -> None:
    tables = _tables(protests())
    key = {"article": "docks", "record": "R1"}
    assert tables["protest_demands"] == [key | {"number": 1, "value": "higher wages"}, key | {"number": 2, "value": "shorter shifts"}]
    assert tables["protest_organisers"][1] == key | {"number": 2, "name": "Jan Berg", "role": None, "affiliation": None}
    assert tables["protest_arrests"] == [key | {"number": 1, "people": 2, "place": "the Old Gate"}]


def test_the_schema_adds_types_that_records_do_not_tell() -> None:
    tables = to_arrow([protests()], schema=Protest)
    (row,) = tables["protest"].select(["date", "date_first_day", "date_last_day"]).to_pylist()
    assert row == {"date": "2024-05-06", "date_first_day": dt.date(2024, 5, 6), "date_last_day": dt.date(2024, 5, 6)}
    assert tables["protest"].schema.field("size").metadata[b"comment"] == b"How many people take part"
    assert to_arrow([], schema=Protest)["protest"].num_rows == 0


def test_columns_do_not_depend_on_which_article_came_first() -> None:
    empty: dict[str, JsonValue] = dict.fromkeys(Protest.model_fields)
    one, other = protests("a"), protests("b", values=[empty, {"another": 1}])
    assert [table.columns for table in _defined([one, other])] == [table.columns for table in _defined([other, one])]


def test_every_slice_of_a_record_is_among_the_spans_with_its_place() -> None:
    result = protests()
    spans = {(row["part"], row["item"]): row for row in _tables(result)["spans"]}
    assert spans["venue.city", 1]["text"] == "Riga"
    assert spans["evidence", 2]["text"].startswith("Police held")
    assert {"size.evidence[0]", "demands[1]", "organisers[1].mention", "arrests[0].place"} < {part for part, _ in spans}
    assert all(result.text and result.text[row["start_char"] : row["end_char"]] == row["text"] for row in spans.values())
    assert {row["record"] for row in spans.values()} == {"R1"}


def test_results_without_records_have_the_tables_that_they_always_had() -> None:
    assert result_tables([extraction()], {}).tables is TABLES
    assert "records" not in _tables(extraction())
    assert list(_tables(extraction())["spans"][0]) == [
        *("article", "number", "part", "item", "meeting", "quote", "start_char", "end_char", "text")
    ]


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(with_records(), max_size=3))
def test_results_with_records_of_any_form_can_be_made_again_from_their_tables(results: list[Extraction]) -> None:
    assert rebuild(_tables(*results)) == results


@pytest.mark.parametrize("form", LOSSLESS)
@settings(
    max_examples=6,
    phases=[Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    deadline=None,
)
@given(st.lists(with_records(), min_size=2, max_size=4))
def test_what_was_exported_with_records_comes_back(form: Format, tmp_path: Path, results: list[Extraction]) -> None:
    export(iter(results), form, tmp_path / "out")
    assert rebuild(read_back(form, tmp_path / "out", _defined(results))) == results


@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(with_records(), max_size=3))
def test_names_of_tables_and_columns_are_plain_and_none_is_there_twice(results: list[Extraction]) -> None:
    tables = _defined(results)
    names = [[table.name for table in tables], *([column.name for column in table.columns] for table in tables)]
    assert all(len({name.casefold() for name in some}) == len(some) for some in names)
    assert all(re.fullmatch("[A-Za-z][A-Za-z0-9_]*", name) for some in names for name in some)


def test_csv_has_a_file_for_each_table_and_no_formula(tmp_path: Path) -> None:
    export(
        [protests(values=[{"note": "=1+1", "share": 0.5, "open": True, "items": ["@x"]}], kind="../../up")], Format.CSV, tmp_path / "out"
    )
    (name,) = {path.name for path in (tmp_path / "out").glob("*up.csv")}
    with (tmp_path / "out" / name).open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["note"], row["share"], row["open"]) == ("'=1+1", "0.5", "true")
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_databases_know_the_types_keys_and_meanings_of_records(tmp_path: Path) -> None:
    words_of_sql = protests(values=[{"from": 1, "order": 0.5, "group": [{"select": True}]}], kind="table")
    export([words_of_sql], Format.DUCKDB, tmp_path / "r.duckdb")
    with duckdb.connect(tmp_path / "r.duckdb", read_only=True) as database:
        assert database.sql('SELECT "from", "order" FROM "table" JOIN records USING (article, record)').fetchall() == [(1, 0.5)]
        assert database.sql('SELECT "select" FROM table_group').fetchall() == [(True,)]
        types = database.sql("SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = 'table'").fetchall()
        assert dict(types) == {"article": "VARCHAR", "record": "VARCHAR", "from": "BIGINT", "order": "DOUBLE"}
    export([words_of_sql], Format.SQLITE, tmp_path / "r.sqlite")
    with closing(sqlite3.connect(tmp_path / "r.sqlite")) as connection:
        assert connection.execute('SELECT "from", "order" FROM "table" JOIN records USING (article, record)').fetchall() == [(1, 0.5)]


def test_data_frames_have_the_types_of_the_schema() -> None:
    frame = to_pandas([protests()], schema=PROTEST)["protest"]
    assert str(frame["date_first_day"].dtype).startswith("datetime64")
    assert frame["size"].tolist() == [300]


def test_a_record_that_is_not_of_the_schema_is_named() -> None:
    wrong = protests(values=[march().model_dump(mode="json") | {"size": {"value": "many", "evidence": []}}])
    with pytest.raises(OutputError, match=r"record 'R1' of the article 'docks' has in size what the schema does not allow: \"many\""):
        _tables(wrong, schema=Protest)
    with pytest.raises(OutputError, match="has a record of the schema 'strike', which was not described"):
        _tables(protests(kind="strike"), schema=Protest)


def test_a_record_id_that_is_there_twice_is_refused() -> None:
    result = protests()
    with pytest.raises(OutputError, match="has 2 records of the id 'R1'"):
        _tables(result.model_copy(update={"records": result.records * 2}))


def test_the_tables_of_a_schema_are_the_same_whatever_records_there_are() -> None:
    tables = result_tables([], kinds_of(Protest)).tables
    names = [table.name for table in tables]
    assert names[-6:] == ["records", "protest", "protest_demands", "protest_organisers", "protest_arrests", "spans"]
    assert all(column.optional for column in tables[-5].columns[2:])

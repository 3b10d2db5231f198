from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Callable
from importlib.machinery import ModuleSpec
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from test_dossier import dossier
from test_export import extraction

import llm_extract
from llm_extract import columnar
from llm_extract.columnar import arrow_batches, to_arrow, to_pandas, write_parquet
from llm_extract.errors import MissingExtraError
from llm_extract.result_tables import TABLES, result_tables
from llm_extract.schema import Extraction


def test_a_result_and_a_dossier_turn_into_tables_by_themselves() -> None:
    assert extraction("a").to_arrow() == to_arrow([extraction("a")])
    assert extraction("a").to_pandas()["quotes"]["speaker"].tolist() == ["Ann Lee"]
    assert dossier().to_arrow()["meetings"]["participants"].to_pylist() == ["Ann Lee"]
    assert dossier().to_pandas()["history"]["status"].tolist() == ["held"]


def test_many_results_are_in_the_same_tables() -> None:
    frames = llm_extract.to_pandas([extraction("a"), extraction("b")])
    assert frames["meetings"]["article"].tolist() == ["a", "b"]
    assert frames["articles"]["published"].dt.year.tolist() == [2024, 2024]


def test_no_results_are_tables_with_columns_and_without_rows() -> None:
    assert {name: len(frame) for name, frame in to_pandas([]).items()} == {table.name: 0 for table in TABLES}


def test_columns_say_what_they_mean(tmp_path: Path) -> None:
    write_parquet(result_tables([extraction("a")]), tmp_path)
    field = pq.read_schema(tmp_path / "quotes.parquet").field("speaker")
    assert field.metadata[b"comment"] == b"Whose words they are; empty where the article does not tell"


@pytest.mark.parametrize("each", [extraction, lambda n: Extraction(article=extraction(n).article, text="x" * 500, model="m")])
def test_tables_are_handed_over_piece_by_piece(monkeypatch: pytest.MonkeyPatch, each: Callable[[str], Extraction]) -> None:
    monkeypatch.setattr(columnar, "_BYTES_AT_ONCE", 20_000)
    taken: list[str] = []
    given = (taken.append(name) or each(name) for name in map(str, range(2000)))  # type: ignore[func-returns-value]
    content = result_tables(given)
    first = next(arrow_batches(type(content)(content.tables, content.items, rows_at_once=100)))
    assert first[0].name == "articles"
    assert 0 < len(taken) < 300


@pytest.mark.parametrize(
    ("package", "call", "message"),
    [
        ("pyarrow", to_arrow, r"Arrow tables need pyarrow, .*pip install 'llm-extract\[export\]'"),
        ("pandas", to_pandas, r"Data frames need pandas, .*pip install 'llm-extract\[pandas\]'"),
    ],
)
def test_a_package_that_is_not_there_is_named(
    monkeypatch: pytest.MonkeyPatch, package: str, call: Callable[[Extraction], object], message: str
) -> None:
    find = importlib.util.find_spec

    def lacking(name: str) -> ModuleSpec | None:
        return None if name == package else find(name)

    monkeypatch.setattr("llm_extract.extras.find_spec", lacking)
    with pytest.raises(MissingExtraError, match=message):
        call(extraction())


def test_the_package_and_its_schema_import_no_table_engine() -> None:
    engines = {"duckdb", "icalendar", "pandas", "pyarrow"}
    code = f"import sys, llm_extract, llm_extract.export; llm_extract.Extraction; print(sorted({engines} & set(sys.modules)))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).parent.parent)
    assert told.stdout == "[]\n"

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pytest
from gold_results import gold_results
from test_export import extraction

from llm_extract.across import merge
from llm_extract.databases import write_duckdb, write_sqlite
from llm_extract.dossier_tables import dossier_tables
from llm_extract.errors import OutputError
from llm_extract.result_tables import NamedResult, result_tables
from llm_extract.schema import Extraction, Usage
from llm_extract.tables import TableSet


@pytest.fixture(scope="module")
def duck(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """Two results in DuckDB."""
    out = tmp_path_factory.mktemp("duck") / "out.duckdb"
    write_duckdb(result_tables([extraction("a"), extraction("b")]), out)
    with duckdb.connect(out, read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def lite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    """The same in SQLite."""
    out = tmp_path_factory.mktemp("lite") / "out.sqlite"
    write_sqlite(result_tables([extraction("a"), extraction("b")]), out)
    with closing(sqlite3.connect(out)) as connection:
        yield connection


class TestDuckDb:
    def test_columns_have_types_labels_and_comments(self, duck: duckdb.DuckDBPyConnection) -> None:
        query = "SELECT data_type, comment FROM duckdb_columns() WHERE table_name = 'meetings' AND column_name = ?"
        ((kind, comment),) = duck.execute(query, ["status"]).fetchall()
        assert kind == "ENUM('held', 'planned', 'tentative', 'cancelled', 'ruled_out')"
        assert comment.startswith("How settled it is, as of publication. held: it took place")
        assert duck.execute(query, ["first_day"]).fetchall() == [("DATE", "First day of the date; empty where open or not known")]

    def test_tables_and_views_have_comments(self, duck: duckdb.DuckDBPyConnection) -> None:
        missing = "SELECT table_name FROM duckdb_tables() WHERE comment IS NULL UNION SELECT view_name FROM duckdb_views() "
        assert duck.sql(missing + "WHERE NOT internal AND comment IS NULL").fetchall() == []

    def test_keys_are_declared(self, duck: duckdb.DuckDBPyConnection) -> None:
        declared = duck.sql("SELECT constraint_text FROM duckdb_constraints() WHERE table_name = 'claims'").fetchall()
        assert ("PRIMARY KEY(article, meeting, number)",) in declared
        assert ("FOREIGN KEY (article, meeting) REFERENCES meetings(article, meeting)",) in declared


@pytest.mark.parametrize("write", [write_duckdb, write_sqlite])
def test_numbers_may_have_more_than_32_bits(tmp_path: Path, write: Callable[[TableSet[Any], Path], None]) -> None:
    many = extraction("a").model_copy(update={"usage": Usage(prompt_tokens=2**40)})
    out = tmp_path / "out"
    write(result_tables([many]), out)
    with duckdb.connect(out, read_only=True) if write is write_duckdb else closing(sqlite3.connect(out)) as connection:
        assert connection.execute("SELECT prompt_tokens FROM articles").fetchall() == [(2**40,)]


class TestSqlite:
    def test_keys_hold_and_labels_are_checked(self, lite: sqlite3.Connection) -> None:
        lite.execute("PRAGMA foreign_keys = ON")
        assert lite.execute("PRAGMA foreign_key_check").fetchall() == []
        for statement in (
            "DELETE FROM articles",
            "UPDATE meetings SET status = 'perhaps'",
            "INSERT INTO prompts VALUES ('a', 'p', '1'), ('a', 'p', '1')",
        ):
            with pytest.raises(sqlite3.IntegrityError):
                lite.execute(statement)

    def test_the_schema_says_what_columns_mean(self, lite: sqlite3.Connection) -> None:
        (schema,) = lite.execute("SELECT sql FROM sqlite_schema WHERE name = 'quotes'").fetchone()
        assert "speaker TEXT, -- Whose words they are; empty where the article does not tell" in schema


WHO_MET_WHOM = [("Ann Lee", "Bo Kim", "held", "encounter", "2024-05-06", "2024-05-06", "Oslo", name, "M1") for name in ("a", "b")]
VIEWS = {
    "who_met_whom": WHO_MET_WHOM,
    "who_said_how_much": [("Ann Lee", 2, 2, 34)],
    "status_by_date": [("2024-05-06", "held", 2)],
}


@pytest.mark.parametrize("view", VIEWS)
def test_views_answer_the_same_in_both(duck: duckdb.DuckDBPyConnection, lite: sqlite3.Connection, view: str) -> None:
    query = f"SELECT * FROM {view} ORDER BY ALL"  # noqa: S608  a name of ours
    found = [tuple(str(cell) if isinstance(cell, dt.date) else cell for cell in row) for row in duck.sql(query).fetchall()]
    assert found == VIEWS[view]
    assert sorted(lite.execute(f"SELECT * FROM {view}").fetchall()) == VIEWS[view]  # noqa: S608


@pytest.mark.parametrize("write", [write_duckdb, write_sqlite])
def test_every_view_of_a_dossier_can_be_asked(tmp_path: Path, write: Callable[[TableSet[Any], Path], None]) -> None:
    content = dossier_tables(merge(gold_results()))
    out = tmp_path / "out"
    write(content, out)
    with duckdb.connect(out, read_only=True) if write is write_duckdb else closing(sqlite3.connect(out)) as connection:
        counts = {view.name: len(connection.execute(f"SELECT * FROM {view.name}").fetchall()) for view in content.views}  # noqa: S608
    assert len(counts) == 3
    assert all(counts.values())


@pytest.mark.parametrize("write", [write_duckdb, write_sqlite])
def test_what_is_there_twice_is_an_error_and_the_old_file_stays(tmp_path: Path, write: Callable[[TableSet[Any], Path], None]) -> None:
    out = tmp_path / "out"
    out.write_text("old", encoding="utf-8")
    named = NamedResult("a", 1, extraction("a"))
    content = result_tables(list[Extraction]())
    with pytest.raises(OutputError, match=r"contradicts itself: .*(Duplicate key|UNIQUE)"):
        write(TableSet(content.tables, [named, named]), out)
    assert out.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [out]

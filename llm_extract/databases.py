"""Tables as one file of DuckDB or SQLite, with keys, types, meanings and views."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

from llm_extract.columnar import arrow_batches
from llm_extract.errors import OutputError
from llm_extract.extras import need
from llm_extract.replacing import replacing
from llm_extract.schema import Label
from llm_extract.tables import Cell, Column, ColumnType, Item, Table, TableSet

__all__ = ["write_duckdb", "write_sqlite"]

_MEMORY = "1GB"


def write_duckdb(content: TableSet[Item], out: Path) -> None:
    """Write all tables to a file of DuckDB, which takes the place of `out` when all is written.

    Labels are enumerations; tables, columns and views carry their meaning as comments.

    Raises:
        MissingExtraError: duckdb or pyarrow is not installed.
        OutputError: Something is there twice, or refers to what is not there; `out` is as it was.
        OSError: It can't be written.
    """
    need("duckdb", "DuckDB files", extra="export")
    need("pyarrow", "DuckDB files", extra="export")
    import duckdb

    with replacing(out) as part:
        try:
            with duckdb.connect(part, config={"memory_limit": _MEMORY}) as connection:
                for statement in _duckdb_schema(content):
                    connection.execute(statement)
                for table, batch in arrow_batches(content):
                    connection.register("batch", batch)
                    connection.execute(f"INSERT INTO {_name(table)} SELECT * FROM batch")  # noqa: S608  names of ours
                    connection.unregister("batch")
        except duckdb.IOException as error:
            raise OSError(str(error)) from error
        except duckdb.Error as error:
            raise _contradiction(error) from error


def write_sqlite(content: TableSet[Item], out: Path) -> None:
    """Write all tables to a file of SQLite, which takes the place of `out` when all is written.

    Days are text of the form YYYY-MM-DD; the meaning of tables and columns stands in the text of `sqlite_schema`.

    Raises:
        OutputError: Something is there twice, or refers to what is not there; `out` is as it was.
        OSError: It can't be written.
    """
    with replacing(out) as part:
        try:
            with closing(sqlite3.connect(part, isolation_level=None)) as connection:
                # If it is not finished, it is thrown away: nothing needs to be safe before.
                connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA foreign_keys = ON; BEGIN;")
                for statement in _sqlite_schema(content):
                    connection.execute(statement)
                for table, rows in content.batches():
                    marks = ", ".join("?" * len(table.columns))
                    connection.executemany(f"INSERT INTO {_name(table)} VALUES ({marks})", (_stored(row) for row in rows))  # noqa: S608  names of ours
                connection.execute("COMMIT")
        except sqlite3.OperationalError as error:
            raise OSError(str(error)) from error
        except sqlite3.Error as error:
            raise _contradiction(error) from error


def _stored(row: Iterable[Cell]) -> tuple[Cell, ...]:
    """Write days as text, which is how SQLite keeps them."""
    return tuple(cell.isoformat() if isinstance(cell, dt.date) else cell for cell in row)


def _contradiction(error: Exception) -> OutputError:
    remedy = "Run `llm-extract run` again, or `llm-extract merge` for a dossier."
    return OutputError(f"What is exported contradicts itself: {str(error).splitlines()[0]}.", remedy=remedy)


def _duckdb_schema(content: TableSet[Item]) -> Iterator[str]:
    all_labels = [column.labels for table in content.tables for column in table.columns]
    for labels in dict.fromkeys(labels for labels in all_labels if labels):
        yield f"CREATE TYPE {_type_name(labels)} AS ENUM ({_values(labels)})"
    for table in content.tables:
        columns = [f"{_name(table, c.name)} {_duckdb_type(c)}{_required(c)}" for c in table.columns]
        yield f"CREATE TABLE {_name(table)} ({', '.join([*columns, *_keys(table)])})"
        yield f"COMMENT ON TABLE {_name(table)} IS {_text(table.meaning)}"
        for column in table.columns:
            yield f"COMMENT ON COLUMN {_name(table)}.{_name(table, column.name)} IS {_text(_explained(column))}"
    for view in content.views:
        yield f"CREATE VIEW {view.name} AS {view.query}"
        yield f"COMMENT ON VIEW {view.name} IS {_text(view.meaning)}"


def _duckdb_type(column: Column) -> str:
    if column.labels:
        return _type_name(column.labels)
    # Its INTEGER has 32 bits, too few for the tokens of a long run.
    wide = {ColumnType.INTEGER: "BIGINT", ColumnType.NUMBER: "DOUBLE"}
    return wide.get(column.holds, column.holds.value.upper())


def _sqlite_schema(content: TableSet[Item]) -> Iterator[str]:
    for table in content.tables:
        lines = [f"  {_name(table, c.name)} {_sqlite_type(c)}{_required(c)}{_check(c)}, -- {_explained(c)}" for c in table.columns]
        yield "\n".join([f"CREATE TABLE {_name(table)} ( -- {table.meaning}", *lines, "  " + ",\n  ".join(_keys(table)), ")"])
    for view in content.views:
        yield f"CREATE VIEW {view.name} AS -- {view.meaning}\n{view.query}"


def _sqlite_type(column: Column) -> str:
    return "REAL" if column.holds is ColumnType.NUMBER else column.holds.value.upper()


def _name(table: Table[Item], column: str | None = None) -> str:
    """Return the name of a table or of its column, in quotation marks where it may be a word of SQL."""
    name = table.name if column is None else column
    return f'"{name}"' if table.quoted else name


def _keys(table: Table[Item]) -> list[str]:
    foreign = [f"FOREIGN KEY ({', '.join(r.columns)}) REFERENCES {r.table} ({', '.join(r.key)})" for r in table.references]
    return [f"PRIMARY KEY ({', '.join(table.key)})", *foreign]


def _required(column: Column) -> str:
    return "" if column.optional else " NOT NULL"


def _check(column: Column) -> str:
    return f" CHECK ({column.name} IN ({_values(column.labels)}))" if column.labels else ""


def _explained(column: Column) -> str:
    """Add what each label means."""
    labels = [f"{label.value}: {label.meaning}" for label in _labels(column.labels)]
    return f"{column.meaning}. {'; '.join(labels)}" if labels else column.meaning


def _type_name(labels: type[Label]) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in labels.__name__).lstrip("_")


def _values(labels: type[Label] | None) -> str:
    return ", ".join(_text(label.value) for label in _labels(labels))


def _labels(labels: type[Label] | None) -> list[Label]:
    return list(labels) if labels else []


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"

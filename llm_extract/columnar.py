"""Tables in columns: Arrow and pandas in memory, Parquet on disk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel

from llm_extract.dossier import Dossier
from llm_extract.dossier_tables import dossier_tables
from llm_extract.extras import need
from llm_extract.layouts import layouts_of
from llm_extract.record_tables import kinds_of
from llm_extract.replacing import replacing_in
from llm_extract.result_tables import result_tables
from llm_extract.schema import Extraction
from llm_extract.schemas import Schema
from llm_extract.tables import ColumnType, Item, Row, Table, TableSet

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

__all__ = ["arrow_batches", "arrow_schema", "to_arrow", "to_pandas", "write_parquet"]

M = TypeVar("M", bound=BaseModel)

_BYTES_AT_ONCE = 64_000_000


def to_arrow(results: Dossier | Extraction | Iterable[Extraction], *, schema: type[M] | Schema[M] | None = None) -> dict[str, pa.Table]:
    """Return results or a dossier as Arrow tables by their names, all in memory.

    The tables and columns are those that `llm-extract export` writes; the meaning of each column is in its metadata.

    Args:
        results: What to return.
        schema: Of the records, for the types of their columns; None: what the records tell.

    Raises:
        MissingExtraError: pyarrow is not installed.
        OutputError: A result contradicts itself; see `result_tables`.
    """
    if isinstance(results, Dossier):
        return _collect(dossier_tables(results))
    found = [results] if isinstance(results, Extraction) else list(results)
    kinds = kinds_of(schema) if schema else layouts_of(record for result in found for record in result.records)
    return _collect(result_tables(found, kinds))


def to_pandas(
    results: Dossier | Extraction | Iterable[Extraction], *, schema: type[M] | Schema[M] | None = None
) -> dict[str, pd.DataFrame]:
    """Return results or a dossier as data frames by the names of the tables, days as `datetime64`.

    Args:
        results: What to return.
        schema: Of the records, for the types of their columns; None: what the records tell.

    Raises:
        MissingExtraError: pandas or pyarrow is not installed.
        OutputError: A result contradicts itself; see `result_tables`.

    Example:
        >>> import llm_extract
        >>> list(llm_extract.to_pandas([])["participants"].columns)
        ['article', 'meeting', 'number', 'name', 'role', 'affiliation']
    """
    need("pandas", "Data frames", extra="pandas")
    return {name: table.to_pandas(date_as_object=False) for name, table in to_arrow(results, schema=schema).items()}


def write_parquet(content: TableSet[Item], out: Path) -> None:
    """Write each table to `<name>.parquet` in the folder `out`.

    Raises:
        MissingExtraError: pyarrow is not installed.
        OSError: It can't be written.
    """
    need("pyarrow", "Parquet files", extra="export")
    import pyarrow.parquet as pq

    with replacing_in(out) as folder, ExitStack() as stack:
        writers = {
            table.name: stack.enter_context(pq.ParquetWriter(folder / f"{table.name}.parquet", arrow_schema(table), compression="zstd"))
            for table in content.tables
        }
        for table, batch in arrow_batches(content):
            writers[table.name].write_table(batch)
        for writer in writers.values():
            writer.close()


def arrow_schema(table: Table[Item]) -> pa.Schema:
    """Return the columns of a table as Arrow has them, each with its meaning."""
    import pyarrow as pa

    types = {ColumnType.TEXT: pa.string(), ColumnType.INTEGER: pa.int64(), ColumnType.DATE: pa.date32(), ColumnType.BOOLEAN: pa.bool_()}
    types[ColumnType.NUMBER] = pa.float64()
    fields = [pa.field(c.name, types[c.holds], nullable=c.optional, metadata={"comment": c.meaning}) for c in table.columns]
    return pa.schema(fields, metadata={"comment": table.meaning})


def arrow_batches(content: TableSet[Item]) -> Iterator[tuple[Table[Item], pa.Table]]:
    """Make the rows as Arrow tables of some megabytes; those that others refer to come first."""
    schemas = [arrow_schema(table) for table in content.tables]
    waiting: list[list[pa.RecordBatch]] = [[] for _ in schemas]
    for filled in content.rounds():
        for batches, rows, schema in zip(waiting, filled, schemas, strict=True):
            if rows:
                batches.append(_batch(rows, schema))
        if sum(batch.nbytes for batches in waiting for batch in batches) >= _BYTES_AT_ONCE:
            yield from _full(content.tables, waiting)
    yield from _full(content.tables, waiting)


def _full(tables: Iterable[Table[Item]], waiting: list[list[pa.RecordBatch]]) -> Iterator[tuple[Table[Item], pa.Table]]:
    import pyarrow as pa

    for table, batches in zip(tables, waiting, strict=True):
        if batches:
            yield table, pa.Table.from_batches(batches)
            batches.clear()


def _batch(rows: list[Row], schema: pa.Schema) -> pa.RecordBatch:
    import pyarrow as pa

    return pa.RecordBatch.from_arrays(
        [pa.array(cells, field.type) for cells, field in zip(zip(*rows, strict=True), schema, strict=True)], schema=schema
    )


def _collect(content: TableSet[Item]) -> dict[str, pa.Table]:
    need("pyarrow", "Arrow tables", extra="export")
    found: dict[str, list[pa.Table]] = {table.name: [arrow_schema(table).empty_table()] for table in content.tables}
    for table, batch in arrow_batches(content):
        found[table.name].append(batch)
    import pyarrow as pa

    return {name: pa.concat_tables(batches) for name, batches in found.items()}

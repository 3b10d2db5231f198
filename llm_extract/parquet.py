"""Parquet: a table by columns, read in batches of few rows."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from llm_extract.errors import ArticleError, MissingExtraError
from llm_extract.lines import MAX_LINE_BYTES
from llm_extract.rows import Row, damaged

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

__all__ = ["count_parquet_rows", "parquet_columns", "parquet_rows"]

_MOST_ROWS = 32  # of a batch: a column of few distinct values takes little on disk and much in memory
_BATCH_BYTES = 1_000_000
_BUFFER_BYTES = 1 << 20  # of the file, a column; without it whole column chunks are read


def parquet_rows(path: Path, names: Collection[str]) -> Iterator[Row]:
    """Yield the rows, with those columns of `names` that there are.

    Memory is bounded by a batch and the largest page of the file. A row group whose rows have more than `MAX_LINE_BYTES` on average is
    not read: each of its rows is damaged.

    Raises:
        ArticleError: The file can't be read, or not to its end.
        MissingExtraError: The extra `parquet` is not installed.
    """
    number = 0
    with _opened(path) as file:
        wanted = [name for name in file.schema_arrow.names if name in names]
        for group in range(file.num_row_groups):
            rows, row_bytes = _extent(file, group, wanted)
            if row_bytes > MAX_LINE_BYTES:
                yield from (
                    damaged(number + row, path, f"is in a group of rows of {row_bytes:,} bytes", "row") for row in range(1, rows + 1)
                )
                number += rows
                continue
            size = max(1, min(_MOST_ROWS, _BATCH_BYTES // max(1, row_bytes)))
            for batch in file.iter_batches(size, row_groups=[group], columns=wanted, use_threads=False):
                yield from _rows(batch, number, path)
                number += batch.num_rows


def parquet_columns(path: Path) -> list[str]:
    """Return the names of the columns.

    Raises:
        ArticleError: The file can't be read.
        MissingExtraError: The extra `parquet` is not installed.
    """
    with _opened(path) as file:
        return list(file.schema_arrow.names)


def count_parquet_rows(path: Path) -> int:
    """Return the number of rows that the file states.

    Raises:
        ArticleError: The file can't be read.
        MissingExtraError: The extra `parquet` is not installed.
    """
    with _opened(path) as file:
        return int(file.metadata.num_rows)


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[pq.ParquetFile]:
    pa, parquet = _pyarrow()
    try:
        with parquet.ParquetFile(path, buffer_size=_BUFFER_BYTES, pre_buffer=False) as file:
            yield file
    except (OSError, ValueError, pa.lib.ArrowException) as error:
        reason = str(error).partition("\n")[0]
        raise ArticleError(f"{path} can't be read as Parquet: {reason}", remedy="Check that it is complete, or write it anew.") from error


def _pyarrow() -> tuple[ModuleType, ModuleType]:
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError as error:
        raise MissingExtraError("Parquet needs the extra parquet.", remedy='Install it: pip install "llm-extract[parquet]".') from error
    return pa, parquet


def _extent(file: pq.ParquetFile, group: int, wanted: Collection[str]) -> tuple[int, int]:
    """Return how many rows a group has, and how many bytes a row, on average and unpacked."""
    about = file.metadata.row_group(group)
    columns = (about.column(index) for index in range(about.num_columns))
    size = sum(column.total_uncompressed_size for column in columns if column.path_in_schema.partition(".")[0] in wanted)
    return about.num_rows, size // max(1, about.num_rows)


def _rows(batch: pa.RecordBatch, before: int, path: Path) -> Iterator[Row]:
    columns: Mapping[str, pa.Array] = dict(zip(batch.schema.names, batch.columns, strict=True))
    for row in range(batch.num_rows):
        try:
            yield Row(before + row + 1, {name: column[row].as_py() for name, column in columns.items()})
        except ValueError as error:  # bytes that are no UTF-8, a day that Python has not
            yield damaged(before + row + 1, path, f"can't be read: {error}", "row")

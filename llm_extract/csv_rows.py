"""CSV and TSV: a table whose first line names the columns, read record by record."""

from __future__ import annotations

import csv
import io
from collections import deque
from collections.abc import Iterator
from pathlib import Path

from llm_extract.decoding import decode
from llm_extract.errors import ArticleError
from llm_extract.lines import MAX_LINE_BYTES, numbered_lines, opened
from llm_extract.metadata import delimiter_of
from llm_extract.rows import Row, damaged

__all__ = ["count_table_rows", "table_columns", "table_rows"]

_SAMPLE = 1 << 16  # bytes by which the encoding is told

_Line = tuple[int, bytes | None]


def table_rows(path: Path | None, *, tabs: bool = False) -> Iterator[Row]:
    """Yield the rows behind the first line; empty lines are passed over.

    Cells are separated by commas, semicolons or tabs, whichever the first line has most of; a cell in quotation marks may go over several
    lines. The table is UTF-8, UTF-16 or, where its first 64 KB are neither, Windows-1252. A row with more cells than the first line is
    damaged, in one with fewer the last are empty. A quotation mark that is opened and not closed costs its line and no other.

    Args:
        path: The file; None is the standard input.
        tabs: Whether the cells are separated by tabs, whatever the first line has.

    Raises:
        ArticleError: The file can't be read, or not to its end.
    """
    with opened(path) as file:
        table = _Table(file, path, tabs=tabs)
        for number, cells in table.records():
            if isinstance(cells, str):
                yield damaged(number, path, cells)
            elif len(cells) > len(table.header):
                yield damaged(number, path, f"has {len(cells)} cells, and the first line {len(table.header)}")
            else:
                yield Row(number, dict(zip(table.header, cells, strict=False)))


def table_columns(path: Path, *, tabs: bool = False) -> list[str]:
    """Return what the first line names.

    Raises:
        ArticleError: It can't be read.
    """
    with opened(path) as file:
        return _Table(file, path, tabs=tabs).header


def count_table_rows(path: Path) -> int:
    """Count the rows behind the first line without taking them apart; damaged ones may be counted otherwise than they are read.

    Raises:
        ArticleError: The file can't be read.
    """
    count, is_open = 0, False
    with opened(path) as file:
        for _, line in numbered_lines(file, path):
            count += not is_open and (line is None or not line.isspace())
            is_open ^= line is not None and line.count(b'"') % 2 == 1
    return max(0, count - 1)


class _Table:
    """The records of an open table, and its header, which is read first."""

    def __init__(self, file: io.BufferedReader, path: Path | None, *, tabs: bool) -> None:
        if csv.field_size_limit() < MAX_LINE_BYTES:  # it holds for the whole process; the default is less than a long article
            csv.field_size_limit(MAX_LINE_BYTES)
        self._encoding = _encoding(file.peek(_SAMPLE)[:_SAMPLE], path)
        self._lines = numbered_lines(file, path)
        self._again: deque[_Line] = deque()
        self._delimiter = "\t"
        first = next(((number, line) for number, line in self._lines if line is None or not line.isspace()), None)
        if first is None:
            raise ArticleError(f"There is nothing in {path or 'the standard input'}.", remedy="Leave it out, or check how it was made.")
        if not tabs:
            self._delimiter = delimiter_of((first[1] or b"").decode(self._encoding, "replace"))
        self._again.append(first)
        number, cells = next(self.records())
        if isinstance(cells, str):
            raise ArticleError(f"Line {number} of {path or 'the standard input'} {cells}.", remedy="It must name the columns.")
        self.header = [cell.strip() for cell in cells]

    def records(self) -> Iterator[tuple[int, list[str] | str]]:
        """Yield each record's first line and cells, or what is wrong with it."""
        while line := self._next():
            number, data = line
            if data is None:
                yield number, f"has more than {MAX_LINE_BYTES:,} bytes"
            elif not data.isspace():
                yield number, self._record(data)

    def _next(self) -> _Line | None:
        return self._again.popleft() if self._again else next(self._lines, None)

    def _record(self, data: bytes) -> list[str] | str:
        """Take a record apart with the lines that a cell goes on in, else the line alone, after which those come again."""
        if data.count(b'"') % 2 == 0:
            return self._cells(data)
        more = self._up_to_closing(len(data))
        cells = self._cells(b"".join([data, *(line for _, line in more if line)])) if more else ""
        if isinstance(cells, list):
            return cells
        self._again.extendleft(reversed(more))
        return self._cells(data)

    def _up_to_closing(self, size: int) -> list[_Line]:
        """Fetch lines up to the one that closes the open cell; where none does within the limit, they wait for their turn."""
        taken = []
        while size <= MAX_LINE_BYTES and (line := self._next()):
            taken.append(line)
            if line[1] is None:
                break
            size += len(line[1])
            if line[1].count(b'"') % 2:
                return taken
        self._again.extendleft(reversed(taken))
        return []

    def _cells(self, data: bytes) -> list[str] | str:
        try:
            (cells,) = csv.reader([data.decode(self._encoding)], delimiter=self._delimiter, strict=True)
        except UnicodeDecodeError as error:
            return f"is not {error.encoding.upper()} at its byte {error.start}"
        except (csv.Error, ValueError) as error:
            return f"is no row of a table: {error}"
        return cells


def _encoding(sample: bytes, path: Path | None) -> str:
    """Tell by whole lines, so that no character is cut."""
    whole = sample[: sample.rfind(b"\n") + 1] or sample
    try:
        whole.decode()
    except UnicodeDecodeError:
        try:
            decode(whole, str(path or "the standard input"))
        except ArticleError:
            return "utf-8"  # the rows that are not will say so
        return "cp1252"
    return "utf-8"

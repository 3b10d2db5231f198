"""What is known of an article apart from its text: the rows of a `metadata.csv`."""

from __future__ import annotations

import csv
import datetime as dt
import io
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from llm_extract.errors import SettingError

__all__ = ["COLUMNS", "UNDESCRIBED", "Metadata", "delimiter_of", "read_metadata"]

COLUMNS = ("file", "published", "title", "source", "url")
"""The columns that are read; all but the first may be left out."""

# Spreadsheets write semicolons where the comma is the decimal sign.
_DELIMITERS = ",;\t"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known of an article; None is not known."""

    published: dt.date | None = None
    title: str | None = None
    source: str | None = None
    url: str | None = None


UNDESCRIBED = Metadata()


def read_metadata(text: str, path: Path) -> dict[str, Metadata]:
    r"""Parse a `metadata.csv`: by the article's file, relative to the folder of `path`.

    Cells are separated by commas, semicolons or tabs, whichever the header has most of; columns beyond `COLUMNS` are left
    out, with a warning in the log. An empty cell is not known; of a date with a time, the date is taken.

    Args:
        text: The whole file.
        path: Where it is, for messages.

    Raises:
        SettingError: There is no column `file`, a line has more cells than the header or no file, a date is not
            of the form YYYY-MM-DD, or a file comes twice. The message names the line.

    Example:
        >>> read_metadata("file,published\na.txt,2024-05-06\n", Path("metadata.csv"))["a.txt"].published
        datetime.date(2024, 5, 6)
    """
    found: dict[str, Metadata] = {}
    for line, row in _rows(text, path):
        file = (row.get("file") or "").strip()
        if not file:
            raise _wrong(path, line, "names no file")
        if file in found:
            raise _wrong(path, line, f"describes {file} a second time")
        found[file] = _metadata(row, path, line)
    missing = [file for file in found if not (path.parent / file).exists()]
    if missing:
        _log.warning("%s describes %d file(s) that are not there, such as %s.", path, len(missing), missing[0])
    return found


def delimiter_of(header: str) -> str:
    """Tell what separates the cells of a table by its first line: the comma, the semicolon or the tab, whichever comes most often."""
    return max(_DELIMITERS, key=header.count)


def _rows(text: str, path: Path) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Yield each row with the number of its last line."""
    header = text.split("\n", 1)[0]
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter_of(header), strict=True)
    try:
        names = [name.strip().lower() for name in reader.fieldnames or ()]
        _check_columns(names, path)
        reader.fieldnames = names
        for row in reader:
            if None in row:
                raise _wrong(path, reader.line_num, "has more cells than the header")
            yield reader.line_num, row
    except csv.Error as error:
        raise _wrong(path, reader.reader.line_num, f"is no CSV: {error}") from error


def _check_columns(names: list[str], path: Path) -> None:
    if "file" not in names:
        raise SettingError(f"{path} has no column 'file'.", remedy=f"Its first line names the columns: {', '.join(COLUMNS)}.")
    unknown = [name for name in names if name not in COLUMNS]
    if unknown:
        _log.warning("%s: unknown columns are left out: %s.", path, ", ".join(map(repr, unknown)))


def _metadata(row: Mapping[str, str], path: Path, line: int) -> Metadata:
    published, title, source, url = ((row.get(name) or "").strip() or None for name in COLUMNS[1:])
    return Metadata(_date(published, path, line) if published else None, title, source, url)


def _date(written: str, path: Path, line: int) -> dt.date:
    try:
        return dt.datetime.fromisoformat(written).date()
    except ValueError:
        raise _wrong(path, line, f"has the date {written!r}, which is not of the form YYYY-MM-DD") from None


def _wrong(path: Path, line: int, what: str) -> SettingError:
    return SettingError(f"Line {line} of {path} {what}.", remedy="Correct the line.")

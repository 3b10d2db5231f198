"""Rows to sources: which column holds what, and what an article is called that has no id."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from functools import partial
from pathlib import Path
from typing import Self

from llm_extract.csv_rows import count_table_rows, table_columns, table_rows
from llm_extract.decoding import checked
from llm_extract.documents import Form, Source, failing
from llm_extract.errors import ArticleError, SettingError
from llm_extract.html_pages import read_page
from llm_extract.json_lines import count_json_rows, json_rows
from llm_extract.metadata import UNDESCRIBED, Metadata
from llm_extract.parquet import count_parquet_rows, parquet_columns, parquet_rows
from llm_extract.rows import Row, place

__all__ = ["ROW_SUFFIXES", "Columns", "check_columns", "count_rows", "row_form", "row_sources"]

ROW_SUFFIXES = {
    ".jsonl": Form.JSONL,
    ".ndjson": Form.JSONL,
    ".csv": Form.CSV,
    ".tsv": Form.TSV,
    ".parquet": Form.PARQUET,
}
"""What tells a file of rows, and of which form; all but Parquet may have `.gz` behind it."""

_LONGEST_ID = 1000
_MOST_NAMED = 12


@dataclass(frozen=True)
class Columns:
    """What the columns of a file of rows are called; all but one of `text` and `html` may be missing from it.

    Example:
        >>> Columns.parse(["text=body", "published=date"]).text
        'body'
    """

    id: str = "id"
    """The article's name in results. Where there is none, it is the file's name with the row's number, such as `news.jsonl:17`: that stays
    the same when rows are added at the end."""
    text: str = "text"
    """The article's text, which is taken as it stands."""
    html: str = "html"
    """A web page instead of a text, for rows that have no text."""
    published: str = "published"
    """The day of publication, as a date or in ISO 8601; of a time, its day."""
    title: str = "title"
    """The headline."""
    source: str = "source"
    """Who published it."""
    url: str = "url"
    """Where it was published."""

    @classmethod
    def parse(cls, pairs: Iterable[str]) -> Self:
        """Read names as the command line gives them, such as `text=body`.

        Raises:
            SettingError: A pair has another form, or there is no such field.
        """
        known = [field.name for field in fields(cls)]
        named = {}
        for pair in pairs:
            field, _, column = pair.partition("=")
            named[field] = column
            if field not in known or not column:
                remedy = f"Write it as text=body; the fields are {', '.join(known)}."
                raise SettingError(f"{pair!r} names no column.", remedy=remedy)
        return cls(**named)

    @property
    def names(self) -> frozenset[str]:
        """The names of all columns of use."""
        return frozenset(asdict(self).values())


def row_form(path: Path) -> Form | None:
    """Tell by its name the form of a file of rows; None of any other file."""
    name = path.name.lower()
    form = ROW_SUFFIXES.get(Path(name.removesuffix(".gz")).suffix)
    return None if form is Form.PARQUET and name.endswith(".gz") else form


def row_sources(path: Path | None, form: Form, columns: Columns, label: str) -> Iterator[Source]:
    """Yield a source for each row, in order; one row at a time is in memory.

    A row that is damaged, has no text or a value that can't be used is a source that can't be read. Where the file can't be read, or not
    to its end, the last source says so.

    Args:
        path: The file; None is the standard input.
        form: JSON Lines, CSV, TSV or Parquet.
        columns: What its columns are called.
        label: What the file is called in the ids of articles that have none.

    Raises:
        MissingExtraError: It is Parquet, and the extra `parquet` is not installed.
    """
    unit = "row" if form is Form.PARQUET else "line"
    number = 0
    try:
        for row in _read(path, form, columns):
            number = row.number
            yield _source(row, columns, place(number, path, unit), f"{label}:{number}")
    except ArticleError as error:
        yield failing(f"{label}:{number + 1}", error)


def check_columns(path: Path, form: Form, columns: Columns) -> None:
    """Check that a file that names its columns at its start has one of text, and none of use twice.

    What can't be read at all is passed over: `row_sources` says so.

    Raises:
        SettingError: It has none, or one twice, of which nobody knows which is meant.
        MissingExtraError: It is Parquet, and the extra `parquet` is not installed.
    """
    if form is Form.JSONL:
        return
    try:
        names = parquet_columns(path) if form is Form.PARQUET else table_columns(path, tabs=form is Form.TSV)
    except ArticleError:
        return
    if not {columns.text, columns.html} & {*names}:
        raise SettingError(f"{path} has no column {columns.text!r} or {columns.html!r}.", remedy=_naming(names))
    if twice := [name for name in names if name in columns.names and names.count(name) > 1]:
        raise SettingError(f"{path} has several columns {twice[0]!r}.", remedy="Rename all but one.")


def count_rows(path: Path, form: Form) -> int:
    """Count the rows of a file, without decoding them; of a damaged one, it may be a few more or less than there are sources.

    Raises:
        ArticleError: The file can't be read.
        MissingExtraError: It is Parquet, and the extra `parquet` is not installed.
    """
    if form is Form.PARQUET:
        return count_parquet_rows(path)
    return count_json_rows(path) if form is Form.JSONL else count_table_rows(path)


def _read(path: Path | None, form: Form, columns: Columns) -> Iterator[Row]:
    if form is Form.JSONL:
        return json_rows(path)
    if form is not Form.PARQUET:
        return table_rows(path, tabs=form is Form.TSV)
    if path is None:
        raise SettingError("Parquet can't be read from the standard input.", remedy="Name the file.")
    return parquet_rows(path, columns.names)


def _source(row: Row, columns: Columns, where: str, default: str) -> Source:
    """Make a source of a row; what is wrong with it is told when it is read."""
    if row.error is not None:
        return failing(default, row.error)
    identifier = default
    try:
        identifier = _identifier(row.values.get(columns.id), where) or default
        metadata = _metadata(row.values, columns, where)
        load = _loader(row.values, columns, where)
        return Source(identifier, None, metadata, load, default, is_page=load.func is read_page)
    except ArticleError as error:
        return failing(identifier, error, default)


def _loader(values: Mapping[str, object], columns: Columns, where: str) -> partial[tuple[Metadata, str]]:
    text, html = values.get(columns.text), values.get(columns.html)
    if isinstance(text, str) and text.strip():
        return partial(_as_stored, text, where)
    if isinstance(html, str) and html.strip():
        return partial(read_page, html, where)
    for column, value in ((columns.text, text), (columns.html, html)):
        if value is not None and not isinstance(value, str):
            raise _wrong(where, f"has no text in its column {column!r} but {_kind(value)}")
    remedy = "Leave it out." if {columns.text, columns.html} & {*values} else _naming([*values])
    raise ArticleError(f"There is no text in {where}.", remedy=remedy)


def _as_stored(text: str, where: str) -> tuple[Metadata, str]:
    return UNDESCRIBED, checked(text, where)


def _identifier(value: object, where: str) -> str | None:
    identifier = _written(value, "id", where)
    if identifier and len(identifier) > _LONGEST_ID:
        raise _wrong(where, f"has an id of {len(identifier):,} characters; it may have {_LONGEST_ID:,}")
    return identifier


def _metadata(values: Mapping[str, object], columns: Columns, where: str) -> Metadata:
    title, source, url = (_written(values.get(column), column, where) for column in (columns.title, columns.source, columns.url))
    return Metadata(_day(values.get(columns.published), where), title, source, url)


def _written(value: object, column: str, where: str) -> str | None:
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    if value is None:
        return None
    raise _wrong(where, f"has {_kind(value)} in its column {column!r}, which is no text")


def _day(value: object, where: str) -> dt.date | None:
    if isinstance(value, dt.datetime):
        return value.date()
    if value is None or isinstance(value, dt.date):
        return value
    try:
        return dt.datetime.fromisoformat(str(value).strip()).date() if str(value).strip() else None
    except ValueError:
        raise _wrong(where, f"has the date {str(value)[:40]!r}, which is not of the form YYYY-MM-DD") from None


def _kind(value: object) -> str:
    kinds = {dict: "an object", list: "a list", bytes: "bytes", bool: "true or false", int: "a number", float: "a number"}
    return kinds.get(type(value), "something else")


def _wrong(where: str, what: str) -> ArticleError:
    return ArticleError(f"{where[0].upper()}{where[1:]} {what}.", remedy="Correct it, or name another column (--column).")


def _naming(names: list[str]) -> str:
    there = ", ".join(map(repr, names[:_MOST_NAMED])) + (", …" if len(names) > _MOST_NAMED else "")
    return f"Say which column holds it, such as --column text=body; there are {there or 'none'}."

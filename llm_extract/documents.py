"""What an article is read from: a file, the standard input, or a row of a file that holds many."""

from __future__ import annotations

import contextlib
import stat
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from llm_extract.decoding import MAX_BYTES, decode
from llm_extract.errors import ArticleError
from llm_extract.front_matter import split_front_matter
from llm_extract.html_pages import PAGE_SUFFIXES, read_page
from llm_extract.metadata import UNDESCRIBED, Metadata
from llm_extract.schema import Article

if TYPE_CHECKING:
    import datetime as dt

__all__ = ["STDIN", "STDIN_ID", "Form", "Source", "dateline", "failing", "read_file", "standard_input"]

STDIN = "-"
"""The path that stands for the standard input, and for the standard output where results go."""

STDIN_ID = "stdin"
"""The id of the article that comes through the standard input, and the name of the file of rows that does."""


class Form(StrEnum):
    """What a file or the standard input holds."""

    TEXT = "text"
    HTML = "html"
    JSONL = "jsonl"
    CSV = "csv"
    TSV = "tsv"
    PARQUET = "parquet"


@dataclass(frozen=True)
class Source:
    """Where an article is to be read from; nothing is decoded before `read`.

    Args:
        id: Its name in results.
        path: The file; None where the article has none of its own: a row of a file, or the standard input.
        metadata: What is known of it apart from its text; it goes before what the article says of itself.
        load: What gives the article's description of itself and its text; None: `path` is read, or the standard input.
        is_page: Whether `load` takes a web page apart, which may take a while.
        place: Where it stands, such as `news.jsonl:17`; for messages and for an article whose id is taken.
    """

    id: str
    path: Path | None
    metadata: Metadata = UNDESCRIBED
    load: Callable[[], tuple[Metadata, str]] | None = field(default=None, compare=False, repr=False)
    place: str = field(default="", compare=False)
    is_page: bool = field(default=False, compare=False)

    @property
    def may_take_long(self) -> bool:
        """Whether reading it may take so long that other work should go on meanwhile."""
        return self.is_page or (self.path is not None and self.path.suffix.lower() in PAGE_SUFFIXES)

    def read(self) -> Article:
        """Read and decode the article.

        Raises:
            ArticleError: It can't be read, or holds no text.
            MissingExtraError: It is a web page, and the extra `html` is not installed.
        """
        stated, text = (self.load or self._load)()
        if not text.strip():
            raise ArticleError(f"Article {self.id} has front matter and no text.", remedy="Leave it out, or check how it was made.")
        known = self.metadata
        return Article(
            text=text,
            id=self.id,
            published=known.published or stated.published or dateline(text),
            title=known.title or stated.title,
            source=known.source or stated.source,
            url=known.url or stated.url,
        )

    def _load(self) -> tuple[Metadata, str]:
        if self.path is None:
            return _document(_no_rows(_read_stdin()), "the standard input", Form.TEXT)
        form = Form.HTML if self.path.suffix.lower() in PAGE_SUFFIXES else Form.TEXT
        return _document(read_file(self.path), str(self.path), form)


def standard_input(form: Form = Form.TEXT) -> Source:
    """Return the one article that comes through the standard input, a text or a web page."""
    if form is Form.TEXT:
        return Source(STDIN_ID, None)
    return Source(STDIN_ID, None, load=lambda: _document(_read_stdin(), "the standard input", form), is_page=True)


def failing(identifier: str, error: ArticleError, place: str = "") -> Source:
    """Return a source that can't be read: one failure among the articles, which the others do not suffer from."""

    def fail() -> tuple[Metadata, str]:
        raise error

    return Source(identifier, None, load=fail, place=place or identifier)


def _document(data: bytes, name: str, form: Form) -> tuple[Metadata, str]:
    return read_page(data, name) if form is Form.HTML else split_front_matter(decode(data, name))


def read_file(path: Path) -> bytes:
    """Return what a file holds, read only where it is a regular file of at most `MAX_BYTES`.

    Raises:
        ArticleError: It is larger, no regular file, or can't be read.
    """
    try:
        status = path.stat()
        # Opening a pipe would wait for a writer, and reading a device might never end.
        if not stat.S_ISREG(status.st_mode):
            kind = "a folder" if stat.S_ISDIR(status.st_mode) else "not a regular file"
            raise ArticleError(f"{path} is {kind}.", remedy="Name a file; what comes through a pipe is read with `-`.")
        with path.open("rb") as file:
            return _bounded(file.read(MAX_BYTES + 1), str(path), status.st_size)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ArticleError(
            f"{path} can't be read: {reason}.", remedy="Check its name, its permissions and where its links lead."
        ) from error


def _read_stdin() -> bytes:
    if sys.stdin is None or sys.stdin.isatty():
        raise ArticleError("Nothing comes through the standard input.", remedy="Pipe an article in, or name a file.")
    return _bounded(sys.stdin.buffer.read(MAX_BYTES + 1), "the standard input", 0)


def _no_rows(data: bytes) -> bytes:
    """Refuse JSON Lines that nobody has said to be such: as one text, they would be read, and paid for, to no use."""
    from pydantic_core import from_json

    first = data.lstrip().split(b"\n", 1)[0]
    if first.startswith(b"{"):
        with contextlib.suppress(ValueError):
            if isinstance(from_json(first), dict):
                raise ArticleError("JSON Lines come through the standard input, and not a text.", remedy="Say so: --from jsonl.")
    return data


def _bounded(data: bytes, name: str, size: int) -> bytes:
    if max(size, len(data)) > MAX_BYTES:
        extent = f"{size:,} bytes" if size else "more"
        what = f"{name} has {extent}; an article has at most {MAX_BYTES:,}."
        raise ArticleError(what, remedy="Split it into one file an article.")
    return data


def dateline(text: str) -> dt.date | None:
    """Return the day that the dateline of an article gives; None where there is none."""
    from llm_extract.expressions import dateline as find

    return find(text)

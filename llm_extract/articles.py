"""Bytes to `Article`: find the files, decode them once, describe them from `metadata.csv`."""

from __future__ import annotations

import codecs
import logging
import os
import re
import stat
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from llm_extract.errors import ArticleError, SettingError
from llm_extract.front_matter import split_front_matter
from llm_extract.metadata import UNDESCRIBED, Metadata, read_metadata
from llm_extract.schema import Article

if TYPE_CHECKING:
    import datetime as dt

__all__ = ["MAX_BYTES", "SUFFIXES", "Source", "completed", "decode", "find_articles", "read_article", "with_published"]

MAX_BYTES = 5_000_000
"""Size over which a file is refused: the longest news articles have a fiftieth of it, a dump of a whole site has more."""

SUFFIXES = frozenset({".txt", ".md"})
"""What is taken from a folder; a file that is named itself is taken whatever its suffix."""

METADATA_FILE = "metadata.csv"

STDIN = "-"
"""The path that stands for the standard input, and for the standard output where results go."""

# The longer mark first: UTF-32's little-endian one begins with UTF-16's.
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_HALF_CHARACTER = re.compile("[\ud800-\udfff]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_MOST_CONTROL = 0.01  # share of control characters over which something is not a text
_WIDE_ZEROS = 0.4  # share of zero bytes on one side that makes text without a mark UTF-16: the Latin letters' high bytes
_WIDE_SAMPLE = 4096
# Text of another script or of Central Europe, read as Windows-1252: mostly letters beyond ASCII, or signs inside words.
_MOST_FOREIGN = 0.3
_SIGN_IN_WORD = re.compile(r"[a-z][³¹²¿¼¾£¥¯ª¶±¡][a-z]|[a-z]{3}[³¹¿]", re.IGNORECASE)

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Source:
    """Where an article is to be read from; nothing is read before `read`.

    Args:
        id: Its name in results.
        path: The file; None is the standard input.
        metadata: What is known of it apart from its text.
    """

    id: str
    path: Path | None
    metadata: Metadata = UNDESCRIBED

    def read(self) -> Article:
        """Read and decode the article.

        Raises:
            ArticleError: It can't be read, or holds no text.
        """
        name = "the standard input" if self.path is None else str(self.path)
        data = _read_stdin() if self.path is None else _read_file(self.path)
        return _article(decode(data, name), self.id, self.metadata)


def read_article(path: Path, metadata: Metadata | None = None) -> Article:
    """Read one file; its id is the name without folder and suffix.

    The day of publication is the one in `metadata`, else that of the front matter, else that of the dateline, else None. The text
    is decoded once and not changed: line ends, spaces and marks stay as they are; only a byte order mark and front matter are left out.

    Raises:
        ArticleError: The file can't be read, is over `MAX_BYTES`, or holds no text.
    """
    return Source(_identify(path.stem), path, metadata or UNDESCRIBED).read()


def completed(article: Article | str, published: dt.date | str | None = None) -> Article:
    """Return the article with its day of publication: the one given, else its own, else that of its dateline, else None.

    Args:
        article: An article or its text.
        published: A date, or one in ISO 8601.

    Raises:
        ArticleError: There is no text, more than `MAX_BYTES` characters, or half a character, which no file holds.
        SettingError: The day is none.
    """
    import datetime as dt

    if isinstance(article, str):
        article = Article(text=article)
    if not article.text.strip():
        raise ArticleError(f"Article {article.id} has no text.", remedy="Leave it out.")
    if len(article.text) > MAX_BYTES:
        raise ArticleError(f"Article {article.id} has {len(article.text):,} characters.", remedy="Split it into one text an article.")
    if (half := _HALF_CHARACTER.search(article.text)) is not None:
        what = f"Article {article.id} is not valid Unicode: it has half a character at offset {half.start()}."
        raise ArticleError(what, remedy="Decode it again, without errors='surrogateescape' or 'surrogatepass'.")
    if isinstance(published, str):
        published = _day(published)
    elif published is not None:
        published = dt.date(published.year, published.month, published.day)  # of a datetime, its day
    day = published or article.published or _dateline(article.text)
    return article if day == article.published else article.model_copy(update={"published": day})


def _day(text: str) -> dt.date:
    import datetime as dt

    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise SettingError(f"{text!r} is no day of publication.", remedy="Write it as 2024-05-31.") from error


def find_articles(inputs: Sequence[Path]) -> list[Source]:
    """List the articles in files and folders, in the order of `inputs` and by name within a folder.

    Folders are searched to the bottom for `SUFFIXES`; hidden files and folders are left out, a folder reached twice
    through links is searched once. `-` is the standard input, one article. A `metadata.csv` describes the articles of
    its own folder and those below. The id of a file that is named is its stem, that of one found in a folder its path
    there without suffix, such as `2019/summit`. A file named twice is taken once.

    Raises:
        ArticleError: There is no such file, or no article in a folder.
        SettingError: Two articles have one id, or a `metadata.csv` can't be used.
    """
    found: dict[str, Source] = {}
    for given in inputs:
        for source in _sources(given):
            _add(source, found)
    return list(found.values())


def with_published(sources: Sequence[Source], published: dt.date) -> list[Source]:
    """Set the day of publication of the one article that there is.

    Raises:
        SettingError: There are several, so that one day is hardly that of all.
    """
    if len(sources) != 1:
        what = f"One day of publication is given for {len(sources)} articles."
        raise SettingError(what, remedy=f"Put the days into a {METADATA_FILE} beside them.")
    return [replace(source, metadata=replace(source.metadata, published=published)) for source in sources]


def decode(data: bytes, name: str) -> str:
    """Decode UTF-8 and UTF-16, with mark or without, UTF-32 with one, and else Windows-1252, with a warning in the log.

    Args:
        data: The whole file.
        name: What an error calls it.

    Raises:
        ArticleError: It is binary, empty, or of no encoding that can be told.
    """
    text = _decode(data, name)
    if not text.strip():
        raise ArticleError(f"There is no text in {name}.", remedy="Leave it out, or check how it was made.")
    if "\0" in text or len(_CONTROL.findall(text)) > len(text) * _MOST_CONTROL:
        raise ArticleError(f"Not a text but binary data: {name}.", remedy="Convert it to plain text first.")
    return text


def _decode(data: bytes, name: str) -> str:
    encoding = _wide_encoding(data)
    try:
        return data.decode(encoding or "utf-8")
    except UnicodeDecodeError as error:
        if encoding or _is_mostly_utf8(data):
            what = f"Byte {error.start} of {name} does not fit the rest, which is {error.encoding.upper()}."
            raise ArticleError(what, remedy="The file is damaged or cut off: get it again, or convert it to UTF-8.") from error
    return _decode_legacy(data, name)


def _wide_encoding(data: bytes) -> str | None:
    """Tell the encoding by the mark at the start, or UTF-16 without one by where the zero bytes are."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return encoding
    sample = data[:_WIDE_SAMPLE]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    needed = max(1, len(sample) / 2 * _WIDE_ZEROS)
    if odd >= needed and not even:
        return "utf-16-le"
    return "utf-16-be" if even >= needed and not odd else None


def _is_mostly_utf8(data: bytes) -> bool:
    """Whether the bytes beyond ASCII are more often UTF-8 than not: then another encoding would garble all of them."""
    lenient = data.decode("utf-8", "surrogateescape")
    broken = sum("\udc80" <= character <= "\udcff" for character in lenient)
    sound = sum(character > "\x7f" for character in lenient) - broken
    return sound >= broken


def _decode_legacy(data: bytes, name: str) -> str:
    """Decode Windows-1252, which holds Latin-1; guessing among more encodings corrupts short texts silently."""
    if b"\0" in data:
        return "\0"  # binary: nothing worth a guess
    text = data.decode("cp1252", "replace")
    foreign = sum(character > "\x7f" for character in text) > _MOST_FOREIGN * len(text)
    if foreign or "\ufffd" in text or _SIGN_IN_WORD.search(text):
        if len(_CONTROL.findall(text)) > len(text) * _MOST_CONTROL:
            return "\0"
        raise ArticleError(f"{name} is neither UTF-8 nor Windows-1252.", remedy="Convert it to UTF-8.")
    _log.warning("%s is not UTF-8: read as Windows-1252.", name)
    return text


def _read_file(path: Path) -> bytes:
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


def _bounded(data: bytes, name: str, size: int) -> bytes:
    if max(size, len(data)) > MAX_BYTES:
        extent = f"{size:,} bytes" if size else "more"
        what = f"{name} has {extent}; an article has at most {MAX_BYTES:,}."
        raise ArticleError(what, remedy="Split it into one file an article.")
    return data


def _article(text: str, identifier: str, metadata: Metadata) -> Article:
    stated, text = split_front_matter(text)
    if not text.strip():
        raise ArticleError(f"Article {identifier} has front matter and no text.", remedy="Leave it out, or check how it was made.")
    return Article(
        text=text,
        id=identifier,
        published=metadata.published or stated.published or _dateline(text),
        title=metadata.title or stated.title,
        source=metadata.source or stated.source,
        url=metadata.url or stated.url,
    )


def _add(source: Source, found: dict[str, Source]) -> None:
    other = found.setdefault(source.id, source)
    if other is source or _real(other.path) == _real(source.path):
        return
    what = f"Two articles have the id {source.id!r}: {other.path} and {source.path}."
    raise SettingError(what, remedy="Rename one, or give the folder above them both.")


def _real(path: Path | None) -> str | None:
    return None if path is None else os.path.realpath(path)


def _sources(given: Path) -> Iterable[Source]:
    if str(given) == STDIN:
        return [Source("stdin", None)]
    if given.is_dir():
        return _in_folder(given)
    if not os.path.lexists(given):
        raise ArticleError(f"There is no file or folder {given}.", remedy="Check the path.")
    described = _describe(given.parent)
    return [Source(_identify(given.stem), given, described.get(given.name, UNDESCRIBED))]


def _in_folder(folder: Path) -> list[Source]:
    """List a folder's articles; each takes its description from the nearest `metadata.csv` above it that names it."""
    described: dict[Path, Metadata] = {}
    sources = []
    for inner, names in _walk(folder):
        described |= {inner / Path(os.path.normpath(file)): metadata for file, metadata in _describe(inner).items()}
        for name in names:
            path = inner / name
            identifier = _identify(path.relative_to(folder).with_suffix("").as_posix())
            sources.append(Source(identifier, path, described.get(path, UNDESCRIBED)))
    if not sources:
        kinds = " or ".join(sorted(SUFFIXES, reverse=True))
        raise ArticleError(f"There is no article in {folder}.", remedy=f"Articles are files ending in {kinds}.")
    return sorted(sources, key=lambda source: source.id)


def _walk(folder: Path) -> Iterator[tuple[Path, list[str]]]:
    """Yield each folder once with the articles in it, whatever links there are."""
    seen = set()
    for inner, folders, names in os.walk(folder, followlinks=True, onerror=_refuse):
        real = os.path.realpath(inner)
        if real in seen:
            folders.clear()
            continue
        seen.add(real)
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield Path(inner), sorted(name for name in names if not name.startswith(".") and Path(name).suffix.lower() in SUFFIXES)


def _refuse(error: OSError) -> None:
    raise ArticleError(f"The folder {error.filename} can't be read: {error.strerror}.", remedy="Check its permissions.") from error


def _describe(folder: Path) -> dict[str, Metadata]:
    path = folder / METADATA_FILE
    if not path.is_file():
        return {}
    try:
        return read_metadata(decode(_read_file(path), str(path)), path)
    except ArticleError as error:
        raise SettingError(error.what, remedy=error.remedy) from error


def _identify(name: str) -> str:
    """Make an id of a file's name; bytes in it that are no UTF-8 could not be written to a result."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _dateline(text: str) -> dt.date | None:
    from llm_extract.expressions import dateline

    return dateline(text)

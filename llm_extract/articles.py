"""The articles that files, folders and rows hold: found one after the other, each read when its turn comes."""

from __future__ import annotations

import datetime as dt
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from hashlib import blake2b
from itertools import count, islice
from pathlib import Path

from llm_extract.decoding import HALF_CHARACTER, MAX_BYTES, decode
from llm_extract.documents import STDIN, STDIN_ID, Form, Source, dateline, failing, standard_input
from llm_extract.errors import ArticleError, SettingError
from llm_extract.folders import METADATA_FILE, SUFFIXES, Found, describe, identify, is_pattern, matching, within
from llm_extract.metadata import UNDESCRIBED, Metadata
from llm_extract.row_files import ROW_SUFFIXES, Columns, check_columns, count_rows, row_form, row_sources
from llm_extract.schema import Article

__all__ = [
    "MAX_BYTES",
    "STDIN",
    "SUFFIXES",
    "Columns",
    "Form",
    "Source",
    "completed",
    "count_articles",
    "decode",
    "find_articles",
    "is_input",
    "read_article",
    "with_published",
]

_ROW_ENDINGS = (*ROW_SUFFIXES, ".gz")


def read_article(path: Path, metadata: Metadata | None = None) -> Article:
    """Read one file, a text or a web page; its id is the name without folder and suffix.

    The day of publication is the one in `metadata`, else that of the front matter or the page, else that of the dateline, else None.
    The text is decoded once and not changed: line ends, spaces and marks stay as they are; only a byte order mark and front matter are
    left out. Of a web page it is the main text, as trafilatura extracts it.

    Raises:
        ArticleError: The file can't be read, is over `MAX_BYTES`, or holds no text.
        MissingExtraError: It is a web page, and the extra `html` is not installed.
    """
    return Source(identify(path.stem), path, metadata or UNDESCRIBED).read()


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
    if (half := HALF_CHARACTER.search(article.text)) is not None:
        what = f"Article {article.id} is not valid Unicode: it has half a character at offset {half.start()}."
        raise ArticleError(what, remedy="Decode it again, without errors='surrogateescape' or 'surrogatepass'.")
    if isinstance(published, str):
        published = _day(published)
    elif published is not None:
        published = dt.date(published.year, published.month, published.day)  # of a datetime, its day
    day = published or article.published or dateline(article.text)
    return article if day == article.published else article.model_copy(update={"published": day})


def _day(text: str) -> dt.date:
    import datetime as dt

    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise SettingError(f"{text!r} is no day of publication.", remedy="Write it as 2024-05-31.") from error


def find_articles(inputs: Sequence[Path], *, columns: Columns | None = None, stdin: Form = Form.TEXT) -> Iterator[Source]:
    """Return the articles of files and folders one by one, in the order of `inputs` and by name within a folder.

    A folder is searched to the bottom for `SUFFIXES`, hidden files left out; so is one with a pattern such as `articles/**/*.html`. A
    file of rows (JSON Lines, CSV, TSV, Parquet) that is named, or that a pattern matches, gives an article a row. `-` is the standard
    input. A `metadata.csv` describes the articles of its own folder and those below.

    The id of a file that is named is its stem, that of one found in a folder its path there without suffix, such as `2019/summit`, that of
    a row what its column says, else the file's name with the row's number, such as `news.jsonl:17`. A file named twice is taken once. A
    row or a found file whose id is taken is a source that can't be read, as is a damaged row: the others go on. Of all that was found,
    only a digest of each id stays in memory.

    Args:
        inputs: Files, folders, patterns, or `-`.
        columns: What the columns of files of rows are called; None: as the fields of `Columns`.
        stdin: What comes through the standard input.

    Raises:
        ArticleError: At once: there is no such file, it is JSON but not JSON Lines, or there is no article in a folder.
        SettingError: At once: two files that are named have one id, a `metadata.csv` can't be used, a table has no column of text.
        MissingExtraError: At once: Parquet is named, and the extra `parquet` is not installed.
    """
    names = columns or Columns()
    _check(inputs, names)
    return _unique(_all(inputs, names, stdin), several=len(inputs) > 1)


def count_articles(inputs: Sequence[Path]) -> int | None:
    """Count the articles of `inputs`, for showing how far a run is, without decoding any; None where that can't be told.

    What is named twice is counted twice, and damaged rows may be counted otherwise than they are found.

    Raises:
        SettingError: As `find_articles`.
    """
    if any(str(given) == STDIN for given in inputs):
        return None
    try:
        return sum(_count(given) for given in inputs)
    except ArticleError:
        return None


def is_input(path: Path, inputs: Sequence[Path]) -> bool:
    """Tell whether a file is among what `inputs` name, so that writing to it would destroy an article."""
    wanted = _file_digest(path)
    files = (found.path for given in inputs if str(given) != STDIN for found in _found(given))
    return wanted is not None and any(_file_digest(file) == wanted for file in files)


def with_published(sources: Iterable[Source], published: dt.date) -> list[Source]:
    """Set the day of publication of the one article that there is.

    Raises:
        SettingError: There are several, so that one day is hardly that of all.
    """
    first = list(islice(sources, 2))
    if len(first) != 1:
        what = f"One day of publication is given for {'several articles' if first else 'no article'}."
        raise SettingError(what, remedy=f"Put the days into a {METADATA_FILE} beside them, or into a column.")
    return [replace(first[0], metadata=replace(first[0].metadata, published=published))]


def _check(inputs: Sequence[Path], columns: Columns) -> None:
    """Find out before the first article is read what would end the run later."""
    named: dict[str, Path] = {}
    for given in inputs:
        if str(given) == STDIN:
            continue
        if is_pattern(given) or given.is_dir():
            _check_found(given, columns)
        elif not os.path.lexists(given):
            raise ArticleError(f"There is no file or folder {given}.", remedy="Check the path.")
        elif form := row_form(given):
            check_columns(given, form, columns)
        elif given.suffix.lower() == ".json":
            what = f"{given} is JSON, which is no article's text."
            raise ArticleError(what, remedy="Save it as JSON Lines, with an article a line, under a name that ends in .jsonl.")
        else:
            describe(given.parent)
            _check_name(given, named)


def _check_found(given: Path, columns: Columns) -> None:
    """Go through a folder or pattern once, which reads each `metadata.csv`."""
    is_empty = True
    for found in _found(given):
        is_empty = False
        if is_pattern(given) and (form := row_form(found.path)):
            check_columns(found.path, form, columns)
    if not is_empty:
        return
    if is_pattern(given):
        raise ArticleError(f"No article matches {given}.", remedy="** stands for any folders, * for a part of a name.")
    kinds = ", ".join(sorted(SUFFIXES, reverse=True))
    remedy = f"Articles are files ending in one of {kinds}; files of rows are named, as in {given / '*.jsonl'}."
    raise ArticleError(f"There is no article in {given}.", remedy=remedy)


def _check_name(given: Path, named: dict[str, Path]) -> None:
    other = named.setdefault(identify(given.stem), given)
    if os.path.realpath(other) != os.path.realpath(given):
        what = f"Two articles have the id {identify(given.stem)!r}: {other} and {given}."
        raise SettingError(what, remedy="Rename one, or give the folder above them both.")


def _all(inputs: Sequence[Path], columns: Columns, stdin: Form) -> Iterator[Source]:
    """Yield what there is, files of rows and the standard input once each."""
    names = Counter(given.name for given in inputs if row_form(given))
    opened: set[str] = set()
    for given in inputs:
        if str(given) == STDIN:
            if STDIN not in opened:
                yield from _through_stdin(stdin, columns)
            opened.add(STDIN)
            continue
        for found in _found(given):
            form = row_form(found.path)
            if found.error is not None:
                yield failing(identify(found.name), found.error)
            elif form is None:
                yield _file(found)
            elif (real := os.path.realpath(found.path)) not in opened:
                opened.add(real)
                label = given.as_posix() if found.path == given and names[found.name] > 1 else found.name
                yield from row_sources(found.path, form, columns, identify(label))


def _through_stdin(form: Form, columns: Columns) -> Iterator[Source]:
    return iter([standard_input(form)]) if form in {Form.TEXT, Form.HTML} else row_sources(None, form, columns, STDIN_ID)


def _found(given: Path) -> Iterator[Found]:
    if is_pattern(given):
        return matching(given, _ROW_ENDINGS)
    if given.is_dir():
        return within(given)
    described = UNDESCRIBED if row_form(given) else describe(given.parent).get(given.name, UNDESCRIBED)
    return iter([Found(given, given.name, described)])


def _file(found: Found) -> Source:
    return Source(identify(os.path.splitext(found.name)[0]), found.path, found.metadata, place=identify(str(found.path)))  # noqa: PTH122


def _unique(sources: Iterable[Source], *, several: bool) -> Iterator[Source]:
    """Pass on each article once, and in the place of another that has the id of an earlier one its failure."""
    ids: set[bytes] = set()
    files: set[bytes] = set()  # of use only where two inputs can reach one file
    for source in sources:
        file = _file_digest(source.path) if several and source.path else None
        identifier = _digest(source.id)
        if identifier not in ids:
            ids.add(identifier)
            if file:
                files.add(file)
            yield source
        elif file is None or file not in files:
            yield _second(source, ids)


def _second(source: Source, ids: set[bytes]) -> Source:
    """Return the failure of an article whose id is taken; where it stands is its id, made unlike any other."""
    name = source.place
    numbers = count(2)
    while (identifier := _digest(name)) in ids:
        name = f"{source.place} ({next(numbers)})"
    ids.add(identifier)
    what = f"{source.place} has the id {source.id!r}, which an earlier article has."
    return failing(name, ArticleError(what, remedy="Give each article an id of its own."), source.place)


def _digest(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).digest()


def _file_digest(path: Path) -> bytes | None:
    try:
        status = path.stat()
    except (OSError, ValueError):
        return None
    return _digest(f"{status.st_dev}:{status.st_ino}")


def _count(given: Path) -> int:
    return sum(count_rows(found.path, form) if (form := row_form(found.path)) else 1 for found in _found(given))

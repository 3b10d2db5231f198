"""Folders and patterns: the files in them, in a settled order, and what a `metadata.csv` says of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

from llm_extract.decoding import decode
from llm_extract.documents import read_file
from llm_extract.errors import ArticleError, SettingError
from llm_extract.html_pages import PAGE_SUFFIXES
from llm_extract.metadata import UNDESCRIBED, Metadata, read_metadata

__all__ = ["METADATA_FILE", "SUFFIXES", "Found", "describe", "identify", "is_pattern", "matching", "within"]

SUFFIXES = frozenset({".txt", ".md"}) | PAGE_SUFFIXES
"""What is taken from a folder; a file that is named itself is taken whatever its suffix."""

METADATA_FILE = "metadata.csv"

_MAGIC = frozenset("*?[")


@dataclass(frozen=True, slots=True)
class Found:
    """A file that was found.

    Args:
        path: Where it is.
        name: Its path within the folder that was searched, with `/` between its parts.
        metadata: What the nearest `metadata.csv` that names it says of it.
        error: Why it can't be entered, where it is a folder.
    """

    path: Path
    name: str
    metadata: Metadata = UNDESCRIBED
    error: ArticleError | None = None


def within(folder: Path) -> Iterator[Found]:
    """Yield the articles of a folder and those below it, in the order of their names without suffix.

    Hidden files and folders are left out; a folder reached twice through links is searched once. One listing of a folder at a time is in
    memory, and the descriptions of the folders above.

    Raises:
        ArticleError: The folder can't be read; one within it becomes a `Found` with an error.
        SettingError: A `metadata.csv` can't be used.
    """
    return _walk(folder, lambda name: PurePosixPath(name).suffix.lower() in SUFFIXES)


def is_pattern(path: Path) -> bool:
    """Tell whether a path is a pattern such as `articles/**/*.html`; a file of that very name is none."""
    return bool(_MAGIC & {*str(path)}) and not os.path.lexists(path)


def matching(pattern: Path, suffixes: Sequence[str] = ()) -> Iterator[Found]:
    """Yield the files that match a pattern, in the order of their names without suffix.

    `*`, `?` and `[…]` stand for what they do in a shell, `**` for any number of folders. Hidden files, and each `metadata.csv`, are left
    out. A pattern that ends in no suffix takes files of `SUFFIXES` and of `suffixes` only.

    Raises:
        ArticleError: The folder before the first sign of these can't be read.
        SettingError: A `metadata.csv` can't be used.
    """
    parts = pattern.parts
    fixed = next(index for index, part in enumerate(parts) if _MAGIC & {*part})
    wanted = parts[fixed:]
    kinds = () if PurePosixPath(wanted[-1]).suffix else (*SUFFIXES, *suffixes)

    def takes(name: str) -> bool:
        inner = PurePosixPath(name)
        return inner.name != METADATA_FILE and _matches(inner.parts, wanted) and (not kinds or inner.suffix.lower() in kinds)

    return _walk(Path(*parts[:fixed]), takes, None if "**" in wanted else len(wanted))


def describe(folder: Path) -> dict[str, Metadata]:
    """Return what the `metadata.csv` of a folder says, by the path of the article from there; empty where there is none.

    Raises:
        SettingError: It can't be used.
    """
    path = folder / METADATA_FILE
    if not path.is_file():
        return {}
    try:
        described = read_metadata(decode(read_file(path), str(path)), path)
    except ArticleError as error:
        raise SettingError(error.what, remedy=error.remedy) from error
    return {os.path.normpath(file): metadata for file, metadata in described.items()}


def identify(name: str) -> str:
    """Make an id of a file's name; bytes in it that are no UTF-8 could not be written to a result."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _matches(parts: Sequence[str], wanted: Sequence[str]) -> bool:
    if not wanted:
        return not parts
    if wanted[0] == "**":
        return any(_matches(parts[index:], wanted[1:]) for index in range(len(parts) + 1))
    return bool(parts) and fnmatchcase(parts[0], wanted[0]) and _matches(parts[1:], wanted[1:])


@dataclass(slots=True)
class _Level:
    """A folder in work: its entries that are left, the last one first, and its descriptions."""

    prefix: str
    entries: list[str]
    described: Mapping[str, Metadata]


def _walk(top: Path, takes: Callable[[str], bool], depth: int | None = None) -> Iterator[Found]:
    """Yield the files whose name from `top` is taken, at most `depth` names deep, as sorting them all would order them."""
    seen: set[tuple[int, int]] = set()
    levels = [_enter(top, "", seen)]
    while levels:
        level = levels[-1]
        if not level.entries:
            levels.pop()
            continue
        name = level.prefix + level.entries.pop()
        if not name.endswith("/"):
            if takes(name):
                yield Found(top / name, name, _described(name, levels))
        elif depth is None or len(levels) < depth:
            try:
                levels.append(_enter(top, name, seen))
            except ArticleError as error:
                yield Found(top / name, name, error=error)


def _enter(top: Path, prefix: str, seen: set[tuple[int, int]]) -> _Level:
    folder = top / prefix
    try:
        status = folder.stat()
        if (status.st_dev, status.st_ino) in seen:
            return _Level(prefix, [], {})
        seen.add((status.st_dev, status.st_ino))
        with os.scandir(folder) as entries:
            names = [entry.name + "/" * _is_folder(entry) for entry in entries if not entry.name.startswith(".")]
    except OSError as error:
        raise ArticleError(f"The folder {folder} can't be read: {error.strerror}.", remedy="Check its permissions.") from error
    # A folder's stroke sorts it where the names in it belong.
    names.sort(reverse=True)
    names.sort(key=lambda name: name if name.endswith("/") else os.path.splitext(name)[0], reverse=True)  # noqa: PTH122
    return _Level(prefix, names, describe(folder))


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # links in a circle
        return False


def _described(name: str, levels: Sequence[_Level]) -> Metadata:
    for level in reversed(levels):
        if level.described and (found := level.described.get(name[len(level.prefix) :])):
            return found
    return UNDESCRIBED

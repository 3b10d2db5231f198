"""Results that are stored: read one by one, and gone through twice where what they hold must be known before they are written."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from pydantic import ValidationError

from llm_extract.articles import STDIN
from llm_extract.errors import OutputError
from llm_extract.layouts import Layout, layouts_of
from llm_extract.schema import SCHEMA_VERSION, Extraction

__all__ = ["StoredResults", "read_results", "with_layouts"]

_AGAIN = "Run `llm-extract run` again: answers that were given come from the cache."
_RECORDS = b'"records":'
"""Where a line does not have this, its result has no records; within a text the quotation marks would be escaped."""


class StoredResults:
    """The results in a file, as often as they are gone through; `-` is the standard input.

    Raises:
        OutputError: While they are gone through; see `read_results`.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._spool: IO[bytes] | None = None

    def __iter__(self) -> Iterator[Extraction]:
        if str(self._path) != STDIN:
            return read_results(self._path)
        if self._spool is None:
            return _results(sys.stdin.buffer, self._path)
        self._spool.seek(0)
        return _results(self._spool, self._path)

    @contextmanager
    def layouts(self) -> Iterator[dict[str, Layout]]:
        """Tell what records there are; while the context lasts, the results can be gone through also where they are the standard input.

        Only lines with records are parsed for it.
        """
        with ExitStack() as stack:
            if str(self._path) == STDIN:
                self._spool = stack.enter_context(tempfile.TemporaryFile())
                shutil.copyfileobj(sys.stdin.buffer, self._spool)
                self._spool.seek(0)
                file: IO[bytes] = self._spool
            else:
                file = stack.enter_context(_open(self._path))
            lines = ((number, line) for number, line in enumerate(file, start=1) if _RECORDS in line)
            yield layouts_of(record for number, line in lines for record in _parse(line, _where(number, self._path)).records)
        self._spool = None


@contextmanager
def with_layouts(results: Iterable[Extraction]) -> Iterator[tuple[Iterable[Extraction], dict[str, Layout]]]:
    """Tell what records some results hold, and give the results back: those that can be gone through only once wait in a file meanwhile."""
    if isinstance(results, StoredResults):
        with results.layouts() as kinds:
            yield results, kinds
    elif iter(results) is results:
        with tempfile.TemporaryFile() as spool:
            kinds = layouts_of(record for result in _kept(results, spool) for record in result.records)
            spool.seek(0)
            yield (Extraction.model_validate_json(line) for line in spool), kinds
    else:
        yield results, layouts_of(record for result in results for record in result.records)


def _kept(results: Iterable[Extraction], spool: IO[bytes]) -> Iterator[Extraction]:
    for result in results:
        spool.write(result.model_dump_json().encode() + b"\n")
        yield result


def read_results(path: Path) -> Iterator[Extraction]:
    """Read results one by one, as `llm-extract run` writes them; `-` reads the standard input.

    Raises:
        OutputError: There is no such file, or a line is no result, is cut off, or is of another version; the
            message names the line. Those before it have been yielded.
    """
    with ExitStack() as stack:
        file = sys.stdin.buffer if str(path) == STDIN else stack.enter_context(_open(path))
        yield from _results(file, path)


def _results(file: IO[bytes], path: Path) -> Iterator[Extraction]:
    for number, line in enumerate(file, start=1):
        if line.strip():
            yield _parse(line, _where(number, path))


def _where(number: int, path: Path) -> str:
    return f"Line {number} of {path}"


def _open(path: Path) -> IO[bytes]:
    try:
        return path.open("rb")
    except OSError as error:
        what = f"The results {path} can't be read: {error.strerror or error}."
        raise OutputError(what, remedy="Give the file that `llm-extract run -o` wrote.") from error


def _parse(line: bytes, where: str) -> Extraction:
    try:
        result = Extraction.model_validate_json(line)
    except ValidationError as error:
        raise _explain(line, where, error) from error
    if result.schema_version != SCHEMA_VERSION:
        raise _of_another_version(where, result.schema_version)
    return result


def _of_another_version(where: str, version: object) -> OutputError:
    return OutputError(f"{where} is of version {version}; this llm-extract reads version {SCHEMA_VERSION}.", remedy=_AGAIN)


def _explain(line: bytes, where: str, error: ValidationError) -> OutputError:
    try:
        written = json.loads(line)
    except ValueError:
        cut = "is cut off" if not line.endswith(b"\n") else "is no JSON"
        return OutputError(f"{where} {cut}.", remedy=_AGAIN)
    version = written.get("schema_version") if isinstance(written, dict) else None
    if version is not None and version != SCHEMA_VERSION:
        return _of_another_version(where, version)
    problem = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(map(str, problem["loc"])) or "the line"
    return OutputError(f"{where} is no result: {place}: {problem['msg']}.", remedy=_AGAIN)

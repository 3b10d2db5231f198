"""Dossiers in files: one JSON document, a record a line, written record by record."""

from __future__ import annotations

import io
import json
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

from pydantic import BaseModel, ValidationError

from llm_extract.dossier import DOSSIER_VERSION, Dossier, MeetingRecord
from llm_extract.errors import OutputError, SettingError

__all__ = ["begins_a_dossier", "check_results", "is_dossier", "parse_dossier", "read_dossier", "records_of", "write_dossier"]

STDOUT = "-"
_BEGINNING = re.compile(rb'\s*\{\s*"dossier_version"')
_BEGINNING_BYTES = 200
_MEETINGS = b'],"meetings":[\n'
_AGAIN = "Run `llm-extract merge` again on the results."


def is_dossier(path: Path) -> bool:
    """Tell whether a file begins as a dossier does; what can't be read is none. `-` is the standard input, which stays unread."""
    if str(path) == STDOUT:
        buffer = sys.stdin.buffer
        return isinstance(buffer, io.BufferedReader) and begins_a_dossier(buffer.peek(_BEGINNING_BYTES))
    try:
        with path.open("rb") as file:
            return begins_a_dossier(file.read(_BEGINNING_BYTES))
    except OSError:
        return False


def begins_a_dossier(beginning: bytes) -> bool:
    """Tell whether these are the first bytes of a dossier, not of results.

    Example:
        >>> begins_a_dossier(b'{"dossier_version":"1",'), begins_a_dossier(b'{"schema_version":"1",')
        (True, False)
    """
    return bool(_BEGINNING.match(beginning))


def check_results(results: Iterable[Path], out: Path) -> None:
    """Check, before anything is read, that these may be merged into `out`.

    Raises:
        SettingError: One is the file that would be written, or is a dossier.
    """
    for path in results:
        if str(path) != STDOUT and path.resolve() == out.resolve():
            raise SettingError(f"The dossier would take the place of the results {path}.", remedy="Give another file with --output.")
        if is_dossier(path):
            raise SettingError(f"{path} is a dossier, not results.", remedy="Give it with --into to add results to it.")


def read_dossier(path: Path) -> Dossier:
    """Read a dossier; `-` reads the standard input.

    Raises:
        OutputError: It can't be read, is cut off, or is no dossier of this version.
    """
    try:
        written = sys.stdin.buffer.read() if str(path) == STDOUT else path.read_bytes()
    except OSError as error:
        raise OutputError(f"The dossier {path} can't be read: {error.strerror or error}.", remedy=_AGAIN) from error
    return parse_dossier(written, str(path))


def parse_dossier(written: bytes, name: str) -> Dossier:
    """Make a dossier of what is in a file.

    Raises:
        OutputError: It is cut off, or is no dossier of this version; the message names the file.
    """
    try:
        return Dossier.model_validate_json(written)
    except ValidationError as error:
        raise OutputError(f"{name} {_fault(written, error)}.", remedy=_AGAIN) from error


def records_of(path: Path) -> Iterator[MeetingRecord]:
    """Yield the records of a file that `write_dossier` wrote one by one, for a dossier that is too large for the memory.

    Raises:
        OutputError: The file can't be read, or was not written in this form.
    """
    try:
        with path.open("rb") as file:
            lines = iter(file)
            if not any(line == _MEETINGS for line in lines):
                raise OutputError(f"{path} has no records one a line.", remedy="Use `read_dossier`, or write it anew.")
            for line in lines:
                if line.startswith(b"]"):
                    return
                yield MeetingRecord.model_validate_json(line.rstrip(b",\n"))
    except OSError as error:
        raise OutputError(f"The dossier {path} can't be read: {error.strerror or error}.", remedy=_AGAIN) from error
    except ValidationError as error:
        raise OutputError(f"{path} {_fault(b'', error)}.", remedy=_AGAIN) from error
    raise OutputError(f"{path} is cut off.", remedy=_AGAIN)


def write_dossier(dossier: Dossier, out: Path, *, records: Iterable[MeetingRecord] | None = None) -> None:
    """Write a dossier.

    Args:
        dossier: What to write.
        out: The file, which is replaced when all is written; `-` is the standard output.
        records: Taken one by one in place of `dossier.meetings`, where they are too many for the memory.

    Raises:
        OutputError: The file can't be written.
    """
    records = dossier.meetings if records is None else records
    try:
        if str(out) == STDOUT:
            _write(sys.stdout.buffer, dossier, records)
        else:
            _replace(out, dossier, records)
    except OSError as error:
        raise OutputError(f"Can't write to {out}: {error.strerror or error}.", remedy="Give a place that you may write to.") from error


def _replace(out: Path, dossier: Dossier, records: Iterable[MeetingRecord]) -> None:
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name[:50]}.") as folder:
        part = Path(folder) / "part"
        with part.open("wb") as file:
            _write(file, dossier, records)
        part.replace(out)


def _write(file: IO[bytes], dossier: Dossier, records: Iterable[MeetingRecord]) -> None:
    file.write(b'{"dossier_version":' + json.dumps(dossier.dossier_version).encode() + b',"articles":[')
    _put(file, dossier.articles)
    file.write(b"\n" + _MEETINGS.rstrip())
    _put(file, records)
    file.write(b'\n],"corrections":' + dossier.corrections.model_dump_json().encode() + b',"warnings":[')
    _put(file, dossier.warnings)
    file.write(b"\n]}\n")
    file.flush()


def _put(file: IO[bytes], items: Iterable[BaseModel]) -> None:
    for number, item in enumerate(items):
        file.write((b",\n" if number else b"\n") + item.model_dump_json().encode())


def _fault(written: bytes, error: ValidationError) -> str:
    try:
        found = json.loads(written)
    except ValueError:
        return "is cut off or no JSON"
    version = found.get("dossier_version") if isinstance(found, dict) else None
    if version not in {None, DOSSIER_VERSION}:
        return f"is a dossier of version {version}; this llm-extract reads version {DOSSIER_VERSION}"
    problem = error.errors(include_url=False, include_input=False)[0]
    return f"is no dossier: {'.'.join(map(str, problem['loc'])) or 'the file'}: {problem['msg']}"

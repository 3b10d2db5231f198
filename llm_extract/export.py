"""Results read back, and written in other forms."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from llm_extract.annotations import annotation_lines
from llm_extract.articles import STDIN
from llm_extract.calendars import calendar_lines
from llm_extract.columnar import write_parquet
from llm_extract.databases import write_duckdb, write_sqlite
from llm_extract.delimited import write_csv
from llm_extract.dossier import Dossier
from llm_extract.dossier_files import begins_a_dossier, is_dossier, read_dossier
from llm_extract.dossier_tables import dossier_tables
from llm_extract.errors import OutputError
from llm_extract.events import events
from llm_extract.layouts import Layout
from llm_extract.record_tables import kinds_of
from llm_extract.replacing import replacing_file
from llm_extract.result_tables import result_tables
from llm_extract.schema import Article, Claim, Extraction, Meeting, Party, Quote, QuoteKind, Record, Span
from llm_extract.schemas import Schema
from llm_extract.stored import StoredResults, read_results, with_layouts
from llm_extract.tables import TableSet

__all__ = ["WITHOUT_RECORDS", "Counted", "Format", "export", "file_name", "json_schemas", "read_input", "read_results"]


M = TypeVar("M", bound=BaseModel)


class Format(StrEnum):
    """A form that results or a dossier can be written in."""

    SCORE = "score"
    """A folder with one JSON file an article: quoted segments with their speakers, meetings with their evidence, no more. No records."""
    JSONL = "jsonl"
    """One file, one line an article, everything."""
    CSV = "csv"
    """A folder with one file a table. Lossless but for this: no text and empty text are the same, and formulas have an apostrophe."""
    PARQUET = "parquet"
    """A folder with one file a table. Lossless."""
    DUCKDB = "duckdb"
    """One database with keys, comments and views. Lossless."""
    SQLITE = "sqlite"
    """One database with keys, comments and views. Lossless."""
    EVENTS = "events"
    """One file, one line a meeting: an event record in the manner of PLOVER. Without quotes, records and most spans."""
    ICAL = "ical"
    """One calendar of the meetings that are planned, tentative or cancelled."""
    ANNOTATIONS = "annotations"
    """One file of JSON-LD: every span as a Web Annotation. Without the facts that no span stands for."""


_FOLDERS = {Format.SCORE, Format.CSV, Format.PARQUET}
_BINARY = {Format.DUCKDB, Format.SQLITE}
WITHOUT_RECORDS = frozenset({Format.SCORE, Format.EVENTS, Format.ICAL})
"""The forms that leave out records of a user's own schema."""
_BEGINNING_BYTES = 200

_UNSAFE = re.compile(r"[^\w.()\[\] -]|^\.+$|^[. ]|[. ]$")
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)  # on Windows
_LONGEST_NAME = 120  # characters, of which each may take two bytes or more; file systems allow 255 bytes


def read_input(path: Path) -> Dossier | StoredResults:
    """Read results or a dossier, whichever the file is; `-` reads the standard input. Results are read when they are gone through.

    Raises:
        OutputError: As `read_results` and `read_dossier` raise it.
    """
    if str(path) == STDIN:
        dossier = begins_a_dossier(getattr(sys.stdin.buffer, "peek", lambda _: b"")(_BEGINNING_BYTES))
    else:
        dossier = is_dossier(path)
    return read_dossier(path) if dossier else StoredResults(path)


def export(
    results: Dossier | Iterable[Extraction],
    format: Format,  # noqa: A002  the word of the command line
    out: Path,
    *,
    schema: type[M] | Schema[M] | None = None,
) -> int:
    """Write results or a dossier in another form, and return how many articles it is about.

    What is written takes the place of what was there only when all of it is; where something fails, the old file stays. Exported
    again, the same results give the same content, and the same bytes but for DuckDB.

    Args:
        results: What to write; results are consumed one by one. For tables of records without their schema they are gone through twice;
            those that can be gone through only once wait in a temporary file.
        format: Which form; says whether `out` is a file or a folder.
        out: Made with the folders above it where it is not there, overwritten where it is. For files of text also `-`,
            the standard output.
        schema: Of the records, for the types of their columns in tables; None: what the records tell. See `llm_extract.record_tables`.

    Raises:
        MissingExtraError: The form needs a package that is not installed.
        OutputError: It can't be written, a result contradicts itself or the schema, two articles would have one file, or there is no
            such form of a dossier.
    """
    form = Format(format)
    if isinstance(results, Dossier) and form in {Format.SCORE, Format.JSONL}:
        raise OutputError(f"There is no form {form} of a dossier.", remedy="Export the results that it was merged from.")
    if str(out) == STDIN and form in _FOLDERS | _BINARY:
        raise OutputError(f"The form {form} can't go to the standard output.", remedy="Give a place with -o.")
    counted = results if isinstance(results, (Dossier, Counted)) else Counted(results)
    try:
        if isinstance(counted, Counted) and form in _TABLES:
            _write_tables(counted, form, out, kinds_of(schema) if schema else None)
        else:
            _write(counted, form, out)
    except OSError as error:
        raise OutputError(f"Can't write to {out}: {error.strerror or error}.", remedy="Give a place that you may write to.") from error
    return len(counted.articles) if isinstance(counted, Dossier) else counted.count


class Counted:
    """Results, counted as they are gone through.

    Args:
        results: Which.
    """

    def __init__(self, results: Iterable[Extraction]) -> None:
        self.results = results
        self.count = 0
        """How many articles they were, the last time."""
        self.records = 0
        """How many records of a schema of the user's own were in them."""

    def __iter__(self) -> Iterator[Extraction]:
        self.count = self.records = 0
        for result in self.results:
            self.count += 1
            self.records += len(result.records)
            yield result


def file_name(identifier: str) -> str:
    """Make a file name of an article's id: one that stays within its folder on any system, the id itself where that does.

    Example:
        >>> file_name("2019/summit"), file_name("..")
        ('2019%2Fsummit', '%2E%2E')
    """
    from urllib.parse import quote

    if not identifier:
        return "%_"
    name = _UNSAFE.sub(lambda found: quote(found[0], safe="").replace(".", "%2E").replace("~", "%7E"), identifier)
    if _RESERVED.match(name):
        name = f"%{ord(name[0]):02X}{name[1:]}"
    if len(name.encode()) <= _LONGEST_NAME * 2 - 20:
        return name
    from hashlib import sha256

    return f"{name[: _LONGEST_NAME // 2]}-{sha256(identifier.encode()).hexdigest()[:16]}"


def json_schemas() -> dict[str, dict[str, Any]]:
    """Return the JSON Schema of each public object, as results have it, by its name in lower case."""
    models = (Article, Span, Party, Quote, Claim, Meeting, Record, Extraction)
    return {model.__name__.lower(): model.model_json_schema(mode="serialization") for model in models}


def _write(results: Dossier | Counted, form: Format, out: Path) -> None:
    if form in _TABLES and isinstance(results, Dossier):
        _TABLES[form](dossier_tables(results), out)
    elif form is Format.SCORE and not isinstance(results, Dossier):
        _write_score(results, out)
    else:
        with replacing_file(out) as file:
            file.writelines(_LINES[form](results))


def _write_tables(results: Counted, form: Format, out: Path, kinds: Mapping[str, Layout] | None) -> None:
    if kinds is not None:
        _TABLES[form](result_tables(results, kinds), out)
        return
    with with_layouts(results.results) as (again, found):
        results.results = again
        _TABLES[form](result_tables(results, found), out)


def _result_lines(results: Dossier | Iterable[Extraction]) -> Iterator[bytes]:
    return (result.model_dump_json().encode() + b"\n" for result in results if isinstance(result, Extraction))


def _event_lines(results: Dossier | Iterable[Extraction]) -> Iterator[bytes]:
    return (event.model_dump_json().encode() + b"\n" for event in events(results))


def _calendar(results: Dossier | Iterable[Extraction]) -> Iterator[bytes]:
    return calendar_lines(events(results))


def _write_score(results: Iterable[Extraction], out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    written: dict[str, str] = {}
    for result in results:
        name = f"{file_name(result.article.id)}.json"
        # Some file systems hold names that differ only in case for one.
        other = written.setdefault(name.casefold(), result.article.id)
        if other != result.article.id or (out / name).is_dir():
            raise OutputError(f"{result.article.id!r} and {other!r} would be one file, {name}.", remedy="Rename one of the articles.")
        prediction = {"quotes": _score_quotes(result.quotes), "meetings": [_score_meeting(meeting) for meeting in result.meetings]}
        (out / name).write_text(json.dumps(prediction, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _score_quotes(quotes: Iterable[Quote]) -> list[dict[str, Any]]:
    return [
        {"text": segment.text, "start": segment.start, "end": segment.end, "speaker": _name(quote.speaker)}
        for quote in quotes
        if quote.kind is not QuoteKind.INDIRECT
        for segment in quote.segments
    ]


def _score_meeting(meeting: Meeting) -> dict[str, Any]:
    return {
        "participants": [party.name for party in meeting.participants],
        "status": meeting.status.value,
        "date": meeting.date,
        "place": meeting.place.text if meeting.place else None,
        "event": meeting.event.text if meeting.event else None,
        "kind": meeting.kind.value,
        "evidence": [[span.start, span.end] for span in meeting.evidence],
    }


def _name(party: Party | None) -> str | None:
    return party.name if party else None


_TABLES: Mapping[Format, Callable[[TableSet[Any], Path], None]] = {
    Format.CSV: write_csv,
    Format.PARQUET: write_parquet,
    Format.DUCKDB: write_duckdb,
    Format.SQLITE: write_sqlite,
}
_LINES: Mapping[Format, Callable[[Dossier | Iterable[Extraction]], Iterator[bytes]]] = {
    Format.JSONL: _result_lines,
    Format.EVENTS: _event_lines,
    Format.ICAL: _calendar,
    Format.ANNOTATIONS: annotation_lines,
}

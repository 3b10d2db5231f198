"""Results read back, and written in other forms."""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from enum import StrEnum
from pathlib import Path
from typing import IO, Any

from pydantic import ValidationError

from llm_extract.articles import STDIN
from llm_extract.errors import OutputError
from llm_extract.schema import SCHEMA_VERSION, Article, Claim, Extraction, Meeting, Party, Quote, QuoteKind, Span

__all__ = ["Format", "export", "file_name", "json_schemas", "read_results"]


class Format(StrEnum):
    """A form that results can be written in."""

    SCORE = "score"
    """A folder with one JSON file an article: quoted segments with their speakers, meetings with their evidence, no more."""
    JSONL = "jsonl"
    """One file, one line an article, everything."""
    CSV = "csv"
    """A folder with the tables `meetings.csv` and `quotes.csv`."""


MEETING_COLUMNS = (
    "article",
    "published",
    "id",
    "participants",
    "status",
    "kind",
    "date",
    "when",
    "place",
    "event",
    "topics",
    "claims",
    "evidence",
)
QUOTE_COLUMNS = (
    "article",
    "published",
    "id",
    "speaker",
    "role",
    "affiliation",
    "kind",
    "cue",
    "addressee",
    "meeting",
    "start",
    "end",
    "text",
)

_SEPARATOR = "; "
# What a spreadsheet takes for a formula, and so may run (OWASP, "CSV Injection").
_FORMULA = re.compile(r"[\s]*[=+\-@\t\r＝＋－＠]")
_UNSAFE = re.compile(r"[^\w.()\[\] -]|^\.+$|^[. ]|[. ]$")
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)  # on Windows
_LONGEST_NAME = 120  # characters, of which each may take two bytes or more; file systems allow 255 bytes


def read_results(path: Path) -> Iterator[Extraction]:
    """Read results one by one, as `llm-extract run` writes them; `-` reads the standard input.

    Raises:
        OutputError: There is no such file, or a line is no result, is cut off, or is of another version; the
            message names the line. Those before it have been yielded.
    """
    with ExitStack() as stack:
        file = sys.stdin.buffer if str(path) == STDIN else stack.enter_context(_open(path))
        for number, line in enumerate(file, start=1):
            if line.strip():
                yield _parse(line, f"Line {number} of {path}")


def export(results: Iterable[Extraction], format: Format, out: Path) -> int:  # noqa: A002  the word of the command line
    """Write results in another form, and return how many there were.

    Args:
        results: What to write; consumed one by one.
        format: Which form; says whether `out` is a file or a folder.
        out: Made with the folders above it where it is not there, overwritten where it is. For `jsonl` also `-`,
            the standard output.

    Raises:
        OutputError: It can't be written, or two articles would have one file.
    """
    try:
        return _WRITERS[Format(format)](results, out)
    except OSError as error:
        raise OutputError(f"Can't write to {out}: {error.strerror or error}.", remedy="Give a place that you may write to.") from error


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
    models = (Article, Span, Party, Quote, Claim, Meeting, Extraction)
    return {model.__name__.lower(): model.model_json_schema(mode="serialization") for model in models}


def _open(path: Path) -> IO[bytes]:
    try:
        return path.open("rb")
    except OSError as error:
        what = f"The results {path} can't be read: {error.strerror or error}."
        raise OutputError(what, remedy="Give the file that `llm-extract run -o` wrote.") from error


def _parse(line: bytes, where: str) -> Extraction:
    try:
        return Extraction.model_validate_json(line)
    except ValidationError as error:
        raise _explain(line, where, error) from error


def _explain(line: bytes, where: str, error: ValidationError) -> OutputError:
    again = "Run `llm-extract run` again: answers that were given come from the cache."
    try:
        written = json.loads(line)
    except ValueError:
        cut = "is cut off" if not line.endswith(b"\n") else "is no JSON"
        return OutputError(f"{where} {cut}.", remedy=again)
    version = written.get("schema_version") if isinstance(written, dict) else None
    if version is not None and version != SCHEMA_VERSION:
        return OutputError(f"{where} is of version {version}; this llm-extract reads version {SCHEMA_VERSION}.", remedy=again)
    problem = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(map(str, problem["loc"])) or "the line"
    return OutputError(f"{where} is no result: {place}: {problem['msg']}.", remedy=again)


def _write_jsonl(results: Iterable[Extraction], out: Path) -> int:
    count = 0
    with ExitStack() as stack:
        if str(out) == STDIN:
            file: IO[bytes] = sys.stdout.buffer
        else:
            out.parent.mkdir(parents=True, exist_ok=True)
            file = stack.enter_context(out.open("wb"))
        for result in results:
            count += 1
            file.write(result.model_dump_json().encode() + b"\n")
        file.flush()
    return count


def _write_score(results: Iterable[Extraction], out: Path) -> int:
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
    return len(written)


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


def _write_csv(results: Iterable[Extraction], out: Path) -> int:
    out.mkdir(parents=True, exist_ok=True)
    count = 0
    with (
        (out / "meetings.csv").open("w", encoding="utf-8-sig", newline="") as meetings_file,
        (out / "quotes.csv").open("w", encoding="utf-8-sig", newline="") as quotes_file,
    ):
        meetings, quotes = csv.writer(meetings_file), csv.writer(quotes_file)
        meetings.writerow(MEETING_COLUMNS)
        quotes.writerow(QUOTE_COLUMNS)
        for result in results:
            count += 1
            about = (result.article.id, str(result.article.published or ""))
            meetings.writerows(_guard([*about, *_meeting_cells(meeting)]) for meeting in result.meetings)
            quotes.writerows(_guard([*about, *cells]) for quote in result.quotes for cells in _quote_cells(quote))
    return count


def _meeting_cells(meeting: Meeting) -> list[str]:
    optional = (meeting.when, meeting.place, meeting.event)
    when, place, event = (span.text if span else "" for span in optional)
    return [
        meeting.id,
        _SEPARATOR.join(party.name for party in meeting.participants),
        meeting.status.value,
        meeting.kind.value,
        meeting.date or "",
        when,
        place,
        event,
        _SEPARATOR.join(span.text for span in meeting.topics),
        _SEPARATOR.join(f"{claim.by.name} {claim.stance.value}" for claim in meeting.claims),
        "\n".join(span.text for span in meeting.evidence),
    ]


def _quote_cells(quote: Quote) -> Iterator[list[str]]:
    """Yield one row a segment."""
    speaker = quote.speaker
    about = [
        quote.id,
        _name(speaker) or "",
        (speaker and speaker.role) or "",
        (speaker and speaker.affiliation) or "",
        quote.kind.value,
        quote.cue.text if quote.cue else "",
        quote.addressee.text if quote.addressee else "",
        quote.meeting or "",
    ]
    for segment in quote.segments:
        yield [*about, str(segment.start), str(segment.end), segment.text]


def _guard(cells: list[str]) -> list[str]:
    """Put an apostrophe before what a spreadsheet would run, as spreadsheets do themselves for text."""
    return [f"'{cell}" if _FORMULA.match(cell) else cell for cell in cells]


def _name(party: Party | None) -> str | None:
    return party.name if party else None


_WRITERS: Mapping[Format, Callable[[Iterable[Extraction], Path], int]] = {
    Format.SCORE: _write_score,
    Format.JSONL: _write_jsonl,
    Format.CSV: _write_csv,
}

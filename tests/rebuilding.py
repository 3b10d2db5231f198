"""Results made again from their tables, which shows that nothing of them is lost; and results invented for that."""

from __future__ import annotations

import csv
import datetime as dt
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
from hypothesis import strategies as st

from llm_extract.delimited import unguard
from llm_extract.export import Format
from llm_extract.parts import Part
from llm_extract.result_tables import TABLES
from llm_extract.schema import (
    ArticleReference,
    Claim,
    Extraction,
    ExtractionWarning,
    Meeting,
    MeetingKind,
    MeetingStatus,
    Party,
    Quote,
    QuoteKind,
    Record,
    Span,
    Stance,
    Usage,
)
from llm_extract.tables import Column, ColumnType, Table

Cells = dict[str, Any]

HOSTILE = (
    "a\0b",
    "\u202egnp.exe",
    "=1+1",
    "'=1",
    "''",
    '"',
    "'; DROP TABLE articles; --",
    "</script>",
    "\r\n",
    "Мария",
    "محمد",
    "李雷",
    "é",
    "👩‍👩‍👧",
)
_text = st.sampled_from(HOSTILE) | st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
_optional = st.none() | _text
_spans = st.builds(lambda start, text: Span(start=start, end=start + len(text), text=text), st.integers(0, 2**40), _text)
_parties = st.builds(Party, name=_text, role=_optional, affiliation=_optional, mention=st.none() | _spans)
_dates = st.sampled_from([None, "2018", "2018-07-16", "2019-06-28/2019-06-29", "../2019-06", "2019-06~/..", "9999-12-31"])
_claims = st.builds(Claim, by=_parties, stance=st.sampled_from(Stance), evidence=_spans)


@st.composite
def _meetings(draw: st.DrawFn) -> tuple[Meeting, ...]:
    ids = draw(st.lists(_text, max_size=3, unique=True))
    one = st.builds(
        Meeting,
        id=st.just(""),
        participants=st.lists(_parties, max_size=3).map(tuple),
        status=st.sampled_from(MeetingStatus),
        kind=st.sampled_from(MeetingKind),
        when=st.none() | _spans,
        date=_dates,
        place=st.none() | _spans,
        event=st.none() | _spans,
        topics=st.lists(_spans, max_size=3).map(tuple),
        claims=st.lists(_claims, max_size=3).map(tuple),
        evidence=st.lists(_spans, min_size=1, max_size=3).map(tuple),
    )
    return tuple(draw(one).model_copy(update={"id": identifier}) for identifier in ids)


@st.composite
def _quotes(draw: st.DrawFn, meetings: Sequence[Meeting]) -> tuple[Quote, ...]:
    ids = draw(st.lists(_text, max_size=3, unique=True))
    one = st.builds(
        Quote,
        id=st.just(""),
        segments=st.lists(_spans, min_size=1, max_size=3).map(tuple),
        speaker=st.none() | _parties,
        cue=st.none() | _spans,
        kind=st.sampled_from(QuoteKind),
        addressee=st.none() | _spans,
        meeting=st.sampled_from([None, *(meeting.id for meeting in meetings)]),
    )
    return tuple(draw(one).model_copy(update={"id": identifier}) for identifier in ids)


@st.composite
def extractions(draw: st.DrawFn) -> Extraction:
    """Invent a result: every field has or lacks a value, texts are whatever Unicode allows."""
    meetings = draw(_meetings())
    published = st.none() | st.dates()
    reference = st.builds(ArticleReference, id=_text, sha256=_text, published=published, title=_optional, source=_optional, url=_optional)
    return draw(
        st.builds(
            Extraction,
            article=reference,
            text=_optional,
            fingerprint=_optional,
            meetings=st.just(meetings),
            quotes=_quotes(meetings),
            model=_text,
            prompts=st.dictionaries(_text, _text, max_size=2),
            usage=st.builds(Usage, requests=st.integers(0, 9), prompt_tokens=st.integers(0, 2**40), completion_tokens=st.integers(0, 9)),
            warnings=st.lists(st.builds(ExtractionWarning, code=_text, message=_text), max_size=2).map(tuple),
        )
    )


_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**40), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | _text
    | _spans.map(lambda span: span.model_dump(mode="json"))
    | _parties.map(lambda party: party.model_dump(mode="json")),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(_text, inner, max_size=3)
        | st.builds(lambda value: {"value": value, "evidence": []}, inner)
    ),
    max_leaves=6,
)


@st.composite
def with_records(draw: st.DrawFn) -> Extraction:
    """Invent a result with records of any form."""
    one = st.builds(
        Record,
        id=st.just(""),
        kind=st.sampled_from(["protest", "meetings", "Records", "from", "../up", *HOSTILE]),
        value=st.dictionaries(st.sampled_from(["size", "Size", "article", "group", "x", *HOSTILE]), _values, max_size=4),
        evidence=st.lists(_spans, max_size=2).map(tuple),
    )
    records = [draw(one).model_copy(update={"id": identifier}) for identifier in draw(st.lists(_text, max_size=3, unique=True))]
    return draw(extractions()).model_copy(update={"records": tuple(records)})


def read_back(form: Format, path: Path, tables: Sequence[Table[Any]] = TABLES) -> dict[str, list[Cells]]:
    """Read the tables of results as exported."""
    if form is Format.DUCKDB:
        with duckdb.connect(path, read_only=True) as database:
            return {table.name: database.sql(f'FROM "{table.name}"').to_arrow_table().to_pylist() for table in tables}
    if form is Format.SQLITE:
        with closing(sqlite3.connect(path)) as connection:
            connection.row_factory = sqlite3.Row
            return {table.name: [dict(row) for row in connection.execute(f'SELECT * FROM "{table.name}"')] for table in tables}  # noqa: S608
    if form is Format.PARQUET:
        return {table.name: pq.read_table(path / f"{table.name}.parquet").to_pylist() for table in tables}
    csv.field_size_limit(10**9)
    return {table.name: _read_csv(path / f"{table.name}.csv", table.columns) for table in tables}


def _read_csv(path: Path, columns: Sequence[Column]) -> list[Cells]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == [column.name for column in columns]
    return [{column.name: _cell(text, column) for text, column in zip(row, columns, strict=True)} for row in rows[1:]]


def _cell(text: str, column: Column) -> str | int | None:
    if not text and column.optional:
        return None
    return int(text) if column.holds is ColumnType.INTEGER else unguard(text)


def rebuild(tables: Mapping[str, list[Cells]]) -> list[Extraction]:
    """Make the results again, from the tables alone."""
    articles = sorted(tables["articles"], key=lambda row: row["position"])
    return [_article(row, {name: _where(rows, article=row["article"]) for name, rows in tables.items()}) for row in articles]


def _where(rows: Iterable[Cells], **values: object) -> list[Cells]:
    found = [row for row in rows if all(row[name] == value for name, value in values.items())]
    return sorted(found, key=lambda row: row.get("number", 0))


def _article(row: Cells, tables: Mapping[str, list[Cells]]) -> Extraction:
    published = row["published"]
    reference = {name: row[name] for name in ("id", "sha256", "title", "source", "url")}
    day = dt.date.fromisoformat(published) if isinstance(published, str) else published
    own = {name: row[name] for name in Extraction.model_fields if name in row and name != "article"}
    return Extraction(
        **own,
        article=ArticleReference(**reference, published=day),
        meetings=tuple(_meeting(meeting, tables) for meeting in tables["meetings"]),
        quotes=tuple(_quote(quote, _where(tables["spans"], quote=quote["quote"])) for quote in tables["quotes"]),
        records=tuple(Record.model_validate_json(record["json"]) for record in tables.get("records", ())),
        prompts={prompt["prompt"]: prompt["version"] for prompt in tables["prompts"]},
        usage=Usage(**{name: row[name] for name in Usage.model_fields}),
        warnings=tuple(ExtractionWarning(code=warning["code"], message=warning["message"]) for warning in tables["warnings"]),
    )


def _span(row: Cells) -> Span:
    return Span(start=row["start_char"], end=row["end_char"], text=row["text"])


def _several(spans: Iterable[Cells], part: Part) -> tuple[Span, ...]:
    return tuple(_span(row) for row in spans if row["part"] == part.value)


def _only(spans: Iterable[Cells], part: Part, item: int = 1) -> Span | None:
    return next((_span(row) for row in spans if row["part"] == part.value and row["item"] == item), None)


def _party(row: Cells, name: str, mention: Span | None) -> Party:
    return Party(name=row[name], role=row["role"], affiliation=row["affiliation"], mention=mention)


def _meeting(row: Cells, tables: Mapping[str, list[Cells]]) -> Meeting:
    participants, claims, spans = (_where(tables[name], meeting=row["meeting"], **more) for name, more in _OF_MEETING)
    sentences = _several(spans, Part.CLAIM)
    return Meeting(
        id=row["meeting"],
        participants=tuple(_party(one, "name", _only(spans, Part.PARTICIPANT, one["number"])) for one in participants),
        status=row["status"],
        kind=row["kind"],
        when=_only(spans, Part.WHEN),
        date=row["date"],
        place=_only(spans, Part.PLACE),
        event=_only(spans, Part.EVENT),
        topics=_several(spans, Part.TOPIC),
        claims=tuple(
            Claim(by=_party(claim, "party", _only(spans, Part.CLAIMANT, claim["number"])), stance=claim["stance"], evidence=sentence)
            for claim, sentence in zip(claims, sentences, strict=True)
        ),
        evidence=_several(spans, Part.EVIDENCE),
    )


_OF_MEETING: tuple[tuple[str, Cells], ...] = (("participants", {}), ("claims", {}), ("spans", {"quote": None}))


def _quote(row: Cells, spans: Sequence[Cells]) -> Quote:
    return Quote(
        id=row["quote"],
        segments=_several(spans, Part.SEGMENT),
        speaker=_party(row, "speaker", _only(spans, Part.SPEAKER)) if row["speaker"] is not None else None,
        cue=_only(spans, Part.CUE),
        kind=row["kind"],
        addressee=_only(spans, Part.ADDRESSEE),
        meeting=row["meeting"],
    )

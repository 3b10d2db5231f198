"""What the report knows, as plain data for its page.

An article's text is there once; what points into it are offsets in code points, as everywhere. Only where there is no text, or one that the
offsets do not fit, the words of each span are there as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypedDict

from llm_extract import dates
from llm_extract.dossier import Dossier, Fact, MeetingRecord
from llm_extract.report_entries import EntryData, PartyData, SpanData, entry_data, spans_of
from llm_extract.schema import Claim, Extraction, Meeting, Party, Quote, Span

__all__ = ["ArticleData", "ClaimData", "MeetingData", "QuoteData", "RecordData", "ReportData", "report_data"]


class ClaimData(TypedDict):
    """A `Claim`."""

    by: PartyData
    stance: str
    at: SpanData


class MeetingData(TypedDict):
    """A `Meeting`; `record` is the place of its record in `ReportData.records`, or -1."""

    id: str
    record: int
    people: list[PartyData]
    status: str
    kind: str
    date: str | None
    when: SpanData | None
    place: SpanData | None
    event: SpanData | None
    topics: list[SpanData]
    claims: list[ClaimData]
    evidence: list[SpanData]


class QuoteData(TypedDict):
    """A `Quote`."""

    id: str
    segments: list[SpanData]
    speaker: PartyData | None
    cue: SpanData | None
    kind: str
    addressee: SpanData | None
    meeting: str | None


class ArticleData(TypedDict):
    """An article and what was found in it."""

    id: str
    """Different from every other, also where two articles have one id."""
    title: str | None
    published: str | None
    source: str | None
    url: str | None
    model: str
    text: str | None
    meetings: list[MeetingData]
    quotes: list[QuoteData]
    entries: list[EntryData]
    """Records of a schema of the user's own."""
    warnings: list[str]


class RecordData(TypedDict):
    """A meeting across articles."""

    id: str
    people: list[str]
    status: str
    kind: str | None
    date: str | None
    days: tuple[str, str] | None
    """The first and the last day of `date`; None where it has no date or an open end."""
    place: str | None
    event: str | None
    differing: list[tuple[str, list[str]]]
    """What articles contradict each other in, and the values that they give."""
    contradictions: list[tuple[str, str]]
    """Who confirms, and who denies."""
    mentions: list[tuple[int, str, str]]
    """Place of the article in `ReportData.articles`, id of the meeting in it, and why it is of this record."""


class ReportData(TypedDict):
    """All that the page shows."""

    articles: list[ArticleData]
    records: list[RecordData]
    warnings: list[str]


def report_data(results: Sequence[Extraction], dossier: Dossier) -> ReportData:
    """Return what the report shows, in the order of publication, articles without a date last.

    Args:
        results: At most one an article.
        dossier: What was merged from these results.
    """
    ordered = sorted(results, key=lambda result: (result.article.published is None, str(result.article.published), result.article.id))
    keys = [_key(result, dossier) for result in ordered]
    places = {key: place for place, key in enumerate(keys)}
    people = _People(dossier)
    records = [_record(record, places) for record in dossier.meetings]
    homes = {(article, meeting): home for home, record in enumerate(records) for article, meeting, _ in record["mentions"]}
    articles = [_Reader(result, people).article(key) for key, result in zip(keys, ordered, strict=True)]
    for place, article in enumerate(articles):
        for meeting in article["meetings"]:
            meeting["record"] = homes.get((place, meeting["id"]), -1)
    return {"articles": articles, "records": records, "warnings": [warning.message for warning in dossier.warnings]}


def _key(result: Extraction, dossier: Dossier) -> str:
    """Return the name of the article in the dossier."""
    mine = result.article
    known = [other.id for other in dossier.articles if other.sha256 == mine.sha256]
    return mine.id if mine.id in known else next((key for key in known if key.startswith(f"{mine.id}@")), mine.id)


def _record(record: MeetingRecord, places: dict[str, int]) -> RecordData:
    reasons = {(reason.article, reason.meeting): reason.message for reason in record.reasons}
    mentions = [(mention.article, mention.meeting.id) for mention in record.mentions]
    facts: list[tuple[str, Fact[str]]] = [("date", record.date), ("place", record.place), ("event", record.event)]
    return {
        "id": record.id,
        "people": [participant.name for participant in record.participants],
        "status": record.status.value,
        "kind": record.kind.value.value if record.kind.value else None,
        "date": record.date.value,
        "days": _days(record.date.value),
        "place": record.place.value,
        "event": record.event.value,
        "differing": [(name, [given.value for given in fact.given]) for name, fact in facts if fact.conflicting],
        "contradictions": [(pair.confirming, pair.denying) for pair in record.contradictions],
        "mentions": [(places[article], meeting, reasons.get((article, meeting), "")) for article, meeting in mentions if article in places],
    }


def _days(date: str | None) -> tuple[str, str] | None:
    if date is None:
        return None
    first, last = dates.bounds(date)
    open_ended = first == first.min or last == last.max
    return None if open_ended else (first.isoformat(), last.isoformat())


class _People:
    """The fullest form of a name, where the dossier joined it with exactly one."""

    def __init__(self, dossier: Dossier) -> None:
        self._fullest: dict[str, set[str]] = {}
        for record in dossier.meetings:
            for participant in record.participants:
                for name in (participant.name, *(other.value for other in participant.other_names)):
                    self._fullest.setdefault(name, set()).add(participant.name)

    def person(self, name: str) -> str:
        """Return the fullest form of `name`; itself where none is known, or more than one."""
        known = self._fullest.get(name, set())
        return next(iter(known)) if len(known) == 1 else name


class _Reader:
    """One article's result, as data."""

    def __init__(self, result: Extraction, people: _People) -> None:
        self._result = result
        self._people = people
        text = result.text
        self._fits = text is not None and all(text[span.start : span.end] == span.text for span in _spans(result))

    def article(self, key: str) -> ArticleData:
        """Return the article under the name `key`."""
        result, about = self._result, self._result.article
        warnings = [warning.message for warning in result.warnings]
        if result.text is not None and not self._fits:
            warnings.append("The text that came with this result is not the one that its offsets refer to; it is left out.")
        return {
            "id": key,
            "title": about.title,
            "published": about.published.isoformat() if about.published else None,
            "source": about.source,
            "url": about.url,
            "model": result.model,
            "text": result.text if self._fits else None,
            "meetings": [self._meeting(meeting) for meeting in result.meetings],
            "quotes": [self._quote(quote) for quote in result.quotes],
            "entries": [entry_data(record, self._span, self._party) for record in result.records],
            "warnings": warnings,
        }

    def _meeting(self, meeting: Meeting) -> MeetingData:
        return {
            "id": meeting.id,
            "record": -1,
            "people": [self._party(party) for party in meeting.participants],
            "status": meeting.status.value,
            "kind": meeting.kind.value,
            "date": meeting.date,
            "when": self._optional(meeting.when),
            "place": self._optional(meeting.place),
            "event": self._optional(meeting.event),
            "topics": [self._span(topic) for topic in meeting.topics],
            "claims": [self._claim(claim) for claim in meeting.claims],
            "evidence": [self._span(span) for span in meeting.evidence],
        }

    def _quote(self, quote: Quote) -> QuoteData:
        return {
            "id": quote.id,
            "segments": [self._span(segment) for segment in quote.segments],
            "speaker": self._party(quote.speaker) if quote.speaker else None,
            "cue": self._optional(quote.cue),
            "kind": quote.kind.value,
            "addressee": self._optional(quote.addressee),
            "meeting": quote.meeting,
        }

    def _claim(self, claim: Claim) -> ClaimData:
        return {"by": self._party(claim.by), "stance": claim.stance.value, "at": self._span(claim.evidence)}

    def _party(self, party: Party) -> PartyData:
        data: PartyData = {"name": party.name, "person": self._people.person(party.name)}
        if party.role:
            data["role"] = party.role
        if party.affiliation:
            data["affiliation"] = party.affiliation
        if party.mention:
            data["at"] = self._span(party.mention)
        return data

    def _span(self, span: Span) -> SpanData:
        return (span.start, span.end) if self._fits else (span.start, span.end, span.text)

    def _optional(self, span: Span | None) -> SpanData | None:
        return self._span(span) if span else None


def _spans(result: Extraction) -> Iterator[Span]:
    for quote in result.quotes:
        yield from quote.segments
        yield from _present(quote.cue, quote.addressee, quote.speaker.mention if quote.speaker else None)
    for meeting in result.meetings:
        yield from (*meeting.evidence, *meeting.topics, *_present(meeting.when, meeting.place, meeting.event))
        yield from _present(*(party.mention for party in meeting.participants))
        for claim in meeting.claims:
            yield from _present(claim.evidence, claim.by.mention)
    for record in result.records:
        yield from spans_of(record)


def _present(*spans: Span | None) -> Iterable[Span]:
    return filter(None, spans)

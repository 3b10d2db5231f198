"""Every span of a result, with the part that it plays there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from llm_extract.schema import Label, Meeting, Party, Quote, Record, Span
from llm_extract.slices import slices

__all__ = ["Part", "Placed", "of_meeting", "of_quote", "of_record", "of_result"]


class Part(Label):
    """What a span is to its meeting or quote."""

    EVIDENCE = "evidence", "a sentence that reports the meeting"
    PARTICIPANT = "participant", "where the article names a participant"
    WHEN = "when", "the date as the article writes it"
    PLACE = "place", "where the meeting is"
    EVENT = "event", "the summit, ceremony or visit that the meeting belongs to"
    TOPIC = "topic", "what is to be talked about"
    CLAIM = "claim", "the sentence that reports a claim about the meeting"
    CLAIMANT = "claimant", "where the article names who makes a claim"
    SEGMENT = "segment", "quoted words"
    SPEAKER = "speaker", "where the article names whose words they are"
    CUE = "cue", "what introduces the words"
    ADDRESSEE = "addressee", "to whom the words were said"


class Placed(NamedTuple):
    """A span and what it is to the meeting, quote or record that it belongs to."""

    part: str
    """A `Part`; of a value of a record its place there, such as `organisers[0].mention`."""
    item: int
    """Which one of several: the third participant is 3. 1 where there is only one."""
    span: Span
    meeting: str | None = None
    """`id` of the meeting; None for a span of a quote."""
    quote: str | None = None
    """`id` of the quote; None for a span of a meeting."""
    record: str | None = None
    """`id` of the record."""


def of_result(meetings: Iterable[Meeting], quotes: Iterable[Quote], records: Iterable[Record] = ()) -> Iterator[Placed]:
    """Yield every span of the meetings, then of the quotes, then of the records, each as often as it is named."""
    for meeting in meetings:
        yield from of_meeting(meeting)
    for quote in quotes:
        yield from of_quote(quote)
    for record in records:
        yield from of_record(record)


def of_meeting(meeting: Meeting) -> Iterator[Placed]:
    """Yield every span of a meeting.

    A participant without a mention has none; those after it keep their numbers.
    """
    claims = meeting.claims
    spans: tuple[tuple[Part, Iterable[Span | None]], ...] = (
        (Part.EVIDENCE, meeting.evidence),
        (Part.PARTICIPANT, map(_mention, meeting.participants)),
        (Part.WHEN, [meeting.when]),
        (Part.PLACE, [meeting.place]),
        (Part.EVENT, [meeting.event]),
        (Part.TOPIC, meeting.topics),
        (Part.CLAIM, (claim.evidence for claim in claims)),
        (Part.CLAIMANT, (_mention(claim.by) for claim in claims)),
    )
    return (Placed(part, item, span, meeting.id) for part, several in spans for item, span in enumerate(several, 1) if span)


def of_quote(quote: Quote) -> Iterator[Placed]:
    """Yield every span of a quote."""
    for item, segment in enumerate(quote.segments, 1):
        yield Placed(Part.SEGMENT, item, segment, None, quote.id)
    for part, span in ((Part.SPEAKER, _mention(quote.speaker)), (Part.CUE, quote.cue), (Part.ADDRESSEE, quote.addressee)):
        if span:
            yield Placed(part, 1, span, None, quote.id)


def of_record(record: Record) -> Iterator[Placed]:
    """Yield the sentences that report a record, then every slice of its values."""
    for item, span in enumerate(record.evidence, 1):
        yield Placed(Part.EVIDENCE, item, span, None, None, record.id)
    for place, span in slices(record.value):
        yield Placed(place, 1, span, None, None, record.id)


def _mention(party: Party | None) -> Span | None:
    return party.mention if party else None

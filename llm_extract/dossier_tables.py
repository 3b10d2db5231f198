"""The tables of a dossier: records, what articles say about each, and the characters that it rests on.

They leave out the results' own wording that a record is made of, and the corrections: the dossier itself has these.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from llm_extract.dossier import Dossier, Fact, MeetingRecord, Participant, Source, Sourced
from llm_extract.result_tables import days, quoted
from llm_extract.schema import Label, MeetingKind, MeetingStatus, QuoteKind, Stance
from llm_extract.tables import Column, ColumnType, Reference, Row, Table, TableSet, View

__all__ = ["Field", "NumberedRecord", "dossier_tables"]


class Field(Label):
    """What of a meeting articles say something about."""

    STATUS = "status", "how settled it is"
    KIND = "kind", "the form that it takes"
    DATE = "date", "when, in EDTF"
    PLACE = "place", "where"
    EVENT = "event", "the summit, ceremony or visit that it belongs to"
    PARTICIPANT = "participant", "who meets"
    NAME = "name", "another form of a participant's name"
    ROLE = "role", "a participant's office or title"
    AFFILIATION = "affiliation", "the state or institution that a participant acts for"
    CLAIM = "claim", "what somebody says about its taking place"
    QUOTE = "quote", "words about it"


class NumberedRecord(NamedTuple):
    """A record, or at the beginning the dossier without its records."""

    number: int
    """Its place among the records, from 1; 0 at the beginning."""
    frame: Dossier | None
    record: MeetingRecord | None


def dossier_tables(dossier: Dossier) -> TableSet[NumberedRecord]:
    """Lay out a dossier as tables."""
    return TableSet(
        TABLES, _items(dossier), VIEWS, "Meetings across articles, every field on the articles and characters that it rests on."
    )


def _items(dossier: Dossier) -> Iterator[NumberedRecord]:
    yield NumberedRecord(0, dossier, None)
    for number, record in enumerate(dossier.meetings, 1):
        yield NumberedRecord(number, None, record)


def _once(rows: Callable[[Dossier], Iterable[Row]]) -> Callable[[NumberedRecord], Iterable[Row]]:
    return lambda item: rows(item.frame) if item.frame else ()


def _each(rows: Callable[[MeetingRecord], Iterable[Row]]) -> Callable[[NumberedRecord], Iterable[Row]]:
    return lambda item: rows(item.record) if item.record else ()


def _articles(dossier: Dossier) -> Iterator[Row]:
    for position, about in enumerate(dossier.articles, 1):
        yield about.id, position, about.sha256, about.published, about.title, about.source, about.url


def _warnings(dossier: Dossier) -> Iterator[Row]:
    return ((number, warning.code, warning.message) for number, warning in enumerate(dossier.warnings, 1))


def _meetings(item: NumberedRecord) -> Iterator[Row]:
    if record := item.record:
        yield (
            record.id,
            item.number,
            "; ".join(party.name for party in record.participants),
            record.status.value,
            record.status_corrected,
            record.kind.value.value if record.kind.value else None,
            record.date.value,
            *days(record.date.value),
            record.place.value,
            record.event.value,
            len(record.mentions),
            len(record.contradictions),
        )


def _mentions(record: MeetingRecord) -> Iterator[Row]:
    reasons = {(reason.article, reason.meeting): reason.message for reason in record.reasons}
    for number, mention in enumerate(record.mentions, 1):
        yield record.id, number, mention.article, mention.meeting.id, reasons.get((mention.article, mention.meeting.id))


def _participants(record: MeetingRecord) -> Iterator[Row]:
    return ((record.id, number, party.name) for number, party in enumerate(record.participants, 1))


class _Value(NamedTuple):
    field: Field
    participant: int | None
    value: str
    sources: tuple[Source, ...]
    taken: bool
    conflicting: bool
    corrected: bool


def _values(record: MeetingRecord) -> Iterator[_Value]:
    """Yield what articles and corrections say about each field."""
    yield from _of_fact(Field.KIND, record.kind)
    for field, fact in ((Field.DATE, record.date), (Field.PLACE, record.place), (Field.EVENT, record.event)):
        yield from _of_fact(field, fact)
    for number, party in enumerate(record.participants, 1):
        for field, several in _of_party(party):
            for sourced in several:
                yield _Value(field, number, sourced.value, sourced.sources, taken=False, conflicting=False, corrected=False)


def _of_party(party: Participant) -> tuple[tuple[Field, tuple[Sourced[str], ...]], ...]:
    return (Field.NAME, party.other_names), (Field.ROLE, party.roles), (Field.AFFILIATION, party.affiliations)


def _of_fact(field: Field, fact: Fact[MeetingKind] | Fact[str]) -> Iterator[_Value]:
    values = [(str(sourced.value), sourced.sources) for sourced in fact.given]
    taken = None if fact.value is None else str(fact.value)
    if taken is not None and taken not in {value for value, _ in values}:
        values.insert(0, (taken, ()))
    for value, sources in values:
        yield _Value(field, None, value, sources, value == taken, fact.conflicting, fact.corrected and value == taken)


def _facts(record: MeetingRecord) -> Iterator[Row]:
    for number, said in enumerate(_values(record), 1):
        yield record.id, number, said.field.value, said.participant, said.value, said.taken, said.conflicting, said.corrected


def _history(record: MeetingRecord) -> Iterator[Row]:
    for number, one in enumerate(record.history, 1):
        yield record.id, number, one.published, one.status.value, one.source.article, one.source.meeting


def _claims(record: MeetingRecord) -> Iterator[Row]:
    for number, claim in enumerate(record.claims, 1):
        evidence = " ".join(span.text for span in claim.source.spans)
        yield record.id, number, claim.by, claim.stance.value, claim.published, claim.source.article, claim.source.meeting, evidence


def _contradictions(record: MeetingRecord) -> Iterator[Row]:
    return ((record.id, number, one.confirming, one.denying, one.since) for number, one in enumerate(record.contradictions, 1))


def _quotes(record: MeetingRecord) -> Iterator[Row]:
    for number, said in enumerate(record.quotes, 1):
        about, source = said.quote, said.source
        yield (
            record.id,
            number,
            said.speaker,
            about.kind.value,
            said.published,
            source.article,
            source.meeting,
            about.id,
            quoted(about.segments),
        )


def _sources(record: MeetingRecord) -> Iterator[Row]:
    number = 0
    for field, item, sources in _all_sources(record):
        for source in sources:
            for span in source.spans or (None,):
                number += 1
                place = (span.start, span.end, span.text) if span else (None, None, None)
                yield record.id, number, field.value, item, source.article, source.meeting, *place


def _all_sources(record: MeetingRecord) -> Iterator[tuple[Field, int, tuple[Source, ...]]]:
    """Yield what each row of another table rests on: its field, its number there, its sources."""
    for number, said in enumerate(_values(record), 1):
        yield said.field, number, said.sources
    for number, party in enumerate(record.participants, 1):
        yield Field.PARTICIPANT, number, party.sources
    single = [(Field.STATUS, number, status.source) for number, status in enumerate(record.history, 1)]
    single += [(Field.CLAIM, number, claim.source) for number, claim in enumerate(record.claims, 1)]
    single += [(Field.QUOTE, number, quote.source) for number, quote in enumerate(record.quotes, 1)]
    for field, number, source in single:
        yield field, number, (source,)


MEETING = Column("meeting", "Id of the record")
NUMBER = Column("number", "Its place among its like, from 1", ColumnType.INTEGER)
PUBLISHED = Column("published", "Day of publication; empty where it is not known", ColumnType.DATE, optional=True)
ARTICLE = Column("article", "Id of the article")
MENTION = Column("mention", "Id of the meeting within the result of that article")
TO_MEETING = Reference(("meeting",), "meetings", ("meeting",))
TO_ARTICLE = Reference(("article",), "articles", ("article",))
FIELD = Column("field", "What it is about", labels=Field)

TABLES: tuple[Table[NumberedRecord], ...] = (
    Table(
        "articles",
        "An article that was read",
        (
            ARTICLE,
            Column("position", "Its place in the order of publication, from 1", ColumnType.INTEGER),
            Column("sha256", "SHA-256 of its text in UTF-8"),
            PUBLISHED,
            Column("title", "Headline", optional=True),
            Column("source", "Who published it", optional=True),
            Column("url", "Where it was published", optional=True),
        ),
        ("article",),
        _once(_articles),
    ),
    Table(
        "warnings",
        "Something that a reader should know",
        (NUMBER, Column("code", "What kind of thing it is"), Column("message", "The same in a sentence")),
        ("number",),
        _once(_warnings),
    ),
    Table(
        "meetings",
        "A meeting, as all articles together tell of it",
        (
            MEETING,
            NUMBER,
            Column("participants", "Who meets, with '; ' between the names"),
            Column("status", "How settled it is by the latest article", labels=MeetingStatus),
            Column("status_corrected", "Whether the status was set by a person", ColumnType.BOOLEAN),
            Column("kind", "The form that it takes", optional=True, labels=MeetingKind),
            Column("date", "Date in EDTF; empty where no article gives a clue", optional=True),
            Column("first_day", "First day of the date; empty where open or not known", ColumnType.DATE, optional=True),
            Column("last_day", "Last day of the date; empty where open or not known", ColumnType.DATE, optional=True),
            Column("place", "Where, as an article writes it", optional=True),
            Column("event", "The summit, ceremony or visit that it belongs to", optional=True),
            Column("mentions", "Number of mentions in articles", ColumnType.INTEGER),
            Column("contradictions", "Number of pairs of parties of which one confirms and the other denies", ColumnType.INTEGER),
        ),
        ("meeting",),
        _meetings,
    ),
    Table(
        "mentions",
        "The meeting as one article has it",
        (MEETING, NUMBER, ARTICLE, MENTION, Column("reason", "Why it belongs to this record", optional=True)),
        ("meeting", "number"),
        _each(_mentions),
        (TO_MEETING, TO_ARTICLE),
    ),
    Table(
        "participants",
        "A party to a meeting",
        (MEETING, NUMBER, Column("name", "The fullest form of the name that any article has")),
        ("meeting", "number"),
        _each(_participants),
        (TO_MEETING,),
    ),
    Table(
        "facts",
        "A value that articles or a person give for a field",
        (
            MEETING,
            NUMBER,
            FIELD,
            Column("participant", "Number of the participant that it is about", ColumnType.INTEGER, optional=True),
            Column("value", "What is given"),
            Column("taken", "Whether it is the value of the record", ColumnType.BOOLEAN),
            Column("conflicting", "Whether two values of this field can't both be true", ColumnType.BOOLEAN),
            Column("corrected", "Whether a person set it", ColumnType.BOOLEAN),
        ),
        ("meeting", "number"),
        _each(_facts),
        (TO_MEETING, Reference(("meeting", "participant"), "participants", ("meeting", "number"))),
    ),
    Table(
        "history",
        "How settled the meeting was as of one article",
        (MEETING, NUMBER, PUBLISHED, Column("status", "How settled it is", labels=MeetingStatus), ARTICLE, MENTION),
        ("meeting", "number"),
        _each(_history),
        (TO_MEETING, TO_ARTICLE),
    ),
    Table(
        "claims",
        "What somebody says, in one article, about whether the meeting takes place",
        (
            MEETING,
            NUMBER,
            Column("party", "Who says it"),
            Column("stance", "What they say", labels=Stance),
            PUBLISHED,
            ARTICLE,
            MENTION,
            Column("evidence", "The sentence that reports it"),
        ),
        ("meeting", "number"),
        _each(_claims),
        (TO_MEETING, TO_ARTICLE),
    ),
    Table(
        "contradictions",
        "Two parties of which one confirms the meeting and the other denies it",
        (
            MEETING,
            NUMBER,
            Column("confirming", "Who confirms"),
            Column("denying", "Who denies"),
            Column("since", "Day of publication from which both stood in print", ColumnType.DATE, optional=True),
        ),
        ("meeting", "number"),
        _each(_contradictions),
        (TO_MEETING,),
    ),
    Table(
        "quotes",
        "Words about the meeting, as one article quotes them",
        (
            MEETING,
            NUMBER,
            Column("speaker", "Whose words they are; empty where the article does not tell", optional=True),
            Column("kind", "How the words are reported", labels=QuoteKind),
            PUBLISHED,
            ARTICLE,
            MENTION,
            Column("quote", "Id of the quote within the result of that article"),
            Column("text", "The words; ' […] ' stands where a cue breaks them"),
        ),
        ("meeting", "number"),
        _each(_quotes),
        (TO_MEETING, TO_ARTICLE),
    ),
    Table(
        "sources",
        "An article, and where known the characters of it, that something rests on",
        (
            MEETING,
            NUMBER,
            FIELD,
            Column("item", "Number of the row in facts, participants, history, claims or quotes, by the field", ColumnType.INTEGER),
            ARTICLE,
            MENTION,
            Column("start_char", "First code point within the text of the article", ColumnType.INTEGER, optional=True),
            Column("end_char", "One past the last code point", ColumnType.INTEGER, optional=True),
            Column("text", "The characters themselves", optional=True),
        ),
        ("meeting", "number"),
        _each(_sources),
        (TO_MEETING, TO_ARTICLE),
    ),
)

VIEWS = (
    View(
        "who_met_whom",
        "Two participants of one meeting",
        "SELECT a.name AS party, b.name AS other, m.status, m.kind, m.date, m.first_day, m.place, m.meeting FROM meetings m "
        "JOIN participants a ON a.meeting = m.meeting JOIN participants b ON b.meeting = m.meeting AND a.number < b.number",
    ),
    View(
        "status_by_date",
        "The status of a meeting by day of publication",
        "SELECT h.published, h.status, m.participants, m.date, m.place, h.article, h.meeting FROM history h "
        "JOIN meetings m ON m.meeting = h.meeting",
    ),
    View(
        "who_claims_what",
        "A claim, with the meeting that it is about",
        "SELECT c.published, c.party, c.stance, m.participants, m.status, m.date, m.place, c.evidence, c.article, c.meeting "
        "FROM claims c JOIN meetings m ON m.meeting = c.meeting",
    ),
)

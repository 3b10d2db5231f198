"""The tables of results: articles, meetings, participants, claims, quotes, records, and the spans that all of it rests on.

From them results can be made again, with nothing lost; `llm_extract.export` says in which forms.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from hashlib import sha256

from llm_extract.errors import OutputError
from llm_extract.layouts import Layout
from llm_extract.parts import Part, of_result
from llm_extract.record_tables import NamedResult, days, record_tables
from llm_extract.schema import Extraction, MeetingKind, MeetingStatus, Party, QuoteKind, Span, Stance
from llm_extract.tables import Column, ColumnType, Reference, Row, Table, TableSet, View

__all__ = ["NamedResult", "days", "named_results", "party_cells", "quoted", "result_tables"]

BETWEEN_SEGMENTS = " […] "
BETWEEN_NAMES = "; "
_SHOWN = 80


ARTICLE = Column("article", "Key of the article")
MEETING = Column("meeting", "Id of the meeting within its article")
NUMBER = Column("number", "Its place among its like, from 1", ColumnType.INTEGER)
ROLE = Column("role", "Office or title, as the article gives it", optional=True)
AFFILIATION = Column("affiliation", "State or institution that the party stands for, as the article gives it", optional=True)
TO_ARTICLE = Reference(("article",), "articles", ("article",))
TO_MEETING = Reference(("article", "meeting"), "meetings", ("article", "meeting"))


def result_tables(results: Iterable[Extraction], kinds: Mapping[str, Layout] | None = None) -> TableSet[NamedResult]:
    """Lay out results as tables; consumed one by one as the rows are asked for.

    An article is known by its id. Where results have the same id, the second has the key `id#2` and so on.

    Args:
        results: Of which the rows are made.
        kinds: What the records of each kind consist of; None where there are no records, for which there are then no tables.

    Raises:
        OutputError: While rows are made: a result has two meetings, quotes or records of one id, a quote about a meeting that is not
            there, or a record of another kind than those of `kinds`.
    """
    known = kinds or {}
    meaning = "Meetings and quotes from news articles, every fact on the characters that it rests on."
    return TableSet(_with_records(known) if known else TABLES, _of_kinds(named_results(results), known), VIEWS, meaning)


def _with_records(kinds: Mapping[str, Layout]) -> tuple[Table[NamedResult], ...]:
    *others, spans = TABLES
    labelled = {"part": Column("part", "What they are to the meeting or quote; of a value of a record, its place there")}
    columns = [labelled.get(column.name, column) for column in spans.columns]
    columns.insert(-3, Column("record", "Id of the record that they belong to; empty where they belong to none", optional=True))
    to_record = Reference(("article", "record"), "records", ("article", "record"))
    extended = replace(spans, columns=tuple(columns), rows=_spans_of_all, references=(*spans.references, to_record))
    taken = [*(table.name for table in others), *(view.name for view in VIEWS)]
    return (*others, *record_tables(kinds, taken), extended)


def _of_kinds(results: Iterable[NamedResult], kinds: Mapping[str, Layout]) -> Iterator[NamedResult]:
    for named in results:
        for record in named.result.records:
            if record.kind not in kinds:
                what = f"The result of the article {named.article[:_SHOWN]!r} has a record of the schema {record.kind[:_SHOWN]!r}"
                raise OutputError(f"{what}, which was not described.", remedy="Leave the schema out: then the records tell.")
        yield named


def party_cells(party: Party | None) -> tuple[str | None, str | None, str | None]:
    """Return name, role and affiliation."""
    return (party.name, party.role, party.affiliation) if party else (None, None, None)


def quoted(segments: Iterable[Span]) -> str:
    """Put the segments of a quote on one line, with a mark between them that the article does not have."""
    return BETWEEN_SEGMENTS.join(segment.text for segment in segments)


def named_results(results: Iterable[Extraction]) -> Iterator[NamedResult]:
    """Yield results with the keys of their articles.

    Raises:
        OutputError: A result contradicts itself; see `result_tables`.
    """
    # Digests and not ids, so that 100,000 articles take little room however long their ids are.
    times: Counter[bytes] = Counter()
    for position, result in enumerate(results, start=1):
        _check(result)
        yield NamedResult(_key(result.article.id, times), position, result)


def _key(identifier: str, times: Counter[bytes]) -> str:
    key = identifier
    while (digest := sha256(key.encode()).digest()) in times:
        original = sha256(identifier.encode()).digest()
        times[original] += 1
        key = f"{identifier}#{times[original]}"
    times[digest] = 1
    return key


def _check(result: Extraction) -> None:
    meetings = Counter(meeting.id for meeting in result.meetings)
    quotes = Counter(quote.id for quote in result.quotes)
    where = f"The result of the article {result.article.id[:_SHOWN]!r}"
    remedy = "Run `llm-extract run` on it again, or leave the line out."
    records = Counter(record.id for record in result.records)
    for what, times in (("meetings", meetings), ("quotes", quotes), ("records", records)):
        for identifier, count in times.items():
            if count > 1:
                raise OutputError(f"{where} has {count} {what} of the id {identifier[:_SHOWN]!r}.", remedy=remedy)
    for quote in result.quotes:
        if quote.meeting is not None and quote.meeting not in meetings:
            raise OutputError(f"{where} has a quote about the meeting {quote.meeting[:_SHOWN]!r}, which it does not have.", remedy=remedy)


def _articles(named: NamedResult) -> Iterator[Row]:
    result, about, usage = named.result, named.result.article, named.result.usage
    yield (
        named.article,
        named.position,
        about.id,
        about.sha256,
        about.published,
        about.title,
        about.source,
        about.url,
        result.text,
        result.schema_version,
        result.fingerprint,
        result.model,
        usage.requests,
        usage.prompt_tokens,
        usage.completion_tokens,
    )


def _prompts(named: NamedResult) -> Iterator[Row]:
    return ((named.article, prompt, version) for prompt, version in sorted(named.result.prompts.items()))


def _warnings(named: NamedResult) -> Iterator[Row]:
    return ((named.article, number, warning.code, warning.message) for number, warning in enumerate(named.result.warnings, 1))


def _meetings(named: NamedResult) -> Iterator[Row]:
    for number, meeting in enumerate(named.result.meetings, 1):
        when, place, event = (span.text if span else None for span in (meeting.when, meeting.place, meeting.event))
        yield (
            named.article,
            meeting.id,
            number,
            BETWEEN_NAMES.join(party.name for party in meeting.participants),
            meeting.status.value,
            meeting.kind.value,
            meeting.date,
            *days(meeting.date),
            when,
            place,
            event,
            BETWEEN_NAMES.join(topic.text for topic in meeting.topics) or None,
        )


def _participants(named: NamedResult) -> Iterator[Row]:
    for meeting in named.result.meetings:
        for number, party in enumerate(meeting.participants, 1):
            yield named.article, meeting.id, number, *party_cells(party)


def _claims(named: NamedResult) -> Iterator[Row]:
    for meeting in named.result.meetings:
        for number, claim in enumerate(meeting.claims, 1):
            yield named.article, meeting.id, number, *party_cells(claim.by), claim.stance.value, claim.evidence.text


def _quotes(named: NamedResult) -> Iterator[Row]:
    for number, quote in enumerate(named.result.quotes, 1):
        yield (
            named.article,
            quote.id,
            number,
            *party_cells(quote.speaker),
            quote.kind.value,
            quote.cue.text if quote.cue else None,
            quote.addressee.text if quote.addressee else None,
            quote.meeting,
            quoted(quote.segments),
        )


def _spans(named: NamedResult) -> Iterator[Row]:
    result = named.result
    for number, (part, item, span, meeting, quote, _) in enumerate(of_result(result.meetings, result.quotes), 1):
        yield named.article, number, str(part), item, meeting, quote, span.start, span.end, span.text


def _spans_of_all(named: NamedResult) -> Iterator[Row]:
    result = named.result
    for number, (part, item, span, *owner) in enumerate(of_result(result.meetings, result.quotes, result.records), 1):
        yield named.article, number, str(part), item, *owner, span.start, span.end, span.text


TABLES: tuple[Table[NamedResult], ...] = (
    Table(
        "articles",
        "An article that was read, and with what",
        (
            ARTICLE,
            Column("position", "Its place among the results, from 1", ColumnType.INTEGER),
            Column("id", "Its name in the results"),
            Column("sha256", "SHA-256 of its text in UTF-8"),
            Column("published", "Day of publication; empty where it is not known", ColumnType.DATE, optional=True),
            Column("title", "Headline", optional=True),
            Column("source", "Who published it", optional=True),
            Column("url", "Where it was published", optional=True),
            Column("text", "Its text, to which all offsets refer; empty where it was left out", optional=True),
            Column("schema_version", "Version of the form of the result"),
            Column("fingerprint", "Digest of all that determines the result", optional=True),
            Column("model", "Which model answered"),
            Column("requests", "Requests sent, retries included", ColumnType.INTEGER),
            Column("prompt_tokens", "Tokens that the model read", ColumnType.INTEGER),
            Column("completion_tokens", "Tokens that the model wrote", ColumnType.INTEGER),
        ),
        ("article",),
        _articles,
    ),
    Table(
        "prompts",
        "A prompt that was used for an article",
        (ARTICLE, Column("prompt", "Name of the prompt"), Column("version", "Its version")),
        ("article", "prompt"),
        _prompts,
        (TO_ARTICLE,),
    ),
    Table(
        "warnings",
        "Something that a user of the result should know",
        (ARTICLE, NUMBER, Column("code", "What kind of thing it is"), Column("message", "The same in a sentence")),
        ("article", "number"),
        _warnings,
        (TO_ARTICLE,),
    ),
    Table(
        "meetings",
        "A meeting, as one article reports it",
        (
            ARTICLE,
            MEETING,
            NUMBER,
            Column("participants", f"Who meets, with {BETWEEN_NAMES!r} between the names"),
            Column("status", "How settled it is, as of publication", labels=MeetingStatus),
            Column("kind", "The form that it takes", labels=MeetingKind),
            Column("date", "Date in EDTF; empty where the article gives no clue", optional=True),
            Column("first_day", "First day of the date; empty where open or not known", ColumnType.DATE, optional=True),
            Column("last_day", "Last day of the date; empty where open or not known", ColumnType.DATE, optional=True),
            Column("written", "The date as the article writes it", optional=True),
            Column("place", "City, building or country", optional=True),
            Column("event", "The summit, ceremony or visit that it belongs to", optional=True),
            Column("topics", f"What was or is to be talked about, with {BETWEEN_NAMES!r} between", optional=True),
        ),
        ("article", "meeting"),
        _meetings,
        (TO_ARTICLE,),
    ),
    Table(
        "participants",
        "A party to a meeting",
        (ARTICLE, MEETING, NUMBER, Column("name", "The fullest form of the name that the article uses"), ROLE, AFFILIATION),
        ("article", "meeting", "number"),
        _participants,
        (TO_MEETING,),
    ),
    Table(
        "claims",
        "What somebody says about whether a meeting takes place",
        (
            ARTICLE,
            MEETING,
            NUMBER,
            Column("party", "Who says it"),
            ROLE,
            AFFILIATION,
            Column("stance", "What they say", labels=Stance),
            Column("evidence", "The sentence that reports it"),
        ),
        ("article", "meeting", "number"),
        _claims,
        (TO_MEETING,),
    ),
    Table(
        "quotes",
        "Words that an article reports as somebody's",
        (
            ARTICLE,
            Column("quote", "Id of the quote within its article"),
            NUMBER,
            Column("speaker", "Whose words they are; empty where the article does not tell", optional=True),
            ROLE,
            AFFILIATION,
            Column("kind", "How the words are reported", labels=QuoteKind),
            Column("cue", "What introduces the words, such as said", optional=True),
            Column("addressee", "To whom or through which medium they were said", optional=True),
            Column("meeting", "Id of the meeting that they are about", optional=True),
            Column("text", f"The words; {BETWEEN_SEGMENTS!r} stands where a cue breaks them"),
        ),
        ("article", "quote"),
        _quotes,
        (TO_ARTICLE, TO_MEETING),
    ),
    Table(
        "spans",
        "Characters of an article that a fact rests on",
        (
            ARTICLE,
            NUMBER,
            Column("part", "What they are to the meeting or quote", labels=Part),
            Column("item", "Which one of several: of the third participant, 3", ColumnType.INTEGER),
            Column("meeting", "Id of the meeting that they belong to; empty where they belong to a quote", optional=True),
            Column("quote", "Id of the quote that they belong to; empty where they belong to a meeting", optional=True),
            Column("start_char", "First code point within the text of the article", ColumnType.INTEGER),
            Column("end_char", "One past the last code point", ColumnType.INTEGER),
            Column("text", "The characters themselves"),
        ),
        ("article", "number"),
        _spans,
        (TO_ARTICLE, TO_MEETING, Reference(("article", "quote"), "quotes", ("article", "quote"))),
    ),
)

VIEWS = (
    View(
        "who_met_whom",
        "Two participants of one meeting",
        "SELECT a.name AS party, b.name AS other, m.status, m.kind, m.date, m.first_day, m.place, m.article, m.meeting "
        "FROM meetings m JOIN participants a ON a.article = m.article AND a.meeting = m.meeting "
        "JOIN participants b ON b.article = m.article AND b.meeting = m.meeting AND a.number < b.number",
    ),
    View(
        "who_said_how_much",
        "A speaker, with the number of quotes, of articles and of quoted characters",
        "SELECT q.speaker, count(DISTINCT q.article || ' ' || q.quote) AS quotes, count(DISTINCT q.article) AS articles, "
        "sum(s.end_char - s.start_char) AS characters FROM quotes q "
        "JOIN spans s ON s.article = q.article AND s.quote = q.quote AND s.part = 'segment' "
        "WHERE q.speaker IS NOT NULL GROUP BY q.speaker",
    ),
    View(
        "status_by_date",
        "A day of publication and a status, with the number of meetings",
        "SELECT a.published, m.status, count(*) AS meetings FROM meetings m "
        "JOIN articles a ON a.article = m.article GROUP BY a.published, m.status",
    ),
    View(
        "who_claims_what",
        "A claim, with the meeting and the day of publication",
        "SELECT a.published, c.party, c.stance, m.participants, m.status, m.date, m.place, c.evidence, m.article, m.meeting "
        "FROM claims c JOIN meetings m ON m.article = c.article AND m.meeting = c.meeting JOIN articles a ON a.article = c.article",
    ),
)

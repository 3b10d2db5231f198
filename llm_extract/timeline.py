"""A dossier for people: the story of each meeting, article by article, as text in a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from llm_extract.dossier import Contradiction, Dossier, Fact, MeetingMention, MeetingRecord, Participant, ReportedQuote
from llm_extract.errors import OutputError
from llm_extract.plurals import counted
from llm_extract.schema import ArticleReference, MeetingKind, MeetingStatus, Stance
from llm_extract.show import STATUS_STYLES
from llm_extract.visible import visible

__all__ = ["render_record", "show_dossier"]

_RAIL, _MARK = "│ ", "● "
_BETWEEN_SEGMENTS = " […] "
_FEW_QUOTES = 2
"""Quotes of one article that are shown, unless all are asked for."""
_NARROW = 60
"""Columns below which an article's title has a line of its own."""
_SMALLEST = 10
_STANCE_STYLES = {Stance.CONFIRMS: "green", Stance.EXPECTS: "cyan", Stance.UNCERTAIN: "yellow", Stance.DENIES: "red"}
_FORMS = {MeetingKind.IN_PERSON: "", MeetingKind.ENCOUNTER: "brief encounter", MeetingKind.CALL: "call"}


def show_dossier(dossier: Dossier, console: Console, *, articles: Iterable[str] = (), full: bool = False) -> None:
    """Print the meetings of a dossier in the order of their dates, each with its history, and count them at the end.

    Args:
        dossier: What to print.
        console: Where to; its width is kept to, and colours are used where it has them.
        articles: Only meetings that one of these articles tells of, by their ids; empty prints all.
        full: Also print all quotes to their end, other forms of names, offices, and why the mentions are one meeting.

    Raises:
        OutputError: An id of `articles` is not among the articles of the dossier.
    """
    references = {article.id: article for article in dossier.articles}
    wanted = set(articles)
    if missing := wanted - references.keys():
        names = ", ".join(map(repr, sorted(missing)))
        raise OutputError(f"The dossier has no article {names}.", remedy="Without --article, all meetings are shown.")
    records = [record for record in dossier.meetings if not wanted or wanted & {mention.article for mention in record.mentions}]
    for record in records:
        for line in render_record(record, references, console, full=full):
            console.print(line, no_wrap=True, crop=False)
    notes = [Text(f"! {visible(warning.message)}", "yellow") for warning in dossier.warnings]
    notes.append(Text(f"{counted(len(records), 'meeting')}, {counted(len(dossier.articles), 'article')}", "dim"))
    for line in (line for note in notes for line in _wrapped(note, console, "", "  ")):
        console.print(line, no_wrap=True, crop=False)


def render_record(
    record: MeetingRecord, articles: Mapping[str, ArticleReference], console: Console, *, full: bool = False
) -> Iterator[Text]:
    """Yield the lines of one meeting: who, when and where, what articles say differently, and its history.

    Args:
        record: The meeting.
        articles: The articles of the dossier, by id.
        console: For which width.
        full: As in `show_dossier`.
    """
    yield from _heading(record, console)
    for line in _differences(record, full=full):
        yield from _wrapped(line, console, "", "  ")
    narrow = console.width < _NARROW
    for article, mentions in groupby(record.mentions, key=lambda mention: mention.article):
        before: Text | None = None
        for mention in mentions:
            stop = _stop(mention, articles[article])
            if (narrow or before) and stop != before:
                yield _cut(stop, console.width)
            if not before:
                title = _title(articles[article], full=full)
                yield from _wrapped(title, console, _RAIL if narrow else stop, Text(_RAIL, "dim") if narrow else _under(stop))
            before = stop
            for line in _told(record, mention, full=full):
                yield from _wrapped(line, console, Text(_RAIL, "dim") if narrow else _under(stop))
    for line in map(_dispute, record.contradictions):
        yield from _wrapped(line, console, "", "  ")
    yield Text()


def _heading(record: MeetingRecord, console: Console) -> Iterator[Text]:
    who = Text(visible(" – ".join(party.name for party in record.participants)) or "Nobody named", "bold")
    status = Text(_words(record.status) + (" *" if record.status_corrected else ""), f"bold {STATUS_STYLES[record.status]}")
    room = console.width - who.cell_len - status.cell_len
    if room > 1:
        yield who + Text(" " * room) + status
    else:
        yield from _wrapped(who, console, "")
        yield _cut(status, console.width)
    when = (record.date.value or "undated").replace("/", " to ")
    circumstances = [when, record.place.value, record.event.value, _FORMS[record.kind.value or MeetingKind.IN_PERSON]]
    yield from _wrapped(Text(" · ".join(visible(part) for part in circumstances if part), "bold dim"), console, "", "  ")


def _differences(record: MeetingRecord, *, full: bool) -> Iterator[Text]:
    """Yield what articles give beside what is taken; where both can't be true, it is marked."""
    facts: dict[str, Fact[str]] = {"date": record.date, "place": record.place, "event": record.event}
    for name, fact in facts.items():
        others = [one for one in fact.given if one.value != fact.value]
        if others and (full or fact.conflicting or fact.corrected):
            given = ", ".join(f"{visible(one.value)} ({', '.join(sorted({source.article for source in one.sources}))})" for one in others)
            mark = "! " if fact.conflicting else ""
            yield Text(f"{mark}{name} also given as {given}", "yellow" if fact.conflicting else "dim")
    if full:
        yield from (Text(line, "dim") for line in map(_known_as, record.participants) if line)


def _known_as(party: Participant) -> str:
    known = [one.value for one in (*party.other_names, *party.roles, *party.affiliations)]
    return f"{visible(party.name)}: {visible(', '.join(dict.fromkeys(known)))}" if known else ""


def _stop(mention: MeetingMention, article: ArticleReference) -> Text:
    """Return the beginning of an article's line: a mark, its day and the status, all of one width."""
    style = STATUS_STYLES[mention.meeting.status]
    day = str(article.published or "undated")
    return Text.assemble((_MARK, style), f"{day:<10} ", (f"{_words(mention.meeting.status):<9} ", style))


def _under(stop: Text) -> Text:
    return Text(f"{_RAIL:<{stop.cell_len}}", "dim")


def _title(article: ArticleReference, *, full: bool) -> Text:
    return _one_line(" · ".join(visible(part) for part in (article.title or article.id, article.source) if part), full=full)


def _told(record: MeetingRecord, mention: MeetingMention, *, full: bool) -> Iterator[Text]:
    """Yield what one article tells: who says what, words about the meeting, and why it belongs here."""
    if claims := _claims(record, mention):
        yield claims
    yield from _quotes(record, mention, full=full)
    if full:
        yield Text(f"{visible(mention.article)}#{mention.meeting.id}: {_reason(record, mention)}", "dim")


def _claims(record: MeetingRecord, mention: MeetingMention) -> Text:
    """Return who says what in one article, each once: "Ann Lee confirms, Bo Kim denies"."""
    said: dict[str, list[Stance]] = {}
    for claim in record.claims:
        if (claim.source.article, claim.source.meeting) == (mention.article, mention.meeting.id):
            said.setdefault(claim.by, []).append(claim.stance)
    parts = (
        Text.assemble(f"{visible(name)} ", Text(", ").join(Text(stance.value, _STANCE_STYLES[stance]) for stance in dict.fromkeys(stances)))
        for name, stances in said.items()
    )
    return Text("; ").join(parts)


def _quotes(record: MeetingRecord, mention: MeetingMention, *, full: bool) -> Iterator[Text]:
    here = [one for one in record.quotes if (one.source.article, one.source.meeting) == (mention.article, mention.meeting.id)]
    for quote in here if full else here[:_FEW_QUOTES]:
        yield _quote(quote, full=full)
    if len(here) > _FEW_QUOTES and not full:
        yield Text(f"… and {counted(len(here) - _FEW_QUOTES, 'more quote')}", "dim")


def _quote(quote: ReportedQuote, *, full: bool) -> Text:
    words = _BETWEEN_SEGMENTS.join(f"“{visible(segment.text)}”" for segment in quote.quote.segments)
    speaker = f"{visible(quote.speaker)}: " if quote.speaker else ""
    line = _one_line(f"{speaker}{words}", full=full)
    line.stylize("dim", 0, len(speaker))
    return line


def _dispute(one: Contradiction) -> Text:
    since = f", since {one.since}" if one.since else ""
    return Text(f"! {visible(one.confirming)} confirms what {visible(one.denying)} denies{since}", "yellow")


def _reason(record: MeetingRecord, mention: MeetingMention) -> str:
    found = (one.message for one in record.reasons if (one.article, one.meeting) == (mention.article, mention.meeting.id))
    return visible(next(found, ""))


def _one_line(text: str, *, full: bool) -> Text:
    return Text(text) if full else Text(text, no_wrap=True, overflow="ellipsis")


def _wrapped(text: Text, console: Console, before: Text | str, under: Text | str | None = None) -> Iterator[Text]:
    """Yield a text in lines that fit, with `before` at the head of the first and `under` at that of the others."""
    room = max(_SMALLEST, console.width - cell_len(str(before)))
    lines = [_cut(text, room)] if text.no_wrap else [*text.wrap(console, room)]
    for number, line in enumerate(lines):
        yield _cut(Text.assemble(before if not number or under is None else under, line), console.width)


def _cut(text: Text, width: int) -> Text:
    text = text.copy()
    text.rstrip()
    text.truncate(width, overflow="ellipsis")
    return text


def _words(status: MeetingStatus) -> str:
    return status.value.replace("_", " ")

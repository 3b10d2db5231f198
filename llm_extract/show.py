"""Results for people: meetings, quotes and records as tables in a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rich import box
from rich.console import Console, ConsoleOptions, Group, RenderableType
from rich.measure import Measurement
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from llm_extract.errors import OutputError
from llm_extract.plurals import counted
from llm_extract.schema import Extraction, Meeting, MeetingStatus, Party, Quote, Record, Span
from llm_extract.visible import visible
from llm_extract.wording import by_kind, columns_of, holds_only_records, in_words, named

__all__ = ["STATUS_STYLES", "render", "show"]

STATUS_STYLES = {
    MeetingStatus.HELD: "green",
    MeetingStatus.PLANNED: "cyan",
    MeetingStatus.TENTATIVE: "yellow",
    MeetingStatus.CANCELLED: "red",
    MeetingStatus.RULED_OUT: "magenta",
}

_NOTHING = "–"
_BETWEEN_SEGMENTS = " […] "
_CELL_CHARS = 120
_WORD_CHARS = 24
"""What is longer and has no space, such as an address, may be broken."""
_ENDLESS = 10_000
"""Columns; what is measured is never wider than the console is said to be."""


def show(results: Iterable[Extraction], console: Console, *, articles: Iterable[str] = (), full: bool = False) -> None:
    """Print results, article by article, and count them at the end.

    Args:
        results: What to print; consumed one by one.
        console: Where to; its width is kept to, and colours are used where it has them.
        articles: The ids to print; empty prints all.
        full: Print quotes and values to their end, on several lines where needed, not the beginning.

    Raises:
        OutputError: An id of `articles` is not among the results.
    """
    wanted, missing = set(articles), set(articles)
    counts: Counter[str] = Counter()
    for result in results:
        if wanted and result.article.id not in wanted:
            continue
        missing.discard(result.article.id)
        counts += _counts(result)
        console.print(render(result, full=full))
    if missing:
        names = ", ".join(map(repr, sorted(missing)))
        raise OutputError(f"There is no result for the article {names}.", remedy="Without --article, all are shown.")
    console.print(Text(_told(counts), "dim"))


def render(result: Extraction, *, full: bool = False) -> RenderableType:
    """Lay out one article's results."""
    article = result.article
    about = [str(article.published or "undated"), article.source, article.id if article.title else None, result.model]
    heading = Text(visible(article.title or article.id), style="bold")
    under = Text(" · ".join(visible(part) for part in about if part), style="dim")
    warnings = [Text(f"! {visible(warning.message)}", style="yellow") for warning in result.warnings]
    tables = [*_own(result, full=full)]
    if not holds_only_records(result):
        tables = [_meetings(result.meetings), _quotes(result.quotes, full=full), *tables]
    return Group(heading, under, *(Padding(table, (1, 0, 0, 2)) for table in tables), *warnings, Text())


def _counts(result: Extraction) -> Counter[str]:
    found = {"meeting": len(result.meetings), "quote": len(result.quotes), "record": len(result.records)}
    return Counter({"article": 1, **found, "other": not holds_only_records(result)})


def _told(counts: Counter[str]) -> str:
    """Count what there is: meetings and quotes unless only records were asked for, and records where there are any."""
    only_records = counts["article"] and not counts["other"]
    nouns = ["article", *([] if only_records else ["meeting", "quote"]), *(["record"] if only_records or counts["record"] else [])]
    return ", ".join(counted(counts[noun], noun) for noun in nouns)


def _meetings(meetings: Iterable[Meeting]) -> RenderableType:
    rows = [(_status(meeting), _who(meeting), _when(meeting), _where(meeting), _claims(meeting)) for meeting in meetings]
    if not rows:
        return Text("No meetings", style="dim")
    table = _table(counted(len(rows), "meeting").capitalize())
    table.add_column("Status", no_wrap=True)
    table.add_column("Who", ratio=3)
    table.add_column("When", ratio=2)
    table.add_column("Where", ratio=3)
    table.add_column("Who says so", ratio=3)
    for row in rows:
        table.add_row(*row)
    return table


def _quotes(quotes: Iterable[Quote], *, full: bool) -> RenderableType:
    rows = [(Text(_name(quote.speaker), style="bold"), _words(quote), _how(quote)) for quote in quotes]
    if not rows:
        return Text("No quotes", style="dim")
    table = _table(counted(len(rows), "quote").capitalize())
    table.add_column("Speaker", max_width=26, overflow="ellipsis")
    table.add_column("Words", ratio=1, no_wrap=not full, overflow="fold" if full else "ellipsis")
    table.add_column("How", max_width=22, no_wrap=not full, overflow="ellipsis")
    for row in rows:
        table.add_row(*row)
    return table


def _own(result: Extraction, *, full: bool) -> Iterator[RenderableType]:
    """Lay out records, a table for each schema."""
    if holds_only_records(result) and not result.records:
        yield Text("No records", style="dim")
    for kind, records in by_kind(result.records).items():
        yield _Records(kind, records, full)


@dataclass(frozen=True)
class _Records:
    """The records of a kind: a row for each or, where a word would have to be broken, a row for each field of each."""

    kind: str
    records: Sequence[Record]
    full: bool

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        wide = self._wide()
        least = Measurement.get(console, options.update(max_width=_ENDLESS), wide).minimum
        yield wide if least <= options.max_width else self._long()

    def _wide(self) -> Table:
        table, fields = self._table(), columns_of(self.records)
        columns = {field: [_value(record, field, full=self.full) for record in self.records] for field in fields}
        for field, values in columns.items():
            table.add_column(visible(named(field)), overflow="fold", no_wrap=all(_is_word(value) for value in values))
        for record, *values in zip(self.records, *columns.values(), strict=True):
            table.add_row(visible(record.id), *values)
        return table

    def _long(self) -> Table:
        table, fields = self._table(), columns_of(self.records)
        table.add_column("Field", style="dim", max_width=26, overflow="fold")
        table.add_column("Value", ratio=1, overflow="fold")
        for record in self.records:
            for number, field in enumerate(fields):
                table.add_row("" if number else visible(record.id), visible(named(field)), _value(record, field, full=self.full))
        return table

    def _table(self) -> Table:
        table = _table(visible(f"{named(self.kind).capitalize()}: {counted(len(self.records), 'record')}"))
        table.add_column("", style="dim", no_wrap=True)
        return table


def _value(record: Record, field: str, *, full: bool) -> Text:
    words = visible(in_words(record.value.get(field)))
    if not words:
        return Text(_NOTHING, style="dim")
    return Text(words if full or len(words) <= _CELL_CHARS else f"{words[: _CELL_CHARS - 1].rstrip()}…")


def _is_word(value: Text) -> bool:
    return len(value.plain) <= _WORD_CHARS and not any(character.isspace() for character in value.plain)


def _table(title: str) -> Table:
    style = {"title_justify": "left", "title_style": "bold underline", "header_style": "dim"}
    return Table(title=title, box=box.SIMPLE_HEAD, expand=True, pad_edge=False, **style)  # type: ignore[arg-type]


def _status(meeting: Meeting) -> Text:
    return Text(meeting.status.value.replace("_", " "), style=STATUS_STYLES[meeting.status])


def _who(meeting: Meeting) -> Text:
    return Text("\n".join(_name(party) for party in meeting.participants) or _NOTHING, style="bold")


def _when(meeting: Meeting) -> Text:
    written = f"“{_written(meeting.when)}”" if meeting.when else ""
    return _lines(meeting.date or "", written)


def _where(meeting: Meeting) -> Text:
    kind = "" if meeting.kind == "in_person" else meeting.kind.value
    return _lines(_written(meeting.place), _written(meeting.event), kind)


def _claims(meeting: Meeting) -> Text:
    return _lines(*dict.fromkeys(f"{_name(claim.by)} {claim.stance.value}" for claim in meeting.claims))


def _words(quote: Quote) -> Text:
    return Text(_BETWEEN_SEGMENTS.join(f"“{_written(segment)}”" for segment in quote.segments))


def _how(quote: Quote) -> Text:
    return Text(", ".join(filter(None, [quote.kind.value, _written(quote.cue)])), style="dim")


def _lines(first: str = "", *others: str) -> Text:
    """Stack what there is, the first bright and the others dim."""
    text = Text(first)
    for other in filter(None, others):
        text.append(f"\n{other}" if text else other, style="dim")
    return text or Text(_NOTHING, style="dim")


def _written(span: Span | None) -> str:
    return visible(span.text) if span else ""


def _name(party: Party | None) -> str:
    return visible(party.name) if party else _NOTHING

"""One record of all mentions of a meeting: names in their fullest form, values side by side, the one that is taken and why."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from llm_extract import dates
from llm_extract.circumstances import event_words
from llm_extract.corrections import Setting
from llm_extract.dossier import (
    Contradiction,
    Fact,
    MeetingMention,
    MeetingRecord,
    Participant,
    Reason,
    ReportedClaim,
    ReportedQuote,
    ReportedStatus,
    Source,
    Sourced,
    own_id,
)
from llm_extract.names import fullest_names
from llm_extract.places import Gazetteer
from llm_extract.schema import ArticleReference, EdtfDate, Meeting, MeetingKind, MeetingStatus, Party, Span, Stance
from llm_extract.statuses import balance

__all__ = ["Mentioned", "record", "take_date"]

T = TypeVar("T", bound=Hashable)

_ID_DIGITS = 16


@dataclass(frozen=True)
class Mentioned:
    """A mention with the article that it stands in.

    Args:
        article: Its `id` is that of the dossier.
        mention: What the article's result says.
        reason: Why it belongs to the record.
    """

    article: ArticleReference
    mention: MeetingMention
    reason: str = ""

    @property
    def meeting(self) -> Meeting:
        """The meeting, as the article's result has it."""
        return self.mention.meeting

    def source(self, *spans: Span | None) -> Source:
        """Refer to this mention and to characters of its article; None is left out."""
        return Source(article=self.article.id, meeting=self.meeting.id, spans=tuple(span for span in spans if span))


def record(
    told: Sequence[Mentioned], gazetteer: Gazetteer, *, renamed: Mapping[str, str] | None = None, settings: Iterable[Setting] = ()
) -> MeetingRecord:
    """Make a record of all mentions of one meeting.

    Args:
        told: The mentions, in the order of publication, undated articles last.
        gazetteer: What is known of the places.
        renamed: Names that a correction gives to others.
        settings: Values that a correction sets.
    """
    names = _names(told, renamed or {})
    claims = tuple(_claims(told, names))
    quotes = tuple(_quotes(told, names))
    plain = MeetingRecord(
        id=_identifier(told[0]),
        participants=_participants(told, names),
        status=_latest_status(told),
        kind=_kind(told),
        date=_date(told),
        place=_place(told, gazetteer),
        event=_event(told),
        history=tuple(_history(told)),
        claims=claims,
        contradictions=tuple(_contradictions(claims)),
        quotes=quotes,
        reasons=tuple(Reason(article=one.article.id, meeting=one.meeting.id, message=one.reason) for one in told),
        mentions=tuple(one.mention for one in told),
    )
    return _corrected(plain, settings)


def take_date(given: Iterable[str]) -> str | None:
    """Choose from the dates of one meeting: the most precise of those that most of them agree with; None of none.

    Where dates overlap in part, what they share is not taken: the date is one that an article gives.
    """
    counts = Counter(given)
    return min(counts, key=lambda date: (-_support(date, counts), _length(date), -counts[date], len(date), date), default=None)


def _support(date: str, counts: Mapping[str, int]) -> int:
    return sum(count for other, count in counts.items() if dates.overlap(date, other))


def _length(date: str) -> int:
    days = dates.bounds(date)
    return (days.last - days.first).days


def _identifier(first: Mentioned) -> str:
    article = first.article
    text = f"{own_id(article)} {article.sha256} {first.meeting.id}"
    return hashlib.sha256(text.encode()).hexdigest()[:_ID_DIGITS]


def _names(told: Sequence[Mentioned], renamed: Mapping[str, str]) -> Callable[[Party], str]:
    """Return what gives a party's fullest name in this record."""
    counts = Counter(renamed.get(party.name, party.name) for one in told for party in _parties(one))
    fullest = fullest_names(counts)
    fixed = frozenset(renamed.values())
    full = {name: next((other for other in fixed if fullest.get(other) == whole), whole) for name, whole in fullest.items()}
    return lambda party: full[renamed.get(party.name, party.name)]


def _parties(one: Mentioned) -> Iterator[Party]:
    yield from one.meeting.participants
    yield from (claim.by for claim in one.meeting.claims)
    yield from (quote.speaker for quote in one.mention.quotes if quote.speaker)


def _participants(told: Sequence[Mentioned], name_of: Callable[[Party], str]) -> tuple[Participant, ...]:
    found: dict[str, list[tuple[Mentioned, Party]]] = defaultdict(list)
    for one in told:
        for party in one.meeting.participants:
            found[name_of(party)].append((one, party))
    ordered = sorted(found.items(), key=lambda item: (-len({id(one) for one, _ in item[1]}), item[0]))
    return tuple(_participant(name, parties) for name, parties in ordered)


def _participant(name: str, parties: Sequence[tuple[Mentioned, Party]]) -> Participant:
    return Participant(
        name=name,
        other_names=_sourced((party.name, one.source(party.mention)) for one, party in parties if party.name != name),
        roles=_sourced((party.role, one.source(party.mention)) for one, party in parties if party.role),
        affiliations=_sourced((party.affiliation, one.source(party.mention)) for one, party in parties if party.affiliation),
        sources=tuple(one.source(party.mention) for one, party in parties),
    )


def _sourced(given: Iterable[tuple[T, Source]], best: Callable[[T, int], Any] | None = None) -> tuple[Sourced[T], ...]:
    """Put equal values together: the best first, or those with most sources, then the earliest."""
    sources: dict[T, list[Source]] = defaultdict(list)
    for value, source in given:
        sources[value].append(source)
    ordered = sorted(sources, key=lambda value: -len(sources[value]))
    if best:
        ordered.sort(key=lambda value: best(value, len(sources[value])))
    return tuple(Sourced[Any](value=value, sources=tuple(sources[value])) for value in ordered)


def _fact(form: type[Fact[Any]], given: tuple[Sourced[T], ...], conflict: Callable[[T, T], bool]) -> Fact[Any]:
    """Take the first of the values that are given."""
    values = [one.value for one in given]
    conflicting = any(conflict(one, other) for number, one in enumerate(values) for other in values[:number])
    return form(value=values[0] if values else None, given=given, conflicting=conflicting)


def _kind(told: Sequence[Mentioned]) -> Fact[MeetingKind]:
    given = _sourced((one.meeting.kind, one.source()) for one in told)
    return _fact(Fact[MeetingKind], given, lambda one, other: one is not other)


def _date(told: Sequence[Mentioned]) -> Fact[str]:
    taken = take_date(one.meeting.date for one in told if one.meeting.date)
    dated = ((one.meeting.date, one.source(one.meeting.when)) for one in told if one.meeting.date)
    given = _sourced(dated, lambda date, count: (date != taken, -count))
    return _fact(Fact[EdtfDate], given, lambda one, other: not dates.overlap(one, other))


def _place(told: Sequence[Mentioned], gazetteer: Gazetteer) -> Fact[str]:
    located = [(" ".join(one.meeting.place.text.split()), one.source(one.meeting.place)) for one in told if one.meeting.place]
    places = {name: gazetteer.place(name) for name, _ in located}
    counts = Counter(name for name, _ in located)

    def rank(name: str, count: int) -> tuple[int, int, int, int, str]:
        support = sum(number for other, number in counts.items() if places[name].agrees(places[other]))
        return -support, places[name].extent, -count, -len(name), name

    return _fact(Fact[str], _first_then_many(_sourced(located, rank)), lambda one, other: places[one].contradicts(places[other]))


def _event(told: Sequence[Mentioned]) -> Fact[str]:
    named = [(" ".join(one.meeting.event.text.split()), one.source(one.meeting.event)) for one in told if one.meeting.event]
    words = {name: event_words(name) for name, _ in named}
    counts = Counter(name for name, _ in named)

    def rank(name: str, count: int) -> tuple[bool, int, int, int, str]:
        support = sum(number for other, number in counts.items() if words[name] & words[other])
        return name.count("(") != name.count(")"), -support, -count, -len(name), name

    return _fact(Fact[str], _first_then_many(_sourced(named, rank)), lambda one, other: _two_events(words[one], words[other]))


def _two_events(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether both are known by a short name such as G20, and these differ; long names of one event may share no word."""
    short, others = ({word for word in words if any(c.isdigit() for c in word) and not word.isdigit()} for words in (one, other))
    return bool(short and others) and not short & others


def _first_then_many(given: tuple[Sourced[T], ...]) -> tuple[Sourced[T], ...]:
    return (*given[:1], *sorted(given[1:], key=lambda one: -len(one.sources)))


def _latest_status(told: Sequence[Mentioned]) -> MeetingStatus:
    days = [one.article.published for one in told if one.article.published]
    latest = max(days, default=None)
    return balance([one.meeting.status for one in told if one.article.published == latest])


def _history(told: Iterable[Mentioned]) -> Iterator[ReportedStatus]:
    for one in told:
        yield ReportedStatus(status=one.meeting.status, published=one.article.published, source=one.source(*one.meeting.evidence))


def _claims(told: Iterable[Mentioned], name_of: Callable[[Party], str]) -> Iterator[ReportedClaim]:
    for one in told:
        for claim in one.meeting.claims:
            source = one.source(claim.evidence)
            yield ReportedClaim(by=name_of(claim.by), stance=claim.stance, published=one.article.published, source=source)


def _quotes(told: Iterable[Mentioned], name_of: Callable[[Party], str]) -> Iterator[ReportedQuote]:
    for one in told:
        for quote in one.mention.quotes:
            speaker = name_of(quote.speaker) if quote.speaker else None
            yield ReportedQuote(speaker=speaker, quote=quote, published=one.article.published, source=one.source(*quote.segments))


def _contradictions(claims: Sequence[ReportedClaim]) -> Iterator[Contradiction]:
    confirming, denying = (_by_party(claims, stance) for stance in (Stance.CONFIRMS, Stance.DENIES))
    for one, confirms in confirming.items():
        for other, denies in denying.items():
            if one == other:
                continue
            first = [min((claim.published for claim in side if claim.published), default=None) for side in (confirms, denies)]
            since = max(day for day in first if day) if all(first) else None
            yield Contradiction(confirming=one, denying=other, confirms=tuple(confirms), denies=tuple(denies), since=since)


def _by_party(claims: Iterable[ReportedClaim], stance: Stance) -> dict[str, list[ReportedClaim]]:
    found: dict[str, list[ReportedClaim]] = defaultdict(list)
    for claim in claims:
        if claim.stance is stance:
            found[claim.by].append(claim)
    return dict(sorted(found.items()))


def _corrected(plain: MeetingRecord, settings: Iterable[Setting]) -> MeetingRecord:
    changes: dict[str, Any] = {}
    for setting in settings:
        if setting.field == "status":
            changes |= {"status": MeetingStatus(setting.value), "status_corrected": True}
        else:
            value = MeetingKind(setting.value) if setting.field == "kind" else setting.value
            changes[setting.field] = getattr(plain, setting.field).model_copy(update={"value": value, "corrected": True})
    return plain.model_copy(update=changes) if changes else plain

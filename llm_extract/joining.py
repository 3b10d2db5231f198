"""Which mentions in many articles tell of one meeting.

The rule is that of mentions within an article (`merge.weigh`), with what only many articles need: names in several spellings
(`names.same_name`), cities within countries (`places`), and time. A meeting that was held before an article appeared is not one that it
expects; what gives no date is understood to be near its article's day of publication.

Mentions are taken in an order of their own, the most precise first, so the order in which they are given makes no difference.
They are compared only where two parties and the time agree roughly, so the cost stays near linear.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain, combinations

from llm_extract import dates
from llm_extract.merging import LONGEST_MEETING_DAYS, formal_beside_encounter, weigh
from llm_extract.names import name_of, same_name
from llm_extract.places import Place
from llm_extract.schema import MeetingKind, MeetingStatus

__all__ = ["Match", "Told", "join", "matches"]

NEAR_DAYS = 45
"""How far a meeting without a date may be from its article's day of publication, to be one with another of that time."""

_SAME_NEWS_DAYS = 3
"""How far apart two articles may be of which one tells nothing but who met."""
_DATE_ERROR_DAYS = 7
"""How far apart dates may be that are one's mistake, where place and event agree."""
_LONG_DAYS = 62
"""A date that is longer, such as a year, is no reason by itself."""
_WIDE_DAYS = 1100
_UNKNOWN_LENGTH = 10**6
_ROUNDS = 5
_bounds = lru_cache(maxsize=100_000)(dates.bounds)
_TO_COME = {MeetingStatus.PLANNED, MeetingStatus.TENTATIVE}


@dataclass(frozen=True, slots=True)
class Told:
    """A mention of a meeting, as far as it is compared.

    Args:
        article: The article's number, in the order of publication.
        number: The meeting's number within the article.
        names: The participants.
        kind: The form that it takes.
        status: How settled it is.
        date: In EDTF.
        place: Where.
        event: The words by which the event is known.
        published: The article's day of publication, as `date.toordinal` counts.
    """

    article: int
    number: int
    names: tuple[str, ...]
    kind: MeetingKind
    status: MeetingStatus
    date: str | None = None
    place: Place | None = None
    event: frozenset[str] = frozenset()
    published: int | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """How well two mentions, or what was joined of each, go together.

    Args:
        score: What speaks for one meeting; they are joined where it is positive.
        agreeing: Which of date, place and event agree; with none, only the time of publication does.
    """

    score: int
    agreeing: tuple[str, ...] = ()


_APART = Match(-1)


@dataclass(slots=True)
class _Group:
    """Mentions that were joined, and what they tell together."""

    members: list[int]
    articles: set[int]
    parties: list[list[str]]
    forms: set[tuple[MeetingKind, MeetingStatus]]
    days: list[dates.Days]
    places: list[Place]
    event: set[str]
    published: list[int]
    first: tuple[int, int]
    """Article and number of its first mention."""
    held: list[int] = field(default_factory=list)
    """First and last day of publication of the mentions that say, without a date, that it was held."""
    expected: int | None = None
    """Last day of publication of the mentions that say, without a date, that it is to come."""
    closed: bool = False
    """Whether a correction says that nothing else belongs to it."""

    def length(self) -> int:
        return min(((days.last - days.first).days for days in self.days), default=_UNKNOWN_LENGTH)

    def times(self) -> list[tuple[int, int]]:
        """Return the days that it may be about: its dates, else the days on which its articles appeared."""
        return [(days.first.toordinal(), days.last.toordinal()) for days in self.days] or [(day, day) for day in self.published]


def join(told: Sequence[Told], *, together: Iterable[Sequence[int]] = (), apart: Iterable[Sequence[int]] = ()) -> list[list[int]]:
    """Return the numbers of the mentions that tell of one meeting, group by group, those first that come first.

    Args:
        told: The mentions; the result depends on what they say, not on their order, as long as `article` and `number` tell them apart.
        together: Mentions that a correction joins, whatever they say; others may join them.
        apart: Mentions that a correction makes a group of, to which nothing else belongs.
    """
    fixed = [*((list(group), False) for group in together), *((list(group), True) for group in apart)]
    groups = [_closed(_united(_single(told, number) for number in group), closed=closed) for group, closed in fixed]
    taken = {number for group, _ in fixed for number in group}
    free = sorted((number for number in range(len(told)) if number not in taken), key=lambda number: _precision(told[number]))
    kept = _round(chain(groups, (_single(told, number) for number in free)))
    for _ in range(_ROUNDS):  # joining can make two groups alike that were not
        before, kept = len(kept), _round(kept)
        if len(kept) == before:
            break
    position = [(one.article, one.number) for one in told]
    return sorted((sorted(group.members, key=position.__getitem__) for group in kept), key=lambda group: position[group[0]])


def matches(told: Sequence[Told], members: Sequence[int]) -> Iterator[Match | None]:
    """Yield how well each mention of one meeting goes with those before it, in the order that is given; None for the first."""
    running: _Group | None = None
    for number in members:
        single = _single(told, number)
        if running is None:
            yield None
            running = single
        else:
            yield _match(running, single)
            _absorb(running, single)


def _precision(one: Told) -> tuple[int, int, int, int]:
    """Order mentions so that the most precise come first, and the vague find them."""
    length = _UNKNOWN_LENGTH
    if one.date:
        days = _bounds(one.date)
        length = (days.last - days.first).days
    return length, -bool(one.place) - bool(one.event), one.article, one.number


def _single(told: Sequence[Told], number: int) -> _Group:
    one = told[number]
    dated = [_bounds(one.date)] if one.date else []
    published = [one.published] if one.published is not None else []
    undated = [] if dated else published
    return _Group(
        members=[number],
        articles={one.article},
        parties=[[name] for name in one.names],
        forms={(one.kind, one.status)},
        days=dated,
        places=[one.place] if one.place else [],
        event=set(one.event),
        published=published,
        first=(one.article, one.number),
        held=undated if one.status is MeetingStatus.HELD else [],
        expected=max(undated, default=None) if one.status in _TO_COME else None,
    )


def _closed(group: _Group, *, closed: bool) -> _Group:
    group.closed = closed
    return group


def _united(groups: Iterable[_Group]) -> _Group:
    first, *others = groups
    for other in others:
        _absorb(first, other)
    return first


def _absorb(home: _Group, other: _Group) -> None:
    home.members += other.members
    home.articles |= other.articles
    home.forms |= other.forms
    home.days = _narrowest({*home.days, *other.days})
    home.places = _smallest([*home.places, *(place for place in other.places if place not in home.places)])
    home.event |= other.event
    home.published, home.held = _ends(home.published + other.published), _ends(home.held + other.held)
    home.expected = max((day for day in (home.expected, other.expected) if day is not None), default=None)
    home.first = min(home.first, other.first)
    for names in other.parties:
        known = next((party for party in home.parties if _one_party(party, names)), None)
        if known is None:
            home.parties.append(list(names))
        else:
            known += [name for name in names if name not in known]


def _narrowest(given: set[dates.Days]) -> list[dates.Days]:
    """Leave out a month within which a day is given: what it agrees with beside that day tells nothing."""
    return sorted(one for one in given if not any(one != day and one.first <= day.first and day.last <= one.last for day in given))


def _smallest(given: list[Place]) -> list[Place]:
    """Leave out a country in which a city is given."""
    return [one for one in given if not any(one.known & other.within and one != other for other in given)]


def _ends(days: list[int]) -> list[int]:
    return sorted({min(days), max(days)}) if days else []


def _round(groups: Iterable[_Group]) -> list[_Group]:
    index = _Index()
    kept: list[_Group] = []
    for group in groups:
        found = [] if group.closed else [(_match(other, group), other) for other in index.candidates(group)]
        fitting = [(one, other) for one, other in found if one.score > 0]
        if not fitting:
            kept.append(group)
            index.add(group)
            continue
        home = max(fitting, key=lambda pair: _preference(pair[0], pair[1], group))[1]
        _absorb(home, group)
        index.add(home)
    return kept


def _preference(found: Match, home: _Group, group: _Group) -> tuple[int, bool, bool, int, int, tuple[int, int]]:
    """Order the groups that a mention could belong to; between equals, that of more mentions, then the earlier."""
    kinds, statuses = ({form[index] for form in group.forms} for index in (0, 1))
    same_status = bool(statuses & {status for _, status in home.forms})
    same_kind = bool(kinds & {kind for kind, _ in home.forms})
    return found.score, same_status, same_kind, -(_gap(home, group) or 0), len(home.members), (-home.first[0], -home.first[1])


def _match(one: _Group, other: _Group) -> Match:
    if not _same_parties(one.parties, other.parties) or _exclude(one.forms, other.forms):
        return _APART
    facts = [_dates_agree(one, other), _places_agree(one, other), _events_agree(one.event, other.event)]
    agreeing = tuple(name for name, fact in zip(("date", "place", "event"), facts, strict=True) if fact)
    coarse = any(group.days and group.length() > LONGEST_MEETING_DAYS for group in (one, other))
    score = weigh(facts, coarse=coarse)
    if score < 0 or not _in_time(one, other, agreeing):
        return _APART
    if one.articles & other.articles and len(agreeing) < 2:  # noqa: PLR2004  within the article they were told apart
        return _APART
    if min(len(one.parties), len(other.parties)) == 1 and len(agreeing) < 2:  # noqa: PLR2004  of one participant, any partner may be meant
        return _APART
    if score == 0:
        return Match(1) if _same_news(one, other) else _APART
    return Match(score * 2, agreeing)


def _exclude(forms: set[tuple[MeetingKind, MeetingStatus]], others: set[tuple[MeetingKind, MeetingStatus]]) -> bool:
    """Whether one is a call and the other not, or one an encounter beside a formal meeting that did not come about."""
    for kind, status in forms:
        for other_kind, other_status in others:
            if (kind is MeetingKind.CALL) != (other_kind is MeetingKind.CALL):
                return True
            if formal_beside_encounter(_Form(kind, status), _Form(other_kind, other_status)):
                return True
    return False


@dataclass(frozen=True, slots=True)
class _Form:
    kind: MeetingKind
    status: MeetingStatus


def _same_parties(parties: Sequence[Sequence[str]], others: Sequence[Sequence[str]]) -> bool:
    few, many = sorted((parties, others), key=len)
    if len(few) == 1 and len(many) > 1:
        return False
    return bool(few) and all(any(_one_party(party, other) for other in many) for party in few)


def _one_party(names: Sequence[str], others: Sequence[str]) -> bool:
    return all(name == other or same_name(name, other) for name in names for other in others)


def _dates_agree(one: _Group, other: _Group) -> bool | None:
    if not one.days or not other.days:
        return None
    return any(a.first <= b.last and b.first <= a.last for a in one.days for b in other.days)


def _places_agree(one: _Group, other: _Group) -> bool | None:
    if one.places and other.places:
        return any(place.agrees(another) for place in one.places for another in other.places)
    words = {word for place in (*one.places, *other.places) for word in place.words}
    return True if words & (one.event if other.places else other.event) else None  # "the Oslo summit" and "in Oslo"


def _events_agree(event: set[str], other: set[str]) -> bool | None:
    return bool(event & other) if event and other else None


def _in_time(one: _Group, other: _Group, agreeing: Sequence[str]) -> bool:
    """Whether both can be of one time."""
    if not (_possible(one, other) and _possible(other, one)):
        return False
    gap = _gap(one, other)
    beside = len(agreeing) - ("date" in agreeing)
    if gap is None:
        return beside == 2  # noqa: PLR2004  place and event: of an undated article, both must agree
    if one.days and other.days:
        shortest_agreement = max(one.length(), other.length())
        return gap <= (_DATE_ERROR_DAYS if beside else 0) and (beside > 0 or shortest_agreement <= _LONG_DAYS)
    return gap <= NEAR_DAYS


def _possible(one: _Group, other: _Group) -> bool:
    """Whether the mentions of one that give no date can be about the time of the other."""
    if one.held and other.days and all(first > one.held[0] + 1 for first, _ in other.times()):
        return False
    past = other.times() if other.days else [(day, day) for day in other.held]
    return one.expected is None or not past or any(last >= one.expected - 1 for _, last in past)


def _gap(one: _Group, other: _Group) -> int | None:
    """Return how many days lie between the two; 0 where they overlap, None where nothing is known of one."""
    gaps = (max(0, a[0] - b[1], b[0] - a[1]) for a in one.times() for b in other.times())
    return min(gaps, default=None)


def _same_news(one: _Group, other: _Group) -> bool:
    """Whether one tells nothing but who met, in an article of the other's days, and both are as far along."""
    gap = _gap(one, other)
    bare = any(not (group.days or group.places or group.event) for group in (one, other))
    return bare and gap is not None and gap <= _SAME_NEWS_DAYS and one.forms == other.forms


class _Index:
    """Groups by what two of one meeting must share: two parties, and the month or a word of the event."""

    def __init__(self) -> None:
        self._by_key: dict[tuple[object, ...], dict[int, _Group]] = defaultdict(dict)

    def add(self, group: _Group) -> None:
        if group.closed:
            return
        for pair in _pairs(group):
            for key in (*_months(group, 0), *(("event", word) for word in group.event), "all"):
                self._by_key[pair, key][id(group)] = group

    def candidates(self, group: _Group) -> Iterable[_Group]:
        found: dict[int, _Group] = {}
        for pair in _pairs(group):
            months = [*_months(group, NEAR_DAYS)]
            keys: list[object] = ["all"] if "wide" in months else [*months, "wide"] if months else [("event", word) for word in group.event]
            keys += ["timeless"] if months else []
            for key in keys:
                found.update(self._by_key.get((pair, key), {}))
        return found.values()


def _pairs(group: _Group) -> set[frozenset[str]]:
    keys = [{key for name in names for key in name_of(name).keys} for names in group.parties]
    if len(keys) == 1:
        return {frozenset({key}) for key in keys[0]}
    return {frozenset({a, b}) for one, other in combinations(keys, 2) for a in one for b in other}


def _months(group: _Group, margin: int) -> Iterator[object]:
    """Yield the months, counted from year 0, that it may be about; `wide` where they are many, `timeless` where none is known."""
    times = group.times()
    if not times and not margin:
        yield "timeless"
    for first, last in times:
        if last - first > _WIDE_DAYS:
            yield "wide"
            continue
        begin, end = (dt.date.fromordinal(day) for day in (max(1, first - margin), min(dt.date.max.toordinal(), last + margin)))
        yield from range(begin.year * 12 + begin.month, end.year * 12 + end.month + 1)

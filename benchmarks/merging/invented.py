"""Results of articles that do not exist, about meetings that never were; which mention tells of which is known."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass

from llm_extract.schema import (
    ArticleReference,
    Claim,
    Extraction,
    Meeting,
    MeetingKind,
    MeetingStatus,
    Party,
    Quote,
    QuoteKind,
    Span,
    Stance,
)

__all__ = ["Occasion", "occasions", "results"]

_SYLLABLES = ("ba", "den", "ka", "lo", "mi", "nar", "os", "pe", "ra", "shi", "tov", "ul", "ven", "wil", "yan", "zor")
_CITIES = (
    ("Oslo", "Norway"),
    ("Lima", "Peru"),
    ("Riga", "Latvia"),
    ("Tallinn", "Estonia"),
    ("Dakar", "Senegal"),
    ("Quito", "Ecuador"),
    ("Hanoi", "Vietnam"),
    ("Sofia", "Bulgaria"),
    ("Accra", "Ghana"),
    ("Lisbon", "Portugal"),
    ("Ottawa", "Canada"),
    ("Nairobi", "Kenya"),
)
_EVENTS = ("Forum of Ports", "Conference on Fisheries", "Lakes summit", None, None, None)
_FIRST_DAY = dt.date(2015, 1, 1)
_DAYS = 3650
_ARTICLES_PER_OCCASION = 4
_PEOPLE_PER_ARTICLE = 50
_BUSY_SHARE = 0.2
"""The share of the occasions in which a few of the busiest people meet, as in the news."""
_BUSY = 12


@dataclass(frozen=True)
class Occasion:
    """A meeting as it was."""

    number: int
    parties: tuple[str, str]
    day: dt.date
    city: str
    country: str
    event: str | None


def occasions(articles: int, seed: int = 0) -> list[Occasion]:
    """Invent meetings, a quarter as many as articles; the number of people grows with them."""
    rng = random.Random(seed)  # noqa: S311  nothing secret hangs on it
    names = sorted({_name(rng) for _ in range(max(20, articles // _PEOPLE_PER_ARTICLE))})
    found = []
    for number in range(max(1, articles // _ARTICLES_PER_OCCASION)):
        crowd = names[:_BUSY] if rng.random() < _BUSY_SHARE else names
        one, other = rng.sample(crowd, 2)
        city, country = rng.choice(_CITIES)
        day = _FIRST_DAY + dt.timedelta(days=rng.randrange(_DAYS))
        found.append(Occasion(number, (one, other), day, city, country, rng.choice(_EVENTS)))
    return found


def results(articles: int, seed: int = 0) -> Iterator[tuple[Extraction, list[int]]]:
    """Yield results of invented articles, each with the number of the occasion that each of its meetings tells of."""
    rng = random.Random(seed + 1)  # noqa: S311  nothing secret hangs on it
    told_of = occasions(articles, seed)
    for number in range(articles):
        chosen = rng.sample(told_of, min(len(told_of), rng.choice((1, 1, 2, 3))))
        published = chosen[0].day + dt.timedelta(days=rng.choice((-20, -5, -1, 1, 2, 30, 200)))
        yield _result(number, published, chosen, rng), [one.number for one in chosen]


def _name(rng: random.Random) -> str:
    return " ".join("".join(rng.choices(_SYLLABLES, k=rng.choice((2, 3)))).capitalize() for _ in range(2))


def _result(number: int, published: dt.date, chosen: list[Occasion], rng: random.Random) -> Extraction:
    meetings = tuple(_meeting(f"M{position}", one, published, rng) for position, one in enumerate(chosen, start=1))
    quotes = tuple(_quote(position, meeting, rng) for position, meeting in enumerate(meetings, start=1))
    article = ArticleReference(
        id=f"article{number:06d}", sha256=f"{number:064x}", published=published, title=f"Talks, told for the {number}th time"
    )
    return Extraction(article=article, meetings=meetings, quotes=quotes, model="invented")


def _meeting(name: str, one: Occasion, published: dt.date, rng: random.Random) -> Meeting:
    past = one.day <= published
    status = MeetingStatus.HELD if past else rng.choice((MeetingStatus.PLANNED, MeetingStatus.TENTATIVE))
    place = rng.choice((one.city, one.city, one.country, None))
    day = one.day.isoformat()
    return Meeting(
        id=name,
        participants=tuple(_party(party, rng) for party in rng.sample(one.parties, 2)),
        status=status,
        kind=MeetingKind.IN_PERSON,
        date=rng.choice((day, day, day[:7], None if place and abs((one.day - published).days) < 30 else day)),  # noqa: PLR2004  a month
        place=_span(place) if place else None,
        event=_span(one.event) if one.event and rng.random() < 0.5 else None,  # noqa: PLR2004  every other time
        claims=(
            Claim(by=_party(one.parties[0], rng), stance=rng.choice(list(Stance)), evidence=_span("They will meet, a spokeswoman said.")),
        ),
        evidence=(_span(f"{one.parties[0]} and {one.parties[1]} talked about the boats in the port for two hours."),),
    )


def _party(name: str, rng: random.Random) -> Party:
    written = name if rng.random() < 0.9 else name.rsplit(maxsplit=1)[-1]  # noqa: PLR2004  one article in ten has the last name only
    return Party(name=written, role=rng.choice((None, "minister")), mention=_span(written))


def _quote(position: int, meeting: Meeting, rng: random.Random) -> Quote:
    words = _span("We have agreed on the quotas for next year, and the boats can leave.")
    return Quote(id=f"Q{position}", segments=(words,), speaker=rng.choice(meeting.participants), kind=QuoteKind.DIRECT, meeting=meeting.id)


def _span(text: str) -> Span:
    return Span(start=0, end=len(text), text=text)

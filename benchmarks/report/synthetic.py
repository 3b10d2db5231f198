"""Invented articles with results: as long as news articles are, always the same for the same number."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Sequence

from llm_extract.schema import (
    Article,
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

__all__ = ["articles"]

FIRST = ("Ana", "Boris", "Chidi", "Dana", "Emre", "Farah", "Goran", "Hana", "Ivo", "Jana", "Kofi", "Lena")
LAST = ("Abara", "Berg", "Costa", "Dahl", "Eze", "Fontaine", "Grau", "Holm", "Ito", "Jovic", "Kraus", "Lund", "Mora", "Novak", "Okoye")
PLACES = ("Riga", "Porto", "Accra", "Quito", "Bergen", "Tampere", "Osijek", "Utrecht", "Nairobi", "Lille")
TOPICS = ("fishing rights", "grain", "a railway", "visas", "the price of gas", "a bridge", "river water", "satellites")
FILLER = "Officials on both sides had prepared the agenda for weeks, and delegations arrived under heavy rain on the evening before."
START = dt.date(2023, 1, 2)
PARAGRAPHS, QUOTES = 22, 6


def articles(number: int) -> Iterator[Extraction]:
    """Yield so many results, two weeks of news about a meeting at a time."""
    people = [f"{first} {last}" for first in FIRST for last in LAST]
    for index in range(number):
        draw = random.Random(index)  # noqa: S311  nothing here is secret
        talks = random.Random(index // 5)  # noqa: S311  five articles tell of the same meeting
        pair, place, topic = talks.sample(people, 2), talks.choice(PLACES), talks.choice(TOPICS)
        published = START + dt.timedelta(days=index // 5 * 3 + index % 5 * 2)
        yield _Story(f"story-{index:05}", pair, place, topic, published).result(draw)


class _Story:
    """An article in the making: its text so far, and the spans in it."""

    def __init__(self, identifier: str, pair: Sequence[str], place: str, topic: str, published: dt.date) -> None:
        self._id, self._pair, self._place, self._topic, self._published = identifier, pair, place, topic, published
        self._text = ""

    def result(self, draw: random.Random) -> Extraction:
        """Write the article, and return what is to be found in it."""
        first, second = self._pair
        meeting_day = self._published.replace(day=1) + dt.timedelta(days=40)
        evidence = self._add(f"{first} will meet {second} in {self._place} to talk about {self._topic}, the ministry of {first} said.\n\n")
        quotes = [self._quote(index, draw.choice(self._pair), draw) for index in range(QUOTES)]
        for _ in range(PARAGRAPHS):
            self._add(f"{FILLER} {FILLER}\n\n")
        article = Article(
            text=self._text, id=self._id, published=self._published, title=f"{first} and {second}: {self._topic}", source="The Courier"
        )
        meeting = Meeting(
            id="M1",
            participants=tuple(Party(name=name) for name in self._pair),
            status=draw.choice(list(MeetingStatus)),
            kind=MeetingKind.IN_PERSON,
            date=meeting_day.isoformat(),
            place=self._find(self._place),
            topics=(self._find(self._topic),),
            claims=(Claim(by=Party(name=first), stance=draw.choice(list(Stance)), evidence=evidence),),
            evidence=(evidence,),
        )
        return Extraction(
            article=ArticleReference.of(article), text=self._text, meetings=(meeting,), quotes=tuple(quotes), model="synthetic"
        )

    def _quote(self, index: int, speaker: str, draw: random.Random) -> Quote:
        words = f"We have talked about {draw.choice(TOPICS)} for {draw.randint(2, 90)} days, and we will go on until it is settled,"
        self._add(f"“{words}” {speaker} said. {FILLER}\n\n")
        start = self._text.rindex(words)
        return Quote(
            id=f"Q{index + 1}",
            segments=(Span(start=start, end=start + len(words), text=words),),
            speaker=Party(name=speaker),
            kind=QuoteKind.DIRECT,
            meeting="M1",
        )

    def _add(self, words: str) -> Span:
        start = len(self._text)
        self._text += words
        written = words.rstrip()
        return Span(start=start, end=start + len(written), text=written)

    def _find(self, words: str) -> Span:
        start = self._text.index(words)
        return Span(start=start, end=start + len(words), text=words)

"""Results of invented articles, for the tests of merging across articles."""

from __future__ import annotations

import datetime as dt
import hashlib

from hypothesis import strategies as st

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


def span(text: str, start: int = 0) -> Span:
    """Return a span of this text."""
    return Span(start=start, end=start + len(text), text=text)


def told(who: str = "Ana Petrova, Boris Li", **facts: object) -> Meeting:
    """Return a mention; `place` and `event` are words, `claims` like "Boris Li denies, Ana Petrova confirms"."""
    spans = {name: span(str(facts.pop(name))) for name in ("place", "event") if facts.get(name)}
    claims = tuple(_claim(claim) for claim in str(facts.pop("claims", "")).split(", ") if claim)
    parties = tuple(Party(name=name, mention=span(name)) for name in who.split(", ") if name)
    plain = {"id": "M1", "status": "held", "kind": "in_person", "evidence": (span("They met."),)}
    return Meeting.model_validate({**plain, "participants": parties, "claims": claims, **spans, **facts})


def _claim(written: str) -> Claim:
    name, stance = written.rsplit(maxsplit=1)
    return Claim(by=Party(name=name), stance=Stance(stance), evidence=span(f"{name} said so."))


def result(name: str, published: str | None, *meetings: Meeting, quotes: tuple[Quote, ...] = (), text: str = "") -> Extraction:
    """Return the result of an article; its meetings are numbered anew."""
    numbered = tuple(meeting.model_copy(update={"id": f"M{number}"}) for number, meeting in enumerate(meetings, start=1))
    day = dt.date.fromisoformat(published) if published else None
    article = ArticleReference(id=name, sha256=hashlib.sha256((text or name).encode()).hexdigest(), published=day, title=f"About {name}")
    return Extraction(article=article, meetings=numbered, quotes=quotes, model="stub")


def quote(words: str, speaker: str | None, meeting: str | None = "M1", number: int = 1) -> Quote:
    """Return a quote about a meeting."""
    by = Party(name=speaker) if speaker else None
    return Quote(id=f"Q{number}", segments=(span(words),), speaker=by, kind=QuoteKind.DIRECT, meeting=meeting)


_meetings = st.builds(
    told,
    st.sampled_from(
        ["Ana Petrova, Boris Li", "Petrova, Li", "Ana Petrova, Maria Dahl", "Ana Petrova, Boris Li, Maria Dahl", "Boris Li", ""]
    ),
    status=st.sampled_from(list(MeetingStatus)),
    kind=st.sampled_from(list(MeetingKind)),
    date=st.sampled_from([None, "2024", "2024-05", "2024-05-17", "2024-05-17/2024-05-18", "2024-06-03", "../2024-05"]),
    place=st.sampled_from([None, "Sofia", "Bulgaria", "Lima", "the Castle"]),
    event=st.sampled_from([None, "Forum of Ports", "G20 summit"]),
    claims=st.sampled_from(["", "Ana Petrova confirms, Li denies", "Petrova expects", "Maria Dahl denies"]),
)
_articles = st.builds(
    lambda name, day, text, meetings, quotes: result(name, day, *meetings, quotes=tuple(quotes), text=text),
    st.sampled_from(["one", "two", "three", "four", "five"]),
    st.sampled_from([None, "2024-05-10", "2024-05-18", "2024-06-04", "2025-01-01"]),
    st.sampled_from(["", "other words"]),
    st.lists(_meetings, max_size=3),
    st.lists(st.builds(quote, st.just("Well."), st.sampled_from(["Li", None]), st.sampled_from(["M1", None])), max_size=2),
)
many_results = st.lists(_articles, max_size=6)
"""Results of few articles, people, days and places, so that many agree, some are given twice and some contradict each other."""

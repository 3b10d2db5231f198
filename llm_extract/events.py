"""Meetings as event records in the manner of PLOVER, the ontology of political events: CONSULT, with the status as its mode.

PLOVER (Open Event Data Alliance, https://github.com/openeventdata/PLOVER) has an actor and a recipient. Who meets is equal, so the first
participant of a meeting is the actor and the others are recipients, and `symmetric` says that nothing is meant by it. Names are as
the articles have them: they are not coded into countries or sectors, and no intensity is given.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from pydantic import ConfigDict

from llm_extract.described import Described
from llm_extract.dossier import Dossier, MeetingRecord, Participant, Sourced
from llm_extract.result_tables import NamedResult, days, named_results
from llm_extract.schema import ArticleReference, EdtfDate, Extraction, Meeting, MeetingKind, MeetingStatus, Party, Span, Stance

__all__ = ["Actor", "ConsultEvent", "EventClaim", "EventSource", "events"]


class _Model(Described):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Actor(_Model):
    """Who acts, or is acted with."""

    name: str
    role: str | None = None
    affiliation: str | None = None


class EventClaim(_Model):
    """What somebody says about whether the meeting takes place."""

    party: str
    stance: Stance


class EventSource(_Model):
    """An article that the event is taken from."""

    article: str
    """Its id; where results have one id twice, with a number after it."""
    meeting: str
    """`id` of the meeting within the article's result."""
    published: dt.date | None = None
    title: str | None = None
    publisher: str | None = None
    url: str | None = None
    evidence: tuple[Span, ...] = ()
    """The sentences that report the meeting."""


class ConsultEvent(_Model):
    """A meeting as an event."""

    event_id: str
    """The same whenever the same results are exported."""
    event_type: str = "CONSULT"
    event_mode: MeetingStatus
    """How settled the meeting is: PLOVER itself has events that took place only."""
    kind: MeetingKind | None = None
    """The form that it takes."""
    event_date: EdtfDate | None = None
    first_day: dt.date | None = None
    """None where the date is open at its beginning or not known."""
    last_day: dt.date | None = None
    """None where the date is open at its end or not known."""
    actor: tuple[Actor, ...] = ()
    """The first participant; empty where the article names none."""
    recipient: tuple[Actor, ...] = ()
    """The others."""
    symmetric: bool = True
    place: str | None = None
    context: str | None = None
    """The summit, ceremony or visit that it belongs to."""
    topics: tuple[str, ...] = ()
    claims: tuple[EventClaim, ...] = ()
    sources: tuple[EventSource, ...] = ()


def events(results: Dossier | Iterable[Extraction]) -> Iterator[ConsultEvent]:
    """Yield an event for each meeting: of a dossier, each record; of results, each meeting of each article.

    Raises:
        OutputError: A result contradicts itself; see `result_tables`.
    """
    if isinstance(results, Dossier):
        articles = {article.id: article for article in results.articles}
        return (_of_record(record, articles) for record in results.meetings)
    return (_of_meeting(meeting, named) for named in named_results(results) for meeting in named.result.meetings)


def _of_meeting(meeting: Meeting, named: NamedResult) -> ConsultEvent:
    first_day, last_day = days(meeting.date)
    actors = [_actor(party) for party in meeting.participants]
    return ConsultEvent(
        event_id=f"{named.article}#{meeting.id}",
        event_mode=meeting.status,
        kind=meeting.kind,
        event_date=meeting.date,
        first_day=first_day,
        last_day=last_day,
        actor=tuple(actors[:1]),
        recipient=tuple(actors[1:]),
        place=meeting.place.text if meeting.place else None,
        context=meeting.event.text if meeting.event else None,
        topics=tuple(topic.text for topic in meeting.topics),
        claims=tuple(EventClaim(party=claim.by.name, stance=claim.stance) for claim in meeting.claims),
        sources=(_source(named.article, meeting, named.result.article),),
    )


def _of_record(record: MeetingRecord, articles: dict[str, ArticleReference]) -> ConsultEvent:
    first_day, last_day = days(record.date.value)
    actors = [_joined(party) for party in record.participants]
    return ConsultEvent(
        event_id=record.id,
        event_mode=record.status,
        kind=record.kind.value,
        event_date=record.date.value,
        first_day=first_day,
        last_day=last_day,
        actor=tuple(actors[:1]),
        recipient=tuple(actors[1:]),
        place=record.place.value,
        context=record.event.value,
        topics=tuple(dict.fromkeys(topic.text for mention in record.mentions for topic in mention.meeting.topics)),
        claims=tuple(EventClaim(party=claim.by, stance=claim.stance) for claim in record.claims),
        sources=tuple(_source(mention.article, mention.meeting, articles.get(mention.article)) for mention in record.mentions),
    )


def _actor(party: Party) -> Actor:
    return Actor(name=party.name, role=party.role, affiliation=party.affiliation)


def _joined(party: Participant) -> Actor:
    return Actor(name=party.name, role=_first(party.roles), affiliation=_first(party.affiliations))


def _first(several: tuple[Sourced[str], ...]) -> str | None:
    return several[0].value if several else None


def _source(article: str, meeting: Meeting, about: ArticleReference | None) -> EventSource:
    return EventSource(
        article=article,
        meeting=meeting.id,
        published=about.published if about else None,
        title=about.title if about else None,
        publisher=about.source if about else None,
        url=about.url if about else None,
        evidence=meeting.evidence,
    )

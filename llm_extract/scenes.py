"""Scenes: where people are when a story tells of them, by the journeys that it tells of and by its dateline."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from llm_extract import dates
from llm_extract.circumstances import Circumstances
from llm_extract.numbering import Sentence
from llm_extract.reading import Prepared
from llm_extract.schema import Meeting, MeetingKind, MeetingStatus

__all__ = ["with_scenes"]

_JOURNEY = re.compile(
    r"\b(?:arriv(?:ed|es|ing) (?:\w+ ){0,3}?(?:in|at)|landed in|reached|(?:flew|travell?ed|went|came|returned) (?:\w+ ){0,2}?(?:to|into)|"
    r"visit(?:ed|s|ing)?|(?:visit|trip|tour|journey|stopover) (?:to|of|in)|is in|are in|was in|were in) (?:the )?$"
)
"""What stands before the place where somebody has come to."""
_AHEAD = re.compile(r"\b(?:will|would|may|might|could|to|due|plans?|planned|expected|scheduled|next|ahead of|before)\b[^.;,]{0,60}$")
_BACK = 12
"""Sentences for which a scene lasts."""
_LEAD_SENTENCES = 4
"""Sentences in which a report tells its news, headline and dateline included."""
_NEWS_DAYS = 2
"""Days before publication in which what took place is the news that the dateline is for."""
_GATHERING = re.compile(r"\b(?:summit|conference|forum|assembly)\b", re.IGNORECASE)
_MEETINGS_BACK = 3
_LEAD = 60
"""Characters before a place in which the verb of motion stands."""


def with_scenes(meetings: Iterable[Meeting], prepared: Prepared) -> list[Meeting]:
    """Add the place to meetings, face to face, that have none: where a journey has taken a participant, else that of the dateline.

    Not done: a place for what was called off or is not settled, for a call, and, from the dateline, for what is not the day’s news.

    Args:
        meetings: Those of one article, mentions joined.
        prepared: The article.
    """
    scenes = _Scenes(prepared)
    found: list[Meeting] = []
    for meeting in meetings:
        found.append(scenes.complete(meeting, found))
    return found


@dataclass(frozen=True)
class _Scene:
    sentence: int
    place: str
    people: frozenset[str]


@dataclass
class _Scenes:
    prepared: Prepared
    circumstances: Circumstances = field(init=False)

    def __post_init__(self) -> None:
        self.circumstances = Circumstances(self.prepared.numbered, self.prepared.mentions)

    def complete(self, meeting: Meeting, before: Sequence[Meeting]) -> Meeting:
        settled = meeting.status in {MeetingStatus.HELD, MeetingStatus.PLANNED}
        if meeting.place or meeting.kind is MeetingKind.CALL or not settled or not meeting.evidence:
            return meeting
        first = meeting.evidence[0]
        sentence = self.prepared.numbered.sentence_at(first.start).number
        place = self._of_journey({party.name for party in meeting.participants}, sentence)
        place = place or self._of_meeting(meeting, before)
        place = place or (self._of_lead() or self.circumstances.dateline() if self._is_news(meeting, sentence) else None)
        position = self.prepared.position_of(place, [(first.start, first.end)]) if place else None
        return meeting.model_copy(update={"place": self.prepared.article.span(*position)}) if position else meeting

    def _of_lead(self) -> str | None:
        """Return where the summit or the conference takes place that headline or lead are about."""
        text = self.prepared.article.text
        for sentence in self.prepared.numbered.sentences[: _LEAD_SENTENCES - 1]:
            if _GATHERING.search(text, sentence.start, sentence.end) and (places := list(self.circumstances.places(sentence))):
                return text[slice(*places[0])]
        return None

    def _of_meeting(self, meeting: Meeting, before: Sequence[Meeting]) -> str | None:
        """Return where one who meets has met others in the same days, by what is told right before."""
        names = {party.name for party in meeting.participants}
        for other in reversed(before[-_MEETINGS_BACK:]):
            shared = names & {party.name for party in other.participants}
            if shared and other.place and other.kind is not MeetingKind.CALL and self._in_same_days(meeting, other):
                return other.place.text
        return None

    def _in_same_days(self, meeting: Meeting, other: Meeting) -> bool:
        """Whether two meetings lie within days of each other; one without a date is taken for news."""
        published = self.prepared.article.published
        days = [dates.bounds(one.date).first if one.date else published for one in (meeting, other)]
        first, second = days
        return first is not None and second is not None and abs((first - second).days) <= _NEWS_DAYS

    def _is_news(self, meeting: Meeting, sentence: int) -> bool:
        """Whether it is what the dateline is for: it took place in the days before publication, or the lead tells of it without a day."""
        published = self.prepared.article.published
        if meeting.status is not MeetingStatus.HELD or meeting.event:
            return False
        if published is None or meeting.date is None:
            return meeting.when is None and published is not None and sentence <= _LEAD_SENTENCES
        return 0 <= (published - dates.bounds(meeting.date).first).days <= _NEWS_DAYS

    def _of_journey(self, people: Collection[str], sentence: int) -> str | None:
        """Return where the last journey before, or in, a sentence has taken one of these people; None where none is told of."""
        for scene in reversed(self._scenes):
            recent = sentence - _BACK <= scene.sentence <= sentence or scene.sentence <= _LEAD_SENTENCES
            if recent and scene.people.intersection(people):
                return scene.place
        return None

    @cached_property
    def _scenes(self) -> list[_Scene]:
        told = [self._told(sentence) for sentence in self.prepared.numbered.sentences if not sentence.furniture]
        return [scene for scenes in told for scene in scenes]

    def _told(self, sentence: Sentence) -> list[_Scene]:
        text = self.prepared.article.text
        found = []
        for start, end in self.circumstances.places(sentence):
            before = text[max(sentence.start, start - _LEAD) : start]
            journey = _JOURNEY.search(before)
            if journey and not _AHEAD.search(before[: journey.start()]) and (people := self._people(sentence, start)):
                found.append(_Scene(sentence.number, text[start:end], people))
        return found

    def _people(self, sentence: Sentence, before: int) -> frozenset[str]:
        """Return who is named before the place; where a pronoun stands there, whom the sentence before names first."""
        mentions = self.prepared.mentions
        full = [mentions.fullest(m) for m in mentions.within(sentence.start, before)]
        named = frozenset(m.text for m in full if mentions.is_person(m) and not mentions.is_place(m))
        if named or sentence.number == 1:
            return named
        previous = self.prepared.numbered.sentence(sentence.number - 1)
        earlier = (mentions.fullest(m) for m in mentions.within(previous.start, previous.end))
        return frozenset([m.text for m in earlier if mentions.is_person(m) and not mentions.is_place(m)][:1])

"""The reader for meetings."""

from __future__ import annotations

import re

from llm_extract.cues import cues_in
from llm_extract.hosted import ask_meetings
from llm_extract.numbering import Sentence
from llm_extract.occasions import Occasion, find_occasions
from llm_extract.reading import Ask, MeetingReading, Prepared
from llm_extract.schema import MeetingKind
from llm_extract.settings import Profile
from llm_extract.statuses import status_of_wording

__all__ = ["read_meetings"]

_BARE = re.compile(r"\b(?:the|this|that|these|those|such a|a possible|a potential) (?:\w+[- ]){0,3}(?:meetings?|talks|summit|encounter)\b", re.IGNORECASE)


async def read_meetings(prepared: Prepared, ask: Ask, profile: Profile) -> list[MeetingReading]:
    """Read the meetings of an article; with the local profile, sentence by sentence."""
    if profile is Profile.HOSTED:
        return await ask_meetings(prepared, ask)
    reader = _LocalReader(prepared, ask)
    return [reading for occasion in find_occasions(prepared.numbered, prepared.mentions, prepared.masked) if (reading := await reader.read(occasion))]


class _LocalReader:
    def __init__(self, prepared: Prepared, ask: Ask) -> None:
        self._prepared = prepared
        self._ask = ask
        self._text = prepared.article.text
        self._last: tuple[str, ...] = ()

    async def read(self, occasion: Occasion) -> MeetingReading | None:
        sentence = self._prepared.numbered.sentence(occasion.sentence)
        participants = self._participants(occasion, sentence)
        if not participants:
            return None
        if len(participants) > 1:
            self._last = participants
        return MeetingReading(
            sentences=(sentence.number,),
            participants=participants,
            status=status_of_wording(self._text[slice(*occasion.clause)]),
            kind=MeetingKind(occasion.kind),
            when=self._slice(occasion.when),
            place=self._slice(occasion.place),
            event=self._slice(occasion.event),
        )

    def _participants(self, occasion: Occasion, sentence: Sentence) -> tuple[str, ...]:
        stated = self._names(occasion.stated)
        people = self._names(occasion.people)
        met = tuple(name for name in stated if name in people)
        if len(met) > 1:
            return met
        if len(stated) > 1 and not occasion.paired and not met:
            return stated
        speakers = {self._text[c.source_start : c.source_end] for c in cues_in(self._prepared.masked, sentence.start, sentence.end)}
        others = tuple(p for p in people if p in self._last or not any(p.split()[-1] in speaker for speaker in speakers))
        if len(others) > 1:
            return others
        if self._last and (occasion.paired or (others and others[0] in self._last) or (not others and _BARE.search(self._slice((sentence.start, sentence.end)) or ""))):
            return self._last
        if len(stated) > 1:
            return stated
        if stated and met:
            return (*met, *(p for p in people if p not in met and any(p.split()[-1] in speaker for speaker in speakers)))
        return ()

    def _names(self, spans: tuple[tuple[int, int], ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self._text[start:end] for start, end in spans))

    def _slice(self, span: tuple[int, int] | None) -> str | None:
        return self._text[span[0] : span[1]] if span else None

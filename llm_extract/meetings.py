"""The reader for meetings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from pydantic import BaseModel

from llm_extract.circumstances import Circumstances, event_words
from llm_extract.clauses import PAIR
from llm_extract.cues import cues_in
from llm_extract.numbering import Sentence
from llm_extract.occasions import Occasion, find_occasions
from llm_extract.prompts import load
from llm_extract.reading import Ask, ClaimReading, MeetingReading, Prepared, Question
from llm_extract.schema import MeetingKind, MeetingStatus, Stance
from llm_extract.settings import Profile
from llm_extract.statuses import status_of_wording

__all__ = ["StanceAnswer", "read_meetings"]

_BACK = re.compile(
    r"\b(?:those|these|that|the same) (?:\w+ )?(?:meetings?|talks|summit|encounter|discussions?|conversation|call)$", re.IGNORECASE
)
"""What points back to a meeting told of before."""
_SEQUEL = re.compile(r"\b(?:later|also|then|afterwards?)\b(?! (?:this|next|on))", re.IGNORECASE)
_SEQUEL_OPENS = re.compile(r"(?:Following|After|During) (?:the|that|those) (?:\w+ ){0,2}(?:meeting|talks|audience|summit|call)\b")
"""What puts a meeting on the day of the one told before."""
_BEFORE, _AFTER = 120, 60
"""Characters."""
_SENTENCES_BACK = 2
"""Sentences in which whom "his" means is looked for."""
_MAX_TOKENS = 64
"""A label needs a dozen; white space that a model likes to add, some more."""
_THE_TWO = re.compile(
    r"\b(?:the two|both) (?:men|women|leaders|presidents|ministers)\b|"
    r"\bthe two (?!sides|parties|countries|nations|governments|teams|delegations)[a-z]",
    re.IGNORECASE,
)
_HIS = re.compile(r"\b(?:his|her|he|she) (?:\w+ ){0,3}$", re.IGNORECASE)
_ON_MEETING = re.compile(r"\b(?:after|before|since|upon|by|while)\s$", re.IGNORECASE)
"""What stands before a participle that has the subject of the main clause: "said after meeting Li"."""
_BARE = re.compile(
    r"\b(?:the|this|that|these|those|such a|a possible|a potential) (?:\w+[- ]){0,3}(?:meetings?|talks|summit|encounter)\b", re.IGNORECASE
)


async def read_meetings(prepared: Prepared, ask: Ask, profile: Profile) -> list[MeetingReading]:
    """Read the meetings of an article; with the local profile, sentence by sentence."""
    if profile is Profile.HOSTED:
        from llm_extract.hosted import ask_meetings

        return await ask_meetings(prepared, ask)
    reader = _LocalReader(prepared, ask)
    occasions = find_occasions(prepared.numbered, prepared.mentions, prepared.masked)
    readings = [reading for occasion in occasions if (reading := await reader.read(occasion))]
    circumstances = Circumstances(prepared.numbered, prepared.mentions)
    known = circumstances.event_facts()
    return [_with_event_facts(reading, known) for reading in readings]


def _with_event_facts(reading: MeetingReading, known: Mapping[frozenset[str], Mapping[str, set[str]]]) -> MeetingReading:
    """Add the place and date of the event, where the mention gives none and the article knows only one."""
    if not reading.event:
        return reading
    words = event_words(reading.event)
    same = [facts for key, facts in known.items() if key & words]
    place, when = (set().union(*(facts[kind] for facts in same)) for kind in ("place", "when"))
    return replace(
        reading,
        place=reading.place or (place.pop() if len(place) == 1 else None),
        when=reading.when or (when.pop() if len(when) == 1 else None),
    )


class StanceAnswer(BaseModel):
    """The answer to what somebody says about a meeting's taking place."""

    stance: Stance


class _LocalReader:
    def __init__(self, prepared: Prepared, ask: Ask) -> None:
        self._prepared = prepared
        self._ask = ask
        self._text = prepared.article.text
        self._circumstances = Circumstances(prepared.numbered, prepared.mentions)
        self._last: tuple[str, ...] = ()
        self._told: dict[tuple[str, ...], MeetingReading] = {}
        self._stances: dict[int, Stance] = {}

    async def read(self, occasion: Occasion) -> MeetingReading | None:
        sentence = self._prepared.numbered.sentence(occasion.sentence)
        participants = self._participants(occasion, sentence)
        if not participants:
            return None
        if len(participants) > 1:
            self._last = participants
        status = status_of_wording(self._text[slice(*_near(occasion, self._text))])
        earlier = self._told.get(participants) if _BACK.search(self._text[sentence.start : occasion.trigger[1]]) else None
        if earlier and not occasion.when and status in {MeetingStatus.TENTATIVE, MeetingStatus.PLANNED}:
            status = earlier.status  # "whatever comes of these talks" doubts something else
        when = self._slice(occasion.when) or (earlier.when if earlier else None)
        self._told[participants] = reading = MeetingReading(
            sentences=(sentence.number,),
            participants=participants,
            status=status,
            kind=MeetingKind(occasion.kind),
            when=when or (self._day_before(occasion, participants) if status is MeetingStatus.HELD else None),
            place=self._slice(occasion.place) or self._circumstances.place_before(sentence, occasion.trigger[0]),
            event=self._slice(occasion.event) or (earlier.event if earlier else None),
            claims=await self._claims(sentence) if status is not MeetingStatus.HELD else (),
        )
        return reading

    def _day_before(self, occasion: Occasion, participants: tuple[str, ...]) -> str | None:
        """Return the day of the meeting told before of which this is the sequel, with one of the same parties: "Later he met Vik"."""
        clause = self._text[occasion.clause[0] : occasion.trigger[0]]
        opening = self._text[self._prepared.numbered.sentence(occasion.sentence).start : occasion.trigger[0]]
        if not (_SEQUEL.search(clause) or _SEQUEL_OPENS.match(opening)):
            return None
        told = list(self._told.values())[::-1]
        return next(
            (r.when for r in told[:3] if r.when and r.status is MeetingStatus.HELD and set(r.participants) & set(participants)), None
        )

    async def _claims(self, sentence: Sentence) -> tuple[ClaimReading, ...]:
        """Read what the sentence's source says of the meeting; a meeting that took place needs nobody's word."""
        by = self._source(sentence)
        if by is None:
            return ()
        if sentence.number not in self._stances:
            passage = self._slice((sentence.start, sentence.end))
            answer = await self._ask(Question(load("stance"), {"passage": passage}, StanceAnswer, max_tokens=_MAX_TOKENS))
            self._stances[sentence.number] = answer.stance
        return (ClaimReading(by, self._stances[sentence.number], sentence.number),)

    def _source(self, sentence: Sentence) -> str | None:
        """Return who says it: the speaker of a quotation that starts in the sentence, else the source of its first cue."""
        for attribution in self._prepared.attributions:
            if attribution.quotation.sentence == sentence.number and attribution.candidates:
                return self._slice(attribution.candidates[0])
        for cue in cues_in(self._prepared.masked, sentence.start, sentence.end):
            if names := self._prepared.mentions.within(cue.source_start, cue.source_end):
                return self._prepared.mentions.fullest(names[-1]).text
        return None

    def _participants(self, occasion: Occasion, sentence: Sentence) -> tuple[str, ...]:
        """Return who meets: those whom the grammar names, else those at hand, else those of the occasion before."""
        subjects, objects = self._side(occasion.subjects), self._side(occasion.objects)
        stated = tuple(dict.fromkeys((*subjects, *objects)))
        if subjects and objects and len(stated) > 1:
            return stated
        if objects and not subjects and self._last and self._are_the_two(occasion):
            return tuple(dict.fromkeys((*self._last, *objects)))
        met = tuple(name for name in stated if self._is_person(name))
        if len(met) > 1 or (len(stated) > 1 and not met and not occasion.paired):
            return met or stated
        if len(met) == 1 and met == objects and (owner := self._owner(occasion, sentence, met[0])):
            return owner, *met
        return self._at_hand(occasion, sentence) or (
            stated if len(stated) > 1 else self._with_speakers(objects, self._names(occasion.people), sentence)
        )

    def _are_the_two(self, occasion: Occasion) -> bool:
        """Whether those of the occasion before are the subject: "The two also met Vik"."""
        return bool(PAIR.search(self._text[occasion.clause[0] : occasion.trigger[0]]))

    def _side(self, areas: tuple[tuple[int, int], ...]) -> tuple[str, ...]:
        """Return the parties before or behind the word: its people, else all."""
        names = self._names(areas)
        return tuple(name for name in names if self._is_person(name)) or names

    def _is_person(self, name: str) -> bool:
        mention = self._prepared.mentions.named(name)
        return mention is not None and self._prepared.mentions.is_person(mention)

    def _at_hand(self, occasion: Occasion, sentence: Sentence) -> tuple[str, ...]:
        """Return the people of the sentence but for the reporter of it; where they are not two, those of the occasion before."""
        speakers = self._speakers(sentence)
        others = tuple(p for p in self._names(occasion.people) if p in self._last or p not in speakers)
        if len(others) > 1:
            return others
        refers_back = occasion.paired or others[0] in self._last if others else occasion.paired or self._is_bare(sentence)
        if not self._last and _THE_TWO.search(self._text, sentence.start, sentence.end):
            return _two_most_named(self._prepared)
        return self._last if refers_back else ()

    def _with_speakers(self, objects: tuple[str, ...], people: tuple[str, ...], sentence: Sentence) -> tuple[str, ...]:
        """Add to the one who is met whoever tells of it: "In a call with Petrova, Li said …"."""
        speakers = self._speakers(sentence)
        return (*objects, *(p for p in people if p not in objects and p in speakers)) if objects else ()

    def _owner(self, occasion: Occasion, sentence: Sentence, met: str) -> str | None:
        """Return whom "his" means in "Petrova …, after his meeting with Li": the first person of the sentence or of one before."""
        before = self._text[max(sentence.start, occasion.trigger[0] - 30) : occasion.trigger[0]]
        his = _HIS.search(before)
        if not his and not _ON_MEETING.search(before):
            return None
        mentions = self._prepared.mentions
        for number in range(sentence.number, max(0, sentence.number - _SENTENCES_BACK) if his else sentence.number - 1, -1):
            area = self._prepared.numbered.sentence(number)
            names = (mentions.fullest(m) for m in mentions.within(area.start, min(area.end, occasion.trigger[0])))
            if owner := next((m.text for m in names if m.text != met and mentions.is_person(m)), None):
                return owner
        return None

    def _speakers(self, sentence: Sentence) -> set[str]:
        """Return who is said to say something in the sentence."""
        mentions = self._prepared.mentions
        cues = cues_in(self._prepared.masked, sentence.start, sentence.end)
        return {mentions.fullest(m).text for cue in cues for m in mentions.within(cue.source_start, cue.source_end)}

    def _is_bare(self, sentence: Sentence) -> bool:
        return bool(_BARE.search(self._text, sentence.start, sentence.end))

    def _names(self, spans: tuple[tuple[int, int], ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self._text[start:end] for start, end in spans))

    def _slice(self, span: tuple[int, int] | None) -> str | None:
        return self._text[span[0] : span[1]] if span else None


def _near(occasion: Occasion, text: str) -> tuple[int, int]:
    """Return the part of the clause around the trigger: what stands further off speaks of other things."""
    start, end = occasion.clause
    after = 2 * _AFTER if text.startswith(" between ", occasion.trigger[1]) else _AFTER  # the verb comes behind the names
    return max(start, occasion.trigger[0] - _BEFORE), min(end, occasion.trigger[1] + after)


def _two_most_named(prepared: Prepared) -> tuple[str, ...]:
    """Return the two people whom the article names most: those whom "the two" means before a meeting was told of."""
    mentions = prepared.mentions
    full = (mentions.fullest(mention) for mention in mentions.all)
    counted = Counter(mention.text for mention in full if mentions.is_person(mention) and not mentions.is_place(mention))
    return tuple(name for name, _ in counted.most_common(2)) if len(counted) > 1 else ()

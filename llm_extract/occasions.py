"""Mentions of meetings: clauses in which parties meet, with the names, place, date and event that stand there.

Plain code over the words that news uses for meetings. It proposes occasions; whether one counts and how settled it is, is for the
reader to judge.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import islice

from llm_extract.anchored import opens_clause
from llm_extract.circumstances import Circumstances
from llm_extract.clauses import MEETING_WORD, PAIR, Area, clause_of, is_meeting_word, is_strong, kind_of, opens_content, pieces
from llm_extract.lexicon import SPEECH_VERBS
from llm_extract.mentions import Mentions
from llm_extract.numbering import NumberedArticle, Sentence
from llm_extract.parties import Parties

__all__ = ["Occasion", "find_occasions"]

_APART = re.compile(r";|\b(?:but|though|although|while|whereas|however|because)\b|, and (?=[A-Z])|, as (?:the|he|she|they|[A-Z])")
"""What stands between a clause and another's circumstances."""
_NOUN = re.compile(r"summit|encounter\b|negotiations|discussions?|conversations?|consultations|audience", re.IGNORECASE)
_THEY = re.compile(r"\b(?:they|the two|both)\b[^.;]{0,100}$", re.IGNORECASE)
_BETWEEN_THEM = re.compile(r" between (?:them|the two|both)\b")
_LATER = re.compile(r"\b(?:before|after)\s(?!talks\b|meeting\b)", re.IGNORECASE)
"""What stands between a meeting and the circumstances of something else: "met Lang before flying to Oslo"."""
_RECEIVED = re.compile(r"receive|host", re.IGNORECASE)
_DECISION = (
    r"(?:agreed|announced|accepted|decided|cancell?ed|called off|scrapped|postponed|put off|rejected|refused|ruled out|invited|offered|"
    r"proposed|confirmed|denied|promised|declined|pulled out|withdrew)"
)
_DECIDED_ON = re.compile(rf"\b{_DECISION}(?: \w+)?(?: on| in)? $")
_ON_DECIDED = re.compile(rf"\s(?:\w+ly |also )?{_DECISION}\b")
"""The day of a decision is not that of the meeting: "agreed on Monday to meet", "on Monday called off her talks"."""
_MOST_WORDS = 12
"""Words for a meeting that are looked at in one sentence."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """One mention of a meeting."""

    sentence: int
    trigger: Area
    clause: Area
    """The part of the sentence that says how settled it is."""
    subjects: tuple[Area, ...]
    """Those of whom the grammar says that they meet, before the verb or noun: "X met …"; full names or noun phrases."""
    objects: tuple[Area, ...]
    """And those behind it: "… met Y", "talks between X and Y"."""
    people: tuple[Area, ...]
    """Full names of all people in the sentence."""
    paired: bool
    """Whether it speaks of "the two", "they": those of the occasion before."""
    kind: str
    when: Area | None = None
    place: Area | None = None
    event: Area | None = None


def find_occasions(article: NumberedArticle, mentions: Mentions, masked: str) -> list[Occasion]:
    """Find the clauses that may report a meeting, in the order of the text.

    Args:
        article: The numbered article.
        mentions: Its names.
        masked: Its text with the quotations masked.
    """
    circumstances = Circumstances(article, mentions)
    finder = _Finder(article, masked, circumstances, Parties(article, masked, mentions, circumstances))
    told = (piece for sentence in article.sentences if not sentence.furniture for piece in pieces(sentence))
    return [occasion for sentence in told for occasion in finder.in_sentence(sentence)]


@dataclass
class _Trigger:
    area: Area
    subjects: tuple[Area, ...]
    objects: tuple[Area, ...]
    part: Area | None = None
    """Where it tells of the one who is met, if others are met by the same word on other occasions."""
    facts: dict[str, Area] = field(default_factory=dict, init=False)

    @property
    def stated(self) -> tuple[Area, ...]:
        return tuple(dict.fromkeys((*self.subjects, *self.objects)))


@dataclass
class _Finder:
    article: NumberedArticle
    masked: str
    circumstances: Circumstances
    parties: Parties

    @property
    def _text(self) -> str:
        return self.article.article.text

    def in_sentence(self, sentence: Sentence) -> Iterator[Occasion]:
        people = self.parties.people(sentence.start, sentence.end)
        triggers = [_Trigger(area, *self.parties.around(sentence, area)) for area in islice(self._triggers(sentence), _MOST_WORDS)]
        strong = {clause_of(self._text, sentence, t.area) for t in triggers if is_strong(self._text, t.area)}
        triggers = [t for t in triggers if is_strong(self._text, t.area) or self._tells_alone(t, sentence, strong)]
        if not triggers:
            return
        triggers = [part for trigger in triggers for part in self._parts(trigger, sentence)]
        self._share_out(triggers, sentence)
        telling = self._telling(triggers, sentence)
        for trigger in telling:
            clause = clause_of(self._text, sentence, trigger.area)
            source = trigger if trigger.stated else next((t for t in triggers if t.stated), trigger)
            yield Occasion(
                sentence=sentence.number,
                trigger=trigger.area,
                clause=clause,
                subjects=source.subjects,
                objects=source.objects,
                people=tuple(people if len(telling) == 1 else self.parties.people(*clause)),
                paired=bool(PAIR.search(self._text, sentence.start, sentence.end)),
                kind=kind_of(self._text, clause, trigger.area),
                **trigger.facts,
            )

    def _parts(self, trigger: _Trigger, sentence: Sentence) -> list[_Trigger]:
        """Return a trigger for each of those who are met one by one: "met separately with Lang and Costa"."""
        local = self.parties.apart(sentence, trigger.area, trigger.objects)
        ends = [start for start, _ in local[1:]] + [sentence.end]
        parts = [replace(trigger, objects=(self.parties.full(area),), part=(area[0], end)) for area, end in zip(local, ends, strict=False)]
        return parts or [trigger]

    def _tells_alone(self, trigger: _Trigger, sentence: Sentence, strong: set[Area]) -> bool:
        """Whether a word that may mean other things tells of a meeting: two parties are named, and no clearer word is near."""
        clause = clause_of(self._text, sentence, trigger.area)
        if clause in strong:
            return False
        somebody = sum(self.parties.is_somebody(area) for area in trigger.stated)
        if _NOUN.match(self._text, *trigger.area):
            return bool(trigger.subjects and trigger.objects) or somebody > 1 or self._of_the_two(sentence, trigger.area)
        received = _RECEIVED.match(self._text, *trigger.area) and self.parties.is_group(trigger.objects)
        return somebody > (0 if received else 1)

    def _of_the_two(self, sentence: Sentence, word: Area) -> bool:
        """Whether those of the occasion before are the subject, or stand behind the word: "they had a conversation"."""
        return bool(_THEY.search(self._text, sentence.start, word[0]) or _BETWEEN_THEM.match(self._text, word[1], sentence.end))

    def _triggers(self, sentence: Sentence) -> Iterator[Area]:
        for match in MEETING_WORD.finditer(self._text, sentence.start, sentence.end):
            if is_meeting_word(self._text, match.span(), sentence):
                yield match.span()

    def _telling(self, triggers: list[_Trigger], sentence: Sentence) -> list[_Trigger]:
        """Return the triggers that tell of an occasion each: those with facts, and those in a clause of their own."""
        clauses = {clause_of(self._text, sentence, t.area) for t in triggers if t.facts or t.part}
        alone = [t for t in triggers if not t.facts and not t.part and clause_of(self._text, sentence, t.area) not in clauses]
        own = [t for t in alone if PAIR.search(self._text, *clause_of(self._text, sentence, t.area)) or len(t.stated) > 1]
        return sorted([*(t for t in triggers if t.facts or t.part), *own[:1]], key=lambda t: t.area) or triggers[:1]

    def _share_out(self, triggers: list[_Trigger], sentence: Sentence) -> None:
        """Give each date, place and event to the nearest trigger, rather one before than one behind it; the nearest of a kind wins."""
        facts = [
            *(("when", area) for area in self.circumstances.dates(sentence)),
            *(("place", area) for area in self.circumstances.places(sentence)),
            *(("event", area) for area in self.circumstances.events(sentence)),
        ]
        for kind, area in facts:
            near = [t for t in triggers if not self._apart(area, t.area, sentence)]
            if not near:
                continue
            near = [t for t in near if t.part and t.part[0] <= area[0] < t.part[1]] or near
            home = min(near, key=lambda trigger: self._remoteness(area, trigger, sentence))
            rival = home.facts.get(kind)
            if kind == "event" and area[0] > home.area[1] and home.facts.get("place", area)[0] < home.area[0]:
                del home.facts["place"]  # "In Oslo they agreed to meet at the G5": Oslo is not where
            if rival is None or self._remoteness(area, home, sentence) < self._remoteness(rival, home, sentence):
                home.facts[kind] = area
        self._share_among_parts(triggers)

    def _share_among_parts(self, triggers: list[_Trigger]) -> None:
        """Give what stands before the word or behind the last who is met to each that has nothing of the kind."""
        for trigger in triggers:
            parts = [t for t in triggers if t.part and t.area == trigger.area] if trigger.part else []
            last = max((t.part[0] for t in parts if t.part), default=0)
            for kind, area in [fact for part in parts for fact in part.facts.items()]:
                if area[0] < trigger.area[0] or area[0] >= last:
                    trigger.facts.setdefault(kind, area)

    def _remoteness(self, fact: Area, trigger: _Trigger, sentence: Sentence) -> tuple[bool, int]:
        """Measure how far a fact is from a trigger: one of the same clause is nearer than any of another."""
        start, end = clause_of(self._text, sentence, trigger.area)
        inside = start <= fact[0] < end or opens_clause(self._text, *fact)
        return not inside, _distance(fact, trigger.area)

    def _apart(self, fact: Area, trigger: Area, sentence: Sentence) -> bool:
        """Whether a fact belongs to another clause: behind "but" or "though", or to who says it ("he said in Oslo on Monday")."""
        if opens_clause(self._text, *fact):
            return fact[0] > trigger[0] or clause_of(self._text, sentence, trigger)[0] > fact[1] + 1
        between = self.masked[min(fact[1], trigger[1]) : max(fact[0], trigger[0])]
        if _APART.search(between) or (fact[0] > trigger[1] and _LATER.search(between)):
            return True
        if fact[0] < trigger[0] and (
            _DECIDED_ON.search(self.masked, max(0, fact[0] - 40), fact[0]) or _ON_DECIDED.match(self.masked, fact[1], trigger[0])
        ):
            return True
        if fact[0] < trigger[0]:
            return opens_content(self.masked, fact[1], trigger[0])[0] is not None
        return any(word in SPEECH_VERBS for word in re.findall(r"[a-z]+", between))


def _distance(area: Area, trigger: Area) -> int:
    """Characters between; twice as far where the trigger comes later, for "a meeting in Oslo" is the usual order."""
    return area[0] - trigger[1] if area[0] >= trigger[1] else 2 * max(0, trigger[0] - area[1])

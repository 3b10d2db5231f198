"""Parties: of whom the grammar around a word says that they meet."""

from __future__ import annotations

import re
from dataclasses import dataclass

from llm_extract.circumstances import Circumstances, is_event
from llm_extract.clauses import PAIR, Area, clause_of, opens_content
from llm_extract.lexicon import NOT_PEOPLE, PERSON_NOUNS, TITLES
from llm_extract.mentions import Mention, Mentions
from llm_extract.numbering import Sentence

__all__ = ["Parties"]

_BETWEEN = re.compile(
    r"[^.;]{0,80}?\bbetween ([^,;.]+?) and ([^;]+?)"
    r"(?=,|;|\.(?:\s|$)|$| (?:in|at|on|to|over|about|after|before|took|last|this|was|were|saw|resulted|ended) )"
)
_NAME = r"[A-ZÀ-Þ][\w.’'-]*(?: (?:[A-ZÀ-Þ][\w.’'-]*|of [A-Z][\w.’'-]*|bin|al|de|von|van))*"
_NOUN_PHRASE = rf"(?:the |other |his |her |their |an? )?(?:[\w.’'-]+ ){{0,4}}?{_NAME}"
_WITH = re.compile(rf"\s+(?:\w+ ){{0,6}}?(?:with|by)\s+({_NOUN_PHRASE}(?:,? and {_NOUN_PHRASE})?)")
_OBJECT = re.compile(rf"\s+({_NAME}(?: and {_NAME})?)")
_APPOSED = re.compile(r"[^,.]{0,40}, ")
_DETERMINER = re.compile(r"\s*(?:the|other|his|her|their|its|some)\s+", re.IGNORECASE)
_OWNER = re.compile(r"['’]s? (?!(?:\w+ )?(?:meeting|talks|summit|encounter|visit|call)\b)")
_NUMBERED = re.compile(r" of (?:\d|Seven|Eight|Twenty)")


@dataclass
class Parties:
    """Finds who meets whom in the sentences of one article."""

    text: str
    masked: str
    """The text with the quotations masked."""
    mentions: Mentions
    circumstances: Circumstances

    def around(self, sentence: Sentence, trigger: Area) -> tuple[tuple[Area, ...], tuple[Area, ...]]:
        """Return the parties that the grammar around the trigger names, before and behind it."""
        if match := _BETWEEN.match(self.masked, trigger[1], sentence.end):
            return (), tuple(party for group in (1, 2) for party in self._party(*match.span(group)))
        subjects = self._subjects(sentence, trigger)
        match = _WITH.match(self.masked, trigger[1], sentence.end) or _OBJECT.match(self.masked, trigger[1], sentence.end)
        if match is None:  # nobody is met: only people can be said to meet one another
            people = self.people(sentence.start, sentence.end)
            return tuple(area for area in subjects if area in people), ()
        return tuple(subjects), tuple(self._party(*self._with_apposed(match.span(1), sentence)))

    def people(self, start: int, end: int) -> list[Area]:
        """Return the full names of all people in an area, each once."""
        found: dict[str, Area] = {}
        for mention in self.mentions.within(start, end):
            full = self.mentions.fullest(mention)
            named = not any(word in NOT_PEOPLE for word in full.text.casefold().split())
            if named and self._may_meet(mention) and self.mentions.is_person(full) and not self.mentions.is_place(full):
                found.setdefault(full.text, (full.start, full.end))
        return list(found.values())

    def _with_apposed(self, phrase: Area, sentence: Sentence) -> Area:
        """Return the name after the comma in "with the country's president, Ana Petrova"."""
        if any(self._may_meet(m) for m in self.mentions.within(*phrase)):
            return phrase
        apposed = _APPOSED.match(self.text, phrase[1], sentence.end)
        named = [m for m in self.mentions.within(phrase[1], sentence.end) if apposed and m.start == apposed.end()]
        return (named[0].start, named[0].end) if named else phrase

    def _subjects(self, sentence: Sentence, trigger: Area) -> list[Area]:
        """Return the names before the trigger in its clause; who reports it stands in another."""
        start = clause_of(self.text, sentence, trigger)[0]
        verb, opening = opens_content(self.masked, start, trigger[0])
        speakers: list[Area] = []
        if verb and opening in {"he", "she"}:
            speakers = [self._full(m) for m in self.mentions.within(start, verb[0])[-1:]]
        return [*speakers, *(self._full(m) for m in self.mentions.within(verb[1] if verb else start, trigger[0]) if self._may_meet(m))]

    def _party(self, start: int, end: int) -> list[Area]:
        """Return the names in a noun phrase, or the phrase itself where it has none."""
        names = [m for m in self.mentions.within(start, end) if self._may_meet(m)]
        people = [self._full(m) for m in names if self.mentions.is_person(self.mentions.fullest(m))]
        if names:
            return people or [self._full(m) for m in names]
        phrase = self.text[start:end]
        determiner = _DETERMINER.match(phrase)
        is_role = bool(phrase.split()) and phrase.split()[-1].casefold() in TITLES | PERSON_NOUNS
        if not phrase.strip() or PAIR.search(phrase) or (self.mentions.within(start, end) and not is_role):
            return []
        return [(start + (determiner.end() if determiner else 0), end)]

    def _may_meet(self, mention: Mention) -> bool:
        """Whether a name may be a party: no place, event or adjective, and not the owner of something ("Petrova’s spokesman")."""
        if _OWNER.match(self.text, mention.end) or _NUMBERED.match(self.text, mention.end):
            return False
        return (
            not self.circumstances.is_place(mention) and not is_event(mention.text) and not self.mentions.is_adjective(mention, self.text)
        )

    def _full(self, mention: Mention) -> Area:
        full = self.mentions.fullest(mention)
        return full.start, full.end

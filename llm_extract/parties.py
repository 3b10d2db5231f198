"""Parties: of whom the grammar around a word says that they meet."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from llm_extract.circumstances import Circumstances, is_event
from llm_extract.clauses import PAIR, Area, clause_of, is_verb, opens_content
from llm_extract.lexicon import NOT_PEOPLE, ORGANISATION_NOUNS, PERSON_NOUNS, TITLES
from llm_extract.mentions import Mention, Mentions
from llm_extract.numbering import Sentence

__all__ = ["Parties"]

_BETWEEN = re.compile(
    r"[^.;]{0,80}?\bbetween ([^;.]+?),? and ([^;]+?)"
    r"(?=,|;|(?<![A-Z])\.(?:\s|$)|$| (?:in|at|on|to|over|about|after|before|took|last|this|was|were|saw|resulted|ended) )"
)
_LINK = re.compile(r"\s+(?:[\w’'-]+\s+){0,6}?(?:with|by)\s+|\s+of\s+")
"""What joins a meeting to who is met: "talks on fish with …"."""
_DAY = re.compile(r"\s(?:on )?(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|yesterday|today|last week)(?= )")
_STOP = re.compile(r"[.;:—()]\s|\b(?:in|at|on|after|before|during|for|about|over|from|since|that|who|which|when|while|as|whether|if)\b")
"""What ends the phrase that names who is met."""
_AND = re.compile(r"(?:,[^,.;]{0,60})?,? (?:and|&) (?:[\w.’'-]+ ){0,6}$")
_FARTHEST = 70
"""Characters from a meeting to who is met."""
_SENTENCES_BACK = 5
"""Sentences in which whom a pronoun means is looked for."""
_PRONOUN = re.compile(r"\b(?:he|she)\b", re.IGNORECASE)
_PRONOUN_AND = re.compile(r"\b(?:he|she) and\b", re.IGNORECASE)
_AND_VERB = re.compile(r"\band\s$")
_WHO = re.compile(r",? who\s$")
_ACCORDING = re.compile(r"according to [^,]{1,80},\s", re.IGNORECASE)
_BODY = r"[Tt]he (?:[\w’'-]+ ){0,5}?[\w’'-]+"
_BOTH = re.compile(
    rf"(?:^|(?<=\W))(?P<one>{_BODY}),? and (?P<other>{_BODY}) (?:(?:had|have|will|would|may|could|last|first|also|then) ){{0,2}}$"
)
"""Two bodies that meet: "the union and the alliance have met"."""
_PHRASE_BEFORE = re.compile(
    r"(?:^|(?<=\W))(?:[Tt]he|[Aa]n?|[Hh]is|[Hh]er|[Tt]heir) (?P<who>(?:[a-z’'-]+ ){0,4}?[a-z-]+)(?:, [^,]{1,60},)?"
    r" (?:(?:had|have|has|will|would|may|could|were|are|is|was|to|asked|due|also|then|first|last) ){0,4}$"
)
_PHRASE_MET = re.compile(
    r"\s*(?:(?:the|an?|his|her|their|its|some) )?(?P<who>(?:[a-z’'-]+ ){0,3}?[a-z-]+)"
    r"(?=[,.;]|$| (?:of|from|in|at|on|to|for|over|and|before|after)\b)"
)
_HEARERS = frozenset(
    {"guard", "head", "player", "players", "reporter", "reporters", "resident", "residents", "source", "speaker", "speakers"}
)
"""People who are talked to or visited in passing: no party."""
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
    sentences: Sequence[Sentence]

    def around(self, sentence: Sentence, trigger: Area) -> tuple[tuple[Area, ...], tuple[Area, ...]]:
        """Return the parties that the grammar around the trigger names, before and behind it."""
        if match := _BETWEEN.match(self.masked, trigger[1], sentence.end):
            return (), tuple(party for group in (1, 2) for party in self._party(*match.span(group)))
        subjects, objects = self._subjects(sentence, trigger), self._objects(sentence, trigger)
        if subjects and not objects:
            objects = self._phrase_met(sentence, trigger)
        if objects:
            return tuple(subjects or self._phrase_before(sentence, trigger)), tuple(objects)
        people = tuple(area for area in subjects if self._is_somebody(area))
        if not people and (both := _BOTH.search(self.masked, clause_of(self.text, sentence, trigger)[0], trigger[0])):
            one, other = self._party(*both.span("one")), self._party(*both.span("other"))
            return tuple(one[:1]), tuple(other[:1])
        return people, ()  # nobody is met: people can be said to meet one another

    def _phrase_before(self, sentence: Sentence, trigger: Area) -> list[Area]:
        """Return the people without a name who meet somebody: "The town’s train drivers will meet with …"."""
        match = _PHRASE_BEFORE.search(self.masked, max(sentence.start, trigger[0] - 2 * _FARTHEST), trigger[0])
        return [match.span("who")] if match and is_verb(self.text, trigger) and _is_body(match["who"]) else []

    def _phrase_met(self, sentence: Sentence, trigger: Area) -> list[Area]:
        """Return the people without a name whom somebody meets: "… will receive executives of three banks"."""
        link = _LINK.match(self.masked, trigger[1], min(sentence.end, trigger[1] + _FARTHEST))
        start = link.end() if link else trigger[1] if is_verb(self.text, trigger) else None
        match = _PHRASE_MET.match(self.masked, start, sentence.end) if start is not None else None
        return [match.span("who")] if match and _is_body(match["who"]) else []

    def _is_somebody(self, area: Area) -> bool:
        """Whether a full name is a person's."""
        mention = self.mentions.at(*area)
        return mention is not None and self.mentions.is_person(mention) and not self.mentions.is_place(mention)

    def is_group(self, areas: Sequence[Area]) -> bool:
        """Whether they are people without a name, such as "executives"."""
        return any(self.mentions.at(*area) is None and self.text[slice(*area)].endswith("s") for area in areas)

    def people(self, start: int, end: int) -> list[Area]:
        """Return the full names of all people in an area, each once."""
        found: dict[str, Area] = {}
        for mention in self.mentions.within(start, end):
            full = self.mentions.fullest(mention)
            named = not any(word in NOT_PEOPLE for word in full.text.casefold().split())
            if named and self._may_meet(mention) and self.mentions.is_person(full) and not self.mentions.is_place(full):
                found.setdefault(full.text, (full.start, full.end))
        return list(found.values())

    def _objects(self, sentence: Sentence, trigger: Area) -> list[Area]:
        """Return who is met: the first name behind the word or behind its "with", and those joined to it by "and"."""
        link = _LINK.match(self.masked, trigger[1], min(sentence.end, trigger[1] + _FARTHEST))
        starts = [link.end()] if link else []
        day = _DAY.match(self.masked, trigger[1], sentence.end)
        starts += [day.end() if day else trigger[1]] if is_verb(self.text, trigger) else []
        for start in starts:
            names = [m for m in self.mentions.within(start, sentence.end) if self._may_meet(m)]
            if names and names[0].start - start <= _FARTHEST and not _STOP.search(self.masked, start, names[0].start):
                return [self._full(m) for m in self._joined(names)]
        return []

    def _joined(self, names: list[Mention]) -> list[Mention]:
        joined = names[:1]
        for name in names[1:]:
            if not _AND.fullmatch(self.masked, joined[-1].end, name.start):
                break
            joined.append(name)
        return joined

    def _subjects(self, sentence: Sentence, trigger: Area) -> list[Area]:
        """Return the names before the trigger in its clause; who reports it stands in another. A pronoun is whom it stands for."""
        start = clause_of(self.text, sentence, trigger)[0]
        verb, opening = opens_content(self.masked, start, trigger[0])
        according = _ACCORDING.match(self.masked, start, trigger[0])
        begin = verb[1] if verb else according.end() if according else start
        names = [m for m in self.mentions.within(begin, trigger[0]) if self._may_meet(m)]
        found = [self._full(m) for m in names]
        if not found and _WHO.search(self.masked, sentence.start, start):
            found = [self._full(m) for m in self.mentions.within(sentence.start, start)[-1:]]
        if not found and _AND_VERB.search(self.masked, sentence.start, start):
            found = self.people(sentence.start, start)[:1]  # "Petrova flew home and will meet Lang"
        pronoun = opening in {"he", "she"} or _PRONOUN.search(self.masked, begin, trigger[0])
        if pronoun and (not found or _PRONOUN_AND.search(self.masked, begin, trigger[0])):
            meant = self._meant_by_pronoun(sentence, verb[0] if verb else begin)
            found = [*meant, *(area for area in found if area not in meant)]
        return found

    def _meant_by_pronoun(self, sentence: Sentence, before: int) -> list[Area]:
        """Return the first person of the sentence, or of the nearest one before that names any."""
        for number in range(sentence.number, max(0, sentence.number - _SENTENCES_BACK), -1):
            area = self.sentences[number - 1]
            if people := self.people(area.start, min(area.end, before)):
                return people[-1:] if number == sentence.number else people[:1]
        return []

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
        if self.circumstances.is_place(mention) or is_event(mention.text):
            return False
        return not self.mentions.is_adjective(mention, self.text) or self._is_short(mention)

    def _is_short(self, mention: Mention) -> bool:
        """Whether a name that looks like an adjective is the last name of somebody: "Bianchi and Costa"."""
        full = self.mentions.fullest(mention)
        return full != mention and self.mentions.is_person(full)

    def _full(self, mention: Mention) -> Area:
        full = self.mentions.fullest(mention)
        return full.start, full.end


def _is_body(phrase: str) -> bool:
    """Whether a phrase means an organisation, or people who may be received: "rebel leaders", "the victims’ families"."""
    last = phrase.rsplit(maxsplit=1)[-1]
    if last in _HEARERS:
        return False
    return last in ORGANISATION_NOUNS | _KINSHIP or (last.endswith("s") and last[:-1] in PERSON_NOUNS | {"driver", "rebel", "union"})


_KINSHIP = frozenset({"families", "relatives", "parents", "rebels", "union", "counterpart"})

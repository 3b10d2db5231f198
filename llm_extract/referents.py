"""Whom a description or a pronoun means: "the president", "the Norvik leader", "his counterpart", "she"."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from llm_extract.clauses import Area, clause_of
from llm_extract.mentions import Mention, Mentions
from llm_extract.numbering import NumberedArticle, Sentence
from llm_extract.phrases import DETERMINERS, subject_of
from llm_extract.pronouns import Pronouns
from llm_extract.sources import Sources

__all__ = ["REACH", "Referents"]

REACH = 250
"""Characters in which a clause has named its subject."""
_SENTENCES_BACK = 5
"""Sentences in which whom a pronoun means is looked for."""
_TAKEN_UP = re.compile(r"\b(?:where|when|while|before|after|because) (?:he|she)\b")
"""A pronoun that stands for the subject of the main clause, whoever else was named since."""
_HEADS = ("president", "premier", "prime minister", "chancellor", "king", "leader")
"""Offices of whom news calls the leader of a country."""
_STEM = 4
"""Letters that the name of a country has in common with its adjective."""
_FARTHEST = 70
"""Characters before a name in which its bearer’s office stands."""
_DEFINITE = re.compile(r"(?:the|his|her|their|its|this|that|[\w.-]+['’]s)\s", re.IGNORECASE)


@dataclass
class Referents:
    """Resolves them in one article; all answers are full names."""

    article: NumberedArticle
    masked: str
    """The text with the quotations masked."""
    mentions: Mentions
    people: Callable[[int, int], list[Area]]
    """Gives the people in an area who may meet somebody."""
    sources: Sources = field(init=False)
    _pronouns: Pronouns = field(init=False)

    def __post_init__(self) -> None:
        self.sources = Sources(self.article, self.mentions)
        self._pronouns = Pronouns(self.article, self.mentions)

    @property
    def _text(self) -> str:
        return self.article.article.text

    def is_somebody(self, area: Area) -> bool:
        """Whether a full name is a person's."""
        mention = self.mentions.at(*area)
        return mention is not None and self.mentions.is_person(mention) and not self.mentions.is_place(mention)

    def opening(self, begin: int, end: int) -> Area:
        """Return the noun phrase that opens an area; a far end is cut off, for no subject is that long."""
        return subject_of(self.masked, begin, min(end, begin + REACH))

    def person_who_opens(self, start: int, before: int) -> Area | None:
        """Return the person who is the subject of a sentence: by name, or by the role that the article gives them."""
        phrase = self.opening(start, before)
        if phrase[0] == phrase[1]:
            return None
        named = self.sources.name_in(phrase)
        definite = _DEFINITE.match(self._text, *phrase)
        bearers = [*self.sources.bearers(phrase, before=phrase[0]), *self.of_country(phrase)] if definite else []
        return next((area for area in (named, *bearers) if area and self.is_somebody(area)), None)

    def by_pronoun(self, sentence: Sentence, before: int, pronoun: str) -> list[Area]:
        """Return the first person of the sentence, or of the nearest one before that names any and does not go on with the pronoun."""
        for number in range(sentence.number, max(0, sentence.number - _SENTENCES_BACK), -1):
            area = self.article.sentences[number - 1]
            people = [p for p in self.people(area.start, min(area.end, before)) if self._pronouns.of(*p) in {None, pronoun.casefold()}]
            taken_up = number == sentence.number and _TAKEN_UP.search(self.masked, sentence.start, before + _FARTHEST)
            if taken_up and (subject := self.person_who_opens(area.start, before)):
                return [subject]
            goes_on = number < sentence.number and self.masked[slice(*self.opening(area.start, area.end))].casefold() == pronoun.casefold()
            if people and not goes_on:
                return people[-1:] if number == sentence.number else people[:1]
        return []

    def him(self, sentence: Sentence, before: int) -> list[Area]:
        """Return whom "him" means: the subject of the sentence where somebody else acts in the clause, else the topic before."""
        start = clause_of(self._text, sentence, (before, before))[0]
        opener = self.person_who_opens(sentence.start, before) if start > sentence.start else None
        return [opener] if opener else self._topic(sentence.start)

    def _topic(self, before: int) -> list[Area]:
        """Return the first person of the nearest sentence before that names any: "the former diplomat" is another name for them."""
        number = self.article.sentence_at(before).number
        earlier = self.article.sentences[max(0, number - 1 - _SENTENCES_BACK) : number - 1]
        return next((people[:1] for area in reversed(earlier) if (people := self.people(area.start, area.end))), [])

    def of_country(self, phrase: Area) -> list[Area]:
        """Return the person whose role names the country that a phrase does: "the Norvik leader" for Norvik President Boris Lang."""
        words = self._text[slice(*phrase)].split()
        office = self.sources.head(phrase)
        offices = _HEADS if office == "leader" else (office,)
        return next(
            (
                found
                for word in words
                if word[0].isupper() and word.casefold() not in DETERMINERS and (found := self.counterpart(word, offices=offices))
            ),
            [],
        )

    def counterpart(self, country: str | None, *, of: Sequence[Area] = (), offices: Sequence[str] = ()) -> list[Area]:
        """Return the person whose role names a country: the Norvik president, Boris Lang, for the president’s "Norvik counterpart"."""
        stem = (country or "").removesuffix("'s").removesuffix("’s")[:_STEM]
        head = any("president" in self._role(area) for area in of)
        for mention in self.mentions.all if stem else ():
            before = self._text[max(0, mention.start - _FARTHEST) : mention.start]
            found = re.search(rf"\b{re.escape(stem)}\w*(?:['’]s)?((?: [\w-]+){{1,3}},? )$", before)
            role = found[1].casefold() if found else ""
            fits = any(office in role for office in offices) if offices else not of or ("president" in role) == head
            if found and fits and self.mentions.is_person(mention):
                return [self._full(mention)]
        return []

    def _role(self, area: Area) -> str:
        mention = self.mentions.at(*area)
        return self.mentions.role(mention).casefold() if mention else ""

    def _full(self, mention: Mention) -> Area:
        full = self.mentions.fullest(mention)
        return full.start, full.end

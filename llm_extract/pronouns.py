"""Whether an article lets a person go by "he" or "she": from titles, nouns in apposition and the sentences that go on with a pronoun."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from llm_extract.lexicon import FEMININE, MASCULINE
from llm_extract.mentions import Mention, Mentions
from llm_extract.numbering import NumberedArticle, Sentence

__all__ = ["Pronouns"]

_BEFORE = 40
"""Code points before a name in which a noun may stand that qualifies it."""
_APPOSED = re.compile(r",? (?:who is |who was )?(?:a|an|the|his|her|their|[\w’']+['’]s)\s([^,.;]{1,60})")
_GOES_ON = re.compile(r"(He|She|His|Her)\b")
_FORMS = {"he": "he", "his": "he", "she": "she", "her": "she"}
_TITLE_WEIGHT = 10
"""A title outweighs what neighbouring sentences suggest."""


@dataclass
class Pronouns:
    """What an article shows of each person's pronoun."""

    article: NumberedArticle
    mentions: Mentions
    _votes: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def __post_init__(self) -> None:
        for mention in self.mentions.all:
            if pronoun := self._by_noun(mention):
                self._votes[self._key(mention)][pronoun] += _TITLE_WEIGHT
        previous: Sentence | None = None
        for sentence in self.article.sentences:
            if previous and previous.paragraph == sentence.paragraph:
                self._vote_on(previous, sentence)
            previous = sentence

    def of(self, start: int, end: int) -> str | None:
        """Return "he" or "she" for the person whose name stands there, or None where the article does not tell."""
        mention = self.mentions.at(start, end)
        votes = self._votes.get(self._key(mention)) if mention else None
        if not votes or votes["he"] == votes["she"]:
            return None
        return "he" if votes["he"] > votes["she"] else "she"

    def learn(self, start: int, end: int, pronoun: str) -> None:
        """Count a pronoun for the person whose name stands there; the next time, that person goes by it."""
        if mention := self.mentions.at(start, end):
            self._votes[self._key(mention)][pronoun] += 1

    def is_sure(self, start: int, end: int) -> bool:
        """Whether a title or a noun says so, and not only the sentences around."""
        mention = self.mentions.at(start, end)
        votes = self._votes.get(self._key(mention)) if mention else None
        return votes is not None and max(votes.values(), default=0) >= _TITLE_WEIGHT

    def _key(self, mention: Mention) -> str:
        return self.mentions.fullest(mention).text

    def _by_noun(self, mention: Mention) -> str | None:
        """Judge by the title, by the noun right before the name, or by its apposition."""
        text = self.article.article.text
        words = [word.strip(".").casefold() for word in mention.role.split()]
        near = text[max(0, mention.start - _BEFORE) : mention.start].casefold().split()
        if not words and near and text[mention.start - 1] == " ":
            words = near[-1:]
        if pronoun := _gender(words):
            return pronoun
        apposed = _APPOSED.match(text, mention.end)
        head = re.split(r"\s(?:of|for|at|from|in|who|and)\s", apposed[1])[0].split()[-1:] if apposed and apposed[1].strip() else []
        return _gender(head) if text[mention.end : mention.end + 1] == "," else None

    def _vote_on(self, first: Sentence, second: Sentence) -> None:
        """Count "She …" after a sentence with one person only."""
        text = self.article.article.text
        match = _GOES_ON.match(text, second.start)
        if not match:
            return
        people = {
            self._key(m): m for m in self.mentions.within(first.start, first.end) if self.mentions.is_person(self.mentions.fullest(m))
        }
        if len(people) == 1:
            self._votes[next(iter(people))][_FORMS[match[1].casefold()]] += 1


def _gender(words: list[str]) -> str | None:
    for word in words:
        if word in MASCULINE:
            return "he"
        if word in FEMININE:
            return "she"
    return None

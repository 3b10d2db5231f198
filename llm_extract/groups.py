"""Parties without a name of their own: "the union", "rebel leaders", "members of the opposition", "Norvik officials"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from llm_extract.lexicon import ORGANISATION_NOUNS, PERSON_NOUNS, PREPOSITIONS, TITLES, word_set
from llm_extract.mentions import Mention, Mentions
from llm_extract.phrases import DETERMINERS, Token, noun_phrase, tokens_of

__all__ = ["Groups"]

_HEARERS = word_set(
    "guard guards head player players reporter reporters resident residents source sources speaker speakers journalist journalists "
    "country countries state states city cities territory side sides"
)
"""People who are talked to or visited in passing, and what is no party by itself."""
_OTHERS = word_set(
    "authorities delegates delegations envoys families figures insurgents mediators negotiators opponents parents rebels relatives"
)

_BODIES = ORGANISATION_NOUNS | _OTHERS | {"union", "mission", "counterparts"}
_MEMBERS = PERSON_NOUNS | ORGANISATION_NOUNS | {"driver", "rebel", "union"}
_ROLES = (TITLES - {"first", "second", "special", "press", "field", "former"}) | PERSON_NOUNS | {"counterpart"}
_ITS_MEETING = re.compile(r"\s(?:meeting|summit|session)\b")
_FOLLOWING = re.compile(r"\s(?:[a-z]+(?:al|ive|ic|ary|ior) )?([a-z][\w-]*)")


@dataclass
class Groups:
    """Recognises them in one article."""

    masked: str
    mentions: Mentions

    def opening(self, start: int, end: int) -> tuple[int, int] | None:
        """Return the group whose noun phrase opens an area, without its determiner; None where none does."""
        phrase = noun_phrase(tokens_of(self.masked, start, end))
        while phrase and phrase[0].plain in DETERMINERS:
            phrase = phrase[1:]
        head = next((i for i, token in enumerate(phrase) if i and token.plain in PREPOSITIONS), len(phrase)) - 1
        if head < 0 or not _is_body(phrase[head].plain) or phrase[0].plain in PREPOSITIONS | {"of"}:
            return None
        if _ITS_MEETING.match(self.masked, phrase[head].end):
            return None
        tail = len(phrase) if _is_closed(phrase, head) else head + 1
        return phrase[0].start, phrase[tail - 1].end

    def is_plural(self, area: tuple[int, int]) -> bool:
        """Whether the head of a group’s phrase means several people."""
        words = self.masked[slice(*area)].split()
        head = next((i for i, word in enumerate(words) if i and word in PREPOSITIONS), len(words)) - 1
        return words[head].endswith("s") or words[head] in _OTHERS

    def is_role(self, word: str) -> bool:
        """Whether a word means somebody by office, or a group."""
        return word in _ROLES or _is_body(word)

    def qualifies(self, mention: Mention) -> bool:
        """Whether a name only says whose group or office it is that follows: "Norvik officials", "Millers Union chief"."""
        following = _FOLLOWING.match(self.masked, mention.end)
        return following is not None and not mention.role and self.is_role(following[1]) and not self.mentions.is_person(mention)


def _is_body(word: str) -> bool:
    """Whether a noun means an organisation, or several people who may be received."""
    if word in _HEARERS:
        return False
    return word in _BODIES or (word.endswith("s") and word[:-1] in _MEMBERS)


def _is_closed(phrase: list[Token], head: int) -> bool:
    """Whether the head goes on with "of", which names whose group it is: "members of the opposition"."""
    return head + 1 < len(phrase) and phrase[head + 1].plain in {"of", "from"}

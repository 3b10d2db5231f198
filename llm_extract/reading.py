"""What the model is asked and what it answers: the parts that every reader is made of.

A reader looks at a prepared article, puts questions through `Ask`, and returns readings: numbers, names and labels that point into the
article. It never sees a network, a cache or a key, and nothing in it knows whether its questions are about meetings, quotes or something
else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Generic, Protocol, TypeVar

from pydantic import BaseModel

from llm_extract.cues import mask_quotations
from llm_extract.mentions import Mentions, names_of
from llm_extract.numbering import NumberedArticle, number
from llm_extract.prompts import Prompt
from llm_extract.schema import Article, MeetingKind, MeetingStatus, Stance
from llm_extract.speakers import Attribution, attribute

__all__ = ["Ask", "ClaimReading", "MeetingReading", "Prepared", "Question", "QuoteReading"]

T = TypeVar("T", bound=BaseModel)

_ALIKE = ("'’‘`", '"“”„«»', "\\-‐‑–—")
"""Characters that models write for each other, as they stand in a class of a pattern."""


@dataclass(frozen=True)
class Question(Generic[T]):
    """One question to the model."""

    prompt: Prompt
    """The template."""
    variables: Mapping[str, object]
    """What the template is given besides the article."""
    answer: type[T]
    """The form of the answer, the same for all articles."""
    max_tokens: int
    """Longest answer."""
    check: Callable[[T], None] | None = None
    """Refuses, with a `ValueError`, an answer that does not point into the article."""
    choices: Mapping[str, Sequence[object]] | None = None
    """What the answer is held to in this article, by the names that its form gives (`llm_extract.answer_form.answer_schema`)."""


class Ask(Protocol):
    """Puts a question to the model and returns its valid answer."""

    async def __call__(self, question: Question[T], /) -> T:
        """Ask; the errors are those of `llm_extract.client.Client.ask`."""


@dataclass(frozen=True)
class Prepared:
    """An article as readers use it: numbered, its names found, its quotations masked. What is not used is not made."""

    article: Article

    @cached_property
    def numbered(self) -> NumberedArticle:
        """Sentences and quotations."""
        return number(self.article)

    @cached_property
    def mentions(self) -> Mentions:
        """Names."""
        return names_of(self.numbered)

    @cached_property
    def masked(self) -> str:
        """The text with the words inside quotation marks blanked, offsets kept."""
        return mask_quotations(self.numbered)

    @cached_property
    def attributions(self) -> list[Attribution]:
        """What the grammar says of each quotation's speaker."""
        return attribute(self.numbered, self.mentions, self.masked)

    def contains(self, words: str) -> bool:
        """Whether the article has these words, whatever the white space between them."""
        return self.position_of(words) is not None

    def position_of(self, words: str, near: Sequence[tuple[int, int]] = ()) -> tuple[int, int] | None:
        """Return the offsets of these words: in the areas given, in their order, else anywhere; None: nowhere.

        White space may differ. Where nothing else fits, the shape of quotation marks, apostrophes and dashes may, and then capital letters.
        """
        wanted = words.split()
        if not wanted:
            return None
        areas = [*near, (0, len(self.article.text))]
        exact = (found for start, end in areas if (found := _first(self.article.text, wanted, start, end)))
        return next(exact, None) or _alike(self.article.text, wanted, areas)


def _alike(text: str, words: Sequence[str], areas: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    pattern = r"(?<!\w)" + r"\s+".join(map(_any_shape, words)) + r"(?!\w)"
    for flags in (re.NOFLAG, re.IGNORECASE):
        for start, end in areas:
            if match := re.compile(pattern, flags).search(text, start, end):
                return match.span()
    return None


def _any_shape(word: str) -> str:
    """Return a pattern for a word that a model may have written with plain marks where the article has typographic ones, or the reverse."""
    return "".join(next((f"[{alike}]" for alike in _ALIKE if character in alike), re.escape(character)) for character in word)


@dataclass(frozen=True)
class QuoteReading:
    """Whose words one quotation holds."""

    quotation: int
    speaker: str | None
    """A name or noun phrase of the article; None where it does not tell."""
    cue: tuple[int, int] | None = None
    """Offsets of the cue, where the grammar shows it."""
    addressee: str | None = None


@dataclass(frozen=True)
class ClaimReading:
    """Who says in which sentence what about a meeting's taking place."""

    by: str
    stance: Stance
    sentence: int


@dataclass(frozen=True)
class MeetingReading:
    """One mention of a meeting, or all that an article says of one."""

    sentences: tuple[int, ...]
    participants: tuple[str, ...]
    status: MeetingStatus
    kind: MeetingKind
    when: str | None = None
    """The date as the article writes it."""
    place: str | None = None
    event: str | None = None
    topics: tuple[str, ...] = ()
    claims: tuple[ClaimReading, ...] = field(default=())


def _first(text: str, words: Sequence[str], start: int, end: int) -> tuple[int, int] | None:
    """Return where `words` first stand in `[start, end)`, no part of longer ones; a pattern would take longer to make than to use."""
    at = text.find(words[0], start, end)
    while at >= 0:
        stop = None if at and _is_of_word(text[at - 1]) else _end(text, words, at, end)
        if stop is not None and (stop == end or not _is_of_word(text[stop])):
            return at, stop
        at = text.find(words[0], at + 1, end)
    return None


def _end(text: str, words: Sequence[str], at: int, end: int) -> int | None:
    """Return where the words end of which the first stands at `at`, with white space between them; None where others follow."""
    at += len(words[0])
    for word in words[1:]:
        gap = at
        while at < end and text[at].isspace():
            at += 1
        if gap == at or not text.startswith(word, at, end):
            return None
        at += len(word)
    return at


def _is_of_word(character: str) -> bool:
    return character.isalnum() or character == "_"

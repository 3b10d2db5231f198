"""The source of a cue: the noun phrase, beside a verb of speech, of whoever spoke or wrote."""

from __future__ import annotations

import re
from dataclasses import dataclass

from llm_extract.lexicon import PEOPLE, PREPOSITIONS, PRONOUNS
from llm_extract.phrases import Token, antecedent, ends_in_name, last_phrase, noun_phrase, stripped, subject_of

__all__ = ["Cue", "before_apposition", "source_before", "span_of", "with_apposed_name"]

_FEW_WORDS = 5

_PERCEIVING = frozenset(
    {"has", "had", "have", "shows", "showed", "hear", "heard", "hears", "recorded", "captured", "caught", "saw", "sees", "filmed"}
)
"""Verbs that stand before somebody who is seen or heard to speak."""


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue and the noun phrase of its source; half-open offsets in code points.

    `source_start == source_end` where the sentence has a cue but names no source.
    """

    start: int
    end: int
    source_start: int
    source_end: int


def source_before(masked: str, tokens: list[Token], verb: int, previous: Cue | None) -> tuple[int, int]:
    """Return the source of a verb: the noun phrase before it, or the source of the verb that it is joined to."""
    left = tokens[:verb]
    participle = tokens[verb].plain.endswith("ing")
    if left and left[-1].plain == "as" and (quoted := _quoted_person(left)):
        return span_of(quoted)
    if tokens[verb].plain == "reading":
        participle = False
    if participle and (owner := _possessor(left)):
        return owner
    if participle and (seen := _seen_speaking(left)):
        return span_of(seen)
    if left and left[-1].plain == "to" and (pronoun := _pronoun_of_clause(left)):
        return span_of([pronoun])
    left = stripped(left, commas=False)
    participle = participle or (bool(left) and left[-1].plain == "to")
    joined = participle or not left or left[-1].plain in {"and", "but", "or", "then"}
    phrase = [] if joined else last_phrase(left)
    if phrase:
        return span_of(_owner_of_whose(left, phrase) or phrase)
    return (previous.source_start, previous.source_end) if previous else subject_of(masked, tokens[0].start, tokens[verb].start)


def _seen_speaking(left: list[Token]) -> list[Token]:
    """Return the name in `a recording has Petrova shouting`: who is seen or heard to speak."""
    start = len(left)
    while start and left[start - 1].capital and not left[start - 1].possessive:
        start -= 1
    return left[start:] if 0 < start < len(left) and left[start - 1].plain in _PERCEIVING else []


def _pronoun_of_clause(left: list[Token]) -> Token | None:
    """Return the pronoun in `…, she liked to` that is the subject of an infinitive's clause."""
    near = left[-_FEW_WORDS:-1]
    comma = max((i for i, token in enumerate(near) if not token.is_word), default=-1)
    return next((token for token in near[comma + 1 :] if token.plain in PRONOUNS - {"it", "who"} and token.plain != "i"), None)


def _owner_of_whose(left: list[Token], phrase: list[Token]) -> list[Token]:
    """Return whose the subject of a relative clause is: the engineer in `the engineer whose voice`."""
    whose = next((i for i in range(len(left) - 1, -1, -1) if left[i].plain == "whose" and left[i] in phrase), None)
    return antecedent(stripped(left[:whose])) if whose else []


def _quoted_person(left: list[Token]) -> list[Token]:
    """Return the one quoted in `the agency quoted Petrova as saying`; empty in a passive, whose subject it is."""
    index = next(
        (i for i in range(len(left) - 1, -1, -1) if left[i].plain in {"quoted", "cited", "quotes", "quoting", "cites", "citing"}), None
    )
    if index is None or index + 1 >= len(left) - 1 or left[index + 1].plain in {"by", "in", "on"}:
        return []
    return noun_phrase(left[index + 1 : -1])


def _possessor(left: list[Token]) -> tuple[int, int] | None:
    """Return the owner in `the minister Ana Petrova's remarks calling it`."""
    mark = re.search(r"['’]s?$", left[-2].text) if len(left) > 1 else None
    phrase = last_phrase(left[:-1]) if mark else []
    return (phrase[0].start, phrase[-1].end - len(mark.group())) if mark and phrase else None


def with_apposed_name(phrase: list[Token], rest: list[Token]) -> int:
    """Return the end of the source, the name after the comma included in `the group's leader, Ana Petrova,`."""
    tail = next((i for i, token in enumerate(phrase) if token.plain in PREPOSITIONS), len(phrase))
    common = tail > 0 and not phrase[tail - 1].capital
    if common and len(rest) > 1 and rest[0].text == "," and (rest[1].capital or phrase[tail - 1].plain in PEOPLE):
        name = noun_phrase(rest[1:])
        if name and ends_in_name(name):
            return name[-1].end
        if name and all(token.capital or token.text in ".-" for token in name):
            return name[-1].end
    return phrase[-1].end


def before_apposition(source: list[Token]) -> list[Token]:
    """Return the noun phrase in front of its apposition: `Ana Petrova, a spokeswoman for the bank,`."""
    commas = [i for i, token in enumerate(source) if token.text == ","]
    if not commas:
        return source
    head, rest = source[: commas[0]], source[commas[0] + 1 :]
    tail = next((i for i, token in enumerate(head) if token.plain in PREPOSITIONS), len(head))
    common = tail > 0 and not head[tail - 1].capital and not head[tail - 1].text.isdigit()
    apposition = rest[: next((i for i, t in enumerate(rest) if t.text == ","), len(rest))]
    if common and rest and (rest[0].capital or (head[tail - 1].plain in PEOPLE and ends_in_name(apposition))):
        return [*head, *apposition]
    return head or rest


def span_of(tokens: list[Token]) -> tuple[int, int]:
    """Return where tokens start and end."""
    return tokens[0].start, tokens[-1].end

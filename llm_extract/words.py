"""The words of a text that may be parts of names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from llm_extract.lexicon import ABBREVIATED_TITLES

__all__ = ["INITIAL", "Word", "words_of"]

_WORD = re.compile(r"((?:[^\W\d_]\.){2,}+|[^\W_][\w&]*+(?:[-'’.](?=\w)[\w&]*+)*+\.?)")
INITIAL = re.compile(r"(?:[^\W\d_]\.)+|[^\W\d_]\.")
_POSSESSIVE = re.compile(r"['’]s?$")
_JOINED_PARTICLE = re.compile(r"(?:al|el|ul|ad|ar|as|ash|at|az|an|bin|ibn|ben|abu|d|l|o|de|di|du)[-'’]([^\W\d_])")


@dataclass(slots=True)  # not frozen: an article has hundreds, and frozen ones take three times as long to make
class Word:
    """A word, with what tells whether it may be part of a name."""

    start: int
    end: int
    text: str
    gap: str
    """What stands between it and the word before."""
    capital: bool
    plain: str
    """In small letters, without a full stop."""


def _has_capital(word: str) -> bool:
    if word[0].isupper():
        return True
    joined = None if word.isalpha() else _JOINED_PARTICLE.match(word)
    return joined is not None and joined[1].isupper()


def words_of(text: str) -> Iterator[Word]:
    """Yield the words of a text, without possessive endings, and without the full stop that ends a sentence."""
    parts = _WORD.split(text)  # what stands between words and the words, in turns: half the time of going from match to match
    rest, end = "", 0
    for between, word in zip(parts[::2], parts[1::2], strict=False):
        gap = rest + between
        start = end + len(between)
        end = start + len(word)
        if word.isalpha():  # most are, and need no closer look
            yield Word(start, end, word, gap, word[0].isupper(), word.casefold())
            rest = ""
            continue
        kept = word[:-1] if word[-1] == "." and not INITIAL.fullmatch(word) and word[:-1].casefold() not in ABBREVIATED_TITLES else word
        possessive = _POSSESSIVE.search(kept) if "'" in kept or "’" in kept else None
        bare = kept[: possessive.start()] if possessive else kept
        yield Word(start, start + len(bare), bare, gap, _has_capital(bare), bare.rstrip(".").casefold())
        rest = word[len(bare) :]

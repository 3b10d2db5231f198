"""Whether two forms of a name may be one party's: short and full, with and without accents, in several spellings and scripts.

The rule is about form alone: of two people with one last name, the bare last name may be either's. Names that only a person who knows them
would hold for one (a nickname, a name at marriage, another language's form) are told apart; a file of corrections joins them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from anyascii import anyascii

from llm_extract.lexicon import TITLES

__all__ = ["Name", "fullest_names", "name_of", "same_name"]

_POSSESSIVE = re.compile(r"['’]s\b")
_JOINED = re.compile(r"(?<=[a-z])(?=[A-Z])")  # "XiJinPing": how characters without spaces between them are spelt
_IN_WORD = re.compile(r"['’`ʼʹ]")
_WORD = re.compile(r"[^\W_]+")
_NO_NAME = TITLES | {"the", "mr", "mrs", "ms", "miss", "dr", "sir", "former", "acting"}
# Spellings of one sound, as transliterations differ in them: Sergey and Sergei, Zelenskyy and Zelenskiy, Tchaikovsky and Chaikovskii.
_SPELLINGS = (("sch", "sh"), ("tch", "ch"), ("kh", "h"), ("ph", "f"), ("ou", "u"), ("w", "v"), ("x", "ks"), ("q", "k"), ("ck", "k"))
_UMLAUTS = (("ue", "u"), ("oe", "o"), ("ae", "a"))
_SOFT = re.compile("[yj]")
_TWICE = re.compile(r"(.)\1+")
_VOWELS = re.compile("[aeiou]")
_ENOUGH_CONSONANTS = 3


class Name(NamedTuple):
    """A name as it is compared."""

    words: tuple[str, ...]
    """Its words without titles, in Latin letters, every sound spelt in one way."""
    keys: frozenset[str]
    """By which candidates for the same party are looked up: two names that may be one party's share a key."""


@lru_cache(maxsize=200_000)
def name_of(written: str) -> Name:
    """Return the form in which a written name is compared; of a name without a letter, no words.

    Example:
        >>> name_of("President Zelenskyy").words == name_of("Зеленский").words
        True
    """
    latin = anyascii(_IN_WORD.sub("", _POSSESSIVE.sub("", written)))
    spaced = latin if written.isascii() else _JOINED.sub(" ", latin)
    plain = [word.casefold() for word in _WORD.findall(_IN_WORD.sub("", spaced))]
    while len(plain) > 1 and plain[0] in _NO_NAME:
        plain = plain[1:]
    words = tuple(_sounds(word) for word in plain)
    return Name(words, frozenset(_key(word) for word in (*words[:1], *words[-1:])))


@lru_cache(maxsize=200_000)
def same_name(one: str, other: str) -> bool:
    """Tell whether two names may be one party's.

    They are when they have the same words in any order; when one is the first or last word of the other; or when the first names agree
    and the last ones too, or all words of one are in the other. First names agree when one is the other's initial, or when only vowels
    within them differ.

    Example:
        >>> same_name("Trump", "Donald J. Trump"), same_name("Ivanka Trump", "Donald Trump"), same_name("Đặng Thị Hà", "Dang Thi Ha")
        (True, False, True)
    """
    return _same(name_of(one).words, name_of(other).words)


def fullest_names(counts: Mapping[str, int]) -> dict[str, str]:
    """Join names that may be one party's; return for each the fullest form, which is itself where it is joined with none.

    A name that may be two parties' goes with the one that is named more often. The order of the names makes no difference.

    Args:
        counts: How often each name is given.
    """
    groups: list[list[str]] = []
    for name in sorted(counts, key=lambda name: (*(-part for part in _fullness(name)), -counts[name], name)):
        fitting = [group for group in groups if all(same_name(name, member) for member in group)]
        home = max(fitting, key=lambda group: sum(counts[member] for member in group), default=None)
        if home is None:
            groups.append([name])
        else:
            home.append(name)
    return {name: group[0] for group in groups for name in group}


def _fullness(name: str) -> tuple[int, int]:
    words = name_of(name).words
    return sum(len(word) > 1 for word in words), len(words)


def _sounds(word: str) -> str:
    for spelling, sound in (*_SPELLINGS, *_UMLAUTS):
        word = word.replace(spelling, sound)
    return _TWICE.sub(r"\1", _SOFT.sub("i", word))


def _key(word: str) -> str:
    consonants = _VOWELS.sub("", word)
    return consonants if len(consonants) > 1 else word


def _same(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    few, many = sorted((one, other), key=len)
    if not few:
        return False
    if "".join(few) == "".join(many) or sorted(few) == sorted(many):
        return True
    if len(few) == 1:
        return len(many) > 1 and (_same_spelling(few[0], many[-1]) or few[0] == many[0])
    within = _key(few[0]) == _key(many[0]) and set(few[1:]) <= set(many)  # an initial is too little where the last names differ
    return _same_first(few[0], many[0]) and (_same_spelling(few[-1], many[-1]) or within)


def _same_spelling(one: str, other: str) -> bool:
    """Whether two words are one, or one of them is the other's consonants, as scripts without vowels give them."""
    if one == other:
        return True
    consonants, others = _VOWELS.sub("", one), _VOWELS.sub("", other)
    return len(consonants) >= _ENOUGH_CONSONANTS and consonants == others and consonants in {one, other}


def _same_first(one: str, other: str) -> bool:
    if one == other or (1 in {len(one), len(other)} and one[0] == other[0]):
        return True
    consonants, others = _VOWELS.sub("", one), _VOWELS.sub("", other)
    ending = {word[-1] if _VOWELS.match(word[-1]) else "" for word in (one, other)}  # Alexander and Alexandra are two
    return len(consonants) >= _ENOUGH_CONSONANTS and consonants == others and (len(ending) == 1 or consonants in {one, other})

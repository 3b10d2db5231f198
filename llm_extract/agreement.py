"""When an answer's words, name, place, date or event agrees with the gold's.

The rules are lenient on form and strict on what is meant: case, accents, titles and punctuation do not count. Where one side
says nothing of a place, a date or an event, the answer is None: neither agreement nor contradiction.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import NamedTuple

__all__ = ["dates_agree", "events_agree", "names_agree", "places_agree", "quoted_words", "words_agree"]

# Not part of a name.
_TITLES = frozenset(
    {
        "mr",
        "mrs",
        "ms",
        "dr",
        "sir",
        "the",
        "president",
        "minister",
        "prime",
        "foreign",
        "secretary",
        "senator",
        "sen",
        "rep",
        "gov",
        "chancellor",
        "king",
        "queen",
        "prince",
        "spokesman",
        "spokeswoman",
    }
)
# What two different events may have in common.
_OF_ANY_EVENT = frozenset(
    {
        "summit",
        "talks",
        "meeting",
        "visit",
        "session",
        "conference",
        "forum",
        "ceremony",
        "event",
        "commemoration",
        "commemorations",
        "sidelines",
        "the",
        "of",
        "a",
        "an",
        "in",
        "at",
        "on",
        "and",
        "for",
        "its",
        "that",
        "first",
        "second",
        "annual",
        "economic",
        "group",
    }
)
_ARTICLES = frozenset({"a", "an", "the"})
_SHORT_FORMS = {"asia-pacific economic cooperation": "apec", "group of 20": "g20", "group of seven": "g7"}
_GROUP_OF = re.compile(r"\bg-(\d+)\b")
_POSSESSIVE = re.compile(r"'s\b")
_NO_WORD = re.compile(r"[^\w\s]")
_AROUND_WORDS = " \t\n“”‘’\"'«»„.,!?;:—–-"
_DATE = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")
_BEFORE_ALL, _AFTER_ALL = 0, 99  # stand for a month or a day that is not given


def quoted_words(text: str) -> str:
    """Return what of a quotation is compared: its words without the marks around them, case and kind of white space.

    Example:
        >>> quoted_words("“For  Now,”") == quoted_words("for now")
        True
    """
    return re.sub(r"\s+", " ", text).strip(_AROUND_WORDS).casefold()


def words_agree(gold: str, given: str) -> bool:
    """Tell whether two wordings are the same, or one stands in the other and has at least half of its words.

    Example:
        >>> words_agree("the Old Gate", "at the Old Gate"), words_agree("Riga", "the harbour of Riga"), words_agree("old Riga", "new Riga")
        (True, False, False)
    """
    one, other = sorted(([word for word in _all_words(text) if word not in _ARTICLES] for text in (gold, given)), key=len)
    if not one:
        return quoted_words(gold) == quoted_words(given)
    stands_in = any(other[start : start + len(one)] == one for start in range(len(other) - len(one) + 1))
    return stands_in and 2 * len(one) >= len(other)


def names_agree(gold: str | None, given: str | None, aliases: Iterable[str] = ()) -> bool:
    """Tell whether a name is the gold's, or one of its aliases: by the last word, or by all words of the gold.

    Not told apart are relatives: of two people with one last name, either is right.

    Example:
        >>> names_agree("Ann Lee", "Minister Lee"), names_agree("Ministry of Trade", "Trade")
        (True, True)
        >>> names_agree("Ann Lee", "Ann")
        False
    """
    words = _words(given)
    return any(_one_name(_words(name), words) for name in (gold, *aliases))


def places_agree(gold: Sequence[str], given: str | None) -> bool | None:
    """Tell whether a place is one of the gold's, or holds or is a part of its name.

    Example:
        >>> places_agree(["Oslo", "Norway"], "in Oslo on the quay"), places_agree(["Oslo"], "Bergen"), places_agree([], "Bergen")
        (True, False, None)
    """
    if not gold or not given:
        return None
    words = set(_words(given))
    return any(set(_words(place)) <= words or words <= set(_words(place)) for place in gold)


def dates_agree(gold: str | None, given: str | None) -> bool | None:
    """Tell whether two dates in EDTF can both be true: the periods that they name have a day in common.

    Loose forms count for the first and the last date in them, so that other programs' answers can be judged too; what has no
    year says nothing.

    Example:
        >>> dates_agree("2024-05-06", "2024-05"), dates_agree("2024-05-06/2024-05-07", "2024-05-08"), dates_agree("2024", "May")
        (True, False, None)
    """
    right, answer = _period(gold), _period(given)
    if right is None or answer is None:
        return None
    return answer.first <= right.last and right.first <= answer.last


def events_agree(gold: str | None, given: str | None) -> bool | None:
    """Tell whether two names of an event share a word that not every event has; None where one has no such word.

    Example:
        >>> events_agree("G-20 summit", "Group of 20 talks"), events_agree("G20 summit", "NATO summit"), events_agree("G20", "the summit")
        (True, False, None)
    """
    words, others = (set(_words(event)) - _OF_ANY_EVENT for event in (gold, given))
    return bool(words & others) if words and others else None


def _one_name(gold: list[str], given: list[str]) -> bool:
    return bool(gold and given) and (gold[-1] == given[-1] or set(gold) <= set(given))


def _words(text: str | None) -> list[str]:
    """Return the words that count, without accents, titles and possessive endings."""
    return [word for word in _all_words(text) if word not in _TITLES]


def _all_words(text: str | None) -> list[str]:
    letters = (character for character in unicodedata.normalize("NFKD", text or "") if not unicodedata.combining(character))
    plain = "".join(letters).casefold().replace("’", "'")
    for long, short in _SHORT_FORMS.items():
        plain = plain.replace(long, short)
    plain = _POSSESSIVE.sub("", _GROUP_OF.sub(r"g\1", plain))
    return _NO_WORD.sub(" ", plain).split()


class _Period(NamedTuple):
    first: tuple[int, ...]
    last: tuple[int, ...]


def _period(date: str | None) -> _Period | None:
    dates = _DATE.findall(date or "")
    if not dates:
        return None
    first = tuple(int(part or _BEFORE_ALL) for part in dates[0])
    last = tuple(int(part or _AFTER_ALL) for part in dates[-1])
    return _Period(first, last)

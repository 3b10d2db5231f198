"""Noun phrases that stand for somebody named elsewhere: "the Swede", "the 58-year-old", "the striker", "the New York-based group"."""

from __future__ import annotations

import re

from llm_extract.lexicon import DEMONYMS, FEMININE, MASCULINE, ORGANISATION_NOUNS, PEOPLE, TITLES, word_set

__all__ = ["NATIONALS", "age_in", "describes_organisation", "describes_person", "gender_in"]

NATIONALS = word_set(
    "argentinian briton brit croat dane dutchman dutchwoman englishman englishwoman finn frenchman frenchwoman filipino irishman "
    "irishwoman kiwi kurd new-zealander pole scot scotsman scotswoman serb slovak slovene spaniard swede turk ulsterman welshman "
    "welshwoman uzbek afghan czech greek iraqi israeli pakistani saudi swiss thai"
)
"""Nouns for one person of a country; most adjectives of nationality serve as well: "the Italian"."""
_OTHERS = word_set(
    "captain defender ex-president forward frontman giant-killer goalscorer laureate mother-of-one mother-of-two mother-of-three newcomer "
    "octogenarian pontiff primate septuagenarian skipper substitute tycoon billionaire millionaire veteran winger father-of-one "
    "father-of-two father-of-three"
)
"""Further nouns by which news calls somebody whom it has named."""
_UNNAMED = word_set(
    "caller coroner defendant diplomat judge magistrate official operator policeman policewoman prosecutor source spokesman spokesperson "
    "spokeswoman suspect victim witness"
)
"""Nouns for people whom news often leaves without a name: they stand for nobody else."""
_ABOUT_ITSELF = word_set(
    "agency airline association bank body broadcaster carmaker carrier charity club company conglomerate federation firm giant group "
    "institute institution maker manufacturer network newspaper organisation organization paper publisher regulator retailer union watchdog"
)
_AGE = re.compile(r"(\d{1,3})-year-old\b")
_SINGULAR = re.compile(r"[^\W\d_][\w’'-]*?(?<!s)$|[^\W\d_][\w’'-]*ss$")
_MOST_WORDS = 5


def describes_person(phrase: str, head: str) -> bool:
    """Whether a phrase means one person by nationality, age, occupation or kin, as somebody named before is meant again.

    Args:
        phrase: The noun phrase as written.
        head: Its head noun, in small letters.

    Example:
        >>> [describes_person(p, p.split()[-1].casefold()) for p in ("the Swede", "the 58-year-old", "a Swede", "the judge", "the Swedes")]
        [True, True, False, False, False]
    """
    words = phrase.split()
    if not 1 < len(words) <= _MOST_WORDS or words[0].casefold() != "the" or words[-1].casefold() != head:
        return False
    if _AGE.fullmatch(head) or head in NATIONALS:
        return True
    if head in DEMONYMS:
        return words[-1][0].isupper()
    return head in (PEOPLE | TITLES | _OTHERS) - _UNNAMED and _SINGULAR.match(head) is not None


def describes_organisation(phrase: str, head: str) -> bool:
    """Whether a phrase means an organisation named before: "the company", "the Geneva-based body"; not one with a name of its own."""
    words = phrase.split()
    if not 1 < len(words) <= _MOST_WORDS or words[0].casefold() not in {"the", "its", "that"}:
        return False
    qualified = all(word[0].islower() or "-" in word for word in words[1:]) or "-based" in phrase
    return head in (ORGANISATION_NOUNS if len(words) == len(("the", "company")) else _ABOUT_ITSELF) and qualified


def age_in(phrase: str) -> str | None:
    """Return the years in "the 58-year-old", as written; None where there are none."""
    match = _AGE.search(phrase)
    return match[1] if match else None


def gender_in(head: str) -> str | None:
    """Return "he" or "she" where a noun says so ("the Frenchman"), else None."""
    if head in FEMININE or head.endswith("woman") or head.startswith("mother"):
        return "she"
    if head in MASCULINE or (head in NATIONALS and head.endswith("man")) or head in {"pontiff", "man", "boy"} or head.startswith("father"):
        return "he"
    return None

"""Office and affiliation of a person, from the words around a name: "the Malian foreign minister X", "X, head of the Lake Fund"."""

from __future__ import annotations

import re

from llm_extract.lexicon import COMMON_OPENERS, PERSON_NOUNS, PORTFOLIOS, TITLES

__all__ = ["role_around"]

_OFFICES = TITLES | PERSON_NOUNS
_PART_OF_OFFICE = (
    _OFFICES | PORTFOLIOS | {"national", "former", "acting", "senior", "top", "deputy", "longtime", "veteran", "leader", "head", "crown"}
)
_NO_OFFICE_ALONE = frozenset({"former", "acting", "first", "second", "special", "press", "counsel", "member"})
_OFFICES_ALONE = _OFFICES - _NO_OFFICE_ALONE
_FORMS_OF_ADDRESS = frozenset({"mr", "mrs", "ms", "miss", "dr", "sir", "dame", "lord", "lady"})
_WORDS_BEFORE = re.compile(r"(?:[ \u00a0]\.?(?:\w+\.)*[\w&’'-]+){1,6}")
"""Read backwards, from the name on: forwards, every beginning would have to be tried."""
_INSTITUTION = r"(?:[A-Z][\w’'.&-]*)(?: (?:[A-Z][\w’'.&-]*|of|for|and|the))*"
_APPOSED = re.compile(
    rf",? (?:who is )?(?:an?|the) ((?:[\w’'-]+ ){{0,3}}?[\w-]+)(?: (?:of|for|at|in|to) (?:the )?({_INSTITUTION}))?(?=[,.;:)]|$)|"
    rf", ((?:[\w’'-]+ ){{0,3}}?[\w-]+)(?: (?:of|for|at|in) (?:the )?({_INSTITUTION}))?,"
)
_SENTENCE_END = re.compile(r"\w{3,}\.$")


def role_around(text: str, start: int, end: int) -> tuple[str | None, str | None]:
    """Return office and affiliation of the person whose name stands at `[start, end)`, as written there.

    Forms of address ("Mr") are no office. Either is None where the words around the name do not give it.

    Example:
        >>> role_around("Malian Foreign Minister Ana Petrova spoke.", 23, 34)
        ('Foreign Minister', 'Malian')
    """
    before = _before(text, start)
    return before if any(before) else _after(text, end)


def _before(text: str, start: int) -> tuple[str | None, str | None]:
    match = _WORDS_BEFORE.match(text[max(0, start - 80, text.rfind("\n", 0, start) + 1) : start][::-1])
    words = match[0][::-1].split() if match else []
    cut = len(words)
    while cut and words[cut - 1].rstrip(".").casefold() in _PART_OF_OFFICE:
        cut -= 1
    office = [word for word in words[cut:] if word.rstrip(".").casefold() not in _FORMS_OF_ADDRESS]
    if not _is_office(office):
        return None, None
    first = cut
    while (
        first
        and words[first - 1][0].isupper()
        and words[first - 1].casefold() not in COMMON_OPENERS
        and not _SENTENCE_END.search(words[first - 1])
    ):
        first -= 1
    return " ".join(office), _without_possessive(" ".join(words[first:cut]))


def _is_office(words: list[str]) -> bool:
    return bool(words) and words[-1].casefold() in _OFFICES_ALONE


def _without_possessive(name: str) -> str | None:
    return name.removesuffix("’s").removesuffix("'s") or None


def _after(text: str, end: int) -> tuple[str | None, str | None]:
    match = _APPOSED.match(text, end, end + 120)
    if not match:
        return None, None
    words, affiliation = (match[1] or match[3]).split(), match[2] or match[4]
    if not _is_office(words):
        return None, None
    if affiliation and affiliation.casefold() in PORTFOLIOS:
        words, affiliation = [*words, "of", affiliation], None  # "Secretary of State"
    cut = next((i for i, word in enumerate(words) if word.casefold() in _PART_OF_OFFICE), 0)
    owner = _without_possessive(" ".join(words[:cut])) if words[0][0].isupper() else None
    office = words[cut:] if owner or words[0].endswith(("’s", "'s")) else words
    return " ".join(office), (affiliation or "").rstrip(".") or owner

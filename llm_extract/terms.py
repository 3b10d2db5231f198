"""Quotation marks around names, titles and terms: nobody's words."""

from __future__ import annotations

import re

from llm_extract.cues import Cue
from llm_extract.numbering import NumberedArticle, Quotation

__all__ = ["is_headline_line", "is_term"]

_WINDOW = 60
"""Code points before the mark in which a naming word is looked for."""
_WORK = (
    r"(?:film|movie|documentary|drama|comedy|book|novel|memoir|autobiography|biography|thriller|song|single|album|track|hit|anthem|hymn|ballad|play|musical|opera|"
    r"series|sitcom|soap|show|programme|program|podcast|magazine|newspaper|painting|sculpture|exhibition|poem|game|videogame|episode|sequel|"
    r"exercise|exercises|drill|brand|app|restaurant|pub|nightclub|ship|vessel|boat|yacht|ferry|word|words|term|phrase|hashtag|nickname|codename|pseudonym|alias|title|category|heading|section|franchise|trilogy|mixtape|EP)"
)
_NAMING = re.compile(
    r"\b(?:known (?:\w+ )?(?:as|by)|referred to (?:\w+ )?as|"
    r"(?:nicknamed|dubbed|codenamed|code-named|titled|entitled|subtitled|so-called|so called|named|renamed|christened|aka|a\.k\.a\.|alias)|"
    r"(?:called|calling|calls|call) (?:itself|themselves)|(?:is|are|was|were|been|being|is also|are also|what is|,|also) called|"
    r"(?:which|what) (?:locals|residents|villagers|fans|supporters|scientists|experts|doctors|insiders|people|they|some|many) (?:call|dub)|"
    r"under the (?:name|title|alias|pseudonym)|by the name(?: of)?|"
    r"(?:the|a|an|his|her|its|their|hit|debut|new|first|last|latest|own|popular|\w+['’]s) "
    r"(?:[\w-]+ ){0,2}?" + _WORK + r",?)\s*(?:the\s*|a\s*|an\s*)?[\"“‘«„(]?$",
    re.IGNORECASE,
)
"""What stands before a name or a title in quotation marks."""
_DOCUMENT = re.compile(
    r"\b(?:report|study|paper|article|essay|column|speech|lecture|editorial|campaign|project|operation|tour|plan|initiative|bill|act|law|rule|box|button|sign),?\s*$",
    re.IGNORECASE,
)
"""Nouns that have a title, but whose words may also be quoted: a title is told by its capitals."""
_NICKNAME_BEFORE = re.compile(r"[^\W\d_a-z][\w.’'-]* $")
_NICKNAME_AFTER = re.compile(r" [^\W\d_a-z][\w.’'-]+")
_LONGEST_NICKNAME = 3
_POSSESSIVE_BEFORE = re.compile(r"['’]s? $")
_DETERMINER_BEFORE = re.compile(r"(?:\b(?:a|an|the|its|their|his|her|this|that)|['’]s?) (?:new |latest |own )?$", re.IGNORECASE)
_NOUN_AFTER = re.compile(r" [a-z]{3,}")
_LONGEST_HEADLINE = 160
_SHORT_WORD = 3
"""Letters; words no longer than this may be small in a title."""


def is_headline_line(line: str) -> bool:
    """Whether a paragraph is a headline: short, and without a full stop at its end."""
    return len(line) <= _LONGEST_HEADLINE and line[-1] not in ".!?…”\"’'»:"


def _is_headlines_own(article: NumberedArticle, quotation: Quotation) -> bool:
    """Whether a quotation in the headline has words that the text does not repeat: the editor's, not somebody's."""
    text = article.article.text
    first = article.paragraphs[0]
    if quotation.paragraph != 1 or len(article.paragraphs) == 1 or not is_headline_line(text[first.start : first.end].rstrip("’'”\"")):
        return False
    return text[quotation.start : quotation.end].rstrip(".,").casefold() not in text[first.end :].casefold()


def _is_named_in_headline(text: str, cue: Cue | None) -> bool:
    """Whether a colon or a dash, as in `Petrova: “…”`, says whose words they are."""
    return cue is not None and text[cue.start : cue.end] in {":", ""}


def is_term(article: NumberedArticle, quotation: Quotation, cue: Cue | None) -> bool:
    """Tell whether a naming word stands before the marks, or they hold a nickname, a Title in Capitals or a scare word without any cue.

    Args:
        article: The numbered article.
        quotation: One of its quotations.
        cue: What `cues.cue_of` found for it.
    """
    text = article.article.text
    before = text[max(article.sentence(quotation.sentence).start, quotation.opening - _WINDOW) : quotation.opening]
    after = text[quotation.closing : quotation.closing + _WINDOW]
    inside = text[quotation.start : quotation.end]
    if _NAMING.search(before) or _is_nickname(before, inside, after):
        return True
    if cue is None and _is_attributive(before, inside, after):
        return True
    if not _is_named_in_headline(text, cue) and _is_headlines_own(article, quotation):
        return True
    titled = _is_titled(inside)
    return titled and (cue is None or bool(_DOCUMENT.search(before)))


def _is_nickname(before: str, inside: str, after: str) -> bool:
    """Whether the marks stand inside a name: Carlos “El Gordo” Mejía."""
    short = len(inside.split()) <= _LONGEST_NICKNAME and inside[-1] not in ",.?!"
    return short and inside[0].isupper() and bool(_NICKNAME_BEFORE.search(before)) and bool(_NICKNAME_AFTER.match(after))


def _is_attributive(before: str, inside: str, after: str) -> bool:
    """Whether a word or two qualify a noun (“smart” grid) or are what somebody owns (Frey’s “Harbour”); for no cue at all."""
    if len(inside.split()) > _LONGEST_NICKNAME or inside[-1] in ",.?!":
        return False
    named = inside[0].isupper() and bool(_POSSESSIVE_BEFORE.search(before))
    return named or bool(_DETERMINER_BEFORE.search(before) and _NOUN_AFTER.match(after))


def _is_titled(inside: str) -> bool:
    long_words = [word for word in inside.split() if len(word) > _SHORT_WORD]
    return bool(long_words) and all(word[0].isupper() for word in long_words) and len(inside.split()) > 1 and inside[-1] not in ".,?!"

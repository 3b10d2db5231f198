"""To whom words were said, or through which medium: "told reporters", "in an interview with the BBC", "wrote on Twitter"."""

from __future__ import annotations

import re

from llm_extract.cues import Cue
from llm_extract.lexicon import CLAUSE_OPENERS, PREPOSITIONS
from llm_extract.numbering import NumberedArticle, Quotation
from llm_extract.phrases import MASK, Token, noun_phrase, tokens_of

__all__ = ["addressee_of"]

_REACH = 300
"""Code points around the cue."""
_TELLING = frozenset(
    {
        "told",
        "tell",
        "tells",
        "telling",
        "informed",
        "assured",
        "reassured",
        "reminded",
        "asked",
        "asks",
        "warned",
        "urged",
        "texted",
        "emailed",
    }
)
"""Verbs whose object is whoever hears."""
_CONTEXT = re.compile(
    r"\b(?:in|during|for) (?:an?|his|her|their|the) (?:[\w-]+ ){0,3}?(?:interview|conversation|call|letter|message|e-?mail|note|address|"
    r"speech|testimony|statement|remarks)s? (?:with|to|for|before|given to|on)\s+|"
    r"\b(?:speaking|talking|writing|testifying) (?:\w+ )?(?:to|with|in|for|before)\s+|\bin (?:remarks|comments|testimony) to\s+",
    re.IGNORECASE,
)
_PLATFORM = re.compile(
    r"\bon ((?:Twitter|Facebook|Instagram|Telegram|Weibo|WeChat|YouTube|TikTok|Truth Social|"
    r"Bluesky|Mastodon|LinkedIn|Reddit|Threads|VKontakte|WhatsApp)|X(?=[\s,.;]))\b"
)
_NO_ADDRESSEE = frozenset({"him", "her", "them", "us", "me", "it", "you", "himself", "herself", "themselves", "each", "everyone", "people"})
_PLACES_AND_TIMES = frozenset({"in", "at", "on", "from", "for", "during", "after", "before", "outside", "to", "about", "by"})
_LEAD = re.compile(r"(?:the|a|an|his|her|its|their)\s", re.IGNORECASE)


def addressee_of(article: NumberedArticle, masked: str, quotation: Quotation, cue: Cue | None) -> str | None:
    """Return the noun phrase of whoever was told, or of the medium, as the text writes it; None where that is not clear.

    Not done: pronouns ("told him") and places of speech ("told a rally in Oslo" gives "rally").

    Args:
        article: The numbered article.
        masked: `mask_quotations(article)`.
        quotation: One of its quotations.
        cue: What `cues.cue_of` found for it; without one nobody is told.
    """
    if cue is None:
        return None
    sentence = article.sentence_at(min(cue.start, quotation.opening))
    last = article.sentence_at(max(cue.end, quotation.opening))
    start, end = max(sentence.start, cue.start - _REACH), min(max(last.end, cue.end), cue.end + _REACH)
    found = _told(masked, cue, end) or _in_context(masked, start, end)
    return article.article.text[found[0] : found[1]] if found else None


def _told(masked: str, cue: Cue, end: int) -> tuple[int, int] | None:
    """Take the object of "told": what stands between the verb and its clause."""
    if masked[cue.start : cue.end].casefold() not in _TELLING or cue.source_start >= cue.end:
        return None
    return _phrase(tokens_of(masked, cue.end, end))


def _in_context(masked: str, start: int, end: int) -> tuple[int, int] | None:
    if match := _PLATFORM.search(masked, start, end):
        return match.span(1)
    match = _CONTEXT.search(masked, start, end)
    return _phrase(tokens_of(masked, match.end(), end)) if match else None


def _phrase(tokens: list[Token]) -> tuple[int, int] | None:
    """Return the noun phrase that opens the tokens, up to its first preposition; None for a pronoun, a clause or a quotation."""
    phrase = noun_phrase(tokens)
    cut = next((i for i, token in enumerate(phrase) if token.plain in _PLACES_AND_TIMES), len(phrase))
    phrase = phrase[:cut]
    if len(phrase) > 1 and _LEAD.match(phrase[0].text + " "):
        phrase = phrase[1:]
    if not phrase or phrase[0].plain in _NO_ADDRESSEE | PREPOSITIONS | CLAUSE_OPENERS or phrase[0].text[0] == MASK:
        return None
    return phrase[0].start, _until_clause(phrase)


def _until_clause(phrase: list[Token]) -> int:
    """Return where the hearer's name ends when the told clause follows without "that": "told reporters the deal was"."""
    for index, token in enumerate(phrase):
        if index and token.plain in {"the", "a", "an", "his", "her", "he", "she", "it", "they", "there", "we", "this", "its", "their"}:
            return phrase[index - 1].end
    return phrase[-1].end - (2 if phrase[-1].possessive else 0)

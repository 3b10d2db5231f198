"""The day that a date in an article stands for: counted from publication, back or ahead as the wording before it has it."""

from __future__ import annotations

import re

from llm_extract import expressions
from llm_extract.anchored import is_anchored, resolve_anchored
from llm_extract.reading import Prepared

__all__ = ["day_at", "lies_ahead"]

_AHEAD = (
    r"will|shall|won['’]t|going to|upcoming|(?:is|are|be) (?:to|due|set|scheduled|expected|planned|slated|likely)|"
    r"(?:plan|intend|want|hope|mean)s? to|wants? \w+ to"
)
_BEHIND = r"had|was|were|did|said|told|went|came|took|held|began|met|made|\w+ed"
_TENSE = re.compile(rf"\b(?:(?P<ahead>{_AHEAD})|(?:{_BEHIND}))\b", re.IGNORECASE)
_CALLED_FOR = re.compile(
    r"(?P<had>\bhad (?:been )?)?\b(?:call(?:ed)?|plan(?:s|ned)?|schedul(?:e|ed)|announc(?:e|es|ed)|slated|set|due|registered)\b[^.;:]*"
    r"\bfor (?:the )?$",
    re.IGNORECASE,
)


def lies_ahead(before: str) -> bool:
    """Whether a date lies after publication by what stands before it in its sentence.

    Told by the last verb before it ("will walk out on Friday") and by what is called, planned or announced *for* a day. False also where
    that is not known.

    Example:
        >>> lies_ahead("Dockers will walk out on "), lies_ahead("They will pay more, it said on ")
        (True, False)
    """
    called = _CALLED_FOR.search(before)
    if called:
        return not called["had"]
    verbs = [*_TENSE.finditer(before)]
    return bool(verbs and verbs[-1]["ahead"])


def day_at(prepared: Prepared, start: int, end: int) -> str | None:
    """Return in EDTF the date that stands in `text[start:end]`; None where it can't be told."""
    text, published = prepared.article.text, prepared.article.published
    if is_anchored(text, start, end):
        return resolve_anchored(text, start, end, published)
    found = expressions.find_dates(text[start:end])
    first, words = (start + found[0].start, found[0].text) if found else (start, text[start:end])
    sentence = prepared.numbered.sentence_at(first)
    ahead = lies_ahead(text[sentence.start : first])
    return expressions.resolve(words, published, future=True if ahead else None)

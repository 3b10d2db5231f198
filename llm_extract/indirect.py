"""Indirect speech: what somebody is reported to have said, in the reporter's words.

Plain grammar of news English, without a model. Three forms are found: a verb and its clause ("Petrova said that …", "told
reporters …", "denied reports that …"), a clause and the cue after it ("…, Petrova said."), and "according to Petrova". Terms after
PARC 3.0 (Pareti 2016). Not found: what is only asked for or promised ("urged them to leave"), phrases without a verb ("called for
talks"), and speech that goes on into the next sentence without a cue of its own.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter

from llm_extract.cues import Cue
from llm_extract.mentions import Mentions
from llm_extract.numbering import NumberedArticle, Quotation
from llm_extract.reported import Content, reported_clauses
from llm_extract.speakers import Attribution, Attributor, attribute

__all__ = ["Indirect", "find_indirect"]

_LONGEST_SENTENCE = 2_000
"""Code points; what is longer is a table or a list, and its clauses are not looked for."""


@dataclass(frozen=True, slots=True)
class Indirect:
    """Reported words: where they stand, and who may have said them."""

    segments: tuple[tuple[int, int], ...]
    """The reported clause, without "that" and the full stop; two spans where the cue stands in its middle."""
    cue: Cue
    candidates: tuple[tuple[int, int], ...]
    """Spans of names or noun phrases that may be the source, the likeliest first; empty where none is named."""
    mixed: bool
    """Whether a part of the words is in quotation marks."""

    @property
    def content(self) -> tuple[int, int]:
        """From the first code point of the first segment to the end of the last."""
        return self.segments[0][0], self.segments[-1][1]


def find_indirect(
    article: NumberedArticle, mentions: Mentions, masked: str, *, attributions: Sequence[Attribution] | None = None
) -> list[Indirect]:
    """Find indirect speech, in the order of the text; contents lie apart or one within the other ("said that Li had told him that …").

    Words that stand in quotation marks throughout are left to `attribute`; a clause that only contains a quotation is found, and
    `mixed` says so.

    Args:
        article: The numbered article.
        mentions: Its names.
        masked: Its text with the quotations masked.
        attributions: What `attribute` says of its quotations; None: it is asked.

    Example:
        >>> from llm_extract.cues import mask_quotations
        >>> from llm_extract.mentions import names_of
        >>> from llm_extract.numbering import number
        >>> from llm_extract.schema import Article
        >>> numbered = number(Article(text="Ana Petrova said on Monday that talks would go on."))
        >>> found = find_indirect(numbered, names_of(numbered), mask_quotations(numbered))
        >>> [numbered.article.text[slice(*one.content)] for one in found]
        ['talks would go on']
    """
    sentences = [s for s in article.sentences if not s.furniture and s.end - s.start <= _LONGEST_SENTENCE]
    found = [content for sentence in sentences for content in reported_clauses(article, mentions, masked, sentence)]
    known = attribute(article, mentions, masked) if attributions is None else attributions
    return _with_sources(article, mentions, masked, known, _nested(found))


def _nested(found: list[Content]) -> list[Content]:
    """Return the contents in the order of the text, those left out that cut across another or repeat it."""
    kept: list[Content] = []
    open_ends: list[int] = []
    last = (-1, -1)
    for segments, cue in sorted(found, key=lambda one: (one[0][0][0], -one[0][-1][1], one[1].start)):
        start, end = segments[0][0], segments[-1][1]
        while open_ends and open_ends[-1] <= start:
            open_ends.pop()
        if (open_ends and end > open_ends[-1]) or (start, end) == last:
            continue
        open_ends.append(end)
        kept.append((segments, cue))
        last = start, end
    return kept


def _with_sources(
    article: NumberedArticle, mentions: Mentions, masked: str, known: Sequence[Attribution], found: Sequence[Content]
) -> list[Indirect]:
    """Resolve the source of each content as that of a quotation in its place, knowing what was said before it."""
    reader = Attributor(article, mentions, masked)
    earlier = 0
    resolved = []
    for count, (segments, cue) in enumerate(found, start=1):
        start, end = segments[0][0], segments[-1][1]
        while earlier < len(known) and known[earlier].quotation.start < cue.start:
            reader.remember(known[earlier])
            earlier += 1
        sentence = article.sentence_at(start)
        place = Quotation(-count, start, end, start, end, sentence.number, sentence.paragraph, 0, furniture=False)
        attribution = reader.from_source(place, cue) if cue.source_start < cue.source_end else Attribution(place, cue)
        reader.remember(attribution)
        first = bisect_left(article.quotations, start, key=attrgetter("opening"))
        mixed = any(q.end <= end for q in article.quotations[first : first + 1])
        resolved.append(Indirect(segments, cue, attribution.candidates, mixed))
    return resolved

"""Windows of an article, as a model sees them: sentences and quotations with their numbers in front, overlapping where the text is long."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from llm_extract.numbering import NumberedArticle, Quotation, Sentence

__all__ = ["WINDOW_CHARS", "marked", "quotations_in", "windows"]

WINDOW_CHARS = 60_000
"""Characters of an article that one question shows to a hosted model, some 15,000 tokens; nearly every news article is shorter."""
_OVERLAP_CHARS = 2_000
"""What two windows share, so that a fact on an edge is whole in one of them."""
_CLOSING, _OPENING = 0, 1


def windows(numbered: NumberedArticle, *, chars: int = WINDOW_CHARS, overlap_chars: int = _OVERLAP_CHARS) -> Iterator[list[Sentence]]:
    """Yield the story's sentences, all of them where they are few enough, else in windows that overlap."""
    story = [sentence for sentence in numbered.sentences if not sentence.furniture]
    first = 0
    while first < len(story):
        last = first
        while last + 1 < len(story) and story[last + 1].end - story[first].start <= chars:
            last += 1
        yield story[first : last + 1]
        if last + 1 == len(story):
            return
        following = last + 1
        while following > first + 1 and story[last].end - story[following - 1].start <= overlap_chars:
            following -= 1
        first = following


def quotations_in(numbered: NumberedArticle, window: Sequence[Sentence]) -> list[Quotation]:
    """Return the quotations that begin in a window."""
    start, end = window[0].start, window[-1].end
    return [q for q in numbered.quotations if not q.furniture and start <= q.opening < end]


def marked(numbered: NumberedArticle, window: Sequence[Sentence], *, quotations: bool = True) -> str:
    """Return a window of the story with its sentences and quotations numbered; in time linear in its length."""
    text = numbered.article.text
    shown = quotations_in(numbered, window) if quotations else []
    marks = sorted(mark for quotation in shown for mark in _marks(quotation))
    parts: list[str] = []
    paragraph = done = 0
    for sentence in window:
        parts += ["" if not parts else " " if sentence.paragraph == paragraph else "\n\n", f"[S{sentence.number}] "]
        paragraph, position = sentence.paragraph, sentence.start
        while done < len(marks) and marks[done][:2] <= (sentence.end, _CLOSING):
            offset = max(marks[done][0], position)
            parts += [text[position:offset], marks[done][-1]]
            position, done = offset, done + 1
        parts.append(text[position : sentence.end])
    return "".join([*parts, *(mark for *_, mark in marks[done:])])  # of quotations that end in what is left out


def _marks(quotation: Quotation) -> Iterator[tuple[int, int, int, str]]:
    """Yield where its marks go, in an order that nests them: where quotations touch, inner ones close first and outer ones open first."""
    yield quotation.opening, _OPENING, quotation.depth, f"«Q{quotation.number}»"
    yield quotation.closing, _CLOSING, -quotation.depth, f"«/Q{quotation.number}»"

"""Sentences and quotations of an article, numbered, so that a model can point at them.

Plain code, in time linear in the text's length; the text is never changed. Every span is half-open and counts code points of
`Article.text`. Nothing is judged here: titles and scare quotes are quotations too, and whose words they are is for the model.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar

from llm_extract.furniture import is_credit, is_furniture
from llm_extract.quotation_marks import Quoted, find_quoted
from llm_extract.sentences import split_paragraphs, split_sentences

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from llm_extract.schema import Article

__all__ = ["NumberedArticle", "Paragraph", "Quotation", "Sentence", "number"]


class _Spanned(Protocol):
    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...


class Paragraph(NamedTuple):
    """A paragraph, white space at its ends left out."""

    number: int
    start: int
    end: int


class Sentence(NamedTuple):
    """A sentence, or a line without a full stop such as a headline; white space at its ends left out."""

    number: int
    """Shown to the model as S1, S2, …"""
    start: int
    end: int
    paragraph: int
    """Number of the paragraph that holds it."""
    furniture: bool
    """Whether it belongs to the page and not to the story."""


class Quotation(NamedTuple):
    """What stands inside one pair of quotation marks, in one paragraph."""

    number: int
    """Shown to the model as Q1, Q2, …"""
    start: int
    """First code point inside the marks, white space left out."""
    end: int
    """One past the last code point inside the marks, white space left out."""
    opening: int
    """First code point of the opening mark."""
    closing: int
    """One past the closing mark; `end` where the mark is never closed."""
    sentence: int
    """Number of the sentence in which it starts."""
    paragraph: int
    """Number of the paragraph that holds it."""
    depth: int
    """0 for one that no other encloses, 1 for one nested in such a one, and so on."""
    furniture: bool
    """Whether its sentence belongs to the page and not to the story."""


_Numbered = TypeVar("_Numbered", Sentence, Quotation)


@dataclass(frozen=True)
class NumberedArticle:
    """An article with its paragraphs, sentences and quotations, each kind numbered from 1 in the order of the text."""

    article: Article
    paragraphs: tuple[Paragraph, ...]
    sentences: tuple[Sentence, ...]
    quotations: tuple[Quotation, ...]

    def text_of(self, span: _Spanned) -> str:
        """Return the article's characters from `span.start` to `span.end`."""
        return self.article.text[span.start : span.end]

    def sentence(self, number: int) -> Sentence:
        """Return sentence S`number`.

        Raises:
            KeyError: The article has no such sentence.
        """
        return self._numbered(self.sentences, number, "sentence S")

    def quotation(self, number: int) -> Quotation:
        """Return quotation Q`number`.

        Raises:
            KeyError: The article has no such quotation.
        """
        return self._numbered(self.quotations, number, "quotation Q")

    def sentence_at(self, offset: int) -> Sentence:
        """Return the sentence that holds `offset`; for white space the one before it, or the first.

        Raises:
            ValueError: The offset lies outside the text, or the article has no sentence.
        """
        if not self.sentences or not 0 <= offset <= len(self.article.text):
            msg = f"no sentence at offset {offset} of article {self.article.id}, which has {len(self.article.text)} characters"
            raise ValueError(msg)
        return self.sentences[max(0, bisect_right(self.sentences, offset, key=attrgetter("start")) - 1)]

    def _numbered(self, items: tuple[_Numbered, ...], number: int, kind: str) -> _Numbered:
        if not 1 <= number <= len(items):
            known = f"{kind}1 to {kind[-1]}{len(items)}" if items else "none"
            msg = f"article {self.article.id} has no {kind}{number}, only {known}"
            raise KeyError(msg)
        return items[number - 1]


def number(article: Article) -> NumberedArticle:
    """Find the paragraphs, sentences and quotations of `article` and number them.

    A blank line ends a paragraph, and so does the end of a line unless the text is hard-wrapped. A sentence ends with its paragraph
    at the latest, a quotation too: one that runs over several paragraphs gives one quotation for each that repeats the mark.

    Not done: no lower-case word starts a sentence, so one that begins with such a name stays joined to the one before.

    Example:
        >>> from llm_extract.schema import Article
        >>> numbered = number(Article(text="“We agree,” the envoy said. “In part.”"))
        >>> [numbered.text_of(quotation) for quotation in numbered.quotations]
        ['We agree,', 'In part.']
    """
    spans = split_paragraphs(article.text)
    quoted = find_quoted(article.text, spans)
    paragraphs = tuple(Paragraph(n, start, end) for n, (start, end) in enumerate(spans, start=1))
    sentences = tuple(_sentences(article.text, paragraphs, quoted))
    return NumberedArticle(article, paragraphs, sentences, tuple(_quotations(quoted, sentences)))


def _sentences(text: str, paragraphs: Sequence[Paragraph], quoted: Sequence[Quoted]) -> Iterator[Sentence]:
    spans = split_sentences(text, [(paragraph.start, paragraph.end) for paragraph in paragraphs], quoted)
    remaining = iter(paragraphs)
    paragraph, furniture = Paragraph(0, 0, 0), False
    for count, (start, end) in enumerate(spans, start=1):
        if start >= paragraph.end:
            paragraph = next(remaining)
            furniture = is_furniture(text[paragraph.start : paragraph.end])
        whole = (start, end) == (paragraph.start, paragraph.end)  # a credit alone in its paragraph is furniture already
        yield Sentence(count, start, end, paragraph.number, furniture or (not whole and is_credit(text[start:end])))


def _quotations(quoted: Sequence[Quoted], sentences: Sequence[Sentence]) -> Iterator[Quotation]:
    index = 0
    for count, found in enumerate(quoted, start=1):
        while sentences[index].end <= found.start:
            index += 1
        sentence = sentences[index]
        yield Quotation(
            count,
            found.start,
            found.end,
            found.opening,
            found.closing,
            sentence.number,
            sentence.paragraph,
            found.depth,
            sentence.furniture,
        )

"""Names in an article: where they stand, and the fullest form of each.

Plain code over capital letters, titles and the connecting words of institutions' names. It proposes; what a name is the
name of, a person, a state or a ship, is left to whoever reads the sentence.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from llm_extract.lexicon import COMMON_OPENERS, INSTITUTION_WORDS, NAME_PARTICLES, NATIONALITY_SUFFIXES, NOT_NAMES, PORTFOLIO_TITLES, PORTFOLIOS, TITLES
from llm_extract.numbering import NumberedArticle

__all__ = ["Mention", "Mentions", "find_mentions", "names_of"]

_WORD = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W_](?:[\w&]|[-'’.](?=\w))*\.?")
_INITIAL = re.compile(r"(?:[^\W\d_]\.)+|[^\W\d_]\.")
_ABBREVIATED_TITLES = frozenset({"mr", "mrs", "ms", "dr", "sen", "rep", "gov", "gen", "lt", "col", "maj", "adm", "prof", "rev", "st"})
_CONNECTORS = frozenset({"of", "for", "on", "and", "the"})
_IN = re.compile(r"\b(?:in|near|outside|throughout|across) (?:the )?$")
_HEADLINE_SHARE = 0.8
_POSSESSIVE = re.compile(r"['’]s?$")


@dataclass(frozen=True, slots=True)
class Mention:
    """A name as it stands in the text, without title; half-open offsets in code points."""

    start: int
    end: int
    text: str
    role: str = ""
    """The titles right before it, as written, such as "Prime Minister"."""

    @property
    def last(self) -> str:
        """The word by which the name is known when it is cut short."""
        return self.text.split()[-1].casefold()


@dataclass(frozen=True)
class _Word:
    start: int
    end: int
    text: str
    gap: str

    @property
    def capital(self) -> bool:
        return self.text[0].isupper()

    @property
    def plain(self) -> str:
        return self.text.rstrip(".").casefold()


class Mentions:
    """All names of an article, in the order of the text."""

    def __init__(self, mentions: list[Mention], *, headlines: Sequence[tuple[int, int]] = (), places: frozenset[str] = frozenset()) -> None:
        self.all = mentions
        self._headlines = headlines
        self._places = places
        self._fullest = _fullest_forms(mentions)

    def within(self, start: int, end: int) -> list[Mention]:
        """Return the names that lie in `[start, end)`."""
        return [mention for mention in self.all if start <= mention.start and mention.end <= end]

    def fullest(self, mention: Mention) -> Mention:
        """Return the longest form of the name that the article has, first mention of it.

        A short form goes with the longer one that ends in the same word and was mentioned nearest before it, or, failing
        that, first after it.
        """
        longer = self._fullest.get(mention.last, [])
        before = [other for other in longer if other.start <= mention.start and _extends(other, mention)]
        after = [other for other in longer if other.start > mention.start and _extends(other, mention)]
        if before:
            return max(before, key=lambda other: (len(other.text.split()), -other.start))
        return max(after, key=lambda other: (len(other.text.split()), -other.start)) if after else mention

    def in_headline(self, offset: int) -> bool:
        """Whether an offset lies in a headline."""
        return any(start <= offset < end for start, end in self._headlines)

    def is_place(self, mention: Mention) -> bool:
        """Whether the article says somewhere "in" this name, and never gives it a title."""
        return mention.text in self._places and not any(other.role for other in self.all if other.text == mention.text)

    def is_adjective(self, mention: Mention, text: str) -> bool:
        """Whether the name only qualifies a noun, as in "Chadian officials"."""
        following = re.match(r"\s([a-z]+)", text[mention.end : mention.end + 20])
        return bool(following) and not mention.role and len(mention.text.split()) == 1 and mention.text.casefold().endswith(NATIONALITY_SUFFIXES)

    def is_person(self, mention: Mention) -> bool:
        """Whether a name looks like a person's: somewhere it has a title, or it is two words and no institution's."""
        words = [word.casefold() for word in mention.text.split()]
        if any(word in INSTITUTION_WORDS for word in words):
            return False
        titled = any(other.role and other.last == mention.last and not other.text.casefold().endswith(NATIONALITY_SUFFIXES[:3]) for other in self.all)
        return titled or (len(words) > 1 and words[0] != "the" and not mention.text.isupper())

    def role(self, mention: Mention) -> str:
        """Return the titles of whoever bears this name, from the first mention that has any; empty where none has."""
        return next((other.role for other in self.all if other.role and _same_end(other, mention)), "")

    def named(self, name: str) -> Mention | None:
        """Return the first mention of exactly this name, or None."""
        return next((mention for mention in self.all if mention.text == name), None)


def find_mentions(text: str, sentence_starts: frozenset[int] = frozenset(), headlines: Sequence[tuple[int, int]] = ()) -> Mentions:
    """Find the names in `text`.

    Args:
        text: The article's text, or a part of it.
        sentence_starts: Offsets at which a capital letter says nothing.
        headlines: Spans with Most Words in Capitals, where only names known from the rest of the text are found.

    Example:
        >>> [m.text for m in find_mentions("Foreign Minister Ana Petrova met Mr. Li of the Bank for Exports.").all]
        ['Ana Petrova', 'Li', 'Bank for Exports']
    """
    words = list(_words(text))
    lowercase = Counter(word.text for word in words if not word.capital)
    inside = Counter(word.plain for word in words if word.capital and word.start not in sentence_starts)
    found = []
    for run in _runs([w for w in words if not _within(w, headlines)], sentence_starts):
        opener = run[0].start in sentence_starts
        if opener and not _is_name_opener(run, lowercase, inside):
            run = run[1:]
        found.extend(_named(text, run))
    found += _known(text, headlines, found)
    places = frozenset(m.text for m in found if _IN.search(text, max(0, m.start - 16), m.start))
    return Mentions(sorted(found, key=lambda mention: mention.start), headlines=headlines, places=places)


def names_of(article: NumberedArticle) -> Mentions:
    """Find the names of a numbered article, its headlines read with caution."""
    text = article.article.text
    starts = frozenset(s.start for s in article.sentences) | frozenset(q.start for q in article.quotations)
    return find_mentions(text, starts, [(s.start, s.end) for s in article.sentences if _is_headline(text[s.start : s.end])])


def _is_headline(sentence: str) -> bool:
    words = [word for word in re.findall(r"[^\W\d_]{4,}", sentence)]
    return len(words) > 2 and sentence[-1] not in '.!?"”' and sum(word[0].isupper() for word in words) >= _HEADLINE_SHARE * len(words)


def _within(word: _Word, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start <= word.start < end for start, end in spans)


def _known(text: str, headlines: Sequence[tuple[int, int]], found: list[Mention]) -> Iterator[Mention]:
    names = {form for mention in found for form in (mention.text, mention.text.split()[-1]) if len(form) > 2 and form[0].isupper()}
    if not names or not headlines:
        return
    pattern = re.compile(r"\b(?:" + "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True)) + r")\b")
    for start, end in headlines:
        yield from (Mention(m.start(), m.end(), m.group()) for m in pattern.finditer(text, start, end))


def _words(text: str) -> Iterator[_Word]:
    previous = 0
    for match in _WORD.finditer(text):
        start, end, word = match.start(), match.end(), match.group()
        if word.endswith(".") and not _INITIAL.fullmatch(word) and word[:-1].casefold() not in _ABBREVIATED_TITLES:
            word, end = word[:-1], end - 1
        possessive = _POSSESSIVE.search(word)
        bare = word[: possessive.start()] if possessive else word
        if bare:
            yield _Word(start, start + len(bare), bare, text[previous:start])
        previous = end if not possessive else start + len(bare)


def _runs(words: list[_Word], sentence_starts: frozenset[int]) -> Iterator[list[_Word]]:
    """Cut the words into runs that may be one name each."""
    run: list[_Word] = []
    for index, word in enumerate(words):
        if run and (word.gap != " " or word.start in sentence_starts):
            yield from _trimmed(run)
            run = []
        if word.capital and word.plain not in NOT_NAMES:
            run.append(word)
        elif run and _continues(run, words, index):
            run.append(word)
        elif run:
            yield from _trimmed(run)
            run = []
    yield from _trimmed(run)


def _continues(run: list[_Word], words: list[_Word], index: int) -> bool:
    """Whether a small word may stand inside the name: a particle, or a connector of an institution's name."""
    word = words[index]
    following = next((w for w in words[index + 1 : index + 3] if w.plain not in _CONNECTORS), None)
    if following is None or not following.capital or following.gap != " ":
        return False
    if word.plain in NAME_PARTICLES:
        return True
    if word.plain == "of" and run[-1].plain in PORTFOLIO_TITLES:
        return following.plain in PORTFOLIOS
    if word.plain == "and" and not any(w.plain in {"of", "for", "on"} for w in run):
        return False
    return word.plain in _CONNECTORS and any(w.plain in INSTITUTION_WORDS for w in run)


def _trimmed(run: list[_Word]) -> Iterator[list[_Word]]:
    while run and not run[-1].capital:
        run = run[:-1]
    if run:
        yield run


def _is_name_opener(run: list[_Word], lowercase: Counter[str], inside: Counter[str]) -> bool:
    """Whether the first word of a sentence belongs to a name, or has its capital from standing first."""
    first = run[0].plain
    if first in COMMON_OPENERS:
        return False
    return bool(inside[first]) or not lowercase[first]


def _named(text: str, run: list[_Word]) -> Iterator[Mention]:
    """Take the titles off a run; what is left is the name."""
    cut = max((i + 1 for i, word in enumerate(run) if word.plain in TITLES), default=0)
    if cut and cut < len(run) and run[cut].plain == "of":
        cut = _after_portfolio(run, cut)
    elif any(word.plain in _CONNECTORS for word in run[:cut]):
        cut = 0
    name = run[cut:]
    if not name:
        return
    start, end = name[0].start, name[-1].end
    yield Mention(start, end, text[start:end], text[run[0].start : run[cut - 1].end] if cut else "")


def _after_portfolio(run: list[_Word], of: int) -> int:
    """Return where the name starts in "Secretary of State Ana Petrova"; `of` is the index of that word."""
    if run[of - 1].plain not in PORTFOLIO_TITLES:
        return 0
    index = of + 1
    while index < len(run) and run[index].plain in PORTFOLIOS | _CONNECTORS:
        index += 1
    return index


def _fullest_forms(mentions: list[Mention]) -> dict[str, list[Mention]]:
    forms: dict[str, list[Mention]] = {}
    for mention in mentions:
        forms.setdefault(mention.last, []).append(mention)
    return forms


def _same_end(one: Mention, other: Mention) -> bool:
    return one.text == other.text or _extends(one, other) or _extends(other, one)


def _extends(longer: Mention, shorter: Mention) -> bool:
    """Whether one name is the other with more in front; "Ana Petrova" extends "Petrova", "Boris Petrov" does not."""
    long_words, short_words = longer.text.split(), shorter.text.split()
    return len(long_words) > len(short_words) and [w.casefold() for w in long_words[-len(short_words) :]] == [w.casefold() for w in short_words]

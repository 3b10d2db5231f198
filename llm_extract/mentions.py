"""Names in an article: where they stand, and the fullest form of each.

Plain code over capital letters, titles and the connecting words of institutions' names. It proposes; what a name is the
name of, a person, a state or a ship, is left to whoever reads the sentence.
"""

from __future__ import annotations

import functools
import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from operator import attrgetter

from llm_extract.lexicon import (
    AUXILIARIES,
    COMMON_OPENERS,
    DEMONYMS,
    ENDING_LEADERS,
    INSTITUTION_WORDS,
    LEADERS,
    NAME_PARTICLES,
    NATIONALITY_SUFFIXES,
    NOT_NAMES,
    NOT_PEOPLE,
    PEOPLE,
    PERSON_NOUNS,
    PLURAL_NOUNS,
    PORTFOLIO_TITLES,
    PORTFOLIOS,
    POST_NOMINALS,
    PREPOSITIONS,
    SPEECH_VERBS,
    TITLES,
)
from llm_extract.numbering import NumberedArticle
from llm_extract.words import Word, words_of

__all__ = ["Mention", "Mentions", "find_mentions", "names_of"]

_CONNECTORS = frozenset({"of", "for", "on", "and", "the"})
_NO_PERSONS = INSTITUTION_WORDS | NOT_PEOPLE | _CONNECTORS
_OPENING_PARTICLES = frozenset({"van", "von", "bin", "ibn", "de", "der", "al", "el", "bint", "da", "dos", "du", "di", "della", "ter"})
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})
_LIFE_STORY = re.compile(r"[^\W\d_]+(?:-of-|-year-old|-time$|-based$|-born$)")
"""What tabloids put before a name: "Mum-of-two", "London-based"."""
_NAME_MONTHS = frozenset({"jan", "april", "may", "june", "august"})
_IN = re.compile(r"\b(?:in|near|outside|throughout|across) (?:the )?$")
_HEADLINE_SHARE = 0.8
_FEWEST_HEADLINE_WORDS = 3
_SHORTEST_KNOWN = 3
"""Letters; a shorter word of a headline is no name cut short."""


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
        """The word by which the name is known when it is cut short; "Jr." is none."""
        return _core(self.text)[-1]


class Mentions:
    """All names of an article, in the order of the text."""

    def __init__(self, mentions: list[Mention], *, headlines: Sequence[tuple[int, int]] = (), places: frozenset[str] = frozenset()) -> None:
        self.all = mentions
        self._headlines = sorted(headlines)
        self._starts = [mention.start for mention in mentions]
        self._named: dict[str, Mention] = {}
        self._by_last: defaultdict[str, list[Mention]] = defaultdict(list)
        self._by_first: defaultdict[str, list[Mention]] = defaultdict(list)
        self._titled: defaultdict[str, list[Mention]] = defaultdict(list)
        for mention in mentions:
            self._index(mention)
        self._places = places - {mention.text for mention in mentions if mention.role}
        self._full: dict[Mention, Mention] = {}
        self._alike: dict[str, list[Mention]] = {}

    def _index(self, mention: Mention) -> None:
        """Enter a name where it is looked up by its words; of each longer form, only the first few mentions count."""
        self._named.setdefault(mention.text, mention)
        if mention.role:
            self._titled[mention.last].append(mention)
        for index, key in ((self._by_last, mention.last), (self._by_first, _core(mention.text)[0])):
            if mention is self._named[mention.text]:
                index[key].append(mention)

    def within(self, start: int, end: int) -> list[Mention]:
        """Return the names that lie in `[start, end)`."""
        found = self.beginning(start, end)
        return found if not found or found[-1].end <= end else found[:-1]

    def beginning(self, start: int, end: int) -> list[Mention]:
        """Return the names that begin in `[start, end)`."""
        return self.all[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def at(self, start: int, end: int) -> Mention | None:
        """Return the name that stands exactly there, or None."""
        index = bisect_left(self._starts, start)
        return next((m for m in self.all[index : index + 1] if (m.start, m.end) == (start, end)), None)

    def fullest(self, mention: Mention) -> Mention:
        """Return the longest form of the name that the article has, first mention of it.

        A short form goes with the longer one that ends in the same word and was mentioned nearest before it, or, failing
        that, first after it. Where there is none, a single word goes with a person's name that starts with it: "Li" for
        Li Weiming, "Brenda" for Brenda Tate.
        """
        if mention not in self._full:
            self._full[mention] = self._longest(mention)
        return self._full[mention]

    def alike(self, name: str) -> list[Mention]:
        """Return all mentions of which this is the fullest form, in the order of the text."""
        if not self._alike:
            for mention in self.all:
                self._alike.setdefault(self.fullest(mention).text, []).append(mention)
        return self._alike.get(name, [])

    def _longest(self, mention: Mention) -> Mention:
        longer = [other for other in self._by_last.get(mention.last, []) if _extends(other, mention)]
        if not longer and len(mention.text.split()) == 1 and mention.text not in self._places and mention.text.casefold() not in DEMONYMS:
            starting = [other for other in self._by_first.get(mention.last, []) if other.text != mention.text]
            longer = [other for other in starting if self.is_person(other)]
        before = [other for other in longer if other.start <= mention.start]
        return max(before or longer, key=lambda other: (len(other.text.split()), -other.start), default=mention)

    def in_headline(self, offset: int) -> bool:
        """Whether an offset lies in a headline."""
        index = bisect_right(self._headlines, offset, key=lambda span: span[0]) - 1
        return index >= 0 and self._headlines[index][0] <= offset < self._headlines[index][1]

    def is_place(self, mention: Mention) -> bool:
        """Whether the article says somewhere "in" this name, and never gives it a title."""
        return mention.text in self._places

    def is_adjective(self, mention: Mention, text: str) -> bool:
        """Whether the name only qualifies a noun, as in "Chadian officials"."""
        following = re.match(r"\s([a-z]+)", text[mention.end : mention.end + 20])
        if not following or mention.role or len(mention.text.split()) > 1:
            return False
        if following[1] in PREPOSITIONS | AUXILIARIES or (following[1] in SPEECH_VERBS and following[1] not in PLURAL_NOUNS):
            return False
        return mention.text.casefold() in DEMONYMS or mention.text.casefold().endswith(NATIONALITY_SUFFIXES)

    def is_person(self, mention: Mention) -> bool:
        """Whether a name looks like a person's: somewhere it has a title, or it is two words and no institution's, place's or event's."""
        words = [word.rstrip(".") for word in _core(mention.text)]
        if any(word in INSTITUTION_WORDS for word in words):
            return False
        if any(not other.text.casefold().endswith(NATIONALITY_SUFFIXES[:3]) for other in self._titled.get(mention.last, [])):
            return True
        shaped = (
            len(words) > 1
            and words[0] != "the"
            and not mention.text.isupper()
            and not any(character.isdigit() for character in mention.text)
        )
        return shaped and not any(word in NOT_PEOPLE for word in words)

    def role(self, mention: Mention) -> str:
        """Return the titles of whoever bears this name, from the first mention that has any; empty where none has."""
        return next(
            (
                other.role
                for other in self._titled.get(mention.last, [])
                if other.text == mention.text or _extends(other, mention) or _extends(mention, other)
            ),
            "",
        )

    def known_as(self, word: str) -> Mention | None:
        """Return the fullest form of the first name that ends in a word, or None: whom "Lang" means."""
        found = self._by_last.get(word.casefold(), [])
        return self.fullest(found[0]) if found else None

    def named(self, name: str) -> Mention | None:
        """Return the first mention of exactly this name, or None."""
        return self._named.get(name)


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
    words = list(words_of(text))
    lowercase = {word.text for word in words if not word.capital}
    inside = {word.plain for word in words if word.capital and word.start not in sentence_starts}
    found: list[Mention] = []
    for run, following in _runs(_outside(words, headlines), sentence_starts):
        opener = run[0].start in sentence_starts
        named = run[1:] if opener and not _is_name_opener(run, following, lowercase, inside) else run
        found.extend(_named(text, named, profession=opener and _opens_with_profession(named, inside)))
    found += _known(text, headlines, found)
    places = frozenset(m.text for m in found if _IN.search(text, max(0, m.start - 16), m.start))
    return Mentions(sorted(found, key=attrgetter("start")), headlines=headlines, places=places)


def names_of(article: NumberedArticle) -> Mentions:
    """Find the names of a numbered article, its headlines read with caution."""
    text = article.article.text
    starts = frozenset(s.start for s in article.sentences) | frozenset(q.start for q in article.quotations)
    return find_mentions(text, starts, [(s.start, s.end) for s in article.sentences if _is_headline(text[s.start : s.end])])


def _is_headline(sentence: str) -> bool:
    words = re.findall(r"[^\W\d_]{4,}", sentence)
    few = len(words) < _FEWEST_HEADLINE_WORDS
    return not few and sentence[-1] not in '.!?"”' and sum(word[0].isupper() for word in words) >= _HEADLINE_SHARE * len(words)


def _outside(words: Sequence[Word], spans: Sequence[tuple[int, int]]) -> list[Word]:
    """Return the words outside the spans, which are in order."""
    if not spans:
        return list(words)
    kept = []
    remaining = list(reversed(spans))
    for word in words:
        while remaining and remaining[-1][1] <= word.start:
            remaining.pop()
        if not remaining or word.start < remaining[-1][0]:
            kept.append(word)
    return kept


def _known(text: str, headlines: Sequence[tuple[int, int]], found: list[Mention]) -> Iterator[Mention]:
    """Find in headlines the names that the rest of the text has."""
    read = "\n".join(text[start:end] for start, end in headlines)
    names = {
        form
        for mention in (found if read else ())
        for form in (mention.text, mention.text.split()[-1])
        if len(form) >= _SHORTEST_KNOWN and form[0].isupper() and form in read  # a pattern of all names would take long to make
    }
    pattern = re.compile(r"\b(?:" + "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True)) + r")\b")
    for start, end in headlines if names else ():
        yield from (Mention(m.start(), m.end(), m.group()) for m in pattern.finditer(text, start, end))


def _runs(words: list[Word], sentence_starts: frozenset[int]) -> Iterator[tuple[list[Word], str]]:
    """Cut the words into runs that may be one name each; beside each, the word that follows."""
    run: list[Word] = []
    for index, word in enumerate(words):
        if run and (word.gap != " " or word.start in sentence_starts):
            yield from _trimmed(run, "")
            run = []
        if (
            (word.capital and _may_name(word, words, index))
            or (run and _continues(run, words, index))
            or (word.text in _OPENING_PARTICLES and _opens(words, index))
        ):
            run.append(word)
        elif run:
            yield from _trimmed(run, word.plain)
            run = []
    yield from _trimmed(run, "")


def _may_name(word: Word, words: list[Word], index: int) -> bool:
    """Whether a word with a capital may be part of a name; months that are names too must look like one."""
    if word.plain not in NOT_NAMES:
        return not _LIFE_STORY.match(word.text)
    if word.plain not in _NAME_MONTHS:
        return False
    before = words[index - 1] if index else None
    after = words[index + 1] if index + 1 < len(words) and words[index + 1].gap == " " else None
    if before and word.gap == " " and before.capital and before.plain not in NOT_NAMES:
        return not (after and after.text[0].isdigit())
    if (before and before.plain in PREPOSITIONS | {"last", "next", "this", "early", "late", "mid"}) or after is None:
        return False
    return after.plain in SPEECH_VERBS or (after.capital and after.plain not in NOT_NAMES | TITLES | LEADERS | COMMON_OPENERS)


def _opens(words: list[Word], index: int) -> bool:
    """Whether a small word, an opening particle, opens a name: "van der Berg", "de Gaulle"."""
    following = next((w for w in words[index + 1 : index + 3] if w.text not in _OPENING_PARTICLES), None)
    return following is not None and following.text[0].isupper() and following.gap == " " and following.plain not in NOT_NAMES


def _continues(run: list[Word], words: list[Word], index: int) -> bool:
    """Whether a small word may stand inside the name: a particle, or a connector of an institution's name."""
    word = words[index]
    if word.plain not in _CONNECTORS and word.text not in NAME_PARTICLES:
        return False
    following = next((w for w in words[index + 1 : index + 4] if w.plain not in _CONNECTORS and w.text not in NAME_PARTICLES), None)
    if following is None or not following.capital or following.gap != " " or following.plain in NOT_NAMES:
        return False
    if word.text in NAME_PARTICLES:
        return True
    if word.plain == "of" and run[-1].plain in PORTFOLIO_TITLES - INSTITUTION_WORDS:
        return following.plain in PORTFOLIOS
    if word.plain == "and" and not any(w.plain in {"of", "for", "on"} for w in run):
        return False
    return any(w.plain in INSTITUTION_WORDS for w in run)


def _trimmed(run: list[Word], following: str) -> Iterator[tuple[list[Word], str]]:
    while run and not run[-1].capital:
        run = run[:-1]
    if run:
        yield run, following


def _is_name_opener(run: list[Word], following: str, lowercase: AbstractSet[str], inside: AbstractSet[str]) -> bool:
    """Whether the first word of a sentence belongs to a name, or has its capital from standing first."""
    first = run[0].plain
    if first in COMMON_OPENERS:
        return False
    if first in inside:
        return True
    if first in SPEECH_VERBS or (first.endswith("ing") and (len(run) > 1 or following not in SPEECH_VERBS | AUXILIARIES)):
        return False  # a participle: "Alleging Norvik had lied, …"
    return first not in lowercase


def _opens_with_profession(run: list[Word], inside: AbstractSet[str]) -> bool:
    """Whether a sentence starts "Striker Jonas Vik …": a noun for a person before a name that is one without it."""
    return len(run) > 1 and run[0].plain in PEOPLE and run[1].capital and (len(run) > 2 or run[1].plain in inside)  # noqa: PLR2004


def _named(text: str, run: list[Word], *, profession: bool = False) -> Iterator[Mention]:
    """Take the titles off a run; what is left is the name."""
    if len(run) == 1 and run[0].plain not in TITLES and run[0].plain not in LEADERS and not profession:
        yield Mention(run[0].start, run[0].end, text[run[0].start : run[0].end])
        return
    cut = max((i + 1 for i, word in enumerate(run) if word.plain in TITLES and word.plain not in LEADERS), default=0)
    cut = max(cut, int(profession), max((i + 1 for i, word in enumerate(run[:-1]) if word.plain in ENDING_LEADERS), default=0))
    cut = max(cut, _after_occupation(run))
    if cut and cut < len(run) and run[cut].plain == "of":
        cut = _after_portfolio(run, cut)
    elif any(word.plain in _CONNECTORS for word in run[:cut]):
        cut = 0
    while len(run) > 1 and run[-1].text in POST_NOMINALS:
        run = run[:-1]
    name = run[cut:]
    if cut and name and (name[0].plain in INSTITUTION_WORDS or name[-1].plain in INSTITUTION_WORDS):
        cut, name = 0, run  # "the Interior Ministry", "the General Assembly"
    if name and not (len(name) == 1 and name[0].plain in LEADERS):
        start, end = name[0].start, name[-1].end
        yield Mention(start, end, text[start:end], text[run[0].start : run[cut - 1].end] if cut else "")


def _after_occupation(run: list[Word]) -> int:
    """Return where the name starts in "County Prosecutor Ana Petrova": two words or more after a noun for a person, 0 for none."""
    cut = next((i + 1 for i in range(len(run) - 3, -1, -1) if run[i].plain in PERSON_NOUNS), 0)
    return 0 if not cut or any(word.plain in _NO_PERSONS for word in run[cut:]) else cut


def _after_portfolio(run: list[Word], of: int) -> int:
    """Return where the name starts in "Secretary of State Ana Petrova"; `of` is the index of that word."""
    if run[of - 1].plain not in PORTFOLIO_TITLES:
        return 0
    index = of + 1
    while index < len(run) and run[index].plain in PORTFOLIOS | _CONNECTORS:
        index += 1
    return index


@functools.lru_cache(maxsize=1024)
def _core(name: str) -> tuple[str, ...]:
    """Return the words of a name in small letters, "Jr." and the like left out."""
    words = [word.casefold() for word in name.split()]
    while len(words) > 1 and words[-1].rstrip(".") in _SUFFIXES:
        words.pop()
    return tuple(words)


def _extends(longer: Mention, shorter: Mention) -> bool:
    """Whether one name is the other with more in front; "Ana Petrova" extends "Petrova", "Boris Petrov" does not."""
    long_words, short_words = _core(longer.text), _core(shorter.text)
    return long_words[-len(short_words) :] == short_words and len(longer.text.split()) > len(shorter.text.split())

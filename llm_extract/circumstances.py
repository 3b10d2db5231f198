"""Circumstances: the dates, places and events that a sentence gives."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from llm_extract import expressions
from llm_extract.anchored import find_anchored
from llm_extract.clauses import MEETING_WORD, Area, pieces
from llm_extract.lexicon import EVENT_NOUNS, INSTITUTION_WORDS, PLACE_NOUNS, SPEECH_VERBS
from llm_extract.mentions import Mention, Mentions
from llm_extract.numbering import NumberedArticle, Sentence

__all__ = ["Circumstances", "event_words", "is_event"]

_EVENTS = "|".join(sorted(EVENT_NOUNS))
_EVENT_HEAD = re.compile(rf"\b(?:{_EVENTS})\b|\bG-?\d{{1,2}}\b(?! \()(?: summit\b)?", re.IGNORECASE)
_EVENT_WORD = re.compile(
    r"(?:[A-Z0-9(][\w.’'()-]*|of|for|and|annual|regional|economic|international|bilateral|centenary|anniversary|peace|trade|nuclear|climate|"
    r"security|another|first|second|\d+(?:st|nd|rd|th))$"
)
_ARTICLE = re.compile(r"(?:The|An?) ")
_DATE_BEFORE_EVENT = re.compile(r"^(?:\w+day[’']s|[A-Z]\w+ \d[\d-]*)\s+")
_BEFORE_EVENT = re.compile(rf"\s(?:\(\w+\)\s)?(?:\w+ )?(?:{_EVENTS})\b")
_BEFORE_MEETING = re.compile(
    r" (?:(?!h[eo]ld|ha[ds]|have|began|begin|resume|start|end|broke|open|and\b)\w+ )?"
    r"(?:summit|talks|meeting|negotiations|conference)\b"
)
_IN_PLACE = re.compile(
    r"\b(?:(?:in|near|outside|visit(?:ed|s|ing)?)\s+(?:the\s+)?(?:(?:\w+ ){0,3}(?:city|capital|town|resort|village|port|suburb|"
    r"stronghold|region|province) of\s+)?|"
    r"(?:visits?|trip|travel\w*|flew|flight|arriv\w+|went|go|going|return\w*|came|come)\s+(?:\w+ ){0,2}?(?:to|in|on to)\s+(?:the\s+)?)$",
    re.IGNORECASE,
)
_OWNED_PLACE = re.compile(r"['’]s (?:[a-z-]+ ){0,4}(?=[A-Z])")
"""What stands between a country and a place in it: "in Norvik’s port of Kiel"."""
_AT_PLACE = re.compile(r"\b(?:at|visit(?:ed|s|ing)?|in)\s+(?:the\s+)?$", re.IGNORECASE)
_SINCE = re.compile(r"\bsince (?:[\w’']+ )+(?:in |on )?$")
_WHERE = re.compile(r"(?: on \w+day)?,? where\b")
_THERE = re.compile(r"\bthere\b(?! (?:is|are|was|were|will|would|has|had|may|might|could|should|can)\b)", re.IGNORECASE)
_DATELINE = re.compile(
    r"(?P<place>[A-Z][A-Z.’'/-]+(?: [A-Z][A-Z.’'/-]+){0,3})(?:,[^\n()—–]{1,30}?)?(?: ?\([^()\n]{1,30}\))?(?:\s?(?:--|—|–|-\s)|:\s)|"
    r"(?P<town>[A-Z][a-z’'-]+(?: [A-Z][a-z’'-]+){0,2})(?:,[^\n()—–]{1,30}?)?(?: ?\([^()\n]{1,30}\))?\s(?:--|—|–)\s"
)
"""What opens a report: "OSLO, June 3 (Agency) -", "New Lima —"."""
_FIRST_SENTENCES = 6
"""Sentences among which a dateline may stand, below headlines and names of authors."""
_QUALIFIED_PLACE = re.compile(
    r"\s(?P<noun>(?:\w+ )?(?:capital|city|town|resort|port|village|island|region|province)\b)(?P<named>,? (?:of )?(?=[A-Z]))?"
)
_NEAR_EVENT = 60
"""Characters within which "the G5 summit will be held in Oslo" gives the event's place."""
_EMPTY_WORDS = frozenset(
    "the of a an in at on and for its their annual economic summit talks meeting conference forum session sidelines".split()  # noqa: SIM905  a list to read
)
_SHORT_NAMES = {
    "group of 20": "g20",
    "group of seven": "g7",
    "group of eight": "g8",
    "asia-pacific economic cooperation": "apec",
    "asia pacific economic cooperation": "apec",
}


def event_words(text: str) -> frozenset[str]:
    """Return the words by which an event is known, long and short names of the common ones alike.

    Example:
        >>> event_words("the Group of 20 summit") == event_words("G-20")
        True
    """
    plain = text.casefold()
    for long, short in _SHORT_NAMES.items():
        plain = plain.replace(long, short)
    return frozenset(re.findall(r"\w+", re.sub(r"\bg-(\d+)", r"g\1", plain))) - _EMPTY_WORDS


def is_event(name: str) -> bool:
    """Whether a name is that of a summit, a conference, a ceremony and the like."""
    return bool(_EVENT_HEAD.search(name))


@dataclass
class Circumstances:
    """Finds dates, places and events in the sentences of one article."""

    article: NumberedArticle
    mentions: Mentions

    @property
    def _text(self) -> str:
        return self.article.article.text

    @cached_property
    def _counted(self) -> Counter[str]:
        return Counter(mention.text.casefold() for mention in self.mentions.all)

    def dates(self, sentence: Sentence) -> Iterator[Area]:
        """Yield the dates, but for those on which somebody said something."""
        text = self._text[sentence.start : sentence.end]
        counted = list(find_anchored(text))
        plain = [(found.start, found.end) for found in expressions.find_dates(text)]
        for start, end in sorted([*counted, *(one for one in plain if not any(one[0] < e and s < one[1] for s, e in counted))]):
            since = _SINCE.search(text[:start])
            if not (since and not MEETING_WORD.search(since.group())) and not _is_reporting(text[:start]):
                yield sentence.start + start, sentence.start + end

    def places(self, sentence: Sentence) -> Iterator[Area]:
        """Yield the names of places where something happens."""
        for mention in self.mentions.within(sentence.start, sentence.end):
            if self.is_place(mention) and self._may_be_place(mention):
                owned = _OWNED_PLACE.match(self._text, mention.end)
                part = next(iter(self.mentions.within(owned.end() - 1, owned.end() + _NEAR_EVENT)), None) if owned else None
                yield (part.start, part.end) if part and owned and part.start == owned.end() else self._whole_place(mention)

    def events(self, sentence: Sentence) -> Iterator[Area]:
        """Yield the names of summits, ceremonies and the like; a headline's capitals hide where they begin."""
        if self.mentions.in_headline(sentence.start):
            return
        for match in _EVENT_HEAD.finditer(self._text, sentence.start, sentence.end):
            first = _event_start(self._text, sentence.start, match.start())
            if article := _ARTICLE.match(self._text, first, match.end()):
                first = article.end()
            if match.group()[1:2] in "-0123456789" or self._text[first : match.start()].strip():
                yield first, match.end()

    def place_before(self, sentence: Sentence, word: int) -> str | None:
        """Return the place that "there" before or behind a word means: the last one of the sentence before."""
        if sentence.number == 1 or not _THERE.search(
            self._text, max(sentence.start, word - _NEAR_EVENT), min(sentence.end, word + _NEAR_EVENT)
        ):
            return None
        places = list(self.places(self.article.sentence(sentence.number - 1)))
        return self._text[slice(*places[-1])] if places else None

    def body_start(self, sentence: Sentence) -> int:
        """Return where a sentence starts behind its dateline."""
        match = _DATELINE.match(self._text, sentence.start, sentence.end)
        return match.end() if match else sentence.start

    def dateline(self) -> str | None:
        """Return where the article was written, in the form that its text uses, where a dateline tells: "OSLO, June 3 (Agency) -"."""
        for sentence in self.article.sentences[:_FIRST_SENTENCES]:
            if match := _DATELINE.match(self._text, sentence.start, sentence.end):
                if match["town"]:
                    known = self.mentions.named(match["town"])
                    return match["town"] if known and (self.mentions.is_place(known) or not self.mentions.is_person(known)) else None
                plain = match["place"].title()
                return plain if self.mentions.named(plain) else match["place"]
        return None

    def event_facts(self) -> dict[frozenset[str], dict[str, set[str]]]:
        """Return what the article says of each event's place and date, apart from any meeting: "the G5 summit will be held in Oslo"."""
        facts: dict[frozenset[str], dict[str, set[str]]] = {}
        for sentence in (piece for whole in self.article.sentences for piece in pieces(whole)):
            places = list(self.places(sentence))
            days = list(self.dates(sentence))
            for event in self.events(sentence):
                known = facts.setdefault(event_words(self._text[slice(*event)]), {"place": set(), "when": set()})
                for kind, areas in (("place", places), ("when", days)):
                    behind = [
                        a for a in areas if 0 <= a[0] - event[1] < _NEAR_EVENT and not MEETING_WORD.search(self._text, event[1], a[0])
                    ]
                    known[kind] |= {self._text[slice(*a)] for a in behind[:1]}
        return facts

    def is_place(self, mention: Mention) -> bool:
        """Whether a name stands where a place stands: "in X", "at the X palace", "the X talks"."""
        before = self._text[max(0, mention.start - 40) : mention.start]
        if mention.role:
            return False
        if _BEFORE_MEETING.match(self._text, mention.end) and self._names_no_party(mention):
            return True
        if _WHERE.match(self._text, mention.end):
            return True
        return bool(_IN_PLACE.search(before)) or (mention.text.casefold().split()[-1] in PLACE_NOUNS and bool(_AT_PLACE.search(before)))

    def _whole_place(self, mention: Mention) -> Area:
        """Return the place that a name is of: "the Omani capital", or its name where that follows, "the Omani capital, Muscat"."""
        noun = _QUALIFIED_PLACE.match(self._text, mention.end)
        if noun is None:
            return mention.start, mention.end
        named = next((m for m in self.mentions.within(noun.end(), noun.end() + _NEAR_EVENT) if m.start == noun.end()), None)
        return (named.start, named.end) if named and noun["named"] else (mention.start, noun.end("noun"))

    def _may_be_place(self, mention: Mention) -> bool:
        words = mention.text.casefold().split()
        if words[-1] in PLACE_NOUNS:
            return True
        after = self._text[mention.end : mention.end + 30]
        if _BEFORE_MEETING.match(after) and self._names_no_party(mention) and not any(word in INSTITUTION_WORDS for word in words):
            return True
        if any(word in INSTITUTION_WORDS | EVENT_NOUNS for word in words) or _BEFORE_EVENT.match(after):
            return False
        return not self.mentions.role(mention) and not re.match(r"G-?\d", mention.text) and not mention.text.isupper()

    def _names_no_party(self, mention: Mention) -> bool:
        """Whether "the X talks" are talks in X: X is nobody's name, short or full, and no institution's."""
        whole = self.mentions.fullest(mention) == mention and not self.mentions.is_person(mention)
        single = self._counted[mention.text.casefold()] == 1 and " " not in mention.text
        known = self.mentions.is_place(mention) or single
        return (
            whole
            and known
            and "-" not in mention.text
            and mention.text[-1].islower()
            and not self.mentions.is_adjective(mention, self._text)
        )


def _is_reporting(before: str) -> bool:
    """Whether a date that follows is that of somebody's words: "he said on Monday", but not "he said that on Monday"."""
    near = re.findall(r"[\w’'-]+", before)[-7:]
    for index in range(len(near) - 1, -1, -1):
        if near[index].casefold() == "that":
            return False
        if near[index].casefold() in SPEECH_VERBS:
            before_verb = " ".join([*near[max(0, index - 1) : index], ""])
            told = MEETING_WORD.finditer(before_verb + " ".join(near[index:]))
            return not any(word.end() > len(before_verb) for word in told)  # "spoke by telephone on Monday" is no report
    return False


def _event_start(text: str, start: int, head: int) -> int:
    """Return where the event's name starts: before the words in capitals and the like in front of its noun."""
    first = head
    for word in reversed(list(re.finditer(r"\S+", text[start:head]))):
        if not _EVENT_WORD.match(word.group()):
            break
        first = start + word.start()
    while text[first:head].startswith(("of ", "for ", "and ")):
        first = text.index(" ", first) + 1
    dated = _DATE_BEFORE_EVENT.match(text[first:head])
    return first + dated.end() if dated else first

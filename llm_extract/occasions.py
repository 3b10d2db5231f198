"""Mentions of meetings: sentences in which two parties meet, with the names, place, date and event that stand there.

Plain code over the words that news uses for meetings. It proposes occasions; whether one counts, how settled it is and of what kind is
for the reader to judge.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from llm_extract import expressions
from llm_extract.lexicon import EVENT_NOUNS, INSTITUTION_WORDS, NATIONALITY_SUFFIXES, PLACE_NOUNS
from llm_extract.mentions import Mention, Mentions
from llm_extract.numbering import NumberedArticle, Sentence

__all__ = ["Occasion", "find_occasions"]

_TRIGGER = re.compile(
    r"\b(?:met|meets?|meeting|meetings|talks|summit|sit-down|one-on-one|tête-à-tête|handshake|encounter|encountered|"
    r"negotiations|discussions?|conversations?|consultations|"
    r"(?:shook|shake|shakes|shaking) hands|cross(?:ed)? paths|bump(?:ed)? into|"
    r"(?:spoke|speak|speaks|talked|talk|conferred|discussed|negotiated|chatted) (?:\w+ ){0,3}?(?:with|by (?:tele)?phone|on the (?:tele)?phone|to each other|briefly)|"
    r"(?:telephone|phone|video) (?:call|conversation)|call(?:ed)? with|phoned|telephoned|"
    r"(?:hosted|hosts?|received|receives?|welcomed|greeted|visited|visits?)|face-to-face|audience with|discussed)\b",
    re.IGNORECASE,
)
_STRONG = re.compile(r"^(?:met|meets?|meeting|meetings|talks|sit-down|one-on-one|handshake|sh\w+ hands|cross|bump|spoke|speaks?|talk|talked|conferred|chatted|tele|phone|video|call|face)", re.IGNORECASE)
"""Words that say by themselves that parties met; with the others the grammar must name two."""
_NO_MEETING = re.compile(
    r"\b(?:meet(?:s|ing)?|met) (?:the |its |their |his |her |these |those |all |our )?(?:\w+ )?(?:deadlines?|targets?|goals?|demands?|needs?|requirements?|standards?|challenges?|"
    r"criteria|conditions?|obligations?|expectations?|costs?|criticism|resistance|opposition|death|fate|end)\b|"
    r"\b(?:swim|track|swimming|athletics) meet\b|\bcall(?:ed|s|ing)? (?:with|for) (?:a|an|the)\b",
    re.IGNORECASE,
)
_PAIR = re.compile(
    r"\b(?:the two|both|the pair|they|them|their|each other|the (?:two )?(?:leaders|presidents|men|women|sides|ministers|heads of state)|two (?:leaders|presidents|men|sides))\b",
    re.IGNORECASE,
)
_PLACE = re.compile(r"\b(?:in|at|to|near|outside|visited|visits?|visiting)\s+(?:the\s+)?(?:\w+ (?:city|capital|town|resort) of\s+)?$", re.IGNORECASE)
_CALL = re.compile(r"\b(?:(?:tele)?phone[ds]?|video(?:conference)?|call(?:ed)? with|phone call|telephone conversation)\b", re.IGNORECASE)
_ENCOUNTER = re.compile(
    r"\b(?:shook hands|shake hands|shaking hands|handshake|encounter|brief(?:ly)?|informal(?:ly)?|cross(?:ed)? paths|bump(?:ed)? into|greet(?:ed|ing|ings)?|pull-aside|chatted|hugg?(?:ed|ing))\b",
    re.IGNORECASE,
)


_BETWEEN = re.compile(r"[^.;]{0,40}?\bbetween ([^,;.]+?) and ([^,;.]+?)(?=,|;|\.|$| in | at | on | to | over | about | after | before | took | last | this )")
_NAME = r"[A-ZÀ-Þ][\w.’'-]*(?: (?:[A-ZÀ-Þ][\w.’'-]*|of|bin|al|de|von|van)(?= ?[\w.’'-]))*"
_NOUN_PHRASE = rf"(?:the |other |his |her |their |an? )?(?:[\w.’'-]+ ){{0,4}}?{_NAME}"
_OBJECT = re.compile(rf"(?:\s+(?:\w+ ){{0,4}}?(?:with|by)\s+({_NOUN_PHRASE}(?:,? and {_NOUN_PHRASE})?)|\s+({_NAME}(?: and {_NAME})?))")
_CLAUSE = re.compile(r"[;:]\s|\b(?:that|after|before|when|while|although|though|because|since|whether|but|as)\s")


@dataclass(frozen=True, slots=True)
class Occasion:
    """One sentence's mention of a meeting; spans are half-open offsets in code points."""

    sentence: int
    trigger: tuple[int, int]
    stated: tuple[tuple[int, int], ...]
    """Those of whom the grammar says that they meet: "X met Y", "talks between X and Y"."""
    people: tuple[tuple[int, int], ...]
    """Full names of all people in the sentence."""
    paired: bool
    """Whether it speaks of "the two", "they": those of the occasion before."""
    kind: str
    when: tuple[int, int] | None = None
    place: tuple[int, int] | None = None
    event: tuple[int, int] | None = None


def find_occasions(article: NumberedArticle, mentions: Mentions, masked: str) -> list[Occasion]:
    """Find the sentences that may report a meeting, in the order of the text."""
    finder = _Finder(article, mentions, masked)
    return [occasion for sentence in article.sentences if not sentence.furniture for occasion in finder.in_sentence(sentence)]


@dataclass
class _Finder:
    article: NumberedArticle
    mentions: Mentions
    masked: str

    def in_sentence(self, sentence: Sentence) -> Iterator[Occasion]:
        text = self.article.article.text
        area = text[sentence.start : sentence.end]
        for match in _TRIGGER.finditer(area):
            if _NO_MEETING.search(area, max(0, match.start() - 12), min(len(area), match.end() + 40)):
                continue
            trigger = (sentence.start + match.start(), sentence.start + match.end())
            stated = self._stated_parties(sentence, trigger)
            if len(stated) < 2 and not _STRONG.match(match.group()):
                continue
            people = self._people(sentence)
            yield Occasion(
                sentence=sentence.number,
                trigger=trigger,
                stated=tuple(stated),
                people=tuple(people),
                paired=bool(_PAIR.search(area)),
                kind=_kind(area),
                when=self._when(sentence, trigger),
                place=self._place(sentence, trigger),
                event=self._event(sentence, trigger),
            )
            return

    def _stated_parties(self, sentence: Sentence, trigger: tuple[int, int]) -> list[tuple[int, int]]:
        """Return the parties that the grammar around the trigger names, fullest forms."""
        text = self.masked
        found: list[tuple[int, int]] = []
        after = text[trigger[1] : sentence.end]
        if match := _BETWEEN.match(after):
            for group in (1, 2):
                found += self._party(trigger[1] + match.start(group), trigger[1] + match.end(group))
            return found
        if match := _OBJECT.match(after):
            group = match.lastindex or 1
            found += self._party(trigger[1] + match.start(group), trigger[1] + match.end(group))
        return [*self._subjects(sentence, trigger), *found]

    def _subjects(self, sentence: Sentence, trigger: tuple[int, int]) -> list[tuple[int, int]]:
        """Return the names before the trigger in its clause."""
        before = self.article.article.text[sentence.start : trigger[0]]
        start = sentence.start + max((m.end() for m in _CLAUSE.finditer(before)), default=0)
        names = [m for m in self.mentions.within(start, trigger[0]) if self._may_meet(m)]
        return [self._full(m) for m in names]

    def _party(self, start: int, end: int) -> list[tuple[int, int]]:
        """Return the names in a noun phrase, or the phrase itself where it has none."""
        names = [m for m in self.mentions.within(start, end) if self._may_meet(m)]
        if names:
            return [self._full(m) for m in names]
        phrase = self.article.article.text[start:end]
        lead = len(phrase) - len(re.sub(r"^(?:the|other|his|her|their|its|some)\s+", "", phrase.lstrip(), flags=re.IGNORECASE))
        return [(start + lead, end)] if phrase.strip() and not _PAIR.search(phrase) else []

    def _may_meet(self, mention: Mention) -> bool:
        return not self._is_place(mention) and not _EVENT_HEAD.search(mention.text) and not self._is_adjective(mention)

    def _is_adjective(self, mention: Mention) -> bool:
        """Whether the name only qualifies a noun, as in "Chadian officials"; a title does not count as one."""
        following = self.article.article.text[mention.end : mention.end + 20]
        return bool(re.match(r"\s[a-z]+", following)) and mention.text.casefold().endswith(NATIONALITY_SUFFIXES) and not self.mentions.is_person(mention)

    def _full(self, mention: Mention) -> tuple[int, int]:
        full = self.mentions.fullest(mention)
        return full.start, full.end

    def _people(self, sentence: Sentence) -> list[tuple[int, int]]:
        found: dict[str, tuple[int, int]] = {}
        for mention in self.mentions.within(sentence.start, sentence.end):
            full = self.mentions.fullest(mention)
            if self.mentions.is_person(full) and not self._is_place(mention):
                found.setdefault(full.text, (full.start, full.end))
        return list(found.values())

    def _is_place(self, mention: Mention) -> bool:
        before = self.article.article.text[max(0, mention.start - 40) : mention.start]
        return bool(_PLACE.search(before)) and not mention.role

    def _place(self, sentence: Sentence, trigger: tuple[int, int]) -> tuple[int, int] | None:
        places = [m for m in self.mentions.within(sentence.start, sentence.end) if self._is_place(m) and self._may_be_place(m)]
        if not places:
            return None
        near = min(places, key=lambda m: _distance((m.start, m.end), trigger))
        return near.start, near.end

    def _may_be_place(self, mention: Mention) -> bool:
        words = mention.text.casefold().split()
        if words[-1] in PLACE_NOUNS:
            return True
        if any(word in INSTITUTION_WORDS | EVENT_NOUNS for word in words) or mention.text.isupper() and len(mention.text) > 3:
            return False
        titled = any(other.role and other.last == mention.last for other in self.mentions.all)
        return not titled and not re.match(r"G-?\d", mention.text) and mention.text.casefold() not in {"u.s.", "us", "kremlin"}

    def _when(self, sentence: Sentence, trigger: tuple[int, int]) -> tuple[int, int] | None:
        found = expressions.find_dates(self.article.article.text[sentence.start : sentence.end])
        spans = [(sentence.start + d.start, sentence.start + d.end) for d in found]
        return min(spans, key=lambda span: _distance(span, trigger), default=None)

    def _event(self, sentence: Sentence, trigger: tuple[int, int]) -> tuple[int, int] | None:
        text = self.article.article.text
        spans = [s for s in _events(text, sentence.start, sentence.end)]
        return min(spans, key=lambda span: _distance(span, trigger), default=None)


_EVENT_HEAD = re.compile(r"\b(?:" + "|".join(sorted(EVENT_NOUNS)) + r")\b|\bG-?\d{1,2}\b", re.IGNORECASE)
_EVENT_WORD = re.compile(r"(?:[A-Z0-9(][\w.’'()-]*|of|for|and|annual|regional|economic|international|bilateral|centenary|anniversary|peace|trade|nuclear|climate|security|another|[\w-]+th)$")


def _events(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for match in _EVENT_HEAD.finditer(text, start, end):
        first = match.start()
        for word in reversed(list(re.finditer(r"\S+", text[start : match.start()]))):
            if not _EVENT_WORD.match(word.group()):
                break
            first = start + word.start()
        while text[first : match.start()].split(" ")[0] in {"of", "for", "and"}:
            first = text.index(" ", first) + 1
        if match.group()[0] in "Gg" and match.group()[1:2] in "-0123456789" or text[first : match.start()].strip():
            yield first, match.end()


def _kind(area: str) -> str:
    if _CALL.search(area):
        return "call"
    return "encounter" if _ENCOUNTER.search(area) else "in_person"


def _distance(a: tuple[int, int], b: tuple[int, int]) -> int:
    return max(a[0] - b[1], b[0] - a[1], 0)

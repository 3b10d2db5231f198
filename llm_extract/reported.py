"""Reported clauses: where the content of a cue starts and ends, in the grammar of news English."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter

from llm_extract.cues import Cue, cues_in, right_after, with_apposed_name
from llm_extract.lexicon import CLAUSE_OPENERS, PERSON_NOUNS, PREPOSITIONS, SPEECH_NOUNS, word_set
from llm_extract.mentions import Mention, Mentions
from llm_extract.numbering import NumberedArticle, Quotation, Sentence
from llm_extract.phrases import noun_phrase, tokens_of
from llm_extract.report_cues import CLAUSE_VERBS, FINITE, WITH, clause_cues

__all__ = ["Content", "reported_clauses"]

Content = tuple[tuple[tuple[int, int], ...], Cue]
"""The spans of a reported clause, two where its cue stands in the middle, and the cue."""

_SAY = frozenset({"say", "says", "said", "saying"})
_ADDRESSED = word_set(
    "tell tells told telling inform informed informs informing assure assured assures assuring remind reminded warn warned warns warning"
)
"""Verbs with the addressee right after them."""
_NO_CLAUSE = tuple(
    word_set(
        "accus brand call character condemn congratul critici denounc describ dubbed hail label prais quot refer speak spoke thank welcom"
    )
)
"""Beginnings of the verbs of speech that take no clause."""
_SOURCELESS = re.compile(r"\b(?:on to|declined to|declines to|refused to|refuses to|failed to|unable to|able to)\s*$")
"""What makes the infinitive of a verb of speech a report."""
_DAY = r"(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday|yesterday|today|tonight|earlier|later|also|again|(?:this|last) \w+)"
_OCCASION = "|".join(
    sorted(SPEECH_NOUNS | {"conference", "briefing", "hearing", "meeting", "call", "broadcast", "phone", "telephone", "court"})
)
_MODIFIER = re.compile(
    rf"\s*,?\s*(?:(?:late |early |on )?{_DAY}|\w+ly|(?:in|at|during|through|via|on|to|by) (?:(?:an?|the|his|her|its|their) )?"
    rf"(?:[\w-]+ ){{0,2}}?(?:{_OCCASION}|reporters|journalists|parliament)s?)\b",
    re.IGNORECASE,
)
"""What may stand between a verb and its clause: when, where, through what."""
_THAT = re.compile(r"(?P<between>[^.;:()]{0,140}?)\s(?P<that>that)\s+(?!(?:is|are|was|were|has|have|had|will|would|can|could)\b)")
_CLAIM = re.compile(
    r"\s(?:\w+ ){0,2}"
    r"(?:reports?|claims?|allegations?|accusations?|suggestions?|rumou?rs|concerns?|fears?|hopes?|doubts?|confidence|belief|out)$"
)
"""The noun between a verb and "that": "denied recent reports that"."""
_QUESTION = re.compile(r"\s+(?=(?:why|how|whether|what|if)\b)")
_PAST_VERB = (
    r"\s(?:\w+ly\s)?(?:\w{2,}ed|left|went|came|made|took|got|gave|began|won|lost|met|said|told|knew|ran|broke|sent|held|kept|saw|sought|hit|"
    r"brought|built|fell|grew|led|paid|spent|wants?|needs?|expects?|plans?|intends?)\b"
)
_PAST = re.compile(_PAST_VERB)
_PAST_CLAUSE = re.compile(
    r"(?:(?:the|an?|its|his|her|their|some|many|all|two|three|several)\s(?:[\w-]+\s){0,2}?[\w-]+|[a-z-]+s)"
    + _PAST_VERB
    + r"(?=\s(?:the|an?|its|his|her|their|\d+|two|three|several|many|[A-Z]\w+)\b)"
)
_PART_END = re.compile(r"[,;:]|\b(?:that|which|who|whom|whose|where|when)\b")
_NO_SUBJECT = PREPOSITIONS | CLAUSE_OPENERS | word_set("nothing so little much anything something goodbye hello sorry yes")
_QUANTITY = re.compile(
    r"\s*(?:at least|at most|about|around|between|over|under|up to|more than)\s+"
    r"(?:\d|an?\b|one|two|three|four|five|six|seven|eight|nine|ten|half|\w+y\b|dozens|hundreds|thousands)"
)
_PERSON_OBJECT = re.compile(r"\s*(?:me|him|her|them|us|you|reporters|journalists|lawmakers|parliament|media|investors)\b")
_NOUN_OBJECT = re.compile(
    r"\s*(?:(?:the|an?|his|her|its|their)\s)?[a-z][\w-]*(?:\s[a-z][\w-]*){0,3}?(?=\s(?:the|an?|he|she|it|they|there|his|her|its|their|[A-Z])\b)"
)
_JOINED = re.compile(r"[\s,\"”»]\s*(?:and|but|or|then)\s+(?:(?:also|later|then|has|have|had|\w+ly)\s+)*$|,[\"”»]?\s*(?:\w+ly\s+)?$")
"""What stands before a further verb of the same source."""
_NEW_CLAUSE = re.compile(r"[,;\s\"”»]\s*(?:and|but|while|whereas|although|though|with|yet)\s+(?:the\s+)?$")
"""What stands before a further source."""
_CUT = re.compile(r";|:\s*[\"“‘«„]|,\s+according to\b|\s[–—]\s(?=(?:and|but)\b)")
_RELATIVE = re.compile(r"\b(?:who|which)\b[^,;]*$")
_SUBORDINATE = re.compile(r"(?:While|Although|Though|When|After|Before|As|Since|Because|If|Despite|Even though)\b[^,]*$")
_OPENING_MARKS = "\"“‘«„'"
_QUOTED_END = re.compile(r"[,:]\s*[\"“‘«„]\ue000+[\"”’»]?$")
_INVERTED = word_set("say says said reports adds added wrote writes")
"""Verbs that stand before their source at the end of a sentence."""
_QUOTE_FOLLOWS = re.compile(r"[,:]\s*[\"“‘«„]")
_ACCORDING = re.compile(r"\baccording\s+to\s+", re.IGNORECASE)
_LONGEST_RELATIVE = 200
"""Code points in front of a verb in which its "who" is looked for."""
_MOST_LATER = 8
"""How many cues further on may end a clause."""
_FEWEST_WORDS = 3
_TAIL_WORDS = 14


def reported_clauses(article: NumberedArticle, mentions: Mentions, masked: str, sentence: Sentence) -> Iterator[Content]:
    """Yield the reported clauses of one sentence with their cues; one may lie within another, or cut across it.

    Args:
        article: The numbered article.
        mentions: Its names.
        masked: Its text with the quotations masked.
        sentence: One of its sentences.
    """
    return _Clauses(article, mentions, masked, sentence).find()


@dataclass(frozen=True)
class _Clauses:
    """The clauses of one sentence."""

    article: NumberedArticle
    mentions: Mentions
    masked: str
    sentence: Sentence

    def find(self) -> Iterator[Content]:
        """Yield the contents of each cue in the sentence."""
        cues = clause_cues(self.mentions, self.masked, self.sentence)
        for index, cue in enumerate(cues):
            if (start := self._clause_after(cue, cues[index + 1 : index + 1 + _MOST_LATER])) is not None:
                yield from self._made([(start, self._end(start, cue, cues[index + 1 : index + 1 + _MOST_LATER]))], cue)
            elif trailing := self._trailing(cue):
                yield from self._made(*trailing)
        for match in _ACCORDING.finditer(self.masked, self.sentence.start, self.sentence.end):
            yield from self._according(match)

    def _made(self, spans: Sequence[tuple[int, int]], cue: Cue) -> Iterator[Content]:
        """Yield the content that is left without white space and stops, unless it is a quotation and nothing else."""
        segments = tuple(span for span in (self._stripped(*span) for span in spans) if span[0] < span[1])
        outside = sum(len(re.findall(r"\w+", self.masked[start:end])) for start, end in segments)
        if segments and outside > (self.masked[segments[0][0]] in _OPENING_MARKS):
            yield segments, cue

    def _stripped(self, start: int, end: int) -> tuple[int, int]:
        inside = next((q for q in self._quotations(end - 1) if q.opening < end < q.closing), None)
        end = min(inside.closing, self.sentence.end) if inside else end
        words = self.masked[start:end]
        return start + len(words) - len(words.lstrip(" \t\r\n\xa0,;:–—-")), start + len(words.rstrip(" \t\r\n\xa0,;:.–—-"))

    def _quotations(self, offset: int) -> Sequence[Quotation]:
        """Return the quotation that may hold an offset: the last outermost one opened before it."""
        index = bisect_left(self.article.quotations, offset + 1, key=attrgetter("opening"))
        while index and self.article.quotations[index - 1].depth:
            index -= 1
        return self.article.quotations[max(0, index - 1) : index]

    def _clause_after(self, cue: Cue, later: Sequence[Cue]) -> int | None:
        """Return where the clause of a verb starts that stands before it; None where none follows."""
        verb = self.masked[cue.start : cue.end].casefold()
        before = self.masked[self.sentence.start : cue.start].rstrip()
        if (
            verb.startswith(_NO_CLAUSE)
            or (before[-1:] in tuple('"”’»“') and not verb.endswith("ing"))
            or (before.endswith(" to") and not _SOURCELESS.search(before))
        ):
            return None
        at = self._after_that(cue.end, verb)
        if at is not None:
            return at
        at = self._after_object(cue.end) if verb in _ADDRESSED else cue.end
        while match := _MODIFIER.match(self.masked, at, self.sentence.end):
            at = match.end()
        if match := _QUESTION.match(self.masked, at, self.sentence.end):
            return match.end()
        if (
            verb.endswith("ing")
            and not before.endswith((",", '"', "”", "»", " and", " as"))
            and not WITH.search(before)
            and cue.source_end < cue.start - 1
        ):
            return None
        sure = verb in _SAY or (verb in _ADDRESSED and at > cue.end)
        if (
            later
            and at < later[0].source_start < later[0].source_end <= later[0].start
            and not (_PART_END.search(self.masked, at, later[0].start) or self.masked.startswith(" by ", later[0].end))
        ):
            return at
        return at if self._is_clause(at, sure=sure and before[-1:] != ",") else None

    def _after_that(self, at: int, verb: str) -> int | None:
        match = _THAT.match(self.masked, at, self.sentence.end)
        if not match:
            return None
        between = match["between"]
        if between.strip() and verb in _ADDRESSED and "," not in between and not FINITE.search(between):
            return match.start("that") + 5
        position = at
        while modifier := _MODIFIER.match(self.masked, position, match.start("that")):
            position = modifier.end()
        rest = self.masked[position : match.start("that")].rstrip()
        enclosed = rest.startswith(",") and rest.endswith(",") and len(rest) > 1
        adjunct = (
            rest.split()[:1] and rest.split()[0] in PREPOSITIONS and not FINITE.search(rest) and ("," not in rest or rest.endswith(","))
        )
        plain = not rest.strip(", ") or enclosed or adjunct or (_CLAIM.fullmatch(rest) and not FINITE.search(rest))
        return match.start("that") + 5 if plain else None

    def _after_object(self, at: int) -> int:
        """Return the end of the addressee after "told"; `at` where there is none."""
        if match := _PERSON_OBJECT.match(self.masked, at, self.sentence.end):
            return match.end()
        space = re.compile(r"\s*(?:the\s+|an?\s+)?").match(self.masked, at)
        start = space.end() if space else at
        if name := self._name_at(start):
            return name.end
        match = _NOUN_OBJECT.match(self.masked, at, self.sentence.end)
        return match.end() if match else at

    def _is_clause(self, at: int, *, sure: bool) -> bool:
        """Whether a clause without "that" starts here; `sure`: after a verb that hardly takes anything else."""
        rest = self.masked[at : self.sentence.end]
        stripped = rest.lstrip()
        if not stripped or not (stripped[0].isalnum() or (sure and stripped[0] in "\"“‘«„'")):
            return False
        part_end = _PART_END.search(stripped)
        part = stripped[: part_end.start()] if part_end else stripped
        first = re.split(r"[^\w]", stripped, maxsplit=1)[0].casefold()
        if (
            first in CLAUSE_OPENERS
            or first in {"to", "is", "are", "was", "were", "has", "have", "had"}
            or (not sure and first in PREPOSITIONS)
        ):
            return False
        finite = FINITE.search(part) or self._named_subject(at)
        if sure and (first not in _NO_SUBJECT or _QUANTITY.match(stripped)):
            return len(stripped.split()) >= _FEWEST_WORDS or finite is not None or _PAST.search(part) is not None
        return finite is not None and (
            finite.start() > 0 or finite[0].split()[0].casefold() in {"he", "she", "it", "they", "we", "you", "there", "i"}
        )

    def _named_subject(self, at: int) -> re.Match[str] | None:
        """Match the past tense after a name: "claimed Petrova left the room"."""
        start = self.sentence.end - len(self.masked[at : self.sentence.end].lstrip())
        if name := self._name_at(start):
            return _PAST.match(self.masked, name.end, self.sentence.end)
        return _PAST_CLAUSE.match(self.masked, start, self.sentence.end)

    def _name_at(self, offset: int) -> Mention | None:
        """Return the name that starts at an offset."""
        index = bisect_left(self.mentions.all, offset, key=attrgetter("start"))
        return next((name for name in self.mentions.all[index : index + 1] if name.start == offset), None)

    def _end(self, start: int, cue: Cue, later: Sequence[Cue]) -> int:
        """Return where the clause ends: at the next cue's clause, at a semicolon, with the relative clause around it or the sentence."""
        ends = [self.sentence.end]
        if cut := _CUT.search(self.masked, start, self.sentence.end):
            ends.append(cut.start())
        before = self.masked[self.sentence.start : cue.start]
        if (_RELATIVE.search(before[-_LONGEST_RELATIVE:]) or _SUBORDINATE.match(before)) and (
            comma := self.masked.find(",", start, self.sentence.end)
        ) > 0:
            ends.append(comma)
        for other in later:
            own = other.source_start >= start
            joint = (_NEW_CLAUSE if own else _JOINED).search(self.article.article.text, start, other.source_start if own else other.start)
            if joint:
                ends.append(joint.start())
                break
        return min(ends)

    def _trailing(self, cue: Cue) -> tuple[list[tuple[int, int]], Cue] | None:
        """Return the content in front of `, Petrova said` or `, said Petrova`, and the cue."""
        verb = self.masked[cue.start : cue.end].casefold()
        if verb.startswith(_NO_CLAUSE) or verb in CLAUSE_VERBS or verb.endswith("ing"):
            return None
        if verb in _INVERTED and (before := self._comma_before(cue.start)):
            inverted = right_after(self.masked, (cue.start, self.sentence.end))
            if inverted and inverted.start == cue.start and (end := self._tail(inverted.source_end)) is not None:
                return self._around(before, end), replace(inverted, source_end=inverted.source_end - (self._ends_in_stop(inverted)))
        before = self._comma_before(cue.source_start)
        if not before or cue.source_start >= cue.start or FINITE.search(self.masked, cue.source_start, cue.source_end):
            return None
        if _QUOTED_END.search(self.masked[self.sentence.start : before]):
            return None
        end = self._tail(cue.end, verb)
        return (self._around(before, end), cue) if end is not None else None

    def _ends_in_stop(self, cue: Cue) -> bool:
        """Whether the full stop of the sentence clings to the source, which is no abbreviation."""
        last = self.masked[cue.source_start : cue.source_end].split()[-1]
        return last.endswith(".") and "." not in last[:-1] and len(last) > len("A.")

    def _comma_before(self, offset: int) -> int | None:
        """Return the offset of the comma right before `offset`, inside a quotation's end or not."""
        words = self.article.article.text[self.sentence.start : offset].rstrip()
        bare = words.rstrip("\"”’»'“")
        return self.sentence.start + len(words) - (words == bare) if bare.endswith(",") else None

    def _tail(self, at: int, verb: str = "") -> int | None:
        """Return the end of what may follow a cue that closes its sentence or stands between commas; None where a clause follows."""
        if verb in _ADDRESSED:
            at = self._after_object(at)
        if _QUOTE_FOLLOWS.search(self.masked, at, self.sentence.end):
            return None
        comma = re.compile(r"[,;]").search(self.masked, at, self.sentence.end)
        end = comma.start() if comma else self.sentence.end
        words = self.masked[at:end].rstrip(" .").split()
        if not words:
            return end
        while match := _MODIFIER.match(self.masked, at, end):
            at = match.end()
        rest = self.masked[at:end].strip(" .")
        first = rest.split()[0].casefold() if rest else ""
        short = len(words) <= _TAIL_WORDS and (
            not rest or first in PREPOSITIONS or _PERSON_OBJECT.fullmatch(rest) or len(rest.split()) == 1
        )
        return end if short and "\ue000" not in rest else None

    def _around(self, before: int, after: int) -> list[tuple[int, int]]:
        """Return the content before a cue and, where it goes on after the comma, behind it."""
        first = (self.sentence.start, before)
        following = re.compile(r",\s*(\w+)").match(self.masked, after, self.sentence.end)
        if (
            not following
            or following[1].endswith("ing")
            or following[1] in {"a", "an", "the", "who", "which", "citing", "according", "whose"}
        ):
            return [first]
        words = self.masked[first[0] : first[1]]
        broken = bool(re.search(r"\w", words)) and not FINITE.search(words) and bool(FINITE.match(self.masked, following.start(1)))
        goes_on = (broken or following[1] in {"and", "but", "or"}) and not next(cues_in(self.masked, after, self.sentence.end), None)
        return [first, (after + 1, self.sentence.end)] if goes_on else [first]

    def _according(self, match: re.Match[str]) -> Iterator[Content]:
        tokens = tokens_of(self.masked, match.end(), self.sentence.end)
        phrase = noun_phrase(tokens)
        if not phrase:
            return
        while len(phrase) > 1 and phrase[-1].text == ".":
            phrase.pop()
        end = with_apposed_name(phrase, tokens[len(phrase) :])
        before = self.masked[self.sentence.start : match.start()].rstrip()
        opener = before.split()[-1].casefold() if before else ""
        if opener.endswith(",") and opener[:-1] in CLAUSE_OPENERS:
            return
        opens = not before or opener in CLAUSE_OPENERS or before.endswith((";", "—", "–"))
        if opens:
            end, start = self._source_and_content(phrase[0].start, end)
            cue = Cue(match.start(), match.start() + len(match.group().rstrip()), phrase[0].start, end)
            yield from self._made([(start, self._end(start, cue, []))], cue)
            return
        words = self.masked[phrase[0].start : end]
        if before.endswith(",") or self._is_source(words):
            cue = Cue(match.start(), match.start() + len(match.group().rstrip()), phrase[0].start, end)
            yield from self._made(self._around(match.start(), end), cue)

    def _source_and_content(self, start: int, end: int) -> tuple[int, int]:
        """Return the end of the source and the start of the content in "According to Petrova, a spokeswoman, the talks …"."""
        comma = self.masked.find(",", end, self.sentence.end)
        name = self._name_at(start)
        if comma < 0 or (name and FINITE.search(self.masked, name.end, comma)):
            at = name.end if name else end
            return at, at
        apposed = re.compile(r",\s*(?:an?|the|who|which)\s[^,]*,(?=\s)").match(self.masked, comma, self.sentence.end)
        if apposed and not FINITE.search(self.masked, comma + 1, apposed.end()):
            return end, apposed.end()
        return end, comma + 1

    def _is_source(self, words: str) -> bool:
        """Whether a phrase may be a source and no measure ("according to plan")."""
        return any(word[0].isupper() for word in words.split()) or any(
            word.casefold() in PERSON_NOUNS | SPEECH_NOUNS or word.casefold().removesuffix("s") in PERSON_NOUNS | SPEECH_NOUNS
            for word in words.split()
        )

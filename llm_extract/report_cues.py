"""The cues that may have a reported clause: those of `cues`, and the words that only a clause makes verbs of speech."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from operator import attrgetter

from llm_extract.cues import Cue, cues_in, is_no_cue, source_before
from llm_extract.lexicon import CLAUSE_OPENERS, PLURAL_NOUNS, PREPOSITIONS, PRONOUNS, word_set
from llm_extract.mentions import Mention, Mentions
from llm_extract.numbering import Sentence
from llm_extract.phrases import DETERMINERS, Token, tokens_of

__all__ = ["CLAUSE_VERBS", "FINITE", "WITH", "clause_cues"]

CLAUSE_VERBS = word_set(
    "decreed determine determined determines discover discovered estimate estimated estimates estimating feared hypothesise hypothesised "
    "hypothesize hypothesized imply implied implies learn learned learns learnt reason reasoned reasons recommends ruled "
    "show showed showing shows theorise theorised theorises theorize theorized theorizes signal signaled signalled signals"
)
"""Verbs that report what is said or found only where a clause follows; those that `cues_in` takes for nouns too."""
FINITE = re.compile(
    r"\b(?:is|are|was|were|has|have|had|will|would|can|could|may|might|must|should|shall|do|does|did|cannot)\b|n['’]t\b|"
    r"\b(?:he|she|it|they|we|you|there|I)(?:['’]\w+|\s+(?!(?:to|in|on|as|and|or|with|for)\b)\w)"
)
"""A finite verb, as far as small words show it."""
WITH = re.compile(r",\s+with\s+(?P<source>[^,]{1,40}?)\s*$")
"""The source of a participle: "with one critic saying"."""
_IMPERSONAL = re.compile(
    r"\bit(?:\s+(?:is|was|has been|had been|later|also|widely|\w+ly)){1,3}\s+"
    r"(said|announced|reported|alleged|claimed|believed|thought|revealed|confirmed|estimated|understood|rumou?red|suggested)(?=\s)",
    re.IGNORECASE,
)
"""A report that names no source."""
_LONGEST_SOURCE = 160
"""Code points in front of "who said" in which its noun is looked for."""
_WHEN = re.compile(r",?\s(?:last|this|earlier this|later)\s\w+$")
_DECLINED = re.compile(r"\s(?:(?:has|have|had|also|\w+ly)\s)*(?:declined|refused|failed|went|declines|refuses|was|were|is|are)\b.*$")
_WHO = re.compile(r"([^,;:()–—]+?)(?:\s?[,–—-]+)?\s+who(?:\s+(?:has|have|had|also|later|\w+ly))*\s*$")
_LAST_PREPOSITION = re.compile(r".*\b(?:from|by|with|among|including|to|against|for|and)\s")


def clause_cues(mentions: Mentions, masked: str, sentence: Sentence) -> list[Cue]:
    """Return the cues of a sentence that may have a reported clause, in the order of the text, each with its source.

    Args:
        mentions: The article's names.
        masked: Its text with the quotations masked.
        sentence: One of its sentences.
    """
    return _Cues(mentions, masked, sentence).find()


@dataclass(frozen=True)
class _Cues:
    mentions: Mentions
    masked: str
    sentence: Sentence

    def find(self) -> list[Cue]:
        """Return the sentence's cues, those of verbs that only a clause makes cues included."""
        tokens = tokens_of(self.masked, self.sentence.start, self.sentence.end)
        cues = {cue.start: cue for cue in cues_in(self.masked, self.sentence.start, self.sentence.end)}
        for index, token in enumerate(tokens):
            more = token.text in CLAUSE_VERBS and index and not is_no_cue(tokens[index - 1], replace(token, text="said"))
            if token.start not in cues and (more or (token.text in PLURAL_NOUNS and self._is_verb(tokens, index))):
                cues[token.start] = Cue(token.start, token.end, *source_before(self.masked, tokens, index, None))
        for match in _IMPERSONAL.finditer(self.masked, self.sentence.start, self.sentence.end):
            cues[match.start(1)] = Cue(match.start(1), match.end(1), match.start(), match.start())
        ordered = [self._with_subject(cues[start]) for start in sorted(cues)]
        ordered = [cue for cue in ordered if not self._is_noun(cue)]
        return [self._within_clause(cue, earlier) for earlier, cue in zip([None, *ordered], ordered, strict=False)]

    def _within_clause(self, cue: Cue, earlier: Cue | None) -> Cue:
        """Cut off a source what reaches back over the cue before: "claimed the results show"."""
        if earlier is None or not cue.source_start < earlier.end < cue.source_end:
            return cue
        words = self.masked[earlier.end : cue.source_end]
        return replace(cue, source_start=cue.source_end - len(words.lstrip(" \t\r\n\xa0,")))

    def _is_verb(self, tokens: Sequence[Token], index: int) -> bool:
        """Whether a form that is more often a noun agrees with the noun before it: "critics claim", "the study notes that"."""
        before = tokens[index - 1] if index else None
        if before is None or not before.is_word or before.plain in PREPOSITIONS | CLAUSE_OPENERS:
            return False
        if not tokens[index].text.endswith("s"):
            return before.plain.endswith("s") or before.plain in {"people", "police", "media", "men", "women", "some", "many"}
        start, end = source_before(self.masked, list(tokens), index, None)
        phrase = self.masked[start:end].split()
        followed = tokens[index + 1 : index + 2]
        noun = len(phrase) > 1 and phrase[0].casefold() in DETERMINERS and end == before.end and not before.plain.endswith("s")
        return noun and bool(followed) and followed[0].plain == "that"

    def _is_noun(self, cue: Cue) -> bool:
        """Whether the form is a noun after all: "a nuclear state", or "Claims that …" and "Recent reports that …" at the beginning."""
        verb = self.masked[cue.start : cue.end]
        before = self.masked[self.sentence.start : cue.start].split()
        if verb == "state" and before:
            return not before[-1].endswith("s") and before[-1].casefold() not in PRONOUNS
        named = self._first_name(cue.start)
        return verb in PLURAL_NOUNS and verb.endswith("s") and len(before) == 1 and not named and before[0].casefold() not in PRONOUNS

    def _with_subject(self, cue: Cue) -> Cue:
        """Take a name that opens the sentence for the source where only its appositions stand between it and the verb."""
        window = max(self.sentence.start, cue.start - _LONGEST_SOURCE)
        before = self.masked[window : cue.start]
        verb = self.masked[cue.start : cue.end]
        if (match := _WHO.search(before)) or (verb.endswith("ing") and (match := WITH.search(before))):
            source = match[1]
            start = window + match.start(1) + len(source) - len(_LAST_PREPOSITION.sub("", source).lstrip(" -"))
            return replace(cue, source_start=start, source_end=window + match.end(1))
        if infinitive := _DECLINED.search(self.masked, cue.source_start, cue.source_end):
            return replace(cue, source_end=infinitive.start())
        if when := _WHEN.search(self.masked, cue.source_start, cue.source_end):
            return replace(cue, source_end=when.start())
        first = self._first_name(cue.start)
        if first is None or self.masked[first.end : first.end + 1] != "," or self.masked[first.end : cue.start].rstrip()[-1:] != ",":
            return cue
        opens = not self.masked[self.sentence.start : first.start].removesuffix(first.role + " ").strip()
        between = self.masked[first.end : cue.start]
        return replace(cue, source_start=first.start, source_end=first.end) if opens and not FINITE.search(between) else cue

    def _first_name(self, end: int) -> Mention | None:
        """Return the first name between the sentence's start and `end`."""
        index = bisect_left(self.mentions.all, self.sentence.start, key=attrgetter("start"))
        first = next(iter(self.mentions.all[index : index + 1]), None)
        return first if first and first.end <= end else None

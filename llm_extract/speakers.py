"""Who may have said a quotation: the candidates, the likeliest first, and whether the grammar leaves any doubt."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from llm_extract.cues import Cue, cue_of, cues_in, subject_of
from llm_extract.lexicon import PERSON_NOUNS, PREPOSITIONS, PRONOUNS, SPEECH_NOUNS
from llm_extract.mentions import Mentions
from llm_extract.numbering import NumberedArticle, Quotation, Sentence

__all__ = ["Attribution", "attribute"]

_THIRD_PERSON = PRONOUNS | {"him", "her", "them", "his", "their", "its"}
_NAMING = re.compile(
    r"\b(?:known as|referred to as|nicknamed|dubbed|codenamed|code-named|titled|entitled|so-called|named|called itself|calling itself|calls itself|"
    r"the (?:film|movie|book|novel|song|album|play|series|show|programme|program|magazine|newspaper|album|word|words|term|phrase|hashtag))\s*(?:the\s*)?[\"“‘«„(]?$",
    re.IGNORECASE,
)
"""What stands before a name or a title in quotation marks."""
_MOST_CANDIDATES = 8


@dataclass(frozen=True)
class Attribution:
    """What plain code can say of a quotation's speaker."""

    quotation: Quotation
    cue: Cue | None
    candidates: tuple[tuple[int, int], ...] = ()
    """Spans of names or noun phrases that may be the speaker, the likeliest first."""
    certain: bool = False
    """Whether the grammar names the first candidate, so that nobody need be asked."""
    pronoun: str | None = None
    """The pronoun that stands for the speaker, in small letters."""
    is_term: bool = False
    """Whether the marks hold a name or a title ("known as …", "the film …"), nobody's words."""


@dataclass
class _Reader:
    """One pass over an article's quotations; what was found for one serves the next."""

    article: NumberedArticle
    mentions: Mentions
    masked: str
    found: dict[int, Attribution] = field(default_factory=dict)

    def attribute(self, quotation: Quotation) -> Attribution:
        """Return the candidates of one quotation; those before it must have been attributed."""
        if self._is_term(quotation):
            return Attribution(quotation, None, is_term=True)
        cue = cue_of(self.article, self.masked, quotation)
        if cue and cue.source_start < cue.source_end:
            return self._from_source(quotation, cue)
        return self._without_cue(quotation, cue)

    def _is_term(self, quotation: Quotation) -> bool:
        """Whether a naming word stands before the marks, or they hold a Title in Capitals that no cue introduces."""
        text = self.article.article.text
        sentence = self.article.sentence(quotation.sentence)
        if _NAMING.search(text[max(sentence.start, quotation.opening - 40) : quotation.opening]):
            return True
        inside = text[quotation.start : quotation.end]
        long_words = [word for word in inside.split() if len(word) > 3]
        titled = bool(long_words) and all(word[0].isupper() for word in long_words) and len(inside.split()) > 1 and inside[-1] not in ".,?!"
        return titled and cue_of(self.article, self.masked, quotation) is None

    def _from_source(self, quotation: Quotation, cue: Cue) -> Attribution:
        phrase = (cue.source_start, cue.source_end)
        words = self._text(phrase).split()
        if words[0].casefold() in _THIRD_PERSON and len(words) == 1:
            plural = words[0].casefold() in {"they", "we", "it", "who"}
            candidates = self._salient(quotation, cue.source_start, people=not plural)
            return Attribution(quotation, cue, candidates, pronoun=words[0].casefold())
        if name := self._name_in(phrase):
            return Attribution(quotation, cue, (name,), certain=True)
        known = self._role_bearers(phrase, before=cue.source_start)
        own = self._trimmed(phrase)
        return Attribution(quotation, cue, (*known, own), certain=not known)

    def _without_cue(self, quotation: Quotation, cue: Cue | None) -> Attribution:
        sentence = self.article.sentence(quotation.sentence)
        earlier = [a for a in self.found.values() if a.quotation.paragraph == quotation.paragraph and a.candidates]
        if earlier:
            last = earlier[-1]
            return Attribution(quotation, last.cue, last.candidates, certain=last.certain, pronoun=last.pronoun)
        subject = self._subject(sentence)
        candidates = self._salient(quotation, quotation.opening, people=False)
        first = [subject] if subject else []
        return Attribution(quotation, cue, _unique([*first, *candidates]))

    def _salient(self, quotation: Quotation, before: int, *, people: bool) -> tuple[tuple[int, int], ...]:
        """Return names before an offset: speakers and subjects first, nearest paragraph first."""
        spans: list[tuple[int, int]] = []
        for paragraph in range(quotation.paragraph, max(0, quotation.paragraph - 3), -1):
            spans += [a.candidates[0] for a in reversed(self.found.values()) if a.quotation.paragraph == paragraph and a.candidates]
            sentences = [s for s in self.article.sentences if s.paragraph == paragraph and s.start < before and not s.furniture]
            subjects = [self._subject(s) for s in reversed(sentences)]
            spans += [s for s in subjects if s and s[1] <= before]
            area = self.article.paragraphs[paragraph - 1]
            spans += [(m.start, m.end) for m in self.mentions.within(area.start, min(area.end, before))]
        names = [self._full(span) for span in spans]
        if people:
            names = [span for span in names if self._is_person(span)] or names
        return _unique(names)[:_MOST_CANDIDATES]

    def _subject(self, sentence: Sentence) -> tuple[int, int] | None:
        """Return the name of the sentence's subject, or None where that is no name."""
        for cue in cues_in(self.masked, sentence.start, sentence.end):
            if name := self._name_in((cue.source_start, cue.source_end)):
                return name
        start, end = subject_of(self.masked, sentence.start, sentence.end)
        return self._name_in((start, end)) if start < end else None

    def _name_in(self, phrase: tuple[int, int]) -> tuple[int, int] | None:
        """Return the fullest form of the name that heads a noun phrase; None where its head is no name."""
        mentions = self.mentions.within(*phrase)
        text = self.article.article.text
        for index, mention in enumerate(mentions):
            rest = text[mention.end : phrase[1]].strip(" .")
            if not rest or rest.split()[0].casefold().strip(",()") in PREPOSITIONS | {""} or rest.lstrip()[:1] in ",(":
                before = text[phrase[0] : mention.start].split()
                if not any(word.casefold() in PREPOSITIONS for word in before) or index == len(mentions) - 1 and not self._has_head(before):
                    return self._full((mention.start, mention.end))
        return None

    def _has_head(self, words: list[str]) -> bool:
        """Whether a phrase that goes on with "for", "of" … has its own head before: "a spokesman for the ministry"."""
        return any(w.casefold() not in PREPOSITIONS | {"the", "a", "an"} and w[0].islower() for w in words)

    def _role_bearers(self, phrase: tuple[int, int], *, before: int) -> list[tuple[int, int]]:
        """Return those whose title is the head of the phrase: "the prince" for Prince Boris, the last mentioned first."""
        words = self._text(self._trimmed(phrase)).split()
        head = words[-1].casefold()
        found = []
        for mention in reversed(self.mentions.all):
            around = self.article.article.text[max(0, mention.start - 40) : mention.start].casefold().split()[-4:]
            if mention.end <= before and (head in mention.role.casefold().split() or head in around):
                found.append(self._full((mention.start, mention.end)))
        return list(_unique(found))

    def _is_person(self, span: tuple[int, int]) -> bool:
        """Whether a name looks like a person's: titled, or two words and more without an institution's word."""
        mention = next((m for m in self.mentions.all if (m.start, m.end) == span), None)
        return mention is not None and self.mentions.is_person(mention)

    def _full(self, span: tuple[int, int]) -> tuple[int, int]:
        mention = next((m for m in self.mentions.all if (m.start, m.end) == span), None)
        full = self.mentions.fullest(mention) if mention else None
        return (full.start, full.end) if full else span

    def _trimmed(self, phrase: tuple[int, int]) -> tuple[int, int]:
        """Take the article off a noun phrase, and what follows a second comma."""
        text = self._text(phrase)
        lead = len(text) - len(text.removeprefix("The ").removeprefix("the "))
        return phrase[0] + lead, phrase[1]

    def _text(self, span: tuple[int, int]) -> str:
        return self.article.article.text[span[0] : span[1]]


def attribute(article: NumberedArticle, mentions: Mentions, masked: str) -> list[Attribution]:
    """Return the candidates for the speaker of each quotation, in the order of the text.

    Args:
        article: The numbered article.
        mentions: Its names.
        masked: Its text with the quotations masked.
    """
    reader = _Reader(article, mentions, masked)
    for quotation in article.quotations:
        reader.found[quotation.number] = reader.attribute(quotation)
    return list(reader.found.values())


def _unique(spans: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    return tuple(dict.fromkeys(spans))

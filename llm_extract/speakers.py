"""Who may have said a quotation: the candidates, the likeliest first, and whether the grammar leaves any doubt."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from llm_extract.cues import Cue, cue_of, cue_within, cues_in
from llm_extract.lexicon import ORGANISATION_NOUNS, PEOPLE, PRONOUNS, SPEECH_NOUNS
from llm_extract.mentions import Mentions
from llm_extract.numbering import NumberedArticle, Quotation, Sentence
from llm_extract.phrases import MASK, dateline_end, subject_of
from llm_extract.pronouns import Pronouns
from llm_extract.sources import Area, Sources
from llm_extract.terms import is_headline_line, is_term

__all__ = ["Attribution", "Attributor", "attribute"]

_THIRD_PERSON = PRONOUNS | {"him", "her", "them", "his", "their", "its"}
_PLURAL = frozenset({"they", "them", "their", "we"})
_SINGULAR_THING = frozenset({"it", "its", "who"})
_MOST_CANDIDATES = 8
_PARAGRAPHS_BACK = 3
_PARAGRAPHS_BACK_FOR_PERSON = 8
_CLAUSE = re.compile(r",\s|\b(?:after|as|when|while|because|but|and|since|before)\s")
_MOST_CLAUSES = 3
_MOST_HEADLINES = 4
_FIRST_PERSON = frozenset({"i", "we"})
_NESTED_REACH = 200
"""Code points around a nested quotation in which its cue is looked for."""
_MOST_SIBLINGS = 12
"""How many quotations on either side may belong together."""
_NEAREST_SENTENCES = 12
_NEAREST_NAMES = 40
"""How far a paragraph is searched: enough for news, and linear for a paragraph without end."""


@dataclass(frozen=True)
class Attribution:
    """What plain code can say of a quotation's speaker."""

    quotation: Quotation
    cue: Cue | None
    candidates: tuple[Area, ...] = ()
    """Spans of names or noun phrases that may be the speaker, the likeliest first."""
    certain: bool = False
    """Whether the grammar names the first candidate, so that nobody need be asked."""
    pronoun: str | None = None
    """The pronoun that stands for the speaker, in small letters."""
    is_term: bool = False
    """Whether the marks hold a name or a title ("known as …", "the film …"), nobody's words."""


@dataclass
class Attributor:
    """One pass over an article's quotations; what was found for one serves the next."""

    article: NumberedArticle
    mentions: Mentions
    masked: str
    sources: Sources = field(init=False)
    pronouns: Pronouns = field(init=False)
    found: dict[int, Attribution] = field(default_factory=dict)
    """By the number of the quotation."""
    _by_paragraph: defaultdict[int, list[Attribution]] = field(default_factory=lambda: defaultdict(list))
    _sentences: defaultdict[int, list[Sentence]] = field(default_factory=lambda: defaultdict(list))
    _subjects: dict[int, Area | None] = field(default_factory=dict)
    _seen: int = 0
    """How many sentences the subjects of were looked for."""

    def __post_init__(self) -> None:
        self.sources = Sources(self.article, self.mentions)
        self.pronouns = Pronouns(self.article, self.mentions)
        for sentence in self.article.sentences:
            if not sentence.furniture:
                self._sentences[sentence.paragraph].append(sentence)

    def read(self, quotation: Quotation) -> None:
        """Attribute a quotation; those before it must have been read."""
        self.remember(self._attribute(quotation))

    def remember(self, attribution: Attribution) -> None:
        """Let an attribution serve those after it."""
        self.found[attribution.quotation.number] = attribution
        if attribution.candidates:
            self._by_paragraph[attribution.quotation.paragraph].append(attribution)

    def _attribute(self, quotation: Quotation) -> Attribution:
        cue = cue_of(self.article, self.masked, quotation)
        if is_term(self.article, quotation, cue):
            return Attribution(quotation, None, is_term=True)
        if quotation.depth and (quoted := self._within_another(quotation)):
            return quoted
        if cue and cue.source_start < cue.source_end:
            return self.from_source(quotation, cue)
        return self._without_cue(quotation, cue)

    def from_source(self, quotation: Quotation, cue: Cue) -> Attribution:
        """Return whom the noun phrase of a cue's source means."""
        phrase = (cue.source_start, cue.source_end)
        source = self.sources.text(phrase)
        word = source.casefold()
        if word in _THIRD_PERSON and not (source.isupper() and len(source) > 1):
            if found := self._antecedent(quotation, cue, word):
                return replace(found, cue=cue)
            return self._from_pronoun(quotation, cue, word)
        named = None if self.sources.is_national(phrase) else self.sources.name_in(phrase)
        if name := named or self.sources.apposed(phrase):
            return Attribution(quotation, cue, (name,), certain=True)
        recent = self._salient(quotation.paragraph, cue.source_start)
        if owner := self.sources.owner(phrase, recent=recent):
            return Attribution(quotation, cue, _unique([owner, *recent]), certain=True)
        known = self.sources.bearers(phrase, before=cue.source_start)
        if not known and self.sources.is_generic_organisation(phrase):
            known = [area for area in recent if self._may_be_organisation(area)]
        known = known or self.sources.described(phrase, self._people(recent, self.sources.gender(phrase)))
        known = known or self._named_later(quotation, phrase)
        if not known and not self.sources.may_speak(phrase):
            return self._without_cue(quotation, cue)
        return Attribution(quotation, cue, (*known, self.sources.own(phrase)), certain=not known)

    def _named_later(self, quotation: Quotation, phrase: Area) -> list[Area]:
        """Return who is meant by a description in the lead: the new name that the next paragraph is about."""
        lead = self._lead()
        if quotation.paragraph != lead or not self.sources.may_be_named_later(phrase):
            return []
        for sentence in self._sentences[lead + 1][:1]:
            subject = self._subject(sentence)
            if subject and sentence.start <= subject[0] < sentence.end and self.sources.is_person(subject):
                return [subject]
        return []

    def _lead(self) -> int:
        """Return the number of the first paragraph that is no headline."""
        text = self.article.article.text
        for number in sorted(self._sentences)[:_MOST_HEADLINES]:
            paragraph = self.article.paragraphs[number - 1]
            if not is_headline_line(text[paragraph.start : paragraph.end]):
                return number
        return 0

    def _antecedent(self, quotation: Quotation, cue: Cue, pronoun: str) -> Attribution | None:
        """Return whom the pronoun in `rejected what they called` means: the subject of the clause before."""
        before = self.masked[max(0, cue.source_start - 5) : cue.source_start]
        if before != "what ":
            return None
        sentence = self.article.sentence_at(cue.source_start)
        starts = [m.end() for m in _CLAUSE.finditer(self.masked, sentence.start, cue.source_start - 5)]
        for start in [*reversed(starts[-_MOST_CLAUSES:]), sentence.start]:
            phrase = self._whole(subject_of(self.masked, start, cue.source_start - 5))
            if phrase[0] == phrase[1] or not self.sources.may_speak(phrase):
                continue
            found = self.from_source(quotation, replace(cue, source_start=phrase[0], source_end=phrase[1]))
            if found.candidates and self._agrees(found.candidates[0], pronoun):
                return found
        return None

    def _agrees(self, area: Area, pronoun: str) -> bool:
        """Whether a pronoun may stand for a phrase: "they" for a plural, "it" for what is no person."""
        if pronoun in {"he", "she"}:
            return self.sources.is_person(area)
        if pronoun in _PLURAL:
            return self.sources.text(area).endswith("s")
        return self._may_be_organisation(area) and not self.sources.head(area).endswith("ing")

    def _from_pronoun(self, quotation: Quotation, cue: Cue, pronoun: str) -> Attribution:
        candidates = self._salient(quotation.paragraph, cue.source_start, pronoun=pronoun) or self._following(quotation)
        if pronoun in _PLURAL:
            fitting = candidates
        elif pronoun in _SINGULAR_THING:
            candidates = [*self._document_before(quotation), *candidates]
            fitting = (
                candidates[:1] if self._document_before(quotation) else [area for area in candidates if not self.sources.is_person(area)]
            )
        else:
            fitting = self._people(candidates, pronoun)
            if fitting and fitting[0] in self._last_speakers(quotation.paragraph):
                self.pronouns.learn(*fitting[0], pronoun)
        fitting = fitting or candidates
        sure = bool(fitting) and self.pronouns.of(*fitting[0]) == pronoun and self.pronouns.is_sure(*fitting[0])
        return Attribution(quotation, cue, tuple(fitting[:_MOST_CANDIDATES]), certain=sure, pronoun=pronoun)

    def _last_speakers(self, paragraph: int) -> list[Area]:
        """Return who spoke last in a paragraph and in the one before."""
        return [a.candidates[0] for p in (paragraph, paragraph - 1) for a in self._by_paragraph[p][-1:]]

    def _people(self, areas: list[Area], pronoun: str | None) -> list[Area]:
        """Return the people among the areas, those left out who go by the other pronoun, unless nobody would be left."""
        people = [area for area in areas if self.sources.is_person(area)]
        return [area for area in people if pronoun is None or self.pronouns.of(*area) in {None, pronoun}] or people

    def _document_before(self, quotation: Quotation) -> list[Area]:
        """Return whose document was quoted before in the paragraph: "the statement said. It added"."""
        last = self._by_paragraph[quotation.paragraph][-1:]
        return [a.candidates[0] for a in last if a.cue and self.sources.is_document((a.cue.source_start, a.cue.source_end))]

    def _without_cue(self, quotation: Quotation, cue: Cue | None) -> Attribution:
        if cue is None and (carried := self._cue_ahead(quotation)):
            return self.from_source(quotation, carried)
        earlier = self._by_paragraph[quotation.paragraph]
        if earlier:
            last = earlier[-1]
            return Attribution(quotation, last.cue, last.candidates, certain=last.certain, pronoun=last.pronoun)
        sentence = self.article.sentence(quotation.sentence)
        subject = self._subject(sentence)
        candidates = [*([subject] if subject else []), *self._salient(quotation.paragraph, quotation.opening)]
        opens = quotation.opening == self.article.paragraphs[quotation.paragraph - 1].start
        after = self._following(quotation) if not candidates or (opens and not self._by_paragraph[quotation.paragraph - 1]) else []
        return Attribution(quotation, cue, _unique([*after, *candidates]))

    def _within_another(self, quotation: Quotation) -> Attribution | None:
        """Attribute a quotation by the cue inside the one that encloses it: "He told me: '…'"; None where there is none."""
        outer = self._enclosing(quotation)
        if outer is None or outer.number not in self.found:
            return None
        start, end = max(outer.start, quotation.opening - _NESTED_REACH), min(outer.end, quotation.closing + _NESTED_REACH)
        text = self.article.article.text
        cue = cue_within(text[start:end], (quotation.opening - start, quotation.closing - start), offset=start)
        if cue is None:
            return None
        source = self.sources.text((cue.source_start, cue.source_end))
        speakers = self.found[outer.number].candidates
        if source.casefold() in _FIRST_PERSON:
            return Attribution(quotation, cue, speakers, certain=self.found[outer.number].certain)
        found = self.from_source(quotation, cue)
        if found.pronoun is None:
            return found
        others = [area for area in found.candidates if area not in speakers[:1]]
        return Attribution(quotation, cue, tuple(others) or found.candidates, pronoun=found.pronoun)

    def _enclosing(self, quotation: Quotation) -> Quotation | None:
        index = quotation.number - 2
        while index >= 0 and self.article.quotations[index].depth >= quotation.depth and quotation.number - index <= _MOST_SIBLINGS:
            index -= 1
        outer = self.article.quotations[index] if index >= 0 else None
        return outer if outer and outer.opening < quotation.opening and quotation.end <= outer.end else None

    def _cue_ahead(self, quotation: Quotation) -> Cue | None:
        """Return the cue of words that go on in the next paragraph, as a mark that is never closed tells."""
        if quotation.closing > quotation.end or quotation.depth or self._goes_on_from_before(quotation):
            return None
        paragraph = quotation.paragraph
        for following in self.article.quotations[quotation.number : quotation.number + _MOST_SIBLINGS]:
            if following.depth:
                continue
            paragraph += 1
            if following.paragraph != paragraph or following.opening != self.article.paragraphs[paragraph - 1].start:
                return None
            cue = cue_of(self.article, self.masked, following)
            if cue or following.closing > following.end:
                return cue if cue and cue.source_start < cue.source_end else None
        return None

    def _goes_on_from_before(self, quotation: Quotation) -> bool:
        """Whether the quotation before was never closed either, in the paragraph before."""
        before = next((q for q in reversed(self.article.quotations[: quotation.number - 1][-_MOST_SIBLINGS:]) if not q.depth), None)
        return before is not None and before.closing == before.end and before.paragraph == quotation.paragraph - 1

    def _following(self, quotation: Quotation) -> list[Area]:
        """Return the subjects of the sentences after a quotation in its paragraph."""
        later = [s for s in self._sentences[quotation.paragraph] if s.start >= quotation.closing]
        return [subject for s in later[:_PARAGRAPHS_BACK] if (subject := self._subject(s)) and self.mentions.at(*subject)]

    def _salient(self, last: int, before: int, *, pronoun: str | None = None) -> list[Area]:
        """Return who was mentioned before an offset: speakers and subjects first, nearest paragraph first.

        Where a sentence before has the same pronoun for its subject, that person is not its object: objects come last.

        Args:
            last: The number of the paragraph that holds the offset.
            before: The offset.
            pronoun: What stands for whoever is looked for; for "he" and "she" the search goes back until there is a person.
        """
        self._advance(before)
        areas: list[Area] = []
        objects: list[Area] = []
        for paragraph in range(last, max(0, last - _PARAGRAPHS_BACK_FOR_PERSON), -1):
            if paragraph <= last - _PARAGRAPHS_BACK and (
                pronoun not in {"he", "she"} or any(self.sources.is_person(area) for area in [*areas, *objects])
            ):
                break
            spoken = [a.candidates[0] for a in reversed(self._by_paragraph[paragraph][-_NEAREST_SENTENCES:]) if not self._is_agent(a)]
            sentences = [s for s in self._sentences[paragraph] if s.start < before][-_NEAREST_SENTENCES:]
            subjects = [area for s in reversed(sentences) if (area := self._subject(s)) and area[1] <= before]
            named = self._names(paragraph, before)
            continued = pronoun is not None and any(self._opens_with(s, pronoun) for s in sentences if s.end <= before)
            areas += [*spoken, *subjects, *([] if continued else named)]
            objects += named if continued else []
        return list(_unique(self.sources.full(area) for area in [*areas, *objects]))

    def _is_agent(self, attribution: Attribution) -> bool:
        """Whether the source is the agent of a passive, "told by a professor that", and not what the sentence is about."""
        cue = attribution.cue
        return cue is not None and self.masked[max(0, cue.source_start - 3) : cue.source_start] == "by " and cue.source_start > cue.start

    def _advance(self, before: int) -> None:
        """Find the subjects of the sentences up to an offset, in order: what "she" means depends on those before."""
        sentences = self.article.sentences
        while self._seen < len(sentences) and sentences[self._seen].start < before:
            self._seen += 1
            if not sentences[self._seen - 1].furniture:
                self._subject(sentences[self._seen - 1])

    def _names(self, paragraph: int, before: int) -> list[Area]:
        area = self.article.paragraphs[paragraph - 1]
        named = self.mentions.within(dateline_end(self.masked, area.start), min(area.end, before))[-_NEAREST_NAMES:]
        outside = [m for m in named if self.masked[m.start] != MASK]
        return [(m.start, m.end) for m in outside if not self.mentions.is_adjective(m, self.article.article.text)]

    def _opens_with(self, sentence: Sentence, pronoun: str) -> bool:
        start, end = subject_of(self.masked, sentence.start, min(sentence.end, sentence.start + 300))
        return self.masked[start:end].casefold() == pronoun

    def _subject(self, sentence: Sentence) -> Area | None:
        """Return the sentence's subject where it is a name, a person or an organisation, else None."""
        if sentence.number not in self._subjects:
            self._subjects[sentence.number] = next(self._subject_areas(sentence), None)
        return self._subjects[sentence.number]

    def _subject_areas(self, sentence: Sentence) -> Iterator[Area]:
        reach = min(sentence.end, sentence.start + 1000)
        for cue in cues_in(self.masked, sentence.start, reach):
            if name := self.sources.name_in((cue.source_start, cue.source_end)):
                yield name
        phrase = self._whole(subject_of(self.masked, sentence.start, reach))
        if phrase[0] == phrase[1]:
            return
        if not self.sources.is_national(phrase) and (name := self.sources.name_in(phrase)):
            mention = self.mentions.at(*name)
            if mention is None or not self.mentions.is_adjective(mention, self.article.article.text):
                yield name
        elif owner := self.sources.owner(phrase, recent=[]):
            yield owner
        elif name := self.sources.apposed(phrase):
            yield name
        elif self.sources.head(phrase) in PEOPLE | ORGANISATION_NOUNS | SPEECH_NOUNS or self.sources.is_national(phrase):
            yield from self.sources.bearers(phrase, before=phrase[0])
            recent = self._salient(sentence.paragraph, sentence.start)
            yield from self.sources.described(phrase, self._people(recent, self.sources.gender(phrase)))
            yield self.sources.own(phrase)
        elif (pronoun := self.masked[slice(*phrase)].casefold()) in {"he", "she"}:
            people = self._people(self._salient(sentence.paragraph, sentence.start, pronoun=pronoun), pronoun)
            yield from people[:1]

    def _whole(self, phrase: Area) -> Area:
        """Return a phrase with all of the name that it ends in: "State Committee" goes on with "for Security"."""
        straddling = [m for m in self.mentions.beginning(*phrase) if m.end > phrase[1]]
        return (phrase[0], straddling[-1].end) if straddling else phrase

    def _may_be_organisation(self, area: Area) -> bool:
        mention = self.mentions.at(*area)
        return mention is not None and not self.mentions.is_place(mention) and not self._has_role(area) and self._unlike_person(area)

    def _has_role(self, area: Area) -> bool:
        mention = self.mentions.at(*area)
        return mention is not None and bool(self.mentions.role(mention))

    def _unlike_person(self, area: Area) -> bool:
        return not self.sources.is_person(area)


def attribute(article: NumberedArticle, mentions: Mentions, masked: str) -> list[Attribution]:
    """Return the candidates for the speaker of each quotation, in the order of the text.

    Args:
        article: The numbered article.
        mentions: Its names.
        masked: Its text with the quotations masked.
    """
    reader = Attributor(article, mentions, masked)
    for quotation in article.quotations:
        reader.read(quotation)
    return list(reader.found.values())


def _unique(areas: Iterator[Area] | list[Area]) -> tuple[Area, ...]:
    return tuple(dict.fromkeys(areas))

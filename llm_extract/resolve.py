"""From readings to facts: numbers become spans, names are tied to a mention, what the article does not have is refused or flagged."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from llm_extract import expressions
from llm_extract.anchored import is_anchored, resolve_anchored
from llm_extract.mentions import Mention
from llm_extract.numbering import Quotation
from llm_extract.reading import ClaimReading, MeetingReading, Prepared, QuoteReading
from llm_extract.roles import role_around
from llm_extract.schema import Claim, ExtractionWarning, Meeting, MeetingStatus, Party, Quote, QuoteKind, Span

if TYPE_CHECKING:
    from llm_extract.indirect import Indirect

__all__ = ["Resolver"]

_SENTENCE_START = re.compile(r"[\"“‘«„\[]*\s*[^\W\d_]")
_MAX_FRAGMENT_WORDS = 6
_FEWEST_PARTIES = 2
_MAX_SHOWN = 80


@dataclass
class Resolver:
    """Turns the readings of one article into facts; what it can't tie to the text is in `warnings`."""

    prepared: Prepared
    warnings: list[ExtractionWarning] = field(default_factory=list)
    _roles: dict[str, tuple[str | None, str | None]] = field(default_factory=dict)

    def quotes(self, readings: Iterable[QuoteReading]) -> list[Quote]:
        """Make quotes: segments that a cue breaks are one quote, in the order of the text."""
        quotes: list[Quote] = []
        previous: tuple[Quotation, QuoteReading] | None = None
        for reading in sorted(readings, key=lambda r: r.quotation):
            quotation = self.prepared.numbered.quotation(reading.quotation)
            if previous and self._goes_on(previous, (quotation, reading)):
                quotes[-1] = quotes[-1].model_copy(update={"segments": (*quotes[-1].segments, self._span(quotation.start, quotation.end))})
            else:
                quotes.append(self._quote(f"Q{len(quotes) + 1}", quotation, reading))
            previous = quotation, reading
        return quotes

    def with_indirect(self, quotes: Sequence[Quote], found: Iterable[Indirect]) -> list[Quote]:
        """Add indirect speech to the quotes and number all again, in the order of the text; what holds a quotation comes before it."""
        indirect = [self._indirect(one) for one in found]
        ordered = sorted([*quotes, *indirect], key=lambda q: (q.segments[0].start, -q.segments[-1].end))
        return [quote.model_copy(update={"id": f"Q{count}"}) for count, quote in enumerate(ordered, start=1)]

    def _indirect(self, found: Indirect) -> Quote:
        sentence = self.prepared.numbered.sentence_at(found.cue.start)
        name = self.prepared.article.text[slice(*found.candidates[0])] if found.candidates else None
        return Quote(
            id="Q",
            segments=tuple(self._span(*segment) for segment in found.segments),
            speaker=self.party(name, [found.candidates[0], (sentence.start, sentence.end)]) if name else None,
            cue=self._span(found.cue.start, found.cue.end),
            kind=QuoteKind.INDIRECT,
        )

    def meetings(self, readings: Iterable[MeetingReading]) -> list[Meeting]:
        """Make one meeting of each reading; what belongs together is for `merge` to join.

        A reading that is none is dropped and leaves a warning: no sentence reports it, it has fewer than two parties, or the article
        names none of them.
        """
        found: list[Meeting] = []
        for reading in readings:
            if (meeting := self._meeting(f"M{len(found) + 1}", reading)) is not None:
                found.append(meeting)
        return found

    def link(self, quotes: Iterable[Quote], meetings: Iterable[Meeting]) -> tuple[Quote, ...]:
        """Say of each quote which meeting it is about: the only one that its sentence is evidence of or makes a claim about."""
        spans = [(meeting.id, span) for meeting in meetings for span in (*meeting.evidence, *(claim.evidence for claim in meeting.claims))]

        def about(quote: Quote) -> str | None:
            found = {
                identity for identity, span in spans for segment in quote.segments if segment.start < span.end and span.start < segment.end
            }
            return found.pop() if len(found) == 1 else None

        return tuple(quote.model_copy(update={"meeting": about(quote)}) for quote in quotes)

    def _quote(self, identity: str, quotation: Quotation, reading: QuoteReading) -> Quote:
        near = self._sentences_around(quotation)
        return Quote(
            id=identity,
            segments=(self._span(quotation.start, quotation.end),),
            speaker=self.party(reading.speaker, near) if reading.speaker else None,
            cue=self._span(*reading.cue) if reading.cue and reading.cue[0] < reading.cue[1] else None,
            kind=self._kind(quotation),
            addressee=self.find(reading.addressee, near) if reading.addressee else None,
        )

    def _goes_on(self, one: tuple[Quotation, QuoteReading], other: tuple[Quotation, QuoteReading]) -> bool:
        """Whether `"A," she said. "B."` goes on: one speaker, one paragraph, little between, and no new cue of its own."""
        first, second = one[0], other[0]
        between = self.prepared.article.text[first.closing : second.opening]
        same = one[1].speaker == other[1].speaker and first.paragraph == second.paragraph
        return (
            same
            and one[1].cue == other[1].cue
            and one[1].cue is not None
            and "\n" not in between
            and self._kind(first) is self._kind(second) is QuoteKind.DIRECT
        )

    def _kind(self, quotation: Quotation) -> QuoteKind:
        """Direct where the marks hold a clause of its own, mixed where they hold a part of the reporter's sentence."""
        text = self.prepared.article.text
        inside = text[quotation.start : quotation.end]
        before = text[max(0, quotation.opening - 2) : quotation.opening].rstrip()
        ends = inside[-1:] in ".,?!…—"
        starts_clause = inside[:1].isupper() or not before or before[-1] in ",:"
        return QuoteKind.DIRECT if starts_clause and (ends or len(inside.split()) > _MAX_FRAGMENT_WORDS) else QuoteKind.MIXED

    def _meeting(self, identity: str, reading: MeetingReading) -> Meeting | None:
        near = [self._sentence_span(number) for number in dict.fromkeys(reading.sentences)]
        parties = self._parties(reading.participants, near)
        if not near or len(parties) < _FEWEST_PARTIES or not any(party.mention for party in parties):
            who = ", ".join(_shown(party.name) for party in parties) or "nobody"
            why = (
                "the article names none of them" if near and len(parties) >= _FEWEST_PARTIES else "a meeting needs two parties and evidence"
            )
            self.warnings.append(ExtractionWarning(code="dropped_meeting", message=f"A meeting of {who} was left out: {why}."))
            return None
        when = self.find(reading.when, near) if reading.when else None
        return Meeting(
            id=identity,
            participants=tuple(parties),
            status=reading.status,
            kind=reading.kind,
            when=when,
            date=self._date(when, reading.status),
            place=self.find(reading.place, near) if reading.place else None,
            event=self.find(reading.event, near) if reading.event else None,
            topics=tuple(span for topic in reading.topics if (span := self.find(topic, near))),
            claims=tuple(self._claim(claim) for claim in reading.claims),
            evidence=tuple(self._span(*span) for span in near),
        )

    def _parties(self, names: Sequence[str], near: Sequence[tuple[int, int]]) -> list[Party]:
        return list({party.name: party for party in (self.party(name, near) for name in names)}.values())

    def _claim(self, claim: ClaimReading) -> Claim:
        span = self._sentence_span(claim.sentence)
        return Claim(by=self.party(claim.by, [span]), stance=claim.stance, evidence=self._span(*span))

    def _date(self, when: Span | None, status: MeetingStatus) -> str | None:
        if when is None:
            return None
        text, published = self.prepared.article.text, self.prepared.article.published
        if is_anchored(text, when.start, when.end):
            return resolve_anchored(text, when.start, when.end, published)
        future = {MeetingStatus.HELD: False, MeetingStatus.PLANNED: True, MeetingStatus.TENTATIVE: True}.get(status)
        if future is None and _is_weekday(when.text):
            future = True  # what was called off or ruled out by a weekday's name still lay ahead
        return expressions.resolve(when.text, published, future=future)

    def party(self, name: str, near: Sequence[tuple[int, int]]) -> Party:
        """Tie a name to the article: its fullest form, the titles before it, and where it stands.

        A name that the article does not have becomes a party without mention and leaves a warning.
        """
        mention = self.prepared.mentions.named(name)
        if mention is not None:
            full = self.prepared.mentions.fullest(mention)
            role, affiliation = self._role(full)
            return Party(name=full.text, role=role, affiliation=affiliation, mention=self._span(full.start, full.end))
        span = self.find(name, near)
        return Party(name=" ".join((span.text if span else name).split()), mention=span)

    def _role(self, full: Mention) -> tuple[str | None, str | None]:
        """Return office and affiliation where the article says most of them, else what it says first."""
        if full.text not in self._roles:
            text = self.prepared.article.text
            found = [role_around(text, mention.start, mention.end) for mention in self.prepared.mentions.alike(full.text)]
            self._roles[full.text] = max(found, key=lambda pair: sum(map(bool, pair)), default=(None, None))
        return self._roles[full.text]

    def find(self, words: str, near: Sequence[tuple[int, int]]) -> Span | None:
        """Return where the article has these words: in the sentences given, else anywhere; None leaves a warning."""
        if position := self.prepared.position_of(words, near):
            return self._span(*position)
        self.warnings.append(ExtractionWarning(code="unknown_name", message=f"The article does not contain {_shown(words)}."))
        return None

    def _sentences_around(self, quotation: Quotation) -> list[tuple[int, int]]:
        numbers = [
            quotation.sentence,
            self.prepared.numbered.sentence_at(max(quotation.start, quotation.closing - 1)).number,
            quotation.sentence - 1,
        ]
        return [self._sentence_span(n) for n in dict.fromkeys(numbers) if n >= 1]

    def _sentence_span(self, number: int) -> tuple[int, int]:
        sentence = self.prepared.numbered.sentence(number)
        return sentence.start, sentence.end

    def _span(self, start: int, end: int) -> Span:
        return self.prepared.article.span(start, end)


def _shown(words: str) -> str:
    return repr(words if len(words) <= _MAX_SHOWN else f"{words[:_MAX_SHOWN]}…")


def _is_weekday(text: str) -> bool:
    return bool(re.fullmatch(r"(?:on )?(?:mon|tues|wednes|thurs|fri|satur|sun)day", text.casefold()))

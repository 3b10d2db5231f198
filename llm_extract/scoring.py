"""One article's answer against its gold: what was found, what is wrong, missed or spurious, and the counts of each measure.

Quotes: a segment is found where the words agree and the offsets overlap. Answers are taken in their order, and each takes the
first segment that is left. The speaker is right by `agreement.names_agree`.

Meetings are paired one to one. Two can be one meeting where every participant of the gold is among the answer's, and place, date
or event agrees; of the three one may contradict. Where one side has none of these, a common piece of evidence does. Among possible
pairings the one that fits best is taken: agreeing facts first, then status and kind, then evidence. The status, kind, date and place
of a pair are then measured, date and place where the gold has one, and whether no participant is there too many.

What is neutral in the gold is not counted, found or not; nor is a spare meeting that could be the neutral one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from llm_extract.agreement import dates_agree, events_agree, names_agree, places_agree, quoted_words
from llm_extract.assignment import best_pairs
from llm_extract.gold import GoldArticle, GoldMeeting, GoldQuote, PredictedMeeting, PredictedQuote, Prediction

__all__ = ["AnyMeasure", "Finding", "Judgement", "Measure", "Tally", "Verdict", "WrongFact", "judge", "pair_meetings", "shares"]

# How much of a fit each thing is; a pair that is possible has more than all of them take away.
_POSSIBLE, _FACT_AGREES, _FACT_DIFFERS, _SHARED_EVIDENCE, _LABEL_AGREES = 100, 10, 5, 3, 4


class AnyMeasure(Protocol):
    """Something that is measured; where it is written, its value is its name."""

    @property
    def value(self) -> str:
        """Its name."""

    @property
    def is_f1(self) -> bool:
        """Whether its value is an F1, and not a share of right answers."""

    def score(self, tally: Tally) -> float:
        """Return the one number by which results are compared: F1, or the share of right answers."""


class Measure(StrEnum):
    """What is measured of meetings and quotes."""

    QUOTES = "quotes"
    """F1 of segments in quotation marks."""
    ATTRIBUTED = "attributed"
    """The same, where a segment counts with the right speaker only."""
    MEETINGS = "meetings"
    """F1 of meetings."""
    STATUS = "status"
    """Share of the paired meetings with a right status."""
    KIND = "kind"
    """Share of the paired meetings with a right kind."""
    DATE = "date"
    """Share of the paired meetings, of those that have a date in the gold, with a date that agrees."""
    PLACE = "place"
    """Share of the paired meetings, of those that have a place in the gold, with a place that agrees."""
    PARTICIPANTS_EXACT = "participants_exact"
    """Share of the paired meetings without a participant too many."""
    GROUNDED = "grounded"
    """Share of the quotes for which the article has these words at these offsets."""

    @property
    def is_f1(self) -> bool:
        """Whether its value is an F1, and not a share of right answers."""
        return self in {Measure.QUOTES, Measure.ATTRIBUTED, Measure.MEETINGS}

    def score(self, tally: Tally) -> float:
        """Return the one number by which results are compared: F1, or the share of right answers."""
        return tally.f1 if self.is_f1 else tally.recall


class Verdict(StrEnum):
    """What became of a quote or a meeting."""

    RIGHT = "right"
    WRONG = "wrong"
    """It was found, and something about it is wrong."""
    MISSED = "missed"
    """The gold has it, the answer does not."""
    SPURIOUS = "spurious"
    """The answer has it, the gold does not."""


@dataclass(frozen=True)
class Tally:
    """Counts of one measure.

    A wrong label is both spurious and missed: precision and recall are then the share of right ones.

    Args:
        right: How often gold and answer agree.
        spurious: What the answer has and the gold has not.
        missed: What the gold has and the answer has not.
    """

    right: int = 0
    spurious: int = 0
    missed: int = 0

    def __add__(self, other: Tally) -> Tally:
        """Add count by count."""
        return Tally(self.right + other.right, self.spurious + other.spurious, self.missed + other.missed)

    @property
    def cases(self) -> int:
        """How many things there were to measure; with 0 the shares say nothing."""
        return self.right + max(self.spurious, self.missed)

    @property
    def precision(self) -> float:
        """The share of the answer that is right; 0 where there is no answer."""
        return _share(self.right, self.right + self.spurious)

    @property
    def recall(self) -> float:
        """The share of the gold that was found; 0 where there is no gold."""
        return _share(self.right, self.right + self.missed)

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall; 0 where there is nothing to measure."""
        return _share(2 * self.precision * self.recall, self.precision + self.recall)


@dataclass(frozen=True)
class WrongFact:
    """What is wrong about something that was found.

    Args:
        measure: By which measure.
        gold: What would be right; several answers with a stroke between them.
        given: What was answered; empty where nothing was.
    """

    measure: AnyMeasure
    gold: str
    given: str


@dataclass(frozen=True)
class Finding:
    """A quote, meeting or record of the gold, or a spurious one of the answer, and what became of it.

    Args:
        what: `quote` or `meeting`; of a record the name of its schema.
        verdict: What became of it.
        text: The words of a quote with its speaker, or the facts of a meeting: the gold's, unless it is spurious.
        evidence: The article's words that report a meeting; empty where they are not known.
        wrong: What is wrong about it.
        gold: Its place among the gold's quotes or meetings, from 0; None for what is spurious.
    """

    what: str
    verdict: Verdict
    text: str
    evidence: str = ""
    wrong: tuple[WrongFact, ...] = ()
    gold: int | None = None


@dataclass(frozen=True)
class Judgement:
    """One article's counts and findings.

    Args:
        tallies: The counts, for every measure.
        findings: The quotes, then the meetings; in either part the gold's in its order, then the spurious ones.
    """

    tallies: Mapping[AnyMeasure, Tally]
    findings: tuple[Finding, ...]


def judge(gold: GoldArticle, prediction: Prediction, text: str = "") -> Judgement:
    """Compare one article's answer with its gold.

    Args:
        gold: What is right.
        prediction: What was answered.
        text: The article. Without it offsets are believed, and the gold's evidence that is given in words can't be located.
    """
    findings: list[Finding] = []
    grounded = [_grounded(quote, text) for quote in prediction.quotes]
    tallies: dict[AnyMeasure, Tally] = dict.fromkeys(Measure, Tally())
    tallies[Measure.GROUNDED] = shares(sum(grounded), len(grounded))
    if gold.quotes is not None:
        quotes = _judge_quotes(gold.quotes, prediction.quotes)
        findings += quotes
        tallies |= _quote_tallies(quotes)
    if gold.meetings is not None:
        fits = [[_fit(meeting, given, _located(meeting, text)) for given in prediction.meetings] for meeting in gold.meetings]
        pairs = best_pairs(fits)
        meetings = _judge_meetings(gold.meetings, [_citing(given, text) for given in prediction.meetings], fits, pairs)
        findings += meetings
        tallies |= _meeting_tallies(meetings, [gold.meetings[row] for row in pairs])
    return Judgement(tallies, tuple(findings))


def pair_meetings(gold: Sequence[GoldMeeting], given: Sequence[PredictedMeeting], text: str = "") -> dict[int, int]:
    """Return which of the meetings that were found is which of the gold, by their numbers; those without a partner are left out."""
    return best_pairs([[_fit(meeting, other, _located(meeting, text)) for other in given] for meeting in gold])


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def shares(right: int, cases: int) -> Tally:
    """Return the counts of something that is right or wrong in each case."""
    return Tally(right, cases - right, cases - right)


def _grounded(quote: PredictedQuote, text: str) -> bool:
    return quote.start is not None and (not text or text[quote.start : quote.end] == quote.text)


def _judge_quotes(gold: Sequence[GoldQuote], given: Sequence[PredictedQuote]) -> list[Finding]:
    taken: dict[int, PredictedQuote] = {}
    spurious = []
    for quote in given:
        hit = next((number for number, other in enumerate(gold) if number not in taken and _same_words(other, quote)), None)
        if hit is None:
            spurious.append(Finding("quote", Verdict.SPURIOUS, _said(quote)))
        else:
            taken[hit] = quote
    counted = [_found_quote(quote, number, taken.get(number)) for number, quote in enumerate(gold) if not quote.neutral]
    return counted + spurious


def _same_words(gold: GoldQuote, given: PredictedQuote) -> bool:
    if given.start is None or given.end is None or given.start >= gold.end or gold.start >= given.end:
        return False
    return quoted_words(gold.text) == quoted_words(given.text)


def _found_quote(gold: GoldQuote, number: int, given: PredictedQuote | None) -> Finding:
    if given is None:
        return Finding("quote", Verdict.MISSED, _said(gold), gold=number)
    if names_agree(gold.speaker, given.speaker, gold.aliases):
        return Finding("quote", Verdict.RIGHT, _said(gold), gold=number)
    wrong = WrongFact(Measure.ATTRIBUTED, gold.speaker or "", given.speaker or "")
    return Finding("quote", Verdict.WRONG, _said(gold), wrong=(wrong,), gold=number)


def _said(quote: GoldQuote | PredictedQuote) -> str:
    return f"{quote.speaker or '?'}: “{quote.text}”"


def _quote_tallies(findings: Iterable[Finding]) -> dict[AnyMeasure, Tally]:
    count = Counter(finding.verdict for finding in findings)
    right, wrong = count[Verdict.RIGHT], count[Verdict.WRONG]
    spurious, missed = count[Verdict.SPURIOUS], count[Verdict.MISSED]
    return {
        Measure.QUOTES: Tally(right + wrong, spurious, missed),
        Measure.ATTRIBUTED: Tally(right, spurious + wrong, missed + wrong),
    }


def _citing(meeting: PredictedMeeting, text: str) -> PredictedMeeting:
    """Add the words of the first evidence, where only its offsets are known."""
    if meeting.cited or not meeting.evidence:
        return meeting
    start, end = meeting.evidence[0]
    return meeting.model_copy(update={"cited": text[start:end]})


def _located(meeting: GoldMeeting, text: str) -> list[tuple[int, int]]:
    """Return where the gold's evidence is; words count where they occur first, and not where there is no text."""
    starts = [(part, text.find(part)) for part in meeting.evidence if isinstance(part, str)]
    found = [(start, start + len(part)) for part, start in starts if start >= 0]
    return found + [part for part in meeting.evidence if not isinstance(part, str)]


def _fit(gold: GoldMeeting, given: PredictedMeeting, evidence: Sequence[tuple[int, int]]) -> int:
    """Weigh how well the two fit as one meeting; 0 where they can't be one."""
    if not all(any(_same_party(gold, name, party) for party in given.participants) for name in gold.participants):
        return 0
    facts = [places_agree(gold.place, given.place), dates_agree(gold.date, given.date), events_agree(gold.event, given.event)]
    agree, differ = facts.count(True), facts.count(False)
    shared = any(start < last and first < end for start, end in evidence for first, last in given.evidence)
    no_facts = facts.count(None) == len(facts)
    if differ > 1 or not (agree or (shared and no_facts)):
        return 0
    labels = (given.status in gold.status) + (given.kind in gold.kind)
    fit = _POSSIBLE + _FACT_AGREES * agree - _FACT_DIFFERS * differ + _SHARED_EVIDENCE * shared + _LABEL_AGREES * labels
    return fit - gold.neutral  # where two fit alike, the one that counts


def _same_party(gold: GoldMeeting, name: str, given: str) -> bool:
    return names_agree(name, given, gold.participant_aliases.get(name, ()))


def _judge_meetings(
    gold: Sequence[GoldMeeting], given: Sequence[PredictedMeeting], fits: Sequence[Sequence[int]], pairs: Mapping[int, int]
) -> list[Finding]:
    neutral = [number for number, meeting in enumerate(gold) if meeting.neutral]
    spare = [column for column in range(len(given)) if column not in pairs.values() and not any(fits[row][column] for row in neutral)]
    counted = [
        _found_meeting(meeting, number, given[pairs[number]] if number in pairs else None)
        for number, meeting in enumerate(gold)
        if not meeting.neutral
    ]
    return counted + [Finding("meeting", Verdict.SPURIOUS, _facts(given[column]), given[column].cited) for column in spare]


def _found_meeting(gold: GoldMeeting, number: int, given: PredictedMeeting | None) -> Finding:
    evidence = next((part for part in gold.evidence if isinstance(part, str)), "")
    if given is None:
        return Finding("meeting", Verdict.MISSED, _facts(gold), evidence, gold=number)
    wrong = tuple(_wrong_facts(gold, given))
    return Finding("meeting", Verdict.WRONG if wrong else Verdict.RIGHT, _facts(gold), evidence, wrong, number)


def _wrong_facts(gold: GoldMeeting, given: PredictedMeeting) -> Iterable[WrongFact]:
    if given.status not in gold.status:
        yield WrongFact(Measure.STATUS, "/".join(gold.status), given.status or "")
    if given.kind not in gold.kind:
        yield WrongFact(Measure.KIND, "/".join(gold.kind), given.kind or "")
    if gold.date and not dates_agree(gold.date, given.date):
        yield WrongFact(Measure.DATE, gold.date, given.date or "")
    if gold.place and not places_agree(gold.place, given.place):
        yield WrongFact(Measure.PLACE, "/".join(gold.place), given.place or "")
    more = [party for party in given.participants if not any(_same_party(gold, name, party) for name in gold.participants)]
    if more:
        yield WrongFact(Measure.PARTICIPANTS_EXACT, ", ".join(gold.participants), ", ".join(given.participants))


def _meeting_tallies(findings: Sequence[Finding], paired: Sequence[GoldMeeting]) -> dict[AnyMeasure, Tally]:
    count = Counter(finding.verdict for finding in findings)
    wrong = Counter(fact.measure for finding in findings for fact in finding.wrong)
    counted = [meeting for meeting in paired if not meeting.neutral]
    cases = dict.fromkeys((Measure.STATUS, Measure.KIND, Measure.PARTICIPANTS_EXACT), len(counted)) | {
        Measure.DATE: sum(bool(meeting.date) for meeting in counted),
        Measure.PLACE: sum(bool(meeting.place) for meeting in counted),
    }
    found = Tally(count[Verdict.RIGHT] + count[Verdict.WRONG], count[Verdict.SPURIOUS], count[Verdict.MISSED])
    shared: dict[AnyMeasure, Tally] = {measure: shares(number - wrong[measure], number) for measure, number in cases.items()}
    return {Measure.MEETINGS: found} | shared


def _facts(meeting: GoldMeeting | PredictedMeeting) -> str:
    status, kind, place = (
        "/".join(value) if isinstance(value, tuple) else value for value in (meeting.status, meeting.kind, meeting.place)
    )
    facts = [", ".join(meeting.participants) or "nobody", status, kind, meeting.date, place, meeting.event]
    return " · ".join(fact for fact in facts if fact)

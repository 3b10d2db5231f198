"""What a hosted model is asked: the whole article in one question a task, with one form of answer for all articles.

A text longer than `WINDOW_CHARS` is asked about window by window.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, StringConstraints

from llm_extract.errors import ModelRefusedError, UnusableAnswerError
from llm_extract.numbering import Quotation, Sentence
from llm_extract.prompts import nonce
from llm_extract.reading import Ask, ClaimReading, MeetingReading, Prepared, Question, QuoteReading
from llm_extract.schema import MeetingKind, MeetingStatus, Stance

__all__ = ["WINDOW_CHARS", "Meetings", "Quotations", "Reported", "SaidOfIt", "SpokenBy", "ask_meetings", "ask_quotes"]

T = TypeVar("T", bound=BaseModel)

Name = Annotated[str, StringConstraints(strip_whitespace=True)]
"""A name or phrase of the article; that it is one is checked afterwards, for the form is the same for all articles."""

WINDOW_CHARS = 60_000
"""Characters of an article that one question shows, some 15,000 tokens; nearly every news article is shorter."""
_OVERLAP_CHARS = 2_000
"""What two windows share, so that a fact on an edge is whole in one of them."""
_MAX_TOKENS = 8_000
"""Far above what numbers and names need; an answer that rambles this long is no use."""
_CLOSING, _OPENING = 0, 1
_MAX_LISTED = 20
_MAX_LISTED_CHARS = 100
"""How many unknown names, and how much of each, a second question lists."""


class _Answer(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SpokenBy(_Answer):
    """Whose words a quotation holds."""

    quotation: int
    speaker: Name | None
    addressee: Name | None


class Quotations(_Answer):
    """The answer about quotes."""

    quotations: list[SpokenBy]


class SaidOfIt(_Answer):
    """A claim."""

    by: Name
    stance: Stance
    sentence: int


class Reported(_Answer):
    """A meeting."""

    participants: list[Name]
    status: MeetingStatus
    kind: MeetingKind
    when: Name | None
    place: Name | None
    event: Name | None
    topics: list[Name]
    claims: list[SaidOfIt]
    sentences: list[int]


class Meetings(_Answer):
    """The answer about meetings."""

    meetings: list[Reported]


@dataclass(frozen=True)
class _Task(Generic[T]):
    """What one task asks of each window."""

    prompt: str
    form: type[T]
    check: Callable[[T], None]
    """Refuses numbers that the window does not have."""
    names: Callable[[T], list[str]]
    """What of an answer the article must contain."""


async def ask_quotes(prepared: Prepared, ask: Ask) -> list[QuoteReading]:
    """Ask whose words the quotations are, all of a window at once; a window without any costs no question.

    Where windows overlap, the answer of the first one counts.
    """
    readings: dict[int, QuoteReading] = {}
    for window in _windows(prepared):
        known = {q.number for q in _quotations(prepared, window)}
        if known <= readings.keys():
            continue
        answer = await _ask(prepared, ask, _Task("quotes_hosted", Quotations, _refusing_quotations(known), _names_of_speakers), window)
        for a in answer.quotations:
            if a.speaker:
                readings.setdefault(a.quotation, QuoteReading(a.quotation, a.speaker, None, a.addressee))
    return [readings[number] for number in sorted(readings)]


async def ask_meetings(prepared: Prepared, ask: Ask) -> list[MeetingReading]:
    """Ask for all meetings of a window at once; what two windows tell of one meeting is for `merge` to join."""
    readings: list[MeetingReading] = []
    for window in _windows(prepared):
        known = {sentence.number for sentence in window}
        answer = await _ask(prepared, ask, _Task("meetings_hosted", Meetings, _refusing_sentences(known), _names_in), window)
        readings += [_reading(meeting) for meeting in answer.meetings]
    return readings


def _reading(meeting: Reported) -> MeetingReading:
    return MeetingReading(
        sentences=tuple(sorted(set(meeting.sentences))),
        participants=tuple(name for name in meeting.participants if name),
        status=meeting.status,
        kind=meeting.kind,
        when=meeting.when,
        place=meeting.place,
        event=meeting.event,
        topics=tuple(topic for topic in meeting.topics if topic),
        claims=tuple(ClaimReading(c.by, c.stance, c.sentence) for c in meeting.claims if c.by),
    )


def _windows(prepared: Prepared) -> Iterator[list[Sentence]]:
    """Yield the story's sentences, all of them where they are few enough, else in windows that overlap."""
    story = [sentence for sentence in prepared.numbered.sentences if not sentence.furniture]
    first = 0
    while first < len(story):
        last = first
        while last + 1 < len(story) and story[last + 1].end - story[first].start <= WINDOW_CHARS:
            last += 1
        yield story[first : last + 1]
        if last + 1 == len(story):
            return
        following = last + 1
        while following > first + 1 and story[last].end - story[following - 1].start <= _OVERLAP_CHARS:
            following -= 1
        first = following


def _quotations(prepared: Prepared, window: Sequence[Sentence]) -> list[Quotation]:
    start, end = window[0].start, window[-1].end
    return [q for q in prepared.numbered.quotations if not q.furniture and start <= q.opening < end]


def _refusing_quotations(known: set[int]) -> Callable[[Quotations], None]:
    def check(answer: Quotations) -> None:
        _refuse((a.quotation for a in answer.quotations), known, "quotation", "Q")

    return check


def _refusing_sentences(known: set[int]) -> Callable[[Meetings], None]:
    def check(answer: Meetings) -> None:
        for meeting in answer.meetings:
            _refuse([*meeting.sentences, *(c.sentence for c in meeting.claims)], known, "sentence", "S")

    return check


def _names_of_speakers(answer: Quotations) -> list[str]:
    return [name for spoken_by in answer.quotations for name in (spoken_by.speaker, spoken_by.addressee) if name]


def _names_in(answer: Meetings) -> list[str]:
    """Return what the article must contain; topics are not worth a second question, one that it does not contain is left out."""
    names = [n for m in answer.meetings for n in (*m.participants, m.when, m.place, m.event, *(c.by for c in m.claims))]
    return [name for name in names if name]


async def _ask(prepared: Prepared, ask: Ask, task: _Task[T], window: Sequence[Sentence]) -> T:
    """Ask, and ask once more where the answer names what the article does not contain; what remains is flagged later.

    Where no use can be made of the second answer, the first one, which was paid for, stands.
    """
    variables = {
        "nonce": nonce(prepared.article.sha256, prepared.article.text),
        "numbered": _marked(prepared, window),
        "published": prepared.article.published,
    }
    first = await ask(Question(task.prompt, {**variables, "problems": []}, task.form, _MAX_TOKENS, task.check))
    unknown = [name for name in dict.fromkeys(task.names(first)) if not prepared.contains(name)]
    if not unknown:
        return first
    problems = [name if len(name) <= _MAX_LISTED_CHARS else f"{name[:_MAX_LISTED_CHARS]}…" for name in unknown[:_MAX_LISTED]]
    try:
        return await ask(Question(task.prompt, {**variables, "problems": problems}, task.form, _MAX_TOKENS, task.check))
    except (UnusableAnswerError, ModelRefusedError):
        return first


def _refuse(numbers: Iterable[int], known: set[int], what: str, letter: str) -> None:
    unknown = sorted(set(numbers) - known)
    if unknown:
        listed = ", ".join(f"{letter}{number}" for number in unknown)
        msg = f"there is no {what} {listed}; use numbers from {letter}{min(known)} to {letter}{max(known)}"
        raise ValueError(msg)


def _marked(prepared: Prepared, window: Sequence[Sentence]) -> str:
    """Return a window of the story with its sentences and quotations numbered; in time linear in its length."""
    text = prepared.article.text
    marks = sorted(mark for quotation in _quotations(prepared, window) for mark in _marks(quotation))
    parts: list[str] = []
    paragraph = done = 0
    for sentence in window:
        parts += ["" if not parts else " " if sentence.paragraph == paragraph else "\n\n", f"[S{sentence.number}] "]
        paragraph, position = sentence.paragraph, sentence.start
        while done < len(marks) and marks[done][:2] <= (sentence.end, _CLOSING):
            offset = max(marks[done][0], position)
            parts += [text[position:offset], marks[done][-1]]
            position, done = offset, done + 1
        parts.append(text[position : sentence.end])
    return "".join([*parts, *(mark for *_, mark in marks[done:])])  # of quotations that end in what is left out


def _marks(quotation: Quotation) -> Iterator[tuple[int, int, int, str]]:
    """Yield where its marks go, in an order that nests them: where quotations touch, inner ones close first and outer ones open first."""
    yield quotation.opening, _OPENING, quotation.depth, f"«Q{quotation.number}»"
    yield quotation.closing, _CLOSING, -quotation.depth, f"«/Q{quotation.number}»"

"""What a hosted model is asked: the whole article in one question a task, with one form of answer for all articles.

A text longer than `llm_extract.windows.WINDOW_CHARS` is asked about window by window.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, StringConstraints

from llm_extract.errors import ModelRefusedError, UnusableAnswerError
from llm_extract.numbering import Sentence
from llm_extract.prompts import load, nonce
from llm_extract.reading import Ask, ClaimReading, MeetingReading, Prepared, Question, QuoteReading
from llm_extract.schema import MeetingKind, MeetingStatus, Stance
from llm_extract.windows import marked, quotations_in, windows

__all__ = ["Meetings", "Quotations", "Reported", "SaidOfIt", "SpokenBy", "ask_meetings", "ask_quotes"]

T = TypeVar("T", bound=BaseModel)

Name = Annotated[str, StringConstraints(strip_whitespace=True)]
"""A name or phrase of the article; that it is one is checked afterwards, for the form is the same for all articles."""

_MAX_TOKENS = 8_000
"""Far above what numbers and names need; an answer that rambles this long is no use."""
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
    for window in windows(prepared.numbered):
        known = {q.number for q in quotations_in(prepared.numbered, window)}
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
    for window in windows(prepared.numbered):
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
        "numbered": marked(prepared.numbered, window),
        "published": prepared.article.published,
    }
    first = await ask(Question(load(task.prompt), {**variables, "problems": []}, task.form, _MAX_TOKENS, task.check))
    unknown = [name for name in dict.fromkeys(task.names(first)) if not prepared.contains(name)]
    if not unknown:
        return first
    problems = [name if len(name) <= _MAX_LISTED_CHARS else f"{name[:_MAX_LISTED_CHARS]}…" for name in unknown[:_MAX_LISTED]]
    try:
        return await ask(Question(load(task.prompt), {**variables, "problems": problems}, task.form, _MAX_TOKENS, task.check))
    except (UnusableAnswerError, ModelRefusedError):
        return first


def _refuse(numbers: Iterable[int], known: set[int], what: str, letter: str) -> None:
    unknown = sorted(set(numbers) - known)
    if unknown:
        listed = ", ".join(f"{letter}{number}" for number in unknown)
        msg = f"there is no {what} {listed}; use numbers from {letter}{min(known)} to {letter}{max(known)}"
        raise ValueError(msg)

"""What a hosted model is asked: the whole article in one question a task, with one form of answer for all articles.

A text longer than `llm_extract.windows.WINDOW_CHARS` is asked about window by window.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from llm_extract.errors import ModelRefusedError, UnusableAnswerError
from llm_extract.forms import form_of
from llm_extract.numbering import Sentence
from llm_extract.outlines import outline, purpose
from llm_extract.prompts import load, nonce
from llm_extract.reading import Ask, ClaimReading, MeetingReading, Prepared, Question, QuoteReading
from llm_extract.schema import Meeting, MeetingKind, MeetingStatus, Quote, Stance
from llm_extract.windows import marked, quotations_in, windows

__all__ = ["MEETINGS", "QUOTES", "ask_meetings", "ask_quotes"]

_MAX_TOKENS = 8_000
"""Far above what numbers and names need; an answer that rambles this long is no use."""
_MAX_LISTED = 20
_MAX_LISTED_CHARS = 100
"""How many unknown names, and how much of each, a second question lists."""


MEETINGS, QUOTES = form_of(Meeting), form_of(Quote)
"""The forms of the answers, made of the models as those of any other schema."""


@dataclass(frozen=True)
class _Task:
    """What one task asks of each window."""

    prompt: str
    model: type[BaseModel]
    check: Callable[[Any], None]
    """Refuses numbers that the window does not have."""
    names: Callable[[Any], list[str]]
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
        answer = await _ask(prepared, ask, _Task("quotes_hosted", Quote, _refusing_quotations(known), _names_of_speakers), window)
        for quote in answer.records:
            for number in quote.segments if quote.speaker else ():
                readings.setdefault(number, QuoteReading(number, quote.speaker, None, quote.addressee))
    return [readings[number] for number in sorted(readings)]


async def ask_meetings(prepared: Prepared, ask: Ask) -> list[MeetingReading]:
    """Ask for all meetings of a window at once; what two windows tell of one meeting is for `merge` to join."""
    readings: list[MeetingReading] = []
    for window in windows(prepared.numbered):
        known = {sentence.number for sentence in window}
        answer = await _ask(prepared, ask, _Task("meetings_hosted", Meeting, _refusing_sentences(known), _names_in), window)
        readings += [_reading(meeting) for meeting in answer.records]
    return readings


def _reading(meeting: Any) -> MeetingReading:  # noqa: ANN401  a form made of `Meeting`
    return MeetingReading(
        sentences=tuple(sorted(set(meeting.evidence))),
        participants=tuple(name for name in meeting.participants if name),
        status=MeetingStatus(meeting.status),
        kind=MeetingKind(meeting.kind),
        when=meeting.when,
        place=meeting.place,
        event=meeting.event,
        topics=tuple(topic for topic in meeting.topics if topic),
        claims=tuple(ClaimReading(c.by, Stance(c.stance), c.evidence) for c in meeting.claims if c.by),
    )


def _refusing_quotations(known: set[int]) -> Callable[[Any], None]:
    def check(answer: Any) -> None:  # noqa: ANN401  a form made of `Quote`
        _refuse((number for quote in answer.records for number in quote.segments), known, "quotation", "Q")

    return check


def _refusing_sentences(known: set[int]) -> Callable[[Any], None]:
    def check(answer: Any) -> None:  # noqa: ANN401  a form made of `Meeting`
        for meeting in answer.records:
            _labels(meeting)
            _refuse([*meeting.evidence, *(claim.evidence for claim in meeting.claims)], known, "sentence", "S")

    return check


def _labels(meeting: Any) -> None:  # noqa: ANN401  a form made of `Meeting`
    """Refuse what is no label."""
    stances = ((Stance, claim.stance, "stance") for claim in meeting.claims)
    for kind, value, field in ((MeetingStatus, meeting.status, "status"), (MeetingKind, meeting.kind, "kind"), *stances):
        if value not in set(kind):
            msg = f"{field}: {value!r} is none of {', '.join(kind)}"
            raise ValueError(msg)


def _names_of_speakers(answer: Any) -> list[str]:  # noqa: ANN401  a form made of `Quote`
    return [name for quote in answer.records for name in (quote.speaker, quote.addressee) if name]


def _names_in(answer: Any) -> list[str]:  # noqa: ANN401  a form made of `Meeting`
    """Return what the article must contain; topics are not worth a second question, one that it does not contain is left out."""
    names = [n for m in answer.records for n in (*m.participants, m.when, m.place, m.event, *(c.by for c in m.claims))]
    return [name for name in names if name]


async def _ask(prepared: Prepared, ask: Ask, task: _Task, window: Sequence[Sentence]) -> Any:  # noqa: ANN401  a form made of a model
    """Ask, and ask once more where the answer names what the article does not contain; what remains is flagged later.

    Where no use can be made of the second answer, the first one, which was paid for, stands.
    """
    form = form_of(task.model)
    variables = {
        "purpose": purpose(task.model),
        "fields": outline(task.model),
        "nonce": nonce(prepared.article.sha256, prepared.article.text),
        "numbered": marked(prepared.numbered, window),
        "published": prepared.article.published,
    }
    first = await ask(Question(load(task.prompt), {**variables, "problems": []}, form, _MAX_TOKENS, task.check))
    unknown = [name for name in dict.fromkeys(task.names(first)) if not prepared.contains(name)]
    if not unknown:
        return first
    problems = [name if len(name) <= _MAX_LISTED_CHARS else f"{name[:_MAX_LISTED_CHARS]}…" for name in unknown[:_MAX_LISTED]]
    try:
        return await ask(Question(load(task.prompt), {**variables, "problems": problems}, form, _MAX_TOKENS, task.check))
    except (UnusableAnswerError, ModelRefusedError):
        return first


def _refuse(numbers: Iterable[int], known: set[int], what: str, letter: str) -> None:
    unknown = sorted(set(numbers) - known)
    if unknown:
        listed = ", ".join(f"{letter}{number}" for number in unknown)
        msg = f"there is no {what} {listed}; use numbers from {letter}{min(known)} to {letter}{max(known)}"
        raise ValueError(msg)

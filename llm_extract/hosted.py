"""What a hosted model is asked: the whole article in one question a task, with one form of answer for all articles."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, create_model, model_validator

from llm_extract.prompts import nonce
from llm_extract.reading import Ask, ClaimReading, MeetingReading, Prepared, Question, QuoteReading
from llm_extract.schema import MeetingKind, MeetingStatus, Stance

__all__ = ["ask_meetings", "ask_quotes"]

T = TypeVar("T", bound=BaseModel)

_MAX_TOKENS = 8_000
"""Far above what numbers and names need; an answer that rambles this long is no use."""


class _Answer(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SpokenBy(_Answer):
    """Whose words a quotation holds."""

    quotation: int
    speaker: str | None
    addressee: str | None


class Quotations(_Answer):
    """The answer about quotes."""

    quotations: list[SpokenBy]


class SaidOfIt(_Answer):
    """A claim."""

    by: str
    stance: Stance
    sentence: int


class Reported(_Answer):
    """A meeting."""

    participants: list[str]
    status: MeetingStatus
    kind: MeetingKind
    when: str | None
    place: str | None
    event: str | None
    topics: list[str]
    claims: list[SaidOfIt]
    sentences: list[int]


class Meetings(_Answer):
    """The answer about meetings."""

    meetings: list[Reported]


async def ask_quotes(prepared: Prepared, ask: Ask) -> list[QuoteReading]:
    """Ask whose words the quotations are, all at once; an article without any costs no question."""
    quotations = [q for q in prepared.numbered.quotations if not q.furniture]
    if not quotations:
        return []
    known = {q.number for q in quotations}

    def check(answer: Quotations) -> None:
        _refuse((a.quotation for a in answer.quotations), known, "quotation", "Q")

    answer = await _ask(prepared, ask, "quotes_hosted", Quotations, check, lambda a: [n for q in a.quotations for n in (q.speaker, q.addressee) if n])
    spoken = {a.quotation: a for a in answer.quotations if a.speaker}
    return [QuoteReading(q, a.speaker, None, a.addressee) for q, a in sorted(spoken.items())]


async def ask_meetings(prepared: Prepared, ask: Ask) -> list[MeetingReading]:
    """Ask for all meetings at once."""
    known = {s.number for s in prepared.numbered.sentences if not s.furniture}
    if not known:
        return []

    def check(answer: Meetings) -> None:
        for meeting in answer.meetings:
            _refuse([*meeting.sentences, *(c.sentence for c in meeting.claims)], known, "sentence", "S")
            if not meeting.sentences or not meeting.participants:
                msg = "every meeting needs participants and the numbers of the sentences that report it"
                raise ValueError(msg)

    answer = await _ask(prepared, ask, "meetings_hosted", Meetings, check, _names_in)
    return [
        MeetingReading(
            sentences=tuple(sorted(set(m.sentences))),
            participants=tuple(m.participants),
            status=m.status,
            kind=m.kind,
            when=m.when,
            place=m.place,
            event=m.event,
            topics=tuple(m.topics),
            claims=tuple(ClaimReading(c.by, c.stance, c.sentence) for c in m.claims),
        )
        for m in answer.meetings
    ]


def _names_in(answer: Meetings) -> list[str]:
    names = [n for m in answer.meetings for n in (*m.participants, m.when, m.place, m.event, *m.topics, *(c.by for c in m.claims))]
    return [name for name in names if name]


async def _ask(
    prepared: Prepared, ask: Ask, prompt: str, form: type[T], check: Callable[[T], None], names: Callable[[T], list[str]]
) -> T:
    """Ask, and ask once more where the answer names what the article does not contain; what remains is flagged later."""
    answer: type[T] = _checked(form, check)
    variables = {
        "nonce": nonce(prepared.article.sha256, prepared.article.text),
        "numbered": _marked(prepared),
        "published": prepared.article.published,
    }
    first = await ask(Question(prompt, {**variables, "problems": []}, answer, _MAX_TOKENS))
    unknown = [name for name in dict.fromkeys(names(first)) if not prepared.contains(name)]
    if not unknown:
        return first
    return await ask(Question(prompt, {**variables, "problems": unknown}, answer, _MAX_TOKENS))


def _checked(form: type[T], check: Callable[[T], None]) -> type[T]:
    """Return the same form, same name and schema, that also refuses numbers which the article does not have."""

    def refuse(self: T) -> T:
        check(self)
        return self

    return create_model(form.__name__, __base__=form, __doc__=form.__doc__, __validators__={"refuse": model_validator(mode="after")(refuse)})  # type: ignore[call-overload,no-any-return]  # pydantic's overloads know no validators beside a base


def _refuse(numbers: Iterable[int], known: set[int], what: str, letter: str) -> None:
    unknown = sorted(set(numbers) - known)
    if unknown:
        listed = ", ".join(f"{letter}{number}" for number in unknown)
        msg = f"there is no {what} {listed}; use numbers from {letter}{min(known)} to {letter}{max(known)}"
        raise ValueError(msg)


def _marked(prepared: Prepared) -> str:
    """Return the story with its sentences and quotations numbered, site furniture left out."""
    text = prepared.article.text
    marks = [(s.start, f"[S{s.number}] ", 1) for s in prepared.numbered.sentences if not s.furniture]
    for quotation in prepared.numbered.quotations:
        marks += [(quotation.opening, f"«Q{quotation.number}»", 2), (quotation.closing, f"«/Q{quotation.number}»", 0)]
    marks.sort(key=lambda mark: (mark[0], mark[2]))
    parts, paragraph = [], 0
    for sentence in (s for s in prepared.numbered.sentences if not s.furniture):
        parts.append("" if not parts else " " if sentence.paragraph == paragraph else "\n\n")
        paragraph = sentence.paragraph
        position = sentence.start
        for offset, mark, rank in marks:
            if sentence.start <= offset < sentence.end or (offset == sentence.end and rank == 0):
                parts += [text[position:offset], mark]
                position = offset
        parts.append(text[position : sentence.end])
    return "".join(parts)

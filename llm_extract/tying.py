"""Ties what a model answered to the article: numbers and words become slices, dates and names are read, and the record is judged."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from llm_extract import dates, expressions
from llm_extract.completions import problems_in
from llm_extract.dating import day_at
from llm_extract.forms import RECORDS, SENTENCES, evidence_of, option_of
from llm_extract.grounding import Derived, Uncited, Verbatim
from llm_extract.numbering import Quotation, Sentence
from llm_extract.phrases import dateline_end
from llm_extract.reading import Prepared
from llm_extract.resolve import Resolver
from llm_extract.schema import ExtractionWarning, Span
from llm_extract.schemas import Schema
from llm_extract.shapes import Field, Shape, Sort, bare
from llm_extract.slices import slices

__all__ = ["Tied", "Tier"]

M = TypeVar("M", bound=BaseModel)

_NOTHING = object()
"""Stands for what the answer does not give, or what is refused."""
_SAYS_NONE = frozenset({"", "n/a", "none", "not specified", "null", "unknown"})
"""What small models write into a string where they mean that there is none."""
_SHOWN_CHARS = 80


@dataclass(frozen=True)
class Tied(Generic[M]):
    """A record, and the sentences that it rests on."""

    record: M
    evidence: tuple[Verbatim, ...]


@dataclass
class Tier(Generic[M]):
    """Ties the answers about one window of an article.

    Args:
        schema: Of the records.
        prepared: The article.
        window: The sentences that were shown.
        quotations: Those that were shown.
        uncited: What becomes of a value that rests on nothing.
    """

    schema: Schema[M]
    prepared: Prepared
    window: Sequence[Sentence]
    quotations: Sequence[Quotation]
    uncited: Uncited
    problems: list[str] = field(default_factory=list)
    """What is wrong with the answer, in words that help the model to do better."""
    warnings: list[ExtractionWarning] = field(default_factory=list)
    """The same for who uses the result."""
    _near: list[tuple[int, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._resolver = Resolver(self.prepared)
        self._sentence = {sentence.number: sentence for sentence in self.window}

    def tie(self, answer: BaseModel) -> list[Tied[M]]:
        """Return the records of an answer that hold; what does not is in `problems` and `warnings`."""
        return [tied for record in getattr(answer, RECORDS) if (tied := self._tied(record)) is not None]

    def _tied(self, answer: BaseModel) -> Tied[M] | None:
        evidence = self._evidence(answer)
        self._near = [(words.start or 0, words.end or 0) for words in [*evidence, *self._pointed_within(answer)]]
        if not evidence:
            self._problem("uncited", f"a {self.schema.name} names no sentence that reports it")
            if self.uncited is Uncited.REFUSE:
                return None
        data = self._record(answer, self.schema.shape, self.schema.name)
        try:
            record = self.schema.model.model_validate(data, by_name=True)
        except ValidationError as error:
            self._problem("dropped_record", f"{self.schema.name}: {problems_in(error)}")
            return None
        return Tied(record, evidence or tuple(self._anywhere(record)))

    def _evidence(self, answer: BaseModel) -> tuple[Verbatim, ...]:
        field = evidence_of(self.schema.shape)
        if field is None:
            return self._sentences(answer, self.schema.name)
        numbers = getattr(answer, field.name)
        if field.shape.inner.sort is Sort.QUOTATION:
            return tuple(words for number in numbers for words in self._known_quotations(number))
        return tuple(self._known_sentences(sorted(set(numbers))))

    def _pointed_within(self, answer: BaseModel) -> Iterator[Verbatim]:
        for value in dict(answer).values():
            for part in value if isinstance(value, list) else [value]:
                if isinstance(part, BaseModel):
                    yield from self._pointed_within(part)
                    yield from self._known_sentences(getattr(part, SENTENCES, []))

    def _record(self, answer: BaseModel, shape: Shape, place: str) -> dict[str, object]:
        found: dict[str, object] = {}
        for one in shape.fields:
            value = self._derived(one, found) if one.derived else self._field(getattr(answer, one.name), one, f"{place}.{one.name}")
            if value is not _NOTHING:
                found[one.name] = value
        return found

    def _field(self, answer: object, of: Field, place: str) -> object:
        if answer is None or self._says_none(answer, of):
            return None if of.shape.optional else _NOTHING
        value = self._value(answer, of.shape, place)
        return None if value is _NOTHING and of.shape.optional else value

    def _says_none(self, answer: object, of: Field) -> bool:
        may_be_none = of.shape.points and (of.shape.optional or not of.required)
        return may_be_none and isinstance(answer, str) and answer.casefold() in _SAYS_NONE and not self.prepared.contains(answer)

    def _value(self, answer: Any, shape: Shape, place: str) -> object:  # noqa: ANN401  what a form holds
        match shape.sort:
            case Sort.LIST:
                values = [self._value(item, shape.inner, place) for item in answer if item is not None]
                return [value for value in values if value is not _NOTHING]
            case Sort.RECORD | Sort.UNION:
                return self._model(answer, option_of(answer, shape), place)
            case Sort.CITED:
                return self._cited(answer, shape, place)
            case Sort.PLAIN:
                return answer
        value = self._simple[shape.sort](answer, place)
        return _span(value) if isinstance(value, Verbatim) and bare(shape.annotation) is Span else value

    def _model(self, answer: BaseModel, shape: Shape, place: str) -> object:
        """Judge a part by itself, so that a bad one of several does not take the others with it."""
        data = self._record(answer, shape, place)
        try:
            return shape.annotation.model_validate(data, by_name=True)
        except ValidationError as error:
            self._problem("dropped_part", f"{place}: {problems_in(error)}")
            return _NOTHING

    def _cited(self, answer: Any, shape: Shape, place: str) -> object:  # noqa: ANN401  what a form holds
        value = self._value(answer.value, shape.inner, place) if answer.value is not None else None
        if value is _NOTHING or (value is None and not shape.inner.optional):
            return _NOTHING
        evidence = self._sentences(answer, place)
        if not evidence:
            self._problem("uncited", f"{place}: {_shown(answer.value)} rests on no sentence")
            if self.uncited is Uncited.REFUSE:
                return _NOTHING
        return {"value": value, "evidence": evidence}

    @property
    def _simple(self) -> dict[Sort, Callable[[Any, str], object]]:
        return {
            Sort.WORDS: self._words,
            Sort.PARTY: self._party,
            Sort.DATE: self._date,
            Sort.SENTENCE: lambda number, place: self._numbered(self._known_sentences([number]), f"{place}: no sentence S{number}"),
            Sort.QUOTATION: lambda number, place: self._numbered(self._known_quotations(number), f"{place}: no quotation Q{number}"),
        }

    def _words(self, words: str, place: str) -> object:
        position = self.prepared.position_of(words, self._near)
        if position is None:
            self._problem("unknown_words", f"{place}: the article does not contain {_shown(words)}")
            return _NOTHING
        return self._slice(*position)

    def _party(self, name: str, place: str) -> object:
        party = self._resolver.party(name, self._near)
        if party.mention is None:
            self._problem("unknown_name", f"{place}: the article does not contain {_shown(name)}")
            return party if self.uncited is Uncited.FLAG and name else _NOTHING
        return party

    def _date(self, words: str, place: str) -> object:
        """Read the article's words.

        A date that the model worked out itself, as small ones do whatever they are told, is only a hint at one in the record's sentences:
        at the one that it is, else at the only one that there is.
        """
        if worked_out := _edtf(words):
            days = {day for day in self._days_near() if day}
            if worked_out in days or len(days) == 1:
                return worked_out if worked_out in days else days.pop()
        if not self.prepared.contains(words):
            self._problem("unknown_words", f"{place}: the article does not contain {_shown(words)}")
            return _NOTHING
        date = self._day(words)
        if date is None:
            self._problem("unknown_date", f"{place}: {_shown(words)} is no date that can be told")
            return _NOTHING
        return date

    def _days_near(self) -> Iterator[str | None]:
        """Yield the days of the dates in the record's sentences, but not that of a dateline, which says when was reported."""
        text = self.prepared.article.text
        for start, end in self._near:
            after = dateline_end(text, start)
            for mention in expressions.find_dates(text[after:end]):
                yield day_at(self.prepared, after + mention.start, after + mention.end)

    def _day(self, words: str) -> str | None:
        place = self.prepared.position_of(words, self._near)
        return (place and day_at(self.prepared, *place)) or _edtf(words)

    def _derived(self, of: Field, found: dict[str, object]) -> object:
        derived = of.derived or Derived()
        if derived.prefix:
            return derived.prefix  # its number is known when all records are
        source = found.get(derived.source) if derived.source else None
        words = source.text if isinstance(source, Span) else source
        return (self._day(words) or _NOTHING) if isinstance(words, str) else _NOTHING

    def _sentences(self, answer: BaseModel, place: str) -> tuple[Verbatim, ...]:
        numbers = list(dict.fromkeys(getattr(answer, SENTENCES)))
        found = tuple(self._known_sentences(sorted(numbers)))
        if len(found) < len(numbers):
            known = self._sentence
            unknown = ", ".join(f"S{number}" for number in numbers if number not in known)
            self._problem("unknown_sentence", f"{place}: there is no sentence {unknown}; they are S{min(known)} to S{max(known)}")
        return found

    def _known_sentences(self, numbers: Sequence[int]) -> list[Verbatim]:
        known = self._sentence
        return [self._slice(known[number].start, known[number].end) for number in numbers if number in known]

    def _known_quotations(self, number: int) -> list[Verbatim]:
        return [self._slice(one.start, one.end) for one in self.quotations if one.number == number]

    def _numbered(self, found: Sequence[Verbatim], problem: str) -> object:
        if not found:
            self._problem("unknown_number", problem)
        return found[0] if found else _NOTHING

    def _anywhere(self, record: BaseModel) -> Iterator[Verbatim]:
        """Yield the sentences in which the words of a record stand, for one that names none."""
        numbered = self.prepared.numbered
        found = {numbered.sentence_at(span.start) for _, span in slices(record.model_dump(mode="json"))}
        yield from (self._slice(sentence.start, sentence.end) for sentence in sorted(found))

    def _slice(self, start: int, end: int) -> Verbatim:
        return Verbatim(self.prepared.article.text[start:end], start)

    def _problem(self, code: str, what: str) -> None:
        self.problems.append(what)
        self.warnings.append(ExtractionWarning(code=code, message=f"{what[:1].upper()}{what[1:]}."))


def _span(words: Verbatim) -> Span:
    start = words.start or 0
    return Span(start=start, end=start + len(words), text=str(words))


def _edtf(words: str) -> str | None:
    try:
        return dates.validate(words.strip())
    except ValueError:
        return None


def _shown(value: object) -> str:
    written = str(getattr(value, "value", value))
    return repr(written if len(written) <= _SHOWN_CHARS else f"{written[:_SHOWN_CHARS]}…")

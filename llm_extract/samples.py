"""A schema's examples as the model sees them: checked against their texts, then shown as question and answer."""

from __future__ import annotations

import json
from typing import Any, TypeVar

from pydantic import BaseModel

from llm_extract import expressions
from llm_extract.dating import day_at
from llm_extract.errors import SchemaError
from llm_extract.forms import RECORDS, SENTENCES, evidence_of
from llm_extract.grounding import Cited
from llm_extract.numbering import Sentence
from llm_extract.reading import Prepared
from llm_extract.schema import Article, Party
from llm_extract.schemas import Example, Schema
from llm_extract.shapes import Field, Shape, Sort
from llm_extract.windows import marked

__all__ = ["Sample", "samples_of"]

M = TypeVar("M", bound=BaseModel)

_REMEDY = "Mend the example: whatever it points at must be in its text."


class Sample(BaseModel):
    """An example as the model sees it."""

    numbered: str
    """The text with its sentences numbered."""
    answer: str
    """The records in the form of an answer, in JSON."""


def samples_of(schema: Schema[M]) -> list[Sample]:
    """Return a schema's examples as the model sees them.

    Raises:
        SchemaError: An example points at what its text does not have; the message names the example and the field.
    """
    return [_Shown(example, f"Example {number} of {schema.name}").sample(schema) for number, example in enumerate(schema.examples, start=1)]


class _Shown:
    """One example, turned into question and answer."""

    def __init__(self, example: Example[M], name: str) -> None:
        self._example = example
        self._name = name
        self._prepared = Prepared(Article(text=example.text, published=example.day))
        self._resting: list[int] = []
        self._pointed: list[str] = []

    def sample(self, schema: Schema[M]) -> Sample:
        """Make it."""
        shown = marked(self._prepared.numbered, self._prepared.numbered.sentences, quotations=schema.marks_quotations)
        listed = [self._listed(schema.model.model_validate(record), schema) for record in self._example.records]
        return Sample(numbered=shown, answer=json.dumps({RECORDS: listed}, ensure_ascii=False, separators=(",", ":")))

    def _listed(self, record: BaseModel, schema: Schema[M]) -> dict[str, Any]:
        self._resting, self._pointed = [], []
        self._record(record, schema.shape, schema.name)  # to see what it points at, before a value without evidence needs it
        self._resting = reporting = self._reporting()
        shown = self._record(record, schema.shape, schema.name)
        return shown if evidence_of(schema.shape) else {SENTENCES: sorted(reporting), **shown}

    def _reporting(self) -> list[int]:
        """Return the fewest sentences that have all that a record points at, the one with most of it first; all where it points at none."""
        sentences = self._prepared.numbered.sentences
        open_words, chosen = set(self._pointed), list[int]()
        has = {one.number: {words for words in open_words if self._stands_in(words, one)} for one in sentences}
        while open_words and any(found & open_words for found in has.values()):
            best = max(has, key=lambda number: len(has[number] & open_words))
            chosen.append(best)
            open_words -= has[best]
        return chosen or [sentence.number for sentence in sentences]

    def _stands_in(self, words: str, sentence: Sentence) -> bool:
        place = self._prepared.position_of(words, [(sentence.start, sentence.end)])
        return place is not None and sentence.start <= place[0] < sentence.end

    def _record(self, record: BaseModel, shape: Shape, place: str) -> dict[str, Any]:
        return {one.name: self._field(getattr(record, one.name), one, f"{place}.{one.name}") for one in shape.fields if not one.derived}

    def _field(self, value: object, of: Field, place: str) -> Any:  # noqa: ANN401  JSON
        return None if value is None else self._value(value, of.shape, place)

    def _value(self, value: Any, shape: Shape, place: str) -> Any:  # noqa: ANN401, PLR0911  JSON; a case for each sort
        match shape.sort:
            case Sort.LIST:
                return [self._value(item, shape.inner, place) for item in value]
            case Sort.RECORD:
                return self._record(value, shape, place)
            case Sort.UNION:
                return self._record(value, _option(value, shape), place)
            case Sort.CITED:
                return self._cited(value, shape, place)
            case Sort.DATE:
                return self._date(value, place)
            case Sort.SENTENCE:
                return self._sentence(str(value), place).number
            case Sort.QUOTATION:
                return self._quotation(str(value), place)
            case Sort.WORDS | Sort.PARTY:
                return self._words(value.name if isinstance(value, Party) else str(getattr(value, "text", value)), place)
        return _json(value)

    def _cited(self, cited: Cited[Any], shape: Shape, place: str) -> dict[str, Any]:
        """Show a value; one without evidence rests on a sentence that has its number, else on the one that has most of its record."""
        numbers = [self._sentence(str(words), place).number for words in cited.evidence]
        return {"value": self._value(cited.value, shape.inner, place), SENTENCES: numbers or [self._resting_on(cited.value)]}

    def _resting_on(self, value: object) -> int:
        forms = [f"{value:g}", f"{value:,}"] if isinstance(value, (int, float)) and not isinstance(value, bool) else []
        all_numbers = {sentence.number: sentence for sentence in self._prepared.numbered.sentences}
        order = dict.fromkeys([*self._resting, *all_numbers])
        found = (number for number in order if any(self._stands_in(form, all_numbers[number]) for form in forms))
        return next(found, next(iter(order)))

    def _words(self, words: str, place: str) -> str:
        if not self._prepared.contains(words):
            raise SchemaError(f"{self._name} has {words!r} as {place}, which its text does not contain.", remedy=_REMEDY)
        self._pointed.append(words)
        return words

    def _date(self, edtf: str, place: str) -> str:
        """Return the words of the text that are this date."""
        for mention in expressions.find_dates(self._example.text):
            if day_at(self._prepared, mention.start, mention.end) == edtf:
                self._pointed.append(mention.text)
                return mention.text
        what = f"{self._name} has {edtf} as {place}, but no date in its text is that one"
        raise SchemaError(f"{what}{'' if self._example.day else ' without a day of publication'}.", remedy=_REMEDY)

    def _sentence(self, words: str, place: str) -> Sentence:
        where = self._prepared.position_of(self._words(words, place)) or (0, 0)
        return self._prepared.numbered.sentence_at(where[0])

    def _quotation(self, words: str, place: str) -> int:
        for quotation in self._prepared.numbered.quotations:
            if words.strip("“”\"‘’'«»") == self._example.text[quotation.start : quotation.end]:
                return quotation.number
        raise SchemaError(f"{self._name} has {words!r} as {place}, which no quotation of its text holds.", remedy=_REMEDY)


def _option(value: BaseModel, shape: Shape) -> Shape:
    return next(option for option in shape.options if isinstance(value, option.annotation))


def _json(value: Any) -> Any:  # noqa: ANN401  JSON
    from pydantic_core import to_jsonable_python

    return to_jsonable_python(value)

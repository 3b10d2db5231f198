"""The form of an answer, made of a record's model: where the record has a slice of the article, the answer has a number or a few words."""

from __future__ import annotations

import functools
from enum import StrEnum
from typing import Annotated, Any, Union

from pydantic import BaseModel, ConfigDict, StringConstraints, WrapValidator, create_model
from pydantic import Field as Described

from llm_extract.answer_form import CHOICES
from llm_extract.shapes import Field, Shape, Sort, shape_of

__all__ = ["RECORDS", "SENTENCES", "Choices", "evidence_of", "form_of", "option_of"]

RECORDS = "records"
"""The field of an answer that holds the records."""
SENTENCES = "sentences"
"""The field of a record's form that holds the numbers of the sentences that it rests on."""


_EVIDENCE = {"evidence": Sort.SENTENCE, "segments": Sort.QUOTATION}


class Choices(StrEnum):
    """What the model may choose from where a form is narrowed to one passage of one article."""

    SENTENCES = "sentences"
    QUOTATIONS = "quotations"


# What the model writes is judged once, with the whole record, so that one bad value does not make an answer of many records unreadable.
_UNCHECKED = WrapValidator(lambda value, _: value)


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid")


def _of(choices: Choices) -> Any:  # noqa: ANN401  a mark for pydantic
    return Described(json_schema_extra={CHOICES: choices.value})


_Words = Annotated[str, StringConstraints(strip_whitespace=True)]
_SentenceNumber = Annotated[int, _of(Choices.SENTENCES)]
_SIMPLE: dict[Sort, Any] = {
    Sort.WORDS: _Words,
    Sort.PARTY: _Words,
    Sort.DATE: _Words,
    Sort.SENTENCE: _SentenceNumber,
    Sort.QUOTATION: Annotated[int, _of(Choices.QUOTATIONS)],
}


@functools.lru_cache(maxsize=64)
def form_of(model: type[BaseModel], *, most: int | None = None) -> type[BaseModel]:
    """Return the form of an answer that lists records of a model.

    Every record has, first of all, the numbers of the sentences that report it, unless its model has a field for what it rests on.

    Args:
        model: The model of the records.
        most: How many records at most; None: any number.

    Raises:
        SchemaError: See `llm_extract.shapes.shape_of`.
    """
    shape = shape_of(model)
    record = _record(shape, sentences=evidence_of(shape) is None)
    listed: Any = Annotated[list[record], Described(json_schema_extra={"maxItems": most})] if most else list[record]  # type: ignore[valid-type]  # made here
    fields: dict[str, Any] = {RECORDS: (listed, ...)}
    form: type[BaseModel] = create_model(f"{model.__name__}s", __base__=_Form, **fields)
    return form


def evidence_of(shape: Shape) -> Field | None:
    """Return the field of a record that holds what it rests on; None: there is none.

    It is a list of sentences that is called `evidence`, or of quotations that is called `segments`.
    """
    lists = (field for field in shape.fields if field.shape.sort is Sort.LIST)
    return next((field for field in lists if _EVIDENCE.get(field.name) is field.shape.inner.sort), None)


def option_of(answer: BaseModel, shape: Shape) -> Shape:
    """Return which record of a union an answer is."""
    if shape.sort is not Sort.UNION:
        return shape
    return next(option for option in shape.options if option.annotation.__name__ == type(answer).__name__)


def _record(shape: Shape, *, sentences: bool = False) -> Any:  # noqa: ANN401  a type
    fields: dict[str, Any] = {SENTENCES: (list[_SentenceNumber], ...)} if sentences else {}
    fields |= {field.name: (_type_of(field), ...) for field in shape.fields if not field.derived}
    return create_model(shape.annotation.__name__, __base__=_Form, **fields)


def _type_of(field: Field) -> Any:  # noqa: ANN401  a type
    made = _type(field.shape)
    return made if field.required or field.shape.optional or field.shape.sort is Sort.LIST else made | None


def _type(shape: Shape) -> Any:  # noqa: ANN401  a type
    made: Any
    if shape.sort in _SIMPLE:
        made = _SIMPLE[shape.sort]
    elif shape.sort is Sort.RECORD:
        made = _record(shape)
    elif shape.sort is Sort.LIST:
        made = list[_type(shape.inner)]  # type: ignore[misc]  # made here
    elif shape.sort is Sort.UNION:
        made = Union[tuple(_type(option) for option in shape.options)]  # noqa: UP007  made of a tuple
    elif shape.sort is Sort.CITED:
        made = create_model("Cited", __base__=_Form, value=(_type(shape.inner), ...), sentences=(list[_SentenceNumber], ...))
    else:
        made = Annotated[shape.annotation, _UNCHECKED]
    return made | None if shape.optional else made

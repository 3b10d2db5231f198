"""What ties a field to the article: the types with which a schema says how the model is to point at the text.

`llm_extract.schema` makes meetings and quotes of them, and a user's own model is made of the same:

| a field of this type | the model answers with | the result holds |
|---|---|---|
| `Verbatim`, or `Span` | a few words of the article | the slice that has them |
| `Sentence` | a sentence's number | the sentence |
| `Quotation` | the number of a quotation | the words inside the marks |
| `Party` | a name | its fullest form, office and affiliation, and where it stands |
| `EdtfDate` | the date as the article writes it | the date in EDTF, counted from the day of publication |
| `Cited[T]` | a T, and the numbers of sentences | the T, and the sentences |
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Annotated, Any, Generic, Self, TypeVar

from pydantic import ConfigDict, GetCoreSchemaHandler, GetJsonSchemaHandler, model_validator
from pydantic_core import core_schema

from llm_extract.described import Described

__all__ = ["Cited", "Derived", "Pointing", "Quotation", "Sentence", "Uncited", "Verbatim"]

T = TypeVar("T")

_OFFSETS = ("start", "end", "text")


class Pointing(Enum):
    """How the model points at the text of the article."""

    WORDS = "words"
    SENTENCE = "sentence"
    QUOTATION = "quotation"
    DATE = "date"


@dataclass(frozen=True)
class Derived:
    """Marks a field that the model is not asked for.

    Args:
        source: Name of a field before it, of words: the date that they say is filled in.
        prefix: The record's number in its article is filled in, after this. With neither, the field keeps its default.
    """

    source: str | None = None
    prefix: str = ""


class Uncited(StrEnum):
    """What becomes of a value that rests on nothing in the article."""

    REFUSE = "refuse"
    """It is left out, and a warning says so; a record that can't be without it is left out too."""
    FLAG = "flag"
    """It stays without evidence, and a warning says so."""


class Verbatim(str):  # noqa: SLOT000  copy and pickle keep the place in __dict__
    """Words of the article: a string that knows where it stands.

    In a result `article.text[words.start:words.end] == words`, always. In JSON it is `{"start": …, "end": …, "text": …}`. In an example
    or in gold it may be a plain string, which has no place of its own: `start` is None.

    Args:
        text: The words.
        start: First code point in the article.

    Example:
        >>> Verbatim("Riga", 20).end
        24
    """

    start: int | None

    def __new__(cls, text: str, start: int | None = None) -> Self:
        """Make it of the words and their place."""
        words = super().__new__(cls, text)
        words.start = start
        return words

    @property
    def end(self) -> int | None:
        """One past the last code point; None without a place."""
        return None if self.start is None else self.start + len(self)

    def __getnewargs__(self) -> tuple[str, int | None]:  # type: ignore[override]  # str's own knows no place
        return str(self), self.start

    def __repr__(self) -> str:
        place = "" if self.start is None else f", {self.start}"
        return f"Verbatim({str(self)!r}{place})"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(
            _verbatim, serialization=core_schema.plain_serializer_function_ser_schema(_placed_words, when_used="always")
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        place = {"type": "integer", "minimum": 0}
        return {
            "type": "object",
            "properties": {"start": place, "end": place, "text": {"type": "string"}},
            "required": list(_OFFSETS),
            "additionalProperties": False,
        }


def _verbatim(value: object) -> Verbatim:
    if isinstance(value, Verbatim):
        return value
    if isinstance(value, str):
        return Verbatim(value)
    parts = value if isinstance(value, Mapping) else {name: getattr(value, name, None) for name in _OFFSETS}
    start, end, text = (parts.get(name) for name in _OFFSETS)
    if not isinstance(text, str) or not isinstance(start, int) or start < 0 or end != start + len(text):
        msg = "words of the article are a string, or start, end and text that agree"
        raise ValueError(msg)
    return Verbatim(text, start)


def _placed_words(words: Verbatim) -> object:
    return str(words) if words.start is None else {"start": words.start, "end": words.end, "text": str(words)}


Sentence = Annotated[Verbatim, Pointing.SENTENCE]
"""A sentence of the article, which the model points at by its number."""

Quotation = Annotated[Verbatim, Pointing.QUOTATION]
"""Words inside quotation marks, which the model points at by their number."""


class Cited(Described, Generic[T]):
    """A value that must rest on sentences of the article.

    One that rests on none is left out or flagged (`Settings.uncited`). What an example or gold gives without evidence is the bare value.

    Example:
        >>> Cited[int](value=300).value
        300
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    value: T
    """The value."""
    evidence: tuple[Sentence, ...] = ()
    """The sentences that it rests on."""

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, data: object) -> object:
        if isinstance(data, Cited) or (isinstance(data, Mapping) and "value" in data):
            return data
        return {"value": data}

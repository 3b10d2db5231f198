"""The public models: articles, and the meetings and quotes found in them.

Offsets are half-open and count Unicode code points of `Article.text`. For every span that leaves the library
`article.text[span.start:span.end] == span.text`. The docstrings, field descriptions and label meanings here are the
words that the prompts use: changing one changes what the model is asked.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Self, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue, computed_field, model_validator

from llm_extract import dates
from llm_extract.described import Described
from llm_extract.grounding import Derived, Pointing

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

__all__ = [
    "SCHEMA_VERSION",
    "Article",
    "ArticleReference",
    "Claim",
    "EdtfDate",
    "Extraction",
    "ExtractionWarning",
    "Label",
    "Meeting",
    "MeetingKind",
    "MeetingStatus",
    "Party",
    "Quote",
    "QuoteKind",
    "Record",
    "Span",
    "Stance",
    "Usage",
]

M = TypeVar("M", bound=BaseModel)

SCHEMA_VERSION = "1"
"""Version of the result's form; it changes when a reader of older results would misread newer ones."""

EdtfDate = Annotated[str, AfterValidator(dates.validate), Pointing.DATE]
"""A date, month, year or interval in EDTF (ISO 8601-2), such as `2018-07` or `2019-06-28/2019-06-29`."""


class _Model(Described):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Label(StrEnum):
    """A label whose `meaning` is what the model is told that it means."""

    meaning: str

    def __new__(cls, value: str, meaning: str = "") -> Self:
        """Make the member from its value and its meaning."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.meaning = meaning
        return member


class MeetingStatus(Label):
    """How settled a meeting is, as of publication and on the whole of the article."""

    HELD = "held", "it took place or is taking place"
    PLANNED = "planned", "settled: the article or both sides state that it will take place"
    TENTATIVE = "tentative", "expected, proposed, hoped for or disputed: not settled"
    CANCELLED = "cancelled", "it had been planned and was called off"
    RULED_OUT = "ruled_out", "a side that decides says that it will not take place, or it was never planned"


class MeetingKind(Label):
    """The form that a meeting takes."""

    IN_PERSON = "in_person", "they sit down together: talks, a visit, a summit"
    ENCOUNTER = "encounter", "brief and informal: a handshake, a greeting, a pull-aside"
    CALL = "call", "by telephone or video"


class Stance(Label):
    """What somebody says about whether a meeting takes place."""

    CONFIRMS = "confirms", "says that it took or will take place"
    EXPECTS = "expects", "expects, hopes for or proposes it"
    UNCERTAIN = "uncertain", "says that it is not settled or not known"
    DENIES = "denies", "says that it did not or will not take place"


class QuoteKind(Label):
    """How words are reported, in the terms of the attribution literature (PARC 3.0)."""

    DIRECT = "direct", "whole sentences or clauses in quotation marks"
    MIXED = "mixed", "a part of a sentence in quotation marks, the rest in the reporter's words"
    INDIRECT = "indirect", "the reporter's words; what stands in quotation marks within them is a mixed quote of its own"


class Span(_Model):
    """A piece of the article: `article.text[start:end] == text`."""

    start: int = Field(ge=0)
    """First code point."""
    end: int = Field(ge=0)
    """One past the last code point."""
    text: str
    """The characters themselves."""

    @model_validator(mode="after")
    def _length_agrees(self) -> Self:
        if self.end - self.start != len(self.text):
            msg = f"a span from {self.start} to {self.end} can't hold {len(self.text)} characters"
            raise ValueError(msg)
        return self


class Article(_Model):
    """A news article, decoded once; its text is never changed afterwards."""

    text: str
    """The whole text, as stored."""
    id: str = ""
    """Its name in results; the first 16 digits of its SHA-256 where none is given."""
    published: dt.date | None = None
    """The day of publication, by which "on Monday" is understood."""
    title: str | None = None
    """The headline, where it is known apart from the text."""
    source: str | None = None
    """Who published it."""
    url: str | None = None
    """Where it was published."""

    @model_validator(mode="before")
    @classmethod
    def _name_it(cls, data: object) -> object:
        if isinstance(data, dict) and not data.get("id") and isinstance(data.get("text"), str):
            return {**data, "id": _digest(data["text"])[:16]}
        return data

    @computed_field  # type: ignore[prop-decorator]  # pydantic documents this order; mypy has no model of it
    @cached_property
    def sha256(self) -> str:
        """SHA-256 of the text in UTF-8, in hexadecimal."""
        return _digest(self.text)

    def span(self, start: int, end: int) -> Span:
        """Return the slice from `start` to `end`, half-open, in code points.

        Raises:
            ValueError: The offsets do not lie within the text, in this order.
        """
        if not 0 <= start <= end <= len(self.text):
            msg = f"no slice from {start} to {end} in a text of {len(self.text)} characters"
            raise ValueError(msg)
        return Span(start=start, end=end, text=self.text[start:end])


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


class ArticleReference(_Model):
    """Which article a result is about: everything of it but the text."""

    id: str
    sha256: str
    published: dt.date | None = None
    title: str | None = None
    source: str | None = None
    url: str | None = None

    @classmethod
    def of(cls, article: Article) -> Self:
        """Refer to `article`."""
        return cls.model_validate(article.model_dump(exclude={"text"}))


class Party(_Model):
    """A person, delegation or institution. What an example or gold gives may be the bare name."""

    name: str
    """The fullest form that the article uses, without title or role."""
    role: str | None = None
    """Office or title, as the article gives it, such as "Foreign Minister"."""
    affiliation: str | None = None
    """State or institution for which the party acts or speaks, as the article gives it."""
    mention: Span | None = None
    """Where the article has the name in this form; None where it does not have it, which a warning then says."""

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, data: object) -> object:
        return {"name": data} if isinstance(data, str) else data


class Quote(_Model):
    """Words that the article reports as somebody's."""

    id: Annotated[str, Derived(prefix="Q")]
    """Q1, Q2, … within its article, in the order of the text."""
    segments: tuple[Annotated[Span, Pointing.QUOTATION], ...] = Field(min_length=1)
    """The words, without quotation marks: one span, or several where a cue breaks the quotation."""
    speaker: Party | None = None
    """Whose words they are; None where the article does not tell."""
    cue: Annotated[Span | None, Derived()] = None
    """What introduces the words, such as "said" or "according to"; None where nothing does."""
    kind: Annotated[QuoteKind, Derived()]
    """How the words are reported."""
    addressee: Span | None = None
    """To whom or through which medium the words were said, such as "TASS"."""
    meeting: Annotated[str | None, Derived()] = None
    """`id` of the meeting that the words are about."""


class Claim(_Model):
    """What somebody says about whether a meeting takes place."""

    by: Party
    """Who says it."""
    stance: Stance
    """What they say."""
    evidence: Annotated[Span, Pointing.SENTENCE]
    """The sentence that reports it."""


class Meeting(_Model):
    """An occasion on which two or more named people, delegations or institutions talk to each other.

    Held, planned, hoped for, called off or ruled out. Each occasion counts once, however often it is mentioned. A formal
    meeting that was ruled out and a brief encounter that took place are two.
    """

    id: Annotated[str, Derived(prefix="M")]
    """M1, M2, … within its article, in the order of first mention."""
    participants: tuple[Party, ...]
    """Who meets."""
    status: MeetingStatus
    """How settled it is, as of publication."""
    kind: MeetingKind
    """The form that it takes."""
    when: Span | None = None
    """The date as the article writes it."""
    date: Annotated[EdtfDate | None, Derived("when")] = None
    """The date in EDTF; None where the article gives no clue."""
    place: Span | None = None
    """City, building or country."""
    event: Span | None = None
    """The summit, ceremony or visit that the meeting belongs to."""
    topics: tuple[Span, ...] = ()
    """What was or is to be talked about."""
    claims: tuple[Claim, ...] = ()
    """Who says what about its taking place."""
    evidence: tuple[Annotated[Span, Pointing.SENTENCE], ...] = Field(min_length=1)
    """The sentences that report it."""


class Record(_Model):
    """What was found of a schema of the user's own."""

    id: str
    """R1, R2, … within its article, in the order of the text."""
    kind: str
    """Name of the schema; see `llm_extract.Schema`."""
    value: Mapping[str, JsonValue]
    """The record as its model writes it in JSON; words of the article are objects with `start`, `end` and `text`."""
    evidence: tuple[Span, ...]
    """The sentences that report it; empty where none is named and `Settings.uncited` lets that pass."""


class Usage(_Model):
    """What the answers cost when they were first given; a result from the cache names the same figures."""

    requests: int = Field(default=0, ge=0)
    """Requests sent, retries and re-asks included."""
    prompt_tokens: int = Field(default=0, ge=0)
    completion_tokens: int = Field(default=0, ge=0)

    def __sub__(self, other: Usage) -> Usage:
        """Subtract field by field."""
        return Usage(
            requests=self.requests - other.requests,
            prompt_tokens=self.prompt_tokens - other.prompt_tokens,
            completion_tokens=self.completion_tokens - other.completion_tokens,
        )

    def __add__(self, other: Usage) -> Usage:
        """Add field by field."""
        return Usage(
            requests=self.requests + other.requests,
            prompt_tokens=self.prompt_tokens + other.prompt_tokens,
            completion_tokens=self.completion_tokens + other.completion_tokens,
        )


class ExtractionWarning(_Model):
    """Something that a user of the result should know."""

    code: str
    """What kind of thing it is, such as `unknown_name`."""
    message: str
    """The same in a sentence."""


class Extraction(_Model):
    """All that was found in one article."""

    schema_version: str = SCHEMA_VERSION
    fingerprint: str | None = None
    """Digest of all that determines the result (see `llm_extract.fingerprint`), by which a run knows what is done already."""
    article: ArticleReference
    text: str | None = None
    """The article's text, to which all offsets refer; None where it was left out (`Settings.keep_text`)."""
    meetings: tuple[Meeting, ...] = ()
    quotes: tuple[Quote, ...] = ()
    records: tuple[Record, ...] = Field(default=(), exclude_if=lambda records: not records)
    """What was found of a schema of the user's own; see `records_of`."""
    model: str
    """Which model answered."""
    prompts: Mapping[str, str] = Field(default_factory=dict)
    """Version of each prompt that was used, by its name."""
    usage: Usage = Usage()
    warnings: tuple[ExtractionWarning, ...] = ()

    def records_of(self, model: type[M], kind: str | None = None) -> list[M]:
        """Return what was found of a schema as instances of its model.

        Args:
            model: The model.
            kind: Name of the schema; None: of whichever was asked for, where it was one.

        Raises:
            pydantic.ValidationError: The records are of another model.
        """
        return [model.model_validate(dict(record.value), by_name=True) for record in self.records if kind in {None, record.kind}]

    def to_pandas(self) -> dict[str, pd.DataFrame]:
        """Return the tables of this result as data frames by name; see `llm_extract.to_pandas`, which takes many."""
        from llm_extract.columnar import to_pandas

        return to_pandas(self)

    def to_arrow(self) -> dict[str, pa.Table]:
        """Return the tables of this result as Arrow tables by name; see `llm_extract.to_arrow`, which takes many."""
        from llm_extract.columnar import to_arrow

        return to_arrow(self)

    def _repr_html_(self) -> str:
        from llm_extract.notebook import extraction_html

        return extraction_html(self)

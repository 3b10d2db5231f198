"""The public models of a dossier: one record a meeting, across articles, every field on the articles and characters it rests on.

What articles say differently stands side by side. Names are in their fullest form, whichever article has it. Nothing depends on the order
in which articles were given.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Generic, TypeVar

from pydantic import ConfigDict, Field

from llm_extract.corrections import Corrections
from llm_extract.described import Described
from llm_extract.schema import (
    ArticleReference,
    EdtfDate,
    ExtractionWarning,
    Meeting,
    MeetingKind,
    MeetingStatus,
    Quote,
    Span,
    Stance,
)

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

__all__ = [
    "DOSSIER_VERSION",
    "Contradiction",
    "Dossier",
    "Fact",
    "MeetingMention",
    "MeetingRecord",
    "Participant",
    "Reason",
    "ReportedClaim",
    "ReportedQuote",
    "ReportedStatus",
    "Source",
    "Sourced",
    "own_id",
]

DOSSIER_VERSION = "1"
"""Version of the dossier's form; it changes when a reader of older dossiers would misread newer ones."""

T = TypeVar("T")


class _Model(Described):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Source(_Model):
    """Where something comes from: an article, the meeting as that article's result has it, and the characters."""

    article: str
    """`id` of the article in `Dossier.articles`."""
    meeting: str
    """`id` of the meeting within the article's result, such as `M2`."""
    spans: tuple[Span, ...] = ()
    """The characters of the article's text; empty where the result gives none, as for a kind, which no words stand for."""


class Sourced(_Model, Generic[T]):
    """A value and where it comes from."""

    value: T
    sources: tuple[Source, ...] = Field(min_length=1)
    """In the order of publication, undated articles last."""


class Fact(_Model, Generic[T]):
    """What articles say about one thing: the value that is taken, and all that differ from it or support it."""

    value: T | None = None
    """The value that is taken; None where no article gives one."""
    given: tuple[Sourced[T], ...] = ()
    """All values that articles give, the one that is taken first, then by the number of their sources."""
    conflicting: bool = False
    """Whether two of them can't both be true: Paris and Helsinki; not Paris and France, nor a day and its month."""
    corrected: bool = False
    """Whether the value was set by a file of corrections, not by an article."""


class Participant(_Model):
    """A party to the meeting, joined under the fullest name that any article has."""

    name: str
    """The fullest form of the name; where two are equally full, the more frequent."""
    other_names: tuple[Sourced[str], ...] = ()
    """Other forms, the most frequent first."""
    roles: tuple[Sourced[str], ...] = ()
    """Offices and titles, as the articles give them."""
    affiliations: tuple[Sourced[str], ...] = ()
    """States and institutions for which the party acts, as the articles give them."""
    sources: tuple[Source, ...] = Field(min_length=1)
    """Every mention of the meeting that names the party, in whichever form."""


class ReportedStatus(_Model):
    """How settled the meeting was as of one article."""

    status: MeetingStatus
    published: dt.date | None = None
    """The article's day of publication; None where it is not known."""
    source: Source


class ReportedClaim(_Model):
    """What somebody says, in one article, about whether the meeting takes place."""

    by: str
    """Who says it, in the fullest form of the name that any article has."""
    stance: Stance
    published: dt.date | None = None
    """The article's day of publication, not the day on which the words were said."""
    source: Source
    """Its one span is the sentence that reports the claim."""


class Contradiction(_Model):
    """One party confirms the meeting, another denies it."""

    confirming: str
    """Who confirms, as `ReportedClaim.by`."""
    denying: str
    """Who denies."""
    confirms: tuple[ReportedClaim, ...] = Field(min_length=1)
    denies: tuple[ReportedClaim, ...] = Field(min_length=1)
    since: dt.date | None = None
    """Day of publication from which both stood in print; None where one stands in undated articles only."""


class ReportedQuote(_Model):
    """Words about the meeting, as one article quotes them."""

    speaker: str | None = None
    """Whose words they are, in the fullest form of the name that any article has; None where the article does not tell."""
    quote: Quote
    """As the article's result has it; its `id` is that within the result."""
    published: dt.date | None = None
    source: Source
    """Its spans are the quote's segments."""


class Reason(_Model):
    """Why a mention is part of this record."""

    article: str
    """`id` of the article that mentions the meeting."""
    meeting: str
    """`id` of the meeting within the article's result."""
    message: str
    """The reason in a sentence; of the mention that came first, that it opens the record."""


class MeetingMention(_Model):
    """The meeting as one article's result has it: what the record is made of, and can be made anew from."""

    article: str
    """`id` of the article in `Dossier.articles`."""
    meeting: Meeting
    quotes: tuple[Quote, ...] = ()
    """The article's quotes about this meeting."""


class MeetingRecord(_Model):
    """One meeting, as all articles together tell of it. Whatever is a list is in the order of publication, undated articles last."""

    id: str
    """Made from its first published mention: it does not depend on the order of the articles, and articles published later keep it."""
    participants: tuple[Participant, ...]
    """Who meets, the most often named first."""
    status: MeetingStatus
    """How settled it is by the latest article that is dated; by all where none is."""
    status_corrected: bool = False
    """Whether the status was set by a file of corrections."""
    kind: Fact[MeetingKind]
    """The form that it takes."""
    date: Fact[EdtfDate]
    """When, in EDTF; the most precise date that agrees with most."""
    place: Fact[str]
    """Where, as an article writes it; the most precise."""
    event: Fact[str]
    """The summit, ceremony or visit that it belongs to, as an article writes it."""
    history: tuple[ReportedStatus, ...] = Field(min_length=1)
    """The status in each mention."""
    claims: tuple[ReportedClaim, ...] = ()
    """Who says what about its taking place."""
    contradictions: tuple[Contradiction, ...] = ()
    """Each pair of parties of which one confirms and the other denies."""
    quotes: tuple[ReportedQuote, ...] = ()
    """Words about it."""
    reasons: tuple[Reason, ...] = Field(min_length=1)
    """Why these mentions are one meeting, one reason a mention."""
    mentions: tuple[MeetingMention, ...] = Field(min_length=1)
    """What the record is made of."""


class Dossier(_Model):
    """Meetings across articles."""

    dossier_version: str = DOSSIER_VERSION
    articles: tuple[ArticleReference, ...] = ()
    """All articles that were read, those without meetings too, in the order of publication, undated ones last.

    Where two different articles have one id, each goes by its id and the beginning of its digest, `id@0a1b2c3d`; a warning says so.
    """
    meetings: tuple[MeetingRecord, ...] = ()
    """In the order of their dates, undated ones last."""
    corrections: Corrections = Corrections()
    """What a person decided about it; kept when articles are added."""
    warnings: tuple[ExtractionWarning, ...] = ()
    """What a reader should know, such as two articles under one id."""

    def to_pandas(self) -> dict[str, pd.DataFrame]:
        """Return the tables of this dossier as data frames by name; see `llm_extract.to_pandas`."""
        from llm_extract.columnar import to_pandas

        return to_pandas(self)

    def to_arrow(self) -> dict[str, pa.Table]:
        """Return the tables of this dossier as Arrow tables by name; see `llm_extract.to_arrow`."""
        from llm_extract.columnar import to_arrow

        return to_arrow(self)

    def _repr_html_(self) -> str:
        from llm_extract.notebook import dossier_html

        return dossier_html(self)


def own_id(article: ArticleReference) -> str:
    """Return an article's own id, without the digest that tells it from another of that id in a dossier.

    Example:
        >>> own_id(ArticleReference(id="talks@0a1b2c3d", sha256="0a1b2c3d4e5f"))
        'talks'
    """
    return article.id.removesuffix(f"@{article.sha256[:8]}")

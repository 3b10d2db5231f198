"""The functions for one article, each of which makes an extractor for it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, TypeVar, overload

from pydantic import BaseModel

from llm_extract.extractor import Extractor, Wanted
from llm_extract.schema import Article, Meeting, Quote
from llm_extract.settings import Settings

if TYPE_CHECKING:
    from llm_extract.schemas import Schema

__all__ = ["aextract", "aextract_meetings", "aextract_quotes", "extract", "extract_meetings", "extract_quotes"]

M = TypeVar("M", bound=BaseModel)


@overload
async def aextract(
    article: Article | str, schema: Schema[M] | type[list[M]], *, published: dt.date | str | None = None, settings: Settings | None = None
) -> list[M]: ...
@overload
async def aextract(
    article: Article | str, schema: type[M], *, published: dt.date | str | None = None, settings: Settings | None = None
) -> M | None: ...
async def aextract(
    article: Article | str, schema: Wanted, *, published: dt.date | str | None = None, settings: Settings | None = None
) -> object:
    """Return what an article holds of a schema of your own; see `extract`."""
    async with Extractor(settings, schema=schema) as extractor:
        return extractor.found(await extractor.aextract(article, published=published))


@overload
def extract(
    article: Article | str, schema: Schema[M] | type[list[M]], *, published: dt.date | str | None = None, settings: Settings | None = None
) -> list[M]: ...
@overload
def extract(
    article: Article | str, schema: type[M], *, published: dt.date | str | None = None, settings: Settings | None = None
) -> M | None: ...
def extract(article: Article | str, schema: Wanted, *, published: dt.date | str | None = None, settings: Settings | None = None) -> object:
    """Return what an article holds of a schema of your own.

    For more than one article, or for evidence, warnings and usage, use an `Extractor`.

    Args:
        article: The article or its text.
        schema: `list[Protest]` for all protests that it reports, in the order of the text; `Protest` for the one that it reports, or
            None; a `Schema` for a list, with a key, examples or a template.
        published: Day of publication; see `Extractor.aextract`.
        settings: None: the environment and the defaults.

    Raises:
        SchemaError: The schema can't be used; the message says why.
        LlmExtractError: See `Extractor.aextract`.

    Example:
        class Protest(BaseModel):
            "People gather in public to make a demand."

            city: Verbatim
            date: EdtfDate | None

        for protest in extract(text, list[Protest], published="2024-05-14"):
            print(protest.date, protest.city, protest.city.start)
    """
    with Extractor(settings, schema=schema) as extractor:
        return extractor.found(extractor.extract(article, published=published))


async def aextract_meetings(
    article: Article | str, *, published: dt.date | str | None = None, settings: Settings | None = None
) -> list[Meeting]:
    """Return the meetings that an article reports; see `extract_meetings`."""
    async with Extractor(settings, tasks=("meetings",)) as extractor:
        return list((await extractor.aextract(article, published=published)).meetings)


async def aextract_quotes(
    article: Article | str, *, published: dt.date | str | None = None, settings: Settings | None = None
) -> list[Quote]:
    """Return the quotes of an article; see `extract_quotes`."""
    async with Extractor(settings, tasks=("quotes",)) as extractor:
        return list((await extractor.aextract(article, published=published)).quotes)


def extract_meetings(article: Article | str, *, published: dt.date | str | None = None, settings: Settings | None = None) -> list[Meeting]:
    """Return the meetings that an article reports, in the order of first mention; empty where it reports none.

    For more than one article use an `Extractor`, which keeps the model.

    Args:
        article: The article or its text.
        published: Day of publication; see `Extractor.aextract`.
        settings: None: the environment and the defaults.

    Raises:
        LlmExtractError: See `Extractor.aextract`.

    Example:
        for meeting in extract_meetings(text, published="2024-05-14"):
            print(meeting.date, meeting.status, [party.name for party in meeting.participants])
    """
    with Extractor(settings, tasks=("meetings",)) as extractor:
        return list(extractor.extract(article, published=published).meetings)


def extract_quotes(article: Article | str, *, published: dt.date | str | None = None, settings: Settings | None = None) -> list[Quote]:
    """Return the quotes of an article, in the order of the text; empty where it has none. See `extract_meetings`."""
    with Extractor(settings, tasks=("quotes",)) as extractor:
        return list(extractor.extract(article, published=published).quotes)

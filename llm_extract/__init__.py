"""Meetings and attributed quotes from news articles, every fact on the characters that it rests on."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from llm_extract.across import merge
    from llm_extract.columnar import to_arrow, to_pandas
    from llm_extract.corpus import RunOptions, run_corpus
    from llm_extract.corrections import Corrections
    from llm_extract.dossier import Dossier
    from llm_extract.errors import LlmExtractError
    from llm_extract.extractor import Extractor
    from llm_extract.functions import aextract, aextract_meetings, aextract_quotes, extract, extract_meetings, extract_quotes
    from llm_extract.grounding import Cited, Quotation, Sentence, Verbatim
    from llm_extract.schema import Article, EdtfDate, Extraction, Label, Meeting, Party, Quote, Span
    from llm_extract.schemas import Example, Schema
    from llm_extract.settings import Settings

__version__ = "0.1.0"

__all__ = [
    "Article",
    "Cited",
    "Corrections",
    "Dossier",
    "EdtfDate",
    "Example",
    "Extraction",
    "Extractor",
    "Label",
    "LlmExtractError",
    "Meeting",
    "Party",
    "Quotation",
    "Quote",
    "RunOptions",
    "Schema",
    "Sentence",
    "Settings",
    "Span",
    "Verbatim",
    "aextract",
    "aextract_meetings",
    "aextract_quotes",
    "extract",
    "extract_meetings",
    "extract_quotes",
    "merge",
    "run_corpus",
    "to_arrow",
    "to_pandas",
]

_FUNCTIONS = ("aextract", "aextract_meetings", "aextract_quotes", "extract", "extract_meetings", "extract_quotes")
_HOMES = {
    "Corrections": "corrections",
    "Dossier": "dossier",
    "Extractor": "extractor",
    "LlmExtractError": "errors",
    "Settings": "settings",
    "merge": "across",
    "to_arrow": "columnar",
    "to_pandas": "columnar",
    **dict.fromkeys(("Article", "EdtfDate", "Extraction", "Label", "Meeting", "Party", "Quote", "Span"), "schema"),
    **dict.fromkeys(("Cited", "Quotation", "Sentence", "Verbatim"), "grounding"),
    **dict.fromkeys(("Example", "Schema"), "schemas"),
    **dict.fromkeys(("RunOptions", "run_corpus"), "corpus"),
    **dict.fromkeys(_FUNCTIONS, "functions"),
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first used: pydantic alone takes longer than the whole import may."""
    if name not in _HOMES:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    value = getattr(importlib.import_module(f"llm_extract.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})

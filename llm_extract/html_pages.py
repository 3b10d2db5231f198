"""Web pages: the article in a page, without menus, advertisements and comments, and what the page says of it."""

from __future__ import annotations

import codecs
import datetime as dt
import logging
import re

from llm_extract.decoding import checked, decode, wide_encoding
from llm_extract.errors import ArticleError, MissingExtraError
from llm_extract.metadata import Metadata

__all__ = ["PAGE_SUFFIXES", "read_page"]

PAGE_SUFFIXES = frozenset({".html", ".htm", ".xhtml"})
"""What tells a web page from a text."""

_DECLARED = re.compile(rb"""<(?:meta|\?xml)[^>]{1,200}?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE)
_HEAD = 4096  # bytes in which a page must declare its charset; browsers look at a quarter of that
# Browsers read these as Windows-1252 (https://encoding.spec.whatwg.org), and pages rely on it for their quotation marks.
_LATIN = {"iso8859-1", "ascii"}
_BROKEN = "\ufffd"
# What trafilatura has to say of a page is in our error; without a handler it would go to the terminal.
for _library in ("trafilatura", "htmldate", "justext"):
    logging.getLogger(_library).addHandler(logging.NullHandler())


def read_page(page: bytes | str, name: str) -> tuple[Metadata, str]:
    """Return what a web page says of its article, and the article's text, to which all offsets refer.

    Trafilatura finds the main text, the title, the site's name, the address and the day of publication, this one only where the page
    states it in its head or in a `time` element, never by a guess from its text. Comments are left out. The charset is told by a byte
    order mark, else UTF-8 where it fits, else the declared one, else as of a text file.

    Args:
        page: The whole page, as stored or decoded.
        name: What an error calls it, within a sentence.

    Raises:
        ArticleError: There is no article in the page, or its charset can't be told.
        MissingExtraError: The extra `html` is not installed.
    """
    markup, is_repaired = (page, False) if isinstance(page, str) else _decode_page(page, name)
    stated, text = _extract(checked(markup, name), name)
    if is_repaired and _BROKEN in text:
        raise ArticleError(f"Some characters of {name} do not fit its charset.", remedy="Get the page again, or convert it to UTF-8.")
    return stated, checked(text, name)


def _decode_page(page: bytes, name: str) -> tuple[str, bool]:
    """Return the markup, and whether characters of it were lost: outside the article, that is of no matter."""
    declared = _declared(page)
    if wide_encoding(page) is None and declared is not None:
        try:
            return page.decode(), False
        except UnicodeDecodeError:
            text = page.decode(declared, "replace")
            return text, _BROKEN in text
    return decode(page, name), False


def _declared(page: bytes) -> str | None:
    """Tell the codec of the charset that the page declares; None where it declares none, or one that is not known."""
    found = _DECLARED.search(page, 0, _HEAD)
    try:
        codec = codecs.lookup(found[1].decode()) if found else None
        b"".decode(codec.name if codec else "")  # refuses codecs that do not make text
    except (LookupError, ValueError):
        return None
    return codec and ("cp1252" if codec.name in _LATIN else codec.name)


def _extract(markup: str, name: str) -> tuple[Metadata, str]:
    try:
        from trafilatura import bare_extraction
    except ImportError as error:
        raise MissingExtraError("Web pages need the extra html.", remedy='Install it: pip install "llm-extract[html]".') from error
    stated_only = {"extensive_search": False, "original_date": True}
    try:
        found = bare_extraction(markup, with_metadata=True, include_comments=False, date_extraction_params=stated_only)
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:  # it names none itself
        raise ArticleError(f"The page {name} can't be taken apart: {error}.", remedy="Save it as plain text.") from error
    text = None if found is None or isinstance(found, dict) else found.text
    if found is None or isinstance(found, dict) or not text or not text.strip():
        remedy = "Its words may come by a script: save the page from a browser, or as plain text; else leave it out."
        raise ArticleError(f"There is no article in the page {name}.", remedy=remedy)
    return Metadata(_day(found.date), found.title or None, found.sitename or found.hostname or None, found.url or None), text


def _day(written: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(written or "")
    except ValueError:
        return None

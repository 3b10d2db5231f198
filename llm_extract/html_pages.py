"""Web pages: the article in a page, without menus, advertisements and comments, and what the page says of it."""

from __future__ import annotations

import codecs
import datetime as dt
import faulthandler
import json
import logging
import re
import sys
from typing import TYPE_CHECKING

from llm_extract.decoding import checked, decode, wide_encoding
from llm_extract.errors import ArticleError, MissingExtraError
from llm_extract.metadata import Metadata
from llm_extract.pages_apart import MAX_SECONDS, NAME, is_large, taken_apart

if TYPE_CHECKING:
    from lxml.html import HtmlElement

__all__ = ["PAGE_SUFFIXES", "read_page"]

PAGE_SUFFIXES = frozenset({".html", ".htm", ".xhtml"})
"""What tells a web page from a text."""

_DECLARED = re.compile(rb"""<(?:meta|\?xml)[^>]{1,200}?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE)
_HEAD = 4096  # bytes in which a page must declare its charset; browsers look at a quarter of that
# Browsers read these as Windows-1252 (https://encoding.spec.whatwg.org), and pages rely on it for their quotation marks.
_LATIN = {"iso8859-1", "ascii"}
_DAY_CHARS = len("2024-05-06")
_BROKEN = "\ufffd"
# What trafilatura has to say of a page is in our error; without a handler it would go to the terminal.
for _library in ("trafilatura", "htmldate", "justext"):
    logging.getLogger(_library).addHandler(logging.NullHandler())


def read_page(page: bytes | str, name: str) -> tuple[Metadata, str]:
    """Return what a web page says of its article, and the article's text, to which all offsets refer.

    Trafilatura finds the main text, the title, the site's name, the address and the day of publication, this one only where the page
    states it in its head, in its JSON-LD or in the one day of its `time` elements, never by a guess from its text. Comments are left
    out. A page with very many tags is taken apart in a process of its own, for at most a minute.

    The charset is told by a byte order mark, else UTF-8 where it fits, else the declared one, else as of a text file.

    Args:
        page: The whole page, as stored or decoded.
        name: What an error calls it, within a sentence.

    Raises:
        ArticleError: There is no article in the page, or its charset can't be told.
        MissingExtraError: The extra `html` is not installed.
    """
    markup, is_repaired = (page, False) if isinstance(page, str) else _decode_page(page, name)
    markup = checked(markup, name)
    stated, text = _apart(markup, name) if is_large(markup) else _extract(markup, name)
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


def _apart(markup: str, name: str) -> tuple[Metadata, str]:
    stated, text = taken_apart(markup, name)
    published = stated.pop("published")
    return Metadata(dt.date.fromisoformat(published) if published else None, **stated), text


def _serve() -> None:
    """Take apart the page that comes through the standard input, for `pages_apart`."""
    faulthandler.dump_traceback_later(MAX_SECONDS + 1, exit=True)  # should nobody be left to end it
    markup = sys.stdin.buffer.read().decode()
    try:
        stated, text = _extract(markup, NAME)
        published = stated.published and stated.published.isoformat()
        found = [{"published": published, "title": stated.title, "source": stated.source, "url": stated.url}, text, ""]
    except (ArticleError, MissingExtraError) as error:
        found = [error.what, error.remedy, type(error).__name__]
    sys.stdout.write(json.dumps(found))


def _extract(markup: str, name: str) -> tuple[Metadata, str]:
    try:
        from trafilatura import bare_extraction, load_html
    except ImportError as error:
        raise MissingExtraError("Web pages need the extra html.", remedy='Install it: pip install "llm-extract[html]".') from error
    try:
        tree = load_html(markup)
        published = None if tree is None else _published(tree)
        found = None if tree is None else bare_extraction(tree, with_metadata=True, include_comments=False)
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:  # it names none itself
        raise ArticleError(f"The page {name} can't be taken apart: {error}.", remedy="Save it as plain text.") from error
    text = None if found is None or isinstance(found, dict) else found.text
    if found is None or isinstance(found, dict) or not text or not text.strip():
        remedy = "Its words may come by a script: save the page from a browser, or as plain text; else leave it out."
        raise ArticleError(f"There is no article in the page {name}.", remedy=remedy)
    return Metadata(published, found.title or None, found.sitename or found.hostname or None, found.url or None), text


def _published(tree: HtmlElement) -> dt.date | None:
    """Let htmldate see only what states the day; from the whole page, it would take any day of its text."""
    from htmldate import find_date
    from lxml.html import tostring

    stated = [*tree.xpath("//meta | //link[@rel='canonical'] | //script[@type='application/ld+json']")]
    times = tree.xpath("//time[@datetime]")
    if len({element.get("datetime")[:_DAY_CHARS] for element in times}) == 1:
        stated.append(times[0])
    shown = "".join(tostring(element, encoding="unicode", with_tail=False) for element in stated)
    found = find_date(f"<html><head>{shown}</head><body></body></html>", extensive_search=False, original_date=True)
    return dt.date.fromisoformat(found) if found else None


if __name__ == "__main__":
    _serve()

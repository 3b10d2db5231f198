"""Front matter: the block of `key: value` lines between two lines of three dashes that opens many Markdown articles."""

from __future__ import annotations

import datetime as dt
import re

from llm_extract.metadata import Metadata

__all__ = ["split_front_matter"]

_BLOCK = re.compile(r"\A---[ \t]*\r?\n((?:[^\r\n]*\r?\n)*?)---[ \t]*(?:\r?\n|\Z)")
_LINE = re.compile(r"^([A-Za-z_-]+):[ \t]*(.*?)[ \t]*\r?$", re.MULTILINE)
_LONGEST = 10_000
"""Characters in which the block must end; a rule of dashes far down the text closes nothing."""
_DATES = ("published", "date")


def split_front_matter(text: str) -> tuple[Metadata, str]:
    r"""Return what the front matter says of an article, and the text behind it; an article without any is left as it is.

    The keys `published` (or `date`), `title`, `source` and `url` are read, quotation marks around a value taken off; other keys and
    values that are no plain `key: value` are passed over, and so is a date that is not ISO 8601. The article's text, to which all
    offsets refer, is what follows.

    Example:
        >>> split_front_matter("---\ndate: 2024-05-06\n---\nAna Petrova left.")[1]
        'Ana Petrova left.'
    """
    match = _BLOCK.match(text, 0, _LONGEST)
    values = {key.lower(): value.strip("\"'") for key, value in _LINE.findall(match[1])} if match else {}
    if match is None or not values:
        return Metadata(), text
    published = next((day for name in _DATES if (day := _day(values.get(name, "")))), None)
    title, source, url = (values.get(name) or None for name in ("title", "source", "url"))
    return Metadata(published, title, source, url), text[match.end() :].lstrip("\r\n")


def _day(written: str) -> dt.date | None:
    try:
        return dt.datetime.fromisoformat(written).date()
    except ValueError:
        return None

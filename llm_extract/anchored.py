"""Dates that news counts from another day than that of publication: "the day before", "that evening", "two weeks later"."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from llm_extract import expressions
from llm_extract.dates import Days, as_edtf, bounds, days_of

__all__ = ["find_anchored", "is_anchored", "opens_clause", "resolve_anchored"]

_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_PART = r"(?:day|morning|afternoon|evening|night)"
_CLOSED = r"(?=[.,;:)]|$| (?:and|in|at|on|to|for)\b)"
_ANCHORED = re.compile(
    rf"(?<![\w-])(?:(?P<same>(?:(?:later|earlier|late|early) )?(?:that|(?:on )?the same|that same) {_PART}|"
    rf"(?:later|earlier) in the day)(?![-\w])|"
    rf"(?P<before>the (?:day|night|evening) before{_CLOSED}|the (?:previous|preceding) {_PART})\b|"
    rf"(?P<after>the (?:next|following) {_PART}|the day after{_CLOSED})\b|"
    rf"(?P<from>(?P<since>a|an|{'|'.join(_NUMBERS)}) (?P<days>day|week)s? (?P<side>before|after)(?! ?[.,;:)]| (?:and|in|at|on|"
    rf"to|for)\b)(?= ))|"
    rf"(?P<count>a|an|{'|'.join(_NUMBERS)}|[0-9]{{1,2}}) (?P<unit>day|week|month)s? (?P<way>earlier|later|(?:before|after|"
    rf"afterwards){_CLOSED}))",
    re.IGNORECASE,
)
_REACH = 700
"""Characters before such a date in which the day stands that it is counted from."""


def find_anchored(text: str) -> Iterator[tuple[int, int]]:
    """Yield where such dates stand.

    Example:
        >>> [(start, end) for start, end in find_anchored("They met the day before.")]
        [(9, 23)]
    """
    yield from (match.span() for match in _ANCHORED.finditer(text))


def opens_clause(text: str, start: int, end: int) -> bool:
    """Whether a date is that of the clause behind it: "on Friday, a day after Petrova met Lang" puts their meeting on Thursday."""
    match = _at(text, start, end)
    return match is not None and match["from"] is not None


def is_anchored(text: str, start: int, end: int) -> bool:
    """Whether what stands in `text[start:end]` is a date that is counted from another day."""
    return _at(text, start, end) is not None


def resolve_anchored(text: str, start: int, end: int, published: dt.date | None) -> str | None:
    """Return in EDTF the date that stands in `text[start:end]`, counted from the nearest date before it.

    Args:
        text: The article’s text.
        start: First code point of the date.
        end: One past its last code point.
        published: Day of publication; where no date stands before, "earlier in the day" is of that day.

    Returns:
        None where there is no day to count from, or no such day.
    """
    match = _at(text, start, end)
    anchor = _anchor(text, start, published)
    if match is None or anchor is None:
        return None
    try:
        return as_edtf(_counted(match, anchor))
    except (ValueError, OverflowError):  # outside the calendar
        return None


def _at(text: str, start: int, end: int) -> re.Match[str] | None:
    match = _ANCHORED.match(text, start)
    return match if match and match.end() == end else None


def _anchor(text: str, before: int, published: dt.date | None) -> Days | None:
    area = text[max(0, before - _REACH) : before]
    for mention in reversed(expressions.find_dates(area)):
        if date := expressions.resolve(mention.text, published, future=False):
            return bounds(date)
    return Days(published, published) if published else None


def _counted(match: re.Match[str], anchor: Days) -> Days:
    if match["same"]:
        return anchor
    if match["from"]:
        number = 1 if match["since"].lower() in {"a", "an"} else _NUMBERS.index(match["since"].lower()) + 1
        steps = number * (7 if match["days"].lower() == "week" else 1)
        return _days(anchor, -steps if match["side"].lower() == "after" else steps)
    if match["count"] is None:
        return _days(anchor, -1 if match["before"] else 1)
    word, unit = match["count"].lower(), match["unit"].lower()
    number = int(word) if word.isdecimal() else 1 if word in {"a", "an"} else _NUMBERS.index(word) + 1
    steps = -number if match["way"].lower() in {"earlier", "before"} else number
    if unit == "day":
        return _days(anchor, steps)
    if unit == "week":
        around = _days(anchor, 7 * steps)
        return Days(around.first - dt.timedelta(days=3), around.last + dt.timedelta(days=3))
    year, month = divmod(anchor.first.year * 12 + anchor.first.month - 1 + steps, 12)
    return days_of(year, month + 1)


def _days(anchor: Days, count: int) -> Days:
    return Days(anchor.first + dt.timedelta(days=count), anchor.last + dt.timedelta(days=count))

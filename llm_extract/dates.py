"""Dates in EDTF (ISO 8601-2): checked, compared and written.

A day, month, year or interval is worked with as its first and last day; text in EDTF is made from these two at the end.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from typing import NamedTuple

__all__ = ["Days", "as_edtf", "bounds", "days_of", "narrower", "overlap", "validate"]

_EDTF_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?[?~%]?")


class Days(NamedTuple):
    """A date as it is worked with: its first and its last day."""

    first: dt.date
    """The first day; `date.min` where the beginning is open."""
    last: dt.date
    """The last day; `date.max` where the end is open."""


def validate(edtf: str) -> str:
    """Return `edtf` unchanged if it is a date in the part of EDTF that this library uses.

    That is level 0 without times (`2019`, `2019-06`, `2019-06-28`, `2019-06-28/2019-06-29`) and of level 1 the marks of doubt at
    the end of a date (`2019?`, `2019-06~`) and one open end (`../2019-06`, `2019-06/..`). Not accepted: seasons, unspecified
    digits (`201X`), years beyond four digits and the year 0000.
    See https://www.loc.gov/standards/datetime/.

    Raises:
        ValueError: It is anything else, or no day of the calendar, or an interval that ends before it begins.

    Example:
        >>> validate("2019-06-28/2019-06-29")
        '2019-06-28/2019-06-29'
    """
    bounds(edtf)
    return edtf


def bounds(edtf: str) -> Days:
    """Return the first and the last day of `edtf`; an open end is `date.min` or `date.max`.

    A mark of doubt does not widen them.

    Raises:
        ValueError: `edtf` is not as `validate` wants it.

    Example:
        >>> bounds("2018-07")
        Days(first=datetime.date(2018, 7, 1), last=datetime.date(2018, 7, 31))
    """
    begin, slash, end = edtf.partition("/")
    if not slash:
        return _one(edtf, edtf)
    if begin == end == "..":
        raise ValueError(_complaint(edtf, "both ends are open"))
    first = dt.date.min if begin == ".." else _one(begin, edtf).first
    last = dt.date.max if end == ".." else _one(end, edtf).last
    if first > last:
        raise ValueError(_complaint(edtf, "it ends before it begins"))
    return Days(first, last)


def overlap(a: str, b: str) -> bool:
    """Tell whether two dates in EDTF have a day in common: whether both can be true of one event.

    Raises:
        ValueError: One of them is not as `validate` wants it.
    """
    (a_first, a_last), (b_first, b_last) = bounds(a), bounds(b)
    return a_first <= b_last and b_first <= a_last


def narrower(a: str, b: str) -> str:
    """Return the more precise of two dates that overlap: the one that lies within the other, else what they share.

    Raises:
        ValueError: They don't overlap, or one of them is not as `validate` wants it.

    Example:
        >>> narrower("2019-06", "2019-06-28")
        '2019-06-28'
    """
    if not overlap(a, b):
        msg = f"{a!r} and {b!r} have no day in common"
        raise ValueError(msg)
    (a_first, a_last), (b_first, b_last) = bounds(a), bounds(b)
    shared = Days(max(a_first, b_first), min(a_last, b_last))
    # Of two that say the same, the shorter: it has no mark of doubt. The order of the arguments decides nothing.
    return min((given for given in (a, b) if bounds(given) == shared), key=lambda given: (len(given), given), default=as_edtf(shared))


def days_of(year: int, month: int | None = None, day: int | None = None) -> Days:
    """Return the first and the last day of a year, of a month of it, or the one day of that month.

    Raises:
        ValueError: There is no such day in the calendar.

    Example:
        >>> days_of(2020, 2).last
        datetime.date(2020, 2, 29)
    """
    first = dt.date(year, 1 if month is None else month, 1 if day is None else day)
    if day is not None:
        return Days(first, first)
    last_month = month or 12
    return Days(first, dt.date(year, last_month, calendar.monthrange(year, last_month)[1]))


def as_edtf(days: Days) -> str:
    """Write the days in the shortest form of EDTF that has exactly these bounds.

    Open ends are not written: `date.min` and `date.max` are days like any other here.

    Example:
        >>> as_edtf(Days(dt.date(2019, 6, 1), dt.date(2019, 7, 31)))
        '2019-06/2019-07'
    """
    year, month, day = ([date.isoformat()[:length] for date in days] for length in (4, 7, 10))
    forms = (first if first == last else f"{first}/{last}" for first, last in (year, month, day))
    return next(form for form in forms if bounds(form) == days)


def _one(date: str, edtf: str) -> Days:
    found = _EDTF_DATE.fullmatch(date)
    if not found:
        raise ValueError(_complaint(edtf, "write YYYY, YYYY-MM, YYYY-MM-DD or two of these with / between"))
    year, month, day = (None if part is None else int(part) for part in found.groups())
    try:
        return days_of(year or 0, month, day)
    except ValueError as error:
        raise ValueError(_complaint(edtf, str(error))) from None


def _complaint(edtf: str, why: str) -> str:
    return f"{edtf!r} is not a date in EDTF: {why}"

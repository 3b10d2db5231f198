"""Meetings that are still to come, or were called off, as a calendar (iCalendar, RFC 5545)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from llm_extract.events import ConsultEvent
from llm_extract.extras import need
from llm_extract.schema import MeetingStatus

if TYPE_CHECKING:
    from icalendar import Event

__all__ = ["calendar_lines"]

_STATUS = {MeetingStatus.PLANNED: "CONFIRMED", MeetingStatus.TENTATIVE: "TENTATIVE", MeetingStatus.CANCELLED: "CANCELLED"}
# RFC 5545 has no control characters in text; those that turn the direction of writing could disguise it.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def calendar_lines(meetings: Iterable[ConsultEvent]) -> Iterator[bytes]:
    """Yield the parts of a calendar: its beginning, an entry a meeting, its end.

    Planned, tentative and cancelled meetings whose date has both a first and a last day are in it, as whole days: a month is an entry of
    that month. An entry keeps its UID when the same results are exported again, so that calendars update it.

    Raises:
        MissingExtraError: icalendar is not installed.
    """
    need("icalendar", "Calendars", extra="export")
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//llm-extract//meetings//EN")
    calendar.add("version", "2.0")
    end = b"END:VCALENDAR\r\n"
    yield calendar.to_ical().removesuffix(end)
    for meeting in meetings:
        if meeting.event_mode in _STATUS and meeting.first_day and meeting.last_day:
            yield _entry(meeting, meeting.first_day, meeting.last_day).to_ical()
    yield end


def _entry(meeting: ConsultEvent, first: dt.date, last: dt.date) -> Event:
    from icalendar import Event

    names = [party.name for party in (*meeting.actor, *meeting.recipient)]
    published = [source.published for source in meeting.sources if source.published]
    entry = Event()
    entry.add("uid", f"{uuid5(NAMESPACE_URL, f'llm-extract:{meeting.event_id}')}@llm-extract")
    # The moment from which the entry holds, not that of the export: a second export is the same.
    entry.add("dtstamp", dt.datetime.combine(max(published, default=first), dt.time(), dt.UTC))
    entry.add("dtstart", first)
    entry.add("dtend", last + dt.timedelta(days=1))
    entry.add("summary", _line(" – ".join(names) or "Meeting"))
    entry.add("status", _STATUS[meeting.event_mode])
    entry.add("transp", "OPAQUE" if first == last else "TRANSPARENT")
    if meeting.place:
        entry.add("location", _line(meeting.place))
    entry.add("description", "\n".join(_description(meeting)))
    return entry


def _description(meeting: ConsultEvent) -> Iterator[str]:
    yield ", ".join(filter(None, [meeting.event_mode.value, meeting.kind and meeting.kind.value, meeting.event_date]))
    if meeting.context:
        yield _line(meeting.context)
    for source in meeting.sources:
        yield _line(" · ".join(filter(None, [source.title or source.article, source.publisher, str(source.published or ""), source.url])))
        for sentence in source.evidence:
            yield f"“{_line(sentence.text)}”"


def _line(text: str) -> str:
    return " ".join(_UNFIT.sub("\N{REPLACEMENT CHARACTER}", text).split())

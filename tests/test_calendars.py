from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from icalendar import Calendar
from test_export import extraction

from llm_extract.calendars import calendar_lines
from llm_extract.events import events
from llm_extract.schema import Extraction, MeetingStatus, Party


def _planned(**about: object) -> Extraction:
    result = extraction()
    meeting = result.meetings[0].model_copy(update={"status": MeetingStatus.PLANNED, **about})
    return result.model_copy(update={"meetings": (meeting,)})


def _entries(*results: Extraction) -> list[Any]:
    written = b"".join(calendar_lines(events(results)))
    assert all(len(line) <= 75 for line in written.split(b"\r\n"))
    return list(Calendar.from_ical(written).walk("VEVENT"))


def test_a_planned_meeting_is_a_day_of_the_calendar() -> None:
    (entry,) = _entries(_planned())
    assert (entry["summary"], entry["location"], entry["status"]) == ("Ann Lee – Bo Kim", "Oslo", "CONFIRMED")
    assert (entry["dtstart"].dt, entry["dtend"].dt) == (dt.date(2024, 5, 6), dt.date(2024, 5, 7))
    assert "“Ann Lee met Bo Kim in Oslo on Monday.”" in entry["description"]


@pytest.mark.parametrize(
    ("date", "days"),
    [
        ("2024-06-03/2024-06-05", (dt.date(2024, 6, 3), dt.date(2024, 6, 6))),
        ("2024-02", (dt.date(2024, 2, 1), dt.date(2024, 3, 1))),
        ("2024-12-31?", (dt.date(2024, 12, 31), dt.date(2025, 1, 1))),
    ],
)
def test_an_interval_ends_on_the_day_after_its_last(date: str, days: tuple[dt.date, dt.date]) -> None:
    (entry,) = _entries(_planned(date=date))
    assert (entry["dtstart"].dt, entry["dtend"].dt) == days


@pytest.mark.parametrize("date", [None, "2024-06/..", "../2024-06", "9999-12-31"])
def test_a_meeting_whose_days_are_not_known_is_left_out(date: str | None) -> None:
    assert _entries(_planned(date=date)) == []


@pytest.mark.parametrize(
    ("status", "expected"),
    [("planned", ["CONFIRMED"]), ("tentative", ["TENTATIVE"]), ("cancelled", ["CANCELLED"]), ("held", []), ("ruled_out", [])],
)
def test_the_status_is_that_of_the_calendar(status: str, expected: list[str]) -> None:
    assert [entry["status"] for entry in _entries(_planned(status=MeetingStatus(status)))] == expected


def test_an_entry_keeps_its_uid_when_its_meeting_changes_and_no_other_has_it() -> None:
    uids = [entry["uid"] for results in ([_planned()], [_planned(date="2025-01-01")]) for entry in _entries(*results)]
    assert uids[0] == uids[1]
    first, second = _entries(_planned(), _planned())
    assert first["uid"] != second["uid"]


def test_what_an_article_says_breaks_no_line_of_the_calendar() -> None:
    hostile = "A\r\nEND:VEVENT\r\nATTACH:http://example.org\0;,\\ \u202ebad"
    (entry,) = _entries(_planned(participants=(Party(name=hostile),)))
    assert entry["summary"] == "A END:VEVENT ATTACH:http://example.org�;,\\ �bad"
    assert "attach" not in entry

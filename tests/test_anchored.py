"""Dates that are counted from another day are found, and resolved by the day that stands before them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_extract.anchored import find_anchored, is_anchored, opens_clause, resolve_anchored
from llm_extract.dates import bounds

PUBLISHED = dt.date(2024, 6, 12)
"""A Wednesday."""


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("They met on Monday. She had seen Lang the day before.", "2024-06-09"),
        ("They met on Monday. She had seen Lang the previous evening.", "2024-06-09"),
        ("They met on Monday. She saw Lang the following day.", "2024-06-11"),
        ("They met on June 3. She saw Lang two days later.", "2024-06-05"),
        ("They met on June 3. She saw Lang a week earlier.", "2024-05-24/2024-05-30"),
        ("They met on June 3. She saw Lang two months later.", "2024-08"),
        ("They met on June 3. She saw Lang that evening.", "2024-06-03"),
        ("They met on June 3. She saw Lang later in the day.", "2024-06-03"),
        ("She saw Lang earlier in the day.", "2024-06-12"),
        ("Petrova left on Friday, a day after she saw Lang.", "2024-06-06"),
        ("Petrova spoke on Friday, two days before she was to see Lang.", "2024-06-09"),
    ],
)
def test_a_date_is_counted_from_the_one_before_it(text: str, date: str) -> None:
    ((start, end),) = find_anchored(text)
    assert is_anchored(text, start, end)
    assert resolve_anchored(text, start, end, PUBLISHED) == date


@pytest.mark.parametrize("text", ["the day before yesterday", "two days", "that day-long trip", "a day", "the next dayshift"])
def test_other_dates_and_durations_are_left_alone(text: str) -> None:
    assert not list(find_anchored(text))


def test_only_a_date_before_its_clause_opens_one() -> None:
    text = "Petrova left on Friday, a day after she saw Lang. Two days later she came back."
    assert [opens_clause(text, *area) for area in find_anchored(text)] == [True, False]


def test_without_a_day_to_count_from_there_is_no_date() -> None:
    assert resolve_anchored("She saw Lang the day before.", 13, 27, None) is None


def test_what_lies_outside_the_calendar_has_no_date() -> None:
    text = "the day before"
    assert resolve_anchored(text, 0, len(text), dt.date.min) is None


@given(st.text(max_size=60) | st.lists(st.sampled_from(["two ", "days ", "later", "the day before", " on Monday", ". ", "é"])).map("".join))
def test_any_text_is_read_and_dates_are_dates(text: str) -> None:
    for start, end in find_anchored(text):
        assert is_anchored(text, start, end)
        if date := resolve_anchored(text, start, end, PUBLISHED):
            bounds(date)

"""What must hold of dates in EDTF: they are checked, compared and written rightly."""

from __future__ import annotations

import datetime as dt
import doctest

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from llm_extract import dates


def _day_pairs() -> st.SearchStrategy[tuple[dt.date, dt.date]]:
    day = st.dates(dt.date(2018, 11, 1), dt.date(2020, 3, 31))
    return st.tuples(day, day).map(lambda pair: (min(pair), max(pair)))


def edtf_dates() -> st.SearchStrategy[str]:
    """Draw days, months, years, intervals and open intervals near each other, so that many overlap."""
    point = st.builds(lambda day, length, doubt: day.isoformat()[:length] + doubt, st.dates(dt.date(2018, 11, 1), dt.date(2020, 3, 31)),
                      st.sampled_from([4, 7, 10]), st.sampled_from(["", "?", "~", "%"]))  # fmt: skip
    interval = st.builds(lambda pair, length: "/".join(day.isoformat()[:length] for day in pair), _day_pairs(), st.sampled_from([4, 7, 10]))
    return st.one_of(point, interval, point.map("../{}".format), point.map("{}/..".format))


@pytest.mark.parametrize(
    "edtf",
    [
        "2019",
        "2019-06",
        "2019-06-28",
        "2019-06-28/2019-06-29",
        "2018/2019-06",
        "2019?",
        "2019-06~",
        "2019-06-28%",
        "../2019",
        "2019-06/..",
        "2019-06-28/2019-06",
        "0001",
        "9999-12-31",
        "2020-02-29",
    ],
)
def test_a_date_in_the_supported_part_of_edtf_is_returned_unchanged(edtf: str) -> None:
    assert dates.validate(edtf) == edtf


@pytest.mark.parametrize(
    "edtf",
    [
        "",
        "0000",
        "19",
        "2019-13",
        "2019-00",
        "2019-06-31",
        "2019-02-29",
        "2019-6-1",
        "2019-06-28T14:00",
        "2019-21x",
        "2019-06-29/2019-06-28",
        "2019/2018",
        "../..",
        "/",
        "2019/",
        "/2019",
        "2019/2020/2021",
        " 2019",
        "2019\n",
        "201X",
        "..",
        "\u0662\u0660\u0661\u0669",
        "yesterday",
    ],
)
def test_anything_else_is_refused_with_a_message_that_names_it(edtf: str) -> None:
    with pytest.raises(ValueError, match=r"is not a date in EDTF: .+") as caught:
        dates.validate(edtf)
    assert repr(edtf) in str(caught.value)


def test_bounds_are_the_first_and_the_last_day() -> None:
    assert dates.bounds("2020-02") == (dt.date(2020, 2, 1), dt.date(2020, 2, 29))
    assert dates.bounds("2018/2019-06-28") == (dt.date(2018, 1, 1), dt.date(2019, 6, 28))
    assert dates.bounds("../2019~") == (dt.date.min, dt.date(2019, 12, 31))
    assert dates.bounds("2019-06/..") == (dt.date(2019, 6, 1), dt.date.max)


@pytest.mark.parametrize(("a", "b", "result"), [
    ("2019-06", "2019-06-28", "2019-06-28"),
    ("2019", "2019-06-28/2019-06-29", "2019-06-28/2019-06-29"),
    ("2019-06-27/2019-06-29", "2019-06-28/2019-07-02", "2019-06-28/2019-06-29"),
    ("2018-11/2019-02", "2019", "2019-01/2019-02"),
    ("2018/2019-06", "2019-06/2020", "2019-06"),
    ("2019?", "2019", "2019"),
    ("../2019", "2019-06/..", "2019-06/2019-12"),
])  # fmt: skip
def test_the_narrower_of_two_dates_is_the_inner_one_or_what_they_share(a: str, b: str, result: str) -> None:
    assert dates.narrower(a, b) == result


def test_the_narrower_of_dates_without_a_common_day_is_an_error() -> None:
    assert not dates.overlap("2019-06", "2019-07")
    with pytest.raises(ValueError, match="no day in common"):
        dates.narrower("2019-06", "2019-07")


@given(edtf_dates(), edtf_dates())
def test_bounds_are_in_order_and_overlap_is_reflexive_and_symmetric(a: str, b: str) -> None:
    assert dates.bounds(a)[0] <= dates.bounds(a)[1]
    assert dates.overlap(a, a)
    assert dates.overlap(a, b) == dates.overlap(b, a)


@given(edtf_dates(), edtf_dates())
def test_the_narrower_date_is_valid_and_lies_within_both_in_either_order(a: str, b: str) -> None:
    assume(dates.overlap(a, b))
    inner = dates.narrower(a, b)
    first, last = dates.bounds(dates.validate(inner))
    assert all(dates.bounds(outer)[0] <= first <= last <= dates.bounds(outer)[1] for outer in (a, b))
    assert dates.narrower(b, a) == inner


@given(_day_pairs())
def test_days_are_written_so_that_they_are_read_back(pair: tuple[dt.date, dt.date]) -> None:
    assert dates.bounds(dates.as_edtf(dates.Days(*pair))) == pair


def test_the_examples_in_the_docstrings_are_true() -> None:
    results = doctest.testmod(dates)
    assert results.attempted > 3
    assert results.failed == 0

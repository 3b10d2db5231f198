"""What must hold of date expressions: what news English writes is found, and resolved to the date that a reader gives it."""

from __future__ import annotations

import datetime as dt
import doctest
import subprocess
import sys

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from llm_extract import dates, expressions

WEDNESDAY = dt.date(2019, 6, 12)

# expression; its date in EDTF where the tense is unknown, past, future; all as of Wednesday, 12 June 2019
RESOLVED = [
    # complete in themselves
    ("June 28, 2019", "2019-06-28", "2019-06-28", "2019-06-28"),
    ("28 June 2019", "2019-06-28", "2019-06-28", "2019-06-28"),
    ("Friday, June 28th, 2019", "2019-06-28", "2019-06-28", "2019-06-28"),
    ("the 28th of June 2019", "2019-06-28", "2019-06-28", "2019-06-28"),
    ("28.06.2019", "2019-06-28", "2019-06-28", "2019-06-28"),
    ("28/06/2019", "2019-06-28", "2019-06-28", "2019-06-28"),
    ("06/28/2019", "2019-06-28", "2019-06-28", "2019-06-28"),
    ("05/06/2019", None, None, None),
    ("2019-06-28", "2019-06-28", "2019-06-28", "2019-06-28"),
    ("2019-06-28T14:05Z", "2019-06-28", "2019-06-28", "2019-06-28"),
    ("JUNE 28, 2019", "2019-06-28", "2019-06-28", "2019-06-28"),
    ("June 2018", "2018-06", "2018-06", "2018-06"),
    ("early 2018", "2018", "2018", "2018"),
    ("in 2017", "2017", "2017", "2017"),
    ("the summer of 2018", "2018-06/2018-08", "2018-06/2018-08", "2018-06/2018-08"),
    ("December 30 to January 2, 2018", "2017-12-30/2018-01-02", "2017-12-30/2018-01-02", "2017-12-30/2018-01-02"),
    # days without a year
    ("June 28", "2019-06-28", "2018-06-28", "2019-06-28"),
    ("on 28 June", "2019-06-28", "2018-06-28", "2019-06-28"),
    ("June 12", "2019-06-12", "2019-06-12", "2019-06-12"),
    ("Nov. 6", "2018-11-06", "2018-11-06", "2019-11-06"),
    ("Sept. 3", "2019-09-03", "2018-09-03", "2019-09-03"),
    ("June 28-29", "2019-06-28/2019-06-29", "2018-06-28/2018-06-29", "2019-06-28/2019-06-29"),
    ("June 28\u201329", "2019-06-28/2019-06-29", "2018-06-28/2018-06-29", "2019-06-28/2019-06-29"),
    ("28 and 29 June", "2019-06-28/2019-06-29", "2018-06-28/2018-06-29", "2019-06-28/2019-06-29"),
    ("June 28 to July 2", "2019-06-28/2019-07-02", "2018-06-28/2018-07-02", "2019-06-28/2019-07-02"),
    ("28 June - 2 July", "2019-06-28/2019-07-02", "2018-06-28/2018-07-02", "2019-06-28/2019-07-02"),
    ("June 28-12", None, None, None),
    ("11 September last year", "2018-09-11", "2018-09-11", "2018-09-11"),
    ("Feb. 29", "2020-02-29", None, "2020-02-29"),
    ("June 31", None, None, None),
    # months
    ("July", "2019-07", "2018-07", "2019-07"),
    ("in June", "2019-06", "2019-06", "2019-06"),
    ("since July", "2018-07", "2018-07", "2018-07"),
    ("May", "2019-05", "2019-05", "2020-05"),
    ("last July", "2018-07", "2018-07", "2018-07"),
    ("last June", "2018-06", "2018-06", "2018-06"),
    ("next March", "2020-03", "2020-03", "2020-03"),
    ("this May", "2019-05", "2019-05", "2019-05"),
    ("early November last year", "2018-11", "2018-11", "2018-11"),
    ("November last year", "2018-11", "2018-11", "2018-11"),
    ("mid-December", "2018-12", "2018-12", "2019-12"),
    ("February this year", "2019-02", "2019-02", "2019-02"),
    ("last month", "2019-05", "2019-05", "2019-05"),
    ("next month", "2019-07", "2019-07", "2019-07"),
    ("later this month", "2019-06", "2019-06", "2019-06"),
    ("at the end of the month", "2019-06", "2019-06", "2019-06"),
    ("the end of last month", "2019-05", "2019-05", "2019-05"),
    # weekdays
    ("on Monday", "2019-06-10", "2019-06-10", "2019-06-17"),
    ("Sunday\u2019s", "2019-06-09", "2019-06-09", "2019-06-16"),
    ("Sunday's", "2019-06-09", "2019-06-09", "2019-06-16"),
    ("Wednesday", "2019-06-12", "2019-06-12", "2019-06-12"),
    ("Thursday morning", "2019-06-06", "2019-06-06", "2019-06-13"),
    ("last Friday", "2019-06-07", "2019-06-07", "2019-06-07"),
    ("last Wednesday", "2019-06-05", "2019-06-05", "2019-06-05"),
    ("next Tuesday", "2019-06-18", "2019-06-18", "2019-06-18"),
    ("next Wednesday", "2019-06-19", "2019-06-19", "2019-06-19"),
    ("this Friday", "2019-06-14", "2019-06-07", "2019-06-14"),
    ("this coming Friday", "2019-06-14", "2019-06-14", "2019-06-14"),
    ("Thursday to Friday", "2019-06-06/2019-06-07", "2019-06-06/2019-06-07", "2019-06-13/2019-06-14"),
    ("Monday and Tuesday", "2019-06-10/2019-06-11", "2019-06-10/2019-06-11", "2019-06-17/2019-06-18"),
    ("Monday of next week", "2019-06-17", "2019-06-17", "2019-06-17"),
    ("Friday last week", "2019-06-07", "2019-06-07", "2019-06-07"),
    # days, weeks and years counted from publication
    ("Today", "2019-06-12", "2019-06-12", "2019-06-12"),
    ("tonight", "2019-06-12", "2019-06-12", "2019-06-12"),
    ("this morning", "2019-06-12", "2019-06-12", "2019-06-12"),
    ("yesterday", "2019-06-11", "2019-06-11", "2019-06-11"),
    ("last night", "2019-06-11", "2019-06-11", "2019-06-11"),
    ("tomorrow afternoon", "2019-06-13", "2019-06-13", "2019-06-13"),
    ("the day before yesterday", "2019-06-10", "2019-06-10", "2019-06-10"),
    ("the day after tomorrow", "2019-06-14", "2019-06-14", "2019-06-14"),
    ("this week", "2019-06-10/2019-06-16", "2019-06-10/2019-06-16", "2019-06-10/2019-06-16"),
    ("last week", "2019-06-03/2019-06-09", "2019-06-03/2019-06-09", "2019-06-03/2019-06-09"),
    ("next week", "2019-06-17/2019-06-23", "2019-06-17/2019-06-23", "2019-06-17/2019-06-23"),
    ("the weekend", "2019-06-08/2019-06-09", "2019-06-08/2019-06-09", "2019-06-15/2019-06-16"),
    ("next weekend", "2019-06-22/2019-06-23", "2019-06-22/2019-06-23", "2019-06-22/2019-06-23"),
    ("two days ago", "2019-06-10", "2019-06-10", "2019-06-10"),
    ("a week ago", "2019-06-03/2019-06-09", "2019-06-03/2019-06-09", "2019-06-03/2019-06-09"),
    ("three weeks ago", "2019-05-20/2019-05-26", "2019-05-20/2019-05-26", "2019-05-20/2019-05-26"),
    ("10 months ago", "2018-08", "2018-08", "2018-08"),
    ("several weeks ago", "2019-04/2019-06", "2019-04/2019-06", "2019-04/2019-06"),
    ("weeks ago", "2019-04/2019-06", "2019-04/2019-06", "2019-04/2019-06"),
    ("a couple of weeks ago", "2019-05/2019-06", "2019-05/2019-06", "2019-05/2019-06"),
    ("a few years ago", "2011/2017", "2011/2017", "2011/2017"),
    ("in two weeks", "2019-06-24/2019-06-30", None, "2019-06-24/2019-06-30"),
    ("in two weeks' time", "2019-06-24/2019-06-30", None, "2019-06-24/2019-06-30"),
    ("in the coming days", "2019-06-12/2019-06-20", "2019-06-12/2019-06-20", "2019-06-12/2019-06-20"),
    ("the past two days", "2019-06-10/2019-06-12", "2019-06-10/2019-06-12", "2019-06-10/2019-06-12"),
    ("last year", "2018", "2018", "2018"),
    ("earlier this year", "2019", "2019", "2019"),
    ("late next year", "2020", "2020", "2020"),
    ("in the spring", "2019-03/2019-05", "2019-03/2019-05", "2020-03/2020-05"),
    ("last winter", "2018-12/2019-02", "2018-12/2019-02", "2018-12/2019-02"),
    # not dates, or not known
    ("a couple of weeks after the vote", None, None, None),
    ("two days later", None, None, None),
    ("may", None, None, None),
    ("march", None, None, None),
    ("second", None, None, None),
    ("", None, None, None),
    ("'s", None, None, None),
    ("the", None, None, None),
]

FOUND = [
    ("It met from June 28-29, 2019 in Lund.", ["June 28-29, 2019"]),
    ("On Monday, June 3, and Sunday\u2019s vote", ["Monday, June 3", "Sunday"]),
    ("in June\n28 of them", ["June\n28"]),
    ("in June\n\n28 of them", ["June"]),
    ("On June 28 and 12 people came", ["June 28"]),
    ("In May, 12,000 came; June 12,000 left", ["May", "June"]),
    ("in November last year, not last November", ["November last year", "last November"]),
    ("at the end of the month and later this week", ["the end of the month", "later this week"]),
    ("the 2016 election, in 2016 elections, in 2016", ["2016"]),
    ("$2017 and 2017 cars in the 1990s in 2018-19", []),
    ("They may march. The second minister sat. May he? Mrs May and March Ltd.", []),
    ("the fall of the wall in the spring", ["the spring"]),
    ("the third time in two weeks", []),
    ("The Sunday Times of Bloody Sunday", []),
    ("two days later, a week after the vote", []),
    ("\U0001f600 yesterday e\u0301 on\u00a0June\u00a028", ["yesterday", "June\u00a028"]),
]

DATELINES = [
    ("Ministers meet\n\nWednesday, November 28, 2007\n\nThey met.", dt.date(2007, 11, 28)),
    ("Ministers meet\r\nJune 12, 2019 14:05 GMT\r\nThey met.", WEDNESDAY),
    ("2019-06-12\nThey met.", WEDNESDAY),
    ("2019-06-12T14:05Z\nThey met.", WEDNESDAY),
    ("By A. Writer\n12 June 2019\nThey met.", WEDNESDAY),
    ("Last updated: 12 June 2019, 10:30\nThey met.", WEDNESDAY),
    ("LUND, June 12, 2019 (Agency) \u2014 They met.", WEDNESDAY),
    ("LUND, Sweden, 12 June 2019 - They met.", WEDNESDAY),
    ("They met on June 12, 2019.", None),
    ("June 12, 2019 was the day on which they met.", None),
    ("Wednesday, June 12\nThey met.", None),
    ("June 11-12, 2019\nThey met.", None),
    ("June 2019\nThey met.", None),
    ("June 31, 2019\nThey met.", None),
    ("Line\n" * 40 + "June 12, 2019\n", None),
    ("", None),
]


def written() -> st.SearchStrategy[str]:
    """Draw the expressions of the table, as they are and joined to text that is near to them."""
    known = st.sampled_from([row[0] for row in RESOLVED])
    return st.one_of(known, st.lists(st.one_of(known, st.text(max_size=5)), max_size=6).map(" ".join), st.text(max_size=40))


@pytest.mark.parametrize(("expression", "unknown", "past", "future"), RESOLVED)
def test_an_expression_has_the_date_that_a_reader_gives_it(
    expression: str, unknown: str | None, past: str | None, future: str | None
) -> None:
    given_dates = [expressions.resolve(expression, WEDNESDAY, future=tense) for tense in (None, False, True)]
    assert given_dates == [unknown, past, future]


@pytest.mark.parametrize("expression", [row[0] for row in RESOLVED if row[2] and row[0] not in {"May", "since July"}])
def test_what_resolves_is_found_in_a_sentence_as_one_mention_of_the_same_date(expression: str) -> None:
    mentions = expressions.find_dates(f"The envoys met {expression} in Lund.")
    found = [expressions.resolve(mention.text, WEDNESDAY, future=False) for mention in mentions]
    assert found == [expressions.resolve(expression, WEDNESDAY, future=False)]


@pytest.mark.parametrize(
    "expression", ["June 28", "July", "last July", "Monday", "yesterday", "last year", "two days ago", "the weekend", "in the spring"]
)
def test_without_a_publication_date_only_complete_dates_are_known(expression: str) -> None:
    assert expressions.resolve(expression, None) is None
    assert expressions.resolve("28 June 2019", None) == "2019-06-28"


def test_a_month_is_the_last_one_in_the_past_and_the_nearest_where_the_tense_is_unknown() -> None:
    assert expressions.resolve("July", dt.date(2017, 11, 10), future=False) == "2017-07"
    assert expressions.resolve("in July", dt.date(2018, 11, 6)) == "2018-07"
    assert expressions.resolve("in January", dt.date(2018, 11, 6)) == "2019-01"
    assert expressions.resolve("January 3", dt.date(2018, 12, 30)) == "2019-01-03"
    assert expressions.resolve("December 30", dt.date(2019, 1, 3)) == "2018-12-30"


@pytest.mark.parametrize("published", [dt.date.min, dt.date(1, 1, 3), dt.date.max])
def test_at_the_ends_of_the_calendar_there_is_a_valid_date_or_none(published: dt.date) -> None:
    for expression, *_ in RESOLVED:
        for tense in (None, False, True):
            resolved = expressions.resolve(expression, published, future=tense)
            assert resolved is None or dates.validate(resolved)


@given(written(), st.one_of(st.none(), st.dates()), st.sampled_from([None, False, True]))
def test_resolving_any_text_gives_a_valid_date_or_none(expression: str, published: dt.date | None, future: bool | None) -> None:  # noqa: FBT001
    resolved = expressions.resolve(expression, published, future=future)
    assert resolved is None or dates.validate(resolved) == resolved


@given(st.sampled_from([row[0] for row in RESOLVED if row[1]]), st.dates(dt.date(1990, 1, 1), dt.date(2050, 1, 1)))
def test_a_past_date_begins_by_publication_and_a_future_one_ends_no_earlier(expression: str, published: dt.date) -> None:
    assume(
        not any(
            word in expression.lower()
            for word in ("20", "last", "next", "this", "past", "coming", "ago", "year", "tomorrow", "yesterday", "night")
        )
    )
    assume(expression not in {"Today", "later this month", "since July", "in two weeks"})
    past, future = (expressions.resolve(expression, published, future=tense) for tense in (False, True))
    assert past is None or dates.bounds(past)[0] <= published
    assert future is None or dates.bounds(future)[1] >= published


@pytest.mark.parametrize(("text", "found"), FOUND)
def test_dates_are_found_whole_and_words_that_only_look_like_them_are_not(text: str, found: list[str]) -> None:
    assert [mention.text for mention in expressions.find_dates(text)] == found


@given(written())
def test_mentions_are_exact_slices_in_order_without_overlap(text: str) -> None:
    end = 0
    for mention in expressions.find_dates(text):
        assert end <= mention.start < mention.end
        assert text[mention.start : mention.end] == mention.text
        end = mention.end


@pytest.mark.parametrize("piece", ["June ", "June 2", "Monday to ", " \n", "28 and ", "last ", "the end of ", "1", "\u00a0", "the coming "])
def test_a_long_text_without_an_end_is_searched_to_its_end(piece: str) -> None:
    text = piece * (10_000 // len(piece))
    assert all(text[mention.start : mention.end] == mention.text for mention in expressions.find_dates(text))


@pytest.mark.parametrize(("text", "published"), DATELINES)
def test_the_publication_date_is_taken_only_from_a_dateline(text: str, published: dt.date | None) -> None:
    assert expressions.dateline(text) == published


@given(written())
def test_reading_a_dateline_never_fails(text: str) -> None:
    found = expressions.dateline(text)
    assert found is None or isinstance(found, dt.date)


def test_the_examples_in_the_docstrings_are_true() -> None:
    results = doctest.testmod(expressions)
    assert results.attempted > 2
    assert results.failed == 0


def test_importing_the_module_compiles_no_expression_and_loads_no_other_library() -> None:
    lines = (
        "import sys",
        "from llm_extract import expressions",
        "print(expressions._expressions.cache_info().currsize, {'dateparser', 'pydantic'} & {*sys.modules})",
    )
    done = subprocess.run([sys.executable, "-c", "\n".join(lines)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "0 set()"

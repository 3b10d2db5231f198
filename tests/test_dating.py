"""Days that dates in articles stand for, back or ahead by the wording before them."""

from __future__ import annotations

import datetime as dt

import pytest

from llm_extract.dating import day_at, lies_ahead
from llm_extract.reading import Prepared
from llm_extract.schema import Article

TUESDAY = dt.date(2024, 5, 14)


def _day(text: str, words: str, published: dt.date | None = TUESDAY) -> str | None:
    start = text.index(words)
    return day_at(Prepared(Article(text=text, published=published)), start, start + len(words))


@pytest.mark.parametrize(
    ("text", "words", "day"),
    [
        ("Dockers walked out on Friday.", "Friday", "2024-05-10"),
        ("Dockers will walk out on Friday.", "Friday", "2024-05-17"),
        ("The union has called a rally for Saturday.", "Saturday", "2024-05-18"),
        ("A march that had been planned for Saturday was banned.", "Saturday", "2024-05-11"),
        ("Fares will rise from 1 January, it said on Monday.", "1 January", "2025-01-01"),
        ("Fares will rise from 1 January, it said on Monday.", "Monday", "2024-05-13"),
        ("She is to take over on 1 March. It rained on Monday.", "Monday", "2024-05-13"),
        ("They met on Friday. The day before, they rested.", "The day before", "2024-05-09"),
        ("They met on Friday. The day before they met, all was well.", "met on Friday", "2024-05-10"),
        ("They met on a day that nobody knows.", "a day", None),
    ],
)
def test_a_date_is_ahead_where_the_words_before_it_say_so(text: str, words: str, day: str | None) -> None:
    assert _day(text, words) == day


def test_without_a_day_of_publication_only_whole_dates_are_known() -> None:
    assert _day("They met on Friday.", "Friday", None) is None
    assert _day("They met on 3 May 2024.", "3 May 2024", None) == "2024-05-03"


@pytest.mark.parametrize("before", ["", "It rose on ", "It said that it would, and then closed on ", "They had called a rally for the "])
def test_what_is_not_known_to_lie_ahead_does_not(before: str) -> None:
    assert not lies_ahead(before)

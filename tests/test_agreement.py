from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_extract.agreement import dates_agree, events_agree, names_agree, places_agree, quoted_words, words_agree


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("We agree,", "“We agree”", True),
        ("We\n agree.", "we agree", True),
        ("We agree", "We disagree", False),
        ("“The ‘deal’ is off”", "The ‘deal’ is off.", True),
    ],
)
def test_words_are_compared_without_marks_case_and_kind_of_space(one: str, other: str, *, same: bool) -> None:
    assert (quoted_words(one) == quoted_words(other)) is same


@pytest.mark.parametrize(
    ("gold", "given_name", "same"),
    [
        ("Ann Lee", "Lee", True),
        ("Ann Lee", "Foreign Minister Ann Lee", True),
        ("Zoë Çelik", "Celik", True),
        ("Ann Lee", "Ann", False),
        ("Ann Lee", "Bo Kim", False),
        ("Board of Trade", "the Trade board of Utopia", True),
        ("Ann Lee", "Minister", False),
        ("Ann Lee", None, False),
        ("Minister", "Minister", False),
    ],
)
def test_names_agree_by_the_last_word_or_by_all_words_of_the_gold(gold: str, given_name: str | None, *, same: bool) -> None:
    assert names_agree(gold, given_name) is same


def test_an_alias_is_as_good_as_the_name() -> None:
    assert names_agree("Ann Lee", "Utopia", ["the envoy", "Utopia"])
    assert not names_agree(None, "Utopia")


@pytest.mark.parametrize(
    ("gold", "given_place", "agree"),
    [
        (["Oslo", "Norway"], "Norway", True),
        (["Oslo"], "the town hall of Oslo", True),
        (["town hall of Oslo"], "Oslo", True),
        (["Oslo"], "Bergen", False),
        ([], "Bergen", None),
        (["Oslo"], None, None),
    ],
)
def test_a_place_agrees_with_any_of_the_gold_s_or_says_nothing(gold: list[str], given_place: str | None, *, agree: bool | None) -> None:
    assert places_agree(gold, given_place) is agree


@pytest.mark.parametrize(
    ("gold", "given_date", "agree"),
    [
        ("2024-05-06", "2024-05-06", True),
        ("2024-05-06", "2024-05", True),
        ("2024", "2024-12-31", True),
        ("2024-05-06/2024-05-07", "2024-05-07/2024-05-09", True),
        ("2024-05-06/2024-05-07", "2024-05-08", False),
        ("2024-05", "2024-06-01", False),
        ("2024-05-06", "on 2024-05-06, at noon", True),
        ("2024-05-06", "May", None),
        ("2024-05-06", None, None),
        (None, "2024-05-06", None),
    ],
)
def test_dates_agree_where_they_have_a_day_in_common(gold: str | None, given_date: str | None, *, agree: bool | None) -> None:
    assert dates_agree(gold, given_date) is agree


@pytest.mark.parametrize(
    ("gold", "given_event", "agree"),
    [
        ("G20 summit", "G-20 talks", True),
        ("Group of 20", "the G20", True),
        ("Fjord Forum", "Fjord Conference", True),
        ("Fjord Forum", "Tundra Forum", False),
        ("Fjord Forum", "the summit", None),
        ("Fjord Forum", None, None),
    ],
)
def test_events_agree_by_a_word_that_not_every_event_has(gold: str, given_event: str | None, *, agree: bool | None) -> None:
    assert events_agree(gold, given_event) is agree


@given(st.text(), st.text())
def test_no_text_is_too_odd_to_be_compared(one: str, other: str) -> None:
    assert names_agree(one, other) in {True, False}
    assert places_agree([one], other) in {True, False, None}
    assert dates_agree(one, other) in {True, False, None}
    assert events_agree(one, other) == events_agree(other, one)


@pytest.mark.parametrize(
    ("gold", "given", "agree"),
    [
        ("Higher wages", "the higher  wages,", True),
        ("Café Orléans", "cafe orleans", True),
        ("general strike", "strike", True),
        ("strike", "a strike of all dockers", False),
        ("old town", "town old", False),
        ("Riga", "", False),
        ("the", "The", True),
        ("!", "?", True),
    ],
)
def test_words_agree_where_they_are_the_same_or_the_better_half_of_each_other(gold: str, given: str, *, agree: bool) -> None:
    assert words_agree(gold, given) is agree
    assert words_agree(given, gold) is agree

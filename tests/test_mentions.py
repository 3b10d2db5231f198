"""Names are found where they stand, titles aside, and short forms go with the fullest."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_extract.mentions import Mentions, find_mentions, names_of
from llm_extract.numbering import number
from llm_extract.schema import Article


def _names(text: str) -> Mentions:
    return names_of(number(Article(text=text)))


def _texts(text: str) -> list[str]:
    return [mention.text for mention in _names(text).all]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Foreign Minister Ana Petrova met Mr. Li of the Bank for Exports.", ["Ana Petrova", "Li", "Bank for Exports"]),
        ("We met Sheikh Khalid bin Nasser al-Amiri.", ["Khalid bin Nasser al-Amiri"]),
        ("We met Marieke van der Berg and Charles de Lang.", ["Marieke van der Berg", "Charles de Lang"]),
        ("We met María de la Cruz, Sean O’Neill and Jean-Luc Roy.", ["María de la Cruz", "Sean O’Neill", "Jean-Luc Roy"]),
        ("We met J.D. Hollis and William T. Hollis Jr. there.", ["J.D. Hollis", "William T. Hollis Jr"]),
        ("We met Jan Novak in June and April Jones on May 5.", ["Jan Novak", "April Jones"]),
        ("We met U.S. Secretary of State Alice Reed.", ["Alice Reed"]),
        ("We asked the Interior Ministry and the General Assembly.", ["Interior Ministry", "General Assembly"]),
        ("Alleging Norvik had lied, Lars Holm left.", ["Norvik", "Lars Holm"]),
        ("Beijing said no.", ["Beijing"]),
        ("Striker Jonas Vik left.", ["Jonas Vik"]),
        ("Mum-of-two Brenda Tate left.", ["Brenda Tate"]),
        ("They left on Monday.", []),
    ],
)
def test_names_are_found_without_their_titles(text: str, names: list[str]) -> None:
    assert _texts(text) == names


def test_a_title_is_the_role_of_the_name_also_where_it_is_left_out() -> None:
    names = _names("Foreign Minister Ana Petrova spoke. Petrova left.")
    assert [names.role(mention) for mention in names.all] == ["Foreign Minister", "Foreign Minister"]


@pytest.mark.parametrize(
    ("text", "short", "full"),
    [
        ("Ana Petrova spoke. Petrova left.", "Petrova", "Ana Petrova"),
        ("Petrova left. Ana Petrova spoke.", "Petrova", "Ana Petrova"),
        ("Prime Minister Li Weiming spoke. Then Li left.", "Li", "Li Weiming"),
        ("William Hollis Jr. spoke. Then Hollis left.", "Hollis", "William Hollis Jr"),
        ("Marieke van der Berg spoke. Then Van der Berg left.", "Van der Berg", "Marieke van der Berg"),
        ("Ana Petrova spoke. Boris Petrov left.", "Boris Petrov", "Boris Petrov"),
        ("They live in Norvik. Norvik Air is theirs.", "Norvik", "Norvik"),
    ],
)
def test_a_short_form_goes_with_the_fullest(text: str, short: str, full: str) -> None:
    names = _names(text)
    mention = names.named(short)
    assert mention is not None
    assert names.fullest(mention).text == full


def test_of_two_people_with_one_last_name_the_one_mentioned_before_is_meant() -> None:
    names = _names("Ana Petrova spoke. Then Petrova left. Boris Petrova came.")
    assert names.fullest(names.all[1]).text == "Ana Petrova"


def test_a_headline_has_only_names_known_from_the_text() -> None:
    names = _names("Petrova Slams Secret Border Deal\n\nAna Petrova called it a fraud on Monday.")
    assert [mention.text for mention in names.all] == ["Petrova", "Ana Petrova"]
    assert names.in_headline(0)
    assert not names.in_headline(names.all[1].start)


@pytest.mark.parametrize("name", ["Ana Petrova", "Li", "Khalid al-Amiri"])
def test_people_look_like_people(name: str) -> None:
    names = _names(f"We met Ana Petrova, Mr. Li and Khalid al-Amiri with {name} there.")
    mention = names.named(name)
    assert mention is not None
    assert names.is_person(mention)


@pytest.mark.parametrize("name", ["World War One", "New START", "Armistice Day", "Interior Ministry", "NATO", "Black Sea", "Norvik Herald"])
def test_institutions_wars_and_treaties_do_not(name: str) -> None:
    names = _names(f"They spoke of {name} there.")
    mention = names.named(name)
    assert mention is not None
    assert not names.is_person(mention)


def test_an_adjective_of_nationality_is_told_from_a_name() -> None:
    text = "They asked Chadian officials, French police and Petrosian about it. Petrosian said no."
    names = _names(text)
    assert [names.is_adjective(mention, text) for mention in names.all] == [True, True, False, False]


def test_a_name_that_things_happen_in_is_a_place_unless_it_has_a_title() -> None:
    names = _names("They met in Norvik. President Lang spoke in Lang.")
    assert [names.is_place(mention) for mention in names.all] == [True, False, False]


def test_within_returns_only_names_that_lie_inside() -> None:
    names = find_mentions("yes Ana Petrova met Boris Li today")
    assert [m.text for m in names.within(0, 15)] == ["Ana Petrova"]
    assert names.within(5, 15) == []
    assert names.within(0, 10) == []


def test_at_returns_the_name_that_stands_exactly_there() -> None:
    names = find_mentions("yes Ana Petrova")
    assert names.at(4, 15) == names.all[0]
    assert names.at(4, 10) is None


@given(
    st.text(max_size=200)
    | st.lists(st.sampled_from(["Ana", "van", "der", " ", "Mr.", "’s", "-", ".", "of", "Bank", "İ", "\n", "al-Amiri"]), max_size=30).map(
        "".join
    )
)
def test_every_name_is_a_slice_of_any_text(text: str) -> None:
    names = find_mentions(text)
    assert all(text[m.start : m.end] == m.text for m in names.all)
    assert [m.start for m in names.all] == sorted(m.start for m in names.all)
    for mention in names.all:
        assert names.fullest(mention) in names.all

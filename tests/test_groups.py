"""Parties without a name of their own are told from other noun phrases."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_extract.groups import Groups
from llm_extract.mentions import find_mentions

_PIECES = st.sampled_from(["the ", "rebel ", "leaders ", "of ", "opposition ", "Norvik ", "officials", ", ", "union ", "é"])


def _opening(text: str) -> str | None:
    area = Groups(text, find_mentions(text)).opening(0, len(text))
    return text[slice(*area)] if area else None


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("the union on Monday", "union"),
        ("rebel leaders in Lima", "rebel leaders"),
        ("members of the domestic opposition before", "members of the domestic opposition"),
        ("representatives of Norvik’s government and of the rebels", "representatives of Norvik’s government"),
        ("Norvik officials in Lima", "Norvik officials"),
        ("reporters on Monday", None),
        ("the weekly cabinet meeting", None),
        ("of other leaders", None),
        ("a spokesman for Petrova", None),
        ("the weather", None),
        ("", None),
    ],
)
def test_a_group_that_opens_a_phrase_is_found_without_its_determiner(text: str, group: str | None) -> None:
    assert _opening(text) == group


@pytest.mark.parametrize(("text", "plural"), [("executives of three banks", True), ("rebels", True), ("union", False)])
def test_several_people_are_told_from_one_body(text: str, *, plural: bool) -> None:
    assert Groups(text, find_mentions(text)).is_plural((0, len(text))) is plural


@pytest.mark.parametrize(
    ("text", "qualifies"),
    [
        ("He saw Norvik officials.", True),
        ("He saw Norvik electoral officials.", True),
        ("He saw Norvik spokesman Boris Lang.", True),
        ("He saw Norvik first.", False),
        ("He saw Norvik and rebel leaders.", False),
    ],
)
def test_a_name_before_an_office_or_a_group_only_says_whose_it_is(text: str, *, qualifies: bool) -> None:
    mentions = find_mentions(text, frozenset({0}))
    assert Groups(text, mentions).qualifies(mentions.all[0]) is qualifies


@given(st.lists(_PIECES, max_size=12).map("".join) | st.text(max_size=60))
def test_any_text_is_read_and_groups_are_areas_of_it(text: str) -> None:
    area = Groups(text, find_mentions(text)).opening(0, len(text))
    assert area is None or text[slice(*area)].strip()

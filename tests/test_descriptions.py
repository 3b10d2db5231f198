"""Descriptions that stand for somebody named elsewhere are told from names and from people without one."""

from __future__ import annotations

import pytest

from llm_extract.descriptions import age_in, describes_organisation, describes_person, gender_in


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("the Swede", True),
        ("The Italian", True),
        ("the 58-year-old", True),
        ("the former striker", True),
        ("a Swede", False),
        ("the judge", False),
        ("the strikers", False),
        ("the president of Gabon", False),
        ("the Italian economy", False),
    ],
)
def test_one_person_is_described_by_nationality_age_or_occupation(phrase: str, expected: bool) -> None:  # noqa: FBT001
    assert describes_person(phrase, "president" if " of " in phrase else phrase.rsplit(maxsplit=1)[-1].casefold()) is expected


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [("the company", True), ("the Geneva-based group", True), ("the aid agency", True), ("a group", False), ("the Norvik group", False)],
)
def test_an_organisation_is_described_without_its_name(phrase: str, expected: bool) -> None:  # noqa: FBT001
    assert describes_organisation(phrase, phrase.rsplit(maxsplit=1)[-1]) is expected


def test_age_and_gender_are_read_off_a_description() -> None:
    assert (age_in("the 58-year-old farmer"), age_in("the farmer")) == ("58", None)
    assert [gender_in(head) for head in ("frenchman", "spokeswoman", "mother-of-two", "swede")] == ["he", "she", "she", None]

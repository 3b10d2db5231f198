"""What a clause's words and several sentences together say of how settled a meeting is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_extract.schema import MeetingStatus
from llm_extract.statuses import balance, status_of_wording

CANCELLED, HELD, PLANNED = MeetingStatus.CANCELLED, MeetingStatus.HELD, MeetingStatus.PLANNED
RULED_OUT, TENTATIVE = MeetingStatus.RULED_OUT, MeetingStatus.TENTATIVE


@pytest.mark.parametrize(
    ("clause", "status"),
    [
        ("Dahl met Quispe in Lima", HELD),
        ("after their talks in Lima, Dahl flew home", HELD),
        ("Dahl will meet Quispe in Lima on Friday", PLANNED),
        ("Dahl is scheduled to meet Quispe", PLANNED),
        ("Dahl may meet Quispe in spring", TENTATIVE),
        ("Dahl hopes to see Quispe", TENTATIVE),
        ("Quispe invited Dahl to talks in Lima", TENTATIVE),
        ("Dahl called off the talks with Quispe", CANCELLED),
        ("the meeting with Quispe was cancelled", CANCELLED),
        ("Dahl will not meet Quispe", RULED_OUT),
        ("Dahl won’t meet Quispe", RULED_OUT),
        ("no formal meeting with Quispe is planned", RULED_OUT),
        ("Dahl ruled out talks with Quispe", RULED_OUT),
        ("", HELD),
    ],
)
def test_the_wording_of_a_clause_tells_how_settled_a_meeting_is(clause: str, status: MeetingStatus) -> None:
    assert status_of_wording(clause) is status
    assert status_of_wording(clause.upper()) is status


@pytest.mark.parametrize(
    ("statuses", "status"),
    [
        ([TENTATIVE, HELD], HELD),
        ([PLANNED, CANCELLED], CANCELLED),
        ([RULED_OUT, RULED_OUT], RULED_OUT),
        ([PLANNED, PLANNED], PLANNED),
        ([PLANNED, TENTATIVE], TENTATIVE),
        ([PLANNED, RULED_OUT], TENTATIVE),
    ],
)
def test_several_sentences_are_weighed(statuses: list[MeetingStatus], status: MeetingStatus) -> None:
    assert balance(statuses) is status


@given(st.lists(st.sampled_from(MeetingStatus), min_size=1), st.randoms())
def test_the_weight_does_not_depend_on_order_or_repetition(statuses: list[MeetingStatus], random: object) -> None:
    mixed = statuses * 2
    random.shuffle(mixed)  # type: ignore[attr-defined]  # hypothesis's Random
    assert balance(mixed) is balance(statuses)


@given(st.sampled_from(MeetingStatus))
def test_what_one_sentence_says_alone_stands(status: MeetingStatus) -> None:
    assert balance([status]) is status

"""The same meeting told several times becomes one; different ones stay apart; nothing that was found is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_extract.merging import merge_meetings, same_meeting, same_party
from llm_extract.schema import Claim, Meeting, MeetingKind, MeetingStatus, Party, Span, Stance

STATUSES = list(MeetingStatus)


def span(text: str, start: int = 0) -> Span:
    return Span(start=start, end=start + len(text), text=text)


def told(number: int = 0, who: str = "Ana Petrova,Boris Li", **facts: object) -> Meeting:
    """Return the mention of a meeting in the sentence with this number."""
    given_ = {name: span(value) if name in {"place", "event"} and isinstance(value, str) else value for name, value in facts.items()}
    parties = tuple(Party(name=name) for name in who.split(","))
    evidence = (span(f"Sentence {number:03d}.", 20 * number),)
    plain = {"status": "held", "kind": "in_person"}
    return Meeting.model_validate({"id": "M0", "participants": parties, "evidence": evidence, **plain, **given_})


def evidence_of(meetings: list[Meeting]) -> list[str]:
    return sorted(piece.text for meeting in meetings for piece in meeting.evidence)


@st.composite
def mentions(draw: st.DrawFn) -> list[Meeting]:
    """Mentions in the order of the text, of few people, days and places, so that many agree."""
    who = st.sampled_from(["Ana Petrova,Boris Li", "Petrova,Li", "Ana Petrova,Maria Dahl", "Ana Petrova,Boris Li,Maria Dahl"])
    return [
        told(
            number,
            draw(who),
            status=draw(st.sampled_from(STATUSES)),
            kind=draw(st.sampled_from(list(MeetingKind))),
            date=draw(st.sampled_from([None, "2024-05", "2024-05-17", "2024-06-03"])),
            place=draw(st.sampled_from([None, "Sofia", "Lima"])),
            event=draw(st.sampled_from([None, "Forum of Ports", "G20 summit"])),
        )
        for number in range(draw(st.integers(0, 6)))
    ]


@given(mentions())
def test_no_sentence_is_lost_or_given_to_two_meetings(found: list[Meeting]) -> None:
    merged = merge_meetings(found)
    assert evidence_of(merged) == evidence_of(found)
    assert all(list(m.evidence) == sorted(m.evidence, key=lambda piece: piece.start) for m in merged)


@given(mentions())
def test_meetings_are_numbered_in_the_order_of_first_mention(found: list[Meeting]) -> None:
    merged = merge_meetings(found)
    assert [m.id for m in merged] == [f"M{number}" for number in range(1, len(merged) + 1)]
    firsts = [m.evidence[0].start for m in merged]
    assert firsts == sorted(firsts)


@given(mentions())
def test_the_same_mentions_give_the_same_result_and_are_not_changed(found: list[Meeting]) -> None:
    before = [m.model_dump_json() for m in found]
    assert merge_meetings(found) == merge_meetings(iter(found))
    assert [m.model_dump_json() for m in found] == before


@given(mentions())
def test_a_call_is_never_one_with_a_meeting_in_person(found: list[Meeting]) -> None:
    calls = {m.evidence[0].text for m in found if m.kind is MeetingKind.CALL}
    for merged in merge_meetings(found):
        of_calls = {piece.text in calls for piece in merged.evidence}
        assert of_calls == {merged.kind is MeetingKind.CALL}


@given(mentions())
def test_every_fact_of_a_merged_meeting_is_one_of_a_mention(found: list[Meeting]) -> None:
    for merged in merge_meetings(found):
        assert merged.date in {m.date for m in found}
        assert merged.place in [m.place for m in found]
        assert merged.participants in [m.participants for m in found]


@given(st.lists(st.builds(told, st.integers(0, 40), place=st.just("Sofia"), date=st.just("2024-05-17")), min_size=1, max_size=5))
def test_one_meeting_told_in_any_order_has_the_same_facts(found: list[Meeting]) -> None:
    (one,), (other,) = merge_meetings(found), merge_meetings(found[::-1])
    assert one == other


def test_a_meeting_alone_stays_as_it_is_but_for_its_number() -> None:
    claim = Claim(by=Party(name="Li"), stance=Stance.CONFIRMS, evidence=span("x"))
    alone = told(3, place="Sofia", date="2024-05", claims=(claim,), topics=(span("trade"),))
    assert merge_meetings([alone]) == [alone.model_copy(update={"id": "M1"})]
    assert merge_meetings([]) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"place": "Sofia"}, {"place": "Sofia", "date": "2024-05-17"}),
        ({"date": "2024-05"}, {"date": "2024-05-17", "place": "Sofia"}),
        ({"event": "the G-20 summit"}, {"event": "Group of 20 summit"}),
        ({"place": "Sofia"}, {}),
        ({}, {"place": "Sofia"}),
        ({"place": "Sofia", "date": "2024-05-17"}, {"who": "Petrova,Li", "date": "2024-05-17"}),
        ({"who": "José Núñez,Li", "place": "Lima"}, {"who": "Nunez,Li’s", "place": "Lima"}),
    ],
)
def test_mentions_that_agree_are_one_meeting(one: dict[str, str], other: dict[str, str]) -> None:
    (merged,) = merge_meetings([told(1, **one), told(2, **other)])
    assert len(merged.evidence) == 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"place": "Sofia"}, {"place": "Lima"}),
        ({"date": "2024-05-17"}, {"date": "2024-06-03"}),
        ({"place": "Sofia", "date": "2024-05-17"}, {"place": "Lima", "date": "2024-06-03", "event": "x"}),
        ({"place": "Sofia"}, {"place": "Sofia", "who": "Ana Petrova,Maria Dahl"}),
        ({"place": "Sofia"}, {"place": "Sofia", "kind": "call"}),
        ({"status": "held", "place": "Sofia"}, {"status": "planned"}),
    ],
)
def test_mentions_that_differ_are_two_meetings(one: dict[str, str], other: dict[str, str]) -> None:
    assert len(merge_meetings([told(1, **one), told(2, **other)])) == 2
    assert len(merge_meetings([told(1, **other), told(2, **one)])) == 2


@pytest.mark.parametrize("facts", [{}, {"place": "Sofia"}, {"place": "Sofia", "date": "2024-05-17"}])
@pytest.mark.parametrize("status", ["ruled_out", "cancelled"])
def test_a_formal_meeting_that_did_not_come_about_and_an_encounter_that_did_stay_two(status: str, facts: dict[str, str]) -> None:
    formal, brief = told(1, status=status, **facts), told(2, kind="encounter", **facts)
    for found in ([formal, brief], [brief, formal]):
        merged = merge_meetings(found)
        assert {(m.kind.value, m.status.value) for m in merged} == {("in_person", status), ("encounter", "held")}


def test_a_merged_meeting_has_the_most_precise_date_the_first_place_and_all_claims() -> None:
    claims = [Claim(by=Party(name=name), stance=Stance.EXPECTS, evidence=span(name)) for name in ("Petrova", "Li")]
    first = told(1, date="2024-05", place="Sofia", claims=(claims[0],))
    second = told(2, date="2024-05-17", when=span("May 17"), place="central Sofia", claims=(claims[1], claims[0]))
    (merged,) = merge_meetings([first, second])
    assert (merged.date, merged.when, merged.place) == ("2024-05-17", span("May 17"), span("Sofia"))
    assert list(merged.claims) == claims


@given(mentions())
def test_whether_two_are_the_same_does_not_depend_on_which_is_asked_about_first(found: list[Meeting]) -> None:
    for one in found:
        for other in found:
            assert same_meeting(one, other) is same_meeting(other, one)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("Ana Petrova", "Petrova", True), ("PETROVA", "Petrova", True), ("Petrova", "Dahl", False), ("", "", False), ("…", "…", False)],
)
def test_parties_are_known_by_their_last_name(one: str, other: str, same: bool) -> None:  # noqa: FBT001  a case
    assert same_party(Party(name=one), Party(name=other)) is same

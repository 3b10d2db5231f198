from __future__ import annotations

from typing import Any

import pytest

from llm_extract.gold import GoldArticle, Prediction
from llm_extract.scoring import Judgement, Measure, Tally, Verdict, judge

TEXT = "Ann Lee met Bo Kim in Oslo. “We agree,” said Lee. “For now.” Cy Roe called Di Fox."


def _gold_quote(text: str, **about: object) -> dict[str, object]:
    start = TEXT.index(text)
    return {"start": start, "end": start + len(text), "text": text, "speaker": "Ann Lee", **about}


def _meeting(**facts: object) -> dict[str, object]:
    """A meeting as the gold has it; as an answer has it, with one status, kind and place."""
    return {
        "participants": ["Ann Lee", "Bo Kim"],
        "status": ["held"],
        "kind": ["in_person"],
        "date": "2024-05-06",
        "place": ["Oslo"],
        "event": "Fjord Forum",
        **facts,
    }


def _answer(**facts: object) -> dict[str, object]:
    return _meeting(**({"status": "held", "kind": "in_person", "place": "Oslo"} | facts))


def _judge(gold: dict[str, Any], answer: dict[str, Any], text: str = TEXT) -> Judgement:
    return judge(GoldArticle.model_validate(gold), Prediction.model_validate(answer), text)


def _quotes(gold: list[dict[str, object]], *answer: dict[str, object]) -> Judgement:
    return _judge({"quotes": gold}, {"quotes": answer})


def _meetings(gold: list[dict[str, object]], *answer: dict[str, object], text: str = TEXT) -> Judgement:
    return _judge({"meetings": gold}, {"meetings": answer}, text)


def _verdicts(judgement: Judgement) -> list[str]:
    return [finding.verdict.value for finding in judgement.findings]


class TestTally:
    def test_shares_are_those_of_the_textbook(self) -> None:
        tally = Tally(right=2, spurious=1, missed=2)
        assert [tally.precision, tally.recall, tally.f1] == pytest.approx([2 / 3, 1 / 2, 4 / 7])

    def test_without_cases_all_is_zero(self) -> None:
        assert (Tally().precision, Tally().recall, Tally().f1, Tally().cases) == (0, 0, 0, 0)

    def test_tallies_add_up(self) -> None:
        assert Tally(1, 2, 3) + Tally(10, 20, 30) == Tally(11, 22, 33)


class TestQuotes:
    def test_one_right_one_wrong_one_missed_one_spurious(self) -> None:
        judgement = _judge(
            {"quotes": [_gold_quote("We agree,"), _gold_quote("For now."), _gold_quote("called", speaker="Cy Roe")]},
            {"quotes": [_gold_quote("For now.", speaker="Bo Kim"), _gold_quote("We agree,", speaker="Lee"), _gold_quote("met")]},
        )
        assert judgement.tallies[Measure.QUOTES] == Tally(2, 1, 1)
        assert judgement.tallies[Measure.ATTRIBUTED] == Tally(1, 2, 2)
        assert _verdicts(judgement) == ["right", "wrong", "missed", "spurious"]
        assert [(fact.gold, fact.given) for fact in judgement.findings[1].wrong] == [("Ann Lee", "Bo Kim")]
        assert judgement.findings[3].text == "Ann Lee: “met”"

    def test_the_same_words_elsewhere_are_not_the_segment(self) -> None:
        judgement = _quotes([_gold_quote("For now.")], {"text": "For now.", "start": 0, "end": 8, "speaker": "Lee"})
        assert judgement.tallies[Measure.QUOTES] == Tally(0, 1, 1)

    def test_a_segment_counts_once(self) -> None:
        assert _quotes([_gold_quote("For now.")], *[_gold_quote("For now.")] * 2).tallies[Measure.QUOTES] == Tally(1, 1, 0)

    def test_a_neutral_segment_counts_neither_found_nor_left(self) -> None:
        gold = [_gold_quote("For now.", neutral=True)]
        assert _quotes(gold).tallies[Measure.QUOTES] == _quotes(gold, gold[0]).tallies[Measure.QUOTES] == Tally()

    def test_grounded_are_those_whose_words_stand_at_their_offsets(self) -> None:
        moved = {"text": "For now.", "start": 0, "end": 8}
        lost: dict[str, object] = {"text": "For now."}
        assert _quotes([], _gold_quote("For now."), moved, lost).tallies[Measure.GROUNDED] == Tally(1, 2, 2)
        assert _judge({}, {"quotes": [moved, lost]}, text="").tallies[Measure.GROUNDED] == Tally(1, 1, 1)

    def test_what_was_not_annotated_is_not_measured(self) -> None:
        assert _judge({}, {"quotes": [_gold_quote("met")], "meetings": [_answer()]}).findings == ()


class TestMeetings:
    def test_a_right_answer_is_right_in_everything(self) -> None:
        tallies = _meetings([_meeting()], _answer()).tallies
        assert {measure: measure.score(tallies[measure]) for measure in (*Measure,)[2:-1]} == dict.fromkeys((*Measure,)[2:-1], 1.0)

    def test_each_wrong_fact_is_told_and_counted(self) -> None:
        answer = _answer(status="planned", kind="call", date="2023", place=None, participants=["Ann Lee", "Bo Kim", "Cy Roe"])
        judgement = _meetings([_meeting()], answer)
        assert judgement.tallies[Measure.MEETINGS] == Tally(1, 0, 0)
        wrong = [(fact.measure.value, fact.gold, fact.given) for fact in judgement.findings[0].wrong]
        assert wrong == [
            ("status", "held", "planned"),
            ("kind", "in_person", "call"),
            ("date", "2024-05-06", "2023"),
            ("place", "Oslo", ""),
            ("participants_exact", "Ann Lee, Bo Kim", "Ann Lee, Bo Kim, Cy Roe"),
        ]
        assert all(judgement.tallies[fact.measure] == Tally(0, 1, 1) for fact in judgement.findings[0].wrong)

    def test_a_date_and_a_place_that_the_gold_has_not_are_not_measured(self) -> None:
        tallies = _meetings([_meeting(date=None, place=None)], _answer()).tallies
        assert (tallies[Measure.DATE], tallies[Measure.PLACE]) == (Tally(), Tally())

    @pytest.mark.parametrize(
        ("facts", "paired"),
        [
            ({"participants": ["Ann Lee"]}, False),
            ({"participants": ["Kim", "Minister Lee"]}, True),
            ({"date": "2023", "place": "Bergen"}, False),
            ({"date": "2023"}, True),
            ({"date": None, "place": None, "event": None}, False),
            ({"date": None, "place": None, "event": "Tundra Forum"}, False),
        ],
    )
    def test_a_pair_needs_all_participants_and_a_fact_that_agrees(self, facts: dict[str, object], *, paired: bool) -> None:
        assert (_meetings([_meeting()], _answer(**facts)).tallies[Measure.MEETINGS] == Tally(1, 0, 0)) is paired

    def test_aliases_of_participants_are_accepted(self) -> None:
        gold = _meeting(participant_aliases={"Bo Kim": ["rebels"]})
        assert _meetings([gold], _answer(participants=["Lee", "the rebels"])).tallies[Measure.MEETINGS].right == 1

    @pytest.mark.parametrize(("text", "right"), [(TEXT, 1), ("", 0)])
    def test_without_facts_a_common_piece_of_evidence_makes_a_pair(self, text: str, right: int) -> None:
        nothing = {"date": None, "place": None, "event": None}
        gold = _meeting(evidence=["met Bo Kim"], **nothing)
        assert _meetings([gold], _answer(evidence=[[0, 20]], **nothing), text=text).tallies[Measure.MEETINGS].right == right
        assert _meetings([gold], _answer(evidence=[[40, 50]], **nothing), text=text).tallies[Measure.MEETINGS].right == 0

    def test_of_two_answers_the_better_one_is_paired_whatever_their_order(self) -> None:
        worse, better = _answer(status="planned", date=None), _answer()
        for answers in ([worse, better], [better, worse]):
            judgement = _meetings([_meeting()], *answers)
            assert _verdicts(judgement) == ["right", "spurious"]

    def test_a_neutral_meeting_and_what_could_be_it_count_for_nothing(self) -> None:
        neutral = _meeting(neutral=True)
        assert _meetings([neutral]).findings == _meetings([neutral], _answer(), _answer()).findings == ()
        assert _meetings([neutral, _meeting()], _answer()).tallies[Measure.MEETINGS] == Tally(1, 0, 0)

    def test_findings_tell_the_facts_and_the_words(self) -> None:
        gold = _meeting(evidence=["met Bo Kim"], status=["held", "planned"])
        missed, spurious = _meetings([gold], _answer(participants=["Cy Roe", "Di Fox"], evidence=[[61, 82]])).findings
        assert (missed.verdict, missed.evidence) == (Verdict.MISSED, "met Bo Kim")
        assert missed.text == "Ann Lee, Bo Kim · held/planned · in_person · 2024-05-06 · Oslo · Fjord Forum"
        assert (spurious.text.split(" · ")[0], spurious.evidence) == ("Cy Roe, Di Fox", "Cy Roe called Di Fox.")

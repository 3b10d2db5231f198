"""What a model answered, tied to the article."""

from __future__ import annotations

from typing import Annotated, Any

import pytest
from pydantic import BaseModel

from llm_extract import Article, Cited, EdtfDate, Party, Schema, Sentence, Span, Verbatim
from llm_extract.forms import RECORDS, form_of
from llm_extract.grounding import Derived, Uncited
from llm_extract.reading import Prepared
from llm_extract.tying import Tier

TEXT = (
    "Mayor Ada Roth opened the bridge on Monday. The bridge had been closed on 3 May 2024. "
    "Roth closed it again the day after, near the bridge."
)


class Opening(BaseModel):
    """Something is opened."""

    what: Span
    where: list[Verbatim] = []
    by: Party | None = None
    when: Verbatim | None = None
    date: Annotated[EdtfDate | None, Derived("when")] = None
    evidence: list[Sentence] = []
    day: EdtfDate | None = None
    cost: Cited[float | None] | None = None


def tie(uncited: Uncited = Uncited.REFUSE, **answer: Any) -> tuple[Opening | None, Tier[Opening]]:  # noqa: ANN401  JSON
    prepared = Prepared(Article.model_validate({"text": TEXT, "published": "2024-05-07"}))
    nothing = {"what": "bridge", "where": [], "by": None, "when": None, "evidence": [1], "day": None, "cost": None}
    form = form_of(Opening)
    tier = Tier(Schema(Opening), prepared, prepared.numbered.sentences, prepared.numbered.quotations, uncited)
    found = tier.tie(form.model_validate({RECORDS: [{**nothing, **answer}]}))
    return (found[0].record if found else None), tier


def record(**answer: Any) -> Opening:  # noqa: ANN401  JSON
    found, tier = tie(**answer)
    assert tier.problems == []
    assert found
    return found


@pytest.mark.parametrize(("sentence", "nth"), [(1, 0), (2, 1), (3, 2)])
def test_words_are_found_in_the_sentences_that_the_record_rests_on(sentence: int, nth: int) -> None:
    places = [at for at in range(len(TEXT)) if TEXT.startswith("bridge", at)]
    assert record(evidence=[sentence]).what == Span(start=places[nth], end=places[nth] + 6, text="bridge")


def test_white_space_between_words_does_not_matter_and_the_articles_own_is_kept() -> None:
    assert record(where=["the \n bridge"]).where == ["the bridge"]


def test_a_party_has_its_fullest_name_and_office() -> None:
    party = record(by="Roth").by
    assert party
    assert (party.name, party.role) == ("Ada Roth", "Mayor")


@pytest.mark.parametrize(
    ("words", "date"),
    [("Monday", "2024-05-06"), ("on 3 May 2024", "2024-05-03"), ("the day after", "2024-05-04"), ("closed on 3 May 2024", "2024-05-03")],
)
def test_a_date_is_read_from_the_articles_words(words: str, date: str) -> None:
    assert record(day=words, evidence=[3]).day == date
    assert record(when=words, evidence=[3]).date == date


def test_a_date_that_is_not_asked_for_is_none_where_its_words_are_no_date() -> None:
    assert record(when="near the bridge").date is None


def test_a_date_in_edtf_stands_only_where_the_sentences_of_its_record_have_it() -> None:
    found, tier = tie(day="2024-05-01", evidence=[1, 2])
    assert found
    assert found.day is None
    assert tier.problems == ["opening.day: the article does not contain '2024-05-01'"]


def test_a_date_that_the_model_worked_out_stands_where_a_date_in_its_sentences_is_that_one() -> None:
    assert record(day="2024-05-06").day == "2024-05-06"
    assert record(day="2024-05-03", evidence=[1, 2]).day == "2024-05-03"


def test_a_date_that_the_model_worked_out_wrongly_means_the_only_one_in_its_sentences() -> None:
    assert record(day="2024-05-07").day == "2024-05-06"


@pytest.mark.parametrize("words", ["null", "not specified", ""])
def test_a_word_for_nothing_is_nothing_where_that_is_allowed(words: str) -> None:
    found = record(by=words, when=words, day=words)
    assert (found.by, found.when, found.day) == (None, None, None)
    assert tie(what=words)[1].problems


def test_a_cited_value_may_be_none() -> None:
    cost = record(cost={"value": None, "sentences": [2]}).cost
    assert cost
    assert (cost.value, cost.evidence) == (None, ("The bridge had been closed on 3 May 2024.",))


def test_a_record_that_can_not_be_without_what_is_missing_is_left_out_and_told() -> None:
    found, tier = tie(what="tunnel")
    assert found is None
    assert [warning.code for warning in tier.warnings] == ["unknown_words", "dropped_record"]


def test_what_is_shown_of_a_long_answer_is_short() -> None:
    _, tier = tie(where=["tunnel " * 100])
    assert len(tier.problems[0]) < 200


def test_evidence_that_is_not_there_makes_the_record_rest_on_nothing() -> None:
    assert tie(evidence=[])[0] is None
    found, tier = tie(Uncited.FLAG, evidence=[])
    assert found
    assert [warning.code for warning in tier.warnings] == ["uncited"]


def test_a_datelines_date_is_not_that_of_what_is_reported() -> None:
    text = "LUMEN, May 7 (Agency) - Ada Roth opened the bridge on Monday."
    prepared = Prepared(Article.model_validate({"text": text, "published": "2024-05-07"}))
    form, schema = form_of(Opening), Schema(Opening)
    for day, stands in (("2024-05-07", "2024-05-06"), ("2024-05-06", "2024-05-06")):
        tier = Tier(schema, prepared, prepared.numbered.sentences, (), Uncited.REFUSE)
        answer = {"what": "bridge", "where": [], "by": None, "when": None, "evidence": [1], "day": day, "cost": None}
        assert [tied.record.day for tied in tier.tie(form.model_validate({RECORDS: [answer]}))] == [stands]

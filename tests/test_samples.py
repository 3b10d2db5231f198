"""A schema's examples, checked against their texts and shown as question and answer."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import BaseModel
from user_models import Incident, Protest

from llm_extract import Cited, EdtfDate, Example, Schema, Verbatim
from llm_extract.errors import SchemaError
from llm_extract.samples import samples_of

TEXT = "On May 2, 40 bakers laid down their tools in Lumen. “We are tired,” said Ada Roth. The Bakers Guild called for it."
STRIKE: dict[str, Any] = {"city": "Lumen", "form": "strike", "date": "2025-05-02", "organisers": [{"name": "Bakers Guild"}], "size": 40}


class Toll(BaseModel):
    """How many take part."""

    city: Verbatim
    date: EdtfDate
    people: Cited[int]


def shown(model: type[Any], *records: dict[str, Any], published: str | None = "2025-05-04") -> list[dict[str, Any]]:
    examples = [Example(TEXT, [model.model_validate(record) for record in records], published)]
    (sample,) = samples_of(Schema(model, examples=examples))
    answer: list[dict[str, Any]] = json.loads(sample.answer)["records"]
    return answer


def test_a_record_is_shown_as_the_model_is_to_answer() -> None:
    (strike,) = shown(Protest, STRIKE)
    assert (strike["date"], strike["organisers"], strike["form"]) == ("May 2", ["Bakers Guild"], "strike")


def test_the_sentences_of_a_record_are_those_that_its_words_stand_in() -> None:
    (strike,) = shown(Protest, STRIKE)
    assert strike["sentences"] == [1, 3]


def test_a_record_that_points_nowhere_rests_on_the_whole_text() -> None:
    assert shown(Protest, {"city": "Lumen", "form": "strike"})[0]["sentences"] == [1]


def test_sentences_and_quotations_are_shown_by_their_numbers() -> None:
    record = {
        "consequence": {"sort": "injury", "person": "Ada Roth"},
        "degree": "low",
        "told": "The Bakers Guild called for it.",
        "said": "“We are tired,”",
    }
    (incident,) = shown(Incident, record)
    assert (incident["told"], incident["said"], incident["consequence"]) == (3, 1, {"sort": "injury", "person": "Ada Roth"})


def test_a_text_without_records_is_shown_with_an_empty_list() -> None:
    assert shown(Protest) == []


@pytest.mark.parametrize(
    ("changes", "published", "told"),
    [
        ({"city": "Riga"}, "2025-05-04", "has 'Riga' as protest.city, which its text does not contain"),
        ({"organisers": [{"name": "Bakers' League"}]}, "2025-05-04", "as protest.organisers"),
        ({"date": "2025-05-03"}, "2025-05-04", "has 2025-05-03 as protest.date, but no date in its text is that one"),
        ({}, None, "without a day of publication"),
        ({}, "soon", "'soon' is no date"),
    ],
)
def test_what_a_text_does_not_hold_is_told(changes: dict[str, Any], published: str | None, told: str) -> None:
    with pytest.raises(SchemaError, match=told):
        shown(Protest, {**STRIKE, **changes}, published=published)


def test_records_may_be_given_as_what_makes_them_and_what_makes_none_is_told() -> None:
    schema = Schema(Protest, examples=[Example(TEXT, [STRIKE])])
    assert schema.examples[0].records == (Protest.model_validate(STRIKE),)
    with pytest.raises(SchemaError, match="Example 1 of protest holds no Protest: form: Input should be"):
        Schema(Protest, examples=[Example(TEXT, [{**STRIKE, "form": "sit-in"}])])


def test_a_quotation_that_is_none_is_told() -> None:
    record = {"consequence": {"sort": "damage", "cost": 3}, "degree": "low", "told": "Lumen", "said": "Lumen"}
    with pytest.raises(SchemaError, match="which no quotation of its text holds"):
        shown(Incident, record)


def test_a_value_without_evidence_rests_on_the_sentence_that_has_most_of_its_record() -> None:
    text = "On May 2, 40 bakers laid down their tools in Lumen. On May 3, thirty dockers of Odrin followed."
    record = Toll.model_validate({"city": "Odrin", "date": "2025-05-03", "people": 30})
    (sample,) = samples_of(Schema(Toll, examples=[Example(text, [record], "2025-05-04")]))
    (shown,) = json.loads(sample.answer)["records"]
    assert (shown["sentences"], shown["people"]) == ([2], {"value": 30, "sentences": [2]})


def test_a_label_that_the_text_happens_to_have_as_a_word_is_no_evidence() -> None:
    text = "A strike of bakers ended long ago. On May 2, dockers laid down their tools in Lumen."
    record = Protest.model_validate({"city": "Lumen", "form": "strike", "date": "2025-05-02"})
    (sample,) = samples_of(Schema(Protest, examples=[Example(text, [record], "2025-05-04")]))
    assert json.loads(sample.answer)["records"][0]["sentences"] == [2]


def test_a_party_may_be_given_by_its_bare_name() -> None:
    assert shown(Protest, {**STRIKE, "organisers": ["Bakers Guild"]}) == shown(Protest, STRIKE)


def test_a_number_without_evidence_rests_on_the_sentence_that_has_it() -> None:
    text = "On May 2, bakers laid down their tools in Lumen. Thousands came to Lumen. Police counted 3,400 there, in Lumen."
    given: dict[str, Any] = {"city": "Lumen", "date": "2025-05-02", "people": 3400}
    evident = {**given, "people": {"value": 3400, "evidence": ["Thousands came to Lumen."]}}
    records = [Toll.model_validate(record) for record in (given, evident)]
    (sample,) = samples_of(Schema(Toll, examples=[Example(text, records, "2025-05-04")]))
    assert [one["people"]["sentences"] for one in json.loads(sample.answer)["records"]] == [[3], [2]]

"""The form of an answer, made of a record's model."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel, ValidationError
from user_models import MARCH, Damage, Incident, Protest

from llm_extract import Meeting, Quote
from llm_extract.answer_form import answer_schema
from llm_extract.forms import Choices, evidence_of, form_of, option_of
from llm_extract.shapes import shape_of


def properties(model: type[BaseModel], **changes: Any) -> dict[str, Any]:  # noqa: ANN401  JSON
    found: dict[str, Any] = answer_schema(form_of(model), strict=True, **changes)["properties"]["records"]["items"]["properties"]
    return found


def test_what_points_at_the_article_is_asked_for_in_numbers_and_words() -> None:
    asked = properties(Protest)
    assert list(asked) == ["sentences", "city", "form", "date", "organisers", "size"]
    assert asked["city"] == {"type": "string"}
    assert asked["form"] == {"description": "How people protest.", "enum": ["march", "strike"], "type": "string"}
    assert asked["organisers"] == {"items": {"type": "string"}, "type": "array"}
    cited = asked["size"]["anyOf"][0]["properties"]
    assert cited == {"value": {"type": "integer"}, "sentences": {"items": {"type": "integer"}, "type": "array"}}
    incident = properties(Incident)
    assert (incident["told"], incident["said"]) == ({"type": "integer"}, {"anyOf": [{"type": "integer"}, {"type": "null"}]})


def test_a_field_with_a_default_may_be_left_open() -> None:
    class Model(BaseModel):
        count: int = 1

    assert properties(Model)["count"] == {"anyOf": [{"type": "integer"}, {"type": "null"}]}


def test_a_passage_narrows_what_may_be_chosen_and_leaves_the_rest_free() -> None:
    asked = properties(Protest, choices={Choices.SENTENCES: [1, 2], Choices.QUOTATIONS: []})
    assert asked["organisers"]["items"] == {"type": "string"}  # also one without a name, such as the police
    assert asked["sentences"]["items"] == {"enum": [1, 2]}
    assert asked["date"] == {"anyOf": [{"type": "string"}, {"type": "null"}]}
    assert "x-choices" not in str(properties(Protest))


def test_a_model_that_names_its_evidence_is_asked_for_no_other() -> None:
    assert "sentences" not in properties(Meeting)
    found = [evidence_of(shape_of(model)) for model in (Meeting, Quote, Protest)]
    assert [field and field.name for field in found] == ["evidence", "segments", None]


def test_what_is_not_asked_for_is_not_in_the_form() -> None:
    assert {"id", "date"}.isdisjoint(properties(Meeting))


def test_values_are_not_judged_by_the_form_but_its_parts_are() -> None:
    form: Any = form_of(Protest)
    answer = form.model_validate({"records": [{**MARCH, "form": "sit-in", "size": {"value": "many", "sentences": []}}]})
    assert answer.records[0].form == "sit-in"
    with pytest.raises(ValidationError):
        form.model_validate({"records": [{**MARCH, "mood": "bad"}]})


def test_a_part_of_a_union_is_known_by_its_form() -> None:
    union = shape_of(Incident).fields[0].shape
    form: Any = form_of(Incident)
    record = {"sentences": [1], "consequence": {"sort": "damage", "cost": 3}, "degree": "low", "told": 1, "said": None, "others": []}
    answer = form.model_validate({"records": [record]})
    assert option_of(answer.records[0].consequence, union).annotation is Damage


def test_an_article_that_holds_one_record_is_not_asked_for_two() -> None:
    assert answer_schema(form_of(Protest, most=1), strict=True)["properties"]["records"]["maxItems"] == 1

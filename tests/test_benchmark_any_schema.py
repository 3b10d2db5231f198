"""The benchmark of any schema: how records are scored, and what plain instructor is asked."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel
from user_models import Incident, Protest

from benchmarks.any_schema.plain import plain_model
from benchmarks.any_schema.scoring import Scores, pointed_words
from benchmarks.any_schema.table import Row, as_markdown
from benchmarks.quality.counting import Spent
from llm_extract.shapes import shape_of

TEXT = "On May 2, 40 bakers laid down their tools in Lumen. The Bakers Guild called for it."
STRIKE: dict[str, Any] = {"city": "Lumen", "form": "strike", "date": "2025-05-02", "organisers": [{"name": "Bakers Guild"}], "size": 40}


def _json(**changes: object) -> dict[str, Any]:
    return Protest.model_validate({**STRIKE, **changes}).model_dump(mode="json")


def _scores(*found: dict[str, Any]) -> Scores:
    scores = Scores()
    scores.add(shape_of(Protest), [_json()], found, TEXT)
    return scores


def test_the_gold_itself_is_right_in_everything() -> None:
    scores = _scores(_json())
    assert (scores.records_f1, scores.field_f1, scores.grounded_share) == (1.0, 1.0, 1.0)


def test_plain_values_are_as_good_as_tied_ones() -> None:
    assert _scores({**STRIKE, "organisers": ["the Bakers Guild"]}).field_f1 == 1.0


@pytest.mark.parametrize(
    ("changes", "records", "wrong"),
    [({"size": 41}, 1.0, "size"), ({"date": "2025-05-03"}, 1.0, "date"), ({"form": "march"}, 1.0, "form"), ({"city": "Riga"}, 1.0, "city")],
)
def test_one_wrong_field_costs_that_field_and_not_the_record(changes: dict[str, object], records: float, wrong: str) -> None:
    scores = _scores(_json(**changes))
    assert scores.records_f1 == records
    assert {name for name, (right, _, _) in scores.fields.items() if right < 1} == {wrong}


def test_a_record_that_agrees_with_less_than_half_is_not_found() -> None:
    scores = _scores(_json(city="Riga", form="march", date="2025-01-01"))
    assert (scores.right, scores.precision, scores.recall) == (0, 0.0, 0.0)


def test_a_record_told_twice_is_found_once() -> None:
    assert _scores(_json(), _json()).records_f1 == pytest.approx(2 / 3)


def test_words_that_the_article_does_not_have_are_not_grounded() -> None:
    assert _scores({**STRIKE, "city": "Lumen City", "organisers": []}).grounded_share == 0.0
    assert pointed_words(_json(), shape_of(Protest)) == ["Lumen", "Bakers Guild"]


@pytest.mark.parametrize("model", [Protest, Incident])
def test_the_plain_model_has_the_same_fields_without_what_points_at_the_article(model: type[BaseModel]) -> None:
    plain = plain_model(shape_of(model))
    assert [*plain.model_fields] == [field.name for field in shape_of(model).fields]
    assert not any(part.points for part in shape_of(plain).walk())


def test_the_table_has_a_line_for_each_contestant_and_what_was_held_out_first() -> None:
    rows = [Row("protests", name, dev=dev, scores=_scores(_json())) for dev in (True, False) for name in ("llm-extract", "instructor")]
    rows[0].count(2.0, Spent(requests=1, prompt_tokens=1200, completion_tokens=80), failed=False)
    lines = as_markdown(rows, "today").splitlines()
    assert [line.split("|")[1].strip() for line in lines[4:]] == ["protests, held out"] * 2 + ["protests, looked at"] * 2
    assert "| 1,200 | 80 | 2 | none |" in lines[6]

"""The benchmark of any schema: what plain instructor is asked, and the table."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel
from user_models import PROTESTS, Incident, Protest

from benchmarks.any_schema.plain import plain_model
from benchmarks.any_schema.table import Row, as_markdown
from benchmarks.any_schema.worked import Annotated
from benchmarks.quality.counting import Spent
from llm_extract.schema import Article
from llm_extract.shapes import shape_of

TEXT = "On May 2, 40 bakers laid down their tools in Lumen. The Bakers Guild called for it."
STRIKE: dict[str, Any] = {"city": "Lumen", "form": "strike", "date": "2025-05-02", "organisers": ["Bakers Guild"], "size": 40}


@pytest.mark.parametrize("model", [Protest, Incident])
def test_the_plain_model_has_the_same_fields_without_what_points_at_the_article(model: type[BaseModel]) -> None:
    plain = plain_model(shape_of(model))
    assert [*plain.model_fields] == [field.name for field in shape_of(model).fields]
    assert not any(part.points for part in shape_of(plain).walk())


def test_the_table_has_a_line_for_each_contestant_and_what_was_held_out_first() -> None:
    given = Annotated("a", Article(text=TEXT, id="a"), [STRIKE], dev=True)
    rows = [Row(PROTESTS, name, dev=dev) for dev in (True, False) for name in ("llm-extract", "instructor")]
    for row, found in zip(rows, ([STRIKE], [], [{**STRIKE, "size": 41}], [STRIKE, {**STRIKE, "city": "Riga"}]), strict=True):
        row.count(given, found, 2.0, Spent(requests=1, prompt_tokens=1200, completion_tokens=80), failed=not found)
    assert as_markdown(rows, "today").splitlines()[4:] == [
        "| protest, held out | llm-extract | 1 | 1.00 | 1.00 | 1.00 | 1.00 | 0.80 | 1,200 | 80 | 2 | none |",
        "| protest, held out | instructor | 1 | 0.75 | 0.67 | 0.50 | 1.00 | 1.00 | 1,200 | 80 | 2 | none |",
        "| protest, looked at | llm-extract | 1 | 1.00 | 1.00 | 1.00 | 1.00 | 1.00 | 1,200 | 80 | 2 | none |",
        "| protest, looked at | instructor | 1 | 0.00 | 0.00 | 0.00 | 0.00 | 0.00 | 1,200 | 80 | 2 | 1 |",
    ]

"""The words of a prompt that a model gives."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import BaseModel
from user_models import Degree, Form, Incident, Protest

from llm_extract.outlines import meanings_of, outline, purpose


def test_the_meaning_of_a_label_stands_beneath_it_or_is_its_own() -> None:
    assert meanings_of(Form) == {"march": "They walk through the streets.", "strike": ""}
    assert meanings_of(Degree) == {"low": "hardly anything", "high": "a lot"}


def test_every_field_has_a_line_with_its_meaning_and_what_is_to_be_written() -> None:
    lines = outline(Protest).splitlines()
    assert [line.split(":")[0] for line in lines] == [
        "- sentences", "- city", "- form", "  - march", "- date", "- organisers", "- size",
    ]  # fmt: skip
    assert "City where it takes place." in lines[1]
    assert "null" in lines[4]
    assert "[]" in lines[5]
    assert '"value": a whole number' in lines[6]


def test_what_a_record_consists_of_stands_beneath_it() -> None:
    lines = outline(Incident).splitlines()
    assert "  - Injury: Somebody was hurt." in lines
    assert any(line.startswith("    - cost") for line in lines)
    assert any(line.startswith("  - person") for line in lines)


def test_plain_values_are_described_by_their_types() -> None:
    class Model(BaseModel):
        day: dt.date
        share: float | None
        sure: bool
        colour: Literal["red", "blue"]
        keys: dict[str, int]

    told = dict(line.removeprefix("- ").split(": ", 1) for line in outline(Model).splitlines())
    assert told["day"] == "a date as YYYY-MM-DD"
    assert told["share"].startswith("a number; null")
    assert told["sure"] == "true or false"
    assert told["colour"] == "one of red, blue"
    assert told["keys"] == "an object"


def test_a_model_without_a_docstring_of_its_own_has_no_purpose() -> None:
    class Bare(BaseModel):
        count: int

    assert (purpose(Bare), purpose(Protest)) == ("", "People gather in public or stop working to make a demand.")

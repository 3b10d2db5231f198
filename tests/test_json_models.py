"""A file of JSON Schema as a model."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from llm_extract.errors import SchemaError
from llm_extract.json_models import model_of
from llm_extract.outlines import purpose
from llm_extract.shapes import Sort, shape_of

FLOOD = {
    "type": "object",
    "description": "A river leaves its bed.",
    "properties": {
        "river": {"type": "string", "format": "verbatim", "description": "Which river."},
        "crest_m": {"type": "number", "minimum": 0},
        "day": {"anyOf": [{"type": "string", "format": "edtf"}, {"type": "null"}]},
        "agencies": {"type": "array", "items": {"type": "string", "format": "party"}},
        "warning": {"enum": ["yellow", "red"]},
        "damage": {"type": "array", "items": {"$ref": "#/$defs/Damage"}},
    },
    "required": ["river", "crest_m", "day"],
    "$defs": {"Damage": {"type": "object", "properties": {"what": {"type": "string"}}, "required": ["what"]}},
}


def write(folder: Path, schema: object) -> Path:
    path = folder / "high-water.json"
    path.write_text(schema if isinstance(schema, str) else json.dumps(schema), encoding="utf-8")
    return path


def test_a_schema_becomes_a_model_whose_formats_point_at_the_article(tmp_path: Path) -> None:
    model = model_of(write(tmp_path, FLOOD))
    assert (model.__name__, purpose(model)) == ("HighWater", "A river leaves its bed.")
    fields = {field.name: field for field in shape_of(model).fields}
    assert (fields["river"].shape.sort, fields["river"].meaning, fields["river"].required) == (Sort.WORDS, "Which river.", True)
    assert (fields["day"].shape.sort, fields["day"].shape.optional, fields["day"].required) == (Sort.DATE, True, True)
    assert (fields["agencies"].shape.sort, fields["agencies"].shape.inner.sort) == (Sort.LIST, Sort.PARTY)
    assert fields["damage"].shape.inner.sort is Sort.RECORD


def test_the_model_judges_as_the_schema_says(tmp_path: Path) -> None:
    model = model_of(write(tmp_path, FLOOD))
    right = {"river": "Vell", "crest_m": 3.5, "warning": "red", "day": None}
    model.model_validate(right)
    for wrong in ({"crest_m": -1}, {"warning": "blue"}, {"day": "soon"}, {"crest_m": None}):
        with pytest.raises(ValidationError):
            model.model_validate({**right, **wrong})


@pytest.mark.parametrize(
    ("schema", "told"),
    [
        ("{", "can't be read"),
        ([1], "no JSON Schema of an object"),
        ({"type": "array", "items": FLOOD}, "no JSON Schema of an object"),
        ({"type": "object", "properties": {"a": {"$ref": "#/$defs/Nowhere"}}}, "can't be used"),
        ({"type": "object", "properties": {"a": {"type": "colour"}}}, "JSON Schema has no type 'colour'"),
    ],
)
def test_a_file_that_is_no_use_is_told_with_the_reason(tmp_path: Path, schema: object, told: str) -> None:
    with pytest.raises(SchemaError, match=told):
        model_of(write(tmp_path, schema))

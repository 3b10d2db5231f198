"""A schema of the user's own: what it may be, and how it is named."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel
from user_models import PROTESTS, Protest

from llm_extract import Example, Schema
from llm_extract.errors import SchemaError
from llm_extract.schemas import load_schema, schema_of


class HTTPError2(BaseModel):
    """A name of several words."""

    code: int


def test_a_schema_is_named_after_its_model() -> None:
    assert [Schema(model).name for model in (Protest, HTTPError2)] == ["protest", "http_error2"]


def test_a_bare_model_is_for_one_record_and_a_list_of_it_for_many() -> None:
    assert (schema_of(Protest).many, schema_of(list[Protest]).many) == (False, True)
    assert schema_of(PROTESTS) is PROTESTS


@pytest.mark.parametrize("given", [3, int, list[int], dict[str, Protest], "protests:Protest"])
def test_what_is_no_schema_is_refused(given: Any) -> None:  # noqa: ANN401  what a user may give
    with pytest.raises(SchemaError, match="is no schema"):
        schema_of(given)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"key": ["town"]}, "key of protest names no fields of Protest: town"),
        ({"name": "../x"}, "can't be called"),
        ({"name": "Protest"}, "can't be called"),
    ],
)
def test_a_wrong_key_or_name_is_told(arguments: dict[str, Any], told: str) -> None:
    with pytest.raises(SchemaError, match=told):
        Schema(Protest, **arguments)


def test_a_model_without_fields_or_with_a_field_of_ours_is_refused() -> None:
    class Empty(BaseModel):
        pass

    class Sentenced(BaseModel):
        sentences: int

    with pytest.raises(SchemaError, match="Empty has no fields"):
        Schema(Empty)
    with pytest.raises(SchemaError, match="a field sentences"):
        Schema(Sentenced)


def test_whatever_determines_results_changes_the_digest(tmp_path: Path) -> None:
    template = tmp_path / "own.jinja"
    template.write_text("{% block system %}A{% endblock %}")
    schemas = [
        Schema(Protest),
        Schema(Protest, many=False),
        Schema(Protest, name="demo"),
        Schema(Protest, key=["city"]),
        Schema(Protest, key=lambda protest: protest.city),
        Schema(Protest, key=lambda protest: protest.form),
        Schema(Protest, examples=[Example("Nothing happened.")]),
        Schema(Protest, template=template),
    ]
    digests = [schema.digest for schema in schemas]
    template.write_text("{% block system %}B{% endblock %}")
    digests.append(Schema(Protest, template=template).digest)
    assert len(set(digests)) == len(digests)
    assert Schema(Protest).digest == digests[0]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with a module of schemas."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    (tmp_path / "floods.py").write_text(
        "from pydantic import BaseModel\nfrom llm_extract import Schema\n"
        "class Flood(BaseModel):\n    river: str\nFLOODS = Schema(Flood, name='high_water')\nNUMBER = 3\n"
    )
    monkeypatch.delitem(sys.modules, "floods", raising=False)
    return tmp_path


def test_a_schema_is_found_in_a_module_of_the_working_directory(here: Path) -> None:
    assert (here / "floods.py").is_file()
    assert (load_schema("floods:Flood").name, load_schema("floods:Flood").many) == ("flood", True)
    assert load_schema("floods:FLOODS").name == "high_water"


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("floods", "names no schema"),
        ("floods:Nothing", "The module floods has no Nothing"),
        ("floods:NUMBER", "3 is no schema"),
        ("nowhere:Flood", "can't be loaded: ModuleNotFoundError"),
        ("broken:Flood", "can't be loaded: ZeroDivisionError"),
        ("wrong:FLOODS", "^A schema can't be called 'Flood'"),
        ("nowhere.json", "can't be read"),
    ],
)
def test_a_schema_that_is_not_there_is_told_with_the_reason(here: Path, place: str, told: str) -> None:
    (here / "broken.py").write_text("1 / 0\n")
    (here / "wrong.py").write_text("from floods import Flood, Schema\nFLOODS = Schema(Flood, name='Flood')\n")
    with pytest.raises(SchemaError, match=told):
        load_schema(place)

"""What a model can't be held to is named before anything is sent."""

from __future__ import annotations

from enum import Enum
from typing import Any

import pytest
from pydantic import BaseModel, Field, create_model
from user_models import Incident, Protest

from llm_extract import Extractor, Settings
from llm_extract.answer_form import answer_schema
from llm_extract.errors import SchemaError
from llm_extract.forms import form_of
from llm_extract.limits import check_limits
from llm_extract.settings import Profile


def check(annotation: Any, profile: Profile = Profile.HOSTED) -> None:  # noqa: ANN401  a type
    model = create_model("Model", field=(annotation, ...))
    check_limits(answer_schema(form_of(model), strict=profile is Profile.HOSTED), profile, "model")


def nested(levels: int) -> type[BaseModel]:
    model: type[BaseModel] = create_model("Level", deepest=(int, ...))
    for number in range(levels - 1):
        model = create_model(f"Level{number}", inner=(model, ...))
    return model


def labels(count: int, length: int = 1) -> Any:  # noqa: ANN401  a type
    return Enum("Labels", {f"L{number}": f"{number:0{length}}" for number in range(count)})


class Nothing(BaseModel):
    """No fields."""


@pytest.mark.parametrize("profile", Profile)
@pytest.mark.parametrize("annotation", [Protest, Incident, list[Protest], nested(5), labels(200)])
def test_what_can_be_asked_for_passes(annotation: object, profile: Profile) -> None:
    check(annotation, profile)


@pytest.mark.parametrize(
    ("annotation", "told"),
    [
        (dict[str, int], r"records\.field has keys that are not known beforehand"),
        (tuple[int, str], r"records\.field is a list of several types in a fixed order"),
        (Nothing, r"records\.field has no fields"),
        (nested(11), r"it has 13 levels of objects, of 10 at most"),
        (labels(1_001), r"it has 1,001 labels, of 1,000 at most"),
        (labels(300, 60), r"an enumeration of 300 labels has 18,000 characters, of 15,000 at most"),
    ],
)
def test_what_hosted_structured_output_forbids_is_named(annotation: object, told: str) -> None:
    with pytest.raises(SchemaError, match=told):
        check(annotation)


def test_the_grammar_of_a_local_model_has_limits_of_its_own() -> None:
    check(labels(1_001), Profile.LOCAL)
    with pytest.raises(SchemaError, match=r"it has 2,10\d fields and labels, of 2,000 at most"):
        check(labels(2_100), Profile.LOCAL)
    with pytest.raises(SchemaError, match="the grammar of a local model"):
        check(Nothing, Profile.LOCAL)


@pytest.mark.parametrize("annotation", [dict[str, int], tuple[int, str]])
def test_what_a_grammar_can_hold_is_allowed_there(annotation: object) -> None:
    check(annotation, Profile.LOCAL)


def test_an_extractor_is_not_made_for_a_schema_beyond_the_limits() -> None:
    class Free(BaseModel):
        counts: dict[str, int]

    with pytest.raises(SchemaError, match="The schema free is beyond"):
        Extractor(Settings(base_url="http://127.0.0.1:9/v1"), schema=Free)


def test_what_only_narrows_a_value_is_left_to_the_record() -> None:
    class Narrow(BaseModel):
        name: str = Field(min_length=2, max_length=5_000, pattern=r"\w+")
        count: int = Field(ge=0, le=9)

    hosted = answer_schema(form_of(Narrow), strict=True)["properties"]["records"]["items"]["properties"]
    local = answer_schema(form_of(Narrow), strict=False)["properties"]["records"]["items"]["properties"]
    assert hosted["name"] == {"type": "string", "pattern": r"\w+"}
    assert local["name"] == {"type": "string", "minLength": 2}
    assert hosted["count"] == local["count"] == {"type": "integer", "minimum": 0, "maximum": 9}

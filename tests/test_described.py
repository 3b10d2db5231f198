"""The docstring under a field describes it, as with Pydantic's own way."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from llm_extract import described
from llm_extract.described import Described


class Protest(Described):
    """A march, say."""

    model_config = ConfigDict(frozen=True)

    kinds: ClassVar[int] = 2
    """No field."""
    place: str
    """Where it was
    held."""
    size: int = Field(default=0, ge=0)
    """People."""
    police: int = Field(default=0, description="Of them.")
    """Not this."""
    undescribed: str = ""

    class Permit(Described):
        """An inner one."""

        number: int = 7
        """Of the permit."""


class Pydantics(BaseModel):
    """A march, say."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    kinds: ClassVar[int] = 2
    """No field."""
    place: str
    """Where it was
    held."""
    size: int = Field(default=0, ge=0)
    """People."""
    police: int = Field(default=0, description="Of them.")
    """Not this."""
    undescribed: str = ""


class Strike(Protest):
    """It inherits."""

    place: str = "everywhere"
    trade: str = ""
    """Who struck."""


def test_fields_are_described_as_pydantic_describes_them() -> None:
    assert {name: repr(field) for name, field in Protest.model_fields.items()} == {
        name: repr(field) for name, field in Pydantics.model_fields.items()
    }
    assert Protest.model_fields["place"].description == "Where it was\nheld."
    ours, theirs = Protest.model_json_schema(), Pydantics.model_json_schema()
    assert ours.pop("title") == "Protest"
    assert theirs.pop("title") == "Pydantics"
    assert ours == theirs


def test_a_class_in_a_class_or_in_a_function_is_described_too() -> None:
    class Local(Described):
        here: bool = False
        """Whether it is."""

    assert Protest.Permit.model_fields["number"].description == "Of the permit."
    assert Local.model_fields["here"].description == "Whether it is."


def test_what_is_inherited_keeps_its_description_and_what_is_new_has_its_own() -> None:
    assert Strike.model_fields["size"].description == "People."
    assert Strike.model_fields["trade"].description == "Who struck."
    assert Strike.model_fields["place"].description is None


def test_defaults_bounds_and_what_is_required_stay() -> None:
    assert Protest(place="Oslo").size == 0
    with pytest.raises(ValidationError, match="place"):
        Protest.model_validate({"size": 1})
    with pytest.raises(ValidationError, match="size"):
        Protest(place="Oslo", size=-1)


def test_without_a_source_there_are_no_descriptions() -> None:
    made: Any = type("Made", (Described,), {"__module__": "no.such.module", "__annotations__": {"place": str}})
    assert not described._docstrings("no.such.module")
    assert made.model_fields["place"].description is None

"""What a Pydantic model consists of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal, Optional

import pytest
from pydantic import BaseModel, Field, create_model
from user_models import Incident, Protest

from llm_extract import Cited, EdtfDate, Meeting, Party, Quotation, Quote, Sentence, Span, Verbatim
from llm_extract.errors import SchemaError
from llm_extract.shapes import Shape, Sort, literals_of, shape_of


def shape(annotation: Any) -> Shape:  # noqa: ANN401  a type
    model = create_model("Model", field=(annotation, ...))
    return shape_of(model).fields[0].shape


@pytest.mark.parametrize(
    ("annotation", "sort", "optional"),
    [
        (int, Sort.PLAIN, False),
        (Literal["a", "b"], Sort.PLAIN, False),
        (int | str | None, Sort.PLAIN, True),
        (Annotated[str, Field(max_length=3)], Sort.PLAIN, False),
        (dict[str, int], Sort.PLAIN, False),
        (Verbatim, Sort.WORDS, False),
        (Optional[Verbatim], Sort.WORDS, True),  # noqa: UP045  users write it so too
        (Span, Sort.WORDS, False),
        (Sentence, Sort.SENTENCE, False),
        (Quotation | None, Sort.QUOTATION, True),
        (EdtfDate, Sort.DATE, False),
        (Annotated[EdtfDate | None, Field(description="When.")], Sort.DATE, True),
        (Party, Sort.PARTY, False),
        (Cited[int], Sort.CITED, False),
        (Protest, Sort.RECORD, False),
    ],
)
def test_a_type_is_of_its_sort(annotation: object, sort: Sort, optional: bool) -> None:  # noqa: FBT001
    assert (shape(annotation).sort, shape(annotation).optional) == (sort, optional)


@pytest.mark.parametrize("annotation", [list[Party], tuple[Party, ...], set[Party], frozenset[Party], Sequence[Party]])
def test_a_collection_holds_what_it_holds(annotation: object) -> None:
    assert (shape(annotation).sort, shape(annotation).inner.sort) == (Sort.LIST, Sort.PARTY)


def test_a_record_has_its_fields_with_their_meanings_and_none_that_is_excluded() -> None:
    fields = shape_of(Protest).fields
    assert [(field.name, field.required) for field in fields] == [
        ("city", True), ("form", True), ("date", False), ("organisers", False), ("size", False),
    ]  # fmt: skip
    assert fields[0].meaning == "City where it takes place."
    assert [field.name for field in shape_of(Incident).fields] == ["consequence", "degree", "told", "said", "others"]


def test_a_union_of_models_has_an_option_for_each() -> None:
    union = shape_of(Incident).fields[0].shape
    assert (union.sort, [option.annotation.__name__ for option in union.options]) == (Sort.UNION, ["Injury", "Damage"])


def test_meetings_and_quotes_are_made_of_the_same_parts() -> None:
    meeting = {field.name: field for field in shape_of(Meeting).fields}
    assert meeting["participants"].shape.inner.sort is Sort.PARTY
    assert meeting["evidence"].shape.inner.sort is Sort.SENTENCE
    assert [name for name, field in meeting.items() if field.derived] == ["id", "date"]
    assert shape_of(Quote).fields[1].shape.inner.sort is Sort.QUOTATION


class Loop(BaseModel):
    """Contains itself."""

    parts: list[Loop]


@pytest.mark.parametrize(
    ("annotation", "told"),
    [
        (Loop, r"Model\.field\.parts\[\] is a Loop within a Loop"),
        (Any, "may be anything"),
        (dict[str, Party], "can't hold what points"),
        (tuple[Verbatim, int], "can't hold what points"),
        (Verbatim | int, "one of several types"),
        (Annotated[Cited[int], Field(ge=0)], "constrains what is cited together"),
        (Annotated[Cited[int] | None, Field(ge=0)], "constrains what is cited together"),
    ],
)
def test_what_can_not_be_asked_for_is_named(annotation: object, told: str) -> None:
    with pytest.raises(SchemaError, match=told):
        shape(annotation)


def test_the_values_of_labels_are_found_through_annotations() -> None:
    assert literals_of(Annotated[Literal["a", 2], Field()]) == ("a", 2)
    assert literals_of(int) == ()

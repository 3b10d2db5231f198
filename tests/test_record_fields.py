from __future__ import annotations

from typing import Literal, Union

import pytest
from pydantic import BaseModel, JsonValue
from record_samples import Protest, march

from llm_extract.record_fields import Leaf, leaves_of, share_of
from llm_extract.schema import Meeting
from llm_extract.scoring import Tally
from llm_extract.shapes import shape_of


class Walk(BaseModel):
    by: Literal["foot"]
    steps: int


class Ride(BaseModel):
    by: Literal["bus"]
    fare: float


class Trip(BaseModel):
    way: Union[Walk, Ride]  # noqa: UP007  as users write it too
    done: bool = False
    stages: list[Walk | Ride] = []
    matrix: list[list[int]] = []


def _leaf(name: str) -> Leaf:
    return next(leaf for leaf in leaves_of(shape_of(Trip)) if ".".join(leaf.path) == name)


def test_the_fields_of_a_record_in_a_record_are_leaves_of_their_own() -> None:
    names = [leaf.measure.value for leaf in leaves_of(shape_of(Protest))]
    assert names[:5] == ["date", "kind", "size", "leader", "venue.city"]
    assert [leaf.measure.value for leaf in leaves_of(shape_of(Trip))] == ["way.by", "way.steps", "way.fare", "done", "stages", "matrix"]


def test_what_the_library_counts_out_is_no_leaf() -> None:
    names = [leaf.measure.value for leaf in leaves_of(shape_of(Meeting))]
    assert "id" not in names
    assert {"participants", "status", "date", "claims"} < {*names}


@pytest.mark.parametrize(
    ("name", "gold", "given", "tally"),
    [
        ("way.fare", {"by": "bus", "fare": 2}, {"by": "bus", "fare": "2.0"}, Tally(1, 0, 0)),
        ("way.steps", {"by": "bus", "fare": 2}, {"by": "foot", "steps": 9}, Tally(0, 1, 0)),
        ("way.by", {"by": "bus"}, {"by": "Bus"}, Tally(1, 0, 0)),
        ("stages", [{"by": "foot", "steps": 1}, {"by": "bus", "fare": 1}], [{"by": "bus", "fare": 1}], Tally(1, 0, 1)),
        ("matrix", [[1, 2], [3]], [[3], [1, 5, 6]], Tally(1, 1, 1)),
        ("done", True, 1, Tally(1, 0, 0)),
    ],
)
def test_what_two_records_have_in_one_place_is_compared(name: str, gold: JsonValue, given: JsonValue, tally: Tally) -> None:
    field = name.split(".", maxsplit=1)[0]
    assert _leaf(name).counts({field: gold}, {field: given}) == tally


def test_the_share_is_of_what_either_record_has() -> None:
    value = march().model_dump(mode="json")
    leaves = leaves_of(shape_of(Protest))
    assert (share_of(leaves, value, value), share_of(leaves, {}, {})) == (1000, 1000)
    assert share_of(leaves, {"date": "2024-05-06", "kind": "march"}, {"date": "2024-05-06", "size": 3}) == 333

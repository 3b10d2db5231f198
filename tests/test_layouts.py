from __future__ import annotations

import datetime as dt
import itertools
from enum import IntEnum
from functools import reduce
from operator import or_
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, JsonValue
from record_samples import PROTEST, Protest, march, record

from llm_extract.grounding import Verbatim
from llm_extract.layouts import Holds, Layout, layout_of, layouts_of
from llm_extract.shapes import shape_of

SPAN: JsonValue = {"start": 0, "end": 1, "text": "a"}
PARTY: JsonValue = {"name": "Ann", "role": None, "affiliation": None, "mention": None}
VALUES: list[JsonValue] = [None, True, 1, 2**70, 1.5, "x", SPAN, PARTY, [], [1], [PARTY, None], {}, {"a": 1}, {"b": "x", "a": None}]


def _of(*values: JsonValue) -> Layout:
    return layouts_of(record({"x": value}, f"R{number}") for number, value in enumerate(values))["protest"].fields["x"]


@pytest.mark.parametrize(
    ("values", "holds"),
    [
        ([None], Holds.NOTHING),
        ([None, 1], Holds.INTEGER),
        ([1, 1.5], Holds.NUMBER),
        ([1, 2**70], Holds.TEXT),
        ([True, 1], Holds.TEXT),
        (["x", SPAN], Holds.TEXT),
        ([PARTY, None], Holds.PARTY),
        ([PARTY, "x"], Holds.TEXT),
        ([{"value": 1, "evidence": []}, 2], Holds.INTEGER),
        ([{"a": 1}, None], Holds.RECORD),
        ([{"a": 1}, 1], Holds.JSON),
        ([[1], {"a": 1}], Holds.JSON),
        ([PARTY, {"a": 1}], Holds.JSON),
        ([{str(number): 1} for number in range(300)], Holds.JSON),
    ],
)
def test_values_tell_together_what_a_field_holds(values: list[JsonValue], holds: Holds) -> None:
    assert _of(*values).holds is holds


@given(st.permutations(VALUES).flatmap(lambda order: st.integers(1, len(order)).map(lambda size: order[:size])))
def test_what_records_tell_does_not_depend_on_their_order(values: list[JsonValue]) -> None:
    found = _of(*values)
    for order in itertools.islice(itertools.permutations(values), 30):
        assert _of(*order) == found
        assert [*_of(*order).fields] == [*found.fields]


@given(st.lists(st.sampled_from(VALUES), min_size=3, max_size=3))
def test_it_does_not_matter_how_records_are_divided(values: list[JsonValue]) -> None:
    a, b, c = map(_of, values)
    assert (a | b) | c == a | (b | c) == reduce(or_, [c, b, a])


def test_fields_are_in_their_order_where_records_agree_and_by_name_where_they_differ() -> None:
    assert list(layouts_of([record({"b": 1, "a": 2}), record({"b": 3, "a": 4})])["protest"].fields) == ["b", "a"]
    assert list(layouts_of([record({"b": 1, "a": 2}), record({"c": 3})])["protest"].fields) == ["a", "b", "c"]


def test_a_record_tells_the_same_as_its_schema_but_for_dates_and_meanings() -> None:
    told, known = layouts_of([record(march())])["protest"], layout_of(PROTEST.shape)
    assert list(told.fields) == list(known.fields)
    different = {name for name in told.fields if told.fields[name].holds is not known.fields[name].holds}
    assert (different, told.fields["date"].holds, known.fields["date"].holds) == ({"date"}, Holds.TEXT, Holds.PERIOD)
    assert known.fields["size"].meaning == "How many people take part"


class Level(IntEnum):
    LOW = 1
    HIGH = 2


class _Walk(BaseModel):
    by: Literal["foot"]
    steps: int


class _Ride(BaseModel):
    by: Literal["bus"]
    fare: float


class _Plain(BaseModel):
    day: dt.date
    moment: dt.datetime
    level: Level
    label: Literal["a", "b"]
    yes: Literal[True]
    either: int | str
    several: list[int]
    pair: tuple[int, int]
    by_name: dict[str, int]
    trip: _Walk | _Ride
    where: Verbatim


def test_a_schema_tells_the_types_of_its_values() -> None:
    fields = layout_of(shape_of(_Plain)).fields
    assert {name: part.holds for name, part in fields.items()} == {
        "day": Holds.DAY,
        "moment": Holds.TEXT,
        "level": Holds.INTEGER,
        "label": Holds.TEXT,
        "yes": Holds.BOOLEAN,
        "either": Holds.TEXT,
        "several": Holds.LIST,
        "pair": Holds.JSON,
        "by_name": Holds.JSON,
        "trip": Holds.RECORD,
        "where": Holds.TEXT,
    }
    assert {name: part.holds for name, part in fields["trip"].fields.items()} == {
        "by": Holds.TEXT,
        "steps": Holds.INTEGER,
        "fare": Holds.NUMBER,
    }


def test_the_layout_of_a_schema_is_that_of_all_its_fields() -> None:
    assert list(layout_of(shape_of(Protest)).fields) == list(Protest.model_fields)

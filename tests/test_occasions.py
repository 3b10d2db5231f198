"""Clauses that may report a meeting, with what stands beside them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_extract.occasions import Occasion, find_occasions
from llm_extract.reading import Prepared
from llm_extract.schema import Article

_PIECES = st.sampled_from(
    [
        "Ana Petrova",
        " met ",
        "Boris Lang",
        " in Oslo",
        " on Monday",
        " but ",
        "; ",
        " the two ",
        " talks ",
        " at the G5 summit",
        ". ",
        "\n\n",
        "é",
        "😀",
    ]
)
_TEXTS = (st.lists(_PIECES, min_size=1, max_size=30).map("".join) | st.text(min_size=1, max_size=80)).filter(str.strip)


def _find(text: str) -> list[Occasion]:
    prepared = Prepared(Article(text=text))
    return find_occasions(prepared.numbered, prepared.mentions, prepared.masked)


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("Ana Petrova met Boris Lang in Oslo on Monday.", [("Monday", "Oslo", None)]),
        ("Ana Petrova met Boris Lang at the G5 summit in Oslo.", [(None, "Oslo", "G5 summit")]),
        ("Ana Petrova met Boris Lang in Oslo but will meet Kofi Asante in Kiel.", [(None, "Oslo", None), (None, "Kiel", None)]),
        ("In Oslo they agreed to meet at the G5 summit.", [(None, None, "G5 summit")]),
        ("Ana Petrova said on Monday that she met Boris Lang.", [(None, None, None)]),
        ("Ana Petrova slept in Oslo on Monday.", []),
        ("Ana Petrova visited Oslo on Monday.", []),
    ],
)
def test_dates_places_and_events_go_with_the_nearest_meeting(text: str, facts: list[tuple[str | None, ...]]) -> None:
    found = [tuple(text[slice(*area)] if area else None for area in (one.when, one.place, one.event)) for one in _find(text)]
    assert found == facts


@pytest.mark.parametrize(("text", "paired"), [("The two met in Oslo.", True), ("Ana Petrova met Boris Lang.", False)])
def test_what_stands_for_two_parties_is_noted(text: str, *, paired: bool) -> None:
    assert [one.paired for one in _find(text)] == [paired]


def test_a_weak_word_tells_of_a_meeting_only_of_two_people_or_a_reception() -> None:
    assert len(_find("Ana Petrova welcomed Boris Lang.")) == 1
    assert len(_find("Ana Petrova will receive executives of three banks.")) == 1
    assert not _find("Ana Petrova welcomed the decision.")
    assert not _find("Ana Petrova visited the museum.")


def test_a_long_text_has_an_occasion_in_each_of_its_sentences() -> None:
    first, second = ["Ana", "Berit", "Clara", "Dora", "Edda", "Frida"], ["Petrov", "Lang", "Menon", "Costa", "Vik", "Holm", "Brandt"]
    names = [f"{first[n % 6]} {second[n % 7]}{'abcdefghij'[n // 10 % 10]}{'klmnopqrst'[n % 10]}" for n in range(200)]
    found = _find("".join(f"{name} met Boris Lang in Oslo on Monday at the G5 summit in the port of Kiel.\n\n" for name in names))
    assert [one.sentence for one in found] == list(range(1, 201))


@pytest.mark.parametrize("unit", ["met ", "Ana Petrova met Boris Lang in Oslo on Monday and ", "the G5 summit ", "She and Ana met, "])
def test_a_sentence_without_end_is_read_to_its_end(unit: str) -> None:
    text = unit * (10_000 // len(unit))
    assert all(0 <= one.trigger[0] < one.trigger[1] <= len(text) for one in _find(text))


@given(_TEXTS)
def test_any_text_is_read_and_every_area_lies_in_the_text(text: str) -> None:
    for one in _find(text):
        areas = [one.trigger, one.clause, *one.subjects, *one.objects, *one.people, one.when, one.place, one.event]
        assert all(0 <= area[0] < area[1] <= len(text) for area in areas if area)
        assert one.clause[0] <= one.trigger[0]

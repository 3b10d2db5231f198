"""Dates, places and events that sentences give."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_extract.circumstances import Circumstances, event_words, is_event
from llm_extract.reading import Prepared
from llm_extract.schema import Article

_PIECES = st.sampled_from(
    [
        "Ana Petrova ",
        "in Oslo ",
        "the Omani capital, ",
        "Muscat",
        " where ",
        "there ",
        "on Monday ",
        "said ",
        "that ",
        "the G5 summit ",
        ". ",
        "\n\n",
        "é",
    ]
)
_TEXTS = (st.lists(_PIECES, min_size=1, max_size=30).map("".join) | st.text(min_size=1, max_size=80)).filter(str.strip)


def _of(text: str) -> Circumstances:
    prepared = Prepared(Article(text=text))
    return Circumstances(prepared.numbered, prepared.mentions)


def _places(text: str) -> list[str]:
    circumstances = _of(text)
    return [text[slice(*area)] for sentence in circumstances.article.sentences for area in circumstances.places(sentence)]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("They met in Oslo.", ["Oslo"]),
        ("They met at the Winter Palace.", ["Winter Palace"]),
        ("They met at a hotel near Kiel airport.", ["Kiel"]),
        ("They met in the Omani capital, Muscat, on Monday.", ["Muscat"]),
        ("They met in the Omani capital on Monday.", ["Omani capital"]),
        ("They met in the city of Kiel.", ["Kiel"]),
        ("They held the Geneva talks.", ["Geneva"]),
        ("He is back from Lima, where they met.", ["Lima"]),
        ("They travelled to Lima.", ["Lima"]),
        ("They met in Petrova.", ["Petrova"]),
        ("President Petrova spoke. They believe in Petrova.", []),
        ("They believe in the Interior Ministry.", []),
        ("They met Boris Lang.", []),
    ],
)
def test_places_are_where_something_happens(text: str, places: list[str]) -> None:
    assert _places(text) == places


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("They met on Monday.", ["Monday"]),
        ("She said on Monday that they would meet on Friday.", ["Friday"]),
        ("They met in Oslo, she said on Monday.", []),
        ("She said that on Monday they met.", ["Monday"]),
        ("They held a video call on Sunday.", ["Sunday"]),
        ("They spoke by telephone on Monday.", ["Monday"]),
        ("She may call Boris Lang next week.", ["next week"]),
    ],
)
def test_dates_of_reports_are_left_out(text: str, dates: list[str]) -> None:
    circumstances = _of(text)
    assert [text[slice(*area)] for area in circumstances.dates(circumstances.article.sentences[0])] == dates


@pytest.mark.parametrize(
    ("text", "events"),
    [
        ("They met at the G5 summit.", ["G5 summit"]),
        ("They met at the Arctic Fisheries Conference.", ["Arctic Fisheries Conference"]),
        ("They met at a conference.", []),
    ],
)
def test_events_have_a_name(text: str, events: list[str]) -> None:
    circumstances = _of(text)
    found = [text[slice(*area)] for area in circumstances.events(circumstances.article.sentences[0])]
    assert found == events


def test_the_place_and_date_of_an_event_are_known_apart_from_any_meeting() -> None:
    facts = _of("The G5 summit will be held in Oslo. They met at the G5 summit.").event_facts()
    assert facts[event_words("G5 summit")]["place"] == {"Oslo"}


def test_long_and_short_names_of_an_event_are_one() -> None:
    assert event_words("the Group of Seven summit") == event_words("G-7")
    assert event_words("the talks") == frozenset()


@pytest.mark.parametrize(("name", "event"), [("G7", True), ("Arctic Forum", True), ("Ana Petrova", False)])
def test_names_of_events_are_told_from_others(name: str, *, event: bool) -> None:
    assert is_event(name) is event


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("They met.\n\nOSLO, June 3 (Herald) - They met.", "OSLO"),
        ("KIEL (Herald) — They met in Kiel.", "Kiel"),
        ("PORT NORVIK — They met.", "PORT NORVIK"),
        ("They met. Nobody knows where.", None),
        ("NATO members met.", None),
    ],
)
def test_a_dateline_tells_where_an_article_was_written(text: str, place: str | None) -> None:
    assert _of(text).dateline() == place


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("She flew to Oslo. She met Boris Lang there.", "Oslo"),
        ("She flew to Oslo. There were talks.", None),
        ("She flew to Oslo. She met Boris Lang.", None),
        ("She met Boris Lang there.", None),
    ],
)
def test_there_is_the_place_of_the_sentence_before(text: str, place: str | None) -> None:
    circumstances = _of(text)
    sentence = circumstances.article.sentences[-1]
    assert circumstances.place_before(sentence, sentence.end) == place


@given(_TEXTS)
def test_any_text_is_read_and_what_is_found_lies_in_its_sentence(text: str) -> None:
    circumstances = _of(text)
    circumstances.event_facts()
    circumstances.dateline()
    for sentence in circumstances.article.sentences:
        circumstances.place_before(sentence, sentence.start)
        areas = [*circumstances.dates(sentence), *circumstances.places(sentence), *circumstances.events(sentence)]
        assert all(sentence.start <= start < end <= sentence.end for start, end in areas)

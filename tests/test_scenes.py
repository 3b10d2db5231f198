"""Meetings without a place get that of the journey, the meeting or the dateline that the story tells of."""

from __future__ import annotations

import datetime as dt

import pytest

from llm_extract.reading import Prepared
from llm_extract.scenes import with_scenes
from llm_extract.schema import Article, Meeting

PUBLISHED = dt.date(2024, 6, 12)


def _place(text: str, *, told: str, **facts: object) -> str | None:
    """Return the place that a meeting of Ana Petrova and Boris Lang gets, told of by the sentence that holds some words."""
    prepared = Prepared(Article(text=text, published=PUBLISHED))
    sentence = prepared.numbered.sentence_at(text.index(told))
    plain = {"id": "M1", "participants": [{"name": "Ana Petrova"}, {"name": "Boris Lang"}], "status": "held", "kind": "in_person"}
    evidence = [prepared.article.span(sentence.start, sentence.end)]
    (meeting,) = with_scenes([Meeting.model_validate({**plain, "evidence": evidence, **facts})], prepared)
    return meeting.place.text if meeting.place else None


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Ana Petrova arrived in Lima on Sunday. Petrova met Boris Lang.", "Lima"),
        ("Ana Petrova arrived in Lima on Sunday. She flew to Kiel. Petrova met Boris Lang.", "Kiel"),
        ("Kofi Asante arrived in Lima on Sunday. Petrova met Boris Lang.", None),
        ("Ana Petrova will travel to Lima on Sunday. Petrova met Boris Lang.", None),
        ("KIEL, June 11 (Herald) - Ana Petrova met Boris Lang.", "KIEL"),
        ("New Lima — Ana Petrova met Boris Lang.", "New Lima"),
        ("Fishers' summit opens in Kiel\n\nThe talks are long. Ana Petrova met Boris Lang.", "Kiel"),
    ],
)
def test_a_place_comes_from_the_journey_the_summit_or_the_dateline(text: str, place: str | None) -> None:
    assert _place(text, told="Boris Lang") == place


@pytest.mark.parametrize("facts", [{"status": "tentative"}, {"status": "cancelled"}, {"kind": "call"}])
def test_what_has_no_place_yet_or_never_will_gets_none(facts: dict[str, object]) -> None:
    assert _place("Ana Petrova arrived in Lima on Sunday. Petrova met Boris Lang.", told="Boris Lang", **facts) is None


def test_what_took_place_long_ago_is_not_where_the_dateline_is() -> None:
    assert _place("KIEL, June 11 (Herald) - Ana Petrova met Boris Lang.", told="Boris Lang", date="2019-03") is None

"""Slices of the article in a record of whatever model."""

from __future__ import annotations

from llm_extract.slices import is_slice, slices


def test_every_slice_is_found_with_its_place_in_order() -> None:
    piece = {"start": 4, "end": 6, "text": "ab"}
    value = {
        "city": piece,
        "who": [{"name": "x", "mention": piece}, {"name": "y", "mention": None}],
        "size": {"value": 3, "evidence": [piece]},
    }
    assert [place for place, _ in slices(value)] == ["city", "who[0].mention", "size.evidence[0]"]
    assert {span.text for _, span in slices(value)} == {"ab"}


def test_what_only_looks_like_a_slice_is_none() -> None:
    assert not is_slice({"start": "Riga", "end": "Oslo", "text": "a journey"})
    assert not is_slice({"start": 1, "end": 2, "text": "a", "note": ""})
    assert not is_slice("ab")

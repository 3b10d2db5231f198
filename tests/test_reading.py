"""A prepared article: made once, nothing that is not used, and words found whatever the white space between them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_extract.reading import Prepared
from llm_extract.schema import Article

TEXT = "Ana Petrova met Boris\n  Li. Petrovas house is in Sofia (near Lima). Li’s “plan A+” was Li’s."


def prepared(text: str = TEXT) -> Prepared:
    return Prepared(Article(text=text))


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Boris Li", "Boris\n  Li"),
        ("  Boris \t Li ", "Boris\n  Li"),
        ("Petrova", "Petrova"),
        ("Lima", "Lima"),
        ("(near Lima)", "(near Lima)"),
        ("A+", "A+"),
        ("Petrov", None),
        ("rova", None),
        ("petrova", "Petrova"),
        ("Boris L.", None),
        (".*", None),
        ("", None),
        (" \n", None),
    ],
)
def test_words_are_found_whole_whatever_the_white_space_and_as_written_first(words: str, found: str | None) -> None:
    position = prepared().position_of(words)
    assert (TEXT[slice(*position)] if position else None) == found
    assert prepared().contains(words) is (found is not None)


def test_words_are_looked_for_in_the_areas_given_first_and_in_their_order() -> None:
    first, last = TEXT.index("Li."), TEXT.rindex("Li’s")
    assert prepared().position_of("Li") == (first, first + 2)
    assert prepared().position_of("Li", [(last, last + 4), (first, first + 2)]) == (last, last + 2)
    assert prepared().position_of("Sofia", [(last, last + 4)]) == (TEXT.index("Sofia"), TEXT.index("Sofia") + 5)


@given(st.text(max_size=60), st.text(max_size=8))
def test_what_is_found_are_the_words_themselves(text: str, words: str) -> None:
    position = prepared(text).position_of(words)
    if position is not None:
        assert text[slice(*position)].split() == words.split()


@given(st.text(st.sampled_from('Ab .“”"\n🙂e\u0301'), min_size=1, max_size=60))
def test_masking_keeps_every_offset(text: str) -> None:
    assert len(prepared(text).masked) == len(text)


def test_what_is_not_used_is_not_made_and_what_is_made_is_kept() -> None:
    article = prepared()
    assert set(vars(article)) == {"article"}
    assert article.numbered is article.numbered
    assert set(vars(article)) == {"article", "numbered"}


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Bakers' Guild", "Bakers’ Guild"),
        ('the "Red House"', "the “Red House”"),
        ("north-east", "north–east"),
        ("THE BAKERS’ guild", "The Bakers’ Guild"),
        ("Red\nHouse", "Red House"),
        ("Guil", None),
        ("\\w+", None),
        ("-", None),
    ],
)
def test_words_are_found_whatever_the_shape_of_their_marks(words: str, found: str | None) -> None:
    text = "The Bakers’ Guild left the “Red House” and went north–east."
    place = Prepared(Article(text=text)).position_of(words)
    assert (text[slice(*place)] if place else None) == found

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_extract.words import words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Ana Petrova's aide", ["Ana", "Petrova", "aide"]),
        ("the U.S. and Lang.", ["the", "U.S.", "and", "Lang"]),
        ("Jean-Luc O’Hara", ["Jean-Luc", "O’Hara"]),
        ("…", []),
    ],
)
def test_words_have_neither_possessive_endings_nor_the_full_stop_of_a_sentence(text: str, words: list[str]) -> None:
    assert [word.text for word in words_of(text)] == words


@pytest.mark.parametrize(("word", "capital"), [("Lang", True), ("lang", False), ("al-Watan", True), ("al-watan", False), ("Élan", True)])
def test_a_word_has_a_capital_also_behind_a_particle(word: str, *, capital: bool) -> None:
    assert [one.capital for one in words_of(word)] == [capital]


@given(st.text(max_size=100))
def test_words_stand_where_they_say_and_do_not_overlap(text: str) -> None:
    end = 0
    for word in words_of(text):
        assert text[word.start : word.end] == word.text
        assert end <= word.start < word.end
        end = word.end

"""Who meets whom, as the grammar around a word for a meeting says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_extract.circumstances import Circumstances
from llm_extract.clauses import MEETING_WORD
from llm_extract.parties import Parties
from llm_extract.reading import Prepared
from llm_extract.schema import Article

_PIECES = st.sampled_from(
    [
        "Ana Petrova",
        " and ",
        "Boris Lang",
        " met ",
        "The union",
        " the board ",
        " talks between ",
        "He ",
        " with ",
        ", who ",
        "According to ",
        ", ",
        ". ",
        "é",
    ]
)
_TEXTS = (st.lists(_PIECES, min_size=1, max_size=30).map("".join) | st.text(min_size=1, max_size=80)).filter(str.strip)


def _parties(text: str) -> tuple[Prepared, Parties]:
    prepared = Prepared(Article(text=text))
    circumstances = Circumstances(prepared.numbered, prepared.mentions)
    return prepared, Parties(prepared.numbered, prepared.masked, prepared.mentions, circumstances)


def _around(text: str) -> tuple[list[str], list[str]]:
    prepared, parties = _parties(text)
    sentence = prepared.numbered.sentences[-1]
    match = MEETING_WORD.search(text, sentence.start, sentence.end)
    assert match is not None
    subjects, objects = parties.around(sentence, match.span())
    return [text[slice(*area)] for area in subjects], [text[slice(*area)] for area in objects]


@pytest.mark.parametrize(
    ("text", "subjects", "objects"),
    [
        ("Ana Petrova met Boris Lang.", ["Ana Petrova"], ["Boris Lang"]),
        ("Ana Petrova and Boris Lang met.", ["Ana Petrova", "Boris Lang"], []),
        ("Ana Petrova met Boris Lang and Kofi Asante.", ["Ana Petrova"], ["Boris Lang", "Kofi Asante"]),
        ("Ana Petrova met on Monday with Boris Lang.", ["Ana Petrova"], ["Boris Lang"]),
        ("Ana Petrova received on Monday Ambassador Boris Lang.", ["Ana Petrova"], ["Boris Lang"]),
        ("There were talks between Ana Petrova and Boris Lang in Kiel.", ["Ana Petrova"], ["Boris Lang"]),
        ("There were talks between the government and the rebels.", ["government"], ["rebels"]),
        ("There was a meeting between Ana Petrova and U.S. leader Boris Lang.", ["Ana Petrova"], ["Boris Lang"]),
        ("Kofi Asante said that Ana Petrova met Boris Lang.", ["Ana Petrova"], ["Boris Lang"]),
        ("According to Kofi Asante, Ana Petrova met Boris Lang.", ["Ana Petrova"], ["Boris Lang"]),
        ("Ana Petrova, who met Boris Lang, left.", ["Ana Petrova"], ["Boris Lang"]),
        ("Ana Petrova left. She met Boris Lang.", ["Ana Petrova"], ["Boris Lang"]),
        ("Ana Petrova left. She and Boris Lang met.", ["Ana Petrova", "Boris Lang"], []),
        ("The union and the board met.", ["union"], ["board"]),
        ("The Millers Union and the Bakery Alliance have met.", ["Millers Union"], ["Bakery Alliance"]),
        ("The train drivers will meet Boris Lang.", ["train drivers"], ["Boris Lang"]),
        ("Ana Petrova met the victims’ families.", ["Ana Petrova"], ["victims’ families"]),
        ("Ana Petrova met reporters.", ["Ana Petrova"], []),
        ("Ana Petrova’s spokesman met Boris Lang.", [], ["Boris Lang"]),
        ("The board met.", [], []),
        ("Ana Petrova met in Oslo.", ["Ana Petrova"], []),
    ],
)
def test_the_grammar_tells_who_meets_whom(text: str, subjects: list[str], objects: list[str]) -> None:
    assert _around(text) == (subjects, objects)


def test_a_last_name_that_looks_like_an_adjective_is_a_party() -> None:
    assert _around("Carlo Bianchi left. Ana Petrova phoned Bianchi and Lang.")[1][0] == "Carlo Bianchi"


def test_people_are_given_once_and_in_full() -> None:
    text = "Petrova left Oslo. Ana Petrova saw the Interior Ministry. Petrova slept."
    _, parties = _parties(text)
    assert [text[slice(*area)] for area in parties.people(0, len(text))] == ["Ana Petrova"]


@given(_TEXTS)
def test_any_text_is_read_and_parties_are_areas_of_it(text: str) -> None:
    prepared, parties = _parties(text)
    for sentence in prepared.numbered.sentences:
        for match in MEETING_WORD.finditer(text, sentence.start, sentence.end):
            subjects, objects = parties.around(sentence, match.span())
            assert all(text[start:end].strip() for start, end in (*subjects, *objects))

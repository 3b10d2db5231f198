"""Grammar names the speaker, or says that the words are nobody's."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from speaker_snippets import BEYOND_GRAMMAR, SNIPPETS

from llm_extract.cues import mask_quotations
from llm_extract.mentions import names_of
from llm_extract.numbering import number
from llm_extract.schema import Article
from llm_extract.speakers import Attribution, attribute

_PIECES = st.sampled_from(
    [
        "“",
        "”",
        '"',
        "‘",
        "’",
        " said ",
        "Ana Petrova",
        " she ",
        "the ministry",
        "’s ",
        ", ",
        ". ",
        "\n\n",
        " told ",
        " by ",
        "statement",
        "Mr. ",
        ": ",
        "😀",
        "é",
        " and ",
    ]
)
_TEXTS = st.lists(_PIECES, min_size=1, max_size=30).map("".join).filter(str.strip)


def _attributions(text: str) -> list[Attribution]:
    article = number(Article(text=text))
    return attribute(article, names_of(article), mask_quotations(article))


def _speakers(text: str) -> list[str | None]:
    return [None if a.is_term or not a.candidates else text[slice(*a.candidates[0])] for a in _attributions(text)]


def _cases(snippets: Iterable[tuple[str, list[str | None]]]) -> list[object]:
    return [pytest.param(text, speakers, id=text[:50]) for text, speakers in snippets]


@pytest.mark.parametrize(("text", "speakers"), _cases(SNIPPETS))
def test_grammar_names_the_speaker_of_each_quotation(text: str, speakers: list[str | None]) -> None:
    assert _speakers(text) == speakers


@pytest.mark.parametrize(
    ("text", "speakers"),
    [
        pytest.param(text, speakers, id=text[:50], marks=pytest.mark.xfail(strict=True, reason=why))
        for text, speakers, why in BEYOND_GRAMMAR
    ],
)
def test_what_grammar_alone_does_not_settle(text: str, speakers: list[str | None]) -> None:
    assert _speakers(text) == speakers


def test_a_named_source_is_certain_and_a_pronoun_is_not() -> None:
    named, pronoun = _attributions("Ana Petrova met Boris Li. “Yes,” said Ana Petrova. \n\n“No,” she said.")
    assert (named.certain, named.pronoun) == (True, None)
    assert (pronoun.certain, pronoun.pronoun) == (False, "she")


def test_a_title_makes_a_pronoun_certain() -> None:
    (attribution,) = _attributions("Mrs Petrova met Mr Li. “Yes,” she said.")
    assert attribution.certain


def test_names_inside_quotations_are_no_candidates_for_others() -> None:
    first, second = _attributions("“Boris Li must go,” said Ana Petrova.\n\n“He must,” she said.")
    text = "“Boris Li must go,” said Ana Petrova.\n\n“He must,” she said."
    assert [text[slice(*c)] for a in (first, second) for c in a.candidates] == ["Ana Petrova", "Ana Petrova"]


@given(_TEXTS)
def test_every_text_is_attributed_and_every_candidate_is_a_span_of_it(text: str) -> None:
    article = number(Article(text=text))
    found = attribute(article, names_of(article), mask_quotations(article))
    assert [a.quotation for a in found] == list(article.quotations)
    for attribution in found:
        spans = [*attribution.candidates, *([(attribution.cue.start, attribution.cue.end)] if attribution.cue else [])]
        assert all(0 <= start <= end <= len(text) for start, end in spans)
        assert all(text[start:end].strip() for start, end in attribution.candidates)


def test_each_quotation_of_a_long_text_has_its_speaker() -> None:
    piece = "“We go on,” Foreign Minister Ana Petrova said in Oslo. She told Boris Li, the envoy, that it was “dead”. "
    assert [a.candidates != () for a in _attributions(piece * 100)] == [True] * 200

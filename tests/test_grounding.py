"""The types that tie a field to the article."""

from __future__ import annotations

import copy
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from llm_extract import Cited, Span, Verbatim


class Holder(BaseModel):
    """Holds words."""

    words: Verbatim


@given(st.text(), st.integers(0, 10_000))
def test_words_and_their_place_survive_json_pickle_and_copies(text: str, start: int) -> None:
    words = Verbatim(text, start)
    holder = Holder(words=words)
    made = [Holder.model_validate_json(holder.model_dump_json()).words, pickle.loads(pickle.dumps(words)), copy.copy(words)]  # noqa: S301
    made.append(copy.deepcopy(words))
    assert [(str(one), one.start, one.end) for one in made] == [(text, start, start + len(text))] * 4


def test_words_are_a_string_and_without_a_place_are_written_as_one() -> None:
    words = Verbatim("Riga")
    assert words == "Riga"
    assert (words.start, words.end) == (None, None)
    assert Holder(words=words).model_dump_json() == '{"words":"Riga"}'
    assert (repr(words), repr(Verbatim("Riga", 3))) == ("Verbatim('Riga')", "Verbatim('Riga', 3)")


def test_a_span_is_taken_for_the_words_that_it_holds() -> None:
    words = Holder.model_validate({"words": Span(start=2, end=6, text="Riga")}).words
    assert (words, words.start) == ("Riga", 2)


@pytest.mark.parametrize(
    "value", [3, None, ["Riga"], {"start": 1, "end": 9, "text": "Riga"}, {"start": -4, "end": 0, "text": "Riga"}, {"text": "Riga"}]
)
def test_what_is_no_words_or_contradicts_itself_is_refused(value: object) -> None:
    with pytest.raises(ValidationError, match="words of the article"):
        Holder.model_validate({"words": value})


def test_a_cited_value_may_be_given_bare_and_keeps_its_type() -> None:
    assert Cited[int].model_validate(300) == Cited[int](value=300)
    cited = Cited[int].model_validate({"value": 300, "evidence": [{"start": 0, "end": 2, "text": "So"}]})
    assert (cited.value, cited.evidence[0].start) == (300, 0)
    with pytest.raises(ValidationError):
        Cited[int].model_validate("many")


def test_the_json_schema_of_words_is_that_of_a_slice() -> None:
    assert Holder.model_json_schema()["properties"]["words"]["required"] == ["start", "end", "text"]

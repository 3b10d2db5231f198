from __future__ import annotations

import json
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field

from llm_extract.answer_form import answer_schema
from llm_extract.budget import Budget
from llm_extract.connection import Message, Request, Sent, estimated_tokens
from llm_extract.estimator import Estimator, least
from llm_extract.hosted import MEETINGS, QUOTES

pytestmark = pytest.mark.anyio


class Label(BaseModel):
    """A short answer."""

    label: Literal["yes", "no"]


class Bounded(BaseModel):
    """An answer with bounds."""

    number: int = Field(ge=4)
    name: str = Field(min_length=3)
    rows: list[Label] = Field(min_length=2)
    maybe: Label | None
    truth: bool
    one_of: Label | Literal["x"]


FORMS: list[type[BaseModel]] = [MEETINGS, QUOTES, Label, Bounded]


def _sent(form: type[BaseModel], text: str, max_tokens: int = 1000) -> Sent:
    plain = [{"role": "user", "content": text}]
    return Sent(Request((Message("user", text),), form, max_tokens, "a"), answer_schema(form, strict=True), plain, retries_left=0)


@pytest.mark.parametrize(
    ("form", "strict"), [(form, strict) for form in FORMS for strict in (True, False) if (form, strict) != (Bounded, True)]
)
def test_the_least_answer_is_a_valid_one(form: type[BaseModel], strict: bool) -> None:  # noqa: FBT001
    form.model_validate(least(answer_schema(form, strict=strict)))  # the strict form of `Bounded` says nothing of lengths


async def test_a_question_is_charged_by_the_length_of_what_it_sends_and_nothing_is_sent() -> None:
    budget = Budget()
    estimator = Estimator(budget)
    short, long = [await estimator.answer(_sent(MEETINGS, "word " * count)) for count in (100, 10_000)]
    assert MEETINGS.model_validate_json(short.answer) == MEETINGS.model_validate({"records": []})
    assert long.usage.prompt_tokens - short.usage.prompt_tokens == pytest.approx(9_900 * 5 / 4, rel=0.01)
    assert short.usage.prompt_tokens > 100 * 5 / 4  # the form is sent too
    assert budget.spent == short.usage + long.usage
    assert budget.spent.requests == 2
    await estimator.aclose()


async def test_an_answer_that_lists_is_taken_for_longer_than_a_label_and_for_no_longer_than_allowed() -> None:
    estimator = Estimator(Budget())
    listing, label = [await estimator.answer(_sent(form, "word " * 2000)) for form in (QUOTES, Label)]
    assert listing.usage.completion_tokens > label.usage.completion_tokens > 0
    assert (await estimator.answer(_sent(QUOTES, "word " * 2000, 7))).usage.completion_tokens == 7


def _schemas(inner: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    objects = st.dictionaries(st.text(max_size=3), inner, max_size=3).map(lambda parts: {"type": "object", "properties": parts})
    arrays = st.tuples(inner, st.integers(0, 3)).map(lambda pair: {"type": "array", "items": pair[0], "minItems": pair[1]})
    return objects | arrays | st.lists(inner, min_size=1, max_size=3).map(lambda choices: {"anyOf": choices})


LEAVES = st.sampled_from([{"type": "string"}, {"enum": ["a"]}, {"const": 3}, {"type": "null"}, {}])


@given(st.recursive(LEAVES, _schemas))
def test_any_form_has_a_least_value(form: dict[str, Any]) -> None:
    json.dumps(least(form))


def test_tokens_are_estimated_by_characters_and_messages() -> None:
    assert estimated_tokens([{"content": "a" * 400}, {"content": ""}]) == 116
    assert estimated_tokens([]) == 0

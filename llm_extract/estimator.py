"""What a question would cost: the stand-in for a connection when nothing is to be sent."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from llm_extract.budget import Budget
from llm_extract.connection import Entry, Sent, estimated_tokens
from llm_extract.schema import Usage

__all__ = ["Estimator", "least"]

_SHORT_ANSWER_TOKENS = 8
"""Of an answer that is a label or a name."""
_SHARE_ANSWERED = 1 / 8
"""Tokens of an answer that lists what an article holds, as a share of those asked with: a rough figure for news articles."""


class Estimator:
    """Answers every question with the least that its form allows, and charges the budget with what a model would likely have cost."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget

    async def answer(self, question: Sent) -> Entry:
        """Return the stand-in for an answer."""
        prompt = estimated_tokens(question.messages) + len(json.dumps(question.form)) // 4
        usual = round(prompt * _SHARE_ANSWERED) if "array" in json.dumps(question.form) else _SHORT_ANSWER_TOKENS
        usage = Usage(requests=1, prompt_tokens=prompt, completion_tokens=min(usual, question.request.max_tokens))
        self._budget.charge(usage)
        return Entry(answer=json.dumps(least(question.form)), usage=usage)

    async def aclose(self) -> None:
        """Do nothing."""


def least(form: Mapping[str, Any]) -> object:
    """Return the smallest value of a JSON schema without references, such as `llm_extract.answer_form.answer_schema` makes.

    Example:
        >>> least({"type": "object", "properties": {"kind": {"enum": ["a", "b"]}, "names": {"type": "array"}}})
        {'kind': 'a', 'names': []}
    """
    if "enum" in form:
        return form["enum"][0]
    if choices := form.get("anyOf"):
        return None if {"type": "null"} in choices else least(choices[0])
    match form.get("type"):
        case "object":
            return {name: least(part) for name, part in form.get("properties", {}).items()}
        case "array":
            return [least(form.get("items", {}))] * form.get("minItems", 0)
    simple = {"string": "x" * form.get("minLength", 0), "integer": form.get("minimum", 1), "boolean": False}
    return simple.get(form.get("type", ""), form.get("const"))

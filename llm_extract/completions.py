"""What a completion says: its text and its tokens, or why it can't be used and what to tell the model then."""

from __future__ import annotations

import functools
import json
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from llm_extract.errors import ModelRefusedError
from llm_extract.schema import Usage
from llm_extract.settings import Mode

if TYPE_CHECKING:
    from openai.types.chat import ChatCompletion
    from pydantic import BaseModel

__all__ = ["Reader", "UnusableText", "completion_in", "correction", "problems_in", "reader", "text_of", "tokens_of", "written_in"]

_MAX_PROBLEMS = 5
_OTHERWISE = "Leave the article out, or use another model."


class UnusableText(Exception):  # noqa: N818  a turn of the conversation; it never leaves the library
    """An answer that can't be used, and what to tell the model about it."""

    def __init__(self, problem: str, answer: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.answer = answer


def tokens_of(completion: ChatCompletion) -> Usage:
    """Return the tokens that the server counted; 0 where it says nothing sensible."""

    def count(name: str) -> int:
        value = getattr(completion.usage, name, None)
        return value if isinstance(value, int) and value > 0 else 0

    return Usage(prompt_tokens=count("prompt_tokens"), completion_tokens=count("completion_tokens"))


def completion_in(answered: object) -> ChatCompletion | None:
    """Make a completion of what a server answered; None where that can't be one.

    openai's own way takes ten times as long, for it also builds what is not as it should be. That is done here for such answers only: what
    is said in them is looked at elsewhere, and nothing is taken for granted there.
    """
    from openai.types.chat import ChatCompletion

    if isinstance(answered, str):  # which is not said to be JSON, and may be all the same
        try:
            answered = json.loads(answered)
        except ValueError:
            return None
    if not isinstance(answered, dict):
        return None
    try:
        return ChatCompletion.model_validate(answered)
    except ValidationError:
        return ChatCompletion.construct(**answered)


class Reader:
    """Reads completions of one form with instructor.

    Before it reads one, instructor goes through all that a form is made of, for validators that it can't run; that takes ten times as long
    as reading, and is done here before the first one only. Of its requests nothing is used: it leaves `$ref` in the schema, never says
    strict, and in tools mode adds words of its own.

    Args:
        form: The form of the answer.
        mode: How the model was held to it.
    """

    def __init__(self, form: type[BaseModel], mode: Mode) -> None:
        import instructor
        from instructor.v2 import Provider, mode_registry

        self._form: Any = instructor.openai_schema(form)
        self._mode = instructor.Mode.TOOLS if mode is Mode.TOOLS else instructor.Mode.JSON_SCHEMA
        self._parse = mode_registry.get_handlers(Provider.OPENAI, self._mode).response_parser
        self._is_checked = False

    def read(self, completion: ChatCompletion) -> Any:  # noqa: ANN401  an answer of the form
        """Return the answer; `ValueError` where there is none of the form."""
        if self._is_checked:
            return self._parse(response=completion, response_model=self._form)
        answer = self._form.from_response(completion, mode=self._mode)
        self._is_checked = True
        return answer


reader = functools.lru_cache(maxsize=64)(Reader)
"""The reader of a form in a mode."""


def text_of(completion: ChatCompletion, model: str) -> str:
    """Return what the model wrote: its content, or the arguments of the tool that it called.

    openai builds a completion from whatever the server sent, unchecked, so nothing is taken for granted here.

    Raises:
        ModelRefusedError: The model declined, or a filter stopped it.
        UnusableText: There is no answer, it was cut off at the longest length, or it is no Unicode.
    """
    choice = _choice(completion)
    message: object = getattr(choice, "message", None)
    finish = getattr(choice, "finish_reason", None)
    if finish == "content_filter":
        raise ModelRefusedError(f"A content filter stopped the answer of {model}.", remedy=_OTHERWISE)
    if getattr(message, "refusal", None):
        raise ModelRefusedError(f"{model} declined to answer.", remedy=_OTHERWISE)
    text = _written(message)
    if finish == "length":
        raise UnusableText("the answer was cut off because it is too long; give a shorter one")
    if not text.strip():
        raise UnusableText("the answer was empty")
    if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
        raise UnusableText("the answer was not valid Unicode")
    return text


def written_in(completion: ChatCompletion) -> str:
    """Return what the model wrote, whether it is of use or not; empty where there is nothing."""
    return _written(getattr(_choice(completion), "message", None))


def _choice(completion: ChatCompletion) -> object:
    choices = completion.choices
    return choices[0] if isinstance(choices, list) and choices else None


def _written(message: object) -> str:
    calls = getattr(message, "tool_calls", None)
    function = getattr(calls[0], "function", None) if isinstance(calls, list) and calls else None
    text = getattr(message, "content", None) if function is None else getattr(function, "arguments", None)
    return text if isinstance(text, str) else ""


def problems_in(error: ValidationError) -> str:
    """Say what is wrong, without Pydantic's links, which carry its version and would change the request with it."""
    found = error.errors(include_url=False, include_input=False, include_context=False)
    lines = []
    for problem in found[:_MAX_PROBLEMS]:
        where = ".".join(str(part) for part in problem["loc"])
        message = problem["msg"].removeprefix("Value error, ")
        lines.append(f"{where}: {message}" if where else message)
    return "; ".join(lines)


def correction(turn: UnusableText) -> list[dict[str, str]]:
    """Return what is said after an answer that can't be used; only the last one is shown, so that the prompt stays short."""
    said = [{"role": "assistant", "content": turn.answer}] if turn.answer else []
    asked = f"That can't be used: {turn.problem}.\nAnswer again, in full and in the form asked for, with this put right."
    return [*said, {"role": "user", "content": asked}]

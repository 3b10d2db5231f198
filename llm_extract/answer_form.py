"""The form of an answer: the JSON schema that is sent to the model."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from llm_extract.errors import SettingError

__all__ = ["CHOICES", "answer_schema"]

CHOICES = "x-choices"
"""Keyword of a form that names what a value may be chosen from; it is never sent."""

_DROPPED = frozenset({"$defs", "title", "default", "discriminator", "examples"})
"""What a model does not need and strict endpoints refuse."""
_NARROWING = {
    True: frozenset({"maxLength", "minLength", "uniqueItems"}),  # what strict structured output does not take
    False: frozenset({"pattern", "uniqueItems"}),  # llama.cpp knows but a few of the signs that patterns are made of
}
"""Keywords that only narrow what is answered, and are left to who validates the answer."""
_FORMATS = frozenset({"date", "date-time", "duration", "email", "hostname", "ipv4", "ipv6", "time", "uuid"})
_LENGTHS, _LONGEST = frozenset({"maxItems", "maxLength", "minItems", "minLength"}), 1_000
"""What llama.cpp makes a grammar of takes no more repetitions than 2,000, and gets slow before."""
_LISTS = {"anyOf": "anyOf", "oneOf": "anyOf", "allOf": "allOf", "prefixItems": "prefixItems"}
"""Keywords that hold a list of schemas, and what they become."""
_NESTED = frozenset({"items", "additionalProperties"})
"""Keywords that hold a schema, or a truth value."""


def answer_schema(answer: type[BaseModel], *, strict: bool, choices: Mapping[str, Sequence[object]] | None = None) -> dict[str, Any]:
    """Return the JSON schema of `answer` in the form that endpoints take.

    References are written out in place, for llama.cpp is shaky at nested ones, objects admit no other properties, and
    `oneOf` becomes `anyOf`. Properties keep the order of the class: it is the order in which the model answers. What only narrows a
    value and can't be sent is left out: the answer is judged by it all the same.

    Without choices, the same class gets the same object, which must not be changed.

    Args:
        answer: A Pydantic model that does not contain itself.
        strict: Make every property required, as the strict structured outputs of hosted endpoints demand.
        choices: What may be chosen, by the names that fields have under `CHOICES`; what has none here stays free. It is for the small
            models that run here: a hosted endpoint compiles every form that it has not seen.

    Raises:
        SettingError: The model contains itself.

    Example:
        >>> class Reply(BaseModel):
        ...     sentence: int
        >>> answer_schema(Reply, strict=True)["required"]
        ['sentence']
    """
    if not choices:
        return _free(answer, strict=strict)
    narrow: dict[str, Any] = _narrowed(_marked(answer, strict=strict), choices)
    return narrow


@functools.lru_cache(maxsize=64)
def _free(answer: type[BaseModel], *, strict: bool) -> dict[str, Any]:
    free: dict[str, Any] = _narrowed(_marked(answer, strict=strict), {})
    return free


@functools.lru_cache(maxsize=64)
def _marked(answer: type[BaseModel], *, strict: bool) -> dict[str, Any]:
    schema = answer.model_json_schema()
    result: dict[str, Any] = _plain(schema, schema.get("$defs", {}), strict=strict, within=())
    return result


def _narrowed(node: Any, choices: Mapping[str, Sequence[object]]) -> Any:  # noqa: ANN401  JSON
    if isinstance(node, list):
        return [_narrowed(part, choices) for part in node]
    if not isinstance(node, dict):
        return node
    possible = choices.get(node.get(CHOICES, ""))
    if possible:
        return {"enum": list(possible)}
    return {keyword: _narrowed(value, choices) for keyword, value in node.items() if keyword != CHOICES}


def _plain(node: Any, definitions: Mapping[str, Any], *, strict: bool, within: tuple[str, ...]) -> Any:  # noqa: ANN401  JSON
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        name = node["$ref"].rsplit("/", 1)[-1]
        if name in within:
            raise SettingError(f"The answer's model {name} contains itself.", remedy="Use a flat list instead.")
        beside = {key: value for key, value in node.items() if key != "$ref"}
        return _plain({**definitions[name], **beside}, definitions, strict=strict, within=(*within, name))

    def plain(part: Any) -> Any:  # noqa: ANN401  JSON
        return _plain(part, definitions, strict=strict, within=within)

    result: dict[str, Any] = {}
    for keyword, value in node.items():
        if _only_narrows(keyword, value, strict=strict):
            continue
        if keyword == "properties":
            result[keyword] = {name: plain(part) for name, part in value.items()}
        elif keyword in _LISTS:
            result[_LISTS[keyword]] = [plain(part) for part in value]
        elif keyword not in _DROPPED:
            result[keyword] = plain(value) if keyword in _NESTED else value
    return _closed(result, strict=strict) if "properties" in result else result


def _only_narrows(keyword: str, value: Any, *, strict: bool) -> bool:  # noqa: ANN401  JSON
    """Whether a keyword is one that can't be sent and that the answer is judged by all the same."""
    if keyword == "format":
        return value not in _FORMATS
    return keyword in _NARROWING[strict] or (keyword in _LENGTHS and not strict and value > _LONGEST)


def _closed(node: dict[str, Any], *, strict: bool) -> dict[str, Any]:
    required = {"required": list(node["properties"])} if strict else {}
    return {**node, "additionalProperties": False, **required}

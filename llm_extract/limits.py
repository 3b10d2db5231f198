"""What a model can be held to: the limits of hosted structured output and of llama.cpp's grammars, found before anything is sent.

What only narrows a value (a length, a pattern) and can't be sent is left out of the form (`llm_extract.answer_form`): records are judged
by their model in any case. What can't be said at all is refused here.

Sources, November 2026: OpenAI, "Structured model outputs", section "Supported schemas"; llama.cpp, `common/json-schema-to-grammar.cpp`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from llm_extract.errors import SchemaError
from llm_extract.settings import Profile

__all__ = ["check_limits"]

_MOST_PROPERTIES = 5_000
_MOST_LEVELS = 10
"""Objects within objects; lists and unions do not count."""
_MOST_VALUES = 1_000
"""Of all enumerations together."""
_MOST_CHARS = 120_000
"""Of the names of properties and the values of enumerations together."""
_LONG_ENUM, _MOST_CHARS_OF_LONG = 250, 15_000
_MOST_RULES = 2_000
"""Properties and values that llama.cpp turns into a grammar in bearable time; it has no limit of its own that it names."""

_FREE_KEYS = "has keys that are not known beforehand; use a list of models with a field for the key"
_FIXED = "is a list of several types in a fixed order; use a model with a field for each"
_ANYTHING = "may be anything; give it a type"
_EMPTY = "has no fields"


def check_limits(form: Mapping[str, Any], profile: Profile, name: str) -> None:
    """Find what the model can't be held to.

    Args:
        form: See `llm_extract.answer_form.answer_schema`.
        profile: Whether strict structured output has to take it, or llama.cpp's grammar.
        name: What the schema is called.

    Raises:
        SchemaError: There is something; the message names all of it, with the place in the answer.
    """
    found = [f"{place or name} {what}" for place, node in _nodes(form, "") for what in _impossible(node, profile)]
    found += _too_large(form, profile)
    if found:
        model = "a hosted model's structured output" if profile is Profile.HOSTED else "the grammar of a local model"
        raise SchemaError(f"The schema {name} is beyond {model}: {'; '.join(found)}.", remedy="Make the model simpler, or split it.")


def _impossible(node: Mapping[str, Any], profile: Profile) -> Iterator[str]:
    if node.get("type") == "object":
        free = node.get("additionalProperties", False) is not False
        if (free and profile is Profile.HOSTED) or "patternProperties" in node:
            yield _FREE_KEYS
        elif not free and not node.get("properties"):
            yield _EMPTY
    if "prefixItems" in node and profile is Profile.HOSTED:
        yield _FIXED
    if not node.keys() & {"type", "enum", "const", "anyOf", "allOf", "properties"}:
        yield _ANYTHING


def _too_large(form: Mapping[str, Any], profile: Profile) -> Iterator[str]:
    nodes = [node for _, node in _nodes(form, "")]
    names = [name for node in nodes for name in node.get("properties", {})]
    enums = [node["enum"] for node in nodes if "enum" in node]
    values = [value for enum in enums for value in enum]
    if profile is Profile.LOCAL:
        if len(names) + len(values) > _MOST_RULES:
            yield f"it has {len(names) + len(values):,} fields and labels, of {_MOST_RULES:,} at most"
        return
    chars = sum(map(len, names)) + sum(len(str(value)) for value in values)
    for count, most, what in (
        (len(names), _MOST_PROPERTIES, "fields"),
        (len(values), _MOST_VALUES, "labels"),
        (_levels(form), _MOST_LEVELS, "levels of objects"),
        (chars, _MOST_CHARS, "characters of names and labels"),
    ):
        if count > most:
            yield f"it has {count:,} {what}, of {most:,} at most"
    for enum in enums:
        length = sum(len(str(value)) for value in enum)
        if len(enum) > _LONG_ENUM and length > _MOST_CHARS_OF_LONG:
            yield f"an enumeration of {len(enum)} labels has {length:,} characters, of {_MOST_CHARS_OF_LONG:,} at most"


def _nodes(node: Mapping[str, Any], place: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    yield place, node
    for name, part in _parts(node):
        yield from _nodes(part, ".".join(filter(None, (place, name))))


def _parts(node: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    yield from node.get("properties", {}).items()
    for keyword in ("anyOf", "allOf", "prefixItems"):
        yield from (("", part) for part in node.get(keyword, []))
    for keyword in ("items", "additionalProperties"):
        if isinstance(part := node.get(keyword), dict):
            yield "", part


def _levels(node: Mapping[str, Any]) -> int:
    deepest = max((_levels(part) for _, part in _parts(node)), default=0)
    return deepest + (node.get("type") == "object")

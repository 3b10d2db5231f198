"""Every slice of the article in a record of whatever model, with the place in the record where it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from llm_extract.schema import Span

__all__ = ["is_slice", "slices"]

_KEYS = {"start", "end", "text"}


def is_slice(value: object) -> bool:
    """Whether a value of a record in JSON is a slice of the article: offsets that agree with the length of the words."""
    if not isinstance(value, dict) or value.keys() != _KEYS:
        return False
    start, end, text = value["start"], value["end"], value["text"]
    return type(start) is type(end) is int and isinstance(text, str) and 0 <= start == end - len(text)


def slices(value: Any, place: str = "") -> Iterator[tuple[str, Span]]:  # noqa: ANN401  JSON
    """Yield the slices of a record in JSON, in its order.

    Example:
        >>> [(place, span.text) for place, span in slices({"cities": [{"start": 7, "end": 11, "text": "Riga"}]})]
        [('cities[0]', 'Riga')]
    """
    if is_slice(value):
        yield place, Span.model_validate(value)
    elif isinstance(value, (dict, Mapping)):  # what is quickly told first
        for name, part in value.items():
            yield from slices(part, f"{place}.{name}" if place else name)
    elif isinstance(value, (list, tuple)):
        for number, part in enumerate(value):
            yield from slices(part, f"{place}[{number}]")

"""Spans of OpenTelemetry, where that package is installed; nothing else changes with it."""

from __future__ import annotations

import functools
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opentelemetry.trace import Tracer

__all__ = ["span"]


def span(name: str, **attributes: str | int) -> AbstractContextManager[object]:
    """Return a span to work in; one that does nothing where OpenTelemetry is not installed.

    Args:
        name: What is done, such as `article`.
        attributes: What it is done to. `__` stands for a dot: `gen_ai__request__model`, as the semantic conventions name it. No text of an
            article and no key is ever among them.
    """
    tracer = _tracer()
    named = {name.replace("__", "."): value for name, value in attributes.items()}
    return tracer.start_as_current_span(name, attributes=named) if tracer else nullcontext()


@functools.cache
def _tracer() -> Tracer | None:
    try:
        from opentelemetry import trace
    except ImportError:
        return None
    from llm_extract import __version__

    return trace.get_tracer("llm_extract", __version__)

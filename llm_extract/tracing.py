"""Spans of OpenTelemetry, where that package is installed and in use; nothing else changes with it."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opentelemetry.trace import Tracer

__all__ = ["span"]


@contextmanager
def span(name: str, **attributes: str | int) -> Iterator[None]:
    """Work in a span; where OpenTelemetry is not installed, or nobody uses it, just work.

    Of an error it holds the class alone: the message of an engine's may show the key.

    Args:
        name: What is done, such as `article`.
        attributes: What it is done to. `__` stands for a dot: `gen_ai__request__model`, as the semantic conventions name it. No text of an
            article and no key is ever among them.
    """
    tracer = _tracer() if _is_wanted() else None
    if tracer is None:
        yield
        return
    from opentelemetry.trace import StatusCode

    named = {name.replace("__", "."): value for name, value in attributes.items()}
    with tracer.start_as_current_span(name, attributes=named, record_exception=False, set_status_on_exception=False) as current:
        try:
            yield
        except BaseException as error:
            current.set_attribute("error.type", type(error).__name__)
            current.set_status(StatusCode.ERROR)
            raise


def _is_wanted() -> bool:
    """Say whether spans can go anywhere: to say where, one imports the package, or has it do so by this variable."""
    return "opentelemetry.trace" in sys.modules or "OTEL_PYTHON_TRACER_PROVIDER" in os.environ


@functools.cache
def _tracer() -> Tracer | None:
    try:
        from opentelemetry import trace
    except ImportError:
        return None
    from llm_extract import __version__

    return trace.get_tracer("llm_extract", __version__)

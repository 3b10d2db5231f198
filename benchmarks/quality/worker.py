"""The process in which a contestant works: tasks come in as JSON lines, answers go out as JSON lines.

The standard library is all that is needed here, for LangExtract has an environment of its own.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import TextIO

__all__ = ["Answer", "Task", "located", "versions", "work"]

Answer = Mapping[str, object]
"""`quotes` and `meetings` as `llm_extract.gold.Prediction` has them, and `lost`: what went wrong with a part of the article."""

_LONGEST_MESSAGE = 300


@dataclass(frozen=True)
class Task:
    """An article to be read.

    Args:
        text: As the file has it.
        published: Day of publication in ISO 8601; None where it is not known.
    """

    text: str
    published: str | None = None


def work(answer: Callable[[Task], Answer], versions: Mapping[str, str]) -> None:
    """Answer tasks from the standard input until it ends; first say the versions of the packages that matter.

    An article for which `answer` raises gets `{"error": …}`.
    """
    out = _take_standard_output()
    _say(out, {"versions": versions})
    for line in sys.stdin:
        try:
            found = answer(Task(**json.loads(line)))
        except Exception as error:  # noqa: BLE001  whatever befalls an article is a failure in the table
            found = {"error": " ".join(f"{type(error).__name__}: {error}".split())[:_LONGEST_MESSAGE]}
        _say(out, found)


def versions(*packages: str) -> dict[str, str]:
    """Return the versions of installed packages."""
    return {package: version(package) for package in packages}


def located(text: str, words: str) -> tuple[int, int] | None:
    """Return where `words` first stand in `text`, as first code point and one past the last; None where they don't."""
    start = text.find(words) if words else -1
    return None if start < 0 else (start, start + len(words))


def _take_standard_output() -> TextIO:
    """Keep the standard output for answers: what libraries print goes to the standard error."""
    out = os.fdopen(os.dup(1), "w", encoding="ascii")
    os.dup2(2, 1)
    return out


def _say(out: TextIO, what: Mapping[str, object]) -> None:
    out.write(json.dumps(what) + "\n")
    out.flush()

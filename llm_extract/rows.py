"""A row of a file that holds many articles, and what is said of one that is damaged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from llm_extract.errors import ArticleError

__all__ = ["Row", "damaged", "place"]


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a file.

    Args:
        number: Its number, from 1. Where the file has lines it is that of the row's first line, so that a header counts.
        values: What stands in its columns; empty where it can't be read.
        error: Why it can't be read.
    """

    number: int
    values: Mapping[str, object] = field(default_factory=dict)
    error: ArticleError | None = None


def place(number: int, path: Path | None, unit: str = "line") -> str:
    """Say which row it is, within a sentence."""
    return f"{unit} {number} of {'the standard input' if path is None else path}"


def damaged(number: int, path: Path | None, what: str, unit: str = "line") -> Row:
    """Return a row that can't be read, such as one that "is no JSON"."""
    where = place(number, path, unit)
    return Row(number, error=ArticleError(f"{where[0].upper()}{where[1:]} {what}.", remedy="Correct it or leave it out."))

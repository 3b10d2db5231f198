"""JSON Lines: a JSON object a line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from llm_extract.lines import MAX_LINE_BYTES, numbered_lines, opened
from llm_extract.rows import Row, damaged

__all__ = ["count_json_rows", "json_rows"]


def json_rows(path: Path | None) -> Iterator[Row]:
    """Yield a row a line; empty lines are passed over.

    Raises:
        ArticleError: The file can't be read, or not to its end.
    """
    from pydantic_core import from_json

    with opened(path) as file:
        for number, line in numbered_lines(file, path):
            if line is None:
                yield damaged(number, path, f"has more than {MAX_LINE_BYTES:,} bytes")
            elif not line.isspace():
                yield _row(number, line, path, from_json)


def count_json_rows(path: Path) -> int:
    """Count the lines that are not empty.

    Raises:
        ArticleError: The file can't be read.
    """
    with opened(path) as file:
        return sum(line is None or not line.isspace() for _, line in numbered_lines(file, path))


def _row(number: int, line: bytes, path: Path | None, parse: Callable[[bytes], object]) -> Row:
    try:
        values = parse(line)
    except ValueError as error:
        return damaged(number, path, f"is no JSON: {error}")
    return Row(number, values) if isinstance(values, dict) else damaged(number, path, "is no JSON object")

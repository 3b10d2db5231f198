"""The worked schemas: each with its articles and what is right for them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from llm_extract.articles import find_articles
from llm_extract.schema import Article
from llm_extract.schemas import Schema, load_schema

__all__ = ["ROOT", "WORKED", "Annotated", "Worked", "read"]

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Worked:
    """One worked schema.

    Args:
        name: Its folder in `examples/`.
        schema: The name of its `Schema` in `schema.py`.
        dev: Articles that were looked at while prompts and schemas were tuned; nobody looked at what came of the others.
    """

    name: str
    schema: str
    dev: frozenset[str]

    @property
    def folder(self) -> Path:
        """Where it is."""
        return ROOT / "examples" / self.name

    def load(self) -> Schema[Any]:
        """Return the schema."""
        return load_schema(f"examples.{self.name}.schema:{self.schema}")


WORKED = (
    Worked("protests", "PROTESTS", frozenset({"docks", "museum", "schools"})),
    Worked("appointments", "CHANGES", frozenset({"central_bank", "rovers", "librarian"})),
    Worked("prices", "PRICES", frozenset({"railway", "utilities", "butter"})),
)


@dataclass(frozen=True)
class Annotated:
    """An article and what is right for it.

    Args:
        name: That of the article.
        article: As llm-extract reads it.
        records: What is right, as the file says it: words, names and cited values as bare strings and numbers.
        dev: Whether it was looked at while prompts and schemas were tuned.
    """

    name: str
    article: Article
    records: Sequence[Mapping[str, Any]]
    dev: bool


def read(worked: Worked) -> list[Annotated]:
    """Return the articles of a worked schema, by name."""
    found = [(source.id, source.read()) for source in find_articles([worked.folder / "articles"])]
    return [Annotated(name, article, _gold(worked, name), name in worked.dev) for name, article in found]


def _gold(worked: Worked, name: str) -> list[dict[str, Any]]:
    records: list[dict[str, Any]] = json.loads((worked.folder / "gold" / f"{name}.json").read_text(encoding="utf-8"))["records"]
    return records

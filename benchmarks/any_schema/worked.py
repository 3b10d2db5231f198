"""The worked schemas: each with its articles and what is right for them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from llm_extract.articles import find_articles
from llm_extract.schema import Article
from llm_extract.schemas import Schema, load_schema

__all__ = ["ROOT", "WORKED", "Annotated", "Worked", "gold_of", "read"]

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
        records: What is right, as the schema's model writes it in JSON.
        dev: Whether it was looked at while prompts and schemas were tuned.
    """

    name: str
    article: Article
    records: Sequence[Mapping[str, Any]]
    dev: bool


def gold_of(worked: Worked, name: str) -> list[BaseModel]:
    """Return what is right for an article; raises where the schema's model refuses it."""
    given = json.loads((worked.folder / "gold" / f"{name}.json").read_text(encoding="utf-8"))
    model: type[BaseModel] = worked.load().model
    return [model.model_validate(record) for record in given["records"]]


def read(worked: Worked) -> list[Annotated]:
    """Return the articles of a worked schema, by name."""
    found = [(source.id, source.read()) for source in find_articles([worked.folder / "articles"])]
    return [
        Annotated(name, article, [record.model_dump(mode="json") for record in gold_of(worked, name)], name in worked.dev)
        for name, article in found
    ]

"""A file of JSON Schema as a Pydantic model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from llm_extract.errors import SchemaError
from llm_extract.grounding import Quotation, Sentence, Verbatim
from llm_extract.schema import EdtfDate, Party

__all__ = ["model_of"]

_FORMATS: dict[str, Any] = {"edtf": EdtfDate, "party": Party, "quotation": Quotation, "sentence": Sentence, "verbatim": Verbatim}
"""What a text of these formats is; see `llm_extract.grounding`."""
_TYPES = frozenset({"array", "boolean", "integer", "null", "number", "object", "string"})
_NULL = {"type": "null"}
_OR_NULL = "-or-null"
_PLACE = "#/$defs/llm-extract-"


def model_of(path: Path) -> type[BaseModel]:
    """Return the model that a file of JSON Schema describes.

    A string of the format `verbatim`, `sentence`, `quotation`, `party` or `edtf` points at the article.

    Raises:
        SchemaError: The file can't be read, is no JSON Schema of an object, or uses what has no model.
    """
    schema = _read(path)
    if not isinstance(schema, dict) or schema.get("type") != "object":
        raise SchemaError(f"{path} is no JSON Schema of an object.", remedy='Describe one record: {"type": "object", "properties": …}.')
    import json_schema_to_pydantic as converting

    pointing = {_PLACE + name: kind for name, kind in _FORMATS.items()}
    pointing |= {f"{_PLACE}{name}{_OR_NULL}": kind | None for name, kind in _FORMATS.items()}
    titled = {"title": path.stem.title().replace("-", "").replace("_", ""), **_pointing(schema)}
    try:
        model: type[BaseModel] = converting.create_model(titled, predefined_refs=pointing)
    except (converting.SchemaError, converting.TypeError, converting.CombinerError, converting.ReferenceError, ValueError) as error:
        raise SchemaError(f"{path} can't be used: {error}.", remedy="Use a simpler form, or a Pydantic model.") from error
    model.__doc__ = schema.get("description", "")
    return model


def _read(path: Path) -> object:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SchemaError(f"The schema {path} can't be read: {error}.", remedy="Give a file of JSON Schema.") from error


def _pointing(node: Any) -> Any:  # noqa: ANN401  JSON
    """Replace what is of one of our formats by a reference to its type."""
    if isinstance(node, list):
        return [_pointing(part) for part in node]
    if not isinstance(node, dict):
        return node
    for kind in kinds if isinstance(kinds := node.get("type", []), list) else [kinds]:
        if kind not in _TYPES:
            raise SchemaError(f"JSON Schema has no type {kind!r}.", remedy=f"It has {', '.join(sorted(_TYPES))}.")
    if name := _format(node):
        kept = {keyword: value for keyword, value in node.items() if keyword in {"title", "description", "default"}}
        return {"$ref": _PLACE + name, **kept}
    return {keyword: _pointing(value) for keyword, value in node.items()}


def _format(node: dict[str, Any]) -> str:
    """Return which of our types a node is; empty for any other."""
    parts = node.get("anyOf") or node.get("oneOf")
    others = [part for part in parts if part != _NULL] if isinstance(parts, list) else []
    if len(others) == 1 and isinstance(others[0], dict) and (name := _format(others[0])):
        return name + _OR_NULL
    own = str(node.get("format"))
    if own not in _FORMATS:
        return ""
    return own + _OR_NULL if isinstance(kinds := node.get("type"), list) and "null" in kinds else own

"""The words of a prompt that a record's model gives: what is looked for, and what each field of the answer means.

llama.cpp never shows a model the form of its answer, it only holds it to that form: so what a field means has to stand in the prompt.
"""

from __future__ import annotations

import ast
import datetime as dt
import functools
import inspect
import textwrap
from collections.abc import Iterator
from decimal import Decimal
from enum import Enum
from itertools import pairwise
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from llm_extract.forms import SENTENCES, evidence_of
from llm_extract.schema import Label
from llm_extract.shapes import Field, Shape, Sort, bare, literals_of, shape_of

__all__ = ["meanings_of", "outline", "purpose"]

_INDENT = "  "
_POINTED = {
    Sort.WORDS: "words exactly as the article has them",
    Sort.DATE: "the date in the words of the article",
    Sort.PARTY: "the fullest name that the article has, without title or role",
    Sort.SENTENCE: "the number of the sentence",
    Sort.QUOTATION: "the number of the quotation",
}
_WRITTEN: dict[Any, str] = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    Decimal: "a number",
    str: "text",
    dt.date: "a date as YYYY-MM-DD",
}


@functools.lru_cache(maxsize=64)
def purpose(model: type[BaseModel]) -> str:
    """Return what a model's docstring says its records are; empty without one of its own."""
    own = model.__dict__.get("__doc__")
    return inspect.cleandoc(own) if own else ""


@functools.lru_cache(maxsize=64)
def outline(model: type[BaseModel]) -> str:
    """Return a line for each field of the answer, what a field consists of indented beneath it.

    Example:
        >>> class Strike(BaseModel):
        ...     workers: int
        >>> print(outline(Strike))
        - sentences: the numbers of all sentences that report it
        - workers: a whole number
    """
    shape = shape_of(model)
    first = [] if evidence_of(shape) else [f"- {SENTENCES}: the numbers of all sentences that report it"]
    return "\n".join([*first, *_fields(shape, "")])


def meanings_of(kind: type[Enum]) -> dict[str, str]:
    """Return what each value of an enumeration means: by its `meaning`, else by the docstring beneath it; empty where it has none."""
    beneath = _docstrings(kind)
    return {str(member.value): member.meaning if isinstance(member, Label) else beneath.get(member.name, "") for member in kind}


def _fields(shape: Shape, indent: str) -> Iterator[str]:
    for field in shape.fields:
        if not field.derived:
            yield from _field(field, indent)


def _field(field: Field, indent: str) -> Iterator[str]:
    shape, nullable = field.shape, field.shape.optional or not field.required
    what = ". ".join(part.rstrip(".") for part in (field.meaning, _what(shape)) if part)
    unknown = "; [] where there is none" if shape.sort is Sort.LIST else "; null where the article does not tell" if nullable else ""
    yield f"{indent}- {field.name}: {what}{unknown}"
    yield from _beneath(shape, indent + _INDENT)


def _what(shape: Shape) -> str:  # noqa: PLR0911  a case for each sort
    match shape.sort:
        case Sort.LIST if shape.inner.sort in {Sort.SENTENCE, Sort.QUOTATION}:
            return f"the numbers of all such {shape.inner.sort.name.lower()}s"
        case Sort.LIST:
            return f"a list, of each {_what(shape.inner)}"
        case Sort.CITED:
            return f'{{"value": {_what(shape.inner)}, "{SENTENCES}": [the numbers of the sentences that say so]}}'
        case Sort.RECORD:
            return "the following"
        case Sort.UNION:
            return "one of the following"
        case Sort.PLAIN:
            return _written(shape.annotation)
    return _POINTED[shape.sort]


def _written(annotation: Any) -> str:  # noqa: ANN401  a type
    if values := literals_of(annotation):
        return "one of " + ", ".join(str(getattr(value, "value", value)) for value in values)
    kind = bare(annotation)
    if get_origin(kind) is dict:
        return "an object"
    if parts := get_args(kind):
        return " or ".join(dict.fromkeys(_written(part) for part in parts))
    return next((words for known, words in _WRITTEN.items() if isinstance(kind, type) and issubclass(kind, known)), "text")


def _beneath(shape: Shape, indent: str) -> Iterator[str]:
    """Yield what the part consists of: the fields of a record, the meanings of labels."""
    if shape.sort in {Sort.LIST, Sort.CITED}:
        yield from _beneath(shape.inner, indent)
    elif shape.sort is Sort.RECORD:
        yield from _fields(shape, indent)
    elif shape.sort is Sort.UNION:
        for option in shape.options:
            yield f"{indent}- {option.annotation.__name__}: {purpose(option.annotation)}".rstrip(": ")
            yield from _fields(option, indent + _INDENT)
    elif shape.sort is Sort.PLAIN and isinstance(kind := bare(shape.annotation), type) and issubclass(kind, Enum):
        yield from (f"{indent}- {value}: {meaning}" for value, meaning in meanings_of(kind).items() if meaning)


@functools.lru_cache(maxsize=64)
def _docstrings(kind: type[Enum]) -> dict[str, str]:
    """Return the strings that stand beneath the members of an enumeration in its source; Python itself drops them."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(kind)))
    except (OSError, TypeError, SyntaxError):  # made at run time, or in a session that keeps no source
        return {}
    body = tree.body[0].body if isinstance(tree.body[0], ast.ClassDef) else []
    found: dict[str, str] = {}
    for above, below in pairwise(body):
        match above, below:
            case ast.Assign(targets=[ast.Name(id=name)]), ast.Expr(value=ast.Constant(value=str() as words)):
                found[name] = " ".join(words.split())
    return found

"""Models whose fields are described by the docstrings under them, read once a module.

Pydantic does the same (`use_attribute_docstrings`), by looking for the source of each class anew in the frames of the call: a third of the
time that a run takes whose answers are all in the cache.
"""

from __future__ import annotations

import ast
import functools
import inspect
import linecache
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel, Field
from pydantic.fields import FieldInfo

__all__ = ["Described"]


class Described(BaseModel):
    """A model that takes the description of a field from the docstring under it, where none is given.

    Without the source, as in a program that was frozen, fields have no description.

    Example:
        class Protest(Described):
            place: str
            '''Where it was held.'''
    """

    def __init_subclass__(cls, **options: Any) -> None:  # noqa: ANN401  whatever Pydantic takes
        """Give Pydantic, which looks at the fields only afterwards, what it would be given with `Field(description=…)`."""
        super().__init_subclass__(**options)
        for name, text in _docstrings(cls.__module__).get(cls.__qualname__, {}).items():
            given = cls.__dict__.get(name, ...)
            if not isinstance(given, FieldInfo):
                setattr(cls, name, Field(given, description=text))
            elif given.description is None:
                given.description = text
                given._attributes_set["description"] = text  # noqa: SLF001  what counts where a field is made of several


@functools.cache
def _docstrings(module: str) -> Mapping[str, Mapping[str, str]]:
    """Return the docstrings of the fields of each class in a module, by its qualified name."""
    home = sys.modules.get(module)
    # Not `inspect.getsource`, which goes through all modules that are imported first.
    lines = linecache.getlines(getattr(home, "__file__", None) or "", vars(home)) if home else []
    return {name: dict(_in_class(node)) for name, node in _classes(ast.parse("".join(lines)), "")}


def _classes(parent: ast.AST, within: str) -> Iterator[tuple[str, ast.ClassDef]]:
    for node in ast.iter_child_nodes(parent):
        if isinstance(node, ast.ClassDef):
            yield within + node.name, node
            yield from _classes(node, f"{within}{node.name}.")
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _classes(node, f"{within}{node.name}.<locals>.")


def _in_class(node: ast.ClassDef) -> Iterator[tuple[str, str]]:
    for field, below in zip(node.body, node.body[1:], strict=False):
        match field, below:
            case ast.AnnAssign(target=ast.Name(id=name), annotation=kind), ast.Expr(value=ast.Constant(value=str() as text)):
                if not name.startswith("_") and not ast.unparse(kind).startswith(("ClassVar", "typing.ClassVar")):
                    yield name, inspect.cleandoc(text)

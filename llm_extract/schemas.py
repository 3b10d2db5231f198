"""A user's own schema: a Pydantic model, and what else may be said about finding its records."""

from __future__ import annotations

import datetime as dt
import hashlib
import importlib
import inspect
import json
import re
import sys
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Generic, TypeAlias, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError

from llm_extract.completions import problems_in
from llm_extract.errors import SchemaError
from llm_extract.forms import SENTENCES
from llm_extract.outlines import outline, purpose
from llm_extract.shapes import Shape, Sort, shape_of

__all__ = ["Example", "Key", "Schema", "load_schema", "schema_of"]

M = TypeVar("M", bound=BaseModel)

Key: TypeAlias = "Sequence[str] | Callable[[M], Hashable]"
"""What says when two records are one: names of fields, or a function of the record."""


@dataclass(frozen=True)
class Example(Generic[M]):
    """A text with the records in it, from which the model learns what is wanted.

    Words of the article are given as plain strings, and a `Cited` value may be given without evidence. Whatever points at the text must be
    found in it, which is checked before any question is sent.

    Args:
        text: A few sentences, invented.
        records: Instances of the model, or what makes them; empty for a text that holds none.
        published: Day of publication, as a date or in ISO 8601, by which dates in the text are understood.
    """

    text: str
    records: Sequence[M | Mapping[str, object]] = ()
    published: dt.date | str | None = None

    @property
    def day(self) -> dt.date | None:
        """Day of publication.

        Raises:
            SchemaError: It is no date.
        """
        try:
            return dt.date.fromisoformat(self.published) if isinstance(self.published, str) else self.published
        except ValueError:
            raise SchemaError(f"{self.published!r} is no date of the form YYYY-MM-DD.", remedy="Mend the example.") from None


@dataclass(frozen=True, eq=False)
class Schema(Generic[M]):
    """What to look for in articles.

    Args:
        model: The Pydantic model of a record. Its docstring says what is looked for and the descriptions of its fields what each holds:
            these are the words of the prompt.
        name: By which results know the records; the model's name in lower case with underscores where it is empty.
        many: Whether an article may hold several records; otherwise all that is found in it is one.
        key: When two records are the same, in one article: fields whose values agree, or a function. None: only where they agree in
            everything. What the same records tell is put together.
        examples: See `Example`; each makes every question longer.
        template: A Jinja file that takes the place of the prompt `records`, or extends it; see the documentation for its variables.

    Raises:
        SchemaError: The model can't be asked for, the key names no field, or an example is no instance of the model.

    Example:
        >>> class Strike(BaseModel):
        ...     workers: int
        >>> Schema(Strike).name
        'strike'
    """

    model: type[M]
    name: str = ""
    many: bool = True
    key: Key[M] | None = None
    examples: Sequence[Example[M]] = field(default=(), kw_only=True)
    template: Path | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", self.name or _snake(self.model.__name__))
        if not re.fullmatch(r"[a-z][a-z0-9_]*", self.name):
            raise SchemaError(f"A schema can't be called {self.name!r}.", remedy="Use small letters, digits and underscores.")
        examples = tuple(_checked(self, example, number) for number, example in enumerate(self.examples, start=1))
        object.__setattr__(self, "examples", examples)
        fields = {one.name for one in self.shape.fields}
        if not fields:
            raise SchemaError(f"The model {self.model.__name__} has no fields.", remedy="Give it some, with descriptions.")
        if SENTENCES in fields:
            raise SchemaError(f"The model {self.model.__name__} has a field {SENTENCES}, which is ours.", remedy="Call it something else.")
        unknown = [name for name in ([] if callable(self.key) else self.key or []) if name not in fields]
        if unknown:
            what = f"The key of {self.name} names no fields of {self.model.__name__}: {', '.join(unknown)}."
            raise SchemaError(what, remedy=f"It has {', '.join(sorted(fields))}.")

    @property
    def shape(self) -> Shape:
        """What the model consists of."""
        return shape_of(self.model)

    @cached_property
    def marks_quotations(self) -> bool:
        """Whether the model is shown the numbers of quotations, because a field points at some."""
        return any(shape.sort is Sort.QUOTATION for shape in self.shape.walk())

    @cached_property
    def digest(self) -> str:
        """Digest of all of it that determines results."""
        parts = {
            "name": self.name,
            "many": self.many,
            "schema": self.model.model_json_schema(mode="validation", by_alias=False),
            "words": [purpose(self.model), outline(self.model)],
            "key": list(self.key) if self.key and not callable(self.key) else None,
            "code": [_source(self.model), _source(self.key) if callable(self.key) else ""],
            "examples": [[one.text, str(one.published), list(map(_json, one.records))] for one in self.examples],
            "template": _read(self.template) if self.template else None,
        }
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def schema_of(given: type[M | list[M]] | Schema[M]) -> Schema[M]:
    """Return the schema that is meant: `Protest` for one record an article, `list[Protest]` for many, or a `Schema`.

    Raises:
        SchemaError: It is none of these.
    """
    if isinstance(given, Schema):
        return given
    many = get_origin(given) is list
    model: Any = get_args(given)[0] if many else given
    if _is_model(model):
        return Schema(model, many=many)
    raise SchemaError(f"{given!r} is no schema.", remedy="Give a Pydantic model, a list of one, or a Schema.")


def load_schema(place: str) -> Schema[Any]:
    """Return the schema at `package.module:Name`, or in a file of JSON Schema.

    The name is that of a model, which an article may hold many of, or of a `Schema`. The working directory is looked in too.

    Raises:
        SchemaError: There is none; the message says why.
    """
    if place.endswith(".json"):
        from llm_extract.json_models import model_of

        return Schema(model_of(Path(place)))
    module, _, name = place.partition(":")
    if not name:
        raise SchemaError(f"{place!r} names no schema.", remedy="Give package.module:Name, or a .json file of JSON Schema.")
    found = getattr(_module(module, place), name, None)
    if found is None:
        raise SchemaError(f"The module {module} has no {name}.", remedy="Give the name of a Pydantic model or of a Schema.")
    return Schema(found) if _is_model(found) else schema_of(found)


def _checked(schema: Schema[M], example: Example[M], number: int) -> Example[M]:
    try:
        return replace(example, records=tuple(schema.model.model_validate(record, by_name=True) for record in example.records))
    except ValidationError as error:
        what = f"Example {number} of {schema.name} holds no {schema.model.__name__}: {problems_in(error)}."
        raise SchemaError(what, remedy="Mend the example.") from error


def _json(record: BaseModel | Mapping[str, object]) -> object:
    return record.model_dump(mode="json") if isinstance(record, BaseModel) else record


def _module(name: str, place: str) -> object:
    if "" not in sys.path and str(Path.cwd()) not in sys.path:
        sys.path.insert(0, str(Path.cwd()))
    try:
        return importlib.import_module(name)
    except SchemaError:
        raise
    except Exception as error:  # whatever a module may raise when it is run
        what = f"The schema {place} can't be loaded: {type(error).__name__}: {error}."
        raise SchemaError(what, remedy="The module must be installed, or lie in the working directory.") from error


def _is_model(value: object) -> bool:
    return isinstance(value, type) and issubclass(value, BaseModel)


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name.partition("[")[0]).lower()


def _source(made: object) -> str:
    """Return the source of what judges records; empty where none is kept, as in a session."""
    try:
        return inspect.getsource(made)  # type: ignore[arg-type]  # a class or a function
    except (OSError, TypeError):
        return ""


def _read(template: Path) -> str:
    try:
        return template.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SchemaError(f"The template {template} can't be read: {error}.", remedy="Give a Jinja file in UTF-8.") from error

"""The shape of a record: what a Pydantic model consists of, as one tree.

The form of an answer, the words of the prompt, the tying of answers to the article, tables, scores and the report all follow the same tree.
"""

from __future__ import annotations

import functools
import types
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import Enum, auto
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import BaseMetadata
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from llm_extract.errors import SchemaError
from llm_extract.grounding import Cited, Derived, Pointing, Verbatim
from llm_extract.schema import Party, Span

__all__ = ["Field", "Shape", "Sort", "bare", "literals_of", "shape_of"]


class Sort(Enum):
    """What a part of a record is."""

    PLAIN = auto()
    """A value that the model writes: a number, a label, a text of its own."""
    WORDS = auto()
    SENTENCE = auto()
    QUOTATION = auto()
    DATE = auto()
    PARTY = auto()
    CITED = auto()
    RECORD = auto()
    LIST = auto()
    UNION = auto()
    """One of several records."""


@dataclass(frozen=True, eq=False)
class Shape:
    """A part of a record, with all that it consists of."""

    sort: Sort
    annotation: Any
    """Its type, with constraints and without None."""
    optional: bool = False
    """Whether it may be None."""
    fields: tuple[Field, ...] = ()
    """Of a record."""
    item: Shape | None = None
    """What a list holds, or the value that is cited."""
    options: tuple[Shape, ...] = ()
    """Of a union."""

    @property
    def inner(self) -> Shape:
        """What a list holds, or the value that is cited."""
        if self.item is None:
            msg = f"{self.sort} holds nothing"
            raise TypeError(msg)
        return self.item

    @property
    def points(self) -> bool:
        """Whether it rests on the article by its type; whatever a record or list holds does not count."""
        return self.sort in _POINTING or self.sort is Sort.CITED

    def walk(self) -> Iterator[Shape]:
        """Yield it and all that it consists of."""
        yield self
        inner = [*(field.shape for field in self.fields), *self.options, *([self.item] if self.item else [])]
        for part in inner:
            yield from part.walk()


@dataclass(frozen=True, eq=False)
class Field:
    """A field of a record."""

    name: str
    shape: Shape
    meaning: str
    """Its description; empty without one."""
    required: bool
    derived: Derived | None = None


_POINTING = {Sort.WORDS, Sort.SENTENCE, Sort.QUOTATION, Sort.DATE, Sort.PARTY}
_BY_MARK = {
    Pointing.WORDS: Sort.WORDS,
    Pointing.SENTENCE: Sort.SENTENCE,
    Pointing.QUOTATION: Sort.QUOTATION,
    Pointing.DATE: Sort.DATE,
}
_BY_TYPE = {Verbatim: Sort.WORDS, Span: Sort.WORDS, Party: Sort.PARTY}


@functools.lru_cache(maxsize=64)
def shape_of(model: type[BaseModel]) -> Shape:
    """Return the shape of a model's instances.

    Raises:
        SchemaError: A model contains itself, or a field is of a type that can't be asked for; the message names the field.
    """
    return _record(model, model.__name__, (model,))


def literals_of(annotation: Any) -> tuple[object, ...]:  # noqa: ANN401  a type
    """Return the values of an enumeration or of a `Literal`; empty for any other type."""
    annotation, _ = _bare(annotation)
    if get_origin(annotation) is Literal:
        return get_args(annotation)
    return tuple(annotation) if isinstance(annotation, type) and issubclass(annotation, Enum) else ()


def _record(model: type[BaseModel], place: str, within: tuple[type, ...]) -> Shape:
    fields = tuple(
        _field(name, info, f"{place}.{name}", within)
        for name, info in model.model_fields.items()
        if not info.exclude and info.init is not False
    )
    return Shape(Sort.RECORD, model, fields=fields)


def _field(name: str, info: FieldInfo, place: str, within: tuple[type, ...]) -> Field:
    derived = next((mark for mark in info.metadata if isinstance(mark, Derived)), None)
    annotation: Any = Annotated[(info.annotation, *info.metadata)] if info.metadata else info.annotation
    shape = _shape(annotation, place, within)
    if shape.sort is Sort.CITED and any(isinstance(mark, BaseMetadata) for mark in info.metadata):
        what = f"{place} constrains what is cited together with its evidence."
        raise SchemaError(what, remedy="Constrain the value: Cited[Annotated[int, Field(ge=0)]].")
    return Field(name, shape, info.description or "", info.is_required(), derived)


def _shape(annotation: Any, place: str, within: tuple[type, ...]) -> Shape:  # noqa: ANN401  a type
    bare, marks = _bare(annotation)
    mark = next((mark for mark in marks if isinstance(mark, Pointing)), None)
    origin = get_origin(bare)
    if origin in {Union, types.UnionType}:
        return _union(annotation, bare, place, within)
    if mark or bare in _BY_TYPE:
        return Shape(_BY_MARK[mark] if mark else _BY_TYPE[bare], annotation)
    if isinstance(bare, type) and issubclass(bare, Cited):
        value: Any = bare.model_fields["value"].annotation
        return Shape(Sort.CITED, bare, item=_shape(value, f"{place}.value", within))
    if isinstance(bare, type) and issubclass(bare, BaseModel):
        if bare in within:
            raise SchemaError(f"{place} is a {bare.__name__} within a {bare.__name__}.", remedy="Use a list of flat models instead.")
        return _record(bare, place, (*within, bare))
    if origin in {list, set, frozenset} or (origin is tuple and get_args(bare)[1:] == (...,)) or _is_collection(origin):
        return Shape(Sort.LIST, annotation, item=_shape(get_args(bare)[0], f"{place}[]", within))
    return _plain(annotation, bare, place, within)


def _plain(annotation: Any, bare: Any, place: str, within: tuple[type, ...]) -> Shape:  # noqa: ANN401  types
    if bare is Any or bare is object:
        raise SchemaError(f"{place} may be anything.", remedy="Give it a type: a model can only be held to one.")
    for part in get_args(bare) if get_origin(bare) is not Literal else ():
        if part is not ... and any(shape.sort is not Sort.PLAIN for shape in _shape(part, place, within).walk()):
            raise SchemaError(f"{place} is a {bare}, which can't hold what points at the article.", remedy="Use a list of models instead.")
    return Shape(Sort.PLAIN, annotation)


def _union(annotation: Any, bare: Any, place: str, within: tuple[type, ...]) -> Shape:  # noqa: ANN401  types
    marks = _bare(annotation)[1]
    parts = [part for part in get_args(bare) if part is not type(None)]
    optional = len(parts) < len(get_args(bare))
    if len(parts) == 1:
        single: Any = Annotated[(parts[0], *marks)] if marks else parts[0]
        return _with_none(_shape(single, place, within), optional=optional)
    shapes = tuple(_shape(part, place, within) for part in parts)
    if all(shape.sort is Sort.RECORD for shape in shapes):
        return Shape(Sort.UNION, annotation, optional, options=shapes)
    if all(part.sort is Sort.PLAIN for shape in shapes for part in shape.walk()):
        some: Any = Union[tuple(parts)]  # noqa: UP007  made of a tuple
        return Shape(Sort.PLAIN, Annotated[(some, *marks)] if marks else some, optional)
    raise SchemaError(f"{place} is one of several types of which some point at the article.", remedy="Use a field for each, or models.")


def _with_none(shape: Shape, *, optional: bool) -> Shape:
    return Shape(shape.sort, shape.annotation, optional or shape.optional, shape.fields, shape.item, shape.options)


def bare(annotation: Any) -> Any:  # noqa: ANN401  a type
    """Return a type without `Annotated` and named aliases."""
    return _bare(annotation)[0]


def _bare(annotation: Any) -> tuple[Any, tuple[object, ...]]:  # noqa: ANN401  a type
    """Take off `Annotated` and named aliases; return the type, and what it was annotated with."""
    marks: tuple[object, ...] = ()
    while True:
        if get_origin(annotation) is Annotated:
            annotation, *more = get_args(annotation)
            marks = (*more, *marks)
        elif isinstance(value := getattr(annotation, "__value__", None), object) and value is not None:
            annotation = value  # `type Name = …` of Python 3.12
        else:
            return annotation, marks


def _is_collection(origin: object) -> bool:
    from collections.abc import Collection

    return isinstance(origin, type) and issubclass(origin, Collection) and not issubclass(origin, (Mapping, tuple, str, bytes, AbstractSet))

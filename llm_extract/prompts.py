"""Load and render the prompts: versioned Jinja templates, `<name>.v<version>.jinja`.

An article's text is only ever a value in a template, never a part of one: what it contains comes out unchanged.
"""

from __future__ import annotations

import collections
import functools
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from llm_extract import schema
from llm_extract.errors import PromptError

if TYPE_CHECKING:
    from jinja2 import Environment
    from pydantic import BaseModel

__all__ = ["Prompt", "available", "labels", "load", "meaning", "nonce", "own"]

_FILE_NAME = re.compile(r"(?P<name>[a-z0-9_]+)\.v(?P<version>\d+(?:\.\d+)*)\.jinja")
_ROLES = ("system", "user")
_REINSTALL = "Install llm-extract again, or look into the folder prompts/ of the checkout."


@dataclass(frozen=True)
class Prompt:
    """A template in one of its versions.

    Besides what `render` is given, a template can use `labels`, `meaning` and the public models of
    `llm_extract.schema` by their names.
    """

    name: str
    version: str
    own: Path | None = None
    """A template of the user's own; None: one of ours."""

    @property
    def file_name(self) -> str:
        """Name of its file, in the folder of prompts where it is ours."""
        return self.own.name if self.own else f"{self.name}.v{self.version}.jinja"

    @property
    def path(self) -> Path:
        """Where its file is."""
        return self.own or _folder() / self.file_name

    def render(self, /, **variables: object) -> dict[str, str]:
        """Fill in the variables; return the text of each message by its role.

        A template has a block for each message: `system` and `user`. Whatever a variable contains, it can't open or close a
        message. There is no HTML escaping.

        Raises:
            PromptError: The template has an error, or asks for a variable that is not given.
        """
        import jinja2

        try:
            template = _environment(self.own.parent if self.own else None).get_template(self.file_name)
            context = template.new_context(dict(variables))
            if self.own:  # one that extends another has that one's blocks only once it was gone through
                collections.deque(template.root_render_func(context), maxlen=0)
            return {role: "".join(blocks[0](context)).strip() for role in _ROLES if (blocks := context.blocks.get(role))}
        except jinja2.UndefinedError as error:
            what = f"The prompt {self.file_name} asks for what it is not given: {error.message}."
            raise PromptError(what, remedy="Give it, or mend the template.") from error
        except jinja2.TemplateSyntaxError as error:
            what = f"The prompt {error.name or self.file_name} has an error in line {error.lineno}: {error.message}."
            raise PromptError(what, remedy="Mend the template.") from error
        except jinja2.TemplateNotFound as error:
            raise PromptError(f"The prompt {error.name} is not in {_folder()}.", remedy=_REINSTALL) from error


def load(name: str, version: str | None = None) -> Prompt:
    """Return the prompt `name` in this version, or in the newest that there is.

    Versions are compared number by number: 10 is newer than 9.

    Raises:
        PromptError: There is no such prompt or version; the message lists those that there are.
    """
    candidates = [prompt for prompt in available() if prompt.name == name and version in {None, prompt.version}]
    if not candidates:
        wanted = name if version is None else f"{name} in version {version}"
        there = ", ".join(prompt.file_name for prompt in available()) or "none"
        raise PromptError(f"There is no prompt {wanted} in {_folder()}; there are: {there}.", remedy=_REINSTALL)
    return candidates[-1]


def own(name: str, path: Path) -> Prompt:
    """Return a template of the user's own; its version is the digest of what it holds.

    Raises:
        PromptError: It can't be read.
    """
    try:
        return Prompt(name, hashlib.sha256(path.read_bytes()).hexdigest()[:12], path)
    except OSError as error:
        raise PromptError(f"The template {path} can't be read: {error.strerror or error}.", remedy="Give a Jinja file in UTF-8.") from error


def available() -> tuple[Prompt, ...]:
    """Return all prompts in all versions, by name and then from the oldest to the newest; empty without the folder."""
    return _in(_folder())


@functools.cache
def _in(folder: Path) -> tuple[Prompt, ...]:
    matches = [_FILE_NAME.fullmatch(file.name) for file in folder.iterdir()] if folder.is_dir() else []
    prompts = [Prompt(match["name"], match["version"]) for match in matches if match]
    return tuple(sorted(prompts, key=lambda prompt: (prompt.name, _numbers(prompt.version))))


def nonce(sha256: str, text: str = "") -> str:
    """Return the mark that fences an article in a prompt: hexadecimal digits that its text does not contain.

    It follows from the article's digest, so that the same article gives the same request, and it can't be foreseen
    by who wrote the article without knowing the digest of what they write.

    Args:
        sha256: The article's digest.
        text: The article; 8 digits, unless they occur in it: then 16, 24, … up to 64.

    Example:
        >>> len(nonce("0" * 64))
        8
    """
    digest = hashlib.sha256(b"llm_extract fence\0" + sha256.encode()).hexdigest()
    lengths = range(8, len(digest), 8)
    return next((digest[:length] for length in lengths if digest[:length] not in text), digest)


def labels(kind: type[schema.Label]) -> str:
    """Return one line for each label: `- held: it took place or is taking place`."""
    return "\n".join(f"- {label.value}: {label.meaning}" for label in kind)


def meaning(model: type[BaseModel], field: str) -> str:
    """Return the description of a model's field, which the schema and the prompt share.

    Raises:
        PromptError: The model has no such field, or the field no description.
    """
    found = model.model_fields.get(field)
    if found is None or not found.description:
        raise PromptError(f"{model.__name__} describes no field {field!r}.", remedy="Describe it in the model.")
    return found.description


@functools.cache
def _environment(own: Path | None) -> Environment:
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader([own, _folder()] if own else _folder()),
        undefined=jinja2.StrictUndefined,
        autoescape=False,  # noqa: S701  a prompt is no HTML, and escaping would change the article's characters
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,  # nobody edits what is installed while it is in use
    )
    environment.globals.update({name: getattr(schema, name) for name in schema.__all__})
    environment.globals.update(labels=labels, meaning=meaning)
    return environment


@functools.cache
def _folder() -> Path:
    """Return the folder inside the package, where a wheel has it, or beside the package, where a checkout has it."""
    package = Path(__file__).parent
    inside = package / "prompts_data"
    return inside if inside.is_dir() else package.parent / "prompts"


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in version.split("."))

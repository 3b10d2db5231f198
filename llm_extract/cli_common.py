"""What the commands share: settings from options, errors as a line and an exit code."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from llm_extract.errors import ArticleError, LimitError, LlmExtractError, ModelUnavailableError

if TYPE_CHECKING:
    from llm_extract.settings import Settings

__all__ = [
    "INTERRUPTED",
    "LIMIT_REACHED",
    "NOTHING_READ",
    "NO_MODEL",
    "SOME_FAILED",
    "USAGE",
    "CacheFolder",
    "complain",
    "echo_error",
    "exit_code",
    "say",
    "settings_of",
]

SOME_FAILED, USAGE, NOTHING_READ, NO_MODEL, LIMIT_REACHED, INTERRUPTED = 1, 2, 3, 4, 5, 128
"""Exit codes; to that of an interruption the number of the signal is added, as shells do."""

CacheFolder = Annotated[Path | None, typer.Option("--cache-dir", help="Folder of answers and weights.", show_default="the user's cache")]


def settings_of(**arguments: object) -> Settings:
    """Make settings from options; None counts as not given."""
    from llm_extract.settings import Settings

    return Settings.load(**arguments)


def complain(error: LlmExtractError) -> None:
    """Print an error and what can be done."""
    echo_error("error", error.what, error.remedy)


def echo_error(label: str, what: str, remedy: str) -> None:
    """Print what went wrong on one line, and what can be done on the next."""
    say(f"{label}: {what}")
    if remedy:
        say(remedy, indent="  ")


def say(line: str, *, indent: str = "") -> None:
    """Print a line to the standard error; no file's name and none of a server's words in it can disturb a terminal.

    Where nobody reads it any more, what was done is done all the same, and the exit code says how it went.
    """
    from llm_extract.visible import visible

    with suppress(OSError):
        typer.echo(indent + visible(line), err=True)


def exit_code(error: LlmExtractError) -> int:
    """Return the exit code of a command that an error ended."""
    if isinstance(error, LimitError):
        return LIMIT_REACHED
    if isinstance(error, ModelUnavailableError):
        return NO_MODEL
    return NOTHING_READ if isinstance(error, ArticleError) else USAGE

"""What the commands share: settings from options, errors as a line and an exit code."""

from __future__ import annotations

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
    "exit_code",
    "settings_of",
    "with_remedy",
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
    typer.echo(f"error: {error.what}{with_remedy(error.remedy)}", err=True)


def with_remedy(remedy: str) -> str:
    """Return the line that follows an error."""
    return f"\n  {remedy}" if remedy else ""


def exit_code(error: LlmExtractError) -> int:
    """Return the exit code of a command that an error ended."""
    if isinstance(error, LimitError):
        return LIMIT_REACHED
    if isinstance(error, ModelUnavailableError):
        return NO_MODEL
    return NOTHING_READ if isinstance(error, ArticleError) else USAGE

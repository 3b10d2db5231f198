"""Commands whose options are worked out only when they are looked at: the help of all commands needs the options of none."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any, TypeVar, get_type_hints

import typer
from typer.core import TyperCommand
from typer.main import get_command_from_info
from typer.models import CommandInfo

__all__ = ["LateCommand", "late_command"]

F = TypeVar("F", bound=Callable[..., None])


class LateCommand(TyperCommand):
    """A command that typer makes of its function's signature as soon as that is needed; the dozen commands take longer than all else."""

    def __init__(self, *, callback: Any, **about: Any) -> None:  # noqa: ANN401  as typer passes them on
        self._function = callback.makes
        about.pop("params")  # those of the stand-in: none
        super().__init__(**about)

    @cached_property
    def _made(self) -> Any:  # noqa: ANN401  typer's own types are private
        # Else typer, which goes through the signature several times, evaluates each annotation anew.
        self._function.__annotations__ = get_type_hints(self._function, include_extras=True)
        return get_command_from_info(CommandInfo(self.name, callback=self._function), pretty_exceptions_short=False, rich_markup_mode=None)

    @property
    def params(self) -> Any:  # noqa: ANN401
        """The options and arguments."""
        return self._made.params

    @params.setter
    def params(self, _: object) -> None:
        """Leave it to the function."""

    @property
    def callback(self) -> Any:  # noqa: ANN401
        """What is called with their values."""
        return self._made.callback

    @callback.setter
    def callback(self, _: object) -> None:
        """Leave it to the function."""


def late_command(app: typer.Typer, name: str | None = None) -> Callable[[F], F]:
    """Register a function as a command of `app`, like `app.command`."""

    def register(function: F) -> F:
        def stand_in() -> None:
            """Have no options."""

        stand_in.__name__, stand_in.__doc__ = function.__name__, function.__doc__
        stand_in.__dict__["makes"] = function
        app.command(name, cls=LateCommand)(stand_in)
        return function

    return register

"""A command is made only when it is looked at, and is then the one that typer would have made."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.testing import CliRunner

from llm_extract.late_commands import LateCommand, late_command


def _app(*, late: bool) -> typer.Typer:
    app = typer.Typer(rich_markup_mode=None)

    def greet(name: str, *, loud: Annotated[bool, typer.Option(help="Shout.")] = False) -> None:
        """Say hello."""
        typer.echo(f"HELLO {name}" if loud else f"hello {name}")

    def part(*, times: int = 1) -> None:
        """Say goodbye."""
        typer.echo("bye " * times)

    for name, function in ((None, greet), ("leave", part)):
        (late_command(app, name) if late else app.command(name))(function)
    return app


def test_it_is_called_and_described_as_typer_would() -> None:
    for call in (["--help"], ["greet", "--help"], ["greet", "Ana", "--loud"], ["leave", "--times", "2"], ["greet"], ["leave", "--loud"]):
        late, plain = (CliRunner().invoke(_app(late=late), call) for late in (True, False))
        assert (late.exit_code, late.output) == (plain.exit_code, plain.output)


def test_options_are_worked_out_when_they_are_asked_for() -> None:
    group: Any = typer.main.get_command(_app(late=True))
    command = group.commands["greet"]
    assert isinstance(command, LateCommand)
    assert "_made" not in vars(command)
    assert [parameter.name for parameter in command.params] == ["name", "loud"]


def test_the_help_of_all_commands_works_out_the_options_of_none() -> None:
    script = "import sys; from llm_extract import cli, late_commands; late_commands.get_command_from_info = None; cli.app(['--help'])"
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=Path(__file__).parent.parent)
    assert "merge" in told.stdout

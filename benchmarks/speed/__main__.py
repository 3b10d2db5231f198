"""The command line of the benchmark."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from benchmarks.quality.table import machine
from benchmarks.speed import cached, endpoint, starting
from benchmarks.speed.bench import Bench
from benchmarks.speed.figures import Figure, as_json, as_markdown
from benchmarks.speed.processes import ROOT, BenchmarkError

MEASURES = {
    "starting": starting.starting,
    "latency": endpoint.with_latency,
    "at-once": endpoint.at_once,
    "cached": cached.beside_instructor,
    "growing": cached.growing,
}


def main(
    *,
    output: Annotated[Path, typer.Option("--output", "-o", help="Takes the table.", show_default="benchmarks/speed/results")] = ROOT
    / "benchmarks"
    / "speed"
    / "results",
    rounds: Annotated[int, typer.Option(min=1, help="How often each thing is measured.")] = 3,
    only: Annotated[list[str] | None, typer.Option(help=f"Measure only this: {', '.join(MEASURES)}; may be repeated.")] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Small sizes, one round: to see whether it runs.")] = False,
) -> None:
    """Measure llm-extract beside plain instructor and a bare client, on a scripted server, and write a table."""
    chosen = only or list(MEASURES)
    if unknown := sorted({*chosen} - {*MEASURES}):
        message = f"there is no {unknown[0]}"
        raise typer.BadParameter(message, param_hint="--only")
    output.mkdir(parents=True, exist_ok=True)
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="llm-extract-speed-") as folder:
        bench = Bench(Path(folder), 1 if quick else rounds, is_quick=quick, say=_say)
        for name in chosen:
            _say(f"{name} …")
            try:
                figures += MEASURES[name](bench)
            except BenchmarkError as error:
                typer.echo(f"error: {error}", err=True)
                raise typer.Exit(1) from None
            about = machine(), dt.datetime.now().astimezone().date()
            (output / "table.md").write_text(as_markdown(figures, *about), encoding="utf-8")  # what was measured outlives an interruption
            (output / "table.json").write_text(as_json(figures, *about), encoding="utf-8")
    typer.echo((output / "table.md").read_text(encoding="utf-8"))


def _say(what: str) -> None:
    typer.echo(what, err=True)


if __name__ == "__main__":
    typer.run(main)

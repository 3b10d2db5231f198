"""The command line of the benchmark."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer
from pydantic import SecretStr

from benchmarks.quality import contest, table
from benchmarks.quality.contestants import CONTESTANTS, ROOT, Worker, WorkerEndedError, installed_python
from benchmarks.quality.counting import CountingProxy
from llm_extract.errors import LlmExtractError
from llm_extract.local import LocalServer
from llm_extract.settings import Endpoint, Profile, Settings
from llm_extract.weights import EMBEDDED, ensure_weights

USAGE = 2


def main(  # noqa: PLR0913  a command has a parameter for each option
    articles: Annotated[Path, typer.Argument(help="A folder of articles that have gold.", show_default="seeds")] = ROOT / "seeds",
    *,
    gold: Annotated[Path | None, typer.Option(help="The folder of gold.", show_default="ARTICLES/gold, else ARTICLES")] = None,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="Takes the table and the answers.", show_default="benchmarks/quality/results")
    ] = ROOT / "benchmarks" / "quality" / "results",
    base_url: Annotated[
        str | None, typer.Option(help="A server that runs already; its key is in OPENAI_API_KEY.", show_default="the embedded model")
    ] = None,
    model: Annotated[str, typer.Option(help="What the server calls the model.")] = EMBEDDED.name,
    profile: Annotated[Profile, typer.Option(help="How llm-extract cuts the work.")] = Profile.LOCAL,
    first: Annotated[int | None, typer.Option(min=1, help="Read only so many articles, the first.", show_default="all")] = None,
    without: Annotated[list[str] | None, typer.Option(help="Leave this contestant out; may be repeated.")] = None,
    langextract_python: Annotated[
        Path | None, typer.Option(help="A Python that has LangExtract.", show_default="one in an environment made for it")
    ] = None,
) -> None:
    """Measure llm-extract, LangExtract and plain instructor on the same articles, model and server, article by article."""
    left_out = {*(without or ())}
    chosen = [contestant for contestant in CONTESTANTS if contestant.name not in left_out]
    if not chosen or left_out - {contestant.name for contestant in CONTESTANTS}:
        message = f"--without takes some, not all, of {', '.join(contestant.name for contestant in CONTESTANTS)}."
        raise typer.BadParameter(message)
    own = {"langextract": langextract_python.absolute()} if langextract_python else {}
    try:
        given = contest.annotated(articles, gold)[:first]
        pythons = [own.get(contestant.name) or installed_python(contestant, _say) for contestant in chosen]
        with _endpoint(base_url) as (endpoint, server), CountingProxy(endpoint) as proxy, contextlib.ExitStack() as stack:
            proxy.warm(model)
            workers = []
            for contestant, python in zip(chosen, pythons, strict=True):
                command = [str(python), "-m", contestant.module, proxy.base_url, model]
                command += [profile.value] if contestant is CONTESTANTS[0] else []
                workers.append(stack.enter_context(Worker(contestant.name, command, output / f"{contestant.name}.log")))
                workers[-1].start()
            versions = {worker.name: worker.versions for worker in workers}
            today = dt.datetime.now().astimezone().date()
            about = table.Circumstances(articles.absolute().name, model, server, table.machine(), versions, today)
            _measure(workers, given, proxy, about=about, output=output)
    except (LlmExtractError, WorkerEndedError) as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(USAGE) from None


@contextlib.contextmanager
def _endpoint(base_url: str | None) -> Iterator[tuple[Endpoint, str]]:
    """Yield where the model is served, and by what; start the embedded one where no server is named."""
    if base_url:
        yield Endpoint(base_url.rstrip("/"), Settings.load(base_url=base_url).api_key or SecretStr("none")), "a server that ran already"
        return
    _say("Loading the embedded model ...")
    with LocalServer(ensure_weights(Settings.load()), name=EMBEDDED.name) as server:
        yield server.start(), f"xllamacpp {version('xllamacpp')}"


def _measure(
    workers: Sequence[Worker], given: Sequence[contest.Annotated], proxy: CountingProxy, *, about: table.Circumstances, output: Path
) -> None:
    """Run the contest; after each article the table is written anew, so that what was measured outlives an interruption."""
    turns: list[contest.Turn] = []
    for turn in contest.run(workers, given, proxy):
        turns.append(turn)
        _say(f"{turn.article}  {turn.contestant:12} {turn.seconds:6.1f} s {turn.spent.completion_tokens:6} tokens  {turn.failure}")
        _write(output / turn.contestant / f"{turn.article}.json", turn.prediction.model_dump_json(indent=1) + "\n")
        if len(turns) % len(workers) == 0:
            found = table.rows(turns, contest.scored(turns, given))
            _write(output / "table.md", table.as_markdown(found, about))
            _write(output / "table.json", table.as_json(found, about, turns))
    typer.echo((output / "table.md").read_text(encoding="utf-8"))


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _say(what: str) -> None:
    typer.echo(what, err=True)


if __name__ == "__main__":
    typer.run(main)

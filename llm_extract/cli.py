"""The command line: arguments in, exit code out; no logic of its own.

Exit codes: 0 all done, 1 some articles failed, 2 usage or settings, 3 nothing could be read, 4 the model can't be
reached, 130 interrupted. Heavy modules are imported in the command that uses them, so that `--help` is quick.
"""

from __future__ import annotations

import datetime as dt
import sys
import time
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from typer.core import TyperGroup

from llm_extract.errors import ArticleError, LlmExtractError, ModelUnavailableError

if TYPE_CHECKING:
    from llm_extract.corpus import Tally
    from llm_extract.settings import Settings

__all__ = ["Task", "app", "main"]

SOME_FAILED, USAGE, NOTHING_READ, NO_MODEL, INTERRUPTED = 1, 2, 3, 4, 130


class Task(StrEnum):
    """What can be found in an article."""

    MEETINGS = "meetings"
    QUOTES = "quotes"


class _Group(TyperGroup):
    """Turns the library's errors into a line and an exit code."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401  typer's own context type is private
        try:
            return super().invoke(ctx)
        except LlmExtractError as error:
            _complain(error)
            raise typer.Exit(_exit_code(error)) from None
        except KeyboardInterrupt:
            raise typer.Exit(INTERRUPTED) from None


HELP = "Meetings and attributed quotes from news articles, every fact on the characters that it rests on."
app = typer.Typer(name="llm-extract", cls=_Group, help=HELP, no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False)
cache_app = typer.Typer(help="The answers that were given before.", no_args_is_help=True, rich_markup_mode=None)
model_app = typer.Typer(help="The embedded model, which runs on this machine.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(cache_app, name="cache")
app.add_typer(model_app, name="model")

CacheFolder = Annotated[Path | None, typer.Option("--cache-dir", help="Folder of answers and weights.", show_default="the user's cache")]
ResultsPath = Annotated[Path, typer.Argument(help="What `llm-extract run` wrote; - is the standard input.")]


def main() -> None:
    """Run the command line; the entry point of `llm-extract`."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that can't show a curly quote shows a question mark instead of a traceback.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    app()


def _version(wanted: bool) -> None:  # noqa: FBT001  typer calls it so
    if wanted:
        from llm_extract import __version__

        typer.echo(f"llm-extract {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    *,
    version: Annotated[bool, typer.Option("--version", help="Print the version.", callback=_version, is_eager=True)] = False,
) -> None:
    pass


@app.command()
def run(  # noqa: PLR0913  a command has a parameter for each option
    inputs: Annotated[
        list[Path], typer.Argument(metavar="INPUTS...", help="Articles: files, folders of .txt and .md files, or - for the standard input.")
    ],
    *,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="Where results go, one JSON line an article; - is the standard output.")
    ] = Path("results.jsonl"),
    model: Annotated[
        str | None, typer.Option(help="A model at the endpoint, or a .gguf file.", show_default="the embedded one, without a key")
    ] = None,
    base_url: Annotated[str | None, typer.Option(help="An OpenAI-compatible endpoint; its key is in OPENAI_API_KEY.")] = None,
    mode: Annotated[
        Literal["json_schema", "tools"] | None, typer.Option(help="How the answer's form is enforced.", show_default="json_schema")
    ] = None,
    profile: Annotated[
        Literal["hosted", "local"] | None,
        typer.Option(help="How the work is cut: whole articles, or short passages.", show_default="by the model"),
    ] = None,
    only: Annotated[list[Task] | None, typer.Option(help="Find only these.", show_default="both")] = None,
    published: Annotated[str | None, typer.Option(metavar="YYYY-MM-DD", help="Day of publication, where there is one article.")] = None,
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", help="Articles in work at a time.", show_default="1 here, 8 at an endpoint")
    ] = None,
    no_cache: Annotated[bool, typer.Option("--no-cache", help="Neither use answers given before nor keep new ones.")] = False,
    refresh: Annotated[bool, typer.Option("--refresh", help="Ask again, and keep the new answers.")] = False,
    cache_dir: CacheFolder = None,
    replay: Annotated[Path | None, typer.Option(help="A cassette, or a folder of them, that answers instead of a model.")] = None,
    timeout: Annotated[float | None, typer.Option(help="Seconds that a request may take.", show_default="300")] = None,
    max_retries: Annotated[int | None, typer.Option(help="Repetitions of a request after passing faults.", show_default="4")] = None,
    temperature: Annotated[
        float | None, typer.Option(help="Sampling temperature.", show_default="0 here, none sent to an endpoint")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Sampling seed.", show_default="none sent")] = None,
    indirect: Annotated[bool, typer.Option("--indirect", help="Find indirect speech too: 'Petrova said that …'.")] = False,
    no_text: Annotated[bool, typer.Option("--no-text", help="Leave the articles' texts out of the results.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no summary; errors only.")] = False,
) -> None:
    """Extract meetings and quotes from articles.

    A metadata.csv beside the articles describes them: columns file, published, title, source, url.
    """
    if no_cache and refresh:
        message = "--no-cache and --refresh exclude each other."
        raise typer.BadParameter(message)
    settings = _settings(
        model=model,
        base_url=base_url,
        mode=mode,
        profile=profile,
        jobs=jobs,
        cache="off" if no_cache else "refresh" if refresh else None,
        cache_dir=cache_dir,
        replay=replay,
        timeout_s=timeout,
        max_retries=max_retries,
        temperature=temperature,
        seed=seed,
        indirect=indirect or None,
        keep_text=False if no_text else None,
    )
    tally = _run(settings, inputs, output, only=only, published=_day(published), quiet=quiet)
    raise typer.Exit(_report(tally, output, quiet=quiet))


def _run(settings: Settings, inputs: list[Path], output: Path, *, only: list[Task] | None, published: dt.date | None, quiet: bool) -> Tally:
    from llm_extract.articles import find_articles, with_published
    from llm_extract.corpus import process
    from llm_extract.extract import Extractor
    from llm_extract.progress import summary, watching
    from llm_extract.settings import choose_model

    _hush(quiet=quiet)
    started = time.monotonic()
    sources = find_articles(inputs)
    if published:
        sources = with_published(sources, published)
    jobs = choose_model(settings).jobs
    with watching(shown=not quiet and sys.stderr.isatty()) as watch:
        extractor = Extractor(settings, tasks=[task.value for task in only or Task], on_weights=watch.weights)
        watch.begin(extractor, len(sources))
        tally = process(extractor, sources, output, jobs=jobs, watch=watch.outcome)
    if not quiet:
        typer.echo(summary(tally, extractor, time.monotonic() - started), err=True)
    return tally


def _report(tally: Tally, output: Path, *, quiet: bool) -> int:
    """Say what went wrong and where the rest is; return the exit code."""
    for failure in tally.failures:
        typer.echo(f"failed: {failure.article}: {failure.message}{_remedy(failure.remedy)}", err=True)
    if tally.interrupted:
        where = f"{tally.done} finished articles are in {output}" if tally.done else "no article was finished yet"
        typer.echo(f"Interrupted: {where}.", err=True)
        return INTERRUPTED
    if tally.stopped:
        _complain(tally.stopped)
        return _exit_code(tally.stopped)
    if tally.failures:
        unread = not tally.done and all(failure.stage == "read" for failure in tally.failures)
        return NOTHING_READ if unread else SOME_FAILED
    if not quiet and str(output) != "-":
        typer.echo(f"See them: llm-extract show {output}", err=True)
    return 0


@app.command()
def show(
    results: ResultsPath,
    *,
    article: Annotated[list[str] | None, typer.Option(help="Only the article of this id; may be repeated.", show_default="all")] = None,
    full: Annotated[bool, typer.Option("--full", help="Print quotes to their end, not the line that fits.")] = False,
) -> None:
    """Print meetings and quotes readably."""
    from rich.console import Console

    from llm_extract.export import read_results
    from llm_extract.show import show as print_results

    print_results(read_results(results), Console(highlight=False, emoji=False, markup=False), articles=article or (), full=full)


@app.command()
def export(
    results: ResultsPath,
    *,
    output: Annotated[Path, typer.Option("--output", "-o", help="A folder for score and csv, a file for jsonl.")],
    format: Annotated[  # noqa: A002  the option's name
        Literal["score", "csv", "jsonl"],
        typer.Option(help="csv: tables of meetings and of quotes. jsonl: everything. score: one file an article, the bare predictions."),
    ] = "csv",
) -> None:
    """Write results in another form."""
    from llm_extract.export import Format, read_results
    from llm_extract.export import export as write

    count = write(read_results(results), Format(format), output)
    typer.echo(f"{count} articles written to {output}.", err=True)


@app.command("eval")
def evaluate(  # noqa: PLR0913  a command has a parameter for each option
    results: Annotated[Path, typer.Argument(help="What `llm-extract run` wrote, or a folder that `export --format score` wrote.")],
    gold: Annotated[Path, typer.Argument(help="A folder with NAME.json for each annotated article.")],
    *,
    texts: Annotated[
        Path | None, typer.Option(help="The folder of the articles, to check offsets by.", show_default="in or near the gold")
    ] = None,
    compare: Annotated[Path | None, typer.Option(help="Other results: say what is better and what worse than there.")] = None,
    errors: Annotated[bool, typer.Option("--errors", help="List what is wrong, missed or spurious.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, not tables.")] = False,
    resamples: Annotated[int, typer.Option(min=0, help="Draws for the 95 % intervals; 0 leaves them out.")] = 1000,
    seed: Annotated[int, typer.Option(help="Where the draws begin.")] = 0,
) -> None:
    """Measure results on gold: F1 of quotes and meetings, shares of right facts, with intervals over articles."""
    from rich.console import Console

    from llm_extract import eval_report
    from llm_extract.evaluate import report

    found = report(results, gold, texts=texts, against=compare, resamples=resamples, seed=seed)
    if as_json:
        typer.echo(eval_report.as_json(found, errors=errors))
    else:
        eval_report.print_report(found, Console(highlight=False, emoji=False, markup=False), errors=errors)


@app.command()
def schema(
    name: Annotated[
        Literal["article", "span", "party", "quote", "claim", "meeting", "extraction"] | None,
        typer.Argument(help="Which object.", show_default="all"),
    ] = None,
) -> None:
    """Print the JSON Schema of articles and results."""
    import json

    from llm_extract.export import json_schemas

    schemas = json_schemas()
    typer.echo(json.dumps(schemas[name] if name else schemas, indent=2, ensure_ascii=False))


@cache_app.command("info")
def cache_info(*, cache_dir: CacheFolder = None) -> None:
    """Say where the answers are, how many and how large."""
    from llm_extract.cache import AnswerCache

    with AnswerCache.of(_settings(cache_dir=cache_dir)) as cache:
        info = cache.info()
    typer.echo(f"{info.answers:,} answers, {info.size_bytes / 1e6:,.1f} of at most {info.limit_bytes / 1e6:,.0f} MB, in {info.folder}")


@cache_app.command("clear")
def cache_clear(*, cache_dir: CacheFolder = None) -> None:
    """Forget all answers; the embedded model stays."""
    from llm_extract.cache import AnswerCache

    with AnswerCache.of(_settings(cache_dir=cache_dir)) as cache:
        count = cache.clear()
    typer.echo(f"{count:,} answers dropped from {cache.folder}")


@model_app.command("info")
def model_info(*, cache_dir: CacheFolder = None) -> None:
    """Say which model is embedded, and whether its weights are in place."""
    from llm_extract import weights

    typer.echo(weights.model_info(_settings(cache_dir=cache_dir)))


@model_app.command("path")
def model_path(*, cache_dir: CacheFolder = None) -> None:
    """Print where the weights are, putting them together first where they are not yet."""
    from llm_extract import weights
    from llm_extract.progress import watching

    with watching(shown=sys.stderr.isatty()) as watch:
        typer.echo(weights.ensure_weights(_settings(cache_dir=cache_dir), progress=watch.weights))


@model_app.command("serve")
def model_serve(*, cache_dir: CacheFolder = None) -> None:
    """Serve the embedded model to other programs, until Ctrl-C."""
    from llm_extract import local, weights
    from llm_extract.progress import watching

    with watching(shown=sys.stderr.isatty()) as watch:
        path = weights.ensure_weights(_settings(cache_dir=cache_dir), progress=watch.weights)
    local.serve(path, typer.echo)


def _settings(**arguments: object) -> Settings:
    from llm_extract.settings import Settings

    return Settings.load(**arguments)


def _day(written: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(written) if written else None
    except ValueError:
        message = f"{written!r} is not a date of the form YYYY-MM-DD."
        raise typer.BadParameter(message, param_hint="--published") from None


def _hush(*, quiet: bool) -> None:
    if quiet:
        import logging

        logging.getLogger("llm_extract").setLevel(logging.ERROR)


def _complain(error: LlmExtractError) -> None:
    typer.echo(f"error: {error.what}{_remedy(error.remedy)}", err=True)


def _remedy(remedy: str) -> str:
    return f"\n  {remedy}" if remedy else ""


def _exit_code(error: LlmExtractError) -> int:
    if isinstance(error, ModelUnavailableError):
        return NO_MODEL
    return NOTHING_READ if isinstance(error, ArticleError) else USAGE

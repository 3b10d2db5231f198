"""The command line: arguments in, exit code out; no logic of its own.

Exit codes: 0 all done, 1 some articles failed, 2 usage or settings, 3 nothing could be read, 4 the model can't be reached, 5 a limit was
reached, 130 and 143 interrupted. Heavy modules are imported in the command that uses them, so that `--help` is quick.
"""

from __future__ import annotations

import atexit
import gc
import os
import signal
import sys
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from typer.core import TyperGroup

from llm_extract.cli_common import INTERRUPTED, CacheFolder, complain, exit_code, say, settings_of
from llm_extract.cli_run import run
from llm_extract.errors import LlmExtractError
from llm_extract.late_commands import late_command
from llm_extract.plurals import counted

__all__ = ["app", "main"]


class _Group(TyperGroup):
    """Turns the library's errors into a line and an exit code."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401  typer's own context type is private
        try:
            return super().invoke(ctx)
        except LlmExtractError as error:
            complain(error)
            raise typer.Exit(exit_code(error)) from None
        except KeyboardInterrupt:
            raise typer.Exit(INTERRUPTED + signal.SIGINT) from None


HELP = "Meetings and attributed quotes from news articles, every fact on the characters that it rests on."
app = typer.Typer(name="llm-extract", cls=_Group, help=HELP, no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False)
cache_app = typer.Typer(help="The answers that were given before.", no_args_is_help=True, rich_markup_mode=None)
model_app = typer.Typer(help="The embedded model, which runs on this machine.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(cache_app, name="cache")
app.add_typer(model_app, name="model")

ResultsPath = Annotated[Path, typer.Argument(help="What `llm-extract run` wrote; - is the standard input.")]


def main() -> None:
    """Run the command line; the entry point of `llm-extract`."""
    _hold_closed_streams()
    for stream in (sys.stdout, sys.stderr):
        # A terminal that can't show a curly quote shows a question mark instead of a traceback.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    # Else Pydantic looks for plug-ins, of which none is of use here, in every package that is installed.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    # Else Python looks for cycles in all that was imported before it gives the memory back anyway: a seventh of what a short command takes.
    atexit.register(gc.freeze)
    app()


def _hold_closed_streams() -> None:
    """Take the places of standard streams that are closed, or a file that is opened later is written to in their stead."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDONLY)  # gets the lowest number that is free; results written to it are an error, not lost
    if sys.__stderr__ is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115  until the end


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


late_command(app)(run)


@late_command(app)
def show(
    results: Annotated[Path, typer.Argument(help="What `llm-extract run` or `llm-extract merge` wrote; - is the standard input.")],
    *,
    article: Annotated[list[str] | None, typer.Option(help="Only the article of this id; may be repeated.", show_default="all")] = None,
    full: Annotated[bool, typer.Option("--full", help="Print quotes to their end, not the line that fits; of a dossier, all.")] = False,
) -> None:
    """Print meetings and quotes readably; of a dossier, the history of each meeting."""
    from rich.console import Console

    from llm_extract.dossier_files import is_dossier, read_dossier
    from llm_extract.export import read_results
    from llm_extract.show import show as print_results
    from llm_extract.timeline import show_dossier

    console = Console(highlight=False, emoji=False, markup=False)
    if is_dossier(results):
        show_dossier(read_dossier(results), console, articles=article or (), full=full)
    else:
        print_results(read_results(results), console, articles=article or (), full=full)


@late_command(app)
def merge(
    results: Annotated[list[Path], typer.Argument(metavar="RESULTS...", help="What `llm-extract run` wrote; - is the standard input.")],
    *,
    output: Annotated[Path, typer.Option("--output", "-o", help="The dossier; - is the standard output.")] = Path("dossier.json"),
    into: Annotated[Path | None, typer.Option(help="A dossier that the results are added to.", show_default="a new one")] = None,
    corrections: Annotated[
        Path | None, typer.Option(help="TOML or JSON: join, split, rename, set.", show_default="those that --into was made with")
    ] = None,
) -> None:
    """Join the same meeting across articles: one record, with its history and who said what when."""
    from itertools import chain

    from llm_extract.across import merge_to_file
    from llm_extract.corrections import read_corrections
    from llm_extract.dossier_files import check_results, read_dossier
    from llm_extract.export import Counted, read_results

    check_results(results, output)
    base = read_dossier(into) if into else None
    decided = read_corrections(corrections) if corrections else None
    found = Counted(chain.from_iterable(map(read_results, results)))
    tally = merge_to_file(found, output, into=base, corrections=decided)
    told = f"{counted(tally.mentions, 'mention')} in {counted(tally.articles, 'article')}: {counted(tally.meetings, 'meeting')}"
    typer.echo(f"{told}, in {output}.", err=True)
    if found.records:
        say(f"Left out, for a dossier is of meetings: {counted(found.records, 'record')} of your own schema.")


@late_command(app)
def report(
    results: ResultsPath,
    *,
    output: Annotated[Path, typer.Option("--output", "-o", help="The page: one HTML file, which needs no network.")] = Path("report.html"),
    dossier: Annotated[
        Path | None, typer.Option(help="What `llm-extract merge` made of the same results.", show_default="they are merged here")
    ] = None,
    title: Annotated[str | None, typer.Option(help="Its heading.", show_default="what is in it")] = None,
) -> None:
    """Make a page to look at: a timeline of meetings, records as cards, articles with quotes and evidence marked, filters."""
    from llm_extract.dossier_files import read_dossier
    from llm_extract.export import read_results
    from llm_extract.report import write_report

    count = write_report(read_results(results), output, dossier=read_dossier(dossier) if dossier else None, title=title)
    typer.echo(f"{count} article{'' if count == 1 else 's'} in {output}: open it in a browser.", err=True)


@late_command(app)
def export(
    results: Annotated[Path, typer.Argument(help="What `llm-extract run` or `llm-extract merge` wrote; - is the standard input.")],
    *,
    output: Annotated[Path, typer.Option("--output", "-o", help="A folder for csv, parquet and score, else a file.")],
    format: Annotated[  # noqa: A002  the option's name
        Literal["annotations", "csv", "duckdb", "events", "ical", "jsonl", "parquet", "score", "sqlite"],
        typer.Option(
            help="Tables: csv, parquet, duckdb, sqlite. One line an article: jsonl. One line a meeting, as an event of PLOVER: events. "
            "Meetings to come: ical. Spans as W3C Web Annotations: annotations. Bare predictions: score."
        ),
    ] = "csv",
    schema: Annotated[
        str | None,
        typer.Option(metavar="MODULE:NAME", help="Of your own records, for the types of columns.", show_default="what they tell"),
    ] = None,
) -> None:
    """Write results or a dossier in another form."""
    from llm_extract.dossier import Dossier
    from llm_extract.export import WITHOUT_RECORDS, Counted, Format, read_input
    from llm_extract.export import export as write
    from llm_extract.schemas import load_schema

    given = read_input(results)
    found = given if isinstance(given, Dossier) else Counted(given)
    count = write(found, Format(format), output, schema=load_schema(schema) if schema else None)
    typer.echo(f"{counted(count, 'article')} written to {output}.", err=True)
    if isinstance(found, Counted) and found.records and format in WITHOUT_RECORDS:
        say(f"Left out, for the form {format} is for meetings: {counted(found.records, 'record')} of your own schema.")


@late_command(app, "eval")
def evaluate(  # noqa: PLR0913  a command has a parameter for each option
    results: Annotated[Path, typer.Argument(help="What `run` or `merge` wrote, or a folder that `export --format score` wrote.")],
    gold: Annotated[
        Path, typer.Argument(help="A folder with NAME.json for each annotated article; for a dossier, with a folder `clusters` in it.")
    ],
    *,
    texts: Annotated[
        Path | None, typer.Option(help="The folder of the articles, to check offsets by.", show_default="in or near the gold")
    ] = None,
    compare: Annotated[Path | None, typer.Option(help="Other results: say what is better and what worse than there.")] = None,
    errors: Annotated[bool, typer.Option("--errors", help="List what is wrong, missed or spurious.")] = False,
    schema: Annotated[
        str | None,
        typer.Option(metavar="MODULE:NAME", help='Measure the records of your own schema; gold is {"records": [{field: value}]}.'),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, not tables.")] = False,
    resamples: Annotated[int, typer.Option(min=0, help="Draws for the 95 % intervals; 0 leaves them out.")] = 1000,
    seed: Annotated[int, typer.Option(help="Where the draws begin.")] = 0,
) -> None:
    """Measure results on gold: F1 of quotes and meetings, or of records of your own schema and their fields, with intervals."""
    from rich.console import Console

    from llm_extract import eval_report
    from llm_extract.cluster_scores import as_text, score_on_folder
    from llm_extract.dossier_files import is_dossier, read_dossier
    from llm_extract.evaluate import report

    if not schema and is_dossier(results):
        typer.echo(as_text(score_on_folder(read_dossier(results), gold, texts), as_json=as_json))
        return
    if schema:
        from llm_extract.record_scores import report_records
        from llm_extract.schemas import load_schema

        found = report_records(results, gold, load_schema(schema), texts=texts, against=compare, resamples=resamples, seed=seed)
    else:
        found = report(results, gold, texts=texts, against=compare, resamples=resamples, seed=seed)
    if as_json:
        typer.echo(eval_report.as_json(found, errors=errors))
    else:
        eval_report.print_report(found, Console(highlight=False, emoji=False, markup=False), errors=errors)


@late_command(app)
def schema(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="NAME",
            help="article, span, party, quote, claim, meeting, record or extraction; or yours: MODULE:NAME, or a file of JSON Schema.",
            show_default="all of ours",
        ),
    ] = None,
    *,
    prompt: Annotated[bool, typer.Option("--prompt", help="Show what a model is asked about your own schema instead.")] = False,
) -> None:
    """Print the JSON Schema of articles, results and records."""
    import json

    from llm_extract.export import json_schemas

    schemas = json_schemas()
    if prompt or (name and name not in schemas):
        from llm_extract.record_reader import prompt_for
        from llm_extract.schemas import load_schema

        own = load_schema(name or "")
        if prompt:
            typer.echo(prompt_for(own))
            return
        schemas = {own.name: own.model.model_json_schema(mode="serialization")}
        name = own.name
    typer.echo(json.dumps(schemas[name] if name else schemas, indent=2, ensure_ascii=False))


@late_command(cache_app, "info")
def cache_info(*, cache_dir: CacheFolder = None) -> None:
    """Say where answers and results are, how many and how large."""
    from llm_extract.cache import KINDS, AnswerCache

    for kind in KINDS:
        with AnswerCache.of(settings_of(cache_dir=cache_dir), kind) as cache:
            info = cache.info()
        typer.echo(f"{info.answers:,} {kind}, {info.size_bytes / 1e6:,.1f} of at most {info.limit_bytes / 1e6:,.0f} MB, in {info.folder}")


@late_command(cache_app, "clear")
def cache_clear(*, cache_dir: CacheFolder = None) -> None:
    """Forget all answers and results; the embedded model stays."""
    from llm_extract.cache import KINDS, AnswerCache

    for kind in KINDS:
        with AnswerCache.of(settings_of(cache_dir=cache_dir), kind) as cache:
            count = cache.clear()
        typer.echo(f"{count:,} {kind} dropped from {cache.folder}")


@late_command(model_app, "info")
def model_info(*, cache_dir: CacheFolder = None) -> None:
    """Say which model is embedded, and whether its weights are in place."""
    from llm_extract import weights

    typer.echo(weights.model_info(settings_of(cache_dir=cache_dir)))


@late_command(model_app, "path")
def model_path(*, cache_dir: CacheFolder = None) -> None:
    """Print where the weights are, putting them together first where they are not yet."""
    from llm_extract import weights
    from llm_extract.progress import watching

    with watching(shown=sys.stderr.isatty()) as watch:
        typer.echo(weights.ensure_weights(settings_of(cache_dir=cache_dir), progress=watch.weights))


@late_command(model_app, "serve")
def model_serve(*, cache_dir: CacheFolder = None) -> None:
    """Serve the embedded model to other programs, until Ctrl-C."""
    from llm_extract import local, weights
    from llm_extract.progress import watching

    with watching(shown=sys.stderr.isatty()) as watch:
        path = weights.ensure_weights(settings_of(cache_dir=cache_dir), progress=watch.weights)
    local.serve(path, typer.echo)

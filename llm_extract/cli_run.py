"""The command `llm-extract run`."""

from __future__ import annotations

import datetime as dt
import sys
import time
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from llm_extract.cli_common import INTERRUPTED, NOTHING_READ, SOME_FAILED, CacheFolder, complain, echo_error, exit_code, say, settings_of
from llm_extract.errors import LlmExtractError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from llm_extract.articles import Source
    from llm_extract.corpus import RunOptions
    from llm_extract.extractor import Extractor, Wanted
    from llm_extract.outcomes import Tally
    from llm_extract.progress import Watch
    from llm_extract.settings import Settings

__all__ = ["Task", "run"]

_FAILURES_SHOWN = 10


class Task(StrEnum):
    """What can be found in an article."""

    MEETINGS = "meetings"
    QUOTES = "quotes"


def run(  # noqa: PLR0913  a command has a parameter for each option
    inputs: Annotated[
        list[Path],
        typer.Argument(
            metavar="INPUTS...",
            help="Articles: .txt, .md and .html files, folders of them, patterns such as 'news/**/*.html'; .jsonl, .csv, .tsv and .parquet "
            "files with an article a row; - for the standard input.",
        ),
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
    only: Annotated[list[Task] | None, typer.Option(help="Find only these.", show_default="both, or neither with --schema")] = None,
    schema: Annotated[
        str | None,
        typer.Option(metavar="MODULE:NAME", help="Find records of your own Pydantic model or Schema, or of a .json file of JSON Schema."),
    ] = None,
    uncited: Annotated[
        Literal["refuse", "flag"] | None,
        typer.Option(help="What becomes of a record's value that rests on nothing in the article.", show_default="refuse"),
    ] = None,
    indirect: Annotated[bool, typer.Option("--indirect", help="Find indirect speech too: 'Petrova said that …'.")] = False,
    published: Annotated[str | None, typer.Option(metavar="YYYY-MM-DD", help="Day of publication, where there is one article.")] = None,
    column: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FIELD=NAME", help="What a column is called in files of rows, such as text=body.", show_default="as the field"
        ),
    ] = None,
    form: Annotated[Literal["text", "html", "jsonl", "csv", "tsv"], typer.Option("--from", help="What the standard input holds.")] = "text",
    order: Annotated[Literal["input", "completion"], typer.Option(help="In which order results end.")] = "input",
    no_text: Annotated[bool, typer.Option("--no-text", help="Leave the articles' texts out of the results.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Estimate requests, tokens and cost; send nothing.")] = False,
    max_tokens: Annotated[int | None, typer.Option(help="Stop once so many tokens are spent on this output.")] = None,
    max_cost: Annotated[float | None, typer.Option(metavar="DOLLARS", help="Stop once so much is spent on this output.")] = None,
    prices: Annotated[
        Path | None,
        typer.Option(help='A TOML file: "model" = {input = 0.4, output = 1.6}, in $ a million tokens.', show_default="known ones"),
    ] = None,
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", help="Articles in work at a time.", show_default="1 here, 8 at an endpoint")
    ] = None,
    rpm: Annotated[int | None, typer.Option(help="Most requests in a minute.")] = None,
    tpm: Annotated[int | None, typer.Option(help="Most tokens in a minute.")] = None,
    timeout: Annotated[float | None, typer.Option(help="Seconds that a request may take.", show_default="300")] = None,
    article_timeout: Annotated[float | None, typer.Option(help="Seconds that an article may take.", show_default="3600")] = None,
    max_retries: Annotated[int | None, typer.Option(help="Repetitions of a request after passing faults.", show_default="4")] = None,
    patience: Annotated[
        float | None,
        typer.Option(metavar="SECONDS", help="How long an outage of the endpoint is waited for.", show_default="600, here 0"),
    ] = None,
    retry_failed: Annotated[bool, typer.Option("--retry-failed", help="Try again what failed in an earlier run.")] = False,
    max_failures: Annotated[int | None, typer.Option(min=1, help="Stop after so many failures.")] = None,
    grace: Annotated[float, typer.Option(min=0, help="Seconds to finish what is in work after Ctrl-C or SIGTERM.")] = 30.0,
    no_cache: Annotated[bool, typer.Option("--no-cache", help="Neither use answers given before nor keep new ones.")] = False,
    refresh: Annotated[bool, typer.Option("--refresh", help="Ask again, and keep the new answers.")] = False,
    cache_dir: CacheFolder = None,
    replay: Annotated[Path | None, typer.Option(help="A cassette, or a folder of them, that answers instead of a model.")] = None,
    temperature: Annotated[
        float | None, typer.Option(help="Sampling temperature.", show_default="0 here, none sent to an endpoint")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Sampling seed.", show_default="none sent")] = None,
    log_json: Annotated[bool, typer.Option("--log-json", help="Log to the standard error, one JSON object a line.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no summary; errors only.")] = False,
) -> None:
    """Extract meetings and quotes, or records of a schema of your own, from articles.

    The same command goes on where an earlier one ended, however that ended. Failures are listed beside the results, in NAME.failed.jsonl.
    A metadata.csv beside the articles describes them: columns file, published, title, source, url.
    """
    from llm_extract.corpus import Order, RunOptions
    from llm_extract.journal import check_apart
    from llm_extract.settings import choose_model

    if no_cache and refresh:
        message = "--no-cache and --refresh exclude each other."
        raise typer.BadParameter(message)
    _set_up_logging(quiet=quiet, log_json=log_json)
    with _complaining(log_json=log_json):
        settings = settings_of(
            model=model,
            base_url=base_url,
            mode=mode,
            profile=profile,
            indirect=indirect or None,
            uncited=uncited,
            keep_text=False if no_text else None,
            max_tokens=max_tokens,
            max_cost=max_cost,
            prices=prices,
            jobs=jobs,
            rpm=rpm,
            tpm=tpm,
            timeout_s=timeout,
            article_timeout_s=article_timeout,
            max_retries=max_retries,
            patience_s=patience,
            cache="off" if no_cache else "refresh" if refresh else None,
            cache_dir=cache_dir,
            replay=replay,
            temperature=temperature,
            seed=seed,
        )
        options = RunOptions(
            jobs=choose_model(settings).jobs,
            order=Order(order),
            retry_failed=retry_failed,
            max_failures=max_failures,
            article_timeout_s=settings.article_timeout_s,
            grace_s=grace,
        )
        check_apart(output, inputs)
        found = _Found(inputs, _day(published), column or [], form)
        command = _Command(settings, found, output, only, schema, quiet=quiet, log_json=log_json)
        raise typer.Exit(command.forecast(options) if dry_run else command.run(options))


def _set_up_logging(*, quiet: bool, log_json: bool) -> None:
    import logging

    from llm_extract.logs import log_as_json, log_as_text

    level = logging.ERROR if quiet else logging.INFO if log_json else logging.WARNING
    (log_as_json if log_json else log_as_text)(level)


@contextmanager
def _complaining(*, log_json: bool) -> Iterator[None]:
    """Have what ends the command logged where a program reads it."""
    try:
        yield
    except LlmExtractError as error:
        if not log_json:
            raise
        from llm_extract.logs import log_error

        log_error(error)
        raise typer.Exit(exit_code(error)) from None


class _Found:
    """The articles that the options name."""

    def __init__(self, inputs: list[Path], published: dt.date | None, columns: list[str], form: str) -> None:
        from llm_extract.articles import Columns, Form, find_articles, with_published

        self._inputs = inputs
        self._published = published
        self.sources: Iterable[Source] = find_articles(inputs, columns=Columns.parse(columns), stdin=Form(form))
        if published:
            self.sources = with_published(self.sources, published)

    def count(self) -> int | None:
        """Return how many there are; None where that can't be told."""
        from llm_extract.articles import count_articles

        return 1 if self._published else count_articles(self._inputs)


class _Command:
    """What the options ask for."""

    def __init__(  # noqa: PLR0913  what the options say
        self, settings: Settings, found: _Found, output: Path, tasks: list[Task] | None, schema: str | None, *, quiet: bool, log_json: bool
    ) -> None:
        self._settings = settings
        self._output = output
        self._tasks = [task.value for task in tasks] if tasks else None
        self._schema = schema
        self._quiet = quiet
        self._log_json = log_json
        self._found = found

    def run(self, options: RunOptions) -> int:
        """Run, tell how it went, and return the exit code."""
        from llm_extract.corpus import process
        from llm_extract.extractor import Extractor

        started = time.monotonic()
        with self._watching() as watch:
            extractor = Extractor(self._settings, tasks=self._tasks, schema=self._wanted(), on_weights=watch.weights)
            watch.begin(extractor, None if self._quiet else self._found.count())
            tally = process(extractor, self._found.sources, self._output, options, watch.outcome)
        elapsed_s = time.monotonic() - started
        watch.end(tally, extractor, elapsed_s)
        return self._report(tally, extractor, elapsed_s)

    def forecast(self, options: RunOptions) -> int:
        """Say what a run would send, and return the exit code."""
        from llm_extract.estimate import estimate
        from llm_extract.extractor import Extractor
        from llm_extract.progress import forecast

        extractor = Extractor(self._settings, tasks=self._tasks, schema=self._wanted(), dry_run=True)
        found = estimate(extractor, self._found.sources, self._output, retry_failed=options.retry_failed)
        typer.echo(forecast(found, extractor.cost))
        return 0

    def _wanted(self) -> Wanted | None:
        if self._schema is None:
            return None
        from llm_extract.schemas import load_schema

        return load_schema(self._schema)

    @contextmanager
    def _watching(self) -> Iterator[Watch]:
        from llm_extract.progress import watching

        if self._log_json:
            from llm_extract.logs import LoggingWatch

            yield LoggingWatch()
            return
        with watching(shown=not self._quiet and sys.stderr.isatty()) as watch:
            yield watch

    def _report(self, tally: Tally, extractor: Extractor, elapsed_s: float) -> int:
        """Say what went wrong and where the rest is; return the exit code."""
        if not self._log_json:  # which has told it all
            self._tell(tally, extractor, elapsed_s)
        if tally.stopped:
            return exit_code(tally.stopped)
        if tally.interrupted:
            return INTERRUPTED + tally.interrupted
        if tally.failed:
            unread = not tally.stored and all(failure.stage == "read" for failure in tally.failures)
            return NOTHING_READ if unread else SOME_FAILED
        return 0

    def _tell(self, tally: Tally, extractor: Extractor, elapsed_s: float) -> None:
        from llm_extract.progress import summary
        from llm_extract.streams import is_stream

        for failure in tally.failures[:_FAILURES_SHOWN]:
            echo_error("failed", f"{failure.article}: {failure.message}", failure.remedy)
        if tally.failed and (where := self._where_failures_are(tally)):
            say(where)
        if not self._quiet:
            say(summary(tally, extractor, elapsed_s))
        if tally.stopped:
            complain(tally.stopped)
        elif tally.interrupted:
            say(f"Interrupted {self._what_is_there(tally)}.")
        elif tally.stored and not tally.failed and not self._quiet and not is_stream(self._output):
            say(f"See them: llm-extract show {self._output}")

    def _where_failures_are(self, tally: Tally) -> str:
        from llm_extract.journal import failed_path
        from llm_extract.streams import is_stream

        more = f"… and {tally.failed - _FAILURES_SHOWN:,} more. " if tally.failed > _FAILURES_SHOWN else ""
        if is_stream(self._output):
            return more
        again = "--retry-failed tries them again"
        if tally.left:
            again = f"those of an earlier run ({tally.left:,}) are not tried again without --retry-failed"
        return f"{more}Failures are in {failed_path(self._output)}; {again}."

    def _what_is_there(self, tally: Tally) -> str:
        from llm_extract.plurals import counted
        from llm_extract.streams import is_stream

        if is_stream(self._output):
            written = counted(tally.stored, "finished article")
            return f"with {written} written. The same command begins anew, with the answers that are in the cache"
        there = f"with {counted(tally.stored, 'finished article')} in {self._output}" if tally.stored else "before an article was finished"
        return f"{there}. The same command goes on from there"


def _day(written: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(written) if written else None
    except ValueError:
        message = f"{written!r} is not a date of the form YYYY-MM-DD."
        raise typer.BadParameter(message, param_hint="--published") from None

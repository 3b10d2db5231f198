"""Many articles: bounded concurrency, one failure at a time, results on disk in the order of the articles."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from llm_extract.articles import STDIN, Source
from llm_extract.errors import CacheError, LlmExtractError, ModelUnavailableError, OutputError, PromptError, SettingError
from llm_extract.schema import Article, Extraction

__all__ = ["Extracts", "Failure", "Outcome", "ResultsFile", "Tally", "process", "run"]

# What fails for one article in these ways fails for every other.
_STOPPING = (CacheError, ModelUnavailableError, OutputError, PromptError, SettingError)


class Extracts(Protocol):
    """What finds meetings and quotes in an article, such as `llm_extract.Extractor`."""

    async def aextract(self, article: Article) -> Extraction:
        """Extract from one article."""

    async def aclose(self) -> None:
        """Close connections."""


@dataclass(frozen=True)
class Failure:
    """Why there is no result for an article.

    Args:
        article: Its id.
        stage: `read` where the file was the trouble, else `extract`.
        error: Name of the error's class.
        message: What happened.
        remedy: What can be done about it; empty where that is not known.
    """

    article: str
    stage: str
    error: str
    message: str
    remedy: str = ""


@dataclass(frozen=True)
class Outcome:
    """What became of one article.

    Args:
        position: Its place among the sources, from 0.
        article: Its id.
        result: What was found, or why nothing was.
    """

    position: int
    article: str
    result: Extraction | Failure


@dataclass(frozen=True)
class Tally:
    """What became of a run.

    Args:
        articles: How many there were to do.
        done: How many have a result in the output.
        failures: Why others have none, in the order of the articles.
        stopped: The error that ended the run before all articles were tried; None where it went to its end.
        interrupted: Whether the user ended it.
    """

    articles: int
    done: int
    failures: tuple[Failure, ...] = ()
    stopped: LlmExtractError | None = None
    interrupted: bool = False


async def run(extractor: Extracts, sources: Iterable[Source], *, jobs: int, on_result: Callable[[Outcome], None]) -> None:
    """Extract from all sources, `jobs` at a time, and hand over each outcome as it comes, in any order.

    An article that fails, for whatever reason, is an outcome like the others. A source is read when its turn comes.

    Raises:
        ModelUnavailableError: And likewise `SettingError`, `PromptError`, `CacheError` and `OutputError`: what the
            other articles would run into as well. The articles in work are given up at once.
    """
    import anyio

    waiting = iter(enumerate(sources))
    stopping: list[LlmExtractError] = []

    async def work() -> None:
        for position, source in waiting:
            try:
                on_result(await _outcome(extractor, source, position))
            except _STOPPING as error:
                stopping.append(error)
                group.cancel_scope.cancel()
                return

    async with anyio.create_task_group() as group:
        for _ in range(jobs):
            group.start_soon(work)
    if stopping:
        raise stopping[0]


async def _outcome(extractor: Extracts, source: Source, position: int) -> Outcome:
    stage = "read"
    try:
        article = source.read()
        stage = "extract"
        return Outcome(position, source.id, await extractor.aextract(article))
    except _STOPPING:
        raise
    except Exception as error:  # noqa: BLE001  the one broad one: whatever befalls an article, the others go on
        return Outcome(position, source.id, _failure(source.id, stage, error))


def _failure(article: str, stage: str, error: Exception) -> Failure:
    kind = type(error).__name__
    if isinstance(error, LlmExtractError):
        return Failure(article, stage, kind, error.what, error.remedy)
    return Failure(article, stage, kind, f"{kind}: {error}", "This is a defect of llm-extract: please report it.")


def process(
    extractor: Extracts,
    sources: Sequence[Source],
    output: Path,
    *,
    jobs: int,
    watch: Callable[[Outcome], None] = lambda _: None,
) -> Tally:
    """Extract from all sources into a file, one JSON line an article, in the order of the sources.

    Every finished article is in the file when this returns, also where the run was stopped or interrupted (Ctrl-C).

    Args:
        extractor: What extracts; it is closed at the end.
        sources: What from.
        output: The file, or `-` for the standard output; see `ResultsFile`.
        jobs: Articles in work at a time, at least 1.
        watch: Called with each outcome, once it is stored.

    Raises:
        OutputError: The output can't be opened; nothing was asked of a model.
        SettingError: The output is one of the articles.
    """
    import anyio

    _check_apart(output, sources)
    failures: dict[int, Failure] = {}
    stopped, interrupted = None, False
    with ResultsFile(output) as results:

        def take(outcome: Outcome) -> None:
            if isinstance(outcome.result, Failure):
                failures[outcome.position] = outcome.result
            results.put(outcome)
            watch(outcome)

        async def drive() -> None:
            try:
                await run(extractor, sources, jobs=jobs, on_result=take)
            finally:
                await extractor.aclose()

        try:
            anyio.run(drive)
            results.complete = True
        except KeyboardInterrupt:
            interrupted = True
        except _STOPPING as error:
            stopped = error
    return Tally(len(sources), results.stored, tuple(failures[position] for position in sorted(failures)), stopped, interrupted)


def _check_apart(output: Path, sources: Sequence[Source]) -> None:
    real = os.path.realpath(output)
    if any(source.path is not None and os.path.realpath(source.path) == real for source in sources):
        raise SettingError(f"The output {output} is one of the articles.", remedy="Give another name with -o.")


class ResultsFile:
    """A file of results, written line by line in the order of the articles, whatever order they finish in.

    While it is open, `PATH.part` grows; results that come before their turn wait in memory. When it is closed, those
    follow too, and `PATH.part` takes the place of `PATH`. Where the run was not complete, what was at `PATH` before is
    kept as `PATH.old`; where nothing was stored, it stays where it is. `-` is the standard output; a device or pipe is
    written to as it is.

    Args:
        path: Where to; folders on the way are made.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.complete = False
        """To be set before closing, once no article is left."""
        self.stored = 0
        """Results written so far."""
        self._next = 0
        self._early: dict[int, Extraction | Failure] = {}
        self._file: FileIO | None = None
        self._size = 0

    def __enter__(self) -> Self:
        """Open the file.

        Raises:
            OutputError: It can't be written to.
        """
        try:
            self._file = self._open()
        except OSError as error:
            raise self._wrong(error, "Give a file in a folder that you may write to.") from error
        return self

    def put(self, outcome: Outcome) -> None:
        """Store an outcome, and those that waited for it.

        Raises:
            OutputError: The disk is full, or the reader of a pipe is gone.
        """
        self._early[outcome.position] = outcome.result
        while self._next in self._early:
            self._write(self._early[self._next])
            del self._early[self._next]
            self._next += 1

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Write what waited, and put the file in its place."""
        try:
            for position in sorted(self._early):
                self._write(self._early[position])
        finally:
            if self._file is not None:
                self._file.close()
            if not self._is_stream:
                self._put_in_place()

    def _open(self) -> FileIO:
        # Without a buffer: a line is on its way to the disk when it is written, and none is tried again on closing.
        if str(self.path) == STDIN:
            return FileIO(1, "wb", closefd=False)
        if self._is_stream:
            return FileIO(self.path, "ab")
        if self.path.is_dir():
            raise OutputError(f"The output {self.path} is a folder.", remedy="Give a file, such as results.jsonl.")
        self._target.parent.mkdir(parents=True, exist_ok=True)
        if self._target.exists():
            FileIO(self._target, "ab").close()  # fails now, not at the end, where it is read-only
        return FileIO(self._part, "wb")

    def _put_in_place(self) -> None:
        if not self.stored:
            self._part.unlink(missing_ok=True)
            return
        if not self.complete and self._target.exists():
            self._target.replace(self._beside(".old"))
        self._part.replace(self._target)

    def _write(self, result: Extraction | Failure) -> None:
        if isinstance(result, Failure) or self._file is None or self._file.closed:
            return
        line = rest = result.model_dump_json().encode() + b"\n"
        try:
            while rest:
                rest = rest[self._file.write(rest) :]
        except OSError as error:
            self._give_up()
            raise self._wrong(error, "Make room or give another file; answers that were given are in the cache.") from error
        self._size += len(line)
        self.stored += 1

    def _give_up(self) -> None:
        """Leave whole lines only, and write no more."""
        if self._file is not None:
            with contextlib.suppress(OSError):
                self._file.truncate(self._size)
            self._file.close()

    @property
    def _is_stream(self) -> bool:
        return str(self.path) == STDIN or (self.path.exists() and not self.path.is_file() and not self.path.is_dir())

    @property
    def _target(self) -> Path:
        return Path(os.path.realpath(self.path))  # a link stays, what it leads to is replaced

    @property
    def _part(self) -> Path:
        return self._beside(".part")

    def _beside(self, suffix: str) -> Path:
        return self._target.with_name(self._target.name + suffix)

    def _wrong(self, error: OSError, remedy: str) -> OutputError:
        name = "the standard output" if str(self.path) == STDIN else str(self.path)
        return OutputError(f"Can't write to {name}: {error.strerror or error}.", remedy=remedy)

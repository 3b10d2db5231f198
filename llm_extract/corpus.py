"""Many articles: bounded, one failure at a time, each finished article on disk before it counts, the rest another time."""

from __future__ import annotations

import asyncio
import logging
import math
import signal
import threading
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import anyio
import anyio.to_thread
from anyio.abc import TaskGroup
from anyio.from_thread import start_blocking_portal
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream

from llm_extract.article_clock import ArticleClock
from llm_extract.articles import Columns, Source, find_articles
from llm_extract.errors import (
    ArticleTimeoutError,
    CacheError,
    LimitError,
    LlmExtractError,
    ModelUnavailableError,
    OutputError,
    PromptError,
    RequestRejectedError,
    SettingError,
)
from llm_extract.journal import Journal, check_apart
from llm_extract.outcomes import Failure, Finished, Outcome, Tally
from llm_extract.pages_apart import end_all
from llm_extract.plurals import counted
from llm_extract.schema import Article, Extraction, Usage
from llm_extract.settings import Settings, choose_model
from llm_extract.streams import Stream, is_stream
from llm_extract.tracing import span

if TYPE_CHECKING:
    from llm_extract.extractor import Wanted

__all__ = ["Extracts", "Order", "RunOptions", "process", "run_corpus"]

_log = logging.getLogger(__name__)

# What fails for one article in these ways fails for every other.
_STOPPING = (CacheError, LimitError, ModelUnavailableError, OutputError, PromptError, SettingError)
_ENDING = "Ending: %s in work may be finished, for at most %g s. A second signal (Ctrl-C) ends at once."
_CHARGED_EVERY_S = 0.1
"""Less than an answer takes, so that a run that is killed forgets no more than was under way."""
_AHEAD = 4
"""Articles begun and not yet written, as a multiple of those in work: how far one slow article may fall behind."""


class Order(StrEnum):
    """In which order results are written."""

    INPUT = "input"
    COMPLETION = "completion"


@dataclass(frozen=True)
class RunOptions:
    """How a run over many articles goes.

    Args:
        jobs: Articles in work at a time, at least 1.
        order: In which order the results end.
        retry_failed: Whether articles that failed in an earlier run are tried again though nothing about them has changed. Those that could
            not be read always are.
        max_failures: Failures in this run after which no article is begun any more; None: no limit.
        article_timeout_s: Seconds that one article may take; those of an outage of the endpoint do not count.
        grace_s: Seconds that articles in work have to finish after SIGINT or SIGTERM; a second signal ends them at once.
    """

    jobs: int = 1
    order: Order = Order.INPUT
    retry_failed: bool = False
    max_failures: int | None = None
    article_timeout_s: float = 3600.0
    grace_s: float = 30.0


class Extracts(Protocol):
    """What finds meetings and quotes in an article, such as `llm_extract.Extractor`."""

    manner: str

    @property
    def spent(self) -> Usage:
        """What was sent and received so far."""

    def fingerprint(self, article: Article) -> str:
        """Say what determines the result."""

    def carry(self, spent: Usage) -> None:
        """Count what earlier runs spent against the limits."""

    async def aextract(self, article: Article) -> Extraction:
        """Extract from one article."""

    async def aclose(self) -> None:
        """Close connections."""


def process(
    extractor: Extracts, sources: Iterable[Source], output: Path, options: RunOptions, watch: Callable[[Outcome], None] = lambda _: None
) -> Tally:
    """Extract from all sources into a file, one JSON line an article.

    An article that fails, for whatever reason, is counted and told of, and the others go on. A source is read when its turn comes. Every
    finished article is on the disk before it is counted, and the same call goes on where an earlier one ended, however that ended.

    Args:
        extractor: What extracts; it is closed at the end.
        sources: What from; read one by one.
        output: The file (see `Journal`), or `-`, a pipe or a device (see `Stream`).
        options: How many at a time, and so on.
        watch: Called with each outcome once it is stored. What it raises ends the run at once and is passed on.

    Raises:
        OutputError: The output can't be opened, or the results can't be put in their place at the end.
    """
    in_order = options.order is Order.INPUT
    opened = Stream(output, in_order=in_order) if is_stream(output) else Journal(output, extractor.manner, in_order=in_order)
    with opened as out:
        extractor.carry(out.spent)
        run = _Run(extractor, sources, out, options, watch)
        try:
            _to_the_end(run.drive)
        except KeyboardInterrupt:  # where signals can't be waited for
            run.tally.interrupted = signal.SIGINT
        except BaseExceptionGroup as errors:
            raise _first(errors) from None
        for finished in out.finish(complete=run.tally.complete):
            run.tally.count(finished.outcome)
    return run.tally


def run_corpus(  # noqa: PLR0913  all but two are seldom given
    inputs: Sequence[Path | str],
    output: Path | str,
    *,
    settings: Settings | None = None,
    tasks: Collection[str] | None = None,
    schema: Wanted | None = None,
    columns: Columns | None = None,
    options: RunOptions | None = None,
    on_outcome: Callable[[Outcome], None] = lambda _: None,
) -> Tally:
    """Extract from all articles of files, folders and files of rows into one file, as `llm-extract run` does.

    Works inside a running event loop too, as in a notebook, which waits meanwhile; there, and in other threads than the first, Ctrl-C
    ends the run at once, without grace. What is finished is kept all the same.

    Args:
        inputs: See `llm_extract.articles.find_articles`.
        output: The file of results; see `process`.
        settings: None: the environment and the defaults.
        tasks: Some of `llm_extract.extractor.TASKS`; None: all, or none where a schema is given.
        schema: What of your own is to be found; see `llm_extract.Extractor`.
        columns: What the columns of files of rows are called; None: as the fields of `Columns`.
        options: None: as many articles at a time as `settings` say, and the defaults.
        on_outcome: Called with each outcome once it is stored, for showing progress.

    Raises:
        ArticleError: There is no such file.
        SettingError: Nothing can serve the model, or a setting is wrong.
        OutputError: See `process`.

    Example:
        tally = run_corpus(["articles/"], "results.jsonl", settings=Settings.load(max_cost=20), on_outcome=print)
    """
    from llm_extract.extractor import Extractor

    settings = settings or Settings.load()
    if options is None:
        options = RunOptions(jobs=choose_model(settings).jobs, article_timeout_s=settings.article_timeout_s)
    paths = [Path(given) for given in inputs]
    check_apart(Path(output), paths)
    return process(
        Extractor(settings, tasks=tasks, schema=schema), find_articles(paths, columns=columns), Path(output), options, on_outcome
    )


def _first(error: BaseException) -> BaseException:
    """Return what was raised first, out of the groups that it comes in from tasks."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def _to_the_end(drive: Callable[[], Awaitable[None]]) -> None:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        anyio.run(drive)
        return
    with start_blocking_portal(name="llm-extract") as portal:
        portal.call(drive)


class _Run:
    """One run: workers take articles and extract, one writer puts what they finish on the disk."""

    def __init__(
        self, extractor: Extracts, sources: Iterable[Source], out: Journal | Stream, options: RunOptions, watch: Callable[[Outcome], None]
    ) -> None:
        self.tally = Tally()
        self._extractor = extractor
        self._sources = iter(enumerate(sources))
        self._out = out
        self._options = options
        self._watch = watch
        self._ending = False
        self._is_proven = False
        self._in_work = self._failures = 0
        self._written = Usage()

    async def drive(self) -> None:
        """Run to the end, or to where it is stopped."""
        self._working = anyio.CancelScope()
        self._turn = anyio.Lock(fast_acquire=True)
        self._storing = anyio.Lock()
        self._readers = anyio.CapacityLimiter(self._options.jobs)
        self._room = anyio.Semaphore(self._options.jobs * _AHEAD, fast_acquire=True)
        send, receive = anyio.create_memory_object_stream[Finished](math.inf)  # what is in it has its place in the room
        async with anyio.create_task_group() as beside:
            beside.start_soon(self._listen, beside)
            beside.start_soon(self._charge)
            try:
                async with anyio.create_task_group() as group:
                    group.start_soon(self._write, receive)
                    async with send:
                        await self._work_all(send)
            finally:
                with anyio.CancelScope(shield=True):
                    await self._extractor.aclose()
                end_all()
            beside.cancel_scope.cancel()

    async def _work_all(self, send: MemoryObjectSendStream[Finished]) -> None:
        with self._working:
            async with anyio.create_task_group() as workers:
                for _ in range(self._options.jobs):
                    workers.start_soon(self._work, send)

    async def _work(self, send: MemoryObjectSendStream[Finished]) -> None:
        try:
            while (taken := await self._take()) is not None:
                self._in_work += 1
                try:
                    finished = await self._finished(*taken)
                finally:
                    self._in_work -= 1
                if finished is None:
                    self._count(Outcome(taken[0], taken[1].id, None))
                else:
                    with suppress(anyio.BrokenResourceError):  # nothing can be written any more, and the run ends
                        send.send_nowait(finished)
                self._end_if_idle()
        except LimitError as error:
            self._stop(error)  # what others have under way is paid for, and may end
        except LlmExtractError as error:
            self._stop(error, at_once=True)

    async def _take(self) -> tuple[int, Source] | None:
        """Return the next article, once there is room for one; None: there is none, or the run ends."""
        await self._room.acquire()
        async with self._turn:
            # In a thread, for the next one may come through a pipe, late.
            return None if self._ending else await anyio.to_thread.run_sync(next, self._sources, None, abandon_on_cancel=True)

    async def _finished(self, position: int, source: Source) -> Finished | None:
        """Read an article and extract from it; None: an earlier run's result was kept."""
        fingerprint = ""
        try:
            article = await self._read(source)
            fingerprint = self._extractor.fingerprint(article)
            if self._out.keep(position, source.id, fingerprint):
                self._is_proven = True
                return None
            earlier = self._out.failed(source.id)
            if earlier and earlier.fingerprint == fingerprint and not self._options.retry_failed:
                return Finished(Outcome(position, source.id, earlier, left=True))
            result = await self._extract(article)
            self._is_proven = True
            return Finished(Outcome(position, source.id, result), result.model_dump_json().encode() + b"\n")
        except Exception as error:  # the one broad one: whatever befalls an article, the others go on
            # With these settings, other requests were taken.
            is_its_own = isinstance(error, RequestRejectedError) and self._is_proven
            if isinstance(error, _STOPPING) and not is_its_own:
                raise
            return Finished(Outcome(position, source.id, self._failure(source.id, fingerprint, error)))

    async def _read(self, source: Source) -> Article:
        if not source.may_take_long:
            return source.read()
        longest_s = self._options.article_timeout_s
        with anyio.move_on_after(longest_s):
            return await anyio.to_thread.run_sync(source.read, abandon_on_cancel=True, limiter=self._readers)
        what = f"Reading article {source.id} took longer than {longest_s:g} s."
        raise ArticleTimeoutError(what, remedy="Leave it out, or save it as plain text.")

    async def _extract(self, article: Article) -> Extraction:
        longest_s = self._options.article_timeout_s
        with ArticleClock(longest_s).running(), span("article", article=article.id):
            return await self._extractor.aextract(article)
        raise ArticleTimeoutError(
            f"Article {article.id} took longer than {longest_s:g} s.", remedy="Allow more (--article-timeout), with --retry-failed."
        )

    def _failure(self, article: str, fingerprint: str, error: Exception) -> Failure:
        self._failures += 1
        if self._failures == self._options.max_failures:
            what = f"{self._failures} articles failed, the most allowed; the last: {error}"
            self._stop(LimitError(what, remedy="Mend what they have in common, or allow more (--max-failures)."))
        earlier = self._out.failed(article)
        kind = type(error).__name__
        what, remedy = f"{kind}: {error}", "This is a defect of llm-extract: please report it."
        if isinstance(error, LlmExtractError):
            what, remedy = error.what, error.remedy
        stage = "extract" if fingerprint else "read"
        return Failure(article, stage, kind, what, remedy, attempts=1 + (earlier.attempts if earlier else 0), fingerprint=fingerprint)

    async def _write(self, receive: MemoryObjectReceiveStream[Finished]) -> None:
        """Put on the disk what is finished, all that has come meanwhile at a time, and count it then."""
        async with receive:
            try:
                async for first in receive:
                    batch = [first, *_waiting(receive)]
                    for finished in await self._store(batch):
                        self._count(finished.outcome)
                await self._store([])
            except OutputError as error:
                self._stop(error, at_once=True)

    async def _charge(self) -> None:
        """Put on the disk what is spent while no article is finished: where the run is killed, the next one must know of it."""
        try:
            while True:
                await anyio.sleep(_CHARGED_EVERY_S)
                if self._extractor.spent != self._written:
                    with anyio.CancelScope(shield=True):
                        await self._store([])
        except OutputError as error:
            self._stop(error, at_once=True)

    async def _store(self, batch: Sequence[Finished]) -> Sequence[Finished]:
        async with self._storing:
            before, self._written = self._written, self._extractor.spent
            return await self._out.store(batch, self._written - before)

    def _count(self, outcome: Outcome) -> None:
        self._room.release()
        self.tally.count(outcome)
        self._watch(outcome)

    def _stop(self, error: LlmExtractError, *, at_once: bool = False) -> None:
        self._ending = True
        self.tally.stopped = self.tally.stopped or error
        if at_once:
            self._working.cancel()
        self._end_if_idle()

    def _end_if_idle(self) -> None:
        """End those who wait for room, or for an article that comes late, once no other article is to be begun."""
        if self._ending and not self._in_work:
            self._working.cancel()

    async def _listen(self, group: TaskGroup) -> None:
        """Let SIGINT and SIGTERM end the run: what is in work may be finished, until a second one or the end of the grace."""
        if threading.current_thread() is not threading.main_thread():
            return
        with suppress(NotImplementedError), anyio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as signals:  # not on Windows
            async for number in signals:
                if self.tally.interrupted or not self._in_work:
                    self._working.cancel()
                else:
                    _log.warning(_ENDING, counted(self._in_work, "article"), self._options.grace_s)
                    group.start_soon(self._end_of_grace)
                self._ending = True
                self.tally.interrupted = self.tally.interrupted or number

    async def _end_of_grace(self) -> None:
        await anyio.sleep(self._options.grace_s)
        self._working.cancel()


def _waiting(receive: MemoryObjectReceiveStream[Finished]) -> Iterator[Finished]:
    with suppress(anyio.WouldBlock, anyio.EndOfStream):
        while True:
            yield receive.receive_nowait()

"""The extractor: an article in, meetings and quotes or records out.

One async core; the synchronous functions drive it from a thread of their own through a portal, so that they also work where an event
loop is already running, as in a notebook.
"""

from __future__ import annotations

import atexit
import contextlib
import datetime as dt
import threading
from collections.abc import Awaitable, Callable, Collection
from collections.abc import Set as AbstractSet
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeAlias, TypeVar

import anyio
import anyio.to_thread
from anyio.from_thread import BlockingPortal, start_blocking_portal
from pydantic import BaseModel, ValidationError

from llm_extract.budget import Budget
from llm_extract.cache import AnswerCache
from llm_extract.errors import ModelUnavailableError, SettingError
from llm_extract.fingerprint import fingerprint, manner
from llm_extract.prices import price_of
from llm_extract.schema import Article, Extraction, Meeting, Quote, Usage
from llm_extract.settings import CachePolicy, Endpoint, ModelChoice, Profile, Settings, choose_model

if TYPE_CHECKING:
    from llm_extract.client import Client
    from llm_extract.local import LocalServer
    from llm_extract.schemas import Schema

__all__ = ["TASKS", "Extractor", "Wanted"]

R = TypeVar("R")

_BUILT_IN: dict[type[BaseModel], str] = {Meeting: "meetings", Quote: "quotes"}
"""Models for which grammar does most of the work, so that they have readers of their own."""

Wanted: TypeAlias = "type[BaseModel | list[Any]] | Schema[Any]"
"""A model, of which an article holds one at most, a list of a model, or a `Schema`."""

TASKS = ("meetings", "quotes")
"""What can be found in an article."""


class Extractor:
    """Finds meetings and quotes in articles, one after the other or many at a time; keep it to reuse model and cache.

    Making one costs nothing: the model is started and the cache opened when they are first needed. It is a context manager, with `with`
    and `async with`; without, call `close` or `aclose`, or leave it to the end of the process. Closing it twice does nothing, and using it
    again opens it again. An extractor is used either through its synchronous methods, from any number of threads, or through its
    asynchronous ones, from one event loop at a time.

    Args:
        settings: None: `Settings.load()`, that is the environment and the defaults.
        tasks: Some of `TASKS`; None: all, or none where a schema is given.
        schema: What of the user's own is to be found: `list[Protest]` for a Pydantic model `Protest`, `Protest` where an article holds
            one at most, or a `Schema`. It goes into `Extraction.records`.
        on_weights: Told the bytes done and the bytes in all, while the embedded model's weights are put together for the first time.
        dry_run: Send nothing: `spent` then estimates what would be, and results mean nothing.

    Raises:
        SettingError: There is nothing to find, a task or a setting is not known, or nothing can serve the model named.
        SchemaError: The schema can't be used; the message says why.

    Example:
        with Extractor() as extractor:
            extraction = extractor.extract("Ana Petrova met Boris Li in Sofia on Monday.", published="2024-05-14")
    """

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        tasks: Collection[str] | None = None,
        schema: Wanted | None = None,
        on_weights: Callable[[int, int], None] | None = None,
        dry_run: bool = False,
    ) -> None:
        self._settings = settings or Settings.load()
        self._choice = choose_model(self._settings)
        self._wanted = _schema_of(schema) if schema is not None else None
        built_in = _BUILT_IN.get(self._wanted.model) if self._wanted else None
        self._schema = None if built_in else self._wanted
        if self._schema:
            _check(self._schema, self._choice.profile)
        chosen = {tasks} if isinstance(tasks, str) else set(() if self._wanted and tasks is None else TASKS if tasks is None else tasks)
        self._tasks = _known_tasks(chosen | ({built_in} if built_in else set()), self._schema)
        self._on_weights = on_weights
        self._server: LocalServer | None = None
        self._server_guard = threading.Lock()
        self._ending = threading.Event()
        self._open = contextlib.ExitStack()
        self._portal_stack = contextlib.ExitStack()
        self._portal: BlockingPortal | None = None
        self._portal_guard = threading.Lock()
        self._cache = None if self._settings.cache is CachePolicy.OFF or self._settings.replay else AnswerCache.of(self._settings)
        self.manner = manner(self._settings, self._choice, self._tasks, self._schema)
        """Digest of how it reads articles; the first half of each result's `fingerprint`."""
        self._results = AnswerCache.of(self._settings, "results") if self._cache else None
        self._budget = _budget(self._settings, self._choice)
        self._client: Client | None = None
        self._dry_run = dry_run
        self._replaying = False
        self._articles_from_cache = 0

    @property
    def model(self) -> str:
        """Name of the model that answers."""
        return self._choice.name

    @property
    def spent(self) -> Usage:
        """What was really sent so far; answers from the cache cost nothing."""
        return self._budget.spent

    @property
    def from_cache(self) -> int:
        """How many questions, or whole articles, the cache has answered so far."""
        return self._articles_from_cache + (self._client.from_cache if self._client else 0)

    @property
    def cost(self) -> float | None:
        """What `spent` costs, in US dollars; None where no price is known."""
        price = price_of(self._choice, self._settings)
        return price.cost(self.spent) if price else None

    def carry(self, spent: Usage) -> None:
        """Count what earlier runs for the same work spent against the limits."""
        self._budget.earlier = spent

    def fingerprint(self, article: Article) -> str:
        """Return the digest of all that determines the result for an article (see `llm_extract.fingerprint`)."""
        return fingerprint(self.manner, article)

    async def aextract(self, article: Article | str, *, published: dt.date | str | None = None) -> Extraction:
        """Find meetings and quotes in one article.

        Args:
            article: The article or its text.
            published: Day of publication, as a date or in ISO 8601; it replaces that of `article`. None: the article's own, else the
                one in its dateline, else unknown; then "on Monday" has no date.

        Raises:
            ArticleError: The text is empty, or too long to be one article.
            ModelError: No usable answer came from the model; see `llm_extract.errors`.
            LimitError: The tokens or dollars allowed are used up.
            CacheError: The cache folder can't be used.
        """
        from llm_extract.articles import completed

        article = completed(article, published)
        fingerprint = self.fingerprint(article)
        if (known := self._known(fingerprint, article)) is not None:
            return known
        from llm_extract.pipeline import Pipeline  # what finds things in texts takes a while to import, and the cache needs none of it

        if self._settings.replay and not self._replaying:
            from llm_extract import replay

            self._open.enter_context(replay.replaying(self._settings.replay))
            self._replaying = True
        pipeline = Pipeline(self._asking(), article, self._choice.profile, self._settings)
        result = await pipeline.run(self._tasks, self._schema, fingerprint=fingerprint, model=self.model)
        if self._results and not self._dry_run:
            self._results.put(fingerprint, result.model_dump_json().encode())
        return self._with_text(result, article)

    def extract(self, article: Article | str, *, published: dt.date | str | None = None) -> Extraction:
        """Find meetings and quotes in one article; see `aextract`. Works inside a running event loop too, which waits meanwhile."""
        return self._drive(lambda: self.aextract(article, published=published))

    def found(self, extraction: Extraction) -> Any:  # noqa: ANN401  what was given as the schema says which
        """Return the records of a result as instances of the schema's model: a list, or, where the schema is a bare model, one or None."""
        if self._wanted is None:
            raise SettingError("This extractor has no schema.", remedy="Give it one, or read `meetings` and `quotes`.")
        built_in = _BUILT_IN.get(self._wanted.model)
        records = list(getattr(extraction, built_in)) if built_in else extraction.records_of(self._wanted.model, self._wanted.name)
        return records if self._wanted.many else next(iter(records), None)

    async def aclose(self) -> None:
        """Close connections, the cache and the model; what is still asked for ends with `CancelledError`."""
        if self._portal is not None:
            await anyio.to_thread.run_sync(self.close)
        else:
            await self._end()

    def close(self) -> None:
        """Close connections, the cache and the model, after synchronous use; what other threads still ask for is cancelled."""
        if self._portal is None:
            self._release()
            return
        atexit.unregister(self.close)
        try:
            self._drive(self._end)
        finally:
            self._portal = None
            self._portal_stack.close()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Close."""
        self.close()

    async def __aenter__(self) -> Self:
        """Return itself."""
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Close."""
        await self.aclose()

    def _known(self, fingerprint: str, article: Article) -> Extraction | None:
        """Return the result from the cache, which keeps it without the text."""
        data = self._results.get(fingerprint) if self._results and self._settings.cache is CachePolicy.USE else None
        try:
            known = Extraction.model_validate_json(data) if data else None
        except ValidationError:  # another version's: its answers are in the cache all the same
            return None
        if known is None:
            return None
        self._articles_from_cache += 1
        return self._with_text(known, article)

    def _with_text(self, result: Extraction, article: Article) -> Extraction:
        return result.model_copy(update={"text": article.text}) if self._settings.keep_text else result

    def _asking(self) -> Client:
        """Return what puts questions to the model; while the cache has whole results, there is none."""
        if self._client is None:
            from llm_extract.client import Client

            self._client = Client(
                self._settings, self._choice, cache=self._cache, connect=self._serve, budget=self._budget, dry_run=self._dry_run
            )
        return self._client

    async def _serve(self) -> Endpoint:
        """Start the model that runs in this process; a thread does it, for it takes seconds."""
        return await anyio.to_thread.run_sync(self._start_server)

    def _start_server(self) -> Endpoint:
        from llm_extract.local import LocalServer
        from llm_extract.weights import ensure_weights

        with self._server_guard:
            if self._server is None:
                weights = self._choice.weights or ensure_weights(self._settings, progress=self._told_of_weights)
                self._server = LocalServer(weights, name=self._choice.name)
            return self._server.start()

    def _told_of_weights(self, done_bytes: int, total_bytes: int) -> None:
        if self._ending.is_set():
            raise ModelUnavailableError("The extractor was closed while its model was being prepared.", remedy="Use it again.")
        if self._on_weights:
            self._on_weights(done_bytes, total_bytes)

    async def _end(self) -> None:
        with anyio.CancelScope(shield=True):  # whoever is cancelled must not leave a model running
            try:
                if self._client is not None:
                    await self._client.aclose()
            finally:
                self._release()

    def _release(self) -> None:
        self._open.close()
        self._replaying = False
        self._ending.set()
        with self._server_guard:  # a thread that nobody waits for any more may still be starting it
            self._ending.clear()
            if self._server is not None:
                self._server.stop()
                self._server = None
        for cache in (self._cache, self._results):
            if cache is not None:
                cache.close()

    def _drive(self, work: Callable[[], Awaitable[R]]) -> R:
        with self._portal_guard:
            if self._portal is None:
                self._portal = self._portal_stack.enter_context(start_blocking_portal(name="llm-extract"))
                atexit.register(self.close)  # a portal that nobody stops keeps the process from ending
            portal = self._portal
        future = portal.start_task_soon(work)
        try:
            return future.result()
        except BaseException:  # Ctrl-C, say: nobody waits for the answer any more
            future.cancel()
            raise


def _schema_of(schema: Wanted) -> Schema[Any]:
    from llm_extract.schemas import schema_of

    return schema_of(schema)


def _check(schema: Schema[Any], profile: Profile) -> None:
    from llm_extract.record_reader import check

    check(schema, profile)


def _known_tasks(named: AbstractSet[str], schema: Schema[Any] | None) -> tuple[str, ...]:
    choose = f"Choose from {', '.join(TASKS)}."
    if unknown := sorted(named - set(TASKS)):
        raise SettingError(f"There is no task {unknown[0]!r}.", remedy=choose)
    if not named and schema is None:
        raise SettingError("There is nothing to find.", remedy=choose)
    return tuple(task for task in TASKS if task in named)


def _budget(settings: Settings, choice: ModelChoice) -> Budget:
    price = price_of(choice, settings) if settings.max_cost is not None else None
    if settings.max_cost is not None and price is None:
        what = f"There is a limit to the cost, but no price is known for the model {choice.name}."
        add = f'Add to {settings.prices} what it costs: "{choice.name}" = {{input = …, output = …}}, in dollars a million tokens.'
        raise SettingError(what, remedy=add if settings.prices else "Give its price (--prices FILE).")
    return Budget(max_tokens=settings.max_tokens, max_cost=settings.max_cost, price=price)

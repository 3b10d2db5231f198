"""Questions to a model, each asked once: from the cache, from another question under way, or sent.

Nothing that was paid for is lost: an answer is in the cache before it is used.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, SecretStr, ValidationError

from llm_extract.answer_form import answer_schema
from llm_extract.budget import Budget
from llm_extract.cache import AnswerCache, answer_key
from llm_extract.connection import Connection, Entry, Message, Request, Sent
from llm_extract.errors import ModelError, SettingError
from llm_extract.estimator import Estimator
from llm_extract.in_flight import InFlight
from llm_extract.schema import Usage
from llm_extract.settings import CachePolicy, Endpoint, ModelChoice, Profile, Settings

__all__ = ["Answer", "Client", "Message", "Request"]

T = TypeVar("T", bound=BaseModel)

_REPLAY_ENDPOINT = Endpoint("http://model.invalid/v1", SecretStr("none"))
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Answer(Generic[T]):
    """What the model answered, valid, and what it cost when it was first given."""

    value: T
    usage: Usage


class Client:
    """Puts questions to one model; used within one event loop at a time.

    Args:
        settings: How often, how long and in which mode.
        choice: Which model.
        cache: Where answers are kept; None: nowhere. A replayed cassette neither reads nor fills it.
        connect: Starts the model that runs in this process and says where; called once, before the first request that is
            really sent, and only where `choice` names no endpoint.
        budget: What may be spent; None: no limit.
        dry_run: Send nothing: what is not in the cache is answered with the least that its form allows, and its cost is estimated.

    Example:
        client = Client(settings, choose_model(settings), cache=AnswerCache.of(settings))
        answer = await client.ask(Request((Message("user", "…"),), Reading, 200, article.id))
    """

    def __init__(
        self,
        settings: Settings,
        choice: ModelChoice,
        *,
        cache: AnswerCache | None,
        connect: Callable[[], Awaitable[Endpoint]] | None = None,
        budget: Budget | None = None,
        dry_run: bool = False,
    ) -> None:
        keeps = cache is not None and settings.replay is None
        self.budget = budget or Budget()
        """Counts what was really sent and received, failures included; answers from the cache add nothing."""
        self.from_cache = 0
        """How many answers came from the cache."""
        self._settings = settings
        self._choice = choice
        self._read_cache = cache if keeps and settings.cache is CachePolicy.USE else None
        self._write_cache = cache if keeps and settings.cache is not CachePolicy.OFF and not dry_run else None
        self._in_flight = InFlight(cache.folder / "in-flight") if cache and self._read_cache and not dry_run else None
        self._connect = connect
        self._loop: asyncio.AbstractEventLoop | None = None
        self._connecting = asyncio.Lock()
        self._dry_run = dry_run
        self._connection: Connection | Estimator | None = None
        self._life: AsyncGenerator[None] | None = None
        self._flights: dict[str, _Flight] = {}

    @property
    def spent(self) -> Usage:
        """What was really sent and received so far."""
        return self.budget.spent

    async def ask(self, request: Request[T]) -> Answer[T]:
        """Put a question and return its valid answer, from the cache where it was given before.

        Identical questions in flight are sent once, also where two processes share the cache. A fresh answer is in the cache before it
        is returned.

        Raises:
            ModelUnavailableError: The model can't be reached or will not serve us: wrong key, no such model, no quota left.
            ModelOverloadedError: Passing faults used up the retries, or the server asks for a longer pause than allowed.
            ModelRefusedError: It declined, a filter stopped it, or the question is longer than it can read.
            UnusableAnswerError: No answer was valid, first or re-asked.
            ReplayError: The cassette holds no such request.
            LimitError: The budget is used up; nothing was sent.
            CacheError: The cache folder can't be used.
            SettingError: It is open in another event loop.
        """
        self._take_up()
        form = answer_schema(request.answer, strict=self._choice.profile is Profile.HOSTED, choices=request.choices)
        plain = [{"role": message.role, "content": message.content} for message in request.messages]
        key = answer_key(self._choice, self._settings, messages=plain, form=form, max_tokens=request.max_tokens)
        if (stored := self._stored(key, request)) is not None:
            self.from_cache += 1
            return stored
        question = Sent(request, form, plain, retries_left=self._settings.max_retries)
        try:
            entry = await self._shared(key, question)
            try:
                return _read(entry, request)
            except ValueError:  # it joined an identical question in flight whose check is laxer
                return _read(await self._send(key, question), request)
        except ModelError as error:
            named = type(error)(f"Article {request.article}: {error.what}", remedy=error.remedy)
            raise named from error.__cause__

    async def aclose(self) -> None:
        """End what is under way and close the connections."""
        tasks = [flight.task for flight in self._flights.values() if flight.task.get_loop() is asyncio.get_running_loop()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        life, loop, self._life, self._connection, self._loop = self._life, self._loop, None, None, None
        if life is not None and loop is asyncio.get_running_loop():
            await life.aclose()

    def _take_up(self) -> None:
        """Belong to the running event loop; what belonged to one that has ended is gone with it."""
        loop = asyncio.get_running_loop()
        if self._loop is loop:
            return
        if self._loop is not None and not self._loop.is_closed():
            raise SettingError("This extractor is open in another event loop.", remedy="Close it there first, or make one for each.")
        self._loop, self._connecting, self._connection, self._life, self._flights = loop, asyncio.Lock(), None, None, {}

    def _stored(self, key: str, request: Request[T]) -> Answer[T] | None:
        entry = self._entry(key, request.article)
        try:
            return _read(entry, request) if entry else None
        except ValueError:
            self._asked_again(key, request.article)
            return None

    def _entry(self, key: str, article: str) -> Entry | None:
        data = self._read_cache.get(key) if self._read_cache else None
        try:
            return None if data is None else Entry.model_validate_json(data)
        except ValidationError:
            self._asked_again(key, article)
            return None

    def _asked_again(self, key: str, article: str) -> None:
        _log.warning("Article %s: the cached answer %s is not valid any more and is asked for again.", article, key[:12])

    async def _shared(self, key: str, question: Sent) -> Entry:
        """Join an identical question in flight, or put this one; it ends when all who wait for it have gone."""
        flight = self._flights.get(key)
        if flight is None:
            flight = self._flights[key] = _Flight(asyncio.create_task(self._send(key, question)))
        flight.waiting += 1
        try:
            return await asyncio.shield(flight.task)
        finally:
            flight.waiting -= 1
            if flight.waiting == 0:
                flight.task.cancel()  # nothing happens where it is done
                if self._flights.get(key) is flight:
                    del self._flights[key]

    async def _send(self, key: str, question: Sent) -> Entry:
        if self._in_flight is None:
            return await self._asked(key, question)
        async with self._in_flight.alone(key):
            if (entry := self._meanwhile(key, question.request)) is not None:
                self.from_cache += 1
                return entry
            return await self._asked(key, question)

    def _meanwhile(self, key: str, request: Request[Any]) -> Entry | None:
        """Return a valid answer that another process was given since this one looked: before it had the lock, or while it waited for it."""
        entry = self._entry(key, request.article)
        try:
            if entry is not None:
                _read(entry, request)
        except ValueError:
            return None
        return entry

    async def _asked(self, key: str, question: Sent) -> Entry:
        connection = await self._connected()
        entry = await connection.answer(question)
        if self._write_cache:
            self._write_cache.put(key, entry.model_dump_json().encode())
        return entry

    async def _connected(self) -> Connection | Estimator:
        async with self._connecting:
            if self._connection is None:
                self._connection = Estimator(self.budget) if self._dry_run else await self._to_the_model()
                self._life = _life_of(self._connection)
                await anext(self._life)
            return self._connection

    async def _to_the_model(self) -> Connection:
        endpoint = _REPLAY_ENDPOINT if self._settings.replay else self._choice.endpoint
        if endpoint is None:
            if self._connect is None:
                msg = "a model that runs in this process needs `connect`"
                raise TypeError(msg)
            endpoint = await self._connect()
        return Connection.to(endpoint, self._settings, self._choice, self.budget)


@dataclass
class _Flight:
    task: asyncio.Task[Entry]
    waiting: int = 0


async def _life_of(connection: Connection | Estimator) -> AsyncGenerator[None]:
    """Close the connection at its end, which an event loop that is shut down brings about for all that was begun in it."""
    try:
        yield
    finally:
        await connection.aclose()


def _read(entry: Entry, request: Request[T]) -> Answer[T]:
    return Answer(request.read(entry.answer), entry.usage)

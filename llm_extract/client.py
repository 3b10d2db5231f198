"""One question to a model, from the messages to a validated answer: retries, re-asks, cache, usage.

The only module that imports openai and instructor, and only once a request is really sent: a run answered from the
cache imports neither. Three layers, none of which multiplies another:

- openai sends one request and never repeats it (`max_retries=0`).
- tenacity repeats a request after a passing fault of transport (408, 409, 429, 5xx, connection, time-out, a body that
  breaks off), `Settings.max_retries` times a question, however often the question is put.
- a question whose answer can't be used is put again with the error, `Settings.max_reasks` times.

So a question costs at most `1 + max_retries + max_reasks` requests.
"""

from __future__ import annotations

import asyncio
import logging
import re
import ssl
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, Literal, NoReturn, TypeVar
from urllib.parse import urlsplit

from pydantic import BaseModel, SecretStr, ValidationError

from llm_extract.answer_form import answer_schema
from llm_extract.cache import AnswerCache, answer_key
from llm_extract.completions import UnusableText, correction, problems_in, text_of, tokens_of
from llm_extract.errors import ModelError, ModelUnavailableError, SettingError, UnusableAnswerError
from llm_extract.faults import Fault, fault_of, holds, masked, means_unusable
from llm_extract.schema import Usage
from llm_extract.settings import CachePolicy, Endpoint, Mode, ModelChoice, Profile, Settings

if TYPE_CHECKING:
    from openai import AsyncOpenAI
    from openai.types.chat import ChatCompletion
    from tenacity import RetryCallState

__all__ = ["Answer", "Client", "Message", "Request"]

T = TypeVar("T", bound=BaseModel)

_REPLAY_ENDPOINT = Endpoint("http://model.invalid/v1", SecretStr("none"))
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Message:
    """One message of a conversation; its content is sent as it is, never as a template."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True)
class Request(Generic[T]):
    """A question to the model."""

    messages: tuple[Message, ...]
    answer: type[T]
    """The form of the answer. Its validators raise `ValueError` with a message that helps the model to do better."""
    max_tokens: int
    """Longest answer, in tokens."""
    article: str
    """Which article it is about, for error messages only."""


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
    ) -> None:
        keeps = cache is not None and settings.replay is None
        self.spent = Usage()
        """What was really sent and received, failures included; answers from the cache add nothing."""
        self.from_cache = 0
        """How many answers came from the cache."""
        self._settings = settings
        self._choice = choice
        self._read_cache = cache if keeps and settings.cache is CachePolicy.USE else None
        self._write_cache = cache if keeps and settings.cache is not CachePolicy.OFF else None
        self._connect = connect
        self._loop: asyncio.AbstractEventLoop | None = None
        self._connecting = asyncio.Lock()
        self._line: _Line | None = None
        self._flights: dict[str, _Flight] = {}

    async def ask(self, request: Request[T]) -> Answer[T]:
        """Put a question and return its valid answer, from the cache where it was given before.

        Identical questions in flight are sent once. A fresh answer is in the cache before it is returned.

        Raises:
            ModelUnavailableError: The model can't be reached or will not serve us: wrong key, no such model, no quota left.
            ModelOverloadedError: Passing faults used up the retries, or the server asks for a longer pause than allowed.
            ModelRefusedError: It declined, a filter stopped it, or the question is longer than it can read.
            UnusableAnswerError: No answer was valid, first or re-asked.
            ReplayError: The cassette holds no such request.
            CacheError: The cache folder can't be used.
            SettingError: It is open in another event loop.
        """
        self._take_up()
        form = answer_schema(request.answer, strict=self._choice.profile is Profile.HOSTED)
        plain = [{"role": message.role, "content": message.content} for message in request.messages]
        key = answer_key(self._choice, self._settings, messages=plain, form=form, max_tokens=request.max_tokens)
        if (stored := self._stored(key, request)) is not None:
            self.from_cache += 1
            return stored
        question = _Question(request, form, plain, retries_left=self._settings.max_retries)
        try:
            entry = await self._shared(key, question)
            try:
                return _read(entry, request)
            except ValidationError:  # it joined an identical question in flight whose validators are laxer
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
        line, loop, self._line, self._loop = self._line, self._loop, None, None
        if line is not None and loop is asyncio.get_running_loop():
            await line.api.close()

    def _take_up(self) -> None:
        """Belong to the running event loop; what belonged to one that has ended is gone with it."""
        loop = asyncio.get_running_loop()
        if self._loop is loop:
            return
        if self._loop is not None and not self._loop.is_closed():
            raise SettingError("This extractor is open in another event loop.", remedy="Close it there first, or make one for each.")
        self._loop, self._connecting, self._line, self._flights = loop, asyncio.Lock(), None, {}

    def _stored(self, key: str, request: Request[T]) -> Answer[T] | None:
        data = self._read_cache.get(key) if self._read_cache else None
        if data is None:
            return None
        try:
            return _read(_Entry.model_validate_json(data), request)
        except ValidationError:
            _log.warning("Article %s: the cached answer %s is not valid any more and is asked for again.", request.article, key[:12])
            return None

    async def _shared(self, key: str, question: _Question) -> _Entry:
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

    async def _send(self, key: str, question: _Question) -> _Entry:
        line = await self._connected()
        try:
            entry = await line.answer(question)
        finally:
            self.spent += question.usage
        if self._write_cache:
            self._write_cache.put(key, entry.model_dump_json().encode())
        return entry

    async def _connected(self) -> _Line:
        async with self._connecting:
            if self._line is None:
                endpoint = _REPLAY_ENDPOINT if self._settings.replay else self._choice.endpoint
                if endpoint is None:
                    if self._connect is None:
                        msg = "a model that runs in this process needs `connect`"
                        raise TypeError(msg)
                    endpoint = await self._connect()
                self._line = _Line(self._settings, self._choice, endpoint, _openai(endpoint, self._settings.timeout_s))
            return self._line


class _Entry(BaseModel):
    """An answer as it is kept: the text that the model wrote, which every reader validates for itself."""

    answer: str
    usage: Usage


@dataclass
class _Flight:
    task: asyncio.Task[_Entry]
    waiting: int = 0


def _read(entry: _Entry, request: Request[T]) -> Answer[T]:
    return Answer(request.answer.model_validate_json(entry.answer), entry.usage)


@dataclass
class _Question:
    """A question on its way: what was sent for it so far and what came back."""

    request: Request[Any]
    form: dict[str, object]
    messages: list[dict[str, str]]
    retries_left: int
    usage: Usage = field(default_factory=Usage)
    text: str = ""
    """The last answer."""


@dataclass(frozen=True)
class _Line:
    """The connection to a model."""

    settings: Settings
    choice: ModelChoice
    endpoint: Endpoint
    api: AsyncOpenAI = field(repr=False)

    async def answer(self, question: _Question) -> _Entry:
        """Put the question until its answer is valid or the re-asks are used up."""
        problem = ""
        messages = question.messages
        for _ in range(1 + self.settings.max_reasks):
            try:
                await self._put(question, messages)
            except UnusableText as turn:
                problem = turn.problem
                messages = [*question.messages, *correction(turn)]
            else:
                return _Entry(answer=question.text, usage=question.usage)
        what = f"{self.choice.name} gave no usable answer in {1 + self.settings.max_reasks} attempts; the last: {problem}."
        raise UnusableAnswerError(masked(what, self._secret), remedy="Try a stronger model, or another --mode.")

    async def _put(self, question: _Question, messages: list[dict[str, str]]) -> None:
        """Have instructor send the messages once and validate the answer."""
        import instructor
        from instructor.core import InstructorRetryException

        async def create(messages: list[dict[str, str]], **_: object) -> ChatCompletion:
            # instructor's own form of the request is dropped: it leaves `$ref` in the schema, never says strict, and in
            # tools mode adds words of its own.
            return await self._completion(question, messages)

        mode = instructor.Mode.TOOLS if self.settings.mode is Mode.TOOLS else instructor.Mode.JSON_SCHEMA
        patched: Any = instructor.patch(create=create, mode=mode)
        try:
            # No `context`: it would render the article as a template. `strict` None leaves it to the model class.
            await patched(response_model=question.request.answer, messages=messages, max_retries=0, strict=None)
        except InstructorRetryException as error:
            _unwrap(error.__cause__ or error, question.text)

    async def _completion(self, question: _Question, messages: list[dict[str, str]]) -> ChatCompletion:
        """Send one request, repeat it after passing faults, and return a completion that has a text."""
        from tenacity import AsyncRetrying, retry_if_exception

        body = self._body(question, messages)

        def count(_: RetryCallState) -> None:
            question.retries_left -= 1

        retrying = AsyncRetrying(
            retry=retry_if_exception(lambda error: _may_retry(error, question)),
            wait=self._pause_s,
            before_sleep=count,
            reraise=True,
        )
        try:
            completion: ChatCompletion = await retrying(self._once, body, question)
        except Fault as fault:
            raise fault.error from fault.__cause__
        question.text = text_of(completion, self.choice.name)
        return completion

    async def _once(self, body: Mapping[str, Any], question: _Question) -> ChatCompletion:
        import httpx2
        import openai
        from openai.types.chat import ChatCompletion

        create: Callable[..., Awaitable[object]] = self.api.chat.completions.create
        question.usage += Usage(requests=1)
        try:
            async with asyncio.timeout(self.settings.timeout_s):  # openai's own counts from the last byte received
                completion = await create(**body)
        except (openai.OpenAIError, httpx2.HTTPError, httpx2.InvalidURL, ValueError, RecursionError, TimeoutError) as error:
            fault = fault_of(error, place=self._place, secret=self._secret, max_wait_s=self.settings.max_wait_s)
            shown = None if holds(error, self._secret) else error
        else:
            if isinstance(completion, ChatCompletion):
                question.usage += tokens_of(completion)
                return completion
            what = f"What answers at {self._place} is no model."
            fault, shown = Fault(ModelUnavailableError(what, remedy="Check the address (--base-url): it usually ends in /v1.")), None
        raise fault from shown

    @property
    def _secret(self) -> str:
        return self.endpoint.api_key.get_secret_value()

    @property
    def _place(self) -> str:
        parts = urlsplit(self.endpoint.base_url)  # without user and password
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"

    def _body(self, question: _Question, messages: list[dict[str, str]]) -> dict[str, Any]:
        """Make the request; what some models reject is left out unless it is set."""
        chosen = self.choice.endpoint or self.endpoint  # not where a cassette stands in for it
        limit = "max_completion_tokens" if _is_openai(chosen.base_url) else "max_tokens"
        sampling = {"temperature": self.choice.temperature, "seed": self.settings.seed}
        return {
            "model": self.choice.name,
            "messages": messages,
            limit: question.request.max_tokens,
            **{name: value for name, value in sampling.items() if value is not None},
            **self._constraint(question),
        }

    def _constraint(self, question: _Question) -> dict[str, Any]:
        name = re.sub(r"[^A-Za-z0-9_-]", "_", question.request.answer.__name__)[:64]
        strict = {"strict": True} if self.choice.profile is Profile.HOSTED else {}
        if self.settings.mode is Mode.TOOLS:
            function = {"name": name, "parameters": question.form, **strict}
            chosen = {"type": "function", "function": {"name": name}}
            return {"tools": [{"type": "function", "function": function}], "tool_choice": chosen}
        schema = {"name": name, "schema": question.form, **strict}
        return {"response_format": {"type": "json_schema", "json_schema": schema}}

    def _pause_s(self, state: RetryCallState) -> float:
        from tenacity import wait_random_exponential

        longest_s = self.settings.max_wait_s
        fault = state.outcome.exception() if state.outcome else None
        if longest_s and isinstance(fault, Fault) and fault.retry_after_s is not None:
            return fault.retry_after_s
        return wait_random_exponential(multiplier=1, max=longest_s)(state)


def _may_retry(error: BaseException, question: _Question) -> bool:
    return isinstance(error, Fault) and error.passing and question.retries_left > 0


def _openai(endpoint: Endpoint, timeout_s: float) -> AsyncOpenAI:
    import openai

    # Without a handler Python prints instructor's own reports of every re-ask to stderr.
    logging.getLogger("instructor").addHandler(logging.NullHandler())
    return openai.AsyncOpenAI(
        api_key=endpoint.api_key.get_secret_value(),
        base_url=endpoint.base_url,
        max_retries=0,
        timeout=timeout_s,
        http_client=openai.DefaultAsyncHttpxClient(**_to_this_machine(endpoint.base_url)),
    )


def _to_this_machine(base_url: str) -> dict[str, Any]:
    """No proxy leads to loopback, and it needs no certificates, which take a while to load; without any, none is trusted."""
    parts = urlsplit(base_url)
    if parts.scheme != "http" or parts.hostname not in {"127.0.0.1", "::1", "localhost"}:
        return {}
    return {"trust_env": False, "verify": ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)}


def _is_openai(base_url: str) -> bool:
    """Say whether the endpoint is one whose newer models refuse `max_tokens`; others know only that name."""
    host = urlsplit(base_url).hostname or ""
    return host.endswith((".openai.com", ".openai.azure.com"))


def _unwrap(error: BaseException, text: str) -> NoReturn:
    """Raise what instructor wrapped: an answer of the wrong form as such, anything else as it is."""
    if isinstance(error, ValidationError):
        raise UnusableText(problems_in(error), text) from None
    if means_unusable(error):
        raise UnusableText("it was not of the form asked for (no call of the tool)", text) from None
    raise error from error.__cause__

"""The connection to a model: a question is sent until its answer is usable; retries, re-asks, rates, budget.

With `completions` the only one that imports openai and instructor, and only once a request is really sent: a run answered from the
cache imports neither. Three layers, none of which multiplies another:

- openai sends one request and never repeats it (`max_retries=0`).
- tenacity repeats a request after a passing fault of transport (408, 409, 429, 5xx, connection, time-out, a body that
  breaks off), `Settings.max_retries` times a question, however often the question is put.
- a question whose answer can't be used is put again with the error, `Settings.max_reasks` times.

So a question costs at most `1 + max_retries + max_reasks` requests. Where the server as a whole was out of service (see `outages`) its
retries count anew after that, and where it only seemed to be, it is sent once more.
"""

from __future__ import annotations

import asyncio
import logging
import math
import re
import ssl
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, Literal, Self, TypeVar
from urllib.parse import urlsplit

from pydantic import BaseModel, ValidationError

from llm_extract.bounded import bound_answer
from llm_extract.budget import Budget
from llm_extract.completions import UnusableText, completion_in, correction, problems_in, reader, text_of, tokens_of, written_in
from llm_extract.errors import ModelUnavailableError, RequestRejectedError, UnusableAnswerError
from llm_extract.faults import Fault, ReportedError, fault_of, holds, masked, means_unusable
from llm_extract.outages import Outages, Standing
from llm_extract.schema import Usage
from llm_extract.settings import Endpoint, Mode, ModelChoice, Profile, Settings
from llm_extract.throttle import Throttle
from llm_extract.tracing import span

if TYPE_CHECKING:
    from openai import AsyncOpenAI
    from openai.types.chat import ChatCompletion
    from tenacity import RetryCallState

__all__ = ["Connection", "Entry", "Message", "Request", "Sent", "estimated_tokens"]

T = TypeVar("T", bound=BaseModel)

_ORDER = ("messages", "model", "max_completion_tokens", "max_tokens", "response_format", "seed", "temperature", "tool_choice", "tools")
"""In which order the parts of a request are sent: that of openai. A cassette knows a request by its bytes."""

_PATIENCE_S = 600.0
"""Seconds that an outage of an endpoint is waited for unless the settings say otherwise."""


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
    check: Callable[[T], None] | None = None
    """Refuses an answer of this form that does not fit the article, with a `ValueError` whose message helps the model to do better. The
    form is one for all articles: a class for each would take longer to make than all else about the article."""
    choices: Mapping[str, Sequence[object]] | None = None
    """What the answer is held to in this article, by the names that its form gives (`llm_extract.answer_form.answer_schema`)."""

    def read(self, text: str) -> T:
        """Read what a model wrote.

        Raises:
            ValueError: It is not of the form asked for, or `check` refuses it.
        """
        value = self.answer.model_validate_json(text)
        if self.check:
            self.check(value)
        return value


_PROBE: Request[Any] = Request((), BaseModel, 8, "")


class Entry(BaseModel):
    """An answer as it is kept: the text that the model wrote, which every reader validates for itself."""

    answer: str
    usage: Usage


@dataclass
class Sent:
    """A question on its way: what was sent for it so far and what came back."""

    request: Request[Any]
    form: dict[str, object]
    messages: list[dict[str, str]]
    retries_left: int
    usage: Usage = field(default_factory=Usage)
    text: str = ""
    """The last answer."""
    sent_at: float = 0.0
    """When the last request was sent, by the throttle's clock."""
    standing: Standing = field(default_factory=Standing)


@dataclass(frozen=True)
class Connection:
    """The connection to a model; used within one event loop."""

    settings: Settings
    choice: ModelChoice
    endpoint: Endpoint
    budget: Budget
    throttle: Throttle
    outages: Outages
    api: AsyncOpenAI = field(repr=False)

    @classmethod
    def to(cls, endpoint: Endpoint, settings: Settings, choice: ModelChoice, budget: Budget) -> Self:
        """Prepare a connection; nothing is sent yet."""
        throttle = Throttle(most=choice.jobs, rpm=settings.rpm, tpm=settings.tpm)
        outages = Outages(_place(endpoint.base_url), patience_s=_patience_s(settings, choice), reached=settings.patience_s is not None)
        return cls(settings, choice, endpoint, budget, throttle, outages, _openai(endpoint, settings.timeout_s))

    async def aclose(self) -> None:
        """Close it."""
        await self.api.close()

    async def answer(self, question: Sent) -> Entry:
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
                return Entry(answer=question.text, usage=question.usage)
        what = f"{self.choice.name} gave no usable answer in {1 + self.settings.max_reasks} attempts; the last: {problem}."
        raise UnusableAnswerError(masked(what, self._secret), remedy="Try a stronger model, or another --mode.")

    async def _put(self, question: Sent, messages: list[dict[str, str]]) -> None:
        """Send the messages, and have instructor validate the answer."""
        form: type[BaseModel] = question.request.answer
        completion = await self._completion(question, messages)
        try:
            value = reader(form, self.settings.mode).read(completion)
            if question.request.check:
                question.request.check(value)
        except ValidationError as error:
            raise UnusableText(problems_in(error), question.text) from None
        except ValueError as error:
            # instructor's own complaint, or that of the check, which is for the model to read
            what = "it was not of the form asked for (no call of the tool)" if means_unusable(error) else str(error)
            raise UnusableText(what, question.text) from None

    async def _completion(self, question: Sent, messages: list[dict[str, str]]) -> ChatCompletion:
        """Send one request, repeat it after passing faults, and return a completion that has a text."""
        body = self._body(question, messages)
        faults: list[Fault] = []
        try:
            completion = await self._once(body, question)
        except Fault as fault:
            faults.append(fault)
        if faults:
            completion = await self._again(faults, body, question)
        question.text = text_of(completion, self.choice.name)
        return completion

    async def _again(self, faults: list[Fault], body: Mapping[str, Any], question: Sent) -> ChatCompletion:
        """Repeat a request after passing faults, the first of which has come; most requests have none, and need no preparing for them."""
        from tenacity import AsyncRetrying, retry_if_exception

        async def send() -> ChatCompletion:
            if faults:
                raise faults.pop()
            return await self._once(body, question)

        def count(_: RetryCallState) -> None:
            question.retries_left -= 1

        retrying = AsyncRetrying(
            retry=retry_if_exception(_passes),
            wait=lambda state: self._pause_s(state, question),  # also before it is given up: others wait all the same
            stop=lambda _: question.retries_left <= 0,
            before_sleep=count,
            reraise=True,
        )
        while True:
            try:
                return await retrying(send)
            except Fault as fault:
                if not fault.passing and fault.may_be_outage:
                    self.throttle.overloaded(sent_at=question.sent_at, pause_s=0)
                await self.outages.judge(fault, question.standing, self._probe)
                question.retries_left = 0 if question.standing.last_chance else self.settings.max_retries

    async def _probe(self) -> None:
        """Put a question that any server answers which works; whether the answer is of use is of no matter."""
        messages = [{"role": "user", "content": "Answer with one word: yes."}]
        try:
            await self._request({"messages": messages, "model": self.choice.name, self._limit: 8}, Sent(_PROBE, {}, [], 0))
        except Fault as fault:
            is_refused = isinstance(fault.error, ModelUnavailableError) and not isinstance(fault.error, RequestRejectedError)
            if fault.may_be_outage or is_refused:
                raise

    async def _once(self, body: Mapping[str, Any], question: Sent) -> ChatCompletion:
        await self.outages.over(self._probe)
        try:
            completion = await self._request(body, question)
        except Fault as fault:
            self.outages.failed(question.standing, fault)
            raise
        self.outages.served(question.standing)
        return completion

    async def _request(self, body: Mapping[str, Any], question: Sent) -> ChatCompletion:
        import httpx2
        import openai

        expected = estimated_tokens(body["messages"]) if self.settings.tpm else 0
        try:
            async with self.throttle.request(expected):
                self.budget.check()
                self._count(question, Usage(requests=1))
                question.sent_at = self.throttle.now()
                self.outages.sending(question.standing)
                with span("chat", gen_ai__operation__name="chat", gen_ai__request__model=self.choice.name):
                    async with asyncio.timeout(self.settings.timeout_s):  # openai's own counts from the last byte received
                        # Not `chat.completions.create`, which goes through the body once more by its types, for a third of the time.
                        answered: object = await self.api.post("/chat/completions", cast_to=object, body=dict(body))
                ReportedError.look_at(answered)
                completion = completion_in(answered)
        except (openai.OpenAIError, httpx2.HTTPError, httpx2.InvalidURL, ValueError, RecursionError, TimeoutError) as error:
            fault = fault_of(error, place=self._place, secret=self._secret, max_wait_s=self.settings.max_wait_s)
            shown = None if holds(error, self._secret) else error
            if fault.may_be_charged:  # limits must hold for it too; the answer may have been short
                self.budget.charge(Usage(prompt_tokens=estimated_tokens(body["messages"])))
        else:
            if completion is not None:
                self.throttle.succeeded()
                used = tokens_of(completion)
                if used == Usage() and (written := written_in(completion)):
                    self.budget.note_estimate()  # counting is optional by the protocol, and limits must hold all the same
                    used = Usage(prompt_tokens=estimated_tokens(body["messages"]), completion_tokens=math.ceil(len(written) / 4))
                self._count(question, used)
                self.throttle.correct(used.prompt_tokens + used.completion_tokens - expected)
                return completion
            what = f"What answers at {self._place} is no model."
            fault, shown = Fault(ModelUnavailableError(what, remedy="Check the address (--base-url): it usually ends in /v1.")), None
        raise fault from shown

    def _count(self, question: Sent, usage: Usage) -> None:
        question.usage += usage
        self.budget.charge(usage)

    @property
    def _secret(self) -> str:
        return self.endpoint.api_key.get_secret_value()

    @property
    def _place(self) -> str:
        return _place(self.endpoint.base_url)

    @property
    def _limit(self) -> str:
        chosen = self.choice.endpoint or self.endpoint  # not where a cassette stands in for it
        return "max_completion_tokens" if _is_openai(chosen.base_url) else "max_tokens"

    def _body(self, question: Sent, messages: list[dict[str, str]]) -> dict[str, Any]:
        """Make the request; what some models reject is left out unless it is set."""
        body = {
            "messages": messages,
            "model": self.choice.name,
            self._limit: question.request.max_tokens,
            "seed": self.settings.seed,
            "temperature": self.choice.temperature,
            **self._constraint(question),
        }
        return {name: body[name] for name in sorted(body, key=_ORDER.index) if body[name] is not None}

    def _constraint(self, question: Sent) -> dict[str, Any]:
        name = re.sub(r"[^A-Za-z0-9_-]", "_", question.request.answer.__name__)[:64]
        strict = {"strict": True} if self.choice.profile is Profile.HOSTED else {}
        if self.settings.mode is Mode.TOOLS:
            function = {"name": name, "parameters": question.form, **strict}
            chosen = {"type": "function", "function": {"name": name}}
            return {"tools": [{"type": "function", "function": function}], "tool_choice": chosen}
        schema = {"name": name, "schema": question.form, **strict}
        return {"response_format": {"type": "json_schema", "json_schema": schema}}

    def _pause_s(self, state: RetryCallState, question: Sent) -> float:
        """Return how long to wait before the next try, and have all others wait too where the server has too much to do."""
        from tenacity import wait_random_exponential

        longest_s = self.settings.max_wait_s
        fault = state.outcome.exception() if state.outcome else None
        pause_s = wait_random_exponential(multiplier=1, max=longest_s)(state)
        if not isinstance(fault, Fault):
            return pause_s
        if longest_s and fault.retry_after_s is not None:
            pause_s = fault.retry_after_s
        if fault.for_all:
            self.throttle.overloaded(sent_at=question.sent_at, pause_s=pause_s)
        return pause_s


def estimated_tokens(messages: Sequence[Mapping[str, str]]) -> int:
    """Estimate the tokens of messages: one for four characters, as English has with most models, and some for each message."""
    return sum(len(message["content"]) // 4 + 8 for message in messages)


def _place(base_url: str) -> str:
    parts = urlsplit(base_url)  # without user and password
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def _patience_s(settings: Settings, choice: ModelChoice) -> float:
    if settings.patience_s is not None:
        return settings.patience_s
    return 0.0 if choice.runs_here or settings.replay or not settings.max_wait_s else _PATIENCE_S


def _passes(error: BaseException) -> bool:
    return isinstance(error, Fault) and error.passing


def _openai(endpoint: Endpoint, timeout_s: float) -> AsyncOpenAI:
    import openai

    key = endpoint.api_key.get_secret_value()
    if not (key.isascii() and key.isprintable()):
        what = "The key has a character that no header carries, such as the end of a line."
        raise ModelUnavailableError(what, remedy="Check the key (OPENAI_API_KEY).")
    _check_proxy(endpoint.base_url)
    # Without a handler Python prints instructor's own reports of every re-ask to stderr.
    logging.getLogger("instructor").addHandler(logging.NullHandler())
    return openai.AsyncOpenAI(
        api_key=key,
        base_url=endpoint.base_url,
        max_retries=0,
        timeout=timeout_s,
        # openai's client over aiohttp, whose parser is compiled: half of the time of the default one.
        http_client=openai.DefaultAioHttpClient(
            headers={"accept-encoding": "identity"}, event_hooks={"response": [bound_answer]}, **_to_this_machine(endpoint.base_url)
        ),
    )


def _check_proxy(base_url: str) -> None:
    """Refuse what can't be gone through, which would look like an outage."""
    from urllib.request import getproxies, proxy_bypass  # which openai needs too

    parts = urlsplit(base_url)
    proxies = getproxies()
    proxy = proxies.get(parts.scheme) or proxies.get("all") or ""
    if proxy.startswith("socks") and not _to_this_machine(base_url) and not proxy_bypass(parts.hostname or ""):
        what = f"The environment names a SOCKS proxy for {_place(base_url)}, and requests go through HTTP proxies only."
        raise ModelUnavailableError(what, remedy="Name an HTTP proxy (HTTPS_PROXY), or take the host out of it (NO_PROXY).")


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

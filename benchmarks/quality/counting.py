"""A proxy on loopback that counts the tokens of every answer, whichever program asked for it."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from llm_extract.errors import ModelUnavailableError
from llm_extract.settings import Endpoint

__all__ = ["ANSWER_TIMEOUT_S", "CountingProxy", "Spent"]

ANSWER_TIMEOUT_S = 580.0
"""Seconds for one answer: less than the 600 after which the openai client gives up, so that no answer is left unread in the server."""

_PREFIX = "/v1"
_FORWARDED = ("content-type", "accept", "retry-after")


@dataclass(frozen=True)
class Spent:
    """What answers cost, as the server counted it.

    Args:
        requests: How many there were, failed ones too.
        prompt_tokens: Of the answers with usage, tokens that the server had in its cache included.
        completion_tokens: Of the same.
        uncounted: Answers without usage: faults, and what was cut short. What they cost is not known.
    """

    requests: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    uncounted: int = 0

    def __add__(self, other: Spent) -> Spent:
        """Add field by field."""
        return Spent(
            self.requests + other.requests,
            self.prompt_tokens + other.prompt_tokens,
            self.completion_tokens + other.completion_tokens,
            self.uncounted + other.uncounted,
        )


@dataclass(frozen=True)
class _Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


class CountingProxy:
    """Passes requests on to an endpoint, with its key, and counts the tokens of the answers.

    Answers are passed on whole, not piece by piece. It listens on a free port of loopback from the start to `close`, and wants no key.

    Args:
        upstream: Where requests go.

    Example:
        >>> with CountingProxy(Endpoint("http://127.0.0.1:8080/v1", SecretStr("none"))) as proxy:  # doctest: +SKIP
        ...     ask_something(base_url=proxy.base_url)
        ...     print(proxy.take().completion_tokens)
    """

    def __init__(self, upstream: Endpoint) -> None:
        self._upstream = upstream
        self._changed = threading.Condition()
        self._under_way = 0
        self._spent = Spent()
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    @property
    def base_url(self) -> str:
        """Where contestants send their requests."""
        return f"http://127.0.0.1:{self._server.server_address[1]}{_PREFIX}"

    def take(self) -> Spent:
        """Wait until nothing is under way, return what was spent since the last call, and begin at zero."""
        with self._changed:
            self._changed.wait_for(lambda: not self._under_way)
            spent, self._spent = self._spent, Spent()
            return spent

    def warm(self, model: str) -> None:
        """Have the endpoint answer in one token, which is not counted: the model is loaded then.

        Raises:
            ModelUnavailableError: It does not.
        """
        asked = {"model": model, "messages": [{"role": "user", "content": "Hello"}], "max_tokens": 1, "temperature": 0}
        answer = self._pass_on("POST", f"{_PREFIX}/chat/completions", {"content-type": "application/json"}, json.dumps(asked).encode())
        if answer.status != http.HTTPStatus.OK:
            reason = " ".join(answer.body.decode(errors="replace").split())[:200]
            what = f"{self._upstream.base_url} does not answer for the model {model!r}: status {answer.status}, {reason}."
            raise ModelUnavailableError(what, remedy="Check --base-url, --model and OPENAI_API_KEY.")

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Stop listening."""
        self.close()

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> _Answer:
        """Pass a request on and count its answer."""
        with self._changed:
            self._under_way += 1
        spent = Spent(requests=1, uncounted=1)
        try:
            answer = self._pass_on(method, path, headers, body)
            spent = _spent(answer.body)
            return answer
        finally:
            with self._changed:
                self._spent += spent
                self._under_way -= 1
                self._changed.notify_all()

    def _pass_on(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> _Answer:
        place = urlsplit(self._upstream.base_url)
        opened = http.client.HTTPSConnection if place.scheme == "https" else http.client.HTTPConnection
        connection = opened(place.hostname or "", place.port, timeout=ANSWER_TIMEOUT_S)
        key = self._upstream.api_key.get_secret_value()
        try:
            connection.request(
                method,
                place.path.rstrip("/") + path.removeprefix(_PREFIX),
                body or None,
                {**_forwarded(headers), "authorization": f"Bearer {key}"},
            )
            reply = connection.getresponse()
            return _Answer(reply.status, _forwarded(dict(reply.getheaders())), reply.read())
        except (OSError, http.client.HTTPException) as error:
            problem = {"error": {"message": f"no answer from the server: {type(error).__name__}: {error}"}}
            return _Answer(http.HTTPStatus.GATEWAY_TIMEOUT, {"content-type": "application/json"}, json.dumps(problem).encode())
        finally:
            connection.close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, proxy: CountingProxy) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.proxy = proxy

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a contestant that hangs up has its own message."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"] or 0))
        answer = self.server.proxy.answer(self.command, self.path, dict(self.headers.items()), body)
        self.send_response(answer.status)
        for name, value in {**answer.headers, "content-length": str(len(answer.body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name that the base class gives it
        """Say nothing."""


def _forwarded(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items() if name.lower() in _FORWARDED}


def _spent(body: bytes) -> Spent:
    try:
        usage = json.loads(body)["usage"]
        return Spent(1, int(usage["prompt_tokens"]), int(usage["completion_tokens"]))
    except (ValueError, KeyError, TypeError):
        return Spent(requests=1, uncounted=1)

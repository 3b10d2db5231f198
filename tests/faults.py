"""A model endpoint on loopback that does what a script says: answers, faults, hangs, broken connections."""

from __future__ import annotations

import json
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Reply:
    """What the server does with one request."""

    status: int = 200
    body: bytes = b""
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    sent_bytes: int | None = None
    """How much of the body is sent before the connection is reset; None: all, and it stays open."""
    hangs: bool = False
    """Never answers, until the server is closed."""
    silent_s: float = 0.0
    """Seconds before the status line."""
    trickles_s: float = 0.0
    """Seconds between two bytes of the body; 0: all at once."""
    times: int = 1
    """How often the body is sent, one after the other: a long body out of a short one."""


@dataclass(frozen=True)
class Received:
    """A request as it came in."""

    path: str
    headers: Mapping[str, str]
    raw: bytes
    at: float = 0.0
    """When, by `time.monotonic`."""

    @property
    def body(self) -> dict[str, object]:
        """The body, read as JSON."""
        document = json.loads(self.raw)
        assert isinstance(document, dict)
        return document

    @property
    def messages(self) -> list[dict[str, str]]:
        """The messages of the conversation."""
        messages = self.body["messages"]
        assert isinstance(messages, list)
        return messages


class FaultServer(ThreadingHTTPServer):
    """Plays the script, one reply a request, the last one again when it is through; or answers by what is asked."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, script: Sequence[Reply] | Callable[[Received], Reply], port: int = 0, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.scheme = "https" if tls else "http"
        if tls:
            self.socket = tls.wrap_socket(self.socket, server_side=True)
        self.script = script
        self.received: list[Received] = []
        self.sent_bytes = 0
        """Of bodies, before clients went away."""
        self.working = self.most = 0
        """Requests that are answered now, and at most at a time."""
        self.first = threading.Event()
        self.closing = threading.Event()
        self.lock = threading.Lock()

    @property
    def url(self) -> str:
        """The address of the endpoint."""
        return f"{self.scheme}://127.0.0.1:{self.server_address[1]}/v1"

    def next_reply(self, received: Received) -> Reply:
        """Note a request and return what is to be done with it."""
        with self.lock:
            self.received.append(received)
            self.first.set()
            if callable(self.script):
                return self.script(received)
            return self.script[min(len(self.received), len(self.script)) - 1]

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Count a request that is being answered."""
        with self.lock:
            self.working += 1
            self.most = max(self.most, self.working)
        try:
            yield
        finally:
            with self.lock:
                self.working -= 1

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: clients that give up are part of the play."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: FaultServer

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers["content-length"]))
        with self.server.at_work():
            self._answer(self.server.next_reply(Received(self.path, dict(self.headers), raw, time.monotonic())))

    def _answer(self, reply: Reply) -> None:
        if reply.hangs or self.server.closing.wait(reply.silent_s):
            self.server.closing.wait(20)
            self.close_connection = True
            return
        self.send_response(reply.status)
        length = len(reply.body) * reply.times
        for name, value in {"content-type": reply.content_type, "content-length": str(length), **reply.headers}.items():
            if value:
                self.send_header(name, value)
        self.end_headers()
        self._send(reply)
        if reply.sent_bytes is not None:
            self.wfile.flush()
            # Lingering for no time makes closing a reset.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
            self.close_connection = True

    def _send(self, reply: Reply) -> None:
        body = reply.body[: reply.sent_bytes]
        pieces = [body[at : at + 1] for at in range(len(body))] if reply.trickles_s else [body] * reply.times
        for piece in pieces:
            self.wfile.write(piece)
            self.server.sent_bytes += len(piece)
            if reply.trickles_s and self.server.closing.wait(reply.trickles_s):
                break

    def send_response(self, code: int, message: str | None = None) -> None:
        """Begin an answer; its `date` may be the script's."""
        self.send_response_only(code, message)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name that the base class gives it
        """Say nothing."""


@contextmanager
def serving(
    *script: Reply, by: Callable[[Received], Reply] | None = None, port: int = 0, tls: ssl.SSLContext | None = None
) -> Iterator[FaultServer]:
    """Serve `script`, or what `by` says to each request, on a port of loopback; 0: a free one."""
    server = FaultServer(by or script, port, tls)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.closing.set()
        server.shutdown()
        server.server_close()
        thread.join()


def closed_port_url() -> str:
    """Return an address at which nothing listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}/v1"


def completion(content: object, *, finish_reason: str = "stop", **message: object) -> Reply:
    """Return a chat completion of 10 prompt tokens and 5 more, with what llama.cpp adds to one."""
    document = {
        "id": "chatcmpl-7Qz",
        "object": "chat.completion",
        "created": 1_700_000_000,
        "model": "/somewhere/tiny.gguf",
        "system_fingerprint": "b1-abc",
        "choices": [{"index": 0, "finish_reason": finish_reason, "message": {"role": "assistant", "content": content, **message}}],
        "usage": {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15},
        "timings": {"prompt_ms": 12.5},
    }
    return Reply(body=json.dumps(document).encode(), headers={"x-request-id": "req_account_77", "set-cookie": "session=77"})


def called(arguments: str) -> Reply:
    """Return a completion that calls a tool."""
    function = {"name": "Reading", "arguments": arguments}
    return completion(None, finish_reason="tool_calls", tool_calls=[{"id": "xyz", "type": "function", "function": function}])


def refusal(status: int, *, code: str | int | None = None, message: str = "no", headers: Mapping[str, str] | None = None) -> Reply:
    """Return an error in the form that OpenAI and those like it use."""
    error = {"message": message, "type": None, "param": None, "code": code}
    return Reply(status=status, body=json.dumps({"error": error}).encode(), headers=headers or {})

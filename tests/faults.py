"""A model endpoint on loopback that does what a script says: answers, faults, hangs, broken connections."""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections.abc import Iterator, Mapping, Sequence
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


@dataclass(frozen=True)
class Received:
    """A request as it came in."""

    path: str
    headers: Mapping[str, str]
    raw: bytes

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
    """Plays the script, one reply a request; the last one again when it is through."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, script: Sequence[Reply]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.script = list(script)
        self.received: list[Received] = []
        self.first = threading.Event()
        self.closing = threading.Event()
        self.lock = threading.Lock()

    @property
    def url(self) -> str:
        """The address of the endpoint."""
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    def next_reply(self, received: Received) -> Reply:
        """Note a request and return what is to be done with it."""
        with self.lock:
            self.received.append(received)
            self.first.set()
            return self.script[min(len(self.received), len(self.script)) - 1]

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: clients that give up are part of the play."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: FaultServer

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers["content-length"]))
        reply = self.server.next_reply(Received(self.path, dict(self.headers), raw))
        if reply.hangs:
            self.server.closing.wait(20)
            self.close_connection = True
            return
        self.send_response(reply.status)
        for name, value in {"content-type": reply.content_type, "content-length": str(len(reply.body)), **reply.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(reply.body[: reply.sent_bytes])
        if reply.sent_bytes is not None:
            self.wfile.flush()
            # Lingering for no time makes closing a reset.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name that the base class gives it
        """Say nothing."""


@contextmanager
def serving(*script: Reply) -> Iterator[FaultServer]:
    """Serve `script` on a free port of loopback."""
    server = FaultServer(script)
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


def refusal(status: int, *, code: str | None = None, message: str = "no", headers: Mapping[str, str] | None = None) -> Reply:
    """Return an error in the form that OpenAI and those like it use."""
    error = {"message": message, "type": None, "param": None, "code": code}
    return Reply(status=status, body=json.dumps({"error": error}).encode(), headers=headers or {})

"""A model's stand-in on loopback: answers at once, or after a while, what `news` says about the article in the request.

`python -m benchmarks.speed.server MILLISECONDS` prints its port and serves until it is ended.
"""

from __future__ import annotations

import asyncio
import json
import sys
from functools import lru_cache

from benchmarks.speed.news import Story, number_in, story

__all__ = ["answer", "serve"]

_CHARACTERS_A_TOKEN = 4
_HEAD_END = b"\r\n\r\n"
_LENGTH = b"content-length:"
_RECENT = 4_096
_stories = lru_cache(_RECENT)(story)


def answer(request: bytes) -> bytes:
    """Return the whole response to the body of a request."""
    found: Story = _stories(number_in(request))
    content = found.quotations if b'"Quotes"' in request else found.meetings
    usage = {"prompt_tokens": len(request) // _CHARACTERS_A_TOKEN, "completion_tokens": len(content) // _CHARACTERS_A_TOKEN}
    choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": content, "refusal": None}}
    document = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1_700_000_000,
        "model": "scripted",
        "choices": [choice],
        "usage": {**usage, "total_tokens": sum(usage.values())},
    }
    body = json.dumps(document).encode()
    return b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%b" % (len(body), body)


class _Connection(asyncio.Protocol):
    """One connection, kept alive; one request after the other."""

    def __init__(self, latency_s: float) -> None:
        self._latency_s = latency_s
        self._received = bytearray()
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)  # noqa: S101  a type for the checker: TCP has no other
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        head_end = self._received.find(_HEAD_END)
        if head_end < 0:
            return
        head = bytes(self._received[:head_end]).lower()
        length = int(head.partition(_LENGTH)[2].partition(b"\r\n")[0] or 0)
        end = head_end + len(_HEAD_END) + length
        if len(self._received) < end:
            return
        response = answer(bytes(self._received[head_end:end]))
        del self._received[:end]
        if self._latency_s:
            asyncio.get_running_loop().call_later(self._latency_s, self._write, response)
        else:
            self._write(response)

    def _write(self, response: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(response)


async def serve(latency_s: float) -> None:
    """Listen on a free port, print it, and serve until cancelled."""
    server = await asyncio.get_running_loop().create_server(lambda: _Connection(latency_s), "127.0.0.1", 0, backlog=256)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(float(sys.argv[1]) / 1000))

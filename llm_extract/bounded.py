"""Answers of at most so many bytes: a server that sends a gigabyte must not fill the memory."""

from __future__ import annotations

import functools
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING

from llm_extract.faults import OversizedAnswerError

if TYPE_CHECKING:
    from httpx2 import AsyncByteStream, Response

__all__ = ["MAX_ANSWER_BYTES", "bound_answer"]

MAX_ANSWER_BYTES = 16_000_000
"""Far above what a model writes: the longest answer asked for has some 50,000 bytes."""
_MAX_PACKED_BYTES = {"": MAX_ANSWER_BYTES, "identity": MAX_ANSWER_BYTES, "gzip": 64_000, "deflate": 64_000}
"""By how the body is packed, which no request asks for: unpacked, it may be a thousand times as large. Packed twice, or in another way, it
may be a million times as large, so that none is read."""


async def bound_answer(response: Response) -> None:
    """Make reading the body of `response` fail once it is too large; a hook for httpx2 clients.

    Raises:
        OversizedAnswerError: The server announces a body that is too large; while reading, it turns out to be.
    """
    from httpx2 import AsyncByteStream

    limit = _MAX_PACKED_BYTES.get(response.headers.get("content-encoding", "").strip().lower(), 0)
    announced = response.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > limit:
        raise OversizedAnswerError(limit)
    if isinstance(response.stream, AsyncByteStream):
        response.stream = _bounded_stream()(response.stream, limit)


@functools.cache
def _bounded_stream() -> Callable[[AsyncByteStream, int], AsyncByteStream]:
    """Make the class of a bounded stream, once: httpx2 is imported late."""
    from httpx2 import AsyncByteStream

    class Bounded(AsyncByteStream):
        def __init__(self, stream: AsyncByteStream, limit: int) -> None:
            self._stream = stream
            self._limit = limit

        async def __aiter__(self) -> AsyncIterator[bytes]:
            size = 0
            async for chunk in self._stream:
                size += len(chunk)
                if size > self._limit:
                    raise OversizedAnswerError(self._limit)
                yield chunk

        async def aclose(self) -> None:
            await self._stream.aclose()

    return Bounded

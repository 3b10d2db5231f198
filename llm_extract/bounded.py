"""Answers of at most so many bytes: a server that sends a gigabyte must not fill the memory."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from llm_extract.faults import OversizedAnswerError

if TYPE_CHECKING:
    from httpx2 import AsyncByteStream, Response

__all__ = ["MAX_ANSWER_BYTES", "bound_answer"]

MAX_ANSWER_BYTES = 16_000_000
"""Far above what a model writes: the longest answer asked for has some 50,000 bytes."""
_MAX_PACKED_BYTES = 64_000
"""Of a compressed body, which no request asks for: unpacked, it may be a thousand times as large."""


async def bound_answer(response: Response) -> None:
    """Make reading the body of `response` fail once it is too large; a hook for httpx2 clients.

    Raises:
        OversizedAnswerError: The server announces a body that is too large; while reading, it turns out to be.
    """
    from httpx2 import AsyncByteStream

    limit = _MAX_PACKED_BYTES if response.headers.get("content-encoding", "identity") != "identity" else MAX_ANSWER_BYTES
    announced = response.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > limit:
        raise OversizedAnswerError(limit)

    class Bounded(AsyncByteStream):
        def __init__(self, stream: AsyncByteStream) -> None:
            self._stream = stream

        async def __aiter__(self) -> AsyncIterator[bytes]:
            size = 0
            async for chunk in self._stream:
                size += len(chunk)
                if size > limit:
                    raise OversizedAnswerError(limit)
                yield chunk

        async def aclose(self) -> None:
            await self._stream.aclose()

    if isinstance(response.stream, AsyncByteStream):
        response.stream = Bounded(response.stream)

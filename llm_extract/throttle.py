"""What holds requests back: how many at a time, how many a minute, and the pauses that a server asks for."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import anyio

if TYPE_CHECKING:
    from aiolimiter import AsyncLimiter

__all__ = ["Throttle"]

_log = logging.getLogger(__name__)

_BURST = 1 / 20
"""Share of a minute's allowance that may go out at once. The rate is lowered by it, so that no minute has more than its allowance."""


class Throttle:
    """Lets requests through; used within one event loop.

    An overloaded server holds back all requests, not only the one it answered, and halves how many are under way at a time. With every so
    many successes as are allowed at a time that number grows again by a quarter.

    Args:
        most: Most requests at a time.
        rpm: Most requests in any minute; None: no limit.
        tpm: Most tokens in any minute; None: no limit.
        clock: Seconds that only grow; a clock that is set must not matter.
    """

    def __init__(self, *, most: int, rpm: int | None = None, tpm: int | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._slots = anyio.CapacityLimiter(most)
        self._requests = _bucket(rpm) if rpm else None
        self._tokens = _bucket(tpm) if tpm else None
        self._clock = clock
        self._held_until = self._cut_at = -math.inf
        self._successes = 0
        self._debt = 0

    @property
    def at_a_time(self) -> int:
        """How many requests may be under way now."""
        return int(self._slots.total_tokens)

    @asynccontextmanager
    async def request(self, tokens: int) -> AsyncIterator[None]:
        """Wait for leave to send a request of about so many tokens, and keep its place while the context lasts."""
        async with self._slots:
            await self._charge(tokens)
            while (wait_s := self._held_until - self._clock()) > 0:
                await anyio.sleep(wait_s)
                await self._charge(tokens)  # what was charged before a pause has lapsed: else all would go at once at its end
            yield

    def correct(self, tokens: int) -> None:
        """Count what a request used beyond its estimate, or, negative, less: the next one pays for it."""
        self._debt += tokens

    async def _charge(self, tokens: int) -> None:
        """Take a request from the minute's allowance, and tokens, in pieces: one request may need more than may go out at once."""
        if self._requests:
            await self._requests.acquire()
        if self._tokens is None:
            return
        due: float = tokens + self._debt
        self._debt = min(0, tokens + self._debt)
        while due > 0:
            piece = min(due, self._tokens.max_rate)
            await self._tokens.acquire(piece)
            due -= piece

    def succeeded(self) -> None:
        """Note an answer."""
        self._successes += 1
        if self.at_a_time < self._most and self._successes >= self.at_a_time:
            self._successes = 0
            self._slots.total_tokens = min(self._most, self.at_a_time + max(1, self.at_a_time // 4))

    def overloaded(self, *, sent_at: float, pause_s: float) -> None:
        """Note that the server could not serve a request: send nothing for `pause_s` seconds, then fewer at a time.

        Args:
            sent_at: When the request was sent, by `now`; those sent before the last cut tell nothing new.
            pause_s: In seconds.
        """
        self._held_until = max(self._held_until, self._clock() + pause_s)
        self._successes = 0
        if sent_at > self._cut_at:
            self._cut_at = self._clock()
            self._slots.total_tokens = max(1, self.at_a_time // 2)
            _log.info("The server is overloaded: %d requests at a time, after a pause of %.1f s.", self.at_a_time, pause_s)

    def now(self) -> float:
        """Return the time, in seconds from anywhere."""
        return self._clock()


def _bucket(per_minute: int) -> AsyncLimiter:
    from aiolimiter import AsyncLimiter

    burst = max(1.0, per_minute * _BURST)
    a_second = max(per_minute - burst, 0.5) / 60
    return AsyncLimiter(burst, burst / a_second)

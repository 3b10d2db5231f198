"""Outages of a server: all questions wait for their end, one small question at a time probes for it, and patience has an end.

A question whose retries are used up may be the trouble itself, as with an article that makes the server fail, or tell of an outage. Where
another one was served meanwhile, it is the trouble. Else a probe decides: a question of a few words, which any server that works answers.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import NoReturn

import anyio

from llm_extract.article_clock import stopped_clock
from llm_extract.errors import ModelUnavailableError
from llm_extract.faults import Fault

__all__ = ["Outages", "Standing"]

_log = logging.getLogger(__name__)

_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 1.0, 30.0
_PAUSE = 1 / 4
"""Of the time that an outage has lasted: how long the next probe waits, within these bounds."""
_REMEDY = "Nothing is lost: once the server is there, the same command goes on from here. To wait for longer, give --patience."

Probe = Callable[[], Awaitable[None]]
"""Puts the smallest question; raises a `Fault` where even that is not served."""


@dataclass
class Standing:
    """How a question fares, as far as that tells whose trouble it is; times are those of the clock of `Outages`."""

    failed_at: float = math.inf
    """When a request first failed since it was last given its retries. When that was sent tells nothing: of two that are under way at a
    time the server may take the later one first."""
    sent_at: float = -math.inf
    """When the last request was sent."""
    served_at: float = -math.inf
    """When the request had been sent that was the last served at that time."""
    waiting_since: float = math.inf
    """When it had to wait first."""
    last_chance: bool = False
    """Whether the server is known to work, so that the next failure is the question's own."""


class Outages:
    """Knows whether the server is out of service; used within one event loop.

    Args:
        place: Which server, as messages name it.
        patience_s: Seconds that an outage may last, counted from the first request that failed; 0: none is waited for.
        reached: Whether a server that was never reached is waited for as well; else its address is surely wrong.
        clock: Seconds that only grow.
    """

    def __init__(self, place: str, *, patience_s: float, reached: bool = False, clock: Callable[[], float] = time.monotonic) -> None:
        self._place = place
        self._patience_s = patience_s
        self._reached = reached
        self._clock = clock
        self._probing = anyio.Lock()
        self._since: float | None = None
        self._retry_at = self._served_at = self._over_at = self._gave_up_at = -math.inf
        self._why = ""

    def sending(self, standing: Standing) -> None:
        """Note that a request is sent for a question."""
        standing.sent_at, standing.served_at = self._clock(), self._served_at

    def served(self, standing: Standing) -> None:
        """Note that the last request for a question was served."""
        self._reached = True
        self._served_at = max(self._served_at, standing.sent_at)

    def failed(self, standing: Standing, fault: Fault) -> None:
        """Note that the last request for a question was not served."""
        standing.failed_at = min(standing.failed_at, self._clock())
        self._reached = self._reached or not _unreached(fault)

    async def over(self, probe: Probe) -> None:
        """Wait for the end of the outage, where there is one.

        Raises:
            ModelUnavailableError: It lasts longer than patience does, or what answers now refuses us.
        """
        if self._since is not None:
            await self._wait(probe, self._clock(), None)

    async def judge(self, fault: Fault, standing: Standing, probe: Probe) -> None:
        """Return once a question whose retries are used up may be put again, with its retries, or the once if it is its `last_chance`.

        Raises:
            ModelError: That of the fault, if it is the question's own trouble.
            ModelUnavailableError: See `over`.
        """
        if not (self._patience_s and fault.may_be_outage) or (_unreached(fault) and not self._reached):
            raise fault.error from fault.__cause__
        is_asked = fault.may_be_outage and not fault.passing
        if not is_asked and standing.served_at > standing.failed_at:
            raise fault.error from fault.__cause__
        standing.waiting_since = min(standing.waiting_since, standing.failed_at)
        if is_asked:
            self._asked_to_wait(fault, standing)
        was_up = await self._wait(probe, standing.sent_at, standing.failed_at)
        if was_up and standing.last_chance:
            raise fault.error from fault.__cause__
        standing.last_chance = was_up
        standing.failed_at = math.inf

    def _asked_to_wait(self, fault: Fault, standing: Standing) -> None:
        """Take a server at its word that it serves nobody for a while, unless one question has waited for long and others were served."""
        now = self._clock()
        self._begin(fault, standing.waiting_since)
        if now - standing.waiting_since >= self._patience_s:
            if self._served_at > standing.waiting_since:
                raise fault.error from fault.__cause__
            self._give_up()
        self._retry_at = max(self._retry_at, now + (fault.retry_after_s or 0))

    async def _wait(self, probe: Probe, sent_at: float, failed_at: float | None) -> bool:
        """Wait until the server works; return whether it did all the time, as far as the first probe tells.

        Args:
            probe: As in `over`.
            sent_at: A probe that was sent later, and served, is enough.
            failed_at: Since when there may be an outage; None: only one that is known already is waited for.
        """
        came_at = self._clock()
        with stopped_clock():
            async with self._probing:
                if self._gave_up_at >= came_at:
                    self._give_up()
                if self._over_at > sent_at:  # another's probe was served meanwhile
                    return False
                since = failed_at if self._since is None else self._since
                return since is not None and await self._until_it_works(probe, since)

    async def _until_it_works(self, probe: Probe, since: float) -> bool:
        was_up = self._since is None
        while True:
            if self._since is not None:
                await anyio.sleep(self._pause_s(since))
            sent_at = self._clock()
            try:
                await probe()
            except Fault as fault:
                if not fault.may_be_outage:
                    raise fault.error from fault.__cause__
                was_up = False
                self._begin(fault, since)
                if self._clock() - since >= self._patience_s:
                    self._give_up()
            else:
                self._end(sent_at)
                return was_up

    def _begin(self, fault: Fault, since: float) -> None:
        self._why = fault.error.what
        if self._since is None:
            self._since = since
            _log.warning("%s All wait for it, for up to %.0f s (--patience).", self._why, self._patience_s)

    def _end(self, sent_at: float) -> None:
        if self._since is not None:
            _log.warning("%s works again, after %.0f s.", self._place, self._clock() - self._since)
        self._over_at, self._since, self._retry_at = sent_at, None, -math.inf

    def _give_up(self) -> NoReturn:
        self._gave_up_at, self._since, self._retry_at = max(self._gave_up_at, self._clock()), None, -math.inf
        what = f"{self._place} was out of service for longer than {self._patience_s:.0f} s; the last: {self._why}"
        raise ModelUnavailableError(what, remedy=_REMEDY)

    def _pause_s(self, since: float) -> float:
        now = self._clock()
        pause_s = min(max((now - since) * _PAUSE, _FIRST_PAUSE_S), _LONGEST_PAUSE_S)
        return max(0.0, min(max(pause_s, self._retry_at - now), since + self._patience_s - now))


def _unreached(fault: Fault) -> bool:
    return fault.may_be_outage and isinstance(fault.error, ModelUnavailableError)

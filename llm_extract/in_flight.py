"""Questions under way, across processes: what one process asks, another waits for."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import anyio

from llm_extract.byte_locks import Locks, locks_in

__all__ = ["InFlight"]

_log = logging.getLogger(__name__)

_DIGITS = 3
"""Of a key, which choose its lock: 4096 of them serve any number of questions, and two questions under way seldom share one."""
_FIRST_POLL_S, _LONGEST_POLL_S = 0.01, 0.5


class InFlight:
    """One lock a question, held while it is under way; the system lets go of it when a process dies.

    Args:
        folder: Where the locks are; made when first needed. Where it can't be used there are no locks, only a line in the log.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._locks: Locks | None = None
        self._held: Counter[int] = Counter()
        self._usable = True

    @asynccontextmanager
    async def alone(self, key: str) -> AsyncIterator[None]:
        """Be the only process that asks for `key`, a hexadecimal digest; another may have asked just before."""
        number = int(key[:_DIGITS], 16)
        if not await self._acquire(number):
            yield
            return
        try:
            yield
        finally:
            self._release(number)

    async def _acquire(self, number: int) -> bool:
        """Wait for a lock; False: there are none here."""
        pause_s = _FIRST_POLL_S
        while self._usable:
            if self._take(number):
                return True
            if self._usable:
                await anyio.sleep(pause_s)
                pause_s = min(pause_s * 2, _LONGEST_POLL_S)
        return False

    def _take(self, number: int) -> bool:
        """Take a lock where it is free; questions of one process that share one never wait for each other."""
        try:
            if self._locks is None:
                self._folder.mkdir(parents=True, exist_ok=True)
                self._locks = locks_in(self._folder)
            taken = self._held[number] > 0 or self._locks.take(number)
        except (OSError, NotImplementedError) as error:
            self._usable = False
            _log.warning("Questions can't be locked in %s (%s): another process may ask the same.", self._folder, error)
            return False
        self._held[number] += taken
        return taken

    def _release(self, number: int) -> None:
        self._held[number] -= 1
        if self._held[number] == 0:
            del self._held[number]
            if self._locks is not None:
                with suppress(OSError):  # the folder is gone, and the lock with it
                    self._locks.give_back(number)

"""Questions under way, across processes: what one process asks, another waits for."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
from filelock import FileLock, Timeout

__all__ = ["InFlight"]

_log = logging.getLogger(__name__)

_DIGITS = 3
"""Of a key, which choose its lock: 4096 files serve any number of questions, and two questions under way seldom share one."""
_FIRST_POLL_S, _LONGEST_POLL_S = 0.01, 0.5


class InFlight:
    """One lock a question, held while it is under way; the system lets go of it when a process dies.

    Args:
        folder: Where the files of the locks are; made when first needed. Where it can't be used there are no locks, only a line in the log.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._locks: dict[str, FileLock] = {}
        self._usable = True

    @asynccontextmanager
    async def alone(self, key: str) -> AsyncIterator[None]:
        """Be the only process that asks for `key`, a hexadecimal digest; another may have asked just before."""
        lock = self._lock(key[:_DIGITS])
        if lock is None:
            yield
            return
        await self._acquire(lock)
        try:
            yield
        finally:
            lock.release()  # nothing happens where it is not held

    def _lock(self, name: str) -> FileLock | None:
        if not self._usable:
            return None
        if name not in self._locks:
            try:
                if not self._locks:
                    self._folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                self._give_up(error)
                return None
            self._locks[name] = FileLock(self._folder / f"{name}.lock", thread_local=False)  # an event loop has one thread
        return self._locks[name]

    async def _acquire(self, lock: FileLock) -> None:
        pause_s = _FIRST_POLL_S
        while True:
            try:
                lock.acquire(blocking=False)
            except Timeout:
                await anyio.sleep(pause_s)
                pause_s = min(pause_s * 2, _LONGEST_POLL_S)
            except (OSError, NotImplementedError) as error:
                self._give_up(error)
                return
            else:
                return

    def _give_up(self, error: Exception) -> None:
        self._usable = False
        _log.warning("Questions can't be locked in %s (%s): another process may ask the same.", self._folder, error)

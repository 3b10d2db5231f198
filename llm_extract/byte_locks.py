"""Locks by number between processes: each is a byte of one file, where the system can lock those for an open file, else a file.

A lock of a byte costs a call of the system, one of a file some twenty: it is opened, checked and closed again.
"""

from __future__ import annotations

import errno
import os
import struct
import sys
import weakref
from pathlib import Path
from typing import Protocol

from filelock import FileLock, Timeout

__all__ = ["ByteLocks", "FileLocks", "Locks", "locks_in"]


class Locks(Protocol):
    """Locks that exclude other processes, and other objects like this one in the same process; the system frees them when a process dies.

    Neither method waits. Both may raise `OSError`, or `NotImplementedError`, where the file system knows no locks.
    """

    def take(self, number: int) -> bool:
        """Take a lock that this object does not hold; False: another holds it."""

    def give_back(self, number: int) -> None:
        """Free a lock; nothing happens where it is not held."""


def locks_in(folder: Path) -> Locks:
    """Return the cheapest locks that there are; the folder must exist."""
    return ByteLocks(folder / "questions.lock") if sys.platform == "linux" else FileLocks(folder)


class FileLocks:
    """A file for each lock.

    Args:
        folder: Where the files are.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._locks: dict[int, FileLock] = {}

    def take(self, number: int) -> bool:
        """Take a lock; see `Locks`."""
        if number not in self._locks:
            self._locks[number] = FileLock(self._folder / f"{number:03x}.lock", thread_local=False)  # an event loop has one thread
        try:
            self._locks[number].acquire(blocking=False)
        except Timeout:
            return False
        return True

    def give_back(self, number: int) -> None:
        """Free a lock; see `Locks`."""
        if number in self._locks:
            self._locks[number].release()


class ByteLocks:
    """A byte for each lock, by Linux's locks of open file descriptions (fcntl_locking(2)).

    Unlike POSIX locks, they exclude two that have the file open in one process, and closing the file elsewhere frees none.

    Args:
        path: The file; made when first needed, and never written to.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = -1
        self._closing: weakref.finalize[[int], ByteLocks] | None = None
        _opened.add(self)

    def take(self, number: int) -> bool:
        """Take a lock; see `Locks`."""
        if self._file < 0:
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
            self._closing = weakref.finalize(self, os.close, self._file)
        return _set(self._file, number, held=True)

    def give_back(self, number: int) -> None:
        """Free a lock; see `Locks`."""
        if self._file >= 0:
            _set(self._file, number, held=False)

    def close(self) -> None:
        """Free all locks; the file is opened again when it is needed again."""
        if self._closing is not None:
            self._closing()
        self._file = -1


_opened: weakref.WeakSet[ByteLocks] = weakref.WeakSet()


def _set(file: int, number: int, *, held: bool) -> bool:
    """Lock or free a byte of an open file; False: somebody else has it locked."""
    import fcntl  # which other systems do not have, or not this of it

    # A `struct flock`: what is wanted, where from, which byte, how many, and no process.
    wanted = struct.pack("@hhqqi0q", fcntl.F_WRLCK if held else fcntl.F_UNLCK, os.SEEK_SET, number, 1, 0)
    try:
        fcntl.fcntl(file, fcntl.F_OFD_SETLK, wanted)
    except OSError as error:
        if error.errno in {errno.EAGAIN, errno.EACCES}:
            return False
        raise
    return True


def _let_go() -> None:
    """Close what a fork has left open too: a child that outlives its parent would keep the parent's locks."""
    for locks in list(_opened):
        locks.close()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_let_go)

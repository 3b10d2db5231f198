"""The answers that a model gave before: on disk, as plain bytes, under a key made of what determines them."""

from __future__ import annotations

import hashlib
import json
import logging
import sqlite3
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

from llm_extract.errors import CacheError
from llm_extract.settings import ModelChoice, Settings

if TYPE_CHECKING:
    import diskcache

__all__ = ["FORMAT_VERSION", "KINDS", "AnswerCache", "CacheInfo", "answer_key"]

KINDS = ("answers", "results")
"""What is kept: a model's answers, and what was made of them, which costs nothing but time to make again."""

FORMAT_VERSION = 1
"""Part of every key: raise it when an entry is written, or a question asked again, in another way."""

_LOCK_TIMEOUT_S = 10.0
_DIGEST_BYTES = 32
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class CacheInfo:
    """What a cache holds."""

    folder: Path
    answers: int
    size_bytes: int
    """Bytes on disk."""
    limit_bytes: int
    """Size at which the oldest answers are dropped."""


def answer_key(
    choice: ModelChoice, settings: Settings, *, messages: Sequence[Mapping[str, str]], form: Mapping[str, object], max_tokens: int
) -> str:
    """Return the key of an answer: SHA-256, in hexadecimal, of all that determines it.

    That is the format version, the model's identity, the messages, the form asked for (a JSON schema; the order of its
    properties counts, for it is the order in which the model answers), the sampling and the mode. The API key, host and
    port, time-outs, retries and the article's name are no part of it.
    """
    parts = {
        "format": FORMAT_VERSION,
        "model": choice.identity,
        "messages": [[message["role"], message["content"]] for message in messages],
        "form": form,
        "temperature": choice.temperature,
        "seed": settings.seed,
        "max_tokens": max_tokens,
        "mode": settings.mode.value,
    }
    return hashlib.sha256(json.dumps(parts, separators=(",", ":")).encode("ascii")).hexdigest()


class AnswerCache:
    """Answers on disk; safe for many threads and processes at once.

    Opened when first used. Every entry carries a digest of its key and bytes: one that does not agree is a miss with a
    logged warning. Nothing is ever unpickled and no file outside the database is touched, so that a folder from
    elsewhere can't run code. A database that is no database is set aside as `cache.db.damaged` and a new one begun.

    Args:
        folder: Where the database lies; made when first written to.
        limit_bytes: Size at which the answers stored longest ago are dropped.

    Raises:
        CacheError: (by the methods) the folder can't be used.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder, AnswerCache(Path(folder)) as cache:
        ...     cache.put("0f", b"an answer")
        ...     cache.get("0f")
        b'an answer'
    """

    def __init__(self, folder: Path, *, limit_bytes: int = 2**30) -> None:
        self.folder = folder
        self.limit_bytes = limit_bytes
        self._opening = threading.Lock()
        self._store: diskcache.Cache | None = None

    @classmethod
    def of(cls, settings: Settings, what: str = "answers") -> Self:
        """Make the cache that `settings` name, of answers or of whole `results`; the folder is not touched yet."""
        return cls(settings.cache_dir / what, limit_bytes=settings.cache_limit_bytes)

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def get(self, key: str) -> bytes | None:
        """Return the bytes stored under `key`; None where there are none or they are damaged."""
        store = self._open()
        try:
            stored = store.get(key)
        except _faults() as error:
            _log.warning("The cached answer %s in %s can't be read and is asked for again (%s).", key[:12], self.folder, error)
            return None
        if stored is None:
            return None
        digest, data = stored[:_DIGEST_BYTES], stored[_DIGEST_BYTES:]
        if digest != _digest(key, data):
            _log.warning("The cached answer %s in %s is damaged and is asked for again.", key[:12], self.folder)
            return None
        return bytes(data)

    def put(self, key: str, data: bytes) -> None:
        """Store `data` under `key`; where that fails (a full disk), log a warning: the answer itself is not lost."""
        store = self._open()
        try:
            store.set(key, _digest(key, data) + data)
        except _faults() as error:
            _log.warning("An answer could not be stored in %s (%s).", self.folder, error)

    def info(self) -> CacheInfo:
        """Say what is in the cache, without making its folder."""
        if not (self.folder / "cache.db").exists():
            return CacheInfo(self.folder, 0, 0, self.limit_bytes)
        store = self._open()
        try:
            return CacheInfo(self.folder, len(store), store.volume(), self.limit_bytes)
        except _faults() as error:
            raise _unusable(self.folder, error) from error

    def clear(self) -> int:
        """Drop every answer, and return how many there were."""
        if not (self.folder / "cache.db").exists():
            return 0
        store = self._open()
        try:
            count: int = store.clear()
        except _faults() as error:
            raise _unusable(self.folder, error) from error
        return count

    def close(self) -> None:
        """Close the database; it opens again when used again."""
        with self._opening:
            if self._store is not None:
                self._store.close()
                self._store = None

    def _open(self) -> diskcache.Cache:
        with self._opening:
            if self._store is None:
                self._store = _opened(self.folder, self.limit_bytes)
            return self._store


def _digest(key: str, data: bytes) -> bytes:
    return hashlib.sha256(key.encode() + b"\0" + data).digest()


def _faults() -> tuple[type[Exception], ...]:
    import diskcache

    return (sqlite3.Error, OSError, diskcache.Timeout, _ForeignEntryError)


def _opened(folder: Path, limit_bytes: int) -> diskcache.Cache:
    try:
        return _connected(folder, limit_bytes)
    except sqlite3.OperationalError as error:  # locked, read-only, no such place: the folder, not its content
        raise _unusable(folder, error) from error
    except (sqlite3.DatabaseError, _ForeignEntryError) as error:
        _log.warning("The cache in %s is damaged (%s); it is set aside and a new one begun.", folder, error)
    except OSError as error:
        raise _unusable(folder, error) from error
    try:
        _set_aside(folder)
        return _connected(folder, limit_bytes)
    except (sqlite3.Error, OSError) as error:
        raise _unusable(folder, error) from error


def _connected(folder: Path, limit_bytes: int) -> diskcache.Cache:
    import diskcache

    return diskcache.Cache(
        str(folder),
        timeout=_LOCK_TIMEOUT_S,
        disk=_bytes_disk(),
        sqlite_mmap_size=0,  # else 64 MB of the database would count as memory
        sqlite_cache_size=2**10,  # pages, of 4 kB: entries are looked up all over, so that more of them seldom helps
        disk_min_file_size=2**62,  # everything in the database: its rows then name no files to read or delete
        size_limit=limit_bytes,
        eviction_policy="least-recently-stored",
    )


def _set_aside(folder: Path) -> None:
    (folder / "cache.db").replace(folder / "cache.db.damaged")
    for suffix in ("-wal", "-shm"):
        (folder / f"cache.db{suffix}").unlink(missing_ok=True)


def _unusable(folder: Path, error: Exception) -> CacheError:
    what = f"The cache folder {folder} can't be used ({error})."
    return CacheError(what, remedy="Make it writable, name another with LLM_EXTRACT_CACHE_DIR, or do without (--no-cache).")


class _ForeignEntryError(Exception):
    """An entry is of a kind that this library does not write."""


def _bytes_disk() -> type[diskcache.Disk]:
    """Return diskcache's storage without its pickling and without its files."""
    import diskcache
    from diskcache.core import MODE_RAW

    class BytesDisk(diskcache.Disk):  # type: ignore[misc]  # diskcache has no types
        def get(self, key: object, raw: object) -> str:
            if not (raw and isinstance(key, str)):
                msg = "a pickled key"
                raise _ForeignEntryError(msg)
            return key

        def fetch(self, mode: int, filename: str | None, value: object, read: object) -> bytes:
            if mode != MODE_RAW or filename is not None or read or not isinstance(value, bytes):
                msg = "an entry that is not bytes"
                raise _ForeignEntryError(msg)
            return value

        def remove(self, file_path: str) -> None:
            """Delete nothing: this library writes no files, and a path in a foreign database may lead anywhere."""

    return BytesDisk

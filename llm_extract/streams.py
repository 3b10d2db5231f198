"""Results to a pipe, a device or the standard output, which can't be read again: written as they come, or in order."""

from __future__ import annotations

from collections.abc import Sequence
from io import FileIO
from pathlib import Path
from types import TracebackType
from typing import Self

import anyio.to_thread

from llm_extract.articles import STDIN
from llm_extract.errors import OutputError
from llm_extract.outcomes import Failure, Finished
from llm_extract.schema import Usage

__all__ = ["Stream", "is_stream"]


def is_stream(path: Path) -> bool:
    """Whether a path is the standard output (`-`), a pipe or a device."""
    return str(path) == STDIN or (path.exists() and not path.is_file() and not path.is_dir())


class Stream:
    """A run's output that is no file; a context manager.

    Nothing is known of earlier runs, and failures are not written. In order, a result that comes before its turn waits in memory.
    """

    def __init__(self, path: Path, *, in_order: bool = True) -> None:
        self.path = path
        self.spent = Usage()
        self._in_order = in_order
        self._early: dict[int, Finished] = {}
        self._next = 0
        self._file: FileIO

    def __enter__(self) -> Self:
        """Open it.

        Raises:
            OutputError: It can't be written to.
        """
        try:
            self._file = FileIO(1, "wb", closefd=False) if str(self.path) == STDIN else FileIO(self.path, "ab")
        except OSError as error:
            raise self._wrong(error) from error
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Close it."""
        self._file.close()

    def keep(self, position: int, article: str, fingerprint: str) -> bool:  # noqa: ARG002  there is nothing to keep
        """Return False: what went through a pipe is gone."""
        return False

    def failed(self, article: str) -> Failure | None:  # noqa: ARG002  nothing is known
        """Return None: nothing is known of earlier runs."""
        return None

    async def store(self, batch: Sequence[Finished], spent: Usage) -> Sequence[Finished]:
        """Write what has its turn, and return it.

        Raises:
            OutputError: The reader is gone, or the device is full.
        """
        self.spent += spent
        turn = self._in_turn(batch) if self._in_order else batch
        await anyio.to_thread.run_sync(self._write, b"".join(finished.line for finished in turn))
        return turn

    def finish(self, *, complete: bool) -> Sequence[Finished]:  # noqa: ARG002  it makes no difference
        """Write what waited for articles that were not finished, and return it."""
        rest = [self._early[position] for position in sorted(self._early)]
        self._write(b"".join(finished.line for finished in rest))
        return rest

    def _in_turn(self, batch: Sequence[Finished]) -> list[Finished]:
        self._early.update({finished.outcome.position: finished for finished in batch})
        turn = []
        while self._next in self._early:
            turn.append(self._early.pop(self._next))
            self._next += 1
        return turn

    def _write(self, data: bytes) -> None:
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[self._file.write(rest) :]
        except OSError as error:
            raise self._wrong(error) from error

    def _wrong(self, error: OSError) -> OutputError:
        name = "the standard output" if str(self.path) == STDIN else str(self.path)
        return OutputError(f"Can't write to {name}: {error.strerror or error}.", remedy="Answers that were given are in the cache.")

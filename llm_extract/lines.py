"""Files read line by line, whatever they hold: compressed or not, in UTF-8 or wider, with lines of any length, in bounded memory."""

from __future__ import annotations

import codecs
import contextlib
import gzip
import io
import stat
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path

from llm_extract.decoding import MAX_BYTES, wide_encoding
from llm_extract.errors import ArticleError

__all__ = ["MAX_LINE_BYTES", "numbered_lines", "opened"]

MAX_LINE_BYTES = 4 * MAX_BYTES
"""Size over which a line is passed over: JSON may write a character of two bytes with six."""

_MAX_SKIPPED_BYTES = 1_000_000_000  # of one line; what goes on longer is no file of rows, or a bomb
_CHUNK = 1 << 16
_GZIP = b"\x1f\x8b"
_BROKEN = "llm_extract.broken"
codecs.register_error(_BROKEN, lambda error: ("\udcff", error.end) if isinstance(error, UnicodeDecodeError) else ("?", 0))


@contextlib.contextmanager
def opened(path: Path | None) -> Iterator[io.BufferedReader]:
    """Open a file to be read once, unpacked where it is gzip, without byte order mark, and UTF-16 and UTF-32 as UTF-8.

    What is no valid UTF-16 becomes bytes that are no valid UTF-8, so that it is noticed where the line is decoded.

    Args:
        path: The file; None is the standard input.

    Raises:
        ArticleError: It is no regular file, or can't be opened.
    """
    with contextlib.ExitStack() as stack:
        try:
            file = _standard_input() if path is None else stack.enter_context(_regular(path))
            if path is None:
                stack.callback(file.detach)  # or the standard input would be closed with it
            if file.peek(2).startswith(_GZIP):
                file = io.BufferedReader(stack.enter_context(gzip.GzipFile(fileobj=file)), _CHUNK)
            encoding = wide_encoding(file.peek(_CHUNK)[:_CHUNK])
        except (OSError, EOFError, zlib.error) as error:
            raise _unreadable(path, error) from error
        if encoding == "utf-8-sig":
            file.read(len(codecs.BOM_UTF8))
        elif encoding is not None:
            file = io.BufferedReader(_AsUtf8(file, encoding), _CHUNK)
        yield file


def numbered_lines(file: io.BufferedReader, path: Path | None) -> Iterator[tuple[int, bytes | None]]:
    """Yield each line with its number, from 1, and its end; None for one of more than `MAX_LINE_BYTES`, which is never held whole.

    Raises:
        ArticleError: The file can't be read on, or a line has more than a billion bytes.
    """
    number = 0
    try:
        while line := file.readline(MAX_LINE_BYTES + 1):
            number += 1
            if len(line) <= MAX_LINE_BYTES or line.endswith(b"\n"):
                yield number, line
                continue
            yield number, None
            del line
            if not _skip_line(file):
                what = f"Line {number} of {_name(path)} has more than {_MAX_SKIPPED_BYTES:,} bytes: what follows is not read."
                raise ArticleError(what, remedy="Put each article on a line of its own.")
    except (OSError, EOFError, zlib.error) as error:
        raise _unreadable(path, error, f" beyond line {number}") from error


def _skip_line(file: io.BufferedReader) -> bool:
    """Read up to the line's end; False where it does not come."""
    for _ in range(_MAX_SKIPPED_BYTES // _CHUNK):
        chunk = file.readline(_CHUNK)
        if not chunk or chunk.endswith(b"\n"):
            return True
    return False


def _standard_input() -> io.BufferedReader:
    if sys.stdin is None or sys.stdin.isatty():
        raise ArticleError("Nothing comes through the standard input.", remedy="Pipe articles in, or name a file.")
    return io.BufferedReader(sys.stdin.buffer, _CHUNK)  # type: ignore[arg-type]  # it has all that is needed of a raw file


def _regular(path: Path) -> io.BufferedReader:
    # Opening a pipe would wait for a writer, and reading a device might never end.
    if not stat.S_ISREG(path.stat().st_mode):
        raise ArticleError(f"{path} is not a regular file.", remedy="Name a file; what comes through a pipe is read with `-`.")
    return io.BufferedReader(io.FileIO(path), _CHUNK)


def _unreadable(path: Path | None, error: Exception, where: str = "") -> ArticleError:
    reason = getattr(error, "strerror", None) or str(error)
    return ArticleError(f"{_name(path)} can't be read{where}: {reason}.", remedy="Check its permissions and whether it is complete.")


def _name(path: Path | None) -> str:
    return "the standard input" if path is None else str(path)


class _AsUtf8(io.RawIOBase):
    """A file in UTF-16 or UTF-32, read as UTF-8."""

    def __init__(self, file: io.BufferedReader, encoding: str) -> None:
        self._file = file
        self._decoder = codecs.getincrementaldecoder(encoding)(_BROKEN)
        self._waiting = b""

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]
        """Fill `buffer` as far as one chunk of the file does."""
        while not self._waiting:
            chunk = self._file.read(_CHUNK)
            self._waiting = self._decoder.decode(chunk, final=not chunk).encode("utf-8", "surrogatepass")
            if not chunk:
                break
        taken = self._waiting[: len(buffer)]
        buffer[: len(taken)] = taken
        self._waiting = self._waiting[len(taken) :]
        return len(taken)

"""Files that are there whole or not at all: written under another name, and put in their place at the end."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

__all__ = ["replacing", "replacing_file", "replacing_in"]

STDOUT = "-"


@contextmanager
def replacing(out: Path) -> Iterator[Path]:
    """Give a path to write a file to, which takes the place of `out` when all went well.

    It lies in a folder of its own beside `out`, so that what else is left there is gone with it. Where something
    fails, `out` is as it was. A link stays, what it leads to is replaced.

    Raises:
        OSError: The folder can't be made, or the file not be put in its place.
    """
    target = Path(os.path.realpath(out))
    if target.is_dir():
        raise IsADirectoryError(21, "Is a directory", str(out))
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".llm-extract-") as folder:
        part = Path(folder) / "part"
        yield part
        part.replace(target)


@contextmanager
def replacing_file(out: Path) -> Iterator[IO[bytes]]:
    """Open a file for writing that takes the place of `out` when all went well; see `replacing`.

    `-` is the standard output. A device or pipe is written to as it is.

    Raises:
        OSError: It can't be written.
    """
    if str(out) == STDOUT:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
    elif out.exists() and not out.is_file() and not out.is_dir():
        with out.open("wb") as file:
            yield file
    else:
        with replacing(out) as part, part.open("wb") as file:
            yield file
            file.close()


@contextmanager
def replacing_in(out: Path) -> Iterator[Path]:
    """Give a folder to write files to, which take the place of those of the same names in `out` when all went well.

    Other files in `out` stay. Each file is replaced in one step; not all of them together.

    Raises:
        OSError: The folder can't be made, or a file not be put in its place.
    """
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out, prefix=".llm-extract-") as folder:
        yield Path(folder)
        for part in sorted(Path(folder).iterdir()):
            part.replace(out / part.name)

"""What a run has finished, on disk before it counts: a file that only grows, and what it becomes at the end.

While a run lasts, `PATH.part` grows by a line for each article that is finished or failed, and for what was spent. A process that is
killed at any instant leaves it behind; the next run with the same output goes on from what is still true there and in `PATH`, by the
fingerprints of the results. At the end the results take their place at `PATH`, and the failures beside it at `failed_path(PATH)`.
"""

from __future__ import annotations

import json
import logging
import os
from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import asdict
from io import FileIO
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import anyio.to_thread
from filelock import FileLock, Timeout
from pydantic import TypeAdapter, ValidationError
from pydantic_core import from_json

from llm_extract.articles import is_input
from llm_extract.errors import OutputError, SettingError
from llm_extract.outcomes import Failure, Finished
from llm_extract.plurals import counted
from llm_extract.schema import Usage

__all__ = ["Journal", "check_apart", "failed_path"]

_log = logging.getLogger(__name__)

_TARGET, _PART = 0, 1
"""The files that a result may stand in; its place is its offset, doubled, plus one of these."""
_FAILURE = TypeAdapter(Failure)
_BLOCK_BYTES = 1 << 16
_OTHER = "Give another file with -o, or remove it."
_ROOM = "Make room there; the same command then goes on from here, and answers that were given come from the cache."


def failed_path(output: Path) -> Path:
    """Return where the failures of a run go: beside its output, `results.failed.jsonl` for `results.jsonl`.

    Only `.jsonl` is left out of the name, so that `results.2024-05-31` and `results.2024-06-01` have one each. Of a link it is
    beside what that leads to.
    """
    if output.is_symlink():
        output = Path(os.path.realpath(output))
    return output.with_name(f"{output.name.removesuffix('.jsonl') or output.name}.failed.jsonl")


def check_apart(output: Path, inputs: Sequence[Path]) -> None:
    """Refuse an output that, itself or with its failures, would take the place of articles.

    Raises:
        SettingError: It, or where its failures would go, is one of the inputs.
    """
    for file in (output, failed_path(output)):
        if is_input(file, inputs):
            raise SettingError(f"The output {file} is one of the inputs.", remedy="Give another name with -o.")


class Journal:
    """A run's output that is a file; a context manager that locks it, repairs it and finds what earlier runs did.

    Args:
        path: The file of results; folders on the way are made. A link stays, and what it leads to is replaced.
        manner: How this run reads articles (`llm_extract.fingerprint.manner`): results made in another way are done again.
        in_order: Whether results end in the order of the articles; else in that in which they were finished, those of earlier runs first.

    Raises:
        OutputError: (on entering) It can't be written, holds something else than results, or another process writes to it.
    """

    def __init__(self, path: Path, manner: str, *, in_order: bool = True) -> None:
        self.path = path
        self.spent = Usage()
        """What runs into this output have spent since it was last complete."""
        self._target = Path(os.path.realpath(path))
        self._part = self._beside(".part")
        self._manner = manner
        self._in_order = in_order
        self._known: dict[int, int] = {}  # numbers, not strings: there may be a million
        self._failed: dict[str, Failure] = {}
        self._failed_at: dict[str, int] = {}  # positions, of those that failed in this run
        self._places = array("q")
        self._file: FileIO
        self._size = 0
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        """Lock the output, and find what earlier runs did."""
        with ExitStack() as stack:
            try:
                self._target.parent.mkdir(parents=True, exist_ok=True)
                self._lock(stack)
                self._check_target()
                _repair(self._part)
                self._take_up()
                self._file = stack.enter_context(self._part.open("ab", buffering=0))
            except OSError as error:
                raise self._wrong(error, "Give a file in a folder that you may write to.") from error
            self._size = self._file.tell()
            self._stack = stack.pop_all()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Let go of the output; without `finish`, `PATH.part` stays."""
        if not self._size:
            self._part.unlink(missing_ok=True)
        self._stack.close()

    def keep(self, position: int, article: str, fingerprint: str) -> bool:
        """Take an earlier run's result for the article at `position`, where there is one that is still true."""
        place = self._known.pop(_number(fingerprint), None)
        if place is None:
            return False
        self._put(position, place)
        self._failed.pop(article, None)
        return True

    def failed(self, article: str) -> Failure | None:
        """Return the failure that an earlier run left of an article."""
        return self._failed.get(article)

    async def store(self, batch: Sequence[Finished], spent: Usage) -> Sequence[Finished]:
        """Put finished articles and what was spent for them on the disk; return those that count now, which is all of them.

        What was spent outlives the process at once, and the machine with the next article.

        Raises:
            OutputError: The disk is full or gone; what was stored before is whole.
        """
        lines = [_line_of(finished) for finished in batch]
        if spent != Usage():  # a request counts when it is sent, its tokens when they come: often in another batch
            lines.append(_line({"spent": spent.model_dump()}))
        if not lines:
            return batch
        at = self._size
        await anyio.to_thread.run_sync(self._append, b"".join(lines), bool(batch))
        self.spent += spent
        for finished, line in zip(batch, lines, strict=False):
            self._note(finished, at)
            at += len(line)
        return batch

    def finish(self, *, complete: bool) -> Sequence[Finished]:
        """Put results and failures in their places; return what counts only now, which is nothing.

        Args:
            complete: Whether no article is left. Else results of earlier runs that this one did not come to stay too, and a file whose
                results were made in another way is kept as `PATH.old`.

        Raises:
            OutputError: The disk is full or gone; nothing is lost, and the same command tries again.
        """
        try:
            self._write_failures(complete=complete)
            if not complete:
                self._keep_the_rest()
            if any(place >= 0 for place in self._places):
                self._write_results(complete=complete)
            self._shrink(complete=complete)
        except OSError as error:
            raise self._wrong(error, _ROOM) from error
        return ()

    def _lock(self, stack: ExitStack) -> None:
        lock = FileLock(self._beside(".lock"))
        try:
            lock.acquire(blocking=False)
        except Timeout as error:
            what = f"Another process is writing to {self.path}."
            raise OutputError(what, remedy="Wait for it to end, or give another file with -o.") from error
        except NotImplementedError:
            _log.warning("%s can't be locked here: see to it that no other process writes to it.", self.path)
            return
        stack.callback(lock.release)
        stack.callback(Path(lock.lock_file).unlink, missing_ok=True)  # before it is released: who waits must not get a file that is gone

    def _check_target(self) -> None:
        if self._target.is_dir():
            raise OutputError(f"The output {self.path} is a folder.", remedy="Give a file, such as results.jsonl.")
        self._check_failures()
        if not self._target.exists():
            return
        with self._target.open("r+b") as file:  # fails now, not at the end, where it is read-only
            first = file.readline(_BLOCK_BYTES)
        if first.strip() and not first.startswith(b'{"schema_version":'):
            raise OutputError(f"{self.path} is there already and holds no results.", remedy=_OTHER)

    def _check_failures(self) -> None:
        """Refuse to write failures over what is none, such as articles, or results of an output that is called so."""
        path = failed_path(self._target)
        if not path.is_file():
            return
        with path.open("rb") as file:
            first = file.readline(_BLOCK_BYTES)
        if first.strip() and not first.startswith(b'{"article":'):
            raise OutputError(f"{path}, where failures would go, is there already and holds none.", remedy=_OTHER)

    def _take_up(self) -> None:
        """Find what is known, of which the latest counts."""
        for offset, document in _documents(self._target):
            self._learn(document, offset * 2 + _TARGET)
        for _, document in _documents(failed_path(self._target)):
            self._learn_failure(document)
        for offset, document in _documents(self._part):
            self._learn(document, offset * 2 + _PART)

    def _learn(self, document: Any, place: int) -> None:  # noqa: ANN401  JSON
        match document:
            case {"fingerprint": str() as fingerprint, "article": {"id": str() as article}}:
                if fingerprint.startswith(self._manner):
                    with suppress(ValueError):  # what looks like a fingerprint and is none is no result
                        self._known[_number(fingerprint)] = place
                        self._failed.pop(article, None)
            case {"spent": spent}:
                with suppress(ValidationError):
                    self.spent += Usage.model_validate(spent)
            case {"failure": {**failure}}:
                self._learn_failure(failure)

    def _learn_failure(self, document: Any) -> None:  # noqa: ANN401  JSON
        try:
            failed = _FAILURE.validate_python(document)
        except ValidationError:
            return
        self._failed[failed.article] = failed

    def _note(self, finished: Finished, offset: int) -> None:
        outcome = finished.outcome
        if isinstance(outcome.result, Failure):
            self._failed[outcome.article] = outcome.result
            self._failed_at[outcome.article] = outcome.position
        else:
            self._failed.pop(outcome.article, None)
            self._put(outcome.position, offset * 2 + _PART)

    def _put(self, position: int, place: int) -> None:
        missing = position + 1 - len(self._places)
        if missing > 0:
            self._places.extend([-1] * missing)
        self._places[position] = place

    def _append(self, data: bytes, lasting: bool) -> None:  # noqa: FBT001  a thread is given positions only
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[self._file.write(rest) :]
            if lasting:
                os.fsync(self._file.fileno())
        except OSError as error:
            with suppress(OSError):
                self._file.truncate(self._size)
            raise self._wrong(error, _ROOM) from error
        self._size += len(data)

    def _keep_the_rest(self) -> None:
        """Keep what this run did not come to; of an article that changed, an earlier result is none where there is a later one."""
        for place in sorted(self._latest_of_the_rest()) if self._known else ():
            self._put(len(self._places), place)
        self._known.clear()

    def _latest_of_the_rest(self) -> Iterator[int]:
        done, rest = {*self._places}, {*self._known.values()}
        latest: dict[int, int] = {}  # by digests, not names: there may be a million
        for path, which in self._files():
            for offset, document in _documents(path):
                match document:
                    case {"article": {"id": str() as article}}:
                        place, name = offset * 2 + which, hash(article)
                        if place in done:
                            latest[name] = -1
                        elif place in rest and latest.get(name) != -1:
                            latest[name] = place
        return (place for place in latest.values() if place >= 0)

    def _write_results(self, *, complete: bool) -> None:
        places: Iterable[int] = (place for place in self._places if place >= 0)
        if not self._in_order:
            places = sorted(places, key=lambda place: (place & 1, place))
        with ExitStack() as stack:
            files = {which: stack.enter_context(path.open("rb")) for path, which in self._files() if path.exists()}
            new = stack.enter_context(self._beside(".new").open("wb"))
            for place in places:
                file = files[place & 1]
                file.seek(place >> 1)
                new.write(file.readline().rstrip(b"\r\n") + b"\n")  # an editor may have left the last line without its end
            _sync(new)
        if not complete and self._target.exists() and self._loses(self._target):
            self._target.replace(self._beside(".old"))
        self._beside(".new").replace(self._target)

    def _loses(self, path: Path) -> bool:
        """Whether a file holds results made in another way, which would be lost with it."""
        return any(not str(document.get("fingerprint")).startswith(self._manner) for _, document in _documents(path))

    def _write_failures(self, *, complete: bool) -> None:
        path = failed_path(self._target)
        last = len(self._places) + len(self._failed)
        here = [failed for name, failed in self._failed.items() if name in self._failed_at or not complete]
        if not here:
            path.unlink(missing_ok=True)
            return
        new = path.with_name(path.name + ".new")
        with new.open("wb") as file:
            for failed in sorted(here, key=lambda failed: self._failed_at.get(failed.article, last)):
                file.write(_line(asdict(failed)))
            _sync(file)
        new.replace(path)

    def _shrink(self, *, complete: bool) -> None:
        """Leave of the part only what was spent, and nothing once all is done."""
        left = _line({"spent": self.spent.model_dump()}) if self.spent != Usage() and not complete else b""
        new = self._beside(".part.new")
        with new.open("wb") as file:
            file.write(left)
            _sync(file)
        self._file.close()
        new.replace(self._part)
        self._size = len(left)

    def _files(self) -> Iterator[tuple[Path, int]]:
        yield self._target, _TARGET
        yield self._part, _PART

    def _beside(self, suffix: str) -> Path:
        return self._target.with_name(self._target.name + suffix)

    def _wrong(self, error: OSError, remedy: str) -> OutputError:
        return OutputError(f"Can't write to {self.path}: {error.strerror or error}.", remedy=remedy)


def _number(fingerprint: str) -> int:
    """Return what tells an article from others: the last 16 digits."""
    return int(fingerprint[-16:], 16)


def _documents(path: Path) -> Iterator[tuple[int, Any]]:
    """Yield each whole line's offset and what it holds; a damaged one is told of and done again."""
    if not path.exists():
        return
    offset, damaged = 0, 0
    with path.open("rb") as file:
        for line in file:
            try:
                document = from_json(line)
            except ValueError:
                damaged += 1
            else:
                if isinstance(document, dict):
                    yield offset, document
            offset += len(line)
    if damaged:
        _log.warning("%s has %s; what was there is done again.", path, counted(damaged, "damaged line"))


def _repair(path: Path) -> None:
    """Cut off a last line that was being written when the process or the machine died."""
    if not path.exists():
        return
    with path.open("r+b") as file:
        end = file.seek(0, os.SEEK_END)
        at = end
        while at > 0:
            start = max(0, at - _BLOCK_BYTES)
            file.seek(start)
            found = file.read(at - start).rfind(b"\n")
            if found >= 0:
                at = start + found + 1
                break
            at = start
        if at < end:
            _log.warning("The last line of %s was cut off; what it held is done again.", path)
            file.truncate(at)


def _line_of(finished: Finished) -> bytes:
    failure = finished.outcome.result
    return _line({"failure": asdict(failure)}) if isinstance(failure, Failure) else finished.line


def _line(document: object) -> bytes:
    # A server's message may hold half a character, which is no UTF-8.
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode(errors="replace") + b"\n"


def _sync(file: IO[bytes]) -> None:
    file.flush()
    os.fsync(file.fileno())

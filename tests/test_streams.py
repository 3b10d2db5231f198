from __future__ import annotations

import os
import threading
from pathlib import Path

import anyio
import pytest

from llm_extract.errors import OutputError
from llm_extract.outcomes import Failure, Finished, Outcome
from llm_extract.schema import Usage
from llm_extract.streams import Stream, is_stream


def _finished(position: int) -> Finished:
    return Finished(Outcome(position, f"a{position}", None), f"{position}\n".encode())


def _failure(position: int) -> Finished:
    return Finished(Outcome(position, f"a{position}", Failure(f"a{position}", "extract", "ModelError", "No.")))


def _store(stream: Stream, *finished: Finished) -> list[int]:
    return [one.outcome.position for one in anyio.run(stream.store, list(finished), Usage(requests=1))]


@pytest.fixture
def pipe(tmp_path: Path) -> Path:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    return path


class _Reader:
    """Reads a pipe to its end."""

    def __init__(self, path: Path) -> None:
        self.data = b""
        self._thread = threading.Thread(target=self._read, args=(path,))
        self._thread.start()

    def _read(self, path: Path) -> None:
        self.data = path.read_bytes()

    def all(self) -> bytes:
        self._thread.join()
        return self.data


def test_a_stream_is_the_standard_output_a_pipe_or_a_device(tmp_path: Path, pipe: Path) -> None:
    (tmp_path / "file").touch()
    paths = [Path("-"), pipe, Path(os.devnull), tmp_path / "file", tmp_path, tmp_path / "none"]
    assert [is_stream(path) for path in paths] == [True, True, True, False, False, False]


def test_in_order_a_result_waits_for_those_before_it_and_a_failure_takes_a_turn_without_a_line(pipe: Path) -> None:
    reader = _Reader(pipe)
    with Stream(pipe) as stream:
        assert _store(stream, _finished(2), _finished(1)) == []
        assert _store(stream, _failure(0)) == [0, 1, 2]
        assert _store(stream, _finished(4)) == []
        assert [one.outcome.position for one in stream.finish(complete=False)] == [4]
        assert stream.spent.requests == 3
    assert reader.all() == b"1\n2\n4\n"


def test_in_order_of_completion_all_goes_out_as_it_comes(pipe: Path) -> None:
    reader = _Reader(pipe)
    with Stream(pipe, in_order=False) as stream:
        assert _store(stream, _finished(2), _finished(0)) == [2, 0]
        assert stream.finish(complete=True) == []
    assert reader.all() == b"2\n0\n"


def test_nothing_is_known_of_earlier_runs() -> None:
    with Stream(Path(os.devnull)) as stream:
        assert not stream.keep(0, "a", "f")
        assert stream.failed("a") is None


def test_a_reader_that_is_gone_and_a_full_device_are_errors(pipe: Path) -> None:
    reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    with Stream(pipe) as stream:
        os.close(reading)
        with pytest.raises(OutputError, match="Broken pipe"):
            _store(stream, _finished(0))
    with Stream(Path("/dev/full")) as stream, pytest.raises(OutputError, match=r"/dev/full: No space left"):
        _store(stream, _finished(0))


def test_a_device_that_can_not_be_opened_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="Can't write to"), Stream(tmp_path):
        pass

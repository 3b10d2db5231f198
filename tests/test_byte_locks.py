"""Locks exclude other processes and other objects, and a process that dies, or forks, keeps none."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from llm_extract.byte_locks import ByteLocks, FileLocks, Locks, locks_in

HOLDER = """
import os, sys, time
from pathlib import Path
from llm_extract.byte_locks import locks_in
locks = locks_in(Path(sys.argv[1]))
assert locks.take(7)
if "fork" in sys.argv:
    child = os.fork()
    os.write(1, f"{child or 'child'}\\n".encode())  # whole, for two processes write here
else:
    print("held", flush=True)
time.sleep(60)
"""
KINDS: list[Callable[[Path], Locks]] = [FileLocks]
if sys.platform == "linux":
    KINDS.append(lambda folder: ByteLocks(folder / "locks"))


def _holder(folder: Path, *more: str) -> subprocess.Popen[str]:
    root = Path(__file__).parent.parent
    return subprocess.Popen([sys.executable, "-c", HOLDER, str(folder), *more], stdout=subprocess.PIPE, text=True, cwd=root)


def _taken_within(locks: Locks, number: int, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while not (taken := locks.take(number)) and time.monotonic() < end:
        time.sleep(0.01)
    return taken


@pytest.mark.parametrize("kind", KINDS)
def test_one_of_two_objects_holds_a_lock_until_it_gives_it_back(kind: Callable[[Path], Locks], tmp_path: Path) -> None:
    one, other = kind(tmp_path), kind(tmp_path)
    assert one.take(7)
    assert not other.take(7)
    assert other.take(8)
    other.give_back(7)  # which it does not hold
    assert not other.take(7)
    one.give_back(7)
    assert other.take(7)
    assert not one.take(7)


@pytest.mark.parametrize("kind", KINDS)
def test_an_object_that_is_gone_holds_nothing(kind: Callable[[Path], Locks], tmp_path: Path) -> None:
    one, other = kind(tmp_path), kind(tmp_path)
    assert one.take(7)
    del one
    gc.collect()
    assert other.take(7)


def test_a_process_that_is_killed_holds_nothing(tmp_path: Path) -> None:
    ours = locks_in(tmp_path)
    with _holder(tmp_path) as child:
        assert child.stdout
        assert child.stdout.readline() == "held\n"
        assert not ours.take(7)
        assert ours.take(8)
        child.kill()
        assert _taken_within(ours, 7, 20)


@pytest.mark.skipif(sys.platform != "linux", reason="locks of bytes are there on Linux only")
def test_a_child_that_outlives_its_parent_does_not_keep_the_locks(tmp_path: Path) -> None:
    ours = locks_in(tmp_path)
    with _holder(tmp_path, "fork") as parent:
        assert parent.stdout
        told = {parent.stdout.readline().strip() for _ in range(2)}
        (child,) = told - {"child"}
        try:
            assert not ours.take(7)
            parent.kill()
            parent.wait()
            os.kill(int(child), 0)  # it is alive
            assert _taken_within(ours, 7, 20)
        finally:
            os.kill(int(child), signal.SIGKILL)


@pytest.mark.skipif(sys.platform != "linux", reason="locks of bytes are there on Linux only")
def test_the_file_that_others_open_and_close_keeps_its_locks(tmp_path: Path) -> None:
    one, other = ByteLocks(tmp_path / "locks"), ByteLocks(tmp_path / "locks")
    assert one.take(7)
    (tmp_path / "locks").read_bytes()
    other.close()
    assert not other.take(7)
    one.close()
    assert other.take(7)


@pytest.mark.parametrize("kind", KINDS)
def test_without_a_folder_the_system_says_why(kind: Callable[[Path], Locks]) -> None:
    with pytest.raises(OSError, match=r"No such file|[Nn]ot a directory"):
        kind(Path(__file__) / "nowhere").take(7)

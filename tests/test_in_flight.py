from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path

import anyio
import pytest
from plain_user import as_plain_user

from llm_extract.in_flight import InFlight

pytestmark = pytest.mark.anyio

KEY, ALIKE, OTHER = "abc111", "abc222", "def333"

HOLDER = """
import sys, anyio
from pathlib import Path
from llm_extract.in_flight import InFlight
async def hold():
    async with InFlight(Path(sys.argv[1])).alone(sys.argv[2]):
        print("held", flush=True)
        await anyio.sleep(60)
anyio.run(hold)
"""


def _holder(folder: Path, key: str) -> subprocess.Popen[str]:
    root = Path(__file__).parent.parent
    child = subprocess.Popen([sys.executable, "-c", HOLDER, str(folder), key], stdout=subprocess.PIPE, text=True, cwd=root)
    assert child.stdout
    assert child.stdout.readline() == "held\n"
    return child


async def _free(locks: InFlight, key: str) -> bool:
    """Whether nobody else holds `key`."""
    with anyio.move_on_after(0.1):
        async with locks.alone(key):
            return True
    return False


async def test_another_process_waits_and_a_killed_one_lets_go(tmp_path: Path) -> None:
    with await anyio.to_thread.run_sync(_holder, tmp_path, KEY) as child:
        locks = InFlight(tmp_path)
        assert not await _free(locks, KEY)
        assert not await _free(locks, ALIKE)  # it shares its lock
        assert await _free(locks, OTHER)
        with anyio.move_on_after(0.05):
            async with locks.alone(KEY):
                pytest.fail("it is held")
        child.kill()
        async with locks.alone(ALIKE):
            pass
        assert await _free(locks, KEY)


async def test_in_one_process_two_questions_never_wait_for_each_other(tmp_path: Path) -> None:
    locks = InFlight(tmp_path)
    with anyio.fail_after(20):
        async with locks.alone(KEY), locks.alone(ALIKE), locks.alone(OTHER):
            pass


async def test_a_lock_is_held_until_the_last_of_a_process_lets_go(tmp_path: Path) -> None:
    ours, theirs = InFlight(tmp_path), InFlight(tmp_path)
    async with ours.alone(KEY):
        async with ours.alone(ALIKE):
            pass
        assert not await _free(theirs, KEY)
    assert await _free(theirs, KEY)


async def test_one_that_waits_goes_on_once_the_other_is_done(tmp_path: Path) -> None:
    ours, theirs = InFlight(tmp_path), InFlight(tmp_path)
    told: list[str] = []

    async def wait() -> None:
        async with theirs.alone(KEY):
            told.append("theirs")

    async with anyio.create_task_group() as group, ours.alone(KEY):
        group.start_soon(wait)
        await anyio.sleep(0.05)
        told.append("ours")
    assert told == ["ours", "theirs"]


async def test_an_error_or_an_end_lets_go(tmp_path: Path) -> None:
    ours, theirs = InFlight(tmp_path), InFlight(tmp_path)
    with pytest.raises(ZeroDivisionError):
        async with ours.alone(KEY):
            raise ZeroDivisionError
    with anyio.move_on_after(0.01):
        async with ours.alone(KEY):
            await anyio.sleep(10)
    assert await _free(theirs, KEY)


async def test_where_there_can_be_no_locks_one_line_says_so_and_all_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    with as_plain_user() as folder:
        folder.chmod(0o555)
        locks = InFlight(folder / "in-flight")
        for key in (KEY, OTHER):
            async with locks.alone(key):
                pass
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "another process may ask the same" in caplog.text


async def test_a_folder_that_can_not_be_written_any_more_is_told_once_too(caplog: pytest.LogCaptureFixture) -> None:
    with as_plain_user() as folder:
        locks = InFlight(folder)
        folder.chmod(0o555)
        for key in (KEY, OTHER):
            async with locks.alone(key):
                pass
    assert len(caplog.records) == 1

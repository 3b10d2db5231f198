"""Processes that are measured: each runs alone, from its start to its end, and says what it did."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

__all__ = ["ROOT", "BenchmarkError", "Cost", "Work", "run", "serving", "timed"]

ROOT = Path(__file__).parents[2]
# What would send the work elsewhere than to loopback, or have every process compile the library anew, which an installed one need not.
_KEPT_OUT = ("OPENAI_", "LLM_EXTRACT_", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "PYTHONPATH", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE")
_UNIT_BYTES = 1 if sys.platform == "darwin" else 1024
"""Bytes in the unit in which the system tells the memory of a process."""
_LONGEST_MESSAGE = 2_000


class BenchmarkError(Exception):
    """Something that is measured did not do its work."""


@dataclass(frozen=True)
class Cost:
    """What a whole process cost.

    Args:
        seconds: From its start to its end.
        peak_bytes: The most memory that it had.
        output: What it wrote to its standard output.
    """

    seconds: float
    peak_bytes: int
    output: str


@dataclass(frozen=True)
class Work:
    """What a worker says of its work, imports and preparations left out.

    Args:
        articles: How many were done.
        requests: How many were sent for them.
        seconds: How long it took.
        cpu_s: Seconds of a processor that the worker's process used meanwhile.
        peak_bytes: The most memory that the whole process had.
    """

    articles: int
    requests: int
    seconds: float
    cpu_s: float
    peak_bytes: int


def timed(command: Sequence[str]) -> Cost:
    """Run a command to its end, alone in a process.

    Raises:
        BenchmarkError: It fails.
    """
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        begun = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603  the project's own modules
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=errors, cwd=ROOT, env=_environment()
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            errors.seek(0)
            msg = f"{' '.join(command)} ended with {process.returncode}: {errors.read().strip()[-_LONGEST_MESSAGE:]}"
            raise BenchmarkError(msg)
        output.seek(0)
        return Cost(seconds, usage.ru_maxrss * _UNIT_BYTES, output.read())


def run(worker: str, *arguments: object) -> Work:
    """Have a worker of this package do its work.

    Raises:
        BenchmarkError: It fails.
    """
    cost = timed([sys.executable, "-m", f"benchmarks.speed.{worker}", *map(str, arguments)])
    return Work(**json.loads(cost.output.splitlines()[-1]), peak_bytes=cost.peak_bytes)


@contextmanager
def serving(latency_s: float) -> Iterator[str]:
    """Serve scripted answers, each after so many seconds, and yield the endpoint's address."""
    command = [sys.executable, "-m", "benchmarks.speed.server", str(latency_s * 1000)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=_environment()) as process:  # noqa: S603
        try:
            port = int((process.stdout.readline() if process.stdout else "") or 0)
            if not port:
                msg = "the scripted server did not start"
                raise BenchmarkError(msg)
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            process.terminate()


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.upper().startswith(_KEPT_OUT)}

"""Who takes part: the process of each, and the environment that it needs."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from benchmarks.quality.worker import Answer, Task
from llm_extract.errors import SettingError

__all__ = ["CONTESTANTS", "Contestant", "Worker", "WorkerEndedError", "installed_python"]

ROOT = Path(__file__).parents[2]
_ENVIRONMENTS = Path(__file__).parent / ".venvs"
# What would send a contestant elsewhere than to the proxy, or give it a key that it does not need.
_KEPT_OUT = ("OPENAI_", "LLM_EXTRACT_", "LANGEXTRACT_", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "PYTHONPATH", "PYTHONHOME")


@dataclass(frozen=True)
class Contestant:
    """A program that takes part.

    Args:
        name: What the table calls it.
        module: The worker, run as `python -m`.
        requirements: What it needs installed in an environment of its own; None: it runs in that of llm-extract.
    """

    name: str
    module: str
    requirements: Path | None = None


CONTESTANTS = (
    Contestant("llm-extract", "benchmarks.quality.with_llm_extract"),
    Contestant("langextract", "benchmarks.quality.with_langextract", Path(__file__).with_name("requirements-langextract.txt")),
    Contestant("instructor", "benchmarks.quality.with_instructor"),
)


class WorkerEndedError(Exception):
    """A worker's process ended instead of answering."""


class Worker:
    """The process of a contestant. It is started when it is first asked, or by `start`, and again after it ended.

    Args:
        name: Of the contestant.
        command: What is run.
        log: Takes what the process writes to its standard error; added to.
    """

    def __init__(self, name: str, command: Sequence[str], log: Path) -> None:
        self.name = name
        self.versions: Mapping[str, str] = {}
        self._command = [*command]
        self._log = log
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start the process, unless it runs, and wait until it has imported what it needs.

        Raises:
            WorkerEndedError: It does not get there; `log` says why.
        """
        if self._process is not None:
            return
        self._log.parent.mkdir(parents=True, exist_ok=True)
        with self._log.open("a", encoding="utf-8") as log:
            self._process = subprocess.Popen(  # noqa: S603  the project's own modules
                self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True, cwd=ROOT, env=_environment()
            )
        self.versions = dict(self._next()["versions"])  # type: ignore[call-overload]  # what a worker says first

    def ask(self, task: Task) -> Answer:
        """Return the answer for one article; `error` is in it where the contestant failed.

        Raises:
            WorkerEndedError: The process ended; the next call starts another.
        """
        self.start()
        with contextlib.suppress(BrokenPipeError):  # then there is no answer either
            stream = self._stream("stdin")
            stream.write(json.dumps(asdict(task)) + "\n")
            stream.flush()
        return self._next()

    def close(self) -> None:
        """End the process."""
        if self._process is None:
            return
        process, self._process = self._process, None
        process.terminate()
        with contextlib.suppress(BrokenPipeError):
            process.communicate()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """End the process."""
        self.close()

    def _stream(self, name: str) -> IO[str]:
        stream: IO[str] | None = getattr(self._process, name)
        if stream is None:
            raise WorkerEndedError(f"The process of {self.name} is not there.")
        return stream

    def _next(self) -> Answer:
        line = self._stream("stdout").readline()
        if not line.endswith("\n"):
            self.close()
            raise WorkerEndedError(f"The process of {self.name} ended; {self._log.name} says more.")
        answer: dict[str, object] = json.loads(line)
        return answer


def installed_python(contestant: Contestant, say: Callable[[str], None]) -> Path:
    """Return the Python that runs a contestant, making its environment where it is not there or its requirements changed.

    Raises:
        SettingError: It can't be made.
    """
    if contestant.requirements is None:
        return Path(sys.executable)
    folder = _ENVIRONMENTS / contestant.name
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    stamp = folder / "installed"
    wanted = hashlib.sha256(contestant.requirements.read_bytes()).hexdigest()
    if not stamp.is_file() or stamp.read_text(encoding="ascii") != wanted:
        say(f"Installing {contestant.name} into an environment of its own ...")
        _run([sys.executable, "-m", "venv", "--clear", str(folder)], contestant)
        pip = [str(python), "-m", "pip", "--disable-pip-version-check", "--quiet"]
        _run([*pip, "install", "--requirement", str(contestant.requirements)], contestant)
        stamp.write_text(wanted, encoding="ascii")
    return python


def _run(command: Sequence[str], contestant: Contestant) -> None:
    done = subprocess.run([*command], capture_output=True, text=True, check=False)  # noqa: S603  venv and pip
    if done.returncode:
        reason = (done.stderr or done.stdout).strip().splitlines()[-1:]
        remedy = f"Leave it out (--without {contestant.name}), or name a Python that has it (--langextract-python)."
        raise SettingError(f"The environment of {contestant.name} can't be made: {' '.join(reason)}.", remedy=remedy)


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith(_KEPT_OUT)}
    return {**kept, "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1", "PYTHONUTF8": "1"}

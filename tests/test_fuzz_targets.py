"""The targets of the fuzzer hold for what it begins from, and fail where what they hold is broken."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import fuzz_targets
import pytest

from llm_extract.journal import Journal
from llm_extract.resolve import Resolver
from llm_extract.schema import Span


@pytest.mark.parametrize(("name", "seed"), [(name, seed) for name, seeds in fuzz_targets.SEEDS.items() for seed in seeds])
def test_what_it_begins_from_passes(name: str, seed: bytes) -> None:
    fuzz_targets.TARGETS[name](seed)


def test_a_wrong_span_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Resolver, "_span", lambda *_: Span(start=0, end=3, text="???"))
    with pytest.raises(AssertionError):
        fuzz_targets.resolving(bytes(16) + "“We agree,” Ana Petrova said.".encode())


def test_a_lost_result_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Journal, "_note", lambda *_: None)
    with pytest.raises((AssertionError, OSError)):
        fuzz_targets.journal(b"")


def test_without_atheris_it_says_so_and_passes(tmp_path: Path) -> None:
    command = [sys.executable, "-S", str(Path(__file__).parent / "fuzz.py")]  # without installed packages
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (done.returncode, "atheris is not installed" in done.stderr) == (0, True)

"""Two processes on one cache and one output, one of which may be killed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from faults import FaultServer, Received, Reply, serving
from news import QUESTIONS, asked, good, question_of, results, write_articles
from typer.testing import CliRunner

from llm_extract import cli

ROOT = Path(__file__).parent.parent


def _command(folder: Path, server: FaultServer, out: str) -> list[str]:
    return ["run", str(folder / "news"), "-o", str(folder / out), "--base-url", server.url, "--cache-dir", str(folder / "cache"), "-j", "4"]


@pytest.fixture(autouse=True)
def _own_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"OPENAI_API_KEY": "key-4711", "LLM_EXTRACT_MODEL": "tiny", "LLM_EXTRACT_MAX_WAIT_S": "0"}.items():
        monkeypatch.setenv(name, value)


def _start(folder: Path, server: FaultServer, out: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "llm_extract", *_command(folder, server, out)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, cwd=folder)


def _run(folder: Path, server: FaultServer, out: str) -> tuple[int, str]:
    result = CliRunner().invoke(cli.app, _command(folder, server, out))
    return result.exit_code, result.output


def _await(condition: object) -> None:
    assert callable(condition)
    for _ in range(6000):
        if condition():
            return
        time.sleep(0.01)
    pytest.fail("it never came")


def test_a_question_in_flight_in_one_is_not_sent_by_the_other(tmp_path: Path) -> None:
    names = write_articles(tmp_path / "news", 12)
    with serving(by=lambda received: Reply(body=good(received).body, silent_s=0.15)) as server:
        both = [_start(tmp_path, server, f"{number}.jsonl") for number in range(2)]
        for child in both:
            said = child.communicate(timeout=120)
            assert child.returncode == 0, said
    assert asked(server.received) == Counter(dict.fromkeys(asked(server.received), 1))
    assert len(server.received) == 12 * QUESTIONS
    assert results(tmp_path / "0.jsonl") == results(tmp_path / "1.jsonl") == names


def test_what_one_that_is_killed_was_asking_the_other_asks_and_no_lock_stays(tmp_path: Path) -> None:
    names = write_articles(tmp_path / "news", 6)
    stuck = (5, "Meetings")
    killed: list[bool] = []

    def hanging_until_the_kill(received: Received) -> Reply:
        return Reply(hangs=True) if question_of(received) == stuck and not killed else good(received)

    with serving(by=hanging_until_the_kill) as server:
        first = _start(tmp_path, server, "r.jsonl")
        _await(lambda: len(server.received) == 5 * QUESTIONS + 1)
        code, said = _run(tmp_path, server, "r.jsonl")
        assert (code, "Another process is writing to" in said) == (2, True)

        second = _start(tmp_path, server, "other.jsonl")
        part = tmp_path / "other.jsonl.part"
        _await(lambda: part.exists() and part.read_bytes().count(b'"schema_version"') == 5)
        assert len(server.received) == 5 * QUESTIONS + 1  # it waits for what the first one asks
        killed.append(True)
        first.kill()
        first.communicate()
        assert second.communicate(timeout=120)[0] == ""
        assert second.returncode == 0

        code, said = _run(tmp_path, server, "r.jsonl")
        assert code == 0, said
    assert results(tmp_path / "other.jsonl") == results(tmp_path / "r.jsonl") == names
    counts = asked(server.received)
    assert counts.pop(stuck) == 2
    assert set(counts.values()) == {1}
    assert sorted(path.name for path in tmp_path.glob("*.jsonl*")) == ["other.jsonl", "r.jsonl"]

"""The command against a real server that misbehaves: articles in = results + failures, nothing lost, nothing twice, few requests."""

from __future__ import annotations

import gzip
import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from faults import FaultServer, Received, Reply, closed_port_url, completion, refusal, serving
from news import GOOD, QUESTIONS, asked, failures, good, number_of, question_of, results, task_of, write_articles
from plain_user import as_plain_user
from test_journal import at_most_bytes
from typer.testing import CliRunner, Result

from llm_extract import Extractor, cli
from llm_extract.articles import find_articles
from llm_extract.cache import AnswerCache
from llm_extract.corpus import RunOptions, process
from llm_extract.outcomes import Outcome
from llm_extract.settings import Settings

KEY = "key-do-not-show-4711"
RETRIES, REASKS = 1, 1
MOST = 1 + RETRIES + REASKS
LATE = {"date": "Tue, 01 Jan 2030 00:00:00 GMT", "retry-after": "Tue, 01 Jan 2030 00:00:01 GMT"}
"""A server whose clock is years off asks to wait a second."""


@pytest.fixture(autouse=True)
def _own_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    given = {"CACHE_DIR": tmp_path / "cache", "MAX_WAIT_S": 0, "MAX_RETRIES": RETRIES, "MAX_REASKS": REASKS, "MODEL": "tiny"}
    for name, value in given.items():
        monkeypatch.setenv(f"LLM_EXTRACT_{name}", str(value))
    monkeypatch.setenv("OPENAI_API_KEY", KEY)


def run(folder: Path, url: str, *more: str, out: str = "r.jsonl") -> Result:
    """Read the articles in `folder/news`, results into `folder`."""
    arguments = ["run", folder / "news", "-o", folder / out, "--base-url", url, "--jobs", "3", *more]
    result = CliRunner().invoke(cli.app, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.output
    return result


def content(document: object) -> Reply:
    return completion(json.dumps(document))


WHOLE = content(GOOD["Meetings"]).body
WRONG_SENTENCE = content({"records": [{**GOOD["Meetings"]["records"][0], "evidence": [77]}]})
DUMP = Reply(body=b" " * 1_000_000, times=1000)
BOMB = gzip.compress(gzip.compress(b"\0" * 30_000_000))

PASSING = {
    "429": refusal(429),
    "429-seconds": refusal(429, headers={"retry-after": "1"}),
    "429-date": refusal(429, headers=LATE),
    "429-no-date-that-there-is": refusal(429, headers={"retry-after": "Mon, 01 Jan 2024 00:00:00 +9999999999999"}),
    "500": refusal(500),
    "502": Reply(status=502, body=b"<html>bad gateway", content_type="text/html"),
    "503": refusal(503),
    "half-a-character": Reply(status=500, body=b'{"error": {"message": "\\ud800 broke"}}'),
    "no-message": Reply(status=500, body=b'{"error": [1, {"code": {}}]}'),
    "reset-mid-body": Reply(body=WHOLE, sent_bytes=30),
    "reset-before-body": Reply(body=WHOLE, sent_bytes=0),
    "truncated": Reply(body=WHOLE[:60]),
    "slow-headers": Reply(body=WHOLE, silent_s=9),
    "slow-trickle": Reply(body=WHOLE, trickles_s=0.05),
    "hang": Reply(hangs=True),
}
UNUSABLE = {
    "truncated-json": completion('{"records": [{"par'),
    "wrong-shape": content({"records": {"a": 1}}),
    "other-json": content([[[]]]),
    "unknown-number": WRONG_SENTENCE,
    "length": completion(json.dumps(GOOD["Meetings"]), finish_reason="length"),
    "empty-choices": Reply(body=b'{"object": "chat.completion", "choices": []}'),
    "choices-of-another-kind": Reply(body=b'{"object": "chat.completion", "choices": {"a": [1]}, "usage": "many"}'),
    "numbers-for-all": Reply(body=b'{"choices": [{"message": 7, "finish_reason": []}], "usage": {"prompt_tokens": -1e999}}'),
    "half-a-character-in-the-answer": completion('{"records": "\ud800"}'),
}
FINAL = {
    "refusal": (completion(None, refusal="I can't help with that"), "ModelRefusedError"),
    "content-filter": (completion("", finish_reason="content_filter"), "ModelRefusedError"),
    "filtered-prompt": (refusal(400, code="invalid_prompt"), "ModelRefusedError"),
    "too-long": (refusal(413), "ModelRefusedError"),
    "1-GB": (DUMP, "UnusableAnswerError"),
    "1-GB-unannounced": (Reply(body=DUMP.body, times=1000, headers={"content-length": "", "connection": "close"}), "UnusableAnswerError"),
    "1-GB-of-an-error": (Reply(status=500, body=DUMP.body, times=1000), "UnusableAnswerError"),
    "bomb": (Reply(body=BOMB, headers={"content-encoding": "gzip, gzip"}), "UnusableAnswerError"),
}
CASES = [
    *(pytest.param(reply, "ModelOverloadedError", 1 + RETRIES, id=name) for name, reply in PASSING.items()),
    *(pytest.param(reply, "UnusableAnswerError", 1 + REASKS, id=name) for name, reply in UNUSABLE.items()),
    *(pytest.param(reply, error, 1, id=name) for name, (reply, error) in FINAL.items()),
]


@pytest.mark.parametrize(("fault", "error", "requests"), CASES)
def test_a_fault_costs_at_most_its_article_and_is_mended_by_trying_again(tmp_path: Path, fault: Reply, error: str, requests: int) -> None:
    names = write_articles(tmp_path / "news", 3)
    seen: set[tuple[int, str]] = set()

    def once_for_the_first_and_always_for_the_second(received: Received) -> Reply:
        question = question_of(received)
        new = question not in seen
        seen.add(question)
        return fault if question == (1, "Meetings") or (new and question == (0, "Meetings")) else good(received)

    slow = fault.silent_s or fault.trickles_s or fault.hangs
    with serving(by=once_for_the_first_and_always_for_the_second) as server:
        result = run(tmp_path, server.url, "--timeout", "1" if slow else "60")
    passes = requests > 1
    done = [names[0], names[2]] if passes else [names[2]]
    assert result.exit_code == 1, result.output
    assert (results(tmp_path / "r.jsonl"), set(failures(tmp_path / "r.jsonl"))) == (done, set(names) - set(done))
    assert set(failures(tmp_path / "r.jsonl").values()) == {error}
    first = asked(server.received)
    assert (first[0, "Meetings"], first[1, "Meetings"]) == (2 if passes else 1, requests)
    assert max(first.values()) <= MOST
    assert server.sent_bytes < 60_000_000

    with serving(by=good) as server:
        result = run(tmp_path, server.url, "--retry-failed")
    assert result.exit_code == 0, result.output
    assert (results(tmp_path / "r.jsonl"), failures(tmp_path / "r.jsonl")) == (names, {})
    assert set(asked(server.received)) == {(number, task) for number in range(3) if names[number] not in done for task in GOOD}


STOPPING = {
    "401": refusal(401),
    "403": refusal(403),
    "404": refusal(404),
    "quota": refusal(429, code="insufficient_quota"),
    "wrong-content-type": Reply(body=b"<html>log in", content_type="text/html"),
}


@pytest.mark.parametrize("fault", [pytest.param(reply, id=name) for name, reply in STOPPING.items()])
def test_what_all_would_fail_from_stops_the_run_which_goes_on_later(tmp_path: Path, fault: Reply) -> None:
    names = write_articles(tmp_path / "news", 6)
    with serving(by=lambda received: good(received) if number_of(received) < 2 else fault) as server:
        result = run(tmp_path, server.url, "--jobs", "1")
    assert (result.exit_code, results(tmp_path / "r.jsonl")) == (4, names[:2])
    assert len(server.received) == 2 * QUESTIONS + 1
    with serving(by=good) as server:
        assert run(tmp_path, server.url).exit_code == 0
    assert (results(tmp_path / "r.jsonl"), failures(tmp_path / "r.jsonl")) == (names, {})
    assert len(server.received) == 4 * QUESTIONS


@pytest.mark.parametrize("status", [400, 422])
def test_a_request_that_is_rejected_without_a_reason_stops_the_run_only_before_others_were_taken(tmp_path: Path, status: int) -> None:
    names = write_articles(tmp_path / "news", 4)
    with serving(refusal(status)) as server:
        assert (run(tmp_path, server.url, "--jobs", "1").exit_code, len(server.received)) == (4, 1)
    assert failures(tmp_path / "r.jsonl") == {}
    with serving(by=lambda received: refusal(status) if number_of(received) == 2 else good(received)) as server:
        assert run(tmp_path, server.url, "--jobs", "1").exit_code == 1
        assert (results(tmp_path / "r.jsonl"), failures(tmp_path / "r.jsonl")) == (
            [names[0], names[1], names[3]],
            {names[2]: "RequestRejectedError"},
        )
        assert run(tmp_path, server.url, "--jobs", "1", "--retry-failed").exit_code == 1  # results that were kept are proof enough
    assert (len(server.received), max(asked(server.received).values())) == (3 * QUESTIONS + 2, 2)


def test_a_server_that_is_gone_stops_the_run_after_the_retries_and_the_run_goes_on_later(tmp_path: Path) -> None:
    names = write_articles(tmp_path / "news", 2)
    result = run(tmp_path, closed_port_url())
    assert (result.exit_code, results(tmp_path / "r.jsonl"), failures(tmp_path / "r.jsonl")) == (4, [], {})
    assert "can't be reached" in result.output
    with serving(by=good) as server:
        assert run(tmp_path, server.url).exit_code == 0
    assert results(tmp_path / "r.jsonl") == names


def _with_extractor(server: FaultServer, tmp_path: Path, out: Path, watch: Callable[[Outcome], None]) -> tuple[int, int]:
    settings = Settings.load(base_url=server.url)
    tally = process(Extractor(settings), find_articles([tmp_path / "news"]), out, RunOptions(jobs=1), watch)
    return tally.done, tally.failed


class TestDisk:
    def test_an_output_without_room_ends_the_run_and_what_was_stored_is_kept(self, tmp_path: Path) -> None:
        names = write_articles(tmp_path / "news", 4)
        with serving(by=good) as server:
            with at_most_bytes(2_500):
                result = run(tmp_path, server.url, "--no-cache", "--jobs", "1")
            assert result.exit_code == 2, result.output
            assert "Make room" in result.output
            stored = results(tmp_path / "r.jsonl")
            assert stored == names[: len(stored)]
            assert 1 <= len(stored) < 4
            before = len(server.received)
            assert run(tmp_path, server.url, "--no-cache").exit_code == 0
        assert results(tmp_path / "r.jsonl") == names
        assert len(server.received) - before == (4 - len(stored)) * QUESTIONS

    def test_with_many_in_work_too(self, tmp_path: Path) -> None:
        names = write_articles(tmp_path / "news", 16)
        with serving(by=good) as server:
            with at_most_bytes(2_500):
                assert run(tmp_path, server.url, "--no-cache", "--jobs", "16").exit_code == 2
            assert run(tmp_path, server.url, "--no-cache").exit_code == 0
        assert results(tmp_path / "r.jsonl") == names

    def test_a_cache_without_room_costs_nothing_but_the_cache(self, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
        write_articles(tmp_path / "news", 3)
        _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        try:
            with serving(by=good) as server:
                done, failed = _with_extractor(
                    server, tmp_path, Path(os.devnull), lambda _: resource.setrlimit(resource.RLIMIT_FSIZE, (1, hard))
                )
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
            signal.signal(signal.SIGXFSZ, handler)
        assert (done, failed, len(server.received)) == (3, 0, 3 * QUESTIONS)
        assert "An answer could not be stored" in caplog.text

    def test_no_room_to_begin_a_cache_is_told_before_anything_is_asked(self, tmp_path: Path) -> None:
        write_articles(tmp_path / "news", 2)
        with serving(by=good) as server:
            with at_most_bytes(10):
                result = run(tmp_path, server.url)
            assert (result.exit_code, server.received) == (2, [])
            assert "can't be used" in result.output
            assert "--no-cache" in result.output
            assert run(tmp_path, server.url).exit_code == 0


class TestCacheFolder:
    def test_a_damaged_one_is_set_aside_and_what_it_held_is_asked_again(self, tmp_path: Path) -> None:
        names = write_articles(tmp_path / "news", 2)
        with serving(by=good) as server:
            assert run(tmp_path, server.url).exit_code == 0
            for kind in ("answers", "results"):
                database = tmp_path / "cache" / kind / "cache.db"
                database.write_bytes(b"no database" * 1000)
                for more in database.parent.glob("cache.db-*"):
                    more.unlink()
            assert run(tmp_path, server.url, out="again.jsonl").exit_code == 0
        assert results(tmp_path / "again.jsonl") == names
        assert set(asked(server.received).values()) == {2}

    def test_damaged_in_the_middle_it_costs_what_it_held(self, tmp_path: Path) -> None:
        names = write_articles(tmp_path / "news", 8)
        with serving(by=good) as server:
            assert run(tmp_path, server.url).exit_code == 0
            for kind in ("answers", "results"):
                database = tmp_path / "cache" / kind / "cache.db"
                whole = database.read_bytes()
                database.write_bytes(whole[:8192] + bytes(len(whole) - 8192))
            result = run(tmp_path, server.url, out="again.jsonl")
        assert result.exit_code == 0, result.output
        assert results(tmp_path / "again.jsonl") == names
        assert max(asked(server.received).values()) <= 2

    def test_one_that_can_only_be_read_is_told_before_anything_is_asked(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        write_articles(tmp_path / "news", 1)
        with as_plain_user() as folder, serving(by=good) as server:
            write_articles(folder / "news", 2)
            folder.joinpath("cache").mkdir(mode=0o555)
            monkeypatch.setenv("LLM_EXTRACT_CACHE_DIR", str(folder / "cache"))
            result = run(folder, server.url)
            assert (result.exit_code, server.received) == (2, [])
            assert "Make it writable" in result.output
            assert run(folder, server.url, "--no-cache").exit_code == 0

    def test_what_another_version_left_there_is_asked_again(self, tmp_path: Path) -> None:
        names = write_articles(tmp_path / "news", 2)
        with serving(by=good) as server:
            assert run(tmp_path, server.url).exit_code == 0
            for kind in ("answers", "results"):
                with AnswerCache(tmp_path / "cache" / kind) as cache:
                    keys = list(cache._open())
                    assert keys
                    for key in keys:
                        cache.put(key, b'{"answer": {"in": "another form"}, "version": 9}')
            assert run(tmp_path, server.url, out="again.jsonl").exit_code == 0
        assert results(tmp_path / "again.jsonl") == names
        assert set(asked(server.received).values()) == {2}


def test_a_clock_that_jumps_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = write_articles(tmp_path / "news", 4)
    real, day_s, calls = time.time, 86_400, iter(range(10**9))
    monkeypatch.setattr(time, "time", lambda: real() + (-1) ** next(calls) * 1000 * day_s)
    seen: set[int] = set()

    def busy_at_first(received: Received) -> Reply:
        new = number_of(received) not in seen
        seen.add(number_of(received))
        return refusal(429, headers=LATE) if new else good(received)

    with serving(by=busy_at_first) as server:
        assert run(tmp_path, server.url).exit_code == 0
        assert run(tmp_path, server.url).exit_code == 0
    assert results(tmp_path / "r.jsonl") == names
    assert len(server.received) == 4 * QUESTIONS + 4


class TestStorm:
    """A server that has too much to do."""

    PAUSE_S = 1.2

    def test_holds_all_back_and_fewer_are_sent_at_a_time_until_it_recovers(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("LLM_EXTRACT_MAX_WAIT_S", "30")
        names = write_articles(tmp_path / "news", 30)
        began: list[float] = []
        at_a_time: list[int] = []

        def busy_for_a_while(received: Received) -> Reply:
            if len(server.received) == 16:
                began.append(received.at)
            if began and received.at < began[0] + self.PAUSE_S * 0.9:
                return refusal(429, headers={"retry-after": str(self.PAUSE_S)})
            if began:
                at_a_time.append(server.working)
            return Reply(body=good(received).body, silent_s=0.3 if began else 0.05)

        with serving(by=busy_for_a_while) as server:
            result = run(tmp_path, server.url, "--jobs", "8")
        assert result.exit_code == 0, result.output
        assert results(tmp_path / "r.jsonl") == names
        after = [request.at - began[0] for request in server.received[16:]]
        assert [at for at in after if 0.5 < at < self.PAUSE_S * 0.9] == []
        assert len([at for at in after if at <= 0.5]) <= 7  # sent before the first refusal was read
        assert max(at_a_time[:6]) <= 5
        assert max(at_a_time) >= 6
        assert max(asked(server.received).values()) <= MOST


def _spent(folder: Path) -> int:
    """Return the tokens that the journal knows of."""
    part = folder / "r.jsonl.part"
    lines = [json.loads(line) for line in part.read_text(encoding="utf-8").split("\n")[:-1]] if part.exists() else []
    spent = [line["spent"] for line in lines if "spent" in line]
    return sum(usage["prompt_tokens"] + usage["completion_tokens"] for usage in spent)


class TestBudget:
    TOKENS = 15

    def _used(self, server: FaultServer) -> int:
        return len(server.received) * self.TOKENS

    def test_no_more_tokens_are_used_than_allowed_and_in_flight(self, tmp_path: Path) -> None:
        names = write_articles(tmp_path / "news", 12)
        with serving(by=good) as server:
            for _ in range(2):  # what earlier runs spent counts
                result = run(tmp_path, server.url, "--max-tokens", "150", "--jobs", "4")
                assert result.exit_code == 5, result.output
                assert "The 150 tokens allowed are used up" in result.output
                assert 150 <= self._used(server) <= 150 + 4 * self.TOKENS
            assert run(tmp_path, server.url, "--max-tokens", "100000").exit_code == 0
        assert results(tmp_path / "r.jsonl") == names
        assert set(asked(server.received).values()) == {1}

    def test_no_more_dollars_are_spent_than_allowed_and_in_flight(self, tmp_path: Path) -> None:
        write_articles(tmp_path / "news", 12)
        prices = tmp_path / "prices.toml"
        prices.write_text("tiny = {input = 1000, output = 2000}\n")  # a request costs 2 cents
        with serving(by=good) as server:
            for _ in range(2):
                result = run(tmp_path, server.url, "--max-cost", "0.2", "--prices", str(prices), "--jobs", "4")
                assert (result.exit_code, "The $0.20 allowed are used up" in result.output) == (5, True)
                assert 10 <= len(server.received) <= 10 + 4

    def test_what_is_asked_in_vain_counts_too(self, tmp_path: Path) -> None:
        write_articles(tmp_path / "news", 12)
        with serving(completion("Well.")) as server:
            result = run(tmp_path, server.url, "--max-tokens", "150", "--jobs", "4")
        assert result.exit_code == 5
        assert self._used(server) <= 150 + 4 * self.TOKENS

    def test_a_limit_of_nothing_sends_nothing(self, tmp_path: Path) -> None:
        write_articles(tmp_path / "news", 3)
        with serving(by=good) as server:
            assert run(tmp_path, server.url, "--max-tokens", "0").exit_code == 5
        assert server.received == []

    @pytest.mark.parametrize("jobs", [1, 4])
    def test_what_articles_cost_that_were_not_finished_when_the_run_was_killed_counts_too(self, tmp_path: Path, jobs: int) -> None:
        write_articles(tmp_path / "news", 12)
        allowed = 120

        def half(received: Received) -> Reply:
            return Reply(hangs=True) if task_of(received) == "Quotations" else good(received)

        command = [sys.executable, "-m", "llm_extract", "run", tmp_path / "news", "-o", tmp_path / "r.jsonl", "--no-cache", "--jobs", jobs]
        with serving(by=half) as server:
            used = 0
            while used < allowed:  # by a whole round under way more, where the last one begins below the limit
                more = ["--max-tokens", allowed, "--base-url", server.url]
                process = subprocess.Popen([str(word) for word in [*command, *more]], cwd=Path(__file__).parent.parent)
                used += jobs * self.TOKENS
                hopeless_at = time.monotonic() + 60
                while _spent(tmp_path) < used:
                    assert process.poll() is None
                    assert time.monotonic() < hopeless_at
                    time.sleep(0.02)
                process.kill()
                process.wait()
            before = len(server.received)
            result = run(tmp_path, server.url, "--no-cache", "--max-tokens", str(allowed))
            assert result.exit_code == 5, result.output
            assert len(server.received) == before
        assert _spent(tmp_path) <= allowed + jobs * self.TOKENS

    def test_a_dry_run_sends_nothing_and_keeps_nothing(self, tmp_path: Path) -> None:
        write_articles(tmp_path / "news", 3)
        with serving(by=good) as server:
            result = run(tmp_path, server.url, "--dry-run")
            assert (result.exit_code, server.received) == (0, [])
            assert "About 6 requests would be sent" in result.output
            assert not (tmp_path / "r.jsonl").exists()
            assert run(tmp_path, server.url).exit_code == 0
        assert len(server.received) == 6


def test_too_many_failures_stop_a_hopeless_run(tmp_path: Path) -> None:
    names = write_articles(tmp_path / "news", 12)
    with serving(completion(None, refusal="no")) as server:
        result = run(tmp_path, server.url, "--max-failures", "3", "--jobs", "2")
        assert (result.exit_code, "3 articles failed" in result.output) == (5, True)
        assert 3 <= len(failures(tmp_path / "r.jsonl")) <= 4
    with serving(by=good) as server:
        assert run(tmp_path, server.url, "--retry-failed").exit_code == 0
    assert (results(tmp_path / "r.jsonl"), failures(tmp_path / "r.jsonl")) == (names, {})


def test_tasks_are_told_apart_by_the_model_of_these_tests(tmp_path: Path) -> None:
    write_articles(tmp_path / "news", 1)
    with serving(by=good) as server:
        run(tmp_path, server.url)
    assert sorted(task_of(request) for request in server.received) == sorted(GOOD)
    [result] = [json.loads(line) for line in (tmp_path / "r.jsonl").read_text(encoding="utf-8").splitlines()]
    assert (len(result["meetings"]), len(result["quotes"]), result["warnings"]) == (1, 1, [])

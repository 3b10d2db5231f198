"""The command against a real server that is out of service for a while: it waits, and no article fails for it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from faults import Received, Reply, closed_port_url, completion, refusal, serving
from news import QUESTIONS, TEXT, asked, failures, good, is_probe, number_of, results, write_articles
from typer.testing import CliRunner, Result

from llm_extract import Extractor, cli
from llm_extract.errors import ModelUnavailableError
from llm_extract.settings import Settings

RETRIES, JOBS = 1, 3


@pytest.fixture(autouse=True)
def _own_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    given = {"CACHE_DIR": tmp_path / "cache", "MAX_WAIT_S": 0.3, "MAX_RETRIES": RETRIES, "MAX_REASKS": 1, "MODEL": "tiny", "API_KEY": "k"}
    for name, value in given.items():
        monkeypatch.setenv(f"LLM_EXTRACT_{name}", str(value))


def run(folder: Path, url: str, *more: str) -> Result:
    """Read the articles in `folder/news`, results into `folder`."""
    arguments = ["run", folder / "news", "-o", folder / "r.jsonl", "--base-url", url, "--jobs", str(JOBS), *more]
    result = CliRunner().invoke(cli.app, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.output
    return result


class Down:
    """A server that serves so many requests, then fails until it was probed so often, then serves again.

    Args:
        fault: How it fails.
        after: Requests served before.
        probes: Probes that fail.
    """

    def __init__(self, fault: Reply, *, after: int = 4, probes: int = 2) -> None:
        self.fault = fault
        self.good_left, self.probes_left = after, probes
        self.while_down: list[Received] = []

    def __call__(self, received: Received) -> Reply:
        """Answer, or fail."""
        if self.good_left > 0:
            self.good_left -= 1
            return good(received)
        if self.probes_left <= 0:
            return good(received)
        self.while_down.append(received)
        self.probes_left -= is_probe(received)
        return self.fault


FAULTS = {
    "500": refusal(500),
    "503": refusal(503),
    "reset": Reply(body=completion("x").body, sent_bytes=0),
    "429-without-end": refusal(429),
    "429-longer-than-allowed": refusal(429, headers={"retry-after": "1.5"}),
    "429-much-longer-than-allowed": refusal(429, headers={"retry-after": "7200"}),
}


@pytest.mark.parametrize("fault", [pytest.param(reply, id=name) for name, reply in FAULTS.items()])
def test_an_outage_costs_no_article_and_few_requests(tmp_path: Path, fault: Reply) -> None:
    names = write_articles(tmp_path / "news", 8)
    waits_long = fault.headers.get("retry-after") == "7200"
    down = Down(fault, probes=0 if waits_long else 2)
    down.probes_left = down.probes_left or 1
    with serving(by=down) as server:
        result = run(tmp_path, server.url, "--patience", "2" if waits_long else "60")
        if waits_long:  # it is asked once more when patience ends, and not before
            assert (result.exit_code, failures(tmp_path / "r.jsonl")) == (4, {})
            result = run(tmp_path, server.url, "--patience", "2")
        assert result.exit_code == 0, result.output
    assert (results(tmp_path / "r.jsonl"), failures(tmp_path / "r.jsonl")) == (names, {})
    questions = [received for received in down.while_down if not is_probe(received)]
    assert len(questions) <= JOBS * (1 + RETRIES)
    assert max(asked(server.received).values()) <= 2 * (1 + RETRIES)


def test_what_is_down_for_longer_than_patience_ends_the_run_which_goes_on_later(tmp_path: Path) -> None:
    names = write_articles(tmp_path / "news", 8)
    down = Down(refusal(503), probes=1000)
    with serving(by=down) as server:
        result = run(tmp_path, server.url, "--patience", "2")
        assert result.exit_code == 4, result.output
    assert "All wait for it, for up to 2 s (--patience)" in result.output
    assert "out of service for longer than 2 s" in result.output
    assert "the same command goes on" in result.output
    assert failures(tmp_path / "r.jsonl") == {}
    assert len(down.while_down) <= JOBS * (1 + RETRIES) + 4
    answered = [received for received in server.received if received not in down.while_down]
    with serving(by=good) as server:
        assert run(tmp_path, server.url).exit_code == 0
    assert results(tmp_path / "r.jsonl") == names
    assert set(asked([*answered, *server.received]).values()) == {1}


@contextmanager
def leaving(served: int, away_s: float) -> Iterator[str]:
    """Serve so many requests, then be gone, with nothing at the address, then be back; the address."""
    first_url: list[str] = []
    begun, ended = threading.Event(), threading.Event()

    def play() -> None:
        with serving(by=good) as server:
            first_url.append(server.url)
            begun.set()
            while len(server.received) < served and not ended.wait(0.005):
                pass
            port = server.server_address[1]
        ended.wait(away_s)
        with serving(by=good, port=port):
            ended.wait(60)

    thread = threading.Thread(target=play)
    thread.start()
    begun.wait()
    try:
        yield first_url[0]
    finally:
        ended.set()
        thread.join()


def test_a_server_that_is_started_again_is_waited_for_without_being_asked_to(tmp_path: Path) -> None:
    names = write_articles(tmp_path / "news", 60)
    with leaving(served=10, away_s=4) as url:
        result = run(tmp_path, url)
    assert result.exit_code == 0, result.output
    assert "All wait for it, for up to 600 s" in result.output
    assert "works again" in result.output
    assert results(tmp_path / "r.jsonl") == names


def test_one_that_was_never_there_is_waited_for_only_on_request(tmp_path: Path) -> None:
    write_articles(tmp_path / "news", 2)
    url = closed_port_url()
    result = run(tmp_path, url)
    assert (result.exit_code, "All wait" in result.output) == (4, False)
    result = run(tmp_path, url, "--patience", "2")
    assert (result.exit_code, "All wait" in result.output) == (4, True)


@pytest.mark.parametrize("fault", [refusal(500), refusal(502), Reply(body=b"{", sent_bytes=0)], ids=["500", "502", "reset"])
@pytest.mark.parametrize("jobs", ["1", "3"])
def test_an_article_from_which_the_server_fails_is_no_outage(tmp_path: Path, fault: Reply, jobs: str) -> None:
    names = write_articles(tmp_path / "news", 5)

    def poisoned(received: Received) -> Reply:
        return fault if not is_probe(received) and number_of(received) in {0, 4} else good(received)

    with serving(by=poisoned) as server:
        result = run(tmp_path, server.url, "--jobs", jobs)
    assert result.exit_code == 1, result.output
    assert "All wait" not in result.output
    assert (results(tmp_path / "r.jsonl"), set(failures(tmp_path / "r.jsonl"))) == (names[1:4], {names[0], names[4]})
    assert max(asked(server.received).values()) <= 1 + RETRIES + 1
    assert sum(map(is_probe, server.received)) <= 4


def test_a_key_that_is_refused_after_an_outage_stops_the_run_at_once(tmp_path: Path) -> None:
    write_articles(tmp_path / "news", 5)
    down = Down(refusal(503))
    with serving(by=lambda received: refusal(401) if is_probe(received) else down(received)) as server:
        result = run(tmp_path, server.url)
        assert (result.exit_code, failures(tmp_path / "r.jsonl")) == (4, {})
    assert "does not accept the key" in result.output
    assert len(down.while_down) <= JOBS * (1 + RETRIES)
    assert 1 <= sum(map(is_probe, server.received)) <= JOBS


def test_waiting_is_no_part_of_the_time_that_an_article_may_take(tmp_path: Path) -> None:
    names = write_articles(tmp_path / "news", 5)
    with serving(by=Down(refusal(503), probes=2)) as server:
        result = run(tmp_path, server.url, "--article-timeout", "1.5", "--max-retries", "0")
    assert result.exit_code == 0, result.output
    assert results(tmp_path / "r.jsonl") == names


def test_a_probe_that_is_paid_for_counts_and_none_is_sent_beyond_the_budget(tmp_path: Path) -> None:
    write_articles(tmp_path / "news", 5)
    with serving(by=Down(refusal(500), after=2, probes=1)) as server:
        result = run(tmp_path, server.url, "--jobs", "1", "--max-tokens", "45")
        assert result.exit_code == 5, result.output
    answered = [received for received in server.received if is_probe(received)]
    assert (len(answered), len(results(tmp_path / "r.jsonl"))) == (2, 1)


class TestInPython:
    def _settings(self, url: str, tmp_path: Path, **more: object) -> Settings:
        given = {"base_url": url, "cache_dir": tmp_path / "c", **more}
        return Settings.load(**given)

    def _extracting(self, settings: Settings) -> Callable[[], int]:
        def extract() -> int:
            with Extractor(settings) as extractor:
                return len(extractor.extract(TEXT.format(number=1)).meetings)

        return extract

    def test_an_extractor_waits_too(self, tmp_path: Path) -> None:
        with serving(by=Down(refusal(503), after=0)) as server:
            assert self._extracting(self._settings(server.url, tmp_path))() == 1
        assert asked(server.received).total() <= 1 + RETRIES + QUESTIONS

    def test_without_patience_it_does_not(self, tmp_path: Path) -> None:
        with serving(by=Down(refusal(503), after=0)) as server, pytest.raises(Exception, match="fault of its own"):
            self._extracting(self._settings(server.url, tmp_path, patience_s=0))()
        assert len(server.received) == 1 + RETRIES

    def test_after_patience_ended_the_next_call_has_patience_again(self, tmp_path: Path) -> None:
        down = Down(refusal(503), after=0, probes=1000)
        with serving(by=down) as server, Extractor(self._settings(server.url, tmp_path, patience_s=1.5)) as extractor:
            with pytest.raises(ModelUnavailableError, match="out of service for longer than 2 s"):
                extractor.extract(TEXT.format(number=1))
            down.probes_left = 1
            assert extractor.extract(TEXT.format(number=2)).meetings

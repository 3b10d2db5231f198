from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from faults import completion, serving

from llm_extract import pages_apart
from llm_extract.articles import Source
from llm_extract.corpus import Order, RunOptions, process, run_corpus
from llm_extract.errors import ArticleError, LimitError, ModelUnavailableError, OutputError, PromptError, UnusableAnswerError
from llm_extract.fingerprint import fingerprint
from llm_extract.outcomes import Outcome, Tally
from llm_extract.schema import Article, ArticleReference, Extraction, Usage
from llm_extract.settings import Settings


class Stub:
    """Stands in for a model: waits and fails as an article's text says."""

    manner = "0123456789abcdef"

    def __init__(self) -> None:
        self.spent = self.carried = Usage()
        self.asked: list[str] = []
        self.working = self.most = 0
        self.closed = False

    def fingerprint(self, article: Article) -> str:
        return fingerprint(self.manner, article)

    def carry(self, spent: Usage) -> None:
        self.carried = spent

    async def aextract(self, article: Article) -> Extraction:
        self.asked.append(article.id)
        self.working += 1
        self.most = max(self.most, self.working)
        try:
            await self._work(article.text)
        finally:
            self.working -= 1
        self.spent += Usage(requests=1, prompt_tokens=10, completion_tokens=2)
        return _result(article)

    async def _work(self, text: str) -> None:
        what, _, number = text.partition(" ")
        errors = {
            "unusable": UnusableAnswerError("It answered prose.", remedy="Try a larger model."),
            "down": ModelUnavailableError("Nobody answers."),
            "prompt": PromptError("No template."),
            "limit": LimitError("The tokens are used up."),
            "defect": ZeroDivisionError("division by zero"),
        }
        if what in errors:
            raise errors[what]
        wait_ms, _, then = number.partition(" ")
        await asyncio.sleep(float(wait_ms or 0) / 1000)
        if then:
            raise errors[then]

    async def aclose(self) -> None:
        self.closed = True


def _result(article: Article) -> Extraction:
    return Extraction(fingerprint=fingerprint(Stub.manner, article), article=ArticleReference.of(article), model="stub")


Make = Callable[..., list[Source]]


@pytest.fixture
def sources(tmp_path: Path) -> Make:
    def make(*texts: str) -> list[Source]:
        made = []
        for number, text in enumerate(texts):
            path = tmp_path / f"a{number}.txt"
            path.write_text(text, encoding="utf-8")
            made.append(Source(path.stem, path))
        return made

    return make


def _go(stub: Stub, made: list[Source], out: Path, jobs: int = 1, **options: Any) -> Tally:  # noqa: ANN401  fields of the options
    return process(stub, made, out, RunOptions(jobs=jobs, **options))


def _ids(path: Path) -> list[str]:
    return [json.loads(line)["article"]["id"] for line in path.read_text(encoding="utf-8").splitlines()]


class TestProcess:
    def test_results_are_in_the_order_of_the_articles_whatever_order_they_finish_in(self, tmp_path: Path, sources: Make) -> None:
        seen: list[Outcome] = []
        out = tmp_path / "out" / "results.jsonl"
        tally = process(Stub(), sources("wait 90", "wait 1", "wait 40"), out, RunOptions(jobs=3), seen.append)
        assert (tally.articles, tally.done, tally.complete) == (3, 3, True)
        assert _ids(out) == ["a0", "a1", "a2"]
        assert [outcome.position for outcome in seen] == [1, 2, 0]
        assert [path.name for path in out.parent.iterdir()] == ["results.jsonl"]

    def test_in_order_of_completion_the_first_to_finish_is_first(self, tmp_path: Path, sources: Make) -> None:
        _go(Stub(), sources("wait 90", "wait 1", "wait 40"), tmp_path / "r.jsonl", 3, order=Order.COMPLETION)
        assert _ids(tmp_path / "r.jsonl") == ["a1", "a2", "a0"]

    def test_the_same_articles_give_the_same_bytes_with_any_number_of_jobs(self, tmp_path: Path, sources: Make) -> None:
        made = sources("wait 9", "wait 1", "wait 5", "unusable", "wait 2")
        for jobs in (1, 4):
            _go(Stub(), made, tmp_path / f"{jobs}.jsonl", jobs)
        assert (tmp_path / "1.jsonl").read_bytes() == (tmp_path / "4.jsonl").read_bytes() != b""

    def test_no_more_articles_are_in_work_than_jobs_allow(self, tmp_path: Path, sources: Make) -> None:
        stub = Stub()
        _go(stub, sources(*["wait 80"] * 9), tmp_path / "r.jsonl", 3)
        assert stub.most == 3
        assert stub.closed

    def test_a_page_made_to_take_minutes_costs_its_time_out_while_others_go_on(self, tmp_path: Path, sources: Make) -> None:
        (tmp_path / "page.html").write_text("<p>" + "word<br>" * 150_000)
        made = [Source("page", tmp_path / "page.html"), *sources(*["wait 1"] * 5)]
        seen: list[str] = []
        options = RunOptions(jobs=2, article_timeout_s=2)
        tally = process(Stub(), made, tmp_path / "r.jsonl", options, lambda outcome: seen.append(outcome.article))
        assert (tally.done, tally.kinds) == (5, {"ArticleTimeoutError": 1})
        assert seen == ["a0", "a1", "a2", "a3", "a4", "page"]
        hopeless_at = time.monotonic() + 30
        while pages_apart._running:  # ended with the run
            assert time.monotonic() < hopeless_at
            time.sleep(0.01)

    def test_one_slow_article_lets_only_so_many_get_ahead_of_it(self, sources: Make) -> None:
        read: list[str] = []

        def lazily() -> Iterator[Source]:
            for source in sources("wait 300", *["wait 0"] * 40):
                read.append(source.id)
                yield source

        ahead: list[int] = []
        process(Stub(), lazily(), Path(os.devnull), RunOptions(jobs=2), lambda _: ahead.append(len(read)))
        assert ahead[0] <= 2 * 4 + 1
        assert len(read) == 41

    def test_an_article_that_fails_is_told_with_its_remedy_and_the_others_go_on(self, tmp_path: Path, sources: Make) -> None:
        out = tmp_path / "r.jsonl"
        tally = _go(Stub(), sources("wait 5", "unusable", "", "defect", "wait 1"), out, 1)
        assert _ids(out) == ["a0", "a4"]
        first, second, third = tally.failures
        assert (first.article, first.stage, first.message, first.remedy) == ("a1", "extract", "It answered prose.", "Try a larger model.")
        assert (second.article, second.stage, second.error) == ("a2", "read", ArticleError.__name__)
        assert third.message == "ZeroDivisionError: division by zero"
        assert "report it" in third.remedy
        assert [json.loads(line)["article"] for line in (tmp_path / "r.failed.jsonl").read_text().splitlines()] == ["a1", "a2", "a3"]
        assert tally.kinds == {"UnusableAnswerError": 1, "ArticleError": 1, "ZeroDivisionError": 1}

    @pytest.mark.parametrize(("word", "kind"), [("down", ModelUnavailableError), ("prompt", PromptError)])
    def test_what_all_would_fail_from_stops_the_run_and_keeps_what_is_finished(
        self, tmp_path: Path, sources: Make, word: str, kind: type[Exception]
    ) -> None:
        out = tmp_path / "r.jsonl"
        stub = Stub()
        tally = _go(stub, sources("wait 999999", "wait 1", word, "wait 1", "wait 1"), out, 2)
        assert isinstance(tally.stopped, kind)
        assert stub.asked == ["a0", "a1", "a2"]
        assert _ids(out) == ["a1"]
        assert (tally.done, stub.closed) == (1, True)

    def test_at_a_limit_what_is_in_work_is_finished_and_nothing_is_begun(self, tmp_path: Path, sources: Make) -> None:
        stub = Stub()
        tally = _go(stub, sources("wait 60", "limit", "wait 1"), tmp_path / "r.jsonl", 2)
        assert isinstance(tally.stopped, LimitError)
        assert (stub.asked, _ids(tmp_path / "r.jsonl")) == (["a0", "a1"], ["a0"])
        assert tally.failed == 0

    def test_at_a_limit_those_who_wait_for_a_slow_article_to_be_written_end_too(self, sources: Make) -> None:
        made = sources("wait 300 limit", *["wait 1"] * 40)
        tally = process(Stub(), made, Path(os.devnull), RunOptions(jobs=2))
        assert isinstance(tally.stopped, LimitError)
        assert tally.done == 7  # as many as may get ahead of it

    def test_once_nothing_is_to_be_begun_an_article_that_comes_late_is_not_waited_for(self, tmp_path: Path, sources: Make) -> None:
        never = threading.Event()

        def late() -> Iterator[Source]:
            yield from sources("wait 1", "limit")
            never.wait(20)
            pytest.fail("it was waited for")

        tally = process(Stub(), late(), tmp_path / "r.jsonl", RunOptions(jobs=4))
        never.set()
        assert isinstance(tally.stopped, LimitError)
        assert _ids(tmp_path / "r.jsonl") == ["a0"]

    def test_after_so_many_failures_no_article_is_begun(self, tmp_path: Path, sources: Make) -> None:
        stub = Stub()
        tally = _go(stub, sources("unusable", "wait 1", "unusable", "wait 1"), tmp_path / "r.jsonl", max_failures=2)
        assert isinstance(tally.stopped, LimitError)
        assert "2 articles failed" in str(tally.stopped)
        assert (stub.asked, tally.failed, _ids(tmp_path / "r.jsonl")) == (["a0", "a1", "a2"], 2, ["a1"])

    def test_an_article_that_takes_too_long_fails_and_the_others_go_on(self, tmp_path: Path, sources: Make) -> None:
        tally = _go(Stub(), sources("wait 60000", "wait 1"), tmp_path / "r.jsonl", article_timeout_s=0.05)
        assert [(failure.error, failure.message) for failure in tally.failures] == [
            ("ArticleTimeoutError", "Article a0 took longer than 0.05 s.")
        ]
        assert _ids(tmp_path / "r.jsonl") == ["a1"]

    @pytest.mark.parametrize("kept", [False, True])
    def test_what_a_hook_raises_comes_out_as_it_is_and_the_same_call_goes_on(self, tmp_path: Path, sources: Make, kept: bool) -> None:  # noqa: FBT001
        def fails(outcome: Outcome) -> None:
            raise LookupError(outcome.article)

        made = sources("wait 1", "wait 2")
        if kept:
            _go(Stub(), made[:1], tmp_path / "r.jsonl")
        with pytest.raises(LookupError, match="a0"):
            process(Stub(), made, tmp_path / "r.jsonl", RunOptions(), fails)
        stub = Stub()
        assert _go(stub, made, tmp_path / "r.jsonl").kept >= 1
        assert "a0" not in stub.asked

    def test_an_output_among_the_articles_is_refused_and_unharmed(self, tmp_path: Path, sources: Make) -> None:
        with pytest.raises(OutputError, match="holds no results"):
            _go(Stub(), sources("precious"), tmp_path / "." / "a0.txt")
        assert (tmp_path / "a0.txt").read_text() == "precious"

    @pytest.mark.parametrize("place", ["folder", "file/results.jsonl", "/proc/nowhere/results.jsonl"])
    def test_an_output_that_can_not_be_made_is_an_error_before_a_model_is_asked(self, tmp_path: Path, sources: Make, place: str) -> None:
        (tmp_path / "folder").mkdir()
        (tmp_path / "file").touch()
        stub = Stub()
        with pytest.raises(OutputError):
            _go(stub, sources("text"), tmp_path / place)
        assert not stub.asked


class TestSecondRun:
    """The same output again."""

    def test_an_unchanged_article_is_kept_and_a_changed_one_done_again(self, tmp_path: Path, sources: Make) -> None:
        out = tmp_path / "r.jsonl"
        _go(Stub(), sources("wait 1", "wait 2", "wait 3"), out)
        before = out.read_bytes()
        stub = Stub()
        tally = _go(stub, sources("wait 1", "wait 4", "wait 3"), out)
        assert (stub.asked, tally.done, tally.kept, _ids(out)) == (["a1"], 1, 2, ["a0", "a1", "a2"])
        assert before.splitlines()[0] == out.read_bytes().splitlines()[0]
        tally = _go(Stub(), sources("wait 1", "wait 4", "wait 3"), out, 3)
        assert (tally.done, tally.kept) == (0, 3)

    def test_another_manner_of_reading_does_all_again(self, tmp_path: Path, sources: Make) -> None:
        _go(Stub(), sources("wait 1", "wait 2"), tmp_path / "r.jsonl")
        stub = Stub()
        stub.manner = "f" * 16
        tally = _go(stub, sources("wait 1", "wait 2"), tmp_path / "r.jsonl")
        assert (tally.done, tally.kept, _ids(tmp_path / "r.jsonl")) == (2, 0, ["a0", "a1"])

    def test_a_failure_is_left_until_it_is_to_be_tried_again(self, tmp_path: Path, sources: Make) -> None:
        made, out = sources("unusable", "", "wait 1"), tmp_path / "r.jsonl"
        _go(Stub(), made, out)
        stub = Stub()
        tally = _go(stub, made, out)
        assert (stub.asked, tally.kept) == ([], 1)
        assert [(failure.stage, failure.attempts) for failure in tally.failures] == [("extract", 1), ("read", 2)]
        assert tally.left == 1
        tally = _go(stub, made, out, retry_failed=True)
        assert stub.asked == ["a0"]
        assert [failure.attempts for failure in tally.failures] == [2, 3]
        assert tally.left == 0

    def test_what_fails_no_more_is_no_failure_any_more(self, tmp_path: Path, sources: Make) -> None:
        _go(Stub(), sources("unusable", "wait 1"), tmp_path / "r.jsonl")
        tally = _go(Stub(), sources("wait 2", "wait 1"), tmp_path / "r.jsonl")
        assert (tally.failed, _ids(tmp_path / "r.jsonl")) == (0, ["a0", "a1"])
        assert sorted(path.name for path in tmp_path.iterdir()) == ["a0.txt", "a1.txt", "r.jsonl"]

    def test_what_a_stopped_run_spent_counts_for_the_next_and_is_forgotten_once_all_is_done(self, tmp_path: Path, sources: Make) -> None:
        out = tmp_path / "r.jsonl"
        _go(Stub(), sources("wait 1", "limit"), out)
        stub = Stub()
        _go(stub, sources("wait 1", "wait 2"), out)
        assert stub.carried == Usage(requests=1, prompt_tokens=10, completion_tokens=2)
        _go(stub, sources("wait 3", "wait 2"), out)
        assert stub.carried == Usage()


SCRIPT = """
    import sys
    from pathlib import Path
    from llm_extract.articles import find_articles
    from llm_extract.corpus import RunOptions, process, run_corpus
    from test_corpus import Stub

    class Telling(Stub):
        async def aextract(self, article):
            print("begun", article.id, flush=True)
            return await super().aextract(article)

    stub = Telling()
    folder, grace_s = Path(sys.argv[1]), float(sys.argv[2])
    told = lambda outcome: print(outcome.article, flush=True)
    tally = process(stub, find_articles([folder]), folder / "r.jsonl", RunOptions(jobs=2, grace_s=grace_s), told)
    print(tally.interrupted, tally.stored, stub.asked)
"""


class TestSignals:
    def _start(self, folder: Path, grace_s: float) -> subprocess.Popen[str]:
        here = Path(__file__).parent
        environment = {**os.environ, "PYTHONPATH": f"{here}{os.pathsep}{here.parent}"}
        command = [sys.executable, "-c", textwrap.dedent(SCRIPT), str(folder), str(grace_s)]
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)

    def _come_to_a3(self, child: subprocess.Popen[str]) -> None:
        """Wait until two articles are finished and the other two that there is room for are begun."""
        assert child.stdout is not None
        told = {child.stdout.readline().strip() for _ in range(6)}
        assert told == {"a0", "a2", *(f"begun a{number}" for number in range(4))}

    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
    def test_what_is_in_work_is_finished_and_nothing_is_begun(self, tmp_path: Path, sources: Make, number: signal.Signals) -> None:
        sources("wait 1", "wait 2000", "wait 1", "wait 2000", "wait 1")
        with self._start(tmp_path, 30) as child:
            self._come_to_a3(child)
            child.send_signal(number)
            told, said = child.communicate(timeout=20)
        assert told == f"a1\na3\n{number.value} 4 ['a0', 'a1', 'a2', 'a3']\n"
        assert "Ending: 2 articles in work may be finished" in said
        assert _ids(tmp_path / "r.jsonl") == ["a0", "a1", "a2", "a3"]

    @pytest.mark.parametrize("again", [True, False])
    def test_a_second_signal_or_the_end_of_the_grace_ends_at_once(self, tmp_path: Path, sources: Make, *, again: bool) -> None:
        sources("wait 1", "wait 60000", "wait 1", "wait 60000", "wait 1")
        with self._start(tmp_path, 60 if again else 0.1) as child:
            self._come_to_a3(child)
            child.send_signal(signal.SIGINT)
            if again:
                assert child.stderr is not None
                child.stderr.readline()
                child.send_signal(signal.SIGINT)
            told, _ = child.communicate(timeout=20)
        assert told == "2 2 ['a0', 'a1', 'a2', 'a3']\n"
        assert _ids(tmp_path / "r.jsonl") == ["a0", "a2"]

    def test_a_killed_run_is_gone_on_with_and_nothing_is_done_twice(self, tmp_path: Path, sources: Make) -> None:
        sources("wait 1", "wait 60000", "wait 1", "wait 60000", "wait 1")
        with self._start(tmp_path, 30) as child:
            self._come_to_a3(child)
            child.kill()
        assert not (tmp_path / "r.jsonl").exists()
        stub = Stub()
        tally = _go(stub, sources("wait 1", "wait 2", "wait 1", "wait 2", "wait 1"), tmp_path / "r.jsonl")
        assert (stub.asked, tally.kept) == (["a1", "a3", "a4"], 2)
        assert stub.carried.requests == 2
        assert _ids(tmp_path / "r.jsonl") == ["a0", "a1", "a2", "a3", "a4"]
        assert not list(tmp_path.glob("r.jsonl.*"))


class TestRunCorpus:
    """The call for users of Python, with a real extractor at a scripted server."""

    def _settings(self, url: str, tmp_path: Path) -> Settings:
        return Settings(base_url=url, model="big", max_retries=0, max_reasks=0, cache_dir=tmp_path / "cache")

    def test_a_folder_becomes_results_and_each_outcome_is_told(self, tmp_path: Path, sources: Make) -> None:
        sources("Ana met Boris in Sofia.", "Nobody met anybody.")
        told: list[str] = []
        with serving(completion('{"records": []}')) as server:
            tally = run_corpus(
                [str(tmp_path)],
                str(tmp_path / "r.jsonl"),
                settings=self._settings(server.url, tmp_path),
                tasks=["meetings"],
                on_outcome=lambda outcome: told.append(outcome.article),
            )
        assert (tally.done, sorted(told), _ids(tmp_path / "r.jsonl")) == (2, ["a0", "a1"], ["a0", "a1"])

    def test_it_works_inside_a_running_event_loop(self, tmp_path: Path, sources: Make) -> None:
        sources("Ana met Boris in Sofia.")

        async def notebook(url: str) -> Tally:
            return run_corpus([tmp_path], tmp_path / "r.jsonl", settings=self._settings(url, tmp_path), tasks=["meetings"])

        with serving(completion('{"records": []}')) as server:
            assert asyncio.run(notebook(server.url)).done == 1

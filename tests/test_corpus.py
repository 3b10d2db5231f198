from __future__ import annotations

import asyncio
import json
import os
import resource
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from plain_user import as_plain_user

from llm_extract.articles import Source
from llm_extract.corpus import Failure, Outcome, ResultsFile, Tally, process
from llm_extract.errors import ArticleError, ModelUnavailableError, OutputError, PromptError, SettingError, UnusableAnswerError
from llm_extract.schema import Article, ArticleReference, Extraction


class Stub:
    """Stands in for a model: waits and fails as an article's text says."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.working = self.most = 0
        self.closed = False

    async def aextract(self, article: Article) -> Extraction:
        self.asked.append(article.id)
        self.working += 1
        self.most = max(self.most, self.working)
        try:
            await self._work(article.text)
        finally:
            self.working -= 1
        return _result(article)

    async def _work(self, text: str) -> None:
        what, _, number = text.partition(" ")
        errors = {
            "unusable": UnusableAnswerError("It answered prose.", remedy="Try a larger model."),
            "down": ModelUnavailableError("Nobody answers."),
            "prompt": PromptError("No template."),
            "defect": ZeroDivisionError("division by zero"),
        }
        if what in errors:
            raise errors[what]
        await asyncio.sleep(float(number or 0) / 1000)

    async def aclose(self) -> None:
        self.closed = True


def _result(article: Article) -> Extraction:
    return Extraction(article=ArticleReference.of(article), model="stub")


@pytest.fixture
def sources(tmp_path: Path) -> Callable[..., list[Source]]:
    def make(*texts: str) -> list[Source]:
        made = []
        for number, text in enumerate(texts):
            path = tmp_path / f"a{number}.txt"
            path.write_text(text, encoding="utf-8")
            made.append(Source(path.stem, path))
        return made

    return make


def _ids(path: Path) -> list[str]:
    return [json.loads(line)["article"]["id"] for line in path.read_text(encoding="utf-8").splitlines()]


class TestProcess:
    def test_results_are_in_the_order_of_the_articles_whatever_order_they_finish_in(
        self, tmp_path: Path, sources: Callable[..., list[Source]]
    ) -> None:
        seen: list[int] = []
        out = tmp_path / "out" / "results.jsonl"
        tally = process(Stub(), sources("wait 40", "wait 1", "wait 20"), out, jobs=3, watch=lambda outcome: seen.append(outcome.position))
        assert tally == Tally(articles=3, done=3)
        assert _ids(out) == ["a0", "a1", "a2"]
        assert seen == [1, 2, 0]
        assert [path.name for path in out.parent.iterdir()] == ["results.jsonl"]

    def test_the_same_articles_give_the_same_bytes_with_any_number_of_jobs(
        self, tmp_path: Path, sources: Callable[..., list[Source]]
    ) -> None:
        made = sources("wait 9", "wait 1", "wait 5", "unusable", "wait 2")
        for jobs in (1, 4):
            process(Stub(), made, tmp_path / f"{jobs}.jsonl", jobs=jobs)
        assert (tmp_path / "1.jsonl").read_bytes() == (tmp_path / "4.jsonl").read_bytes() != b""

    def test_no_more_articles_are_in_work_than_jobs_allow(self, tmp_path: Path, sources: Callable[..., list[Source]]) -> None:
        stub = Stub()
        process(stub, sources(*["wait 5"] * 9), tmp_path / "r.jsonl", jobs=3)
        assert stub.most == 3
        assert stub.closed

    def test_an_article_that_fails_is_told_with_its_remedy_and_the_others_go_on(
        self, tmp_path: Path, sources: Callable[..., list[Source]]
    ) -> None:
        out = tmp_path / "r.jsonl"
        tally = process(Stub(), sources("wait 5", "unusable", "", "defect", "wait 1"), out, jobs=2)
        assert _ids(out) == ["a0", "a4"]
        assert tally.failures[0] == Failure("a1", "extract", "UnusableAnswerError", "It answered prose.", "Try a larger model.")
        assert (tally.failures[1].article, tally.failures[1].stage, tally.failures[1].error) == ("a2", "read", ArticleError.__name__)
        assert tally.failures[2].message == "ZeroDivisionError: division by zero"
        assert "report it" in tally.failures[2].remedy

    @pytest.mark.parametrize(("word", "kind"), [("down", ModelUnavailableError), ("prompt", PromptError)])
    def test_what_all_would_fail_from_stops_the_run_and_keeps_what_is_finished(
        self, tmp_path: Path, sources: Callable[..., list[Source]], word: str, kind: type[Exception]
    ) -> None:
        out = tmp_path / "r.jsonl"
        stub = Stub()
        tally = process(stub, sources("wait 999999", "wait 1", word, "wait 1", "wait 1"), out, jobs=2)
        assert isinstance(tally.stopped, kind)
        assert stub.asked == ["a0", "a1", "a2"]
        assert _ids(out) == ["a1"]
        assert (tally.done, stub.closed) == (1, True)

    def test_an_output_among_the_articles_is_refused(self, tmp_path: Path, sources: Callable[..., list[Source]]) -> None:
        with pytest.raises(SettingError, match="is one of the articles"):
            process(Stub(), sources("precious"), tmp_path / "." / "a0.txt", jobs=1)
        assert (tmp_path / "a0.txt").read_text() == "precious"

    @pytest.mark.parametrize("place", ["folder", "file/results.jsonl", "/proc/nowhere/results.jsonl"])
    def test_an_output_that_can_not_be_made_is_an_error_before_a_model_is_asked(
        self, tmp_path: Path, sources: Callable[..., list[Source]], place: str
    ) -> None:
        (tmp_path / "folder").mkdir()
        (tmp_path / "file").touch()
        stub = Stub()
        with pytest.raises(OutputError):
            process(stub, sources("text"), tmp_path / place, jobs=1)
        assert not stub.asked

    def test_a_read_only_folder_or_file_is_an_error(self) -> None:
        with as_plain_user() as folder:
            (folder / "r.jsonl").write_text("old\n")
            (folder / "r.jsonl").chmod(0o444)
            with pytest.raises(OutputError, match="Permission denied"), ResultsFile(folder / "r.jsonl"):
                pass
            folder.chmod(0o555)
            with pytest.raises(OutputError, match="Permission denied"), ResultsFile(folder / "new.jsonl"):
                pass
            assert (folder / "r.jsonl").read_text() == "old\n"


class TestResultsFile:
    OLD = b"what an earlier run found\n"

    def _put(self, path: Path, *positions: int, complete: bool) -> None:
        with ResultsFile(path) as results:
            for position in positions:
                results.put(Outcome(position, f"a{position}", _result(Article(text="text", id=f"a{position}"))))
            results.complete = complete

    def test_a_complete_run_takes_the_place_of_an_earlier_one(self, tmp_path: Path) -> None:
        (tmp_path / "r.jsonl").write_bytes(self.OLD)
        self._put(tmp_path / "r.jsonl", 0, complete=True)
        assert _ids(tmp_path / "r.jsonl") == ["a0"]
        assert len(list(tmp_path.iterdir())) == 1

    def test_an_incomplete_run_keeps_the_earlier_one_beside_it(self, tmp_path: Path) -> None:
        (tmp_path / "r.jsonl").write_bytes(self.OLD)
        self._put(tmp_path / "r.jsonl", 2, 0, complete=False)
        assert _ids(tmp_path / "r.jsonl") == ["a0", "a2"]
        assert (tmp_path / "r.jsonl.old").read_bytes() == self.OLD

    def test_a_run_without_a_result_leaves_the_earlier_one_alone(self, tmp_path: Path) -> None:
        (tmp_path / "r.jsonl").write_bytes(self.OLD)
        self._put(tmp_path / "r.jsonl", complete=True)
        assert (tmp_path / "r.jsonl").read_bytes() == self.OLD
        assert len(list(tmp_path.iterdir())) == 1

    def test_a_finished_line_is_on_the_disk_before_the_next_article(self, tmp_path: Path) -> None:
        with ResultsFile(tmp_path / "r.jsonl") as results:
            results.put(Outcome(0, "a0", _result(Article(text="text", id="a0"))))
            assert _ids(tmp_path / "r.jsonl.part") == ["a0"]

    def test_a_link_stays_and_what_it_leads_to_is_replaced(self, tmp_path: Path) -> None:
        (tmp_path / "real.jsonl").touch()
        (tmp_path / "r.jsonl").symlink_to("real.jsonl")
        self._put(tmp_path / "r.jsonl", 0, complete=True)
        assert (tmp_path / "r.jsonl").is_symlink()
        assert _ids(tmp_path / "real.jsonl") == ["a0"]

    def test_a_device_is_written_to_as_it_is(self) -> None:
        self._put(Path(os.devnull), 0, complete=True)
        assert Path(os.devnull).is_char_device()

    def test_a_full_disk_leaves_whole_lines_and_is_an_error(self, tmp_path: Path) -> None:
        line = len(_result(Article(text="text", id="a0")).model_dump_json()) + 1
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (line * 2 + 10, hard))
        try:
            with pytest.raises(OutputError, match=r"File too large\. Make room"):
                self._put(tmp_path / "r.jsonl", 0, 1, 2, 3, complete=True)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
            signal.signal(signal.SIGXFSZ, handler)
        assert _ids(tmp_path / "r.jsonl") == ["a0", "a1"]


def test_ctrl_c_leaves_every_finished_article_in_the_output_and_asks_no_more(tmp_path: Path, sources: Callable[..., list[Source]]) -> None:
    sources("wait 1", "wait 60000", "wait 1", "wait 60000", "wait 1")
    script = textwrap.dedent("""
        import sys
        from pathlib import Path
        from llm_extract.articles import find_articles
        from llm_extract.corpus import process
        from test_corpus import Stub
        stub = Stub()
        found = find_articles([Path(sys.argv[1])])
        tally = process(stub, found, Path(sys.argv[1]) / "r.jsonl", jobs=2, watch=lambda outcome: print(outcome.article, flush=True))
        print(tally.interrupted, tally.done, stub.asked)
    """)
    here = Path(__file__).parent
    environment = {**os.environ, "PYTHONPATH": f"{here}{os.pathsep}{here.parent}"}
    child = subprocess.Popen([sys.executable, "-c", script, tmp_path], stdout=subprocess.PIPE, text=True, env=environment)
    assert child.stdout is not None
    finished = [child.stdout.readline().strip(), child.stdout.readline().strip()]
    child.send_signal(signal.SIGINT)
    told, _ = child.communicate(timeout=20)
    assert finished == ["a0", "a2"]
    assert told == "True 2 ['a0', 'a1', 'a2', 'a3']\n"
    assert _ids(tmp_path / "r.jsonl") == ["a0", "a2"]

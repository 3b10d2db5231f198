from __future__ import annotations

import json
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import anyio
import pytest
from filelock import FileLock
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from plain_user import as_plain_user

from llm_extract.errors import OutputError
from llm_extract.fingerprint import fingerprint
from llm_extract.journal import Journal, failed_path
from llm_extract.outcomes import Failure, Finished, Outcome
from llm_extract.schema import Article, ArticleReference, Extraction, Usage

MANNER = "0123456789abcdef"


def _article(position: int) -> Article:
    return Article(text=f"text {position}", id=f"a{position}")


def _result(position: int, manner: str = MANNER) -> Extraction:
    article = _article(position)
    return Extraction(fingerprint=fingerprint(manner, article), article=ArticleReference.of(article), model="stub")


def _finished(position: int, manner: str = MANNER) -> Finished:
    result = _result(position, manner)
    return Finished(Outcome(position, f"a{position}", result), result.model_dump_json().encode() + b"\n")


def _failure(position: int, *, attempts: int = 1) -> Finished:
    what = fingerprint(MANNER, _article(position))
    failure = Failure(f"a{position}", "extract", "ModelError", "No.", attempts=attempts, fingerprint=what)
    return Finished(Outcome(position, f"a{position}", failure))


def _store(journal: Journal, *finished: Finished, spent: Usage | None = None) -> None:
    anyio.run(journal.store, list(finished), spent or Usage())


def _keep(journal: Journal, *positions: int) -> list[bool]:
    return [journal.keep(position, f"a{position}", fingerprint(MANNER, _article(position))) for position in positions]


def _run(path: Path, *positions: int, complete: bool, manner: str = MANNER) -> None:
    with Journal(path, manner) as journal:
        _store(journal, *(_finished(position, manner) for position in positions))
        journal.finish(complete=complete)


def _fingerprint_of_changed(position: int) -> str:
    return fingerprint(MANNER, _article(position).model_copy(update={"title": "changed"}))


def _changed(position: int) -> Finished:
    """Return the result of the article with another title."""
    result = _result(position).model_copy(update={"fingerprint": _fingerprint_of_changed(position)})
    return Finished(Outcome(position, f"a{position}", result), result.model_dump_json().encode() + b"\n")


def _lines(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _ids(path: Path) -> list[str]:
    return [line["article"]["id"] for line in _lines(path)]


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


class TestFinish:
    def test_results_take_their_place_in_the_order_of_the_articles(self, tmp_path: Path) -> None:
        _run(tmp_path / "r.jsonl", 2, 0, 1, complete=True)
        assert _ids(tmp_path / "r.jsonl") == ["a0", "a1", "a2"]
        assert _names(tmp_path) == ["r.jsonl"]

    def test_a_complete_run_takes_the_place_of_one_that_read_otherwise(self, tmp_path: Path) -> None:
        _run(tmp_path / "r.jsonl", 0, 1, complete=True, manner="f" * 16)
        _run(tmp_path / "r.jsonl", 0, complete=True)
        assert _ids(tmp_path / "r.jsonl") == ["a0"]
        assert _names(tmp_path) == ["r.jsonl"]

    def test_an_incomplete_run_keeps_beside_it_the_results_of_one_that_read_otherwise(self, tmp_path: Path) -> None:
        _run(tmp_path / "r.jsonl", 0, 1, complete=True, manner="f" * 16)
        old = (tmp_path / "r.jsonl").read_bytes()
        _run(tmp_path / "r.jsonl", 0, complete=False)
        assert (_ids(tmp_path / "r.jsonl"), (tmp_path / "r.jsonl.old").read_bytes()) == (["a0"], old)

    def test_an_incomplete_run_keeps_the_results_that_it_did_not_come_to(self, tmp_path: Path) -> None:
        _run(tmp_path / "r.jsonl", 0, 1, 2, complete=True)
        with Journal(tmp_path / "r.jsonl", MANNER) as journal:
            assert _keep(journal, 1) == [True]
            journal.finish(complete=False)
        assert _ids(tmp_path / "r.jsonl") == ["a1", "a0", "a2"]

    def test_an_incomplete_run_does_not_keep_the_result_of_an_article_that_changed_beside_the_new_one(self, tmp_path: Path) -> None:
        _run(tmp_path / "r.jsonl", 0, 1, complete=True)
        with Journal(tmp_path / "r.jsonl", MANNER) as journal:
            _store(journal, _changed(0))
            journal.finish(complete=False)
        assert [(line["article"]["id"], line["fingerprint"]) for line in _lines(tmp_path / "r.jsonl")] == [
            ("a0", _fingerprint_of_changed(0)),
            ("a1", fingerprint(MANNER, _article(1))),
        ]

    def test_an_incomplete_run_keeps_the_latest_result_of_an_article_that_it_did_not_come_to(self, tmp_path: Path) -> None:
        _run(tmp_path / "r.jsonl", 0, 1, complete=True)
        with Journal(tmp_path / "r.jsonl", MANNER) as journal:
            _store(journal, _changed(0))  # and killed
        with Journal(tmp_path / "r.jsonl", MANNER) as journal:
            assert _keep(journal, 1) == [True]
            journal.finish(complete=False)
        assert [line["fingerprint"] for line in _lines(tmp_path / "r.jsonl")] == [
            fingerprint(MANNER, _article(1)),
            _fingerprint_of_changed(0),
        ]

    def test_a_run_without_a_result_leaves_an_earlier_one_alone(self, tmp_path: Path) -> None:
        _run(tmp_path / "r.jsonl", 0, complete=True, manner="f" * 16)
        before = (tmp_path / "r.jsonl").read_bytes()
        with Journal(tmp_path / "r.jsonl", MANNER) as journal:
            _store(journal, _failure(0))
            journal.finish(complete=True)
        assert (tmp_path / "r.jsonl").read_bytes() == before
        assert _names(tmp_path) == ["r.failed.jsonl", "r.jsonl"]

    def test_failures_are_beside_it_in_the_order_of_the_articles(self, tmp_path: Path) -> None:
        with Journal(tmp_path / "r.jsonl", MANNER) as journal:
            _store(journal, _failure(2), _finished(1), _failure(0))
            journal.finish(complete=True)
        written = [json.loads(line) for line in failed_path(tmp_path / "r.jsonl").read_text().splitlines()]
        assert [(line["article"], line["stage"], line["error"], line["attempts"]) for line in written] == [
            ("a0", "extract", "ModelError", 1),
            ("a2", "extract", "ModelError", 1),
        ]

    @pytest.mark.parametrize("output", ["r.jsonl", "r", "r.2024-05-31", "r.out", ".jsonl"])
    def test_each_output_has_failures_of_its_own(self, tmp_path: Path, output: str) -> None:
        others = {failed_path(tmp_path / other) for other in ("x.jsonl", "r.2024-05-30", "r.json", "jsonl", "r.jsonl.jsonl")}
        assert failed_path(tmp_path / output) not in others
        assert failed_path(tmp_path / output).name.endswith(".failed.jsonl")

    @pytest.mark.parametrize("complete", [True, False])
    def test_what_is_called_like_the_failures_and_is_something_else_is_not_written_over(self, tmp_path: Path, complete: bool) -> None:  # noqa: FBT001
        _run(tmp_path / "r.failed.jsonl", 0, complete=True)
        before = (tmp_path / "r.failed.jsonl").read_bytes()
        with pytest.raises(OutputError, match="where failures would go, is there already"):
            _run(tmp_path / "r.jsonl", 1, complete=complete)
        assert (tmp_path / "r.failed.jsonl").read_bytes() == before

    def test_a_link_stays_and_what_it_leads_to_is_replaced(self, tmp_path: Path) -> None:
        (tmp_path / "real.jsonl").touch()
        (tmp_path / "r.jsonl").symlink_to("real.jsonl")
        _run(tmp_path / "r.jsonl", 0, complete=True)
        assert (tmp_path / "r.jsonl").is_symlink()
        assert _ids(tmp_path / "real.jsonl") == ["a0"]

    def test_the_failures_of_a_link_are_where_it_is_said(self, tmp_path: Path) -> None:
        (tmp_path / "there").mkdir()
        (tmp_path / "r.jsonl").symlink_to("there/real.jsonl")
        with Journal(tmp_path / "r.jsonl", MANNER) as journal:
            _store(journal, _failure(0))
            journal.finish(complete=True)
        assert failed_path(tmp_path / "r.jsonl").read_bytes()
        assert _names(tmp_path / "there") == ["real.failed.jsonl"]

    def test_a_last_line_that_an_editor_left_without_its_end_is_joined_with_no_other(self, tmp_path: Path) -> None:
        _run(tmp_path / "r.jsonl", 0, 1, complete=True)
        (tmp_path / "r.jsonl").write_bytes((tmp_path / "r.jsonl").read_bytes().removesuffix(b"\n"))
        with Journal(tmp_path / "r.jsonl", MANNER) as journal:
            assert _keep(journal, 0, 1) == [True, True]
            _store(journal, _finished(2))
            journal.finish(complete=True)
        assert _ids(tmp_path / "r.jsonl") == ["a0", "a1", "a2"]


class TestResuming:
    def test_a_stored_line_is_on_the_disk(self, tmp_path: Path) -> None:
        with Journal(tmp_path / "r.jsonl", MANNER) as journal:
            _store(journal, _finished(0))
            assert _ids(tmp_path / "r.jsonl.part") == ["a0"]

    def test_a_run_that_was_not_finished_is_gone_on_with(self, tmp_path: Path) -> None:
        with Journal(tmp_path / "r.jsonl", MANNER) as journal:
            _store(journal, _finished(3), _failure(1), spent=Usage(requests=4, prompt_tokens=50))
        with Journal(tmp_path / "r.jsonl", MANNER) as journal:
            assert _keep(journal, 0, 3) == [False, True]
            assert journal.spent == Usage(requests=4, prompt_tokens=50)
            failed = journal.failed("a1")
            assert failed
            assert failed.message == "No."
            journal.finish(complete=True)
        assert _ids(tmp_path / "r.jsonl") == ["a3"]

    def test_of_several_failures_of_an_article_the_latest_counts(self, tmp_path: Path) -> None:
        with Journal(tmp_path / "r.jsonl", MANNER) as journal:
            _store(journal, _failure(0))
            journal.finish(complete=True)
        for attempts in (2, 3):
            with Journal(tmp_path / "r.jsonl", MANNER) as journal:  # tries it again, and is killed
                _store(journal, _failure(0, attempts=attempts))
        with Journal(tmp_path / "r.jsonl", MANNER) as journal:
            failed = journal.failed("a0")
        assert failed
        assert failed.attempts == 3

    def test_an_article_that_was_done_after_it_had_failed_is_not_among_the_failures(self, tmp_path: Path) -> None:
        with Journal(tmp_path / "r.jsonl", MANNER) as journal:
            _store(journal, _failure(0))
            journal.finish(complete=True)
        with Journal(tmp_path / "r.jsonl", MANNER) as journal:  # tries it again, and is killed
            _store(journal, _finished(0))
        with Journal(tmp_path / "r.jsonl", MANNER) as journal:  # is interrupted before it comes to it
            journal.finish(complete=False)
        assert (_ids(tmp_path / "r.jsonl"), _names(tmp_path)) == (["a0"], ["r.jsonl"])

    def test_tokens_that_come_after_their_request_was_counted_are_remembered(self, tmp_path: Path) -> None:
        with Journal(tmp_path / "r.jsonl", MANNER) as journal:
            _store(journal, spent=Usage(requests=1))
            _store(journal, _finished(0), spent=Usage(prompt_tokens=50, completion_tokens=7))
        with Journal(tmp_path / "r.jsonl", MANNER) as journal:
            assert journal.spent == Usage(requests=1, prompt_tokens=50, completion_tokens=7)

    def test_a_failure_told_with_half_a_character_is_written(self, tmp_path: Path) -> None:
        failure = Failure("a0", "extract", "ModelError", "\ud800 broke.", fingerprint=fingerprint(MANNER, _article(0)))
        with Journal(tmp_path / "r.jsonl", MANNER) as journal:
            _store(journal, Finished(Outcome(0, "a0", failure)))
            journal.finish(complete=False)
        with Journal(tmp_path / "r.jsonl", MANNER) as journal:
            known = journal.failed("a0")
            assert known
            assert known.message == "? broke."

    def test_the_latest_result_counts(self, tmp_path: Path) -> None:
        with Journal(tmp_path / "r.jsonl", MANNER) as journal:
            _store(journal, _failure(0))
            _store(journal, _finished(0))
        with Journal(tmp_path / "r.jsonl", MANNER) as journal:
            assert journal.failed("a0") is None
            assert _keep(journal, 0) == [True]

    @given(cut=st.integers(0, 2000))
    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_a_file_cut_off_anywhere_gives_back_all_whole_lines(self, tmp_path: Path, cut: int) -> None:
        path = tmp_path / "r.jsonl"
        (tmp_path / "r.jsonl.part").unlink(missing_ok=True)
        with Journal(path, MANNER) as journal:
            _store(journal, *(_finished(position) for position in range(4)))
        part = tmp_path / "r.jsonl.part"
        whole = part.read_bytes()
        part.write_bytes(whole[:cut])
        lines = whole[:cut].count(b"\n")
        with Journal(path, MANNER) as journal:
            assert _keep(journal, 0, 1, 2, 3) == [position < lines for position in range(4)]
            _store(journal, _finished(9))
        assert _ids(part)[-1] == "a9"

    @given(garbage=st.binary(max_size=300))
    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_damage_costs_only_what_it_hit(self, tmp_path: Path, garbage: bytes) -> None:
        part = tmp_path / "r.jsonl.part"
        part.write_bytes(_finished(0).line + garbage + b"\n" + _finished(1).line)
        with Journal(tmp_path / "r.jsonl", MANNER) as journal:
            assert _keep(journal, 0, 1) == [True, True]
        part.unlink()

    @given(document=st.recursive(st.none() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_a_line_of_another_form_is_no_result_and_no_failure(self, tmp_path: Path, document: object) -> None:
        part = tmp_path / "r.jsonl.part"
        lines = [document, {"failure": document}, {"spent": document}, {"fingerprint": document, "article": {"id": "a"}}]
        part.write_text("".join(json.dumps(line) + "\n" for line in lines))
        with Journal(tmp_path / "r.jsonl", MANNER) as journal:
            assert _keep(journal, 0) == [False]
        part.unlink()


class TestTrouble:
    def test_a_file_that_holds_no_results_is_not_overwritten(self, tmp_path: Path) -> None:
        (tmp_path / "notes.txt").write_text("precious\n")
        with pytest.raises(OutputError, match="holds no results"), Journal(tmp_path / "notes.txt", MANNER):
            pass
        assert (_names(tmp_path), (tmp_path / "notes.txt").read_text()) == (["notes.txt"], "precious\n")

    def test_an_output_that_another_process_writes_to_is_refused(self, tmp_path: Path) -> None:
        with (
            Journal(tmp_path / "r.jsonl", MANNER),
            pytest.raises(OutputError, match="Another process is writing"),
            Journal(tmp_path / "r.jsonl", MANNER),
        ):
            pass
        with Journal(tmp_path / "r.jsonl", MANNER):
            pass
        assert _names(tmp_path) == []

    def test_a_lock_that_a_dead_process_left_is_no_lock(self, tmp_path: Path) -> None:
        FileLock(tmp_path / "r.jsonl.lock").acquire()
        (tmp_path / "r.jsonl.lock").unlink()
        (tmp_path / "r.jsonl.lock").touch()
        with Journal(tmp_path / "r.jsonl", MANNER) as journal:
            assert journal.spent == Usage()

    def test_a_read_only_folder_or_file_is_an_error(self) -> None:
        with as_plain_user() as folder:
            (folder / "r.jsonl").write_bytes(_finished(0).line)
            (folder / "r.jsonl").chmod(0o444)
            with pytest.raises(OutputError, match="Permission denied"), Journal(folder / "r.jsonl", MANNER):
                pass
            folder.chmod(0o555)
            with pytest.raises(OutputError, match="Permission denied"), Journal(folder / "new.jsonl", MANNER):
                pass
            assert _ids(folder / "r.jsonl") == ["a0"]

    def test_a_full_disk_leaves_whole_lines_and_the_rest_is_done_when_there_is_room(self, tmp_path: Path) -> None:
        with Journal(tmp_path / "r.jsonl", MANNER) as journal:
            with at_most_bytes(2 * len(_finished(0).line) + 10):
                _store(journal, _finished(0), _finished(1))
                with pytest.raises(OutputError, match=r"File too large\. Make room"):
                    _store(journal, _finished(2))
            assert _ids(tmp_path / "r.jsonl.part") == ["a0", "a1"]
            _store(journal, _finished(3))
            journal.finish(complete=True)
        assert _ids(tmp_path / "r.jsonl") == ["a0", "a1", "a3"]

    def test_a_disk_that_is_full_at_the_end_loses_nothing(self, tmp_path: Path) -> None:
        with Journal(tmp_path / "r.jsonl", MANNER) as journal:
            _store(journal, _finished(0), _finished(1))
            with at_most_bytes(10), pytest.raises(OutputError, match="Make room"):
                journal.finish(complete=True)
        with Journal(tmp_path / "r.jsonl", MANNER) as journal:
            assert _keep(journal, 0, 1) == [True, True]
            journal.finish(complete=True)
        assert (_ids(tmp_path / "r.jsonl"), _names(tmp_path)) == (["a0", "a1"], ["r.jsonl"])


@contextmanager
def at_most_bytes(size: int) -> Iterator[None]:
    """Let no file grow beyond so many bytes, as a full disk does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, handler)

from __future__ import annotations

from pathlib import Path

import pytest
from faults import completion, serving
from news import QUESTIONS, good, write_articles

from llm_extract import Extractor
from llm_extract.articles import Source, find_articles
from llm_extract.corpus import RunOptions, process
from llm_extract.errors import OutputError
from llm_extract.estimate import Estimate, estimate
from llm_extract.settings import Settings


def _settings(folder: Path, url: str = "http://127.0.0.1:9/v1", **changes: object) -> Settings:
    given = {"base_url": url, "api_key": "key-4711", "model": "tiny", "cache_dir": folder / "cache"}
    return Settings.model_validate({**given, **changes})


def _estimate(folder: Path, out: str = "r.jsonl", cache: str = "use", *, retry_failed: bool = False) -> Estimate:
    extractor = Extractor(_settings(folder, cache=cache), dry_run=True)
    return estimate(extractor, find_articles([folder / "news"]), folder / out, retry_failed=retry_failed)


def test_each_question_of_each_article_is_estimated_and_no_file_is_left(tmp_path: Path) -> None:
    write_articles(tmp_path / "news", 3)
    found = _estimate(tmp_path)
    assert (found.articles, found.kept, found.unreadable, found.usage.requests) == (3, 0, 0, 3 * QUESTIONS)
    assert found.usage.prompt_tokens > 3 * QUESTIONS * 300
    assert 0 < found.usage.completion_tokens < found.usage.prompt_tokens
    assert not (tmp_path / "r.jsonl").exists()
    assert not list(tmp_path.glob("r.jsonl.*"))


def test_what_is_done_or_in_the_cache_or_can_not_be_read_costs_nothing(tmp_path: Path) -> None:
    write_articles(tmp_path / "news", 2)
    with serving(by=good) as server:
        process(Extractor(_settings(tmp_path, server.url)), find_articles([tmp_path / "news"]), tmp_path / "r.jsonl", RunOptions(jobs=2))
    write_articles(tmp_path / "news", 3)
    (tmp_path / "news" / "z.txt").touch()
    found = _estimate(tmp_path)
    assert (found.articles, found.kept, found.unreadable, found.usage.requests) == (4, 2, 1, QUESTIONS)
    assert _estimate(tmp_path, "other.jsonl").usage.requests == QUESTIONS
    assert _estimate(tmp_path, "other.jsonl", cache="off").usage.requests == 3 * QUESTIONS


def test_what_failed_and_would_not_be_tried_again_costs_nothing(tmp_path: Path) -> None:
    write_articles(tmp_path / "news", 2)
    with serving(completion("", finish_reason="content_filter")) as server:
        process(Extractor(_settings(tmp_path, server.url)), find_articles([tmp_path / "news"]), tmp_path / "r.jsonl", RunOptions(jobs=2))
    write_articles(tmp_path / "news", 3)
    found = _estimate(tmp_path)
    assert (found.articles, found.left, found.usage.requests) == (3, 2, QUESTIONS)
    found = _estimate(tmp_path, retry_failed=True)
    assert (found.left, found.usage.requests) == (0, 3 * QUESTIONS)


def test_an_estimate_is_no_answer(tmp_path: Path) -> None:
    write_articles(tmp_path / "news", 1)
    _estimate(tmp_path)
    assert _estimate(tmp_path).usage.requests == QUESTIONS
    with serving(by=good) as server:
        process(Extractor(_settings(tmp_path, server.url)), find_articles([tmp_path / "news"]), tmp_path / "r.jsonl", RunOptions())
        assert len(server.received) == QUESTIONS


def test_an_output_that_can_not_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "r.jsonl").write_text("notes\n")
    with pytest.raises(OutputError, match="holds no results"):
        estimate(Extractor(_settings(tmp_path), dry_run=True), [Source("a", tmp_path / "a.txt")], tmp_path / "r.jsonl")

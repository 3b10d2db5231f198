"""The speed benchmark asks about articles that fit their answers, and says what keeps to its bounds."""

from __future__ import annotations

import datetime as dt
import json
import sys
from pathlib import Path

import pytest

from benchmarks.speed import cached, figures, news, server
from benchmarks.speed.bench import Bench
from benchmarks.speed.figures import Figure
from benchmarks.speed.processes import BenchmarkError, run, serving, timed
from llm_extract.articles import find_articles
from llm_extract.extractor import Extractor
from llm_extract.hosted import MEETINGS, QUOTES
from llm_extract.numbering import number
from llm_extract.schema import Article, Extraction
from llm_extract.settings import Settings


@pytest.mark.parametrize("count", range(20))
def test_an_article_has_the_quotations_and_sentences_that_its_answers_name(count: int) -> None:
    story = news.story(count)
    numbered = number(Article(text=story.text))
    quotes = json.loads(story.quotations)["records"]
    QUOTES.model_validate_json(story.quotations)
    assert [quotation for quote in quotes for quotation in quote["segments"]] == [quotation.number for quotation in numbered.quotations]
    MEETINGS.model_validate_json(story.meetings)
    (meeting,) = json.loads(story.meetings)["records"]
    reports = [numbered.text_of(numbered.sentence(sentence)) for sentence in meeting["evidence"]]
    assert reports
    assert all("met Trade" in report or "thanked" in report for report in reports)
    assert 2_500 < len(story.text) < 3_500


def test_the_same_number_is_the_same_article_and_another_one_another() -> None:
    assert news.story(3) == news.story(3)
    assert news.story(3).text != news.story(4).text


def test_the_server_answers_about_the_article_in_the_request() -> None:
    request = json.dumps({"messages": [{"content": news.story(42).text}], "name": "Quotes"}, ensure_ascii=False).encode()
    head, _, body = server.answer(request).partition(b"\r\n\r\n")
    assert b"content-length: %d" % len(body) in head
    assert json.loads(body)["choices"][0]["message"]["content"] == news.story(42).quotations
    with pytest.raises(ValueError, match="no article"):
        server.answer(b"{}")


def test_articles_are_read_with_two_requests_each_and_none_is_asked_about_again(tmp_path: Path) -> None:
    articles = news.write(tmp_path / "articles", 3)
    with serving(0) as url:
        done = run("with_llm_extract", url, 2, articles, articles, tmp_path / "work")
    assert (done.articles, done.requests) == (3, 6)
    assert done.peak_bytes > 10_000_000
    results = [Extraction.model_validate_json(line) for line in (tmp_path / "work" / "results.jsonl").read_bytes().splitlines()]
    assert [len(result.meetings) for result in results] == [1, 1, 1]
    assert [result.warnings for result in results] == [(), (), ()]


def test_a_process_that_fails_is_told_of() -> None:
    with pytest.raises(BenchmarkError, match="no_such_module"):
        timed([sys.executable, "-m", "no_such_module"])


def test_articles_are_put_into_the_cache_as_a_run_looks_for_them(tmp_path: Path) -> None:
    bench = Bench(tmp_path, 1, is_quick=True, say=lambda _: None)
    settings = Settings(base_url=cached.NOWHERE, model="scripted", cache_dir=tmp_path / "cache")
    cached.fill(settings, find_articles([bench.articles(2)]), cached.template(bench))
    with Extractor(settings) as extractor:
        found = [extractor.extract(source.read()) for source in find_articles([bench.articles(2)])]
    assert [result.article.id for result in found] == ["000/000000", "000/000001"]
    assert extractor.from_cache == 2


def test_in_each_round_another_one_is_measured_first(tmp_path: Path) -> None:
    order: list[str] = []

    def measured(name: str) -> str:
        order.append(name)
        return name

    bench = Bench(tmp_path, 2, is_quick=False, say=lambda _: None)
    rounds = bench.interleaved(lambda: measured("a"), lambda: measured("b"))
    assert (order, rounds) == (["a", "b", "b", "a"], [["a", "b"], ["a", "b"]])


def test_a_figure_keeps_to_its_bound_or_does_not() -> None:
    found = [Figure("time", 1.25, "×", 1.1, detail="5 s, 4 s"), Figure("rate", 5_000, "/s", 500, at_least=True)]
    assert figures.as_markdown(found, "2 cores", dt.date(2026, 11, 25)).splitlines()[2:] == [
        "| time | 1.25 × | ≤ 1.1 × | no | 5 s, 4 s |",
        "| rate | 5,000 /s | ≥ 500 /s | yes |  |",
        "",
        "2026-11-25, 2 cores. Each figure is the median of its rounds.",
    ]
    assert [figure["is_met"] for figure in json.loads(figures.as_json(found, "", dt.date(2026, 11, 25)))["figures"]] == [False, True]

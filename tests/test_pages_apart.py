from __future__ import annotations

import datetime as dt
import sys

import pytest

from llm_extract import html_pages, pages_apart
from llm_extract.errors import ArticleError, MissingExtraError
from llm_extract.html_pages import read_page

LARGE = (
    "<html><head><title>Talks {resumed}</title><meta property='article:published_time' content='2024-05-06'></head><body><article><p>"
    + "The “ministers” met on Monday 🙂.<br>" * 4_000
)


@pytest.fixture(autouse=True)
def _fewer_tags_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages_apart, "_MOST_TAGS", 3_000)


def test_a_large_page_gives_what_it_would_give_here() -> None:
    assert pages_apart.is_large(LARGE)
    stated, text = read_page(LARGE, "a.html")
    assert (stated, text) == html_pages._extract(LARGE, "a.html")
    assert (stated.title, stated.published) == ("Talks {resumed}", dt.date(2024, 5, 6))


def test_one_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages_apart, "MAX_SECONDS", 0.1)
    with pytest.raises(ArticleError, match=r"The page a\.html takes longer than 0 s.*save it as plain text"):
        read_page(LARGE, "a.html")
    assert not pages_apart._running


def test_what_is_wrong_with_it_is_told_as_of_any_page() -> None:
    with pytest.raises(ArticleError, match=r"There is no article in the page \{a\}\.html.*save the page from a browser"):
        read_page("<form><input>" * 4_000, "{a}.html")


def test_a_process_that_dies_costs_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(ArticleError, match="the process that did it ended"):
        read_page(LARGE, "a.html")


def test_a_missing_extra_is_told_as_such(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("without")
    (folder / "trafilatura.py").write_text("raise ImportError")
    monkeypatch.setenv("PYTHONPATH", str(folder))
    with pytest.raises(MissingExtraError, match=r'pip install "llm-extract\[html\]"'):
        read_page(LARGE, "a.html")

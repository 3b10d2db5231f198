from __future__ import annotations

import datetime as dt
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llm_extract.errors import ArticleError, MissingExtraError
from llm_extract.html_pages import read_page
from llm_extract.metadata import Metadata

HEAD = (
    '<title>Ministers meet | The Paper</title><meta property="og:title" content="Ministers meet">'
    '<meta property="article:published_time" content="2024-05-06T10:00:00+02:00"><meta property="og:site_name" content="The Paper">'
    '<link rel="canonical" href="https://example.org/a">'
)
BODY = (
    "<nav><a href='/'>Home</a> <a href='/x'>World</a></nav><article><h1>Ministers meet</h1>"
    "<p>Foreign Minister Maria Lindqvist met Trade Minister Peter Novák in Tallinn on Monday to discuss fishing rights.</p>"
    "<p>&ldquo;We have agreed on the quotas for <b>next year</b>,&rdquo; Novák told reporters after the talks.</p>"
    "<p>Lindqvist thanked Novák for his patience. She said that the boats can leave port tomorrow.</p></article>"
    "<footer>Copyright 2019 The Paper, printed on January 2, 2020</footer>"
)
LINES = [
    "Ministers meet",
    "Foreign Minister Maria Lindqvist met Trade Minister Peter Novák in Tallinn on Monday to discuss fishing rights.",
    "“We have agreed on the quotas for next year,” Novák told reporters after the talks.",
    "Lindqvist thanked Novák for his patience. She said that the boats can leave port tomorrow.",
]


def _page(head: str = HEAD, body: str = BODY, charset: str = "utf-8") -> str:
    return f'<!DOCTYPE html><html><head><meta charset="{charset}">{head}</head><body>{body}</body></html>'


def test_the_article_and_what_the_page_says_of_it_are_found_and_its_furniture_is_not() -> None:
    stated, text = read_page(_page(), "a.html")
    assert stated == Metadata(dt.date(2024, 5, 6), "Ministers meet", "The Paper", "https://example.org/a")
    assert text.splitlines() == LINES


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("<time datetime='2024-05-06T08:00'>Monday</time> <time datetime='2024-05-06T09:30'>later</time>", dt.date(2024, 5, 6)),
        ("<time datetime='2024-05-06'>Monday</time> <time datetime='2023-01-02'>another story</time>", None),
        ('<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": "2024-05-06"}</script>', dt.date(2024, 5, 6)),
    ],
    ids=["one day", "two days", "JSON-LD"],
)
def test_a_day_that_is_stated_in_the_body_is_taken_where_it_is_but_one(stated: str, expected: dt.date | None) -> None:
    assert read_page(_page(head="", body=stated + BODY), "a.html")[0].published == expected


def test_a_day_that_the_page_does_not_state_is_not_guessed_from_its_text() -> None:
    assert read_page(_page(head="<title>T</title>"), "a.html")[0].published is None


@pytest.mark.parametrize(
    ("charset", "encoding"),
    [
        ("utf-8", "utf-8"),
        ("iso-8859-2", "iso-8859-2"),
        ("windows-1250", "cp1250"),
        ("ISO-8859-1", "cp1252"),
        ("utf-8", "utf-16"),
        ("x-none", "utf-8"),
    ],
)
def test_the_declared_charset_is_used_where_the_page_is_not_utf8(charset: str, encoding: str) -> None:
    assert read_page(_page(charset=charset).encode(encoding), "a.html")[1].splitlines() == LINES


def test_bytes_that_fit_no_charset_are_of_matter_in_the_article_only() -> None:
    page = _page(charset="euc-jp").replace("á", "a").encode()
    assert "Novak" in read_page(page.replace(b"Copyright", b"\xffCopyright"), "a.html")[1]
    with pytest.raises(ArticleError, match=r"Some characters of a\.html do not fit its charset"):
        read_page(page.replace(b"Novak told", b"Nov\xffk told"), "a.html")


@pytest.mark.parametrize(
    "page",
    [
        _page(body="<div id='root'></div><script>" + "render('<p>Ministers met.</p>');" * 500 + "</script>"),
        _page(body="<form><input name='q'></form>"),
        "<div>" * 100_000,
    ],
    ids=["script", "form", "deep"],
)
def test_a_page_without_an_article_is_an_error_that_says_what_to_do(page: str) -> None:
    with pytest.raises(ArticleError, match=r"There is no article in the page a\.html.*save the page from a browser"):
        read_page(page, "a.html")


def test_binary_data_is_no_page() -> None:
    with pytest.raises(ArticleError, match=r"binary data: a\.html"):
        read_page(b"%PDF-1.7\0\0\0\xff", "a.html")


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.sampled_from(["<p>", "</p>", "<b", "&#0;", "&#xd800;", "<script>", "<!--", "]]>", "<article>", "The ministers met. ", "\u202e"])
        | st.text(),
        max_size=40,
    )
)
def test_whatever_the_markup_there_is_a_text_or_an_error_about_the_page(parts: list[str]) -> None:
    try:
        assert read_page("".join(parts), "a.html")[1].strip()
    except ArticleError as error:
        assert "a.html" in error.what  # noqa: PT017  an error is one of the two


def test_without_the_extra_the_error_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "trafilatura", None)
    with pytest.raises(MissingExtraError, match=r'pip install "llm-extract\[html\]"'):
        read_page(_page(), "a.html")

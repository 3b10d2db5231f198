from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from llm_extract.documents import Form, Source, failing, standard_input
from llm_extract.errors import ArticleError
from llm_extract.metadata import Metadata

PAGE = (
    b"<html><head><title>Talks</title></head><body><article>"
    + b"<p>The ministers met on Monday and agreed.</p>" * 9
    + b"</article></body></html>"
)


def _given(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


def test_a_web_page_is_told_by_its_suffix(tmp_path: Path) -> None:
    for name in ("a.html", "a.HTM", "a.txt"):
        (tmp_path / name).write_bytes(PAGE)
    assert Source("a", tmp_path / "a.html").read() == Source("a", tmp_path / "a.HTM").read()
    assert Source("a", tmp_path / "a.HTM").read().title == "Talks"
    assert Source("a", tmp_path / "a.txt").read().text == PAGE.decode()


def test_what_is_known_goes_before_what_the_page_says(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(PAGE)
    assert Source("a", tmp_path / "a.html", Metadata(title="Known")).read().title == "Known"


def test_the_standard_input_is_a_text_or_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    _given(monkeypatch, b"{{ a text }} with braces\n")
    assert standard_input().read().text == "{{ a text }} with braces\n"
    _given(monkeypatch, PAGE)
    assert standard_input(Form.HTML).read().title == "Talks"


def test_json_lines_are_not_taken_for_one_text(monkeypatch: pytest.MonkeyPatch) -> None:
    _given(monkeypatch, b'{"text": "one"}\n{"text": "two"}\n')
    with pytest.raises(ArticleError, match="Say so: --from jsonl"):
        standard_input().read()


def test_a_failing_source_fails_as_often_as_it_is_read() -> None:
    source = failing("a", ArticleError("It is torn."))
    for _ in range(2):
        with pytest.raises(ArticleError, match="It is torn"):
            source.read()
    assert (source.id, source.path, source.place) == ("a", None, "a")

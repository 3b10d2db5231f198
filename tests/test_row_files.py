from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from llm_extract.documents import Form, Source
from llm_extract.errors import ArticleError, SettingError
from llm_extract.row_files import Columns, check_columns, count_rows, row_form, row_sources
from llm_extract.schema import Article

DAY = dt.date(2024, 5, 6)
JSON_VALUES = st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), lambda inner: st.lists(inner, max_size=2))
PAGE = (
    "<html><head><title>Talks</title></head><body><article>"
    + "<p>The ministers met on Monday and agreed.</p>" * 9
    + "</article></body></html>"
)


def _sources(tmp_path: Path, *rows: object, columns: Columns | None = None) -> list[Source]:
    path = tmp_path / "news.jsonl"
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return list(row_sources(path, Form.JSONL, columns or Columns(), "news.jsonl"))


def test_a_row_becomes_an_article_with_all_that_its_columns_say(tmp_path: Path) -> None:
    row = {
        "id": "a",
        "text": " as it stands\r\n",
        "published": "2024-05-06T10:00:00Z",
        "title": "T",
        "source": "S",
        "url": "U",
        "more": [1],
    }
    (source,) = _sources(tmp_path, row)
    assert (source.id, source.path) == ("a", None)
    assert source.read() == Article(text=" as it stands\r\n", id="a", published=DAY, title="T", source="S", url="U")


def test_columns_that_are_called_otherwise_are_found(tmp_path: Path) -> None:
    columns = Columns.parse(["id=key", "text=body", "published=date"])
    (source,) = _sources(tmp_path, {"key": 7, "body": "text", "date": "2024-05-06", "id": "other"}, columns=columns)
    assert (source.id, source.read().published) == ("7", DAY)


@pytest.mark.parametrize("pair", ["text", "text=", "body=text", "=x"])
def test_a_column_of_another_form_is_refused(pair: str) -> None:
    with pytest.raises(SettingError, match=f"{pair!r} names no column.*the fields are id, text"):
        Columns.parse([pair])


def test_an_article_without_an_id_is_called_after_its_line(tmp_path: Path) -> None:
    assert [source.id for source in _sources(tmp_path, {"text": "a"}, {"text": "b", "id": " "}, {"text": "c", "id": None})] == [
        "news.jsonl:1",
        "news.jsonl:2",
        "news.jsonl:3",
    ]


def test_a_page_in_a_row_is_read_where_there_is_no_text(tmp_path: Path) -> None:
    first, second = _sources(tmp_path, {"html": PAGE, "text": ""}, {"html": PAGE, "text": "text"})
    assert (first.read().title, first.read().text.splitlines()[0]) == ("Talks", "The ministers met on Monday and agreed.")
    assert second.read().text == "text"


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ({"id": "x"}, r"There is no text in line 1 of .*--column text=body; there are 'id'\."),
        ({"id": "x", "text": "\n"}, r"There is no text in line 1 of .*Leave it out"),
        ({"id": "x", "text": ["a"]}, "has no text in its column 'text' but a list"),
        ({"id": "x", "text": "a", "published": "6 May"}, "has the date '6 May', which is not of the form YYYY-MM-DD"),
        ({"id": "x", "text": "a", "source": {"name": "S"}}, "has an object in its column 'source'"),
        ({"id": "x", "text": "nul \0"}, "binary data: line 1"),
        ({"id": "x", "text": "a" * 5_000_001}, "There are 5,000,001 characters in line 1"),
    ],
    ids=["missing", "empty", "list", "date", "source", "nul", "long"],
)
def test_a_row_that_can_not_be_used_keeps_its_id_and_says_why_when_it_is_read(tmp_path: Path, row: object, what: str) -> None:
    bad, good = _sources(tmp_path, row, {"text": "good"})
    assert bad.id == "x"
    with pytest.raises(ArticleError, match=what):
        bad.read()
    assert good.read().text == "good"


@pytest.mark.parametrize("identifier", ["a" * 1001, True, [1]], ids=["long", "true", "list"])
def test_an_id_that_can_be_none_is_not_used(tmp_path: Path, identifier: object) -> None:
    (source,) = _sources(tmp_path, {"id": identifier, "text": "a"})
    assert source.id == "news.jsonl:1"
    with pytest.raises(ArticleError, match=r"has an id of 1,001|in its column 'id'"):
        source.read()


@settings(deadline=None)
@given(st.lists(st.dictionaries(st.sampled_from(["id", "text", "html", "published", "title"]), JSON_VALUES), max_size=4))
def test_whatever_a_row_holds_it_is_an_article_or_an_error_about_it(tmp_path_factory: pytest.TempPathFactory, rows: list[object]) -> None:
    for source in _sources(tmp_path_factory.mktemp("rows"), *rows):
        try:
            assert source.read().id == source.id
        except ArticleError as error:
            assert "line" in error.what.lower()  # noqa: PT017  an error is one of the two


def test_a_file_that_breaks_off_ends_with_a_failure(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    parquet.write_table(pa.table({"text": ["a", "b"], "published": [DAY, None]}), path)
    first, second = row_sources(path, Form.PARQUET, Columns(), "a.parquet")
    assert (first.id, first.read().published, second.id) == ("a.parquet:1", DAY, "a.parquet:2")
    path.write_bytes(path.read_bytes()[:50])
    (broken,) = row_sources(path, Form.PARQUET, Columns(), "a.parquet")
    with pytest.raises(ArticleError, match="can't be read as Parquet"):
        broken.read()


@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.parquet"])
def test_a_table_without_a_column_of_text_is_refused_with_the_columns_that_it_has(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    form = row_form(path)
    assert form is not None
    if form is Form.PARQUET:
        parquet.write_table(pa.table({"body": ["a"], "day": ["b"]}), path)
    else:
        path.write_text("body,day\na,b\n".replace(",", "," if form is Form.CSV else "\t"))
    with pytest.raises(SettingError, match=r"has no column 'text' or 'html'.*there are 'body', 'day'"):
        check_columns(path, form, Columns())
    check_columns(path, form, Columns(text="body"))
    assert count_rows(path, form) == 1


def test_a_column_of_use_that_comes_twice_is_told(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("id,text,note,note,text\n")
    with pytest.raises(SettingError, match=r"has several columns 'text'"):
        check_columns(tmp_path / "t.csv", Form.CSV, Columns())
    check_columns(tmp_path / "t.csv", Form.CSV, Columns(text="id", id="key"))


def test_the_form_is_told_by_the_name() -> None:
    names = {"a.JSONL": Form.JSONL, "a.ndjson.gz": Form.JSONL, "a.csv.gz": Form.CSV, "a.tsv": Form.TSV, "a.parquet": Form.PARQUET}
    assert {name: row_form(Path(name)) for name in names} == names
    assert [row_form(Path(name)) for name in ("a.txt", "a.parquet.gz", "csv", "a.json")] == [None] * 4

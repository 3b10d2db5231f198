from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llm_extract.csv_rows import count_table_rows, table_columns, table_rows
from llm_extract.errors import ArticleError

CELL = st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\r\0")) | st.sampled_from(
    ['"', '""\n"', ",", ";", "\n\n"]
)


def _values(path: Path) -> list[object]:
    return [row.error.what.removeprefix(f"Line {row.number} of {path} ") if row.error else dict(row.values) for row in table_rows(path)]


def _write(tmp_path: Path, text: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode(encoding))
    return path


@settings(deadline=None)
@given(st.lists(st.tuples(CELL, CELL), max_size=6), st.sampled_from(",;\t"))
def test_what_a_writer_of_csv_writes_comes_back(
    tmp_path_factory: pytest.TempPathFactory, cells: list[tuple[str, str]], delimiter: str
) -> None:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows([("id", "text"), *cells])
    path = _write(tmp_path_factory.mktemp("csv"), buffer.getvalue())
    assert _values(path) == [{"id": first, "text": second} for first, second in cells]
    assert count_table_rows(path) == len(cells)


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_whatever_the_bytes_each_row_has_values_or_an_error(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("csv") / "a.csv"
    path.write_bytes(b"id,text\n" + data)
    numbers = [row.number for row in table_rows(path) if row.values or row.error]
    assert numbers == sorted(set(numbers))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_the_encodings_of_spreadsheets_are_read(tmp_path: Path, encoding: str) -> None:
    path = _write(tmp_path, "id;text\r\n1;“Café” – said\r\n", encoding)
    assert _values(path) == [{"id": "1", "text": "“Café” – said"}]


def test_a_cell_may_go_over_lines_and_rows_are_told_by_their_first_line(tmp_path: Path) -> None:
    path = _write(tmp_path, 'id,text\n1,"a ""b""\n\nc, d"\n\n2,e\n')
    assert [(row.number, dict(row.values)) for row in table_rows(path)] == [
        (2, {"id": "1", "text": 'a "b"\n\nc, d'}),
        (6, {"id": "2", "text": "e"}),
    ]


def test_a_mark_that_is_never_closed_costs_its_line_only(tmp_path: Path) -> None:
    path = _write(tmp_path, 'id,text\n1,"open\n2,b\n3,c\n')
    broken, *others = _values(path)
    assert "is no row of a table" in str(broken)
    assert others == [{"id": "2", "text": "b"}, {"id": "3", "text": "c"}]


def test_marks_within_plain_cells_tie_no_rows_together(tmp_path: Path) -> None:
    path = _write(tmp_path, 'id,text\n1,a 5" pipe\n2,b\n3,a 6" pipe\n')
    assert _values(path) == [{"id": "1", "text": 'a 5" pipe'}, {"id": "2", "text": "b"}, {"id": "3", "text": 'a 6" pipe'}]


def test_rows_of_another_width_and_of_no_utf8_are_told(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("id,text,title\n1,a,b,c\n2,é\n3,é é é ".encode() + b"\xff\n4,a\n")
    assert _values(path) == [
        "has 4 cells, and the first line 3.",
        {"id": "2", "text": "é"},
        "is not UTF-8 at its byte 11.",
        {"id": "4", "text": "a"},
    ]


def test_a_cell_of_a_megabyte_is_read(tmp_path: Path) -> None:
    long = "word " * 200_000
    assert _values(_write(tmp_path, f"id,text\n1,{long}\n")) == [{"id": "1", "text": long}]


def test_tabs_are_kept_to_where_they_are_asked_for(tmp_path: Path) -> None:
    path = _write(tmp_path, "a,b,c\ttext\n1\t2\n")
    assert [dict(row.values) for row in table_rows(path, tabs=True)] == [{"a,b,c": "1", "text": "2"}]
    assert table_columns(path, tabs=True) == ["a,b,c", "text"]


@pytest.mark.parametrize("text", ["", "\n\n"])
def test_a_table_without_a_first_line_is_an_error(tmp_path: Path, text: str) -> None:
    with pytest.raises(ArticleError, match="There is nothing in"):
        list(table_rows(_write(tmp_path, text)))

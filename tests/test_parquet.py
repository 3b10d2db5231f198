from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from llm_extract.errors import ArticleError, MissingExtraError
from llm_extract.lines import MAX_LINE_BYTES
from llm_extract.parquet import count_parquet_rows, parquet_columns, parquet_rows


def _write(tmp_path: Path, columns: dict[str, object], **options: object) -> Path:
    path = tmp_path / "a.parquet"
    parquet.write_table(pa.table(columns), path, **options)
    return path


def test_rows_come_from_all_groups_with_the_columns_of_use(tmp_path: Path) -> None:
    days = [dt.date(2024, 5, day) for day in range(1, 8)]
    path = _write(tmp_path, {"text": list("abcdefg"), "day": days, "other": [1] * 7}, row_group_size=3)
    rows = list(parquet_rows(path, {"text", "day"}))
    assert [(row.number, dict(row.values)) for row in rows] == [
        (number, {"text": text, "day": day}) for number, (text, day) in enumerate(zip("abcdefg", days, strict=True), 1)
    ]
    assert (count_parquet_rows(path), parquet_columns(path)) == (7, ["text", "day", "other"])


def test_a_value_that_can_not_be_read_costs_its_row_only(tmp_path: Path) -> None:
    broken = pa.array([b"one", b"\xff\xfe", b"three"]).cast(pa.binary()).view(pa.string())
    one, two, three = parquet_rows(_write(tmp_path, {"text": broken}), {"text"})
    assert (one.values, three.values) == ({"text": "one"}, {"text": "three"})
    assert two.error is not None
    assert "Row 2 of" in two.error.what


def test_a_group_of_huge_rows_is_not_read(tmp_path: Path) -> None:
    path = _write(tmp_path, {"text": ["a" * (MAX_LINE_BYTES + 10), "b"]}, row_group_size=1, use_dictionary=False)
    huge, small = parquet_rows(path, {"text"})
    assert huge.error is not None
    assert (huge.number, small.number, small.values) == (1, 2, {"text": "b"})


@pytest.mark.parametrize("keep", [0, 3, 100])
def test_a_file_that_is_cut_off_is_an_error(tmp_path: Path, keep: int) -> None:
    path = _write(tmp_path, {"text": ["a"]})
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(ArticleError, match="can't be read as Parquet"):
        list(parquet_rows(path, {"text"}))


def test_without_the_extra_the_error_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingExtraError, match=r'pip install "llm-extract\[parquet\]"'):
        list(parquet_rows(tmp_path / "a.parquet", {"text"}))

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from llm_extract.errors import SettingError
from llm_extract.metadata import Metadata, read_metadata

PATH = Path("metadata.csv")


def test_all_columns_are_read_and_empty_cells_are_not_known() -> None:
    text = 'file,published,title,source,url\na.txt,2024-05-06,"Talks, at last",The Paper,https://example.org\nb.txt,,,,\nc.txt\n'
    assert read_metadata(text, PATH) == {
        "a.txt": Metadata(dt.date(2024, 5, 6), "Talks, at last", "The Paper", "https://example.org"),
        "b.txt": Metadata(),
        "c.txt": Metadata(),
    }


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_what_spreadsheets_write_is_read(delimiter: str) -> None:
    text = f"File{delimiter} Published\r\na.txt{delimiter}2024-05-06T10:30:00Z\r\n"
    assert read_metadata(text, PATH)["a.txt"].published == dt.date(2024, 5, 6)


def test_unknown_columns_and_missing_files_are_left_out_with_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    assert read_metadata("file,mood\na.txt,good\n", PATH) == {"a.txt": Metadata()}
    assert "unknown columns are left out: 'mood'" in caplog.text
    assert "1 file(s) that are not there, such as a.txt" in caplog.text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name,published\na.txt,2024-05-06\n", "has no column 'file'"),
        ("file,published\na.txt,2024-05-06\nb.txt,6 May 2024\n", r"Line 3 of metadata\.csv has the date '6 May 2024'"),
        ("file,title\na.txt,A\na.txt,B\n", r"Line 3 .* describes a\.txt a second time"),
        ("file,title\n,A\n", "Line 2 .* names no file"),
        ("file,title\na.txt,One, two\n", "Line 2 .* has more cells than the header"),
        ('file,title\na.txt,"open\n', "Line 2 .* is no CSV"),
    ],
)
def test_what_can_not_be_used_is_an_error_that_names_the_line(text: str, message: str) -> None:
    with pytest.raises(SettingError, match=message):
        read_metadata(text, PATH)

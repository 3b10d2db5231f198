from __future__ import annotations

from pathlib import Path

import pytest

from llm_extract.corrections import Corrections, read_corrections
from llm_extract.errors import SettingError

TOML = """
[[join]]
mentions = ["one#M2", "four#M1"]

[[split]]
mentions = ["two#M3"]

[[rename]]
names = ["the Iron Lady"]
to = "Ana Petrova"

[[set]]
mention = "one#M2"
field = "date"
value = "2024-05"
"""


def _file(folder: Path, text: str | bytes, name: str = "corrections.toml") -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_toml_and_json_say_the_same(tmp_path: Path) -> None:
    read = read_corrections(_file(tmp_path, TOML))
    assert read_corrections(_file(tmp_path, read.model_dump_json(), "corrections.json")) == read
    assert read.rename[0].to == "Ana Petrova"
    assert [*read.mentions()] == ["one#M2", "four#M1", "two#M3", "one#M2"]


def test_an_empty_file_corrects_nothing(tmp_path: Path) -> None:
    assert read_corrections(_file(tmp_path, "")) == Corrections()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[join]\n", "are no TOML"),
        (b"\xff", "are no TOML"),
        ("[[merge]]\nmentions = ['a#M1']", "merge: Extra inputs"),
        ("[[join]]\nmentions = []", r"join\.0\.mentions"),
        ("[[set]]\nmention = 'a#M1'\nfield = 'date'\nvalue = '2024-13'", "is not a date in EDTF"),
        ("[[set]]\nmention = 'a#M1'\nfield = 'status'\nvalue = 'done'", "not a valid MeetingStatus"),
        ("[[set]]\nmention = 'a#M1'\nfield = 'kind'\nvalue = 'tea'", "not a valid MeetingKind"),
        ("[[set]]\nmention = 'a#M1'\nfield = 'who'\nvalue = 'Ann'", r"set\.0\.field"),
        ("[[join]]\nmentions = ['a#M1']\n[[split]]\nmentions = ['a#M1']", "the mention 'a#M1' is in 2 groups"),
        ("[[rename]]\nnames = ['A']\nto = 'B'\n[[rename]]\nnames = ['A']\nto = 'C'", "'A' is renamed to 'B' and to 'C'"),
    ],
)
def test_what_can_not_be_meant_is_refused_with_the_place_of_the_fault(tmp_path: Path, text: str | bytes, told: str) -> None:
    with pytest.raises(SettingError, match=told) as error:
        read_corrections(_file(tmp_path, text))
    assert "corrections.toml" in str(error.value)
    assert error.value.remedy


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=r"gone\.toml can't be read: No such file"):
        read_corrections(tmp_path / "gone.toml")

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_export import extraction

from llm_extract.delimited import guard, unguard, write_csv
from llm_extract.result_tables import result_tables


@given(st.text("'=+-@ \t\rab\0＝"))
def test_no_text_is_a_formula_and_each_comes_back(text: str) -> None:
    assert unguard(guard(text)) == text
    assert not guard(text).lstrip(" \t\r").startswith(("=", "+", "-", "@", "＝"))


@pytest.mark.parametrize("text", ["Ann Lee", "'tis", "2018-07-16", "", "“=”", "a=b"])
def test_other_text_is_left_as_it_is(text: str) -> None:
    assert guard(text) == text


def test_a_table_is_a_file_that_a_spreadsheet_takes_for_utf_8(tmp_path: Path) -> None:
    write_csv(result_tables([extraction("Žižek")]), tmp_path)
    names = {"articles", "claims", "meetings", "participants", "prompts", "quotes", "spans", "warnings"}
    assert {path.name for path in tmp_path.iterdir()} == {f"{name}.csv" for name in names}
    assert (tmp_path / "articles.csv").read_bytes().startswith(b"\xef\xbb\xbfarticle,")
    with (tmp_path / "quotes.csv").open(encoding="utf-8-sig", newline="") as file:
        (quote,) = csv.DictReader(file)
    assert (quote["article"], quote["speaker"], quote["role"], quote["text"]) == ("Žižek", "Ann Lee", "Minister", "We agree, […] For now.")

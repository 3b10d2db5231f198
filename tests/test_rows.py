from __future__ import annotations

from pathlib import Path

from llm_extract.rows import damaged, place


def test_a_damaged_row_is_told_with_its_number_and_file() -> None:
    row = damaged(17, Path("news.jsonl"), "is no JSON")
    assert row.number == 17
    assert not row.values
    assert str(row.error) == "Line 17 of news.jsonl is no JSON. Correct it or leave it out."
    assert place(3, None, "row") == "row 3 of the standard input"

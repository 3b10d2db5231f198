from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llm_extract.json_lines import count_json_rows, json_rows

VALUES = st.dictionaries(st.text(), st.none() | st.text() | st.integers(-(2**60), 2**60) | st.lists(st.text(), max_size=2), max_size=4)


@settings(deadline=None)
@given(st.lists(VALUES, max_size=5), st.booleans())
def test_objects_come_back_as_they_were_written(tmp_path_factory: pytest.TempPathFactory, values: list[object], plain: bool) -> None:  # noqa: FBT001
    path = tmp_path_factory.mktemp("json") / "a.jsonl"
    path.write_text("".join(f"{json.dumps(value, ensure_ascii=plain)}\n\n" for value in values), encoding="utf-8")
    rows = list(json_rows(path))
    assert [row.values for row in rows] == values
    assert [row.number for row in rows] == list(range(1, 2 * len(values), 2))
    assert count_json_rows(path) == len(values)


@pytest.mark.parametrize(
    ("line", "what"),
    [
        (b'{"text": "torn', "is no JSON"),
        (b"[1]", "is no JSON object"),
        (b'{"text": "\xff"}', "is no JSON"),
        (b'{"text": "\\ud800"}', "is no JSON"),
        (b"[" * 100_000, "is no JSON"),
        (b'{"id": ' + b"9" * 100_000 + b"}", "is no JSON"),
        (b'{"text": "' + b"a" * 20_000_000 + b'"}', "has more than 20,000,000 bytes"),
    ],
    ids=["torn", "list", "no UTF-8", "half a character", "deep", "huge number", "huge"],
)
def test_a_damaged_line_is_told_by_its_number_and_costs_no_other(tmp_path: Path, line: bytes, what: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"text": "one"}\n' + line + b'\n{"text": "three"}')
    one, two, three = json_rows(path)
    assert (one.values, three.values, three.number) == ({"text": "one"}, {"text": "three"}, 3)
    assert two.error is not None
    assert two.error.what.startswith(f"Line 2 of {path} {what}")

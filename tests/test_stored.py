from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest
from record_samples import protests
from test_export import extraction

from llm_extract.errors import OutputError
from llm_extract.export import Format, export
from llm_extract.schema import Extraction
from llm_extract.stored import StoredResults, with_layouts

RESULTS = [extraction("a"), protests("b"), extraction("c")]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Results in a file."""
    export(RESULTS, Format.JSONL, tmp_path / "r.jsonl")
    return tmp_path / "r.jsonl"


def test_results_in_a_file_can_be_gone_through_again_and_tell_their_records(path: Path) -> None:
    stored = StoredResults(path)
    assert list(stored) == list(stored) == RESULTS
    with with_layouts(stored) as (results, kinds):
        assert (list(results), list(kinds)) == (RESULTS, ["protest"])


def test_the_standard_input_can_be_gone_through_after_it_told_its_records(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(path.read_bytes())))
    with with_layouts(StoredResults(Path("-"))) as (results, kinds):
        assert (list(results), list(kinds)) == (RESULTS, ["protest"])


def test_results_that_can_be_gone_through_only_once_are_kept_meanwhile() -> None:
    with with_layouts(iter(RESULTS)) as (results, kinds):
        assert (list(results), list(kinds)) == (RESULTS, ["protest"])


def test_a_text_that_names_records_has_none(tmp_path: Path) -> None:
    named = extraction("a").model_copy(update={"text": 'So it is: "records":[{"id":1}]'})
    export([named], Format.JSONL, tmp_path / "r.jsonl")
    with StoredResults(tmp_path / "r.jsonl").layouts() as kinds:
        assert kinds == {}


def test_a_line_with_records_that_is_cut_off_is_named(tmp_path: Path) -> None:
    line = protests().model_dump_json()
    (tmp_path / "r.jsonl").write_text(f"{extraction().model_dump_json()}\n{line[:-9]}", encoding="utf-8")
    with pytest.raises(OutputError, match=r"Line 2 of .*r\.jsonl is cut off"), StoredResults(tmp_path / "r.jsonl").layouts():
        pass


def test_what_was_exported_by_whatever_way_is_the_same(path: Path, tmp_path: Path) -> None:
    ways: dict[str, list[Extraction] | StoredResults] = {"list": RESULTS, "file": StoredResults(path)}
    for name, results in ways.items():
        export(results, Format.SQLITE, tmp_path / name)
    export(iter(RESULTS), Format.SQLITE, tmp_path / "iterator")
    assert len({(tmp_path / name).read_bytes() for name in (*ways, "iterator")}) == 1

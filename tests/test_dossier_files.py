from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest
from test_dossier import dossier

from llm_extract.dossier_files import check_results, is_dossier, parse_dossier, read_dossier, records_of, write_dossier
from llm_extract.errors import OutputError, SettingError


def _written(folder: Path) -> Path:
    write_dossier(dossier(), folder / "dossier.json")
    return folder / "dossier.json"


def test_what_went_in_comes_out(tmp_path: Path) -> None:
    path = _written(tmp_path)
    assert read_dossier(path) == dossier()
    assert tuple(records_of(path)) == dossier().meetings


def test_records_are_taken_one_by_one_where_they_are_given(tmp_path: Path) -> None:
    frame = dossier().model_copy(update={"meetings": ()})
    write_dossier(frame, tmp_path / "d.json", records=iter(dossier().meetings))
    assert (tmp_path / "d.json").read_bytes() == _written(tmp_path).read_bytes()


def test_a_dossier_is_told_from_results_by_its_beginning(tmp_path: Path) -> None:
    assert is_dossier(_written(tmp_path))
    (tmp_path / "results.jsonl").write_text('{"schema_version":"1"}\n', encoding="utf-8")
    assert not is_dossier(tmp_path / "results.jsonl")
    assert not is_dossier(tmp_path / "gone.json")
    (tmp_path / "pretty.json").write_text(dossier().model_dump_json(indent=2), encoding="utf-8")
    assert is_dossier(tmp_path / "pretty.json")


def test_a_torn_file_is_refused_with_the_way_out(tmp_path: Path) -> None:
    path = _written(tmp_path)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(OutputError, match=r"dossier\.json is cut off or no JSON\. Run `llm-extract merge` again"):
        read_dossier(path)


def test_records_of_a_torn_file_end_with_an_error(tmp_path: Path) -> None:
    path = _written(tmp_path)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:-2]))
    with pytest.raises(OutputError, match="is cut off"):
        list(records_of(path))
    path.write_bytes(b"".join(lines[:4])[:-30])
    with pytest.raises(OutputError, match="is cut off or no JSON"):
        list(records_of(path))


def test_a_file_in_another_form_has_no_records_to_take_one_by_one(tmp_path: Path) -> None:
    (tmp_path / "pretty.json").write_text(dossier().model_dump_json(indent=2), encoding="utf-8")
    with pytest.raises(OutputError, match="has no records one a line"):
        list(records_of(tmp_path / "pretty.json"))


def test_a_dossier_of_another_version_is_refused() -> None:
    written = dossier().model_dump_json().replace('"dossier_version":"1"', '"dossier_version":"7","story":[]')
    with pytest.raises(OutputError, match=r"old\.json is a dossier of version 7; this llm-extract reads version 1"):
        parse_dossier(written.encode(), "old.json")


def test_what_is_no_dossier_is_refused_with_the_place_of_the_fault() -> None:
    with pytest.raises(OutputError, match=r"x\.json is no dossier: meetings\.0\.id"):
        parse_dossier(dossier().model_dump_json().replace('"id":"0a1b2c3d"', '"id":7').encode(), "x.json")


def test_a_dossier_comes_from_the_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.BufferedReader(io.BytesIO(dossier().model_dump_json().encode()))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(written))
    assert is_dossier(Path("-"))
    assert read_dossier(Path("-")) == dossier()


def test_results_are_not_overwritten_and_a_dossier_is_not_taken_for_results(tmp_path: Path) -> None:
    results = tmp_path / "results.jsonl"
    check_results([results, Path("-")], tmp_path / "dossier.json")
    with pytest.raises(SettingError, match="would take the place of the results"):
        check_results([results], tmp_path / "sub" / ".." / "results.jsonl")
    with pytest.raises(SettingError, match="is a dossier, not results"):
        check_results([_written(tmp_path)], tmp_path / "other.json")


def test_a_place_that_can_not_be_written_to_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(OutputError, match="Can't write to"):
        write_dossier(dossier(), tmp_path / "file" / "dossier.json")

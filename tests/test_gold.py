from __future__ import annotations

import json
from pathlib import Path

import pytest
from test_export import TEXT, extraction

from llm_extract.errors import OutputError, SettingError
from llm_extract.export import Format, export
from llm_extract.gold import Prediction, read_gold, read_predictions, read_texts
from llm_extract.schema import QuoteKind


def _write(folder: Path, name: str, content: object) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return folder


def test_gold_is_read_with_keys_that_nothing_is_made_of(tmp_path: Path) -> None:
    meeting = {"participants": ["Ann Lee"], "status": "held", "kind": ["call"], "place": None, "claims": [{"by": "Lee"}], "id": "M1"}
    folder = _write(tmp_path, "b.json", {"published": "2024-05-06", "meetings": [meeting]})
    _write(tmp_path, "a.json", {"id": "first", "quotes": []})
    gold = read_gold(folder)
    assert [(name, article.id) for name, article in gold.items()] == [("a", "first"), ("b", "b")]
    assert gold["a"].meetings is None
    assert gold["b"].meetings is not None
    assert (gold["b"].meetings[0].status, gold["b"].meetings[0].place) == (("held",), ())


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("{", "the file: Invalid JSON"),
        ("[]", "the file: Input should be an object"),
        ({"quotes": [{"text": "So", "start": 0}]}, "quotes.0.end: Field required"),
        ({"meetings": [{"participants": "Ann", "status": [], "kind": []}]}, "meetings.0.participants"),
    ],
)
def test_what_is_no_gold_is_named_with_the_place(tmp_path: Path, content: object, told: str) -> None:
    with pytest.raises(SettingError, match=r"a\.json is not as it must be") as wrong:
        read_gold(_write(tmp_path, "a.json", content))
    assert told in str(wrong.value)


def test_two_files_for_one_article_are_refused(tmp_path: Path) -> None:
    _write(tmp_path, "a.json", {"id": "b"})
    with pytest.raises(SettingError, match=r"a\.json and b\.json .* are both for 'b'"):
        read_gold(_write(tmp_path, "b.json", {}))


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="There is no folder"):
        read_gold(tmp_path / "gone")
    with pytest.raises(SettingError, match="There is no folder of texts"):
        read_texts(tmp_path, ["a"], tmp_path / "gone")


def test_results_and_what_is_exported_of_them_are_the_same_prediction(tmp_path: Path) -> None:
    export([extraction("a"), extraction("b")], Format.JSONL, tmp_path / "r.jsonl")
    export([extraction("a"), extraction("b")], Format.SCORE, tmp_path / "score")
    results, folder = read_predictions(tmp_path / "r.jsonl"), read_predictions(tmp_path / "score")
    assert results["a"].meetings[0].cited == "Ann Lee met Bo Kim in Oslo on Monday."
    bare = {name: found.meetings[0].model_copy(update={"cited": ""}) for name, found in results.items()}
    assert {name: (found.quotes, *found.meetings) for name, found in folder.items()} == {
        name: (found.quotes, bare[name]) for name, found in results.items()
    }


def test_indirect_quotes_are_left_out() -> None:
    result = extraction()
    indirect = result.quotes[0].model_copy(update={"kind": QuoteKind.INDIRECT})
    assert Prediction.of(result.model_copy(update={"quotes": (indirect,)})).quotes == ()


def test_two_results_for_one_article_are_refused(tmp_path: Path) -> None:
    export([extraction("a"), extraction("a")], Format.JSONL, tmp_path / "r.jsonl")
    with pytest.raises(OutputError, match="two results for the article 'a'"):
        read_predictions(tmp_path / "r.jsonl")


def test_a_prediction_of_another_program_may_leave_things_open_but_not_half_an_offset(tmp_path: Path) -> None:
    open_ended = {"quotes": [{"text": "So", "start": None, "end": None}], "meetings": [{"participants": None, "evidence": None}]}
    assert read_predictions(_write(tmp_path, "a.json", open_ended))["a"].meetings[0].participants == ()
    with pytest.raises(OutputError, match="start and end are given together"):
        read_predictions(_write(tmp_path, "a.json", {"quotes": [{"text": "So", "start": 1}]}))


@pytest.mark.parametrize("place", ["gold", ".", "articles"])
def test_texts_are_found_in_the_gold_beside_it_and_in_folders_beside_it(tmp_path: Path, place: str) -> None:
    gold = _write(tmp_path / "gold", "a.json", {})
    _write(tmp_path / place, "a.txt", TEXT)
    assert read_texts(gold, ["a", "b"]) == {"a": TEXT}
    assert read_texts(gold, ["a"], _write(tmp_path / "other", "a.md", "Else")) == {"a": "Else"}

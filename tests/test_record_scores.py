from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from pydantic import BaseModel, JsonValue
from record_samples import PROTEST, TEXT, Arrest, Protest, march, protests

from llm_extract.errors import ArticleError, OutputError, SettingError
from llm_extract.evaluate import Evaluation
from llm_extract.export import Format, export
from llm_extract.record_gold import gold_records
from llm_extract.record_scores import EVIDENCE, GROUNDED, RECORDS, RecordMeasure, evaluate_records, judge_records, report_records
from llm_extract.schemas import Schema
from llm_extract.scoring import Tally, Verdict

GOLD: dict[str, JsonValue] = {
    "date": "2024-05-06",
    "kind": "march",
    "size": 300,
    "leader": "Ilze Kalnina",
    "venue": {"city": "Riga"},
    "demands": ["higher wages", "shorter shifts"],
    "organisers": ["Ilze Kalnina", {"name": "Jan Berg"}],
    "arrests": [{"people": 2, "place": "Old Gate"}],
    "growth": 1.5,
    "reported": TEXT.split("\n")[0],
}
PLAIN = GOLD | {"organisers": ["Ilze Kalnina", "Jan Berg"], "venue": {"city": "Riga", "indoors": False}}


def _overall(
    given: list[Mapping[str, JsonValue] | BaseModel],
    gold: list[Mapping[str, JsonValue] | BaseModel] | None = None,
    schema: Schema[Protest] = PROTEST,
) -> dict[str, Tally]:
    found = evaluate_records(schema, {"a": [GOLD] if gold is None else gold}, {"a": given}, {"a": TEXT})
    return {measure.value: tally for measure, tally in found.overall.items()}


def test_what_the_gold_says_in_plain_words_is_found_in_a_result_with_slices() -> None:
    counts = _overall([march()])
    assert {name: (tally.spurious, tally.missed) for name, tally in counts.items()} == dict.fromkeys(counts, (0, 0))
    assert (counts["records"].right, counts["demands"].right, counts["venue.city"].right, counts["growth"].right) == (1, 2, 1, 1)
    assert (counts["grounded"].right, counts["evidence"].right) == (8, 1)


def test_the_same_holds_for_plain_strings_of_other_programs_but_for_evidence() -> None:
    counts = _overall([PLAIN])
    assert {name for name, tally in counts.items() if tally.spurious or tally.missed} == {"evidence"}
    assert (counts["grounded"].right, counts["evidence"]) == (8, Tally(0, 1, 1))


@pytest.mark.parametrize(
    ("change", "measure", "tally"),
    [
        ({"size": 200}, "size", Tally(0, 1, 1)),
        ({"size": "300"}, "size", Tally(1, 0, 0)),
        ({"size": None}, "size", Tally(0, 0, 1)),
        ({"size": {"deep": 1}}, "size", Tally(0, 1, 1)),
        ({"kind": "strike"}, "kind", Tally(0, 1, 1)),
        ({"date": "2024-05"}, "date", Tally(1, 0, 0)),
        ({"date": "2024-06-01"}, "date", Tally(0, 1, 1)),
        ({"date": "soon"}, "date", Tally(0, 1, 1)),
        ({"leader": {"name": "Kalnina"}}, "leader", Tally(1, 0, 0)),
        ({"leader": "Jan Berg"}, "leader", Tally(0, 1, 1)),
        ({"venue": "Riga"}, "venue.city", Tally(0, 0, 1)),
        ({"venue": {"city": "in Riga"}}, "venue.city", Tally(1, 0, 0)),
        ({"venue": {"city": "Riga"}}, "venue.indoors", Tally(1, 0, 0)),
        ({"venue": {"indoors": None}}, "venue.indoors", Tally(0, 0, 1)),
        ({"venue": {"indoors": True}}, "venue.indoors", Tally(0, 1, 1)),
        ({"venue": None}, "venue.indoors", Tally(0, 0, 1)),
        ({"demands": ["higher wages", "peace", "bread"]}, "demands", Tally(1, 2, 1)),
        ({"demands": "higher wages"}, "demands", Tally(1, 0, 1)),
        ({"organisers": []}, "organisers", Tally(0, 0, 2)),
        ({"arrests": [{"people": 3, "place": "the Old Gate"}]}, "arrests", Tally(1, 0, 0)),
        ({"arrests": [{"people": 3, "place": "Riga"}]}, "arrests", Tally(0, 1, 1)),
    ],
)
def test_a_field_is_right_spurious_or_missed(change: dict[str, JsonValue], measure: str, tally: Tally) -> None:
    assert _overall([PLAIN | change])[measure] == tally


@pytest.mark.parametrize(
    ("change", "right", "cases"),
    [
        ({"leader": "Maria Lindqvist"}, 7, 8),
        ({"demands": ["higher  wages", "Shorter shifts", "peace"]}, 8, 9),
        ({"date": "on Monday"}, 9, 9),
        ({"date": "on Tuesday"}, 8, 9),
        ({"venue": {"city": {"start": 0, "end": 4, "text": "Riga"}}}, 7, 8),
        ({"leader": {"name": "Ilze Kalnina", "role": None, "affiliation": None, "mention": None}}, 7, 8),
    ],
)
def test_grounded_is_what_the_article_has(change: dict[str, JsonValue], right: int, cases: int) -> None:
    found = _overall([PLAIN | change])["grounded"]
    assert (found.right, found.cases) == (right, cases)


def test_without_a_text_offsets_are_believed_and_plain_strings_not_judged() -> None:
    found = evaluate_records(PROTEST, {"a": [GOLD], "b": [GOLD]}, {"a": [march()], "b": [PLAIN]})
    assert (found.articles["a"].tallies[GROUNDED].cases, found.articles["b"].tallies[GROUNDED].cases) == (8, 0)
    assert found.without_text == ("a", "b")


def test_records_are_paired_so_that_most_agrees_whatever_their_order() -> None:
    other = GOLD | {"date": "2024-06-01", "size": 20, "leader": "Jan Berg", "venue": {"city": "Porto"}}
    counts = _overall([PLAIN | other, PLAIN], [GOLD, other])
    assert {(tally.spurious, tally.missed) for name, tally in counts.items() if name not in {"evidence", "grounded"}} == {(0, 0)}
    assert counts["size"].right == 2


def test_a_record_of_which_less_than_half_agrees_is_another_one() -> None:
    half: dict[str, JsonValue] = {"date": "2024-05-06", "kind": "march", "size": 1, "leader": "Jan Berg"}
    gold: dict[str, JsonValue] = {"date": "2024-05-06", "kind": "march", "size": 2, "leader": "Ann Lee"}
    assert _overall([half], [gold])["records"] == Tally(1, 0, 0)
    counts = _overall([half | {"kind": "strike"}], [gold])
    assert (counts["records"], counts["size"]) == (Tally(0, 1, 1), Tally())


@pytest.mark.parametrize("key", [("leader", "venue"), lambda one: (str(one.leader and one.leader.name), str(one.venue and one.venue.city))])
def test_a_key_alone_says_what_is_the_same(key: object) -> None:
    schema = Schema(Protest, key=key)  # type: ignore[arg-type]  # either sort
    far = PLAIN | {"date": "2020-01-01", "kind": "strike", "size": 1, "demands": [], "organisers": [], "arrests": [], "growth": None}
    assert _overall([far], schema=schema)["records"] == Tally(1, 0, 0)
    assert _overall([PLAIN | {"leader": "Jan Berg"}], schema=schema)["records"] == Tally(0, 1, 1)


def test_an_answer_that_is_too_broken_for_the_key_goes_by_its_fields() -> None:
    schema = Schema(Protest, key=lambda one: one.kind)
    assert _overall([PLAIN | {"kind": "parade"}], schema=schema)["records"] == Tally(1, 0, 0)


def test_findings_tell_what_differs() -> None:
    gold = gold_records(PROTEST, [GOLD, GOLD | {"date": "2024-07-01", "leader": "Ann Lee", "size": 9, "demands": ["peace"]}], "a")
    found = judge_records(PROTEST, gold, [PLAIN | {"size": 200}, {"kind": "strike"}], TEXT).findings
    assert [(one.what, one.verdict) for one in found] == [
        ("protest", Verdict.WRONG),
        ("protest", Verdict.MISSED),
        ("protest", Verdict.SPURIOUS),
    ]
    assert [(fact.measure, fact.gold, fact.given) for fact in found[0].wrong] == [(RecordMeasure("size"), "300", "200")]
    assert "leader: Ann Lee" in found[1].text


class Named(BaseModel):
    records: int
    grounded: str


def test_fields_that_are_called_like_a_measure_have_their_own() -> None:
    found = evaluate_records(Named, {"a": [{"records": 1, "grounded": "x"}]}, {"a": [{"records": 1, "grounded": "y"}]}).overall
    assert {measure.value: tally.right for measure, tally in found.items()} == {
        "records": 1,
        "records (field)": 1,
        "grounded (field)": 0,
        "grounded": 0,
        "evidence": 0,
    }


def test_an_article_without_a_prediction_counts_as_one_without_records() -> None:
    found = evaluate_records(PROTEST, {"a": [GOLD], "b": []}, {"b": [], "c": []}, {"a": TEXT})
    assert (found.missing, found.extra, found.overall[RECORDS]) == (("a",), ("c",), Tally(0, 0, 1))


def test_gold_that_the_model_refuses_is_named() -> None:
    with pytest.raises(SettingError, match=r"Record 2 of the gold for 'a' is no protest: .*kind"):
        evaluate_records(PROTEST, {"a": [GOLD, GOLD | {"kind": "parade"}]}, {"a": []})


class TestReport:
    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        """Gold of one article, with its text, and a file that is no gold of records."""
        (tmp_path / "gold").mkdir()
        (tmp_path / "gold" / "docks.json").write_text(json.dumps({"records": [GOLD]}), encoding="utf-8")
        (tmp_path / "gold" / "other.json").write_text(json.dumps({"quotes": []}), encoding="utf-8")
        (tmp_path / "gold" / "docks.txt").write_text(TEXT, encoding="utf-8")
        return tmp_path

    def _measured(self, folder: Path, results: Path) -> Evaluation:
        return report_records(results, folder / "gold", Protest).evaluation

    def test_results_and_plain_predictions_are_read(self, folder: Path) -> None:
        export([protests(), protests("extra")], Format.JSONL, folder / "r.jsonl")
        (folder / "plain").mkdir()
        (folder / "plain" / "docks.json").write_text(json.dumps({"records": [PLAIN]}), encoding="utf-8")
        for results, evident in ((folder / "r.jsonl", 1), (folder / "plain", 0)):
            found = self._measured(folder, results)
            assert (found.overall[RECORDS], found.overall[EVIDENCE].right) == (Tally(1, 0, 0), evident)
            assert (found.missing, found.without_text) == ((), ())

    def test_two_results_are_compared(self, folder: Path) -> None:
        export([protests()], Format.JSONL, folder / "now.jsonl")
        export([protests(values=[march().model_copy(update={"arrests": [Arrest(people=9)]})])], Format.JSONL, folder / "before.jsonl")
        found = report_records(folder / "now.jsonl", folder / "gold", Protest, against=folder / "before.jsonl").comparison
        assert found
        assert [(change.better, change.how) for change in found.changes] == [(True, "arrests")]

    def test_what_can_not_be_measured_is_an_error(self, folder: Path) -> None:
        export([protests(kind="strike")], Format.JSONL, folder / "r.jsonl")
        with pytest.raises(OutputError, match="are of the schema strike, none of protest"):
            self._measured(folder, folder / "r.jsonl")
        export([protests("another")], Format.JSONL, folder / "r.jsonl")
        with pytest.raises(ArticleError, match="no result for any article of the gold"):
            self._measured(folder, folder / "r.jsonl")
        (folder / "gold" / "docks.json").unlink()
        with pytest.raises(ArticleError, match="no gold with records"):
            self._measured(folder, folder / "r.jsonl")

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from record_samples import TEXT as DOCKS
from record_samples import Arrest, march, protests
from rich.cells import cell_len
from rich.console import Console
from test_export import extraction
from typer.testing import CliRunner, Result

from llm_extract import cli
from llm_extract.eval_report import as_json, print_report
from llm_extract.evaluate import Evaluation, Report, compare, evaluate, intervals
from llm_extract.export import Format, export
from llm_extract.gold import GoldArticle, Prediction
from llm_extract.scoring import Measure

TEXT = "“We agree,” said Lee. “For now.”"
MEETING = {"participants": ["Ann Lee", "Bo Kim"], "status": ["held"], "kind": ["call"], "date": "2024-05-06", "evidence": ["So."]}
AGREE = {"text": "We agree,", "start": 1, "end": 10, "speaker": "Ann Lee"}
FOR_NOW = {"text": "For now.", "start": 23, "end": 31, "speaker": "Ann Lee"}
GOLD = {
    "a": GoldArticle.model_validate({"quotes": [AGREE, FOR_NOW], "meetings": [MEETING]}),
    "b": GoldArticle.model_validate({"quotes": [AGREE]}),
}
BETTER = Prediction.model_validate(
    {"quotes": [AGREE, {**FOR_NOW, "speaker": "Bo Kim"}], "meetings": [{**MEETING, "status": "planned", "kind": "call", "evidence": []}]}
)
WORSE = Prediction.model_validate({"quotes": [{**AGREE, "text": "[bold]\x1b[31m"}]})


def _report() -> Report:
    now, before = (evaluate(GOLD, {"a": answer, "z": Prediction()}, {"a": TEXT}) for answer in (BETTER, WORSE))
    return Report(now, intervals(now, resamples=50), compare(now, before, resamples=50))


def _print(report: Report, *, width: int = 100, errors: bool = False) -> str:
    console = Console(file=io.StringIO(), width=width, highlight=False, emoji=False, markup=False)
    print_report(report, console, errors=errors)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def _lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines()]


def test_the_tables_have_every_measure_and_every_article() -> None:
    lines = _lines(_print(_report()))
    assert "2 articles" in lines
    assert [line for line in lines if line.startswith("quotes F1 0.800 ") and line.endswith(" 1.000 0.667 2 0 1")]
    assert [line for line in lines if line.startswith("status 0.000") and line.endswith("0 of 1")]
    assert [line for line in lines if line.startswith("place –")]  # the gold has none
    assert "a 1.00 0.50 1.00 0.00 1.00 1.00 – 1.00 1.00" in lines
    assert "b 0.00 0.00 – – – – – – –" in lines


def test_what_has_no_result_no_gold_or_no_text_is_named() -> None:
    printed = " ".join(_print(_report()).split())
    assert "Without a result, and so without a single find: b." in printed
    assert "Without gold, and so left out: z." in printed
    assert "no text (--texts): b." in printed


def test_a_long_list_of_names_is_cut() -> None:
    assert "x8, x9 and 2 more." in _print(Report(Evaluation({}, extra=tuple(f"x{n}" for n in range(12))), dict.fromkeys(Measure)))


def test_better_and_worse_are_listed_apart() -> None:
    lines = _lines(_print(_report()))
    better, worse = lines.index("Better: 4"), lines.index("Worse: 0")
    assert lines[better + 1 : worse] == [
        "a: quote found: Ann Lee: “We agree,”",
        "a: quote found: Ann Lee: “For now.”",
        "a: meeting found: Ann Lee, Bo Kim · held · call · 2024-05-06",
        "a: quote no longer spurious: Ann Lee: “[bold]�[31m”",
    ]


def test_a_fact_put_right_or_wrong_is_named() -> None:
    right = BETTER.model_copy(update={"quotes": (BETTER.quotes[0], BETTER.quotes[1].model_copy(update={"speaker": "Lee"}))})
    now, before = (evaluate(GOLD, {"a": answer}) for answer in (right, BETTER))
    assert "a: quote speaker right: Ann Lee" in _print(Report(now, intervals(now), compare(now, before)))
    assert "a: quote speaker wrong: Ann Lee" in _print(Report(now, intervals(now), compare(before, now)))


def test_errors_tell_what_was_given_and_what_is_right() -> None:
    lines = _lines(_print(_report(), errors=True))
    assert "wrong quote Ann Lee: “For now.”" in lines
    assert lines[lines.index("wrong quote Ann Lee: “For now.”") + 1] == "speaker: Bo Kim, not Ann Lee"
    assert lines[lines.index("status: planned, not held") + 1] == "“So.”"
    assert "missed quote Ann Lee: “We agree,”" in lines


@pytest.mark.parametrize("width", [40, 80, 200])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    assert max(cell_len(line) for line in _print(_report(), width=width, errors=True).splitlines()) <= width


def test_json_has_it_all_unrounded() -> None:
    written = json.loads(as_json(_report(), errors=True))
    assert list(written["overall"]) == [measure.value for measure in Measure]
    assert written["overall"]["quotes"]["recall"] == 2 / 3
    assert len(written["overall"]["quotes"]["interval"]) == 2
    assert written["articles"]["a"]["status"] == {"share": 0.0, "right": 0, "cases": 1}
    assert (written["missing"], written["extra"], written["without_text"]) == (["b"], ["z"], ["b"])
    assert [(error["article"], error["verdict"]) for error in written["errors"]] == [("a", "wrong"), ("a", "wrong"), ("b", "missed")]
    assert written["comparison"]["differences"]["quotes"]["difference"] == pytest.approx(0.8)
    assert len(written["comparison"]["changes"]) == 4
    assert "errors" not in json.loads(as_json(_report()))


class TestCommand:
    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        export([extraction("talks")], Format.JSONL, tmp_path / "r.jsonl")
        export([extraction("talks")], Format.SCORE, tmp_path / "other")
        (tmp_path / "gold").mkdir()
        gold = {"quotes": [{**AGREE, "start": 39, "end": 48}], "meetings": [{**MEETING, "kind": ["encounter"]}]}
        (tmp_path / "gold" / "talks.json").write_text(json.dumps(gold), encoding="utf-8")
        return tmp_path

    @staticmethod
    def _call(*arguments: str | Path) -> Result:
        return CliRunner().invoke(cli.app, ["eval", *map(str, arguments)])

    def test_tables_are_printed(self, folder: Path) -> None:
        result = self._call(folder / "r.jsonl", folder / "gold", "--compare", folder / "other", "--errors")
        assert result.exit_code == 0, result.output
        assert "spurious quote Ann Lee: “For now.”" in result.stdout
        assert "Better: 0" in result.stdout
        assert "\x1b" not in result.stdout

    def test_json_is_printed_alone(self, folder: Path) -> None:
        written = json.loads(self._call(folder / "other", folder / "gold", "--json").stdout)
        assert written["overall"]["meetings"]["f1"] == 1
        assert written["overall"]["quotes"]["f1"] == pytest.approx(2 / 3)

    @pytest.mark.parametrize(
        ("results", "gold", "code", "told"),
        [
            ("gone.jsonl", "gold", 2, "can't be read"),
            ("r.jsonl", "gone", 2, "There is no folder"),
            ("r.jsonl", "empty", 3, "There is no gold"),
            ("empty", "gold", 3, "no result for any article"),
        ],
    )
    def test_the_exit_code_says_what_went_wrong(self, folder: Path, results: str, gold: str, code: int, told: str) -> None:
        (folder / "empty").mkdir()
        result = self._call(folder / results, folder / gold)
        assert (result.exit_code, told in result.stderr) == (code, True), result.output


def test_records_of_a_schema_are_measured_field_by_field(tmp_path: Path) -> None:
    gold = {"records": [march().model_dump(mode="json") | {"leader": "Ilze Kalnina"}, {"kind": "strike", "size": 9}]}
    (tmp_path / "gold").mkdir()
    (tmp_path / "gold" / "docks.json").write_text(json.dumps(gold), encoding="utf-8")
    (tmp_path / "gold" / "docks.txt").write_text(DOCKS, encoding="utf-8")
    export([protests(values=[march().model_copy(update={"arrests": [Arrest(people=9)]})])], Format.JSONL, tmp_path / "r.jsonl")
    arguments = ["eval", str(tmp_path / "r.jsonl"), str(tmp_path / "gold"), "--schema", "record_samples:Protest", "--errors"]
    lines = _lines(CliRunner().invoke(cli.app, arguments).stdout)
    assert [line for line in lines if line.startswith("records F1 0.667") and line.endswith("1.000 0.500 1 0 1")]
    assert [line for line in lines if line.startswith("venue.city F1 1.000")]
    assert [line for line in lines if line.startswith("grounded 1.000") and line.endswith("7 of 7")]
    assert {"missed protest kind: strike, size: 9", "arrests: people: 9, not people: 2, place: the Old Gate"} < {*lines}
    found = json.loads(CliRunner().invoke(cli.app, [*arguments, "--json"]).stdout)
    assert found["overall"]["arrests"] == {"precision": 0, "recall": 0, "f1": 0, "right": 0, "spurious": 1, "missed": 1, "interval": None}
    assert [error["verdict"] for error in found["errors"]] == ["wrong", "missed"]

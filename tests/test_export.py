from __future__ import annotations

import csv
import datetime as dt
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rebuilding import read_back
from test_dossier import dossier

from llm_extract.dossier_files import write_dossier
from llm_extract.errors import OutputError
from llm_extract.export import Format, export, file_name, json_schemas, read_input, read_results
from llm_extract.schema import (
    Article,
    ArticleReference,
    Claim,
    Extraction,
    Meeting,
    MeetingKind,
    MeetingStatus,
    Party,
    Quote,
    QuoteKind,
    Span,
    Stance,
)

TEXT = "Ann Lee met Bo Kim in Oslo on Monday. “We agree,” said Lee. “For now.”"


def extraction(identifier: str = "talks", **about: str | None) -> Extraction:
    """A result with one meeting and one quote of two segments."""
    article = Article(text=TEXT, id=identifier, published=dt.date(2024, 5, 6), **about)

    def span(words: str) -> Span:
        start = TEXT.index(words)
        return article.span(start, start + len(words))

    ann = Party(name="Ann Lee", role="Minister", mention=span("Ann Lee"))
    sentence = span("Ann Lee met Bo Kim in Oslo on Monday.")
    meeting = Meeting(
        id="M1",
        participants=(ann, Party(name="Bo Kim")),
        status=MeetingStatus.HELD,
        kind=MeetingKind.ENCOUNTER,
        date="2024-05-06",
        when=span("on Monday"),
        place=span("Oslo"),
        claims=(Claim(by=ann, stance=Stance.CONFIRMS, evidence=sentence),),
        evidence=(sentence,),
    )
    quote = Quote(id="Q1", segments=(span("We agree,"), span("For now.")), speaker=ann, cue=span("said"), kind=QuoteKind.DIRECT)
    return Extraction(article=ArticleReference.of(article), meetings=(meeting,), quotes=(quote,), model="stub")


class TestReadResults:
    def test_what_was_written_is_read_back_equal(self, tmp_path: Path) -> None:
        results = [extraction("a"), extraction("b")]
        export(results, Format.JSONL, tmp_path / "deep" / "r.jsonl")
        assert list(read_results(tmp_path / "deep" / "r.jsonl")) == results

    def test_a_line_that_is_cut_off_is_named_after_those_before_it_were_given(self, tmp_path: Path) -> None:
        path = tmp_path / "r.jsonl"
        whole = extraction().model_dump_json()
        path.write_text(f"{whole}\n{whole[:100]}", encoding="utf-8")
        results = read_results(path)
        assert next(results) == extraction()
        with pytest.raises(OutputError, match=r"Line 2 of .*r\.jsonl is cut off\. Run `llm-extract run` again"):
            next(results)

    @pytest.mark.parametrize(
        ("line", "message"),
        [
            ('{"schema_version": "99", "something": "new"}\n', "Line 1 .* is of version 99; this llm-extract reads version 1"),
            (extraction().model_dump_json().replace('"1"', '"2"', 1), "Line 1 .* is of version 2; this llm-extract reads version 1"),
            ("Dear reader\n", "Line 1 .* is no JSON"),
            ("[1, 2]\n", "Line 1 .* is no result"),
            ('{"schema_version": "1", "model": "stub"}\n', "Line 1 .* is no result: article: Field required"),
            ("\x89PNG\n", "Line 1 .* is no JSON"),
        ],
    )
    def test_a_line_that_is_no_result_is_named(self, tmp_path: Path, line: str, message: str) -> None:
        path = tmp_path / "r.jsonl"
        path.write_text(line, encoding="latin-1")
        with pytest.raises(OutputError, match=message):
            list(read_results(path))

    def test_a_file_that_is_not_there_is_an_error(self, tmp_path: Path) -> None:
        with pytest.raises(OutputError, match="can't be read: No such file"):
            list(read_results(tmp_path / "gone.jsonl"))


class TestExport:
    def test_score_has_a_file_an_article_with_segments_and_offsets(self, tmp_path: Path) -> None:
        assert export([extraction()], Format.SCORE, tmp_path / "out") == 1
        prediction = json.loads((tmp_path / "out" / "talks.json").read_text(encoding="utf-8"))
        assert [(quote["text"], quote["speaker"]) for quote in prediction["quotes"]] == [("We agree,", "Ann Lee"), ("For now.", "Ann Lee")]
        assert all(TEXT[quote["start"] : quote["end"]] == quote["text"] for quote in prediction["quotes"])
        assert prediction["meetings"] == [
            {
                "participants": ["Ann Lee", "Bo Kim"],
                "status": "held",
                "date": "2024-05-06",
                "place": "Oslo",
                "event": None,
                "kind": "encounter",
                "evidence": [[0, 37]],
            }
        ]

    def test_no_id_leads_out_of_the_folder(self, tmp_path: Path) -> None:
        hostile = ["../../up", "/etc/passwd", "..", "a/b", "nul", "c:\\x", "a\0b", "~", "-rf"]
        export(map(extraction, hostile), Format.SCORE, tmp_path / "out")
        assert len(list((tmp_path / "out").iterdir())) == len(hostile)
        assert [path.name for path in tmp_path.iterdir()] == ["out"]

    def test_two_ids_that_would_be_one_file_are_an_error_and_not_lost(self, tmp_path: Path) -> None:
        with pytest.raises(OutputError, match=r"'B' and 'b' would be one file"):
            export([extraction("b"), extraction("B")], Format.SCORE, tmp_path)

    @pytest.mark.parametrize("name", ['=HYPERLINK("http://example.org")', "+1", "-1", "@SUM(A1)", "\t=1", " =1"])
    def test_no_cell_of_a_table_is_a_formula(self, tmp_path: Path, name: str) -> None:
        export([extraction(name)], Format.CSV, tmp_path)
        with (tmp_path / "meetings.csv").open(encoding="utf-8-sig", newline="") as file:
            assert next(csv.DictReader(file))["article"] == f"'{name}"

    @pytest.mark.parametrize("form", list(Format))
    def test_exporting_again_gives_the_same_and_leaves_nothing_else(self, tmp_path: Path, form: Format) -> None:
        results = [extraction("a"), extraction("b")]
        export([extraction("c")], form, tmp_path / "first")
        for place in ("first", "second"):
            assert export(iter(results), form, tmp_path / place) == 2
        if form is Format.SCORE:
            (tmp_path / "first" / "c.json").unlink()
        first, second = ({path.name: path for path in _files(tmp_path / place)} for place in ("first", "second"))
        if form is Format.DUCKDB:
            assert read_back(form, tmp_path / "first") == read_back(form, tmp_path / "second")
        else:
            assert [path.read_bytes() for path in first.values()] == [path.read_bytes() for path in second.values()]
        assert sorted(path.name for path in tmp_path.iterdir()) == ["first", "second"]

    @pytest.mark.parametrize("form", [form for form in Format if form is not Format.SCORE])
    def test_where_a_line_is_cut_off_the_old_export_stays(self, tmp_path: Path, form: Format) -> None:
        torn = tmp_path / "torn.jsonl"
        torn.write_text(f"{extraction('a').model_dump_json()}\n{{", encoding="utf-8")
        export([extraction("old")], form, tmp_path / "out")
        before = [path.read_bytes() for path in _files(tmp_path / "out")]
        with pytest.raises(OutputError, match=r"Line 2 of .* is cut off"):
            export(read_results(torn), form, tmp_path / "out")
        assert [path.read_bytes() for path in _files(tmp_path / "out")] == before
        assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "torn.jsonl"]

    def test_results_can_be_written_over_the_file_that_they_are_read_from(self, tmp_path: Path) -> None:
        path = tmp_path / "r.jsonl"
        export([extraction("a"), extraction("b")], Format.JSONL, path)
        before = path.read_bytes()
        export(read_results(path), Format.JSONL, path)
        assert path.read_bytes() == before

    @pytest.mark.parametrize("form", [Format.SCORE, Format.JSONL])
    def test_there_are_forms_that_a_dossier_does_not_have(self, tmp_path: Path, form: Format) -> None:
        with pytest.raises(OutputError, match=f"There is no form {form} of a dossier"):
            export(dossier(), form, tmp_path / "out")
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize("form", [form for form in Format if form not in {Format.SCORE, Format.JSONL, Format.ANNOTATIONS}])
    def test_a_dossier_is_written_in_every_other_form(self, tmp_path: Path, form: Format) -> None:
        assert export(dossier(), form, tmp_path / "out") == 1
        assert sum(path.stat().st_size for path in _files(tmp_path / "out")) > 50

    @pytest.mark.parametrize("form", [Format.CSV, Format.DUCKDB, Format.PARQUET, Format.SCORE, Format.SQLITE])
    def test_what_is_no_text_can_not_go_to_the_standard_output(self, form: Format) -> None:
        with pytest.raises(OutputError, match=f"The form {form} can't go to the standard output"):
            export([extraction()], form, Path("-"))

    def test_lines_can_go_to_the_standard_output(self, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
        export([extraction("a")], Format.EVENTS, Path("-"))
        assert json.loads(capfdbinary.readouterr().out)["event_id"] == "a#M1"

    @pytest.mark.parametrize("form", list(Format))
    def test_a_place_that_can_not_be_written_is_an_error(self, tmp_path: Path, form: Format) -> None:
        (tmp_path / "file").touch()
        with pytest.raises(OutputError, match="Can't write to"):
            export([extraction()], form, tmp_path / "file" / "out")


def _files(place: Path) -> list[Path]:
    return sorted(place.iterdir()) if place.is_dir() else [place]


def test_results_and_dossiers_are_told_apart(tmp_path: Path) -> None:
    write_dossier(dossier(), tmp_path / "d.json")
    (tmp_path / "pretty.json").write_text(dossier().model_dump_json(indent=2), encoding="utf-8")
    export([extraction("a")], Format.JSONL, tmp_path / "r.jsonl")
    assert read_input(tmp_path / "d.json") == read_input(tmp_path / "pretty.json") == dossier()
    assert list(read_input(tmp_path / "r.jsonl")) == [extraction("a")]


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])), st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_file_names_stay_within_their_folder_and_differ_where_ids_do(one: str, other: str) -> None:
    name = file_name(one)
    assert name not in {"", ".", ".."}
    assert not set(name) & set('/\\\0:*?"<>|')
    assert len(name.encode()) < 250
    assert (name == file_name(other)) == (one == other)


def test_long_ids_differ_in_their_file_names() -> None:
    assert file_name("ü" * 500 + "a") != file_name("ü" * 500 + "b")


def test_there_is_a_schema_of_each_public_object() -> None:
    schemas = json_schemas()
    assert list(schemas) == ["article", "span", "party", "quote", "claim", "meeting", "record", "extraction"]
    assert "sha256" in schemas["article"]["properties"]
    assert schemas["quote"]["properties"]["segments"]["description"]

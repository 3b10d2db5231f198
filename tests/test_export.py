from __future__ import annotations

import csv
import datetime as dt
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_extract.errors import OutputError
from llm_extract.export import Format, export, file_name, json_schemas, read_results
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

    def test_csv_has_a_row_a_meeting_and_a_row_a_segment(self, tmp_path: Path) -> None:
        export([extraction("a"), extraction("b")], Format.CSV, tmp_path)
        with (tmp_path / "meetings.csv").open(encoding="utf-8-sig", newline="") as file:
            meetings = list(csv.DictReader(file))
        with (tmp_path / "quotes.csv").open(encoding="utf-8-sig", newline="") as file:
            quotes = list(csv.DictReader(file))
        assert [row["article"] for row in meetings] == ["a", "b"]
        assert (meetings[0]["participants"], meetings[0]["when"], meetings[0]["claims"]) == (
            "Ann Lee; Bo Kim",
            "on Monday",
            "Ann Lee confirms",
        )
        assert [(row["id"], row["text"], row["role"]) for row in quotes[:2]] == [
            ("Q1", "We agree,", "Minister"),
            ("Q1", "For now.", "Minister"),
        ]

    @pytest.mark.parametrize("name", ['=HYPERLINK("http://example.org")', "+1", "-1", "@SUM(A1)", "\t=1", " =1"])
    def test_no_cell_of_a_table_is_a_formula(self, tmp_path: Path, name: str) -> None:
        export([extraction(name)], Format.CSV, tmp_path)
        with (tmp_path / "meetings.csv").open(encoding="utf-8-sig", newline="") as file:
            assert next(csv.DictReader(file))["article"] == f"'{name}"

    @pytest.mark.parametrize("form", list(Format))
    def test_a_place_that_can_not_be_written_is_an_error(self, tmp_path: Path, form: Format) -> None:
        (tmp_path / "file").touch()
        with pytest.raises(OutputError, match="Can't write to"):
            export([extraction()], form, tmp_path / "file" / "out")


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
    assert list(schemas) == ["article", "span", "party", "quote", "claim", "meeting", "extraction"]
    assert "sha256" in schemas["article"]["properties"]
    assert schemas["quote"]["properties"]["segments"]["description"]

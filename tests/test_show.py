from __future__ import annotations

import io
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import JsonValue
from record_samples import march, protests
from rich.cells import cell_len
from rich.console import Console
from test_export import extraction

from llm_extract.errors import OutputError
from llm_extract.schema import Article, ArticleReference, Extraction, MeetingKind, Party, Quote, QuoteKind, Span
from llm_extract.schema import ExtractionWarning as Caution
from llm_extract.show import show

ANSI = re.compile(r"\x1b\[[0-9;]*m")


def _print(*results: Extraction, width: int = 100, colours: bool = False, articles: tuple[str, ...] = (), full: bool = False) -> str:
    console = Console(file=io.StringIO(), width=width, force_terminal=colours, color_system="standard" if colours else None)
    show(results, console, articles=articles, full=full)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def _saying(words: str, name: str = "Ann Lee") -> Extraction:
    article = Article(text=words, id="talks", title=words)
    quote = Quote(id="Q1", segments=(article.span(0, len(words)),), speaker=Party(name=name), kind=QuoteKind.DIRECT)
    return Extraction(article=ArticleReference.of(article), quotes=(quote,), model="stub")


def test_everything_that_matters_is_there() -> None:
    printed = _print(extraction(title="Talks in Oslo", source="The Paper"))
    wanted = [
        "Talks in Oslo",
        "2024-05-06",
        "The Paper",
        "held",
        "Ann Lee",
        "Bo Kim",
        "“on Monday”",
        "Oslo",
        "encounter",
        "Ann Lee confirms",
    ]
    assert [part for part in wanted if part not in printed] == []
    assert "“We agree,” […] “For now.”" in printed
    assert "1 article, 1 meeting, 1 quote" in printed


def test_no_meetings_and_no_quotes_are_said_and_warnings_shown() -> None:
    reference = ArticleReference(id="a", sha256="0")
    printed = _print(Extraction(article=reference, model="stub", warnings=(Caution(code="unknown_name", message="No Bo here."),)))
    assert "No meetings" in printed
    assert "No quotes" in printed
    assert "! No Bo here." in printed


def test_a_meeting_of_which_hardly_anything_is_known_is_shown() -> None:
    known = extraction()
    bare = known.meetings[0].model_copy(update={"claims": (), "date": None, "when": None, "place": None, "kind": MeetingKind.IN_PERSON})
    assert "1 meeting, 1 quote" in _print(known.model_copy(update={"meetings": (bare,)}))


def test_colours_are_for_terminals_only() -> None:
    assert not ANSI.search(_print(extraction()))
    assert "\x1b[32mheld" in _print(extraction(), colours=True)


@pytest.mark.parametrize("width", [20, 40, 80, 200])
@pytest.mark.parametrize("full", [False, True])
def test_no_line_is_wider_than_the_terminal(width: int, full: bool) -> None:  # noqa: FBT001  pytest passes it so
    printed = _print(extraction(), _saying("会談は成功した。" * 40, "A very long name " * 5), width=width, full=full)
    assert max(cell_len(line) for line in printed.splitlines()) <= width


def test_a_long_quote_is_one_line_with_its_end_only_when_asked_for() -> None:
    words = "word " * 60 + "end"
    assert "…" in _print(_saying(words))
    assert " end”" not in _print(_saying(words)).split("1 quote", 1)[1]
    assert "end”" in _print(_saying(words), full=True)


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1))
def test_no_text_can_steer_the_terminal(words: str) -> None:
    printed = ANSI.sub("", _print(_saying(words, words), colours=True))
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", printed)


def test_markup_in_a_text_is_text() -> None:
    assert "[bold]loud[/bold] :smile:" in _print(_saying("[bold]loud[/bold] :smile:"))


def test_only_the_articles_asked_for_are_shown() -> None:
    printed = _print(extraction("one"), extraction("two"), articles=("two",))
    assert "two" in printed
    assert "one" not in printed
    with pytest.raises(OutputError, match="no result for the article 'three'"):
        _print(extraction("one"), articles=("three",))


def test_a_span_is_shown_on_one_line() -> None:
    words = "one\n\n  two"
    assert "“one two”" in _print(_saying(words))
    assert Span(start=0, end=len(words), text=words).text == words


def test_records_are_a_table_for_each_schema_and_counted_and_nothing_is_said_of_what_was_not_asked_for() -> None:
    few: dict[str, JsonValue] = {"date": "2024-05-06", "size": {"value": 300, "evidence": []}, "open": None}
    few["city"] = {"start": 33, "end": 37, "text": "Riga"}
    printed = _print(protests(values=[few, few]), protests("b", values=[]))
    assert [part for part in ("Protest: 2 records", "R2", "2024-05-06", "300", "Riga", "No records") if part not in printed] == []
    assert not re.search("No meetings|No quotes|start|evidence", printed)
    assert "2 articles, 2 records" in printed


def test_records_of_many_fields_have_a_row_a_field() -> None:
    printed = _print(protests())
    assert re.search(r"organisers +Ilze Kalnina; Jan Berg", printed)
    assert re.search(r"R1 +date +2024-05-06", printed)


@pytest.mark.parametrize(
    ("width", "shape"), [(80, r"R1 +2024-05-06 +took_place +people: 300"), (40, r"R1 +date +2024-05-06 *\n +status +took_place")]
)
def test_records_are_side_by_side_where_no_word_must_be_broken_for_it(width: int, shape: str) -> None:
    told: dict[str, JsonValue] = {
        "date": "2024-05-06",
        "status": "took_place",
        "counts": "people: 300, by: the harbour union; people: 150, by: police",
    }
    printed = _print(protests(values=[told, told]), width=width)
    assert re.search(shape, printed)
    assert max(map(len, printed.splitlines())) <= width


def test_records_beside_meetings_leave_these_as_they_are() -> None:
    printed = _print(extraction().model_copy(update={"records": protests().records}))
    assert "1 article, 1 meeting, 1 quote, 1 record" in printed
    assert "encounter" in printed
    assert "No quotes" in _print(extraction().model_copy(update={"quotes": (), "records": protests().records}))


def test_long_values_are_shortened_unless_all_is_wanted() -> None:
    told = march().model_copy(update={"reported": None}).model_dump(mode="json") | {"note": "word " * 100}
    assert "…" in _print(protests(values=[told]))
    assert "…" not in _print(protests(values=[told]), full=True)


def test_nothing_in_a_record_can_disturb_a_terminal() -> None:
    printed = _print(protests(values=[{"a\x1b[31m": "b\x1b[2J", "c": ["\u202e", {"d\x07": "e"}]}], kind="k\x1bind"))
    assert not re.search("[\x1b\x07\u202e]", printed)

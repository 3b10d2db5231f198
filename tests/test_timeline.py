from __future__ import annotations

import io
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mentions_of_meetings import quote, result, told
from rich.cells import cell_len
from rich.console import Console

from llm_extract.across import merge
from llm_extract.dossier import Dossier
from llm_extract.errors import OutputError
from llm_extract.timeline import show_dossier

ANSI = re.compile(r"\x1b\[[0-9;]*m")
DAY = {"date": "2024-06-03"}
STORY = merge(
    [
        result(
            "first",
            "2024-05-20",
            told(**DAY, place="Lima", event="Forum of Ports", status="tentative", claims="Ana Petrova confirms, Boris Li denies"),
            quotes=tuple(quote(f"Words number {number}.", "Ana Petrova", number=number) for number in range(1, 5)),
        ),
        result("second", "2024-06-04", told("Petrova, Li", **DAY, place="Sofia")),
        result("third", None, told(date="2024-06", place="Lima")),
        result("fourth", "2023-01-05", told("Jan Ek, Maria Dahl", kind="call", status="planned")),
    ]
)


def _print(dossier: Dossier = STORY, *, width: int = 80, colours: bool = False, articles: tuple[str, ...] = (), full: bool = False) -> str:
    console = Console(file=io.StringIO(), width=width, force_terminal=colours, color_system="standard" if colours else None)
    show_dossier(dossier, console, articles=articles, full=full)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_the_story_of_a_meeting_is_told_article_by_article() -> None:
    assert _print().splitlines()[:12] == [
        "Ana Petrova – Boris Li                                                      held",
        "2024-06-03 · Lima · Forum of Ports",
        "! place also given as Sofia (second)",
        "● 2024-05-20 tentative About first",
        "│                      Ana Petrova confirms; Boris Li denies",
        "│                      Ana Petrova: “Words number 1.”",
        "│                      Ana Petrova: “Words number 2.”",
        "│                      … and 2 more quotes",
        "● 2024-06-04 held      About second",
        "● undated    held      About third",
        "! Ana Petrova confirms what Boris Li denies, since 2024-05-20",
        "",
    ]
    assert "2 meetings, 4 articles" in _print()
    assert "undated · call" in _print()


def test_all_is_told_when_asked_for() -> None:
    printed = _print(full=True, width=100)
    wanted = [
        "“Words number 4.”",
        "first#M1: It is the first mention.",
        "Boris Li: Li",
        "date also given as 2024-06 (third)",
        "and so does the date",
    ]
    assert [part for part in wanted if part not in printed] == []


def test_only_meetings_that_an_article_tells_of_are_shown() -> None:
    assert "Ana Petrova" not in _print(articles=("fourth",))
    with pytest.raises(OutputError, match="The dossier has no article 'fifth'"):
        _print(articles=("fifth",))


def test_colours_are_for_terminals_only() -> None:
    assert not ANSI.search(_print())
    assert "\x1b[33m● \x1b[0m2024-05-20" in _print(colours=True)


@pytest.mark.parametrize("width", [20, 40, 80, 200])
@pytest.mark.parametrize("full", [False, True])
def test_no_line_is_wider_than_the_terminal_or_ends_in_spaces(width: int, *, full: bool) -> None:
    long = result("会談" * 30, "2024-05-20", told("A very long name of a party " * 3 + ", Boris Li", place="会談は成功した" * 20))
    lines = (_print(width=width, full=full) + _print(merge([long]), width=width, full=full)).splitlines()
    assert max(map(cell_len, lines)) <= width
    assert [line for line in lines if line != line.rstrip()] == []


def test_warnings_are_shown() -> None:
    assert "! Without a day of publication, and so last in every history (1): third." in _print()


@settings(max_examples=20, deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30))
def test_no_text_can_steer_the_terminal(words: str) -> None:
    about = result("a", "2024-05-18", told(f"{words}x, Boris Li", place=f"{words}x"), quotes=(quote(words, f"{words}x"),))
    printed = ANSI.sub("", _print(merge([about]), colours=True, full=True))
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", printed)

"""The local reader, the resolver and the merging together find the meetings that a piece of news tells of."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterable
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from meeting_snippets import BEYOND_GRAMMAR, PUBLISHED, SNIPPETS, Snippet
from pydantic import BaseModel

from llm_extract.meetings import read_meetings
from llm_extract.merging import merge_meetings
from llm_extract.reading import Prepared, Question
from llm_extract.resolve import Resolver
from llm_extract.scenes import with_scenes
from llm_extract.schema import Article, Meeting, Stance
from llm_extract.settings import Profile

T = TypeVar("T", bound=BaseModel)

_PIECES = st.sampled_from(
    [
        "Ana Petrova",
        "Boris Lang",
        " met ",
        " and ",
        " the union ",
        " he ",
        " talks between ",
        " in Oslo",
        " on Monday",
        " at the G5 summit",
        " said ",
        " after meeting ",
        " his call with ",
        "The two",
        ", ",
        ". ",
        "\n\n",
        "“",
        "”",
        "OSLO, June 3 (Herald) - ",
        "there",
        "😀",
        "é",
    ]
)
_TEXTS = (st.lists(_PIECES, min_size=1, max_size=30).map("".join) | st.text(min_size=1, max_size=80)).filter(str.strip)


class _Scripted:
    """Answers every question with "expects" and remembers what was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def __call__(self, question: Question[T], /) -> T:
        self.asked.append(str(question.variables["passage"]))
        return question.answer.model_validate({"stance": Stance.EXPECTS.value})


async def _meetings(text: str, ask: _Scripted | None = None) -> list[Meeting]:
    prepared = Prepared(Article(text=text, published=PUBLISHED))
    readings = await read_meetings(prepared, ask or _Scripted(), Profile.LOCAL)
    return with_scenes(merge_meetings(Resolver(prepared).meetings(readings)), prepared)


def _facts(meeting: Meeting) -> tuple[frozenset[str], ...]:
    """Return the facts of a meeting as sets of words: the participants in any order, the others one each."""
    place, event = (span.text if span else "-" for span in (meeting.place, meeting.event))
    others = (meeting.status.value, meeting.kind.value, meeting.date or "-", place, event)
    return (frozenset(party.name for party in meeting.participants), *(frozenset({fact}) for fact in others))


def _expected(written: str) -> tuple[frozenset[str], ...]:
    who, *others = written.split(" | ")
    return (frozenset(who.split(", ")), *(frozenset({fact}) for fact in others))


def _cases(snippets: Iterable[Snippet]) -> list[object]:
    return [
        pytest.param(
            snippet,
            id=snippet.text[:60],
            marks=[pytest.mark.xfail(reason=snippet.why_not, strict=True)] if snippet.why_not else [],
        )
        for snippet in snippets
    ]


@pytest.mark.anyio
@pytest.mark.parametrize("snippet", [*_cases(SNIPPETS), *_cases(BEYOND_GRAMMAR)])
async def test_the_meetings_of_a_piece_of_news_are_found_with_their_facts(snippet: Snippet) -> None:
    found = [_facts(meeting) for meeting in await _meetings(snippet.text)]
    assert found == [_expected(written) for written in snippet.meetings]


def test_what_is_beyond_grammar_is_few_and_each_has_its_reason() -> None:
    assert all(snippet.why_not for snippet in BEYOND_GRAMMAR)
    assert len(BEYOND_GRAMMAR) * 10 <= len(SNIPPETS)


@pytest.mark.anyio
async def test_who_says_so_is_asked_of_once_a_sentence_and_not_of_what_took_place() -> None:
    ask = _Scripted()
    held, tentative = "Ana Petrova met Boris Lang in Oslo.", "Kofi Asante said that Ana Petrova may meet Boris Lang in Kiel in July."
    meetings = await _meetings(f"{held} {tentative}", ask)
    assert ask.asked == [tentative]
    assert [[(claim.by.name, claim.stance) for claim in meeting.claims] for meeting in meetings] == [[], [("Kofi Asante", Stance.EXPECTS)]]


@pytest.mark.anyio
async def test_one_occasion_told_three_times_is_one_meeting_with_three_pieces_of_evidence() -> None:
    text = "Ana Petrova met Boris Lang in Oslo on Monday. The two met in Oslo for an hour. On Monday, Petrova's talks with Lang were calm."
    (meeting,) = await _meetings(text)
    assert len(meeting.evidence) == 3


@pytest.mark.anyio
async def test_a_dateline_gives_the_place_only_of_what_has_just_taken_place_face_to_face() -> None:
    dateline = "KIEL, June 11 (Herald) - "
    for text in (
        "Ana Petrova will meet Boris Lang on Friday.",
        "Ana Petrova phoned Boris Lang on Monday.",
        "Ana Petrova met Boris Lang in 1998.",
    ):
        (meeting,) = await _meetings(dateline + text)
        assert meeting.place is None


@pytest.mark.anyio
async def test_in_sixty_thousand_words_each_meeting_is_found_once_wherever_it_stands_and_memory_is_bounded() -> None:
    """Told at both edges, in the middle, and across what would be the edge of any window."""
    filler = "The boats of the old harbour are painted in green and white each spring by their owners. " * 930
    told = [f"Ana Petrova met {name} in Oslo on Monday." for name in ("Boris Lang", "Kofi Asante", "Ravi Menon", "Clara Costa")]
    text = f"{told[0]} {filler}\n\n{told[1]} {filler}{told[2]} {told[0]}\n\n{filler}\n\n{filler}{told[1]} {told[3]}"
    assert len(text.split()) > 60_000
    tracemalloc.start()
    try:
        meetings = await _meetings(text)
        peak_bytes = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    found = {meeting.participants[-1].name: [text[span.start : span.end] for span in meeting.evidence] for meeting in meetings}
    assert found == {"Boris Lang": told[:1] * 2, "Kofi Asante": told[1:2] * 2, "Ravi Menon": told[2:3], "Clara Costa": told[3:]}
    assert peak_bytes < 100_000_000


@given(_TEXTS)
@pytest.mark.anyio
async def test_any_text_is_read_and_every_span_is_a_slice_of_it(text: str) -> None:
    for meeting in await _meetings(text):
        spans = [*meeting.evidence, meeting.when, meeting.place, meeting.event, *(party.mention for party in meeting.participants)]
        assert all(text[span.start : span.end] == span.text for span in spans if span)
        assert len(meeting.participants) > 1

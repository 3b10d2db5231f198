"""Words that tell of a meeting, the clause that they stand in, and the form of the meeting."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_extract.clauses import MEETING_WORD, clause_of, is_meeting_word, is_strong, is_verb, kind_of, opens_content, pieces
from llm_extract.cues import mask_quotations
from llm_extract.numbering import Sentence, number
from llm_extract.schema import Article

_PIECES = st.sampled_from(
    ["met ", "called Ana ", "but ", "; ", "said ", "that ", "he ", "who ", "talks", "Ana Petrova ", "\ue000", "é", "😀"]
)
_TEXTS = (st.lists(_PIECES, min_size=1, max_size=30).map("".join) | st.text(min_size=1, max_size=80)).filter(str.strip)


def _whole(text: str) -> Sentence:
    return Sentence(number=1, start=0, end=len(text), paragraph=1, furniture=False)


def _word(text: str) -> tuple[int, int]:
    match = MEETING_WORD.search(text)
    assert match is not None
    return match.span()


@pytest.mark.parametrize(
    "text",
    [
        "Petrova met Lang",
        "Petrova will meet Lang",
        "Petrova sat down with Lang",
        "Petrova shook hands with Lang",
        "they had shaken hands",
        "Petrova spoke by phone",
        "Petrova spoke briefly to Lang",
        "Petrova called Lang on Monday",
        "Petrova may call Lang",
        "Petrova dined in Kiel",
        "dinner last week with Lang",
        "an audience with the king",
        "after a tête-à-tête",
        "Petrova called on Lang",
    ],
)
def test_words_for_meetings_are_known(text: str) -> None:
    assert is_meeting_word(text, _word(text), _whole(text))


@pytest.mark.parametrize(
    "text",
    [
        "they met the deadline",
        "they will meet all the requirements",
        "sentences rarely meet the maximum",
        "he met his death",
        "she won the swim meet",
        "they met in nine finals",
        "they will meet in the semi-final on Friday",
        "they met in the cup",
        "Petrova called Boris Lang a liar",
        "Petrova saw Boris Lang as a rival",
    ],
)
def test_deadlines_matches_and_names_called_are_no_meetings(text: str) -> None:
    assert not is_meeting_word(text, _word(text), _whole(text))


@pytest.mark.parametrize(
    "text", ["in the final hours, they met", "they met in the final days of May", "they met the new ministers", "they met at the cup final"]
)
def test_words_of_sport_and_duty_elsewhere_do_no_harm(text: str) -> None:
    assert is_meeting_word(text, _word(text), _whole(text))


@pytest.mark.parametrize(
    ("text", "strong"), [("Petrova met Lang", True), ("Petrova visited Lang", False), ("after their discussions", True)]
)
def test_weak_words_are_told_from_strong_ones(text: str, *, strong: bool) -> None:
    assert is_strong(text, _word(text)) is strong


@pytest.mark.parametrize(
    ("text", "verb"), [("Petrova met Lang", True), ("after meeting Lang", True), ("the meeting ended", False), ("dinner with Lang", True)]
)
def test_words_that_take_who_is_met_as_their_object_are_verbs(text: str, *, verb: bool) -> None:
    assert is_verb(text, _word(text)) is verb


@pytest.mark.parametrize(
    ("text", "clause"),
    [
        ("Petrova was ill but Lang met Costa in Kiel", "Lang met Costa in Kiel"),
        ("Petrova met Lang, although she was ill", "Petrova met Lang"),
        ("Petrova met Lang in Kiel", "Petrova met Lang in Kiel"),
        ("Petrova, who met Lang, was ill", "met Lang, was ill"),
    ],
)
def test_a_clause_ends_where_another_begins(text: str, clause: str) -> None:
    start, end = clause_of(text, _whole(text), _word(text))
    assert text[start:end].strip() == clause


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Petrova met Lang", "in_person"),
        ("Petrova telephoned Lang", "call"),
        ("Petrova called Lang", "call"),
        ("Petrova called on Lang", "in_person"),
        ("Petrova spoke with Lang by video conference", "call"),
        ("Petrova shook hands with Lang", "encounter"),
        ("Petrova bumped into Lang", "encounter"),
        ("Petrova met briefly with Lang", "encounter"),
    ],
)
def test_the_words_tell_the_form_of_the_meeting(text: str, kind: str) -> None:
    assert kind_of(text, (0, len(text)), _word(text)) == kind


@pytest.mark.parametrize(
    ("text", "verb", "pronoun"),
    [
        ("Petrova said that she would meet", "said", "she"),
        ("Petrova told reporters on Monday that he would meet", "told", "he"),
        ("Petrova said Lang would meet", "said", "lang"),
        ("Petrova met", None, ""),
    ],
)
def test_what_a_verb_of_speech_opens_is_told_from_the_reporter(text: str, verb: str | None, pronoun: str) -> None:
    area, opening = opens_content(text, 0, len(text))
    assert (text[slice(*area)] if area else None) == verb
    assert opening == pronoun


@given(st.integers(min_value=1, max_value=10_000))
def test_pieces_cover_a_sentence_without_gap_and_none_is_long(length: int) -> None:
    parts = list(pieces(_whole("x" * length)))
    assert [part.start for part in parts[1:]] == [part.end for part in parts[:-1]]
    assert (parts[0].start, parts[-1].end) == (0, length)
    assert all(part.end - part.start <= 1500 and part.number == 1 for part in parts)


@given(_TEXTS)
def test_clauses_of_any_text_hold_their_word(text: str) -> None:
    article = number(Article(text=text))
    masked = mask_quotations(article)
    for sentence in article.sentences:
        for match in MEETING_WORD.finditer(text, sentence.start, sentence.end):
            start, end = clause_of(text, sentence, match.span())
            assert sentence.start <= start <= match.start()
            assert match.start() < end <= sentence.end
            kind_of(text, (start, end), match.span())
            opens_content(masked, start, end)

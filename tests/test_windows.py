"""Windows: what of an article a model is shown, and how it is numbered there."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from llm_extract.numbering import number
from llm_extract.schema import Article
from llm_extract.windows import WINDOW_CHARS, marked, windows

SENTENCE = "Ana Petrova met Boris Li in Sofia on Monday and said “yes”."
LONG = "\n\n".join([SENTENCE] * (5 * WINDOW_CHARS // 2 // len(SENTENCE)))


@given(st.text(st.sampled_from("Ab. “”\"'’«»()\n?!。\u00a0"), max_size=80))
def test_numbering_marks_each_sentence_and_quotation_once_and_keeps_every_other_character(text: str) -> None:
    numbered = number(Article(text=text))
    shown = [s for s in numbered.sentences if not s.furniture]
    seen = marked(numbered, shown) if shown else ""
    for sentence in shown:
        assert seen.count(f"[S{sentence.number}] ") == 1
        seen = seen.replace(f"[S{sentence.number}] ", "\0")
    for quotation in (q for q in numbered.quotations if not q.furniture):
        opening, closing = f"«Q{quotation.number}»", f"«/Q{quotation.number}»"
        assert (seen.count(opening), seen.count(closing)) == (1, 1)
        assert seen.index(opening) < seen.index(closing)
        seen = seen.replace(opening, "").replace(closing, "")
    assert [part.strip() for part in seen.split("\0")[1:]] == [numbered.text_of(sentence) for sentence in shown]


def test_marks_of_sentences_that_touch_are_not_doubled() -> None:
    numbered = number(Article(text="“是。”他说。"))
    assert marked(numbered, numbered.sentences).count("«/Q1»") == 1


def test_windows_overlap_cover_every_sentence_and_keep_to_their_length() -> None:
    numbered = number(Article(text=LONG))
    found = list(windows(numbered))
    shown = [{sentence.number for sentence in window} for window in found]
    assert len(found) > 2
    assert set().union(*shown) == {sentence.number for sentence in numbered.sentences}
    assert all(one & other for one, other in pairwise(shown))
    assert all(window[-1].end - window[0].start <= WINDOW_CHARS for window in found)


def test_a_sentence_longer_than_a_window_has_one_of_its_own() -> None:
    numbered = number(Article(text="Short. Long " + "word " * WINDOW_CHARS + "end. Short again."))
    assert [len(window) for window in windows(numbered)] == [1, 1, 1]

"""Each construct of reported speech gives its cue and its source."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_extract.cues import cue_of, cues_in, mask_quotations
from llm_extract.numbering import number
from llm_extract.schema import Article


def _cue(text: str) -> tuple[str, str] | None:
    article = number(Article(text=text))
    cue = cue_of(article, mask_quotations(article), article.quotations[0])
    return (text[cue.start : cue.end], text[cue.source_start : cue.source_end]) if cue else None


@pytest.mark.parametrize(
    ("text", "verb", "source"),
    [
        ("“No,” Ana Petrova said.", "said", "Ana Petrova"),
        ("“No,” said Ana Petrova, a judge.", "said", "Ana Petrova"),
        ("“No,” Ana Petrova, a judge, said.", "said", "Ana Petrova"),
        ("“No,” said the judge, Ana Petrova.", "said", "the judge, Ana Petrova"),
        ("Ana Petrova said: “No.”", "said", "Ana Petrova"),
        ("Ana Petrova, who sits in Oslo, said “no”.", "said", "Ana Petrova"),
        ("Ana Petrova – a judge – said “no”.", "said", "Ana Petrova"),
        ("The judge, Ana Petrova, said “no”.", "said", "Ana Petrova"),
        ("They blamed Ana Petrova, who called it “mad”.", "called", "Ana Petrova"),
        ("In Oslo on Monday Ana Petrova said “no”.", "said", "Ana Petrova"),
        ("Ana Petrova stood up and said “no”.", "said", "Ana Petrova"),
        ("Ana Petrova stood up, saying “no”.", "saying", "Ana Petrova"),
        ("He was accused by Ana Petrova of “lying”.", "accused", "Ana Petrova"),
        ("He was called “a liar” by Ana Petrova.", "", "Ana Petrova"),
        ("It was “dead”, according to Ana Petrova.", "according to ", "Ana Petrova"),
        ("According to Ana Petrova, it was “dead”.", "According to ", "Ana Petrova"),
        ("It was “dead”, as Ana Petrova put it.", "put", "Ana Petrova"),
        ("It was, in the words of Ana Petrova, “dead”.", "in the words of ", "Ana Petrova"),
        ("Boris Li rejected Ana Petrova’s claim that it was “dead”.", "claim", "Ana Petrova"),
        ("The agency quoted Ana Petrova as saying it was “dead”.", "saying", "Ana Petrova"),
        ("“No,” was Ana Petrova’s answer.", "answer", "Ana Petrova’s answer"),
        ("“No” – Ana Petrova.", "", "Ana Petrova"),
        ("Ana Petrova had a plan: “No.”", ":", "Ana Petrova"),
        ("The WHO has described it as “dead”.", "described", "The WHO"),
    ],
)
def test_each_construct_gives_its_cue_and_its_source(text: str, verb: str, source: str) -> None:
    assert _cue(text) == (verb, source)


@pytest.mark.parametrize("text", ["The report was “late” again.", "It had a “smart” lamp.", "The talks were announced. “No.”"])
def test_nouns_and_passives_without_agent_are_no_cues(text: str) -> None:
    assert _cue(text) is None


def test_a_verb_joined_by_and_keeps_its_source() -> None:
    text = "Ana Petrova said it was late and added it was dark."
    assert [text[c.source_start : c.source_end] for c in cues_in(text, 0, len(text))] == ["Ana Petrova", "Ana Petrova"]


def test_masking_keeps_every_offset_outside_quotations() -> None:
    text = "She said “he said ‘no’ twice” and left."
    masked = mask_quotations(number(Article(text=text)))
    assert len(masked) == len(text)
    assert "no" not in masked
    assert masked.endswith("” and left.")


@given(
    st.lists(
        st.sampled_from(["“", "”", '"', " said", " Ana", " by", ",", ".", ":", " who", " the", "’s", " as", "\n", " é"]),
        min_size=1,
        max_size=30,
    )
    .map("".join)
    .filter(str.strip)
)
def test_every_cue_lies_in_any_text(text: str) -> None:
    article = number(Article(text=text))
    masked = mask_quotations(article)
    assert len(masked) == len(text)
    for quotation in article.quotations:
        cue = cue_of(article, masked, quotation)
        if cue:
            assert 0 <= cue.start <= cue.end <= len(text)
            assert 0 <= cue.source_start <= cue.source_end <= len(text)

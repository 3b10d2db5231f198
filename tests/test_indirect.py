"""Indirect speech: what is reported in the reporter's words, by whom, and where it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_extract.export import Format, export
from llm_extract.indirect import Indirect, find_indirect
from llm_extract.reading import Prepared, QuoteReading
from llm_extract.resolve import Resolver
from llm_extract.schema import Article, ArticleReference, Extraction, Quote, QuoteKind
from llm_extract.settings import Settings

PIECES = st.sampled_from(
    [
        *(
            "Ana Petrova ",
            "Li ",
            "the envoy ",
            "he ",
            "who ",
            "said ",
            "says ",
            "told ",
            "claimed ",
            "adding ",
            "denied ",
            "reports ",
            "that ",
        ),
        *(
            "according to ",
            "According to ",
            "it was announced ",
            "talks ",
            "would ",
            "go on",
            "was ",
            "and ",
            "but ",
            "with ",
            "to ",
            "the ",
        ),
        *(", ", ". ", "; ", ": ", "“", "”", '"', "'", "(", ")", " – ", "\n", "\n\n", "\r\n", "\u00a0", "🙂", "e\u0301", "\ue000"),
    ]
)
TEXTS = st.one_of(st.lists(PIECES, max_size=40).map("".join), st.text(max_size=60))


def found_in(text: str) -> list[Indirect]:
    prepared = Prepared(Article(text=text or " "))
    return find_indirect(prepared.numbered, prepared.mentions, prepared.masked)


def reported(text: str) -> list[tuple[str | None, str]]:
    """Return who says what, the segments joined by a bar."""
    return [
        (text[slice(*one.candidates[0])] if one.candidates else None, "|".join(text[start:end] for start, end in one.segments))
        for one in found_in(text)
    ]


class TestContents:
    @pytest.mark.parametrize(
        ("text", "content"),
        [
            ("Ana Petrova said that talks would go on.", "talks would go on"),
            ("Ana Petrova said talks failed.", "talks failed"),
            ("Ana Petrova said on Monday that talks would go on.", "talks would go on"),
            ("Ana Petrova said in a statement on Monday the bank was closed.", "the bank was closed"),
            ("Ana Petrova says more than 300 people died.", "more than 300 people died"),
            ("Ana Petrova says at least 20 people died.", "at least 20 people died"),
            ("Ana Petrova told reporters that talks would go on.", "talks would go on"),
            ("Ana Petrova told Boris Li the bank was closed.", "the bank was closed"),
            ("Ana Petrova told the committee the bank had closed.", "the bank had closed"),
            ("Ana Petrova explained, in a few words, that the bank was closed.", "the bank was closed"),
            ("Ana Petrova denied recent reports that the bank was closed.", "the bank was closed"),
            ("Ana Petrova has not said why the bank was closed.", "why the bank was closed"),
            ("Ana Petrova claimed Boris Li left the room.", "Boris Li left the room"),
            ("Ana Petrova announced the bank would close.", "the bank would close"),
            ("Ana Petrova was quoted as saying that the bank was closed.", "the bank was closed"),
            ("According to Ana Petrova, the bank was closed.", "the bank was closed"),
            ("According to Ana Petrova, a spokeswoman for the bank, it was closed.", "it was closed"),
            ("The bank was closed, according to Ana Petrova.", "The bank was closed"),
            ("The bank was closed, Ana Petrova said on Monday.", "The bank was closed"),
            ("The bank was closed, Ana Petrova told the Daily Post.", "The bank was closed"),
            ("The bank was closed, said Ana Petrova, who runs it.", "The bank was closed"),
            ("The bank, Ana Petrova said, was closed.", "The bank|was closed"),
            ("The bank, according to Ana Petrova, was closed.", "The bank|was closed"),
        ],
    )
    def test_the_reported_clause_is_found_with_its_source(self, text: str, content: str) -> None:
        (one,) = reported(text)
        assert one == ("Ana Petrova", content)

    @pytest.mark.parametrize(
        "text",
        [
            "Ana Petrova said nothing.",
            "Ana Petrova said so on Monday.",
            "Ana Petrova spoke on Monday in Sofia.",
            "Ana Petrova announced new sanctions.",
            "Ana Petrova announced the plan proposed by the bank.",
            "Ana Petrova reported the theft to the police.",
            "Ana Petrova asked the court to free him.",
            "Ana Petrova was told to leave.",
            "Ana Petrova wants to say that it is over.",
            "The group claimed responsibility.",
            "The claims that he was ill were false.",
            "Everything went according to plan.",
            "The talks were held according to the rules.",
        ],
    )
    def test_a_verb_of_speech_without_a_clause_reports_nothing(self, text: str) -> None:
        assert reported(text) == []

    @pytest.mark.parametrize(
        "text",
        [
            "“The bank is closed,” Ana Petrova said.",
            "Ana Petrova said: “The bank is closed.”",
            "Ana Petrova said, “The bank is closed.”",
            "Ana Petrova said that “the bank is closed.”",
            "Speaking in Sofia, Ana Petrova said, “The bank is closed.”",
            "“The bank is closed,” said Ana Petrova, after talks with Boris Li.",
        ],
    )
    def test_words_in_quotation_marks_throughout_are_left_to_the_quotes(self, text: str) -> None:
        assert found_in(text) == []

    def test_a_clause_with_a_quotation_in_it_is_mixed(self) -> None:
        mixed, plain = found_in("Ana Petrova said talks were “difficult” but open. Boris Li said talks were over.")
        assert (mixed.mixed, plain.mixed) == (True, False)

    def test_a_report_without_a_source_has_no_candidates(self) -> None:
        assert reported("It was announced that the bank would close.") == [(None, "the bank would close")]


class TestEnds:
    def test_a_clause_ends_where_the_next_source_speaks(self) -> None:
        assert reported("Ana Petrova said talks were on, but Boris Li said talks were off.") == [
            ("Ana Petrova", "talks were on"),
            ("Boris Li", "talks were off"),
        ]

    def test_a_clause_ends_where_its_source_speaks_again(self) -> None:
        assert reported("Ana Petrova said talks were on, adding that Boris Li would come.") == [
            ("Ana Petrova", "talks were on"),
            ("Ana Petrova", "Boris Li would come"),
        ]

    def test_a_clause_ends_with_the_subordinate_clause_around_it(self) -> None:
        assert reported("While Ana Petrova said talks were on, the bank stayed closed.") == [("Ana Petrova", "talks were on")]

    def test_a_clause_ends_with_the_relative_clause_around_it(self) -> None:
        assert reported("Ana Petrova, who said she was ill, went home.") == [("Ana Petrova", "she was ill")]

    def test_what_somebody_is_said_to_have_said_lies_within_what_is_said(self) -> None:
        assert reported("Ana Petrova said that Boris Li had told her that the bank was closed.") == [
            ("Ana Petrova", "Boris Li had told her that the bank was closed"),
            ("Boris Li", "the bank was closed"),
        ]


class TestSources:
    def test_a_short_name_is_given_in_full(self) -> None:
        assert reported("Ana Petrova came. Petrova said that talks would go on.")[0][0] == "Ana Petrova"

    def test_a_pronoun_stands_for_whoever_spoke_before(self) -> None:
        assert [who for who, _ in reported("Ana Petrova said that talks were on. She said that Boris Li would come.")] == [
            "Ana Petrova"
        ] * 2

    def test_appositions_between_source_and_verb_are_left_out(self) -> None:
        assert reported("Ana Petrova, head of the bank and chair of its board, said it was closed.") == [("Ana Petrova", "it was closed")]


class TestProperties:
    @given(TEXTS)
    def test_contents_are_slices_without_white_space_at_their_ends(self, text: str) -> None:
        for one in found_in(text):
            assert 0 <= one.cue.start < one.cue.end <= len(text)
            for start, end in one.segments:
                assert 0 <= start < end <= len(text)
                assert text[start:end] == text[start:end].strip()

    @given(TEXTS)
    def test_contents_lie_apart_or_one_within_the_other(self, text: str) -> None:
        contents = [one.content for one in found_in(text)]
        assert contents == sorted(contents, key=lambda span: (span[0], -span[1]))
        assert len(set(contents)) == len(contents)
        for index, (_, end) in enumerate(contents):
            assert all(later >= end or latest <= end for later, latest in contents[index + 1 :])

    @given(TEXTS)
    def test_a_cue_of_one_clause_stands_outside_it(self, text: str) -> None:
        for one in found_in(text):
            assert all(one.cue.end <= start or one.cue.start >= end for start, end in one.segments)

    @pytest.mark.parametrize("piece", ["said ", "he said that ", ", who said ", 'said " ', "according to A, ", "x, "])
    def test_a_long_text_without_a_full_stop_is_read_to_its_end(self, piece: str) -> None:
        text = piece * 1_000
        assert all(0 <= start < end <= len(text) for one in found_in(text) for start, end in one.segments)


class TestResults:
    TEXT = "Ana Petrova said talks were “difficult” but open. “We agree,” Boris Li said. He said that the bank was closed."

    def quotes(self) -> tuple[list[Quote], list[Quote]]:
        prepared = Prepared(Article(text=self.TEXT))
        resolver = Resolver(prepared)
        quotes = resolver.quotes([QuoteReading(1, "Ana Petrova"), QuoteReading(2, "Boris Li")])
        return quotes, resolver.with_indirect(quotes, find_indirect(prepared.numbered, prepared.mentions, prepared.masked))

    def test_indirect_speech_joins_the_quotes_in_the_order_of_the_text(self) -> None:
        _, joined = self.quotes()
        assert [(q.id, q.kind, q.segments[0].text, q.speaker and q.speaker.name) for q in joined] == [
            ("Q1", QuoteKind.INDIRECT, "talks were “difficult” but open", "Ana Petrova"),
            ("Q2", QuoteKind.MIXED, "difficult", "Ana Petrova"),
            ("Q3", QuoteKind.DIRECT, "We agree,", "Boris Li"),
            ("Q4", QuoteKind.INDIRECT, "the bank was closed", "Boris Li"),
        ]

    def test_quotes_in_quotation_marks_stay_as_they_were(self) -> None:
        quotes, joined = self.quotes()
        kept = [quote for quote in joined if quote.kind is not QuoteKind.INDIRECT]
        assert [quote.model_copy(update={"id": ""}) for quote in kept] == [quote.model_copy(update={"id": ""}) for quote in quotes]

    def test_the_form_for_scoring_leaves_indirect_speech_out(self, tmp_path: Path) -> None:
        _, joined = self.quotes()
        article = ArticleReference.of(Article(text=self.TEXT, id="one"))
        export([Extraction(article=article, quotes=tuple(joined), model="none")], Format.SCORE, tmp_path)
        written = json.loads((tmp_path / "one.json").read_text(encoding="utf-8"))
        assert [quote["text"] for quote in written["quotes"]] == ["difficult", "We agree,"]

    def test_indirect_speech_is_found_on_request_only(self) -> None:
        assert not Settings.load({}).indirect
        assert Settings.load({"LLM_EXTRACT_INDIRECT": "1"}).indirect

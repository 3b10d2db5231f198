"""Numbers become exact slices, names are tied to a mention, and what the article does not have is flagged."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_extractor import spans_in

from llm_extract.reading import ClaimReading, MeetingReading, Prepared, QuoteReading
from llm_extract.resolve import Resolver
from llm_extract.schema import Article, Meeting, MeetingKind, MeetingStatus, QuoteKind, Stance

TEXT = (
    "Foreign Minister Ana Petrova met Boris Li in Sofia on Monday.\n\n"
    "“We agree,” Petrova said. “In part.” She called it “a start”.\n\n"
    "Li, who spoke to reporters, said: “Perhaps we will meet again in Lima.”\n"
)


def resolver(text: str = TEXT, published: dt.date | None = dt.date(2024, 5, 15)) -> Resolver:
    return Resolver(Prepared(Article(text=text, published=published)))


def reading(*participants: str, sentences: tuple[int, ...] = (1,), status: str = "held", **facts: object) -> MeetingReading:
    return MeetingReading(sentences, participants, MeetingStatus(status), MeetingKind.IN_PERSON, **facts)  # type: ignore[arg-type]


def only(found: list[Meeting]) -> Meeting:
    (meeting,) = found
    return meeting


class TestQuotes:
    def test_segments_that_one_cue_breaks_are_one_quote_and_another_quotation_is_not(self) -> None:
        cue = (TEXT.index("said"), TEXT.index("said") + 4)
        found = resolver().quotes([QuoteReading(3, "Petrova"), QuoteReading(2, "Petrova", cue), QuoteReading(1, "Petrova", cue)])
        assert [(quote.id, [piece.text for piece in quote.segments]) for quote in found] == [
            ("Q1", ["We agree,", "In part."]),
            ("Q2", ["a start"]),
        ]
        assert [quote.kind for quote in found] == [QuoteKind.DIRECT, QuoteKind.MIXED]
        assert [quote.cue and quote.cue.text for quote in found] == ["said", None]

    def test_a_speaker_has_the_fullest_form_its_role_and_its_place(self) -> None:
        speaker = resolver().quotes([QuoteReading(1, "Petrova")])[0].speaker
        assert speaker is not None
        assert (speaker.name, speaker.role, speaker.mention and speaker.mention.text) == ("Ana Petrova", "Foreign Minister", "Ana Petrova")

    def test_words_of_nobody_known_have_no_speaker(self) -> None:
        assert resolver().quotes([QuoteReading(1, None)])[0].speaker is None

    def test_an_addressee_is_looked_for_near_the_quotation(self) -> None:
        quote = resolver().quotes([QuoteReading(4, "Li", None, "reporters")])[0]
        assert (quote.addressee and quote.addressee.text) == "reporters"

    def test_a_quote_is_linked_to_the_only_meeting_that_its_sentence_reports(self) -> None:
        finder = resolver()
        last = finder.prepared.numbered.quotation(4).sentence
        quotes = finder.quotes([QuoteReading(1, "Petrova"), QuoteReading(4, "Li")])
        meetings = finder.meetings([reading("Petrova", "Li"), reading("Petrova", "Li", sentences=(last,), status="tentative")])
        assert [quote.meeting for quote in finder.link(quotes, meetings)] == [None, "M2"]
        twice = [meetings[1], meetings[1].model_copy(update={"id": "M3"})]
        assert [quote.meeting for quote in finder.link(quotes, twice)] == [None, None]


class TestMeetings:
    def test_a_reading_becomes_a_meeting_on_the_sentences_that_report_it(self) -> None:
        claim = ClaimReading("Li", Stance.CONFIRMS, 1)
        meeting = only(resolver().meetings([reading("Petrova", "Li", when="Monday", place="Sofia", claims=(claim,))]))
        assert [party.name for party in meeting.participants] == ["Ana Petrova", "Boris Li"]
        assert (meeting.when and meeting.when.text, meeting.date) == ("Monday", "2024-05-13")
        assert (meeting.place and meeting.place.text, meeting.evidence[0].text) == ("Sofia", TEXT.splitlines()[0])
        assert (meeting.claims[0].by.name, meeting.claims[0].evidence) == ("Boris Li", meeting.evidence[0])

    @pytest.mark.parametrize(
        ("status", "date"),
        [
            ("held", "2024-05-13"),
            ("planned", "2024-05-20"),
            ("tentative", "2024-05-20"),
            ("cancelled", "2024-05-20"),
            ("ruled_out", "2024-05-20"),
        ],
    )
    def test_a_weekday_lies_behind_what_was_held_and_before_what_was_not(self, status: str, date: str) -> None:
        assert only(resolver().meetings([reading("Petrova", "Li", status=status, when="Monday")])).date == date

    def test_without_a_day_of_publication_a_weekday_has_no_date(self) -> None:
        assert only(resolver(published=None).meetings([reading("Petrova", "Li", when="Monday")])).date is None

    @pytest.mark.parametrize(
        ("wrong", "why"),
        [
            (reading("Petrova"), "two parties"),
            (reading("Ana Petrova", "Petrova"), "two parties"),
            (reading(), "nobody"),
            (reading("Zoran Kos", "Ivo Band"), "names none of them"),
            (reading("Petrova", "Li", sentences=()), "evidence"),
        ],
    )
    def test_what_is_no_meeting_is_dropped_with_a_warning(self, wrong: MeetingReading, why: str) -> None:
        finder = resolver()
        assert only(finder.meetings([wrong, reading("Petrova", "Li")])).id == "M1"
        (warning,) = [warning for warning in finder.warnings if warning.code == "dropped_meeting"]
        assert why in warning.message

    def test_a_place_that_the_article_does_not_have_is_no_span_and_leaves_a_warning(self) -> None:
        finder = resolver()
        assert only(finder.meetings([reading("Petrova", "Li", place="Vienna")])).place is None
        assert [(warning.code, warning.message) for warning in finder.warnings] == [
            ("unknown_name", "The article does not contain 'Vienna'.")
        ]

    def test_a_warning_shows_no_more_than_a_line_of_what_a_model_wrote(self) -> None:
        finder = resolver()
        finder.meetings([reading("Petrova", "Li", place="x" * 5_000)])
        assert len(finder.warnings[0].message) < 150

    def test_a_name_over_a_line_end_is_one_name_on_its_exact_span(self) -> None:
        text = "The committee of\nport workers met Boris Li."
        party = only(resolver(text).meetings([reading("committee of port workers", "Boris Li")])).participants[0]
        assert (party.name, party.mention and party.mention.text) == ("committee of port workers", "committee of\nport workers")


LETTERS = st.text(st.sampled_from("Ana Li met. said “”\"'’«»()\n\r\t\u00a0\u2028e\u0301🙂ßİﬁ."), min_size=1, max_size=120)


@given(LETTERS, st.data())
def test_every_span_is_a_slice_of_the_article_whatever_its_text_and_the_names_read(text: str, data: st.DataObject) -> None:
    finder = resolver(text)
    numbered = finder.prepared.numbered
    words = st.sampled_from(text.split() or [text]) | st.text(max_size=5)
    readings = [
        QuoteReading(quotation.number, data.draw(st.none() | words), None, data.draw(st.none() | words))
        for quotation in numbered.quotations
        if quotation.start < quotation.end
    ]
    found = [
        reading(*data.draw(st.lists(words, max_size=3)), sentences=(sentence.number,), when=data.draw(words), place=data.draw(words))
        for sentence in numbered.sentences
    ]
    everything = [*finder.quotes(readings), *finder.meetings(found)]
    assert all(text[span.start : span.end] == span.text for span in spans_in(everything))

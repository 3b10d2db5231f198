from __future__ import annotations

from collections.abc import Iterator

from hypothesis import HealthCheck, given, settings
from pydantic import BaseModel
from rebuilding import extractions
from test_export import extraction

from llm_extract.parts import Part, of_meeting, of_quote, of_result
from llm_extract.schema import Extraction, Party, Span


def _spans(value: object) -> Iterator[Span]:
    if isinstance(value, Span):
        yield value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _spans(getattr(value, name))
    elif isinstance(value, tuple):
        for one in value:
            yield from _spans(one)


def _order(span: Span) -> tuple[int, str]:
    return span.start, span.text


@settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(extractions())
def test_every_span_of_a_result_is_there_as_often_as_the_result_has_it(result: Extraction) -> None:
    found = [placed.span for placed in of_result(result.meetings, result.quotes)]
    assert sorted(found, key=_order) == sorted([*_spans(result.meetings), *_spans(result.quotes)], key=_order)


def test_spans_say_what_they_are_and_whose() -> None:
    result = extraction()
    meeting = [(placed.part, placed.item, placed.span.text, placed.meeting) for placed in of_meeting(result.meetings[0])]
    assert (Part.PLACE, 1, "Oslo", "M1") in meeting
    assert (Part.CLAIMANT, 1, "Ann Lee", "M1") in meeting
    quote = [(placed.part, placed.item, placed.span.text, placed.quote) for placed in of_quote(result.quotes[0])]
    assert (Part.SEGMENT, 2, "For now.", "Q1") in quote
    assert (Part.CUE, 1, "said", "Q1") in quote


def test_a_participant_without_a_mention_leaves_the_numbers_of_the_others_as_they_are() -> None:
    meeting = extraction().meetings[0]
    shy = meeting.model_copy(update={"participants": (Party(name="Bo Kim"), *meeting.participants)})
    assert [placed.item for placed in of_meeting(shy) if placed.part is Part.PARTICIPANT] == [2]

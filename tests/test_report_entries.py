from __future__ import annotations

from pydantic import JsonValue
from record_samples import march, record

from llm_extract.report_entries import PartyData, SpanData, entry_data, spans_of
from llm_extract.schema import Party, Span


def _span(span: Span) -> SpanData:
    return span.start, span.end


def _party(party: Party) -> PartyData:
    return {"name": party.name, "person": party.name}


def test_a_value_is_one_thing_and_none_where_there_is_nothing() -> None:
    value: dict[str, JsonValue] = {"a_b": None, "c": [1, None], "d": {"value": True, "evidence": []}}
    assert entry_data(record(value), _span, _party)["fields"] == [
        ("a b", {}),
        ("c", {"list": [{"text": "1"}, {}]}),
        ("d", {"text": "yes", "evidence": []}),
    ]


def test_what_looks_like_a_slice_but_is_none_stays_fields() -> None:
    value: dict[str, JsonValue] = {"x": {"start": 5, "end": 6, "text": "too long"}}
    (field,) = entry_data(record(value), _span, _party)["fields"]
    assert list(field[1]) == ["fields"]


def test_the_spans_of_a_record_are_its_evidence_and_all_its_slices() -> None:
    texts = [span.text for span in spans_of(record(march()))]
    assert len(texts) == 11
    assert {"Riga", "higher wages", "the Old Gate", "Jan Berg"} < {*texts}

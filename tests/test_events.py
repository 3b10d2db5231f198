from __future__ import annotations

import datetime as dt
from pathlib import Path

from gold_results import gold_results
from test_export import TEXT, extraction

from llm_extract.across import merge
from llm_extract.events import Actor, ConsultEvent, events
from llm_extract.export import Format, export
from llm_extract.schema import MeetingStatus, Stance


def test_a_meeting_is_a_consultation_between_who_meets() -> None:
    (event,) = events([extraction()])
    assert (event.event_type, event.event_mode, event.event_date) == ("CONSULT", MeetingStatus.HELD, "2024-05-06")
    assert event.actor == (Actor(name="Ann Lee", role="Minister"),)
    assert event.recipient == (Actor(name="Bo Kim"),)
    assert (event.place, event.first_day) == ("Oslo", dt.date(2024, 5, 6))
    assert [(claim.party, claim.stance) for claim in event.claims] == [("Ann Lee", Stance.CONFIRMS)]
    (source,) = event.sources
    assert (source.article, source.meeting, source.published) == ("talks", "M1", dt.date(2024, 5, 6))
    assert [TEXT[span.start : span.end] == span.text for span in source.evidence] == [True]


def test_a_meeting_of_one_without_a_date_is_an_event_as_well() -> None:
    result = extraction()
    lone = result.meetings[0].model_copy(update={"participants": result.meetings[0].participants[:1], "date": None, "place": None})
    nobody = lone.model_copy(update={"id": "M2", "participants": ()})
    first, second = events([result.model_copy(update={"meetings": (lone, nobody)})])
    assert (first.actor[0].name, first.recipient, first.first_day, first.place) == ("Ann Lee", (), None, None)
    assert second.actor == ()


def test_a_record_of_a_dossier_is_one_event_with_all_its_sources() -> None:
    dossier = merge(gold_results())
    found = list(events(dossier))
    assert [event.event_id for event in found] == [record.id for record in dossier.meetings]
    assert max(len(event.sources) for event in found) >= 4
    assert all(source.published for event in found for source in event.sources)


def test_events_are_read_back_equal(tmp_path: Path) -> None:
    export([extraction("a"), extraction("b")], Format.EVENTS, tmp_path / "events.jsonl")
    lines = (tmp_path / "events.jsonl").read_text(encoding="utf-8").splitlines()
    assert [ConsultEvent.model_validate_json(line) for line in lines] == list(events([extraction("a"), extraction("b")]))

from __future__ import annotations

import pytest
from pydantic import BaseModel, JsonValue, ValidationError
from record_samples import PROTEST, march

from llm_extract.errors import SettingError
from llm_extract.grounding import Cited, Verbatim
from llm_extract.record_gold import as_record, as_value, gold_records
from llm_extract.schema import Meeting, Party, Span
from llm_extract.schemas import Schema


class Talk(BaseModel):
    where: Span
    by: Party
    about: list[Cited[Verbatim]]
    guests: list[Party] = []


def test_plain_strings_become_what_the_model_takes() -> None:
    talk = as_record(Schema(Talk), {"where": "Riga", "by": "Ann Lee", "about": ["fish", {"value": "ships"}], "guests": ["Bo Kim"]})
    assert (talk.where.text, talk.by, talk.guests[0].name) == ("Riga", Party(name="Ann Lee"), "Bo Kim")
    assert [cited.value for cited in talk.about] == ["fish", "ships"]


def test_what_the_library_counts_out_need_not_be_in_gold() -> None:
    meeting: dict[str, JsonValue] = {"participants": ["Ann Lee", "Bo Kim"], "status": "held", "kind": "call", "evidence": ["They met."]}
    found = gold_records(Schema(Meeting), [meeting, meeting], "a")
    assert len({one.id for one in found}) == 2
    assert [party.name for party in found[1].participants] == ["Ann Lee", "Bo Kim"]


def test_an_instance_stands_as_it_is() -> None:
    assert as_record(PROTEST, march()) == march()
    assert as_value(march())["size"]["value"] == 300


def test_what_the_model_refuses_is_told_with_its_place() -> None:
    with pytest.raises(SettingError, match=r"Record 1 of the gold for 'docks' is no talk: .*by"):
        gold_records(Schema(Talk), [{"where": "Riga", "about": []}], "docks")
    with pytest.raises(ValidationError):
        as_record(Schema(Talk), {})

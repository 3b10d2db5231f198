from __future__ import annotations

import datetime as dt

import pytest
from pydantic import ValidationError

from llm_extract.dossier import Dossier, Fact, MeetingMention, MeetingRecord, Participant, Reason, ReportedStatus, Source
from llm_extract.schema import ArticleReference, Meeting, MeetingKind, MeetingStatus, Party, Span

SENTENCE = Span(start=0, end=15, text="Lee met Kim now")


def dossier() -> Dossier:
    """Return a dossier of one meeting that one article tells of."""
    source = Source(article="talks", meeting="M1", spans=(SENTENCE,))
    meeting = Meeting(
        id="M1", participants=(Party(name="Ann Lee"),), status=MeetingStatus.HELD, kind=MeetingKind.IN_PERSON, evidence=(SENTENCE,)
    )
    record = MeetingRecord(
        id="0a1b2c3d",
        participants=(Participant(name="Ann Lee", sources=(source,)),),
        status=MeetingStatus.HELD,
        kind=Fact(value=MeetingKind.IN_PERSON),
        date=Fact(value="2024-05"),
        place=Fact(),
        event=Fact(),
        history=(ReportedStatus(status=MeetingStatus.HELD, published=dt.date(2024, 5, 6), source=source),),
        reasons=(Reason(article="talks", meeting="M1", message="It opens the record."),),
        mentions=(MeetingMention(article="talks", meeting=meeting),),
    )
    return Dossier(articles=(ArticleReference(id="talks", sha256="0"),), meetings=(record,))


def test_a_dossier_survives_being_written_and_read() -> None:
    assert Dossier.model_validate_json(dossier().model_dump_json()) == dossier()


def test_a_date_that_is_none_is_refused() -> None:
    with pytest.raises(ValidationError, match="is not a date in EDTF"):
        Dossier.model_validate_json(dossier().model_dump_json().replace("2024-05", "2024-13"))


def test_a_dossier_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        dossier().articles = ()

from __future__ import annotations

from record_samples import TEXT as DOCKS
from record_samples import protests
from report_samples import TEXT, denied, talks

from llm_extract.across import merge
from llm_extract.report_data import ReportData, report_data
from llm_extract.schema import Extraction, Party


def _data(*results: Extraction) -> ReportData:
    return report_data(results, merge(results))


def test_spans_are_offsets_where_the_text_is_there() -> None:
    (article,) = _data(talks())["articles"]
    assert article["text"] == TEXT
    (start, end) = article["quotes"][0]["segments"][1]  # type: ignore[misc]  # two, as the text is there
    assert TEXT[start:end] == "For now."


def test_spans_bring_their_words_where_the_text_was_left_out() -> None:
    (article,) = _data(talks().model_copy(update={"text": None}))["articles"]
    assert article["text"] is None
    assert article["quotes"][0]["segments"][1][2:] == ("For now.",)
    assert article["warnings"] == []


def test_a_text_that_the_offsets_do_not_fit_is_left_out_with_a_warning() -> None:
    (article,) = _data(talks().model_copy(update={"text": "Another text."}))["articles"]
    assert article["text"] is None
    assert article["meetings"][0]["evidence"][0][2:] == ("Ann Lee will meet Bo Kim in Oslo, her office said.",)
    assert "left out" in article["warnings"][0]


def test_articles_stand_in_the_order_of_publication_and_those_without_a_date_last() -> None:
    data = _data(talks("a", None), talks("b", "2024-05-08"), talks("c", "2024-05-07"))
    assert [article["id"] for article in data["articles"]] == ["c", "b", "a"]


def test_a_record_names_each_mention_and_each_mention_its_record() -> None:
    data = _data(denied(), talks())
    (record,) = data["records"]
    assert [(place, meeting) for place, meeting, _ in record["mentions"]] == [(0, "M1"), (1, "M1")]
    assert [meeting["record"] for article in data["articles"] for meeting in article["meetings"]] == [0, 0]
    assert record["status"] == "cancelled"
    assert record["contradictions"] == [("Ann Lee", "Cy Poe")]


def test_two_articles_with_one_id_stay_two_and_keep_their_mentions() -> None:
    data = _data(talks("same"), denied("same"))
    identifiers = [article["id"] for article in data["articles"]]
    assert len(set(identifiers)) == 2
    assert sorted(place for record in data["records"] for place, _, _ in record["mentions"]) == [0, 1]


def test_a_name_is_joined_to_the_fullest_form_of_all_articles() -> None:
    other = denied()
    meeting = other.meetings[0].model_copy(update={"participants": (Party(name="Lee"), Party(name="Kim"))})
    data = _data(talks(), other.model_copy(update={"meetings": (meeting,)}))
    assert [party["person"] for party in data["articles"][1]["meetings"][0]["people"]] == ["Ann Lee", "Bo Kim"]


def test_a_mention_that_a_dossier_does_not_know_has_no_record() -> None:
    data = report_data([talks(), denied()], merge([talks()]))
    assert [article["meetings"][0]["record"] for article in data["articles"]] == [0, -1]


def test_a_meeting_of_one_participant_and_a_record_without_a_date_are_shown() -> None:
    known = talks()
    lonely = known.meetings[0].model_copy(update={"participants": (Party(name="Ann Lee"),), "date": None})
    data = _data(known.model_copy(update={"meetings": (lonely,)}))
    assert [record["people"] for record in data["records"]] == [["Ann Lee"]]
    assert data["records"][0]["days"] is None


def test_a_date_is_given_by_its_first_and_last_day_and_one_with_an_open_end_is_not() -> None:
    known = talks()
    for date, days in {"2024-05": ("2024-05-01", "2024-05-31"), "2024-05-01/..": None}.items():
        dated = known.meetings[0].model_copy(update={"date": date})
        assert _data(known.model_copy(update={"meetings": (dated,)}))["records"][0]["days"] == days


def test_records_come_as_values_that_say_what_they_are() -> None:
    (article,) = _data(protests())["articles"]
    (entry,) = article["entries"]
    fields = dict(entry["fields"])
    assert (entry["id"], entry["kind"], len(entry["evidence"])) == ("R1", "protest", 2)
    assert fields["size"] == {"text": "300", "evidence": [(0, DOCKS.index("\n"))]}
    assert fields["venue"]["fields"][1] == ("indoors", {"text": "no"})
    assert [value["party"]["name"] for value in fields["organisers"]["list"]] == ["Ilze Kalnina", "Jan Berg"]
    start, end, *_ = fields["demands"]["list"][1]["words"]
    assert DOCKS[start:end] == "shorter shifts"


def test_a_text_that_does_not_fit_a_record_is_left_out() -> None:
    (article,) = _data(protests().model_copy(update={"text": "Another text."}))["articles"]
    assert article["text"] is None
    assert dict(article["entries"][0]["fields"])["venue"]["fields"][0][1]["words"][2:] == ("Riga",)

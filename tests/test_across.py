"""A dossier is the same in whichever order its articles come; what they say differently is kept; corrections are kept to."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from gold_results import SEEDS, gold_results
from hypothesis import given, settings
from hypothesis import strategies as st
from mentions_of_meetings import many_results, quote, result, told

from llm_extract.across import merge, merge_to_file
from llm_extract.cluster_scores import score_on_folder
from llm_extract.corrections import Corrections
from llm_extract.dossier import Dossier, MeetingRecord
from llm_extract.dossier_files import read_dossier
from llm_extract.errors import OutputError, SettingError
from llm_extract.schema import Extraction


def corrections(**said: object) -> Corrections:
    return Corrections.model_validate(said)


def members(dossier: Dossier) -> list[list[str]]:
    return [[f"{mention.article}#{mention.meeting.id}" for mention in record.mentions] for record in dossier.meetings]


def only(*given: Extraction, **said: object) -> MeetingRecord:
    """Return the one record that these results make."""
    dossier = merge(given, corrections=corrections(**said))
    assert len(dossier.meetings) == 1
    return dossier.meetings[0]


@settings(max_examples=25, deadline=None)
@given(many_results, st.randoms())
def test_the_order_of_the_results_makes_no_difference(results: list[Extraction], rng: random.Random) -> None:
    shuffled = [*results]
    rng.shuffle(shuffled)
    assert merge(shuffled).model_dump_json() == merge(results).model_dump_json()


@settings(max_examples=25, deadline=None)
@given(many_results, many_results)
def test_adding_later_is_the_same_as_all_at_once(earlier: list[Extraction], later: list[Extraction]) -> None:
    extended = merge(later, into=merge(earlier))
    assert extended.model_dump_json() == merge([*earlier, *later]).model_dump_json()
    assert merge([], into=extended) == extended


@settings(max_examples=20, deadline=None)
@given(many_results)
def test_every_mention_of_every_article_is_in_one_record(results: list[Extraction]) -> None:
    dossier = merge(results)
    placed = [name for record in members(dossier) for name in record]
    assert len(placed) == len(set(placed))
    assert {article.sha256 for article in dossier.articles} == {one.article.sha256 for one in results}
    assert {name.split("#")[0] for name in placed} <= {article.id for article in dossier.articles}
    ids = [record.id for record in dossier.meetings]
    assert len(ids) == len(set(ids))


@settings(max_examples=20, deadline=None)
@given(many_results)
def test_every_source_is_a_mention_of_its_record(results: list[Extraction]) -> None:
    for record in merge(results).meetings:
        mentions = {(mention.article, mention.meeting.id) for mention in record.mentions}
        facts = [sourced for fact in (record.kind, record.date, record.place, record.event) for sourced in fact.given]
        sources = [source for sourced in facts for source in sourced.sources]
        sources += [one.source for one in record.history]
        sources += [one.source for one in record.claims]
        sources += [one.source for one in record.quotes]
        sources += [source for party in record.participants for source in party.sources]
        assert {(source.article, source.meeting) for source in sources} == mentions
        assert [(reason.article, reason.meeting) for reason in record.reasons] == [(m.article, m.meeting.id) for m in record.mentions]


def test_the_same_results_into_a_file_are_the_same_dossier(tmp_path: Path) -> None:
    results = gold_results()
    tally = merge_to_file(results, tmp_path / "dossier.json")
    assert read_dossier(tmp_path / "dossier.json") == merge(results)
    assert (tally.articles, tally.mentions, tally.meetings) == (5, 22, 13)


def test_the_gold_of_the_seeds_becomes_its_clusters() -> None:
    scores = score_on_folder(merge(gold_results()), SEEDS / "gold")
    assert scores.found == scores.mentions == 20
    assert min(scores.pairwise.f1, scores.b_cubed.f1) >= 0.95


def test_one_meeting_in_four_articles_of_the_seeds_is_one_record_with_its_sources() -> None:
    record = next(record for record in merge(gold_results()).meetings if record.place.value == "Helsinki")
    assert (record.date.value, record.status, len({mention.article for mention in record.mentions})) == ("2018-07", "held", 4)
    assert {span.text for source in record.place.given[0].sources for span in source.spans} == {"Helsinki"}


def test_a_plan_that_was_called_off_has_its_history() -> None:
    expected = told(status="tentative", date="2024-06-03", place="Lima", claims="Boris Li expects")
    cancelled = told(status="cancelled", date="2024-06", place="Peru")
    record = only(result("later", "2024-07-01", cancelled), result("first", "2024-05-20", expected))
    assert [(str(one.published), one.status) for one in record.history] == [("2024-05-20", "tentative"), ("2024-07-01", "cancelled")]
    assert (record.status, record.date.value, record.place.value) == ("cancelled", "2024-06-03", "Lima")
    assert [one.value for one in record.date.given] == ["2024-06-03", "2024-06"]
    assert not record.place.conflicting
    assert record.reasons[0].message == "It is the first mention."
    assert record.reasons[1].message == "The parties agree, and so do the date (2024-06) and the place (Peru)."


def test_names_are_joined_in_their_fullest_form_across_spellings_and_scripts() -> None:
    day = {"date": "2024-05-17", "place": "Kyiv"}
    record = only(
        result("a", "2024-05-18", told("President Zelensky, Lindqvist", **day)),
        result("b", "2024-05-18", told("Володимир Зеленський, Maria Lindqvist", **day)),
        result("c", "2024-05-18", told("Volodymyr Zelenskyy, Maria Lindqvist", **day, claims="Zelenskiy confirms")),
        result("d", "2024-05-18", told("Volodymyr Zelenskyy, Maria Lindqvist", **day)),
    )
    assert [party.name for party in record.participants] == ["Maria Lindqvist", "Volodymyr Zelenskyy"]
    others = {one.value for one in record.participants[1].other_names}
    assert others == {"President Zelensky", "Володимир Зеленський"}
    assert record.claims[0].by == "Volodymyr Zelenskyy"


def test_a_contradiction_names_both_sides_and_the_day_from_which_both_stood() -> None:
    day = {"date": "2024-05-17", "status": "tentative"}
    record = only(
        result("a", "2024-05-10", told(**day, claims="Ana Petrova confirms, Boris Li expects")),
        result("b", "2024-05-12", told(**day, claims="Li denies")),
    )
    (found,) = record.contradictions
    assert (found.confirming, found.denying, str(found.since)) == ("Ana Petrova", "Boris Li", "2024-05-12")
    assert found.denies[0].source.article == "b"


def test_quotes_about_the_meeting_come_with_it() -> None:
    words = (quote("We agree.", "Li"), quote("Nice weather.", "Li", None, 2))
    record = only(result("a", "2024-05-18", told("Ana Petrova, Boris Li", date="2024-05-17"), quotes=words))
    assert [(one.speaker, one.quote.segments[0].text, one.source.meeting) for one in record.quotes] == [("Boris Li", "We agree.", "M1")]


def test_extractions_that_contradict_each_other_in_every_field_stay_side_by_side() -> None:
    one = told(status="held", date="2024-05-17", place="Lima", event="Forum of Ports", claims="Boris Li confirms")
    other = told(status="cancelled", kind="call", date="2024-06-30", place="Sofia", event="G20 summit", claims="Boris Li denies")
    given = (result("a", "2024-05-18", one), result("b", "2024-05-18", other))
    assert len(merge(given).meetings) == 2
    record = only(*given, join=[{"mentions": ["a#M1", "b#M1"]}])
    facts = (record.kind, record.date, record.place)
    assert [(len(fact.given), fact.conflicting) for fact in facts] == [(2, True)] * 3
    assert [one.value for one in record.event.given] == ["Forum of Ports", "G20 summit"]
    assert record.contradictions == ()
    assert record.status == "cancelled"


def test_an_article_without_a_date_stands_last_and_this_is_said() -> None:
    day = {"date": "2024-05-17", "place": "Lima"}
    dossier = merge([result("a", None, told(**day, status="planned")), result("b", "2024-05-18", told(**day))])
    (record,) = dossier.meetings
    assert [one.source.article for one in record.history] == ["b", "a"]
    assert record.status == "held"
    assert [(warning.code, warning.message) for warning in dossier.warnings] == [
        ("undated", "Without a day of publication, and so last in every history (1): a.")
    ]


def test_an_article_that_is_given_twice_counts_once() -> None:
    one = result("a", "2024-05-18", told(date="2024-05-17"))
    assert merge([one, one]) == merge([one])
    poorer = one.model_copy(update={"meetings": ()})
    dossier = merge([poorer, one])
    assert members(dossier) == [["a#M1"]]
    assert [warning.code for warning in dossier.warnings] == ["several_results"]


def test_two_articles_under_one_id_are_kept_apart_and_this_is_said() -> None:
    one, other = (result("a", "2024-05-18", told(date="2024-05-17"), text=text) for text in ("one", "two"))
    dossier = merge([one, other])
    names = [f"a@{one.article.sha256[:8]}", f"a@{other.article.sha256[:8]}"]
    assert sorted(members(dossier)[0]) == sorted(f"{name}#M1" for name in names)
    assert [warning.message for warning in dossier.warnings] == [
        "2 different articles have the id 'a'; each goes by it and the beginning of its digest."
    ]


def test_a_meeting_of_one_participant_is_kept_and_joined_with_no_other() -> None:
    day = {"date": "2024-05-17", "place": "Lima"}
    dossier = merge(
        [result("a", "2024-05-18", told("Ana Petrova", **day)), result("b", "2024-05-18", told("Ana Petrova, Boris Li", **day))]
    )
    assert members(dossier) == [["a#M1"], ["b#M1"]]


def test_a_result_of_another_version_is_refused_with_the_way_out() -> None:
    old = result("a", None).model_copy(update={"schema_version": "0"})
    with pytest.raises(OutputError, match=r"'a' is of version 0, not 1\. Run `llm-extract run` again"):
        merge([old])


def test_an_id_stays_when_articles_are_added_that_appeared_later() -> None:
    first = merge([result("a", "2024-05-10", told(status="planned", date="2024-05-17"))])
    later = merge([result("b", "2024-05-18", told(date="2024-05-17"))], into=first)
    assert [record.id for record in later.meetings] == [record.id for record in first.meetings]


class TestCorrections:
    """What a person decides."""

    DAY = {"date": "2024-05-17", "place": "Lima"}  # noqa: RUF012  nothing changes it

    def _given(self) -> list[Extraction]:
        return [result(name, "2024-05-18", told(**self.DAY)) for name in ("a", "b", "c")]

    def test_mentions_are_split(self) -> None:
        dossier = merge(self._given(), corrections=corrections(split=[{"mentions": ["b#M1"]}]))
        assert members(dossier) == [["a#M1", "c#M1"], ["b#M1"]]
        assert dossier.meetings[1].reasons[0].message == "A correction keeps it apart from all others."

    def test_a_party_is_renamed_and_then_joined(self) -> None:
        given = [*self._given(), result("d", "2024-05-18", told("the Iron Lady, Boris Li", **self.DAY))]
        assert len(merge(given).meetings) == 2
        record = only(*given, rename=[{"names": ["the Iron Lady", "Ana Petrova"], "to": "Anastasia Petrova"}])
        assert record.participants[0].name == "Anastasia Petrova"
        assert [one.value for one in record.participants[0].other_names] == ["Ana Petrova", "the Iron Lady"]

    def test_fields_are_set(self) -> None:
        said = [("place", "Cusco"), ("date", "2024-05-16"), ("status", "cancelled"), ("kind", "encounter"), ("event", "Forum")]
        record = only(*self._given(), set=[{"mention": "b#M1", "field": field, "value": value} for field, value in said])
        assert (record.place.value, record.place.corrected, record.place.given[0].value) == ("Cusco", True, "Lima")
        assert (record.date.value, record.status, record.status_corrected) == ("2024-05-16", "cancelled", True)
        assert (record.kind.value, record.event.value, record.event.given) == ("encounter", "Forum", ())

    def test_they_are_kept_when_articles_are_added_and_dropped_when_empty_ones_are_given(self) -> None:
        said = corrections(split=[{"mentions": ["b#M1"]}])
        *earlier, last = self._given()
        extended = merge([last], into=merge(earlier, corrections=said))
        assert extended == merge(self._given(), corrections=said)
        assert members(merge([], into=extended, corrections=Corrections())) == [["a#M1", "b#M1", "c#M1"]]

    def test_a_mention_that_is_not_there_is_an_error(self) -> None:
        with pytest.raises(SettingError, match=r"name mentions that no article has: 'a#M2', 'z#M1'\. Write ARTICLE#MEETING"):
            merge(self._given(), corrections=corrections(join=[{"mentions": ["a#M2", "z#M1", "a#M1"]}]))

    def test_two_values_for_one_field_of_one_meeting_are_an_error(self) -> None:
        said = [{"mention": f"{name}#M1", "field": "place", "value": place} for name, place in (("a", "Cusco"), ("b", "Quito"))]
        with pytest.raises(SettingError, match=r"set the place of one meeting to 'Cusco' \(a#M1\) and 'Quito' \(b#M1\)"):
            merge(self._given(), corrections=corrections(set=said))


def test_the_file_is_not_touched_when_merging_fails(tmp_path: Path) -> None:
    out = tmp_path / "dossier.json"
    out.write_text("old", encoding="utf-8")
    old = result("a", None).model_copy(update={"schema_version": "0"})
    with pytest.raises(OutputError):
        merge_to_file([result("b", None), old], out)
    assert out.read_text(encoding="utf-8") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["dossier.json"]


def test_the_written_dossier_is_json_with_a_record_a_line(tmp_path: Path) -> None:
    merge_to_file([result("a", "2024-05-18", told(date="2024-05-17"))], tmp_path / "made" / "dossier.json")
    written = (tmp_path / "made" / "dossier.json").read_text(encoding="utf-8")
    assert json.loads(written)["dossier_version"] == "1"
    assert [line[:6] for line in written.splitlines() if '"participants"' in line] == ['{"id":']

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mentions_of_meetings import result, told

from llm_extract.dossier import MeetingMention, MeetingRecord
from llm_extract.places import Gazetteer
from llm_extract.records import Mentioned, record, take_date
from llm_extract.schema import Extraction

GAZETTEER = Gazetteer.of(["Sofia", "Bulgaria", "Lima"])


def made_of(*results: Extraction) -> MeetingRecord:
    mentions = [Mentioned(one.article, MeetingMention(article=one.article.id, meeting=one.meetings[0]), "Because.") for one in results]
    return record(mentions, GAZETTEER)


@pytest.mark.parametrize(
    ("given_dates", "taken"),
    [
        ([], None),
        (["2024-05"], "2024-05"),
        (["2024-05", "2024-05-17"], "2024-05-17"),
        (["2024-05-17", "2024-05-18", "2024-05-18"], "2024-05-18"),
        (["2024-05-17", "2024-06-01", "2024-05", "2024-05-16/2024-05-18"], "2024-05-17"),
        (["2024-05-17?", "2024-05-17"], "2024-05-17"),
    ],
)
def test_the_most_precise_date_that_most_agree_with_is_taken(given_dates: list[str], taken: str | None) -> None:
    assert take_date(given_dates) == taken


@given(st.lists(st.sampled_from(["2024", "2024-05", "2024-05-17", "2024-06-01", "2024-05-16/2024-05-18"]), min_size=1), st.randoms())
def test_the_date_that_is_taken_is_one_that_was_given_whatever_the_order(dates: list[str], rng: object) -> None:
    shuffled = [*dates]
    rng.shuffle(shuffled)  # type: ignore[attr-defined]
    assert take_date(shuffled) == take_date(dates)
    assert take_date(dates) in dates


def test_a_city_is_taken_before_its_country_and_does_not_conflict_with_it() -> None:
    places = ("Bulgaria", "Bulgaria", "Sofia")
    found = made_of(*(result(str(number), "2024-05-18", told(place=place)) for number, place in enumerate(places)))
    assert (found.place.value, found.place.conflicting) == ("Sofia", False)
    assert [(one.value, len(one.sources)) for one in found.place.given] == [("Sofia", 1), ("Bulgaria", 2)]


def test_two_cities_conflict_and_the_one_with_more_sources_is_taken() -> None:
    found = made_of(*(result(str(number), "2024-05-18", told(place=place)) for number, place in enumerate(("Lima", "Sofia", "Sofia"))))
    assert (found.place.value, found.place.conflicting) == ("Sofia", True)


@pytest.mark.parametrize(("one", "other", "conflicting"), [("G20 summit", "the G7 summit", True), ("Port Forum", "Forum of Lakes", False)])
def test_events_conflict_where_their_short_names_differ(one: str, other: str, *, conflicting: bool) -> None:
    found = made_of(result("a", "2024-05-18", told(event=one)), result("b", "2024-05-18", told(event=other)))
    assert found.event.conflicting is conflicting


def test_the_status_is_that_of_the_latest_day_on_the_whole() -> None:
    days = (("2024-05-01", "held"), ("2024-05-02", "planned"), ("2024-05-02", "ruled_out"), (None, "cancelled"))
    found = made_of(*(result(str(number), day, told(status=status)) for number, (day, status) in enumerate(days)))
    assert found.status == "tentative"
    undated = made_of(result("a", None, told(status="planned")), result("b", None, told(status="cancelled")))
    assert undated.status == "cancelled"


def test_roles_and_affiliations_come_with_their_sources() -> None:
    plain = told()
    minister = plain.participants[0].model_copy(update={"role": "Minister", "affiliation": "Malian"})
    known = plain.model_copy(update={"participants": (minister, plain.participants[1])})
    found = made_of(result("a", "2024-05-18", plain), result("b", "2024-05-18", known))
    ana = found.participants[0]
    assert [(one.value, [source.article for source in one.sources]) for one in (*ana.roles, *ana.affiliations)] == [
        ("Minister", ["b"]),
        ("Malian", ["b"]),
    ]
    assert [source.spans[0].text for source in ana.sources] == ["Ana Petrova", "Ana Petrova"]


def test_a_party_does_not_contradict_itself() -> None:
    found = made_of(result("a", "2024-05-18", told(claims="Ana Petrova confirms, Petrova denies")))
    assert [claim.by for claim in found.claims] == ["Ana Petrova", "Ana Petrova"]
    assert found.contradictions == ()


def test_a_contradiction_in_undated_articles_has_no_day() -> None:
    claims = "Ana Petrova confirms, Boris Li denies"
    assert made_of(result("a", None, told(claims=claims))).contradictions[0].since is None

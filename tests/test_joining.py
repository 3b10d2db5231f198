from __future__ import annotations

import pytest

from llm_extract.circumstances import event_words
from llm_extract.joining import Told, join, matches
from llm_extract.places import Gazetteer
from llm_extract.schema import MeetingKind, MeetingStatus

HELD, PLANNED, TENTATIVE, CANCELLED, RULED_OUT = (
    MeetingStatus.HELD,
    MeetingStatus.PLANNED,
    MeetingStatus.TENTATIVE,
    MeetingStatus.CANCELLED,
    MeetingStatus.RULED_OUT,
)
GAZETTEER = Gazetteer.of(["Sofia", "Bulgaria", "Lima"])


def said(  # noqa: PLR0913  a fact each
    names: str = "Ana Petrova, Boris Li",
    *,
    status: MeetingStatus = HELD,
    kind: MeetingKind = MeetingKind.IN_PERSON,
    date: str | None = None,
    place: str | None = None,
    event: str = "",
    published: int | None = 738_000,
    article: int | None = None,
) -> Told:
    """Say something of a meeting; day 738000 is 2021-07-29."""
    where = GAZETTEER.place(place) if place else None
    number = -1 if article is None else article
    return Told(number, 0, tuple(names.split(", ")), kind, status, date, where, event_words(event), published)


def are_one(*mentions: Told) -> bool:
    """Whether all are joined, each in an article of its own unless it says otherwise."""
    given = [one if one.article >= 0 else _of(one, number) for number, one in enumerate(mentions, start=100)]
    return len(join(given)) == 1


def _of(one: Told, article: int) -> Told:
    return Told(article, 0, one.names, one.kind, one.status, one.date, one.place, one.event, one.published)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (said(date="2021-07-20", place="Sofia"), said(date="2021-07", place="Bulgaria")),
        (said("Petrova, Li", date="2021-07-20"), said("Boris Li, Ana Petrova", date="2021-07-20")),
        (said(place="Sofia", status=TENTATIVE), said(place="Sofia", published=738_020)),
        (said(event="the Sofia summit", date="2021-07"), said(place="Sofia", date="2021")),
        (said(date="2021-07-20", place="Sofia"), said(date="2021-07-21", place="Sofia", event="Forum of Ports")),
        (said(status=TENTATIVE, date="2021-08-03", place="Lima"), said(status=CANCELLED, date="2021-08", place="Lima", published=738_300)),
        (said(place="Sofia", event="Forum of Ports", published=None), said(place="Sofia", event="Ports Forum", published=None)),
        (said(), said(place="Sofia", date="2021-07-27", published=738_001)),
    ],
)
def test_mentions_of_one_meeting_are_joined(one: Told, other: Told) -> None:
    assert are_one(one, other)
    assert are_one(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (said(date="2021-07-20", place="Sofia"), said(date="2021-07-20", place="Sofia", names="Ana Petrova, Maria Dahl")),
        (said(date="2021-07-20", place="Sofia"), said(date="2022-07-20", place="Sofia")),
        (said(date="2021", place="Sofia"), said(date="2021")),
        (said(date="2021-07", place="Sofia"), said(date="2021-07", place="Lima")),
        (said(event="G20 summit", date="2020-07-01", place="Sofia"), said(event="G20 summit", date="2021-07-01", place="Sofia")),
        (said(date="2021-07-20", kind=MeetingKind.CALL), said(date="2021-07-20")),
        (said(date="2021-07-20", place="Sofia", status=RULED_OUT), said(date="2021-07-20", place="Sofia", kind=MeetingKind.ENCOUNTER)),
        (said(place="Sofia"), said(place="Sofia", published=738_100)),
        (said(place="Sofia", published=None), said(place="Sofia", published=None)),
        (said(place="Sofia", status=PLANNED, published=738_020), said(place="Sofia", date="2021-07-20")),
        (said(place="Sofia"), said(place="Sofia", date="2021-08-20", status=PLANNED)),
        (said(place="Sofia", status=PLANNED, published=738_020), said(place="Sofia", published=738_000)),
        (said(), said(published=738_009)),
        (said(), said(status=PLANNED)),
        (said("Ana Petrova", date="2021-07-20"), said(date="2021-07-20")),
        (said("Ana Petrova", date="2021-07-20"), said("Ana Petrova", date="2021-07-20")),
        (said("", date="2021-07-20", place="Sofia"), said("", date="2021-07-20", place="Sofia")),
    ],
)
def test_mentions_of_different_meetings_stay_apart(one: Told, other: Told) -> None:
    assert not are_one(one, other)
    assert not are_one(other, one)


def test_what_one_article_tells_apart_is_joined_only_where_two_facts_agree() -> None:
    names, kind = ("Ana", "Bo"), MeetingKind.IN_PERSON
    one, other = (Told(1, number, names, kind, HELD, "2021-07-20") for number in range(2))
    assert not are_one(one, other)
    first = said(date="2021-07-20", place="Sofia", article=1)
    assert are_one(first, Told(1, 1, first.names, first.kind, HELD, "2021-07", GAZETTEER.place("Bulgaria")))


def test_of_two_relatives_the_one_whose_meeting_agrees_is_meant() -> None:
    one = said("Ana Petrova, Boris Li", date="2021-07-20", place="Sofia", article=1)
    other = said("Ivan Petrova, Boris Li", date="2021-07-22", place="Lima", article=2)
    short = said("Petrova, Li", date="2021-07-22", place="Lima", article=3)
    assert join([one, other, short]) == [[0], [1, 2]]


def test_a_mention_that_fits_two_groups_goes_with_the_one_that_agrees_in_more() -> None:
    july = said(date="2021-07-03", place="Sofia", event="Forum of Ports", article=1)
    late = said(date="2021-07-24", place="Sofia", article=2)
    assert join([july, late, said(date="2021-07", place="Sofia", event="Forum of Ports", article=3)]) == [[0, 2], [1]]


def test_a_correction_joins_whatever_differs_and_keeps_apart_whatever_agrees() -> None:
    same = [said(date="2021-07-20", place="Sofia", article=number) for number in range(3)]
    far = said("Maria Dahl, Jan Ek", date="2019", article=3)
    told = [*same, far]
    assert join(told, together=[[0, 3]]) == [[0, 1, 2, 3]]
    assert join(told, apart=[[1]]) == [[0, 2], [1], [3]]
    assert join(told, apart=[[1, 3]]) == [[0, 2], [1, 3]]


def test_what_agrees_is_told() -> None:
    told = [said(date="2021-07-20", place="Sofia", article=1), said(date="2021-07", place="Bulgaria", article=2), said(article=3)]
    found = [*matches(told, [0, 1, 2])]
    assert found[0] is None
    assert [one.agreeing for one in found[1:] if one] == [("date", "place"), ()]


def test_dates_without_beginning_or_of_many_years_are_compared() -> None:
    assert are_one(said(date="../2021-07", place="Sofia"), said(date="2021-07-20", place="Sofia"))
    assert are_one(said(date="2001/2021", place="Sofia"), said(date="2021-07-20", place="Sofia"))

from __future__ import annotations

from collections.abc import Iterator

import pytest
from mentions_of_meetings import quote, result, told

from llm_extract.gathering import Store, as_one_line


@pytest.fixture
def store() -> Iterator[Store]:
    store = Store()
    yield store
    store.close()


def test_a_meeting_comes_back_with_the_quotes_about_it_only(store: Store) -> None:
    one = result("a", "2024-05-18", told(), told(place="Lima"), quotes=(quote("Yes.", "Li", "M2"), quote("No.", "Li", None, 2)))
    store.add(one)
    (gathered,) = store.articles()
    mentions = [store.mention(gathered, number) for number in range(2)]
    assert [mention.meeting for mention in mentions] == [*one.meetings]
    assert [[q.id for q in mention.quotes] for mention in mentions] == [[], ["Q1"]]
    assert gathered.places == (None, "Lima")


def test_articles_are_in_the_order_of_publication_undated_ones_last(store: Store) -> None:
    for name, day in (("a", None), ("b", "2024-06-01"), ("c", "2024-05-01")):
        store.add(result(name, day))
    assert [gathered.article.id for gathered in store.articles()] == ["c", "b", "a"]


def test_of_several_results_of_one_article_the_dated_and_richer_one_counts(store: Store) -> None:
    richer = result("a", "2024-05-18", told())
    for one in (result("a", None, told(), told()), richer, result("a", "2024-05-18")):
        store.add(one)
    (gathered,) = store.articles()
    assert len(gathered.told) == 1
    assert store.several == {("a", richer.article.sha256)}


def test_meetings_are_in_the_order_of_their_numbers_whatever_the_result_says(store: Store) -> None:
    one = result("a", None, *(told() for _ in range(11)))
    store.add(one.model_copy(update={"meetings": one.meetings[::-1]}))
    assert store.articles()[0].meetings[-3:] == ("M9", "M10", "M11")


def test_white_space_is_one_space() -> None:
    assert as_one_line(" Forum\n of\tPorts ") == "Forum of Ports"

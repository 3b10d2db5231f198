from __future__ import annotations

from collections.abc import Iterator

import pytest
from gold_results import gold_results
from test_dossier import dossier

from llm_extract.across import merge
from llm_extract.columnar import to_arrow
from llm_extract.corrections import Corrections, Setting
from llm_extract.dossier import Dossier, Fact, Source, Sourced
from llm_extract.tables import Cell

Rows = dict[str, list[dict[str, Cell]]]


@pytest.fixture(scope="module")
def merged() -> Dossier:
    """The meetings of the seeds across articles."""
    return merge(gold_results())


@pytest.fixture(scope="module")
def rows(merged: Dossier) -> Rows:
    """The same as tables."""
    return _rows(merged)


def _rows(found: Dossier) -> Rows:
    return {name: table.to_pylist() for name, table in to_arrow(found).items()}


def test_every_record_article_and_history_is_there(merged: Dossier, rows: Rows) -> None:
    assert [row["meeting"] for row in rows["meetings"]] == [record.id for record in merged.meetings]
    assert [row["article"] for row in rows["articles"]] == [article.id for article in merged.articles]
    assert [(row["meeting"], row["published"], row["status"]) for row in rows["history"]] == [
        (record.id, one.published, one.status.value) for record in merged.meetings for one in record.history
    ]
    assert [row["name"] for row in rows["participants"]] == [party.name for record in merged.meetings for party in record.participants]
    assert [row["reason"] for row in rows["mentions"]] == [reason.message for record in merged.meetings for reason in record.reasons]
    assert len(rows["claims"]) == sum(len(record.claims) for record in merged.meetings) > 5


def test_the_value_that_is_taken_is_that_of_the_record(merged: Dossier, rows: Rows) -> None:
    taken = {(row["meeting"], row["field"]): row["value"] for row in rows["facts"] if row["taken"]}
    places = {(record.id, "place"): record.place.value for record in merged.meetings if record.place.value}
    assert {key: value for key, value in taken.items() if key[1] == "place"} == places
    assert places


def _sources(found: Dossier) -> Iterator[Source]:
    for record in found.meetings:
        facts: list[Fact[str]] = [record.date, record.place, record.event]
        several: list[Sourced[str]] = [sourced for fact in facts for sourced in fact.given]
        several += [
            sourced for party in record.participants for group in (party.other_names, party.roles, party.affiliations) for sourced in group
        ]
        for sourced in several:
            yield from sourced.sources
        yield from (source for kind in record.kind.given for source in kind.sources)
        yield from (source for party in record.participants for source in party.sources)
        yield from (one.source for one in record.history)
        yield from (one.source for one in record.claims)
        yield from (one.source for one in record.quotes)


def test_every_span_of_every_source_is_there(merged: Dossier, rows: Rows) -> None:
    expected = [
        (source.article, span.start if span else None, span.text if span else None)
        for source in _sources(merged)
        for span in source.spans or (None,)
    ]
    found = [(row["article"], row["start_char"], row["text"]) for row in rows["sources"]]
    assert sorted(found, key=repr) == sorted(expected, key=repr)


def test_a_value_that_a_person_set_is_marked_as_such() -> None:
    results = gold_results()
    mention = f"{results[0].article.id}#{results[0].meetings[0].id}"
    corrected = merge(results, corrections=Corrections(set=(Setting(mention=mention, field="place", value="Kyiv"),)))
    facts = [row for row in _rows(corrected)["facts"] if row["corrected"]]
    assert [(row["field"], row["value"], row["taken"]) for row in facts] == [("place", "Kyiv", True)]


def test_a_record_that_says_hardly_anything_is_a_row() -> None:
    (row,) = _rows(dossier())["meetings"]
    assert (row["participants"], row["date"], row["place"], row["mentions"]) == ("Ann Lee", "2024-05", None, 1)

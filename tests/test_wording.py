from __future__ import annotations

from record_samples import march, protests, record
from test_export import extraction

from llm_extract.wording import bare_value, by_kind, columns_of, holds_only_records, in_words, is_cited, is_party


def test_values_of_every_sort_are_written_in_words() -> None:
    value = march().model_dump(mode="json")
    assert {name: in_words(part) for name, part in value.items()} == {
        "date": "2024-05-06",
        "kind": "march",
        "size": "300",
        "leader": "Ilze Kalnina",
        "venue": "city: Riga, indoors: no",
        "demands": "higher wages; shorter shifts",
        "organisers": "Ilze Kalnina; Jan Berg",
        "arrests": "people: 2, place: the Old Gate",
        "growth": "1.5",
        "reported": "Some 300 dockers marched through Riga on Monday, led by Ilze Kalnina of the Harbour Union and Jan Berg.",
    }


def test_what_only_looks_like_a_party_or_something_cited_is_neither() -> None:
    assert not is_party({"name": "Ann Lee", "role": None})
    assert not is_party({"name": "Ann Lee", "role": None, "affiliation": None, "mention": "Ann Lee"})
    assert not is_cited({"value": 1, "evidence": "hearsay"})
    assert bare_value({"value": 1, "evidence": "hearsay"}) == {"value": 1, "evidence": "hearsay"}


def test_records_go_by_kind_and_columns_in_the_order_of_fields() -> None:
    records = [record({"a": 1}, "R1"), record({"x": 1}, "R2", "strike"), record({"a": 2, "b": 3}, "R3")]
    assert {kind: [one.id for one in some] for kind, some in by_kind(records).items()} == {"protest": ["R1", "R3"], "strike": ["R2"]}
    assert columns_of([records[0], records[2]]) == ["a", "b"]


def test_a_result_holds_only_records_where_nothing_else_was_found_or_asked_for() -> None:
    assert holds_only_records(protests())
    assert holds_only_records(protests(values=[]))
    assert not holds_only_records(extraction())
    assert not holds_only_records(extraction().model_copy(update={"meetings": (), "quotes": ()}))
    assert not holds_only_records(extraction().model_copy(update={"records": protests().records}))

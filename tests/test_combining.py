"""The same record, told in several windows."""

from __future__ import annotations

from typing import Annotated, Any

from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, model_validator
from user_models import Protest

from llm_extract import Cited, Schema, Verbatim
from llm_extract.combining import combine
from llm_extract.grounding import Derived
from llm_extract.tying import Tied


def tied(start: int, **values: Any) -> Tied[Protest]:  # noqa: ANN401  values of a model
    record = Protest.model_validate({"city": {"start": start, "end": start + 4, "text": "Riga"}, "form": "march", **values})
    return Tied(record, (Verbatim("They marched in Riga.", start),))


def test_records_of_one_key_become_one_that_knows_what_each_tells() -> None:
    first, later = tied(5, organisers=[{"name": "Guild"}]), tied(90, date="2025-05-02", organisers=[{"name": "guild"}, {"name": "League"}])
    (together,) = combine(Schema(Protest, key=["city"]), [first, later])
    assert (together.record.city.start, together.record.date) == (5, "2025-05-02")
    assert [party.name for party in together.record.organisers] == ["Guild", "League"]
    assert [words.start for words in together.evidence] == [5, 90]


def test_without_a_key_only_what_agrees_in_everything_but_its_place_is_the_same() -> None:
    schema = Schema(Protest)
    assert len(combine(schema, [tied(5), tied(90)])) == 1
    assert len(combine(schema, [tied(5), tied(90, date="2025-05-02")])) == 2


def test_a_key_may_be_a_function() -> None:
    by_length = Schema(Protest, key=lambda protest: len(protest.city))
    assert len(combine(by_length, [tied(5), tied(90, form="strike")])) == 1


def test_where_an_article_holds_one_record_all_are_that_one() -> None:
    assert len(combine(Schema(Protest, many=False), [tied(5), tied(90, form="strike", date="2025-05-02")])) == 1


def test_the_order_is_that_of_the_text() -> None:
    found = combine(Schema(Protest), [tied(90, form="strike"), tied(5)])
    assert [one.record.city.start for one in found] == [5, 90]


def test_what_is_no_valid_record_together_stays_as_the_first_tells_it() -> None:
    class Pair(BaseModel):
        name: str
        left: int | None = None
        right: int | None = None

        @model_validator(mode="after")
        def _not_both(self) -> Pair:
            if self.left is not None and self.right is not None:
                msg = "one side only"
                raise ValueError(msg)
            return self

    left, right = (Tied(Pair(name="a", **side), (Verbatim("x", at),)) for at, side in enumerate(({"left": 1}, {"right": 2})))
    (together,) = combine(Schema(Pair, key=["name"]), [left, right])
    assert (together.record, len(together.evidence)) == (left.record, 2)


def test_records_are_numbered_where_their_model_wants_it() -> None:
    class Numbered(BaseModel):
        id: Annotated[str, Derived(prefix="N")]
        size: Cited[int]

    found = [Tied(Numbered(id="N", size=Cited[int](value=size)), (Verbatim("x", size),)) for size in (7, 3)]
    assert [(one.record.id, one.record.size.value) for one in combine(Schema(Numbered), found)] == [("N1", 3), ("N2", 7)]


TOLD = st.tuples(st.integers(0, 50), st.sampled_from(["march", "strike"]), st.none() | st.sampled_from(["2025", "2026"]))


@given(st.lists(TOLD, max_size=8))
def test_nothing_is_told_twice_and_no_evidence_is_lost(told: list[tuple[int, str, str | None]]) -> None:
    found = [tied(start, form=form, date=date) for start, form, date in told]
    schema = Schema(Protest, key=["form"])
    together = combine(schema, found)
    assert len(together) == len({form for _, form, _ in told})
    assert {words.start for one in together for words in one.evidence} == {start for start, _, _ in told}
    assert combine(schema, together) == together

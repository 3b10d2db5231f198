"""The worked schemas of `examples/`, read by the embedded model; its answers are recorded, one cassette an article."""

from __future__ import annotations

import re
from typing import Any

import pytest
from pydantic import BaseModel

from benchmarks.any_schema.scoring import Scores, pointed_words
from benchmarks.any_schema.worked import ROOT, WORKED, Annotated, Worked, gold_of, read
from llm_extract.extractor import Extractor
from llm_extract.settings import EMBEDDED_MODEL, CachePolicy, Profile, Settings
from llm_extract.slices import slices

ARTICLES = {(worked.name, given.name): (worked, given) for worked in WORKED for given in read(worked)}


def _settings(record_mode: str) -> Settings:
    """The embedded model where answers are recorded; where they are replayed, nothing is started."""
    if record_mode != "none":
        return Settings(cache=CachePolicy.OFF, max_reasks=0)
    where = "http://model.invalid/v1"
    return Settings(cache=CachePolicy.OFF, base_url=where, model=EMBEDDED_MODEL, profile=Profile.LOCAL, temperature=0.0, max_reasks=0)


def _measured(worked: Worked, records: dict[str, list[Any]]) -> Scores:
    scores, shape = Scores(), worked.load().shape
    for name, found in records.items():
        given = ARTICLES[worked.name, name][1]
        scores.add(shape, given.records, found, given.article.text)
    return scores


# Records F1 and mean F1 of the fields, over all articles of a schema: not below what was measured.
MEASURED: dict[str, tuple[float, float]] = {"protests": (0.722, 0.539), "appointments": (0.615, 0.552), "prices": (0.571, 0.386)}


@pytest.mark.vcr
@pytest.mark.parametrize("worked", WORKED, ids=lambda worked: worked.name)
def test_a_worked_schema_finds_what_was_measured_and_every_word_of_it_in_the_article(worked: Worked, record_mode: str) -> None:
    found: dict[str, list[Any]] = {}
    with Extractor(_settings(record_mode), schema=worked.load()) as extractor:
        for given in read(worked):
            result = extractor.extract(given.article)
            found[given.name] = [record.value for record in result.records]
            spans = [span for record in result.records for _, span in slices(record.value)] + [
                span for record in result.records for span in record.evidence
            ]
            assert [span for span in spans if given.article.text[span.start : span.end] != span.text] == []
            assert all(record.evidence for record in result.records)
    scores = _measured(worked, found)
    assert scores.grounded_share == 1.0
    assert scores.pointing >= scores.found > 0
    assert scores.records_f1 >= MEASURED[worked.name][0]
    assert scores.field_f1 >= MEASURED[worked.name][1]


@pytest.mark.parametrize("worked", WORKED, ids=lambda worked: worked.name)
def test_a_worked_schema_is_a_page_long(worked: Worked) -> None:
    assert len((worked.folder / "schema.py").read_text(encoding="utf-8").splitlines()) < 60


@pytest.mark.parametrize(("worked", "given"), ARTICLES.values(), ids=map("-".join, ARTICLES))
def test_gold_is_valid_and_its_words_are_those_of_the_article(worked: Worked, given: Annotated) -> None:
    shape = worked.load().shape
    words = [one for record in given.records for one in pointed_words(record, shape)]
    assert len(words) >= len(given.records)
    assert [one for one in words if not re.search(rf"(?<!\w){re.escape(one)}(?!\w)", given.article.text)] == []
    assert all(isinstance(record, BaseModel) for record in gold_of(worked, given.name))


def test_the_readme_of_the_examples_names_every_schema_and_what_was_looked_at() -> None:
    text = (ROOT / "examples" / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"--schema (\S+)", text) == [f"examples.{worked.name}.schema:{worked.schema}" for worked in WORKED]
    assert [name for worked in WORKED for name in worked.dev if f"`{name}`" not in text] == []


@pytest.mark.parametrize("worked", WORKED, ids=lambda worked: worked.name)
def test_half_of_the_articles_are_held_out_and_each_half_has_one_without_records(worked: Worked) -> None:
    given = read(worked)
    assert worked.dev < {one.name for one in given}
    for dev in (True, False):
        assert [bool(one.records) for one in given if one.dev is dev].count(False) == 1

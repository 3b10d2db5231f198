"""The worked schemas of `examples/`, read by the embedded model; its answers are recorded, one cassette an article."""

from __future__ import annotations

import re

import pytest

from benchmarks.any_schema.table import Row, fields_f1
from benchmarks.any_schema.worked import ROOT, WORKED, Annotated, Worked, read
from benchmarks.quality.counting import Spent
from llm_extract.extractor import Extractor
from llm_extract.record_scores import GROUNDED, RECORDS
from llm_extract.scoring import Tally
from llm_extract.settings import EMBEDDED_MODEL, CachePolicy, Profile, Settings
from llm_extract.slices import slices

ARTICLES = {(worked.name, given.name): (worked, given) for worked in WORKED for given in read(worked)}


def _settings(record_mode: str) -> Settings:
    """The embedded model where answers are recorded; where they are replayed, nothing is started."""
    if record_mode != "none":
        return Settings(cache=CachePolicy.OFF, max_reasks=0)
    where = "http://model.invalid/v1"
    return Settings(cache=CachePolicy.OFF, base_url=where, model=EMBEDDED_MODEL, profile=Profile.LOCAL, temperature=0.0, max_reasks=0)


# Records F1 and mean F1 of the fields of pairs, over all articles of a schema, as `llm-extract eval` measures: not below what they were.
MEASURED: dict[str, tuple[float, float]] = {"protests": (0.333, 0.841), "appointments": (0.615, 0.813), "prices": (0.238, 0.666)}


@pytest.mark.vcr
@pytest.mark.parametrize("worked", WORKED, ids=lambda worked: worked.name)
def test_a_worked_schema_finds_what_was_measured_and_every_word_of_it_in_the_article(worked: Worked, record_mode: str) -> None:
    row = Row(worked.load(), "llm-extract", dev=False)
    with Extractor(_settings(record_mode), schema=worked.load()) as extractor:
        for given in read(worked):
            result = extractor.extract(given.article)
            row.count(given, [record.value for record in result.records], 0.0, Spent(), failed=False)
            spans = [span for record in result.records for _, span in slices(record.value)] + [
                span for record in result.records for span in record.evidence
            ]
            assert [span for span in spans if given.article.text[span.start : span.end] != span.text] == []
            assert all(record.evidence for record in result.records)
    evaluation = row.evaluation()
    grounded = evaluation.overall[GROUNDED]
    assert (grounded.recall, grounded.cases > 0) == (1.0, True)
    assert evaluation.overall[RECORDS].f1 >= MEASURED[worked.name][0]
    assert fields_f1(evaluation) >= MEASURED[worked.name][1]


@pytest.mark.parametrize("worked", WORKED, ids=lambda worked: worked.name)
def test_a_worked_schema_is_a_page_long(worked: Worked) -> None:
    assert len((worked.folder / "schema.py").read_text(encoding="utf-8").splitlines()) < 60


@pytest.mark.parametrize(("worked", "given"), ARTICLES.values(), ids=map("-".join, ARTICLES))
def test_gold_is_valid_and_its_words_are_those_of_the_article(worked: Worked, given: Annotated) -> None:
    row = Row(worked.load(), "gold", dev=given.dev)
    row.count(given, given.records, 0.0, Spent(), failed=False)
    overall = row.evaluation().overall  # which the schema's model has to accept
    assert overall[RECORDS] == Tally(len(given.records), 0, 0)
    assert overall[GROUNDED].right == overall[GROUNDED].cases >= len(given.records)


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

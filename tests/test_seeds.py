"""The five seed articles, read by the embedded model; its answers are recorded, one cassette an article."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel
from typer.testing import CliRunner

from llm_extract.articles import find_articles
from llm_extract.cli import app
from llm_extract.cluster_scores import score_on_folder
from llm_extract.dossier_files import read_dossier
from llm_extract.extractor import Extractor
from llm_extract.schema import Article, Extraction, Span
from llm_extract.settings import EMBEDDED_MODEL, CachePolicy, Profile, Settings

ROOT = Path(__file__).parent.parent
SEEDS = {source.id: source for source in find_articles([ROOT / "seeds"])}
NAMES = sorted(SEEDS)


def _settings(record_mode: str) -> Settings:
    """The embedded model where answers are recorded; where they are replayed, nothing is started."""
    if record_mode != "none":
        return Settings(cache=CachePolicy.OFF)
    where = "http://model.invalid/v1"
    return Settings(cache=CachePolicy.OFF, base_url=where, model=EMBEDDED_MODEL, profile=Profile.LOCAL, temperature=0.0)


@pytest.fixture
def extractor(record_mode: str) -> Iterator[Extractor]:
    with Extractor(_settings(record_mode)) as extractor:
        yield extractor


def _spans(value: object) -> Iterator[Span]:
    if isinstance(value, Span):
        yield value
    elif isinstance(value, tuple | list):
        for item in value:
            yield from _spans(item)
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _spans(getattr(value, name))


class GoldQuote(BaseModel):
    """The part of the gold that is checked here."""

    start: int
    speaker: str
    aliases: list[str]
    neutral: bool

    def is_by(self, name: str) -> bool:
        """Whether a name is the speaker's or one of the other forms to accept: the last words agree."""
        return bool(name) and name.rsplit(maxsplit=1)[-1] in {form.rsplit(maxsplit=1)[-1] for form in (self.speaker, *self.aliases)}


class Gold(BaseModel):
    """The gold of one article."""

    quotes: list[GoldQuote]


def _gold(name: str) -> Gold:
    return Gold.model_validate_json((ROOT / "seeds" / "gold" / f"{name}.json").read_bytes())


def _attributed(extraction: Extraction, gold: Gold) -> tuple[int, int]:
    """Count the gold segments, and those found with the right speaker."""
    found = {segment.start: quote.speaker.name if quote.speaker else "" for quote in extraction.quotes for segment in quote.segments}
    wanted = [quote for quote in gold.quotes if not quote.neutral]
    right = [quote for quote in wanted if quote.is_by(found.get(quote.start, ""))]
    return len(wanted), len(right)


# Facts that a reader of the articles finds at once: status, place as written, date.
MEETINGS: dict[str, list[tuple[str, str, str | None]]] = {
    "000_0a71642abc138c2f": [("held", "Vietnam", None), ("held", "Germany", "2017-07")],
    "001_fe1a8b6a4fb027f8": [("tentative", "Japan", "2019-06"), ("held", "Helsinki", "2018-07")],
    "002_6e1824a21adda4cb": [("cancelled", "Paris", "2018-11-11"), ("held", "Hamburg", "2017"), ("tentative", "Buenos Aires", "2018-11")],
    "003_66317726124b854a": [("held", "Osaka", "2019-06-28"), ("cancelled", "Argentina", "2018-11"), ("held", "Helsinki", "2018-07")],
    "004_b6e3897c7e5393a2": [("tentative", "Paris", "2018-11-11"), ("tentative", "Argentina", "2018-11-30")],
}


@pytest.mark.vcr
@pytest.mark.parametrize("name", NAMES)
def test_a_seed_gives_its_meetings_and_the_speakers_of_its_quotes(name: str, extractor: Extractor) -> None:
    article = SEEDS[name].read()
    extraction = extractor.extract(article)
    _check_spans(article, extraction)
    wanted, right = _attributed(extraction, _gold(name))
    assert right >= 0.75 * wanted
    facts = [(meeting.status.value, meeting.place.text if meeting.place else None, meeting.date) for meeting in extraction.meetings]
    assert [fact for fact in MEETINGS[name] if fact not in facts] == []
    assert all("Vladimir Putin" in {party.name for party in meeting.participants} for meeting in extraction.meetings)
    assert extraction.warnings == ()


def _check_spans(article: Article, extraction: Extraction) -> None:
    spans = list(_spans(extraction))
    assert len(spans) > len(extraction.quotes) + len(extraction.meetings)
    assert [span for span in spans if article.text[span.start : span.end] != span.text] == []


def test_the_command_line_replays_the_cassettes_of_the_seeds_to_the_same_bytes(tmp_path: Path) -> None:
    cassettes = ROOT / "cassettes" / "test_seeds"
    lines = []
    for run in ("first", "second"):
        output = tmp_path / f"{run}.jsonl"
        result = CliRunner().invoke(app, ["run", str(ROOT / "seeds"), "--replay", str(cassettes), "-o", str(output)])
        assert result.exit_code == 0, result.output
        lines.append(output.read_bytes())
    assert lines[0] == lines[1]
    assert [json.loads(line)["article"]["id"] for line in lines[0].splitlines()] == NAMES


def test_what_the_model_found_in_the_seeds_becomes_records(tmp_path: Path) -> None:
    results, dossier = tmp_path / "results.jsonl", tmp_path / "dossier.json"
    for arguments in (
        ["run", str(ROOT / "seeds"), "--replay", str(ROOT / "cassettes" / "test_seeds"), "-o", str(results)],
        ["merge", str(results), "-o", str(dossier)],
    ):
        ended = CliRunner().invoke(app, arguments)
        assert ended.exit_code == 0, ended.output
    scores = score_on_folder(read_dossier(dossier), ROOT / "seeds" / "gold")
    assert min(scores.pairwise.f1, scores.b_cubed.f1) >= 0.70


def test_a_changed_article_is_refused_by_the_cassette_with_a_clear_error(tmp_path: Path) -> None:
    text = (ROOT / "seeds" / f"{NAMES[1]}.txt").read_text(encoding="utf-8")
    changed = tmp_path / "changed.txt"
    changed.write_text(text.replace("later this month, although", "later this year, although"), encoding="utf-8")
    output = tmp_path / "results.jsonl"
    arguments = ["run", str(changed), "--published", "2019-06-12", "--replay", str(ROOT / "cassettes" / "test_seeds"), "-o", str(output)]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 1
    assert "cassette" in result.output
    assert "changed" in result.output

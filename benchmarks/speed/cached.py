"""Articles whose results are in the cache: how many a second, how that and the memory grow with their number."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from statistics import median

from benchmarks.speed.bench import JOBS, Bench
from benchmarks.speed.figures import Figure
from benchmarks.speed.processes import Cost, run, serving, timed
from llm_extract.articles import Source, find_articles
from llm_extract.cache import AnswerCache
from llm_extract.extractor import Extractor
from llm_extract.schema import ArticleReference, Extraction
from llm_extract.settings import Settings

__all__ = ["beside_instructor", "fill", "growing", "template"]

NOWHERE = "http://127.0.0.1:9/v1"
"""Where nothing listens: a request that should not be sent ends the run."""
_MEGABYTE = 1e6


def beside_instructor(bench: Bench) -> list[Figure]:
    """Compare with plain instructor and its own cache on the disk."""
    count = bench.size(2_000, 200)
    folder = bench.empty("cached")
    few, articles = bench.articles(1), bench.articles(count)
    with serving(0) as url:
        for worker, more in (("with_llm_extract", ()), ("with_instructor", ("--cache",))):
            run(worker, url, JOBS, few, articles, folder, *more)

        def ours() -> float:
            (folder / "results.jsonl").unlink(missing_ok=True)
            (folder / "warm" / "results.jsonl").unlink(missing_ok=True)
            return run("with_llm_extract", NOWHERE, JOBS, few, articles, folder).seconds

        def plain() -> float:
            return run("with_instructor", url, JOBS, few, articles, folder, "--cache").seconds

        rounds = bench.interleaved(ours, plain)
    rate, plain_rate = (count / median(seconds) for seconds in zip(*rounds, strict=True))
    what = f"{count:,} articles, all cached"
    return [
        Figure(f"{what}: articles/s", rate, "/s", 500, at_least=True),
        Figure(
            f"{what}: articles/s ÷ plain instructor's with its disk cache",
            median(plain_s / ours_s for ours_s, plain_s in rounds),
            "×",
            5,
            at_least=True,
            detail=f"{rate:,.0f}/s, {plain_rate:,.0f}/s",
        ),
    ]


def growing(bench: Bench) -> list[Figure]:
    """Compare few articles with many: time an article, without that of the start, and memory of the whole process."""
    few, many = bench.size(1_000, 100), bench.size(100_000, 1_000)
    folder = bench.empty("growing")
    settings = Settings(base_url=NOWHERE, model="scripted", cache_dir=folder / "cache")
    bench.say(f"  putting {many:,} results into a cache …")
    fill(settings, find_articles([bench.articles(many)]), template(bench))  # fewer articles are the first of these
    start_s = timed(_command(bench.articles(1), folder)).seconds

    def costs(count: int) -> Cost:
        return timed(_command(bench.articles(count), folder))

    rounds = bench.interleaved(lambda: costs(few), lambda: costs(many))
    small_s, large_s = (median(cost.seconds - start_s for cost in works) for works in zip(*rounds, strict=True))
    small_bytes, large_bytes = (median(cost.peak_bytes for cost in works) for works in zip(*rounds, strict=True))
    what = f"{many:,} articles ÷ {few:,}, all cached"
    rates = f"{many / large_s:,.0f}/s, {few / small_s:,.0f}/s"
    sizes = f"{large_bytes / _MEGABYTE:.0f} MB, {small_bytes / _MEGABYTE:.0f} MB"
    return [
        Figure(f"{what}: time an article", large_s / many / (small_s / few), "×", 1.2, detail=rates),
        Figure(f"{what}: peak memory", large_bytes / small_bytes, "×", 1.2, detail=sizes),
        Figure(f"{many:,} articles: peak memory", large_bytes / _MEGABYTE, "MB", 300),
    ]


def template(bench: Bench) -> Extraction:
    """Return the result of one article, as a run writes it, its text left out."""
    folder = bench.empty("template")
    with serving(0) as url:
        run("with_llm_extract", url, 1, bench.articles(1), bench.articles(1), folder)
    return Extraction.model_validate_json((folder / "results.jsonl").read_bytes()).model_copy(update={"text": None})


def fill(settings: Settings, sources: Iterable[Source], like: Extraction) -> None:
    """Put a result for every article into the cache: all with the same facts, for no run looks at those of a result from the cache."""
    extractor = Extractor(settings)
    with AnswerCache.of(settings, "results") as cache:
        for source in sources:
            article = source.read()
            fingerprint = extractor.fingerprint(article)
            result = like.model_copy(update={"fingerprint": fingerprint, "article": ArticleReference.of(article)})
            cache.put(fingerprint, result.model_dump_json().encode())


def _command(articles: Path, folder: Path) -> list[str]:
    output = folder / "results.jsonl"
    output.unlink(missing_ok=True)
    options = ["--base-url", NOWHERE, "--model", "scripted", "--jobs", str(JOBS), "--cache-dir", str(folder / "cache"), "--quiet"]
    return [sys.executable, "-m", "llm_extract", "run", str(articles), "--output", str(output), *options]

"""Whole processes that do little: help, an import, five articles from the cache."""

from __future__ import annotations

import sys
from statistics import median

from benchmarks.speed import cached
from benchmarks.speed.bench import Bench
from benchmarks.speed.figures import Figure
from benchmarks.speed.processes import ROOT, timed
from llm_extract.articles import find_articles
from llm_extract.settings import Settings

__all__ = ["starting"]

_TIMES_A_ROUND = 5


def starting(bench: Bench) -> list[Figure]:
    """Measure the start of processes, beside that of Python itself."""
    folder = bench.empty("starting")
    cached.fill(Settings(cache_dir=folder / "cache"), find_articles([ROOT / "seeds"]), cached.template(bench))

    def seeds() -> float:
        output = folder / "results.jsonl"
        output.unlink(missing_ok=True)
        return _seconds("-m", "llm_extract", "run", str(ROOT / "seeds"), "-o", str(output), "--cache-dir", str(folder / "cache"))

    rounds = bench.interleaved(
        lambda: _median("-c", "pass"),
        lambda: _median("-c", "import llm_extract"),
        lambda: _median("-m", "llm_extract", "--help"),
        lambda: median(seeds() for _ in range(_TIMES_A_ROUND)),
    )
    python_s, import_s, help_s, seeds_s = (median(seconds) for seconds in zip(*rounds, strict=True))
    beside = f"Python alone {python_s:.2f} s"
    return [
        Figure("`import llm_extract`, whole process", import_s, "s", 0.15, detail=beside),
        Figure("`llm-extract --help`, whole process", help_s, "s", 0.15, detail=beside),
        Figure("`llm-extract run seeds`, all cached, whole process", seeds_s, "s", 0.5, detail=beside),
    ]


def _median(*arguments: str) -> float:
    return median(_seconds(*arguments) for _ in range(_TIMES_A_ROUND))


def _seconds(*arguments: str) -> float:
    return timed([sys.executable, *arguments]).seconds

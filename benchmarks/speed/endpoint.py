"""Articles read by a model at an endpoint: against what its latency allows, plain instructor, and the bare client."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median

from benchmarks.speed.bench import JOBS, Bench
from benchmarks.speed.figures import Figure
from benchmarks.speed.processes import Work, run, serving

__all__ = ["at_once", "with_latency"]

_LATENCY_S = 0.2
_REQUESTS_AN_ARTICLE = 2


def with_latency(bench: Bench) -> list[Figure]:
    """Compare a run with the least time that the server's latency allows, which the bare client may miss too, and with plain instructor."""
    count = bench.size(2_000, 200)
    limit_s = count * _REQUESTS_AN_ARTICLE * _LATENCY_S / JOBS
    with serving(_LATENCY_S) as url:
        workers = (_worker(bench, name, url, count) for name in ("with_llm_extract", "with_instructor", "with_openai"))
        rounds = bench.interleaved(*workers)
    ours_s, plain_s, bare_s = (median(work.seconds for work in works) for works in zip(*rounds, strict=True))
    what = f"{count:,} articles, answers after {_LATENCY_S * 1000:.0f} ms, {JOBS} at a time"
    return [
        Figure(
            f"{what}: time ÷ the least possible",
            median(ours.seconds / limit_s for ours, *_ in rounds),
            "×",
            1.10,
            detail=f"{ours_s:.2f} s, {limit_s:.2f} s; the bare client takes {bare_s / limit_s:.2f} ×",
        ),
        Figure(
            f"{what}: time ÷ plain instructor's",
            median(ours.seconds / plain.seconds for ours, plain, _ in rounds),
            "×",
            1.0,
            detail=f"{ours_s:.2f} s, {plain_s:.2f} s",
        ),
    ]


def at_once(bench: Bench) -> list[Figure]:
    """Compare requests a second with those of the bare client, where the server answers at once."""
    count = bench.size(2_000, 200)
    with serving(0) as url:
        rounds = bench.interleaved(_worker(bench, "with_llm_extract", url, count), _worker(bench, "with_openai", url, count))
    ours, bare = (median(work.requests / work.seconds for work in works) for works in zip(*rounds, strict=True))
    ratio = median((ours.requests / ours.seconds) / (bare.requests / bare.seconds) for ours, bare in rounds)
    cpu_ms = [median(work.cpu_s / work.articles * 1000 for work in works) for works in zip(*rounds, strict=True)]
    detail = f"{ours:,.0f} and {bare:,.0f} requests/s; {cpu_ms[0]:.1f} and {cpu_ms[1]:.1f} ms of a processor an article"
    what = f"{count:,} articles, answers at once, {JOBS} at a time: requests/s ÷ the bare client's"
    return [Figure(what, ratio, "×", 0.8, at_least=True, detail=detail)]


def _worker(bench: Bench, name: str, url: str, count: int) -> Callable[[], Work]:
    def measure() -> Work:
        # An article read first takes the imports and the first connection out of what is measured.
        arguments = [url, JOBS, bench.articles(1), bench.articles(count)]
        return run(name, *arguments) if name == "with_openai" else run(name, *arguments, bench.empty("work"))

    return measure

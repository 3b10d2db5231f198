"""The command line of the benchmark."""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Annotated

import typer
from playwright.sync_api import Page, sync_playwright

from benchmarks.report.synthetic import articles
from llm_extract.report import write_report

BROWSER_OPTIONS = ["--no-sandbox", "--disable-gpu"]
OPENED = "html[data-ready]"
STEPS = {
    "open the overview": "#timeline",
    "filter by a person": "#timeline?person=Novak",
    "search the texts": "#timeline?text=railway",
    "open an article": "#article/story-00004/Q2",
}


def main(
    number: Annotated[int, typer.Argument(min=5, help="How many articles.")] = 1000,
    *,
    repeats: Annotated[int, typer.Option(min=1, help="How often the page is opened; the median counts.")] = 5,
) -> None:
    """Make a report of invented articles, and time it in the browser."""
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "report.html"
        started = time.perf_counter()
        write_report(articles(number), page)
        typer.echo(f"{number:,} articles: {page.stat().st_size / 1e6:.1f} MB, made in {time.perf_counter() - started:.1f} s")
        for step, seconds in _measure(page.as_uri(), repeats).items():
            typer.echo(f"{step:20} {seconds:6.2f} s")


def _measure(address: str, repeats: int) -> dict[str, float]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=BROWSER_OPTIONS)
        times: dict[str, list[float]] = {}
        for _ in range(repeats):
            page = browser.new_page()
            for step, hash_ in STEPS.items():
                times.setdefault(step, []).append(_time(page, address, hash_))
            page.close()
        return {step: median(seconds) for step, seconds in times.items()}


def _time(page: Page, address: str, hash_: str) -> float:
    """Return the seconds until the page shows what its address names and has painted it."""
    started = time.perf_counter()
    page.goto(address + hash_)
    page.wait_for_selector(OPENED)
    while not page.evaluate("document.documentElement.dataset.shown === location.hash"):
        page.wait_for_timeout(5)
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
    return time.perf_counter() - started


if __name__ == "__main__":
    typer.run(main)

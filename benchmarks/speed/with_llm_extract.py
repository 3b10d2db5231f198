"""The worker of llm-extract: what `llm-extract run` does, from the files of articles to the file of results on the disk."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks.speed.work import measured
from llm_extract.articles import find_articles
from llm_extract.corpus import RunOptions, process
from llm_extract.extractor import Extractor
from llm_extract.settings import Settings


def main() -> None:
    """Read a folder of articles with the model at an endpoint."""
    parser = argparse.ArgumentParser()
    parser.add_argument("base_url")
    parser.add_argument("jobs", type=int)
    for name in ("warm", "articles", "folder"):
        parser.add_argument(name, type=Path)
    chosen = parser.parse_args()
    _read(chosen, chosen.warm, chosen.folder / "warm")
    with measured() as done:
        done.articles, done.requests = _read(chosen, chosen.articles, chosen.folder)


def _read(chosen: argparse.Namespace, articles: Path, folder: Path) -> tuple[int, int]:
    """Read all articles into `folder`; return how many they were, and how many requests were sent."""
    settings = Settings(base_url=chosen.base_url, model="scripted", jobs=chosen.jobs, cache_dir=folder / "cache")
    extractor = Extractor(settings)
    tally = process(extractor, find_articles([articles]), folder / "results.jsonl", RunOptions(jobs=chosen.jobs))
    if tally.failures or tally.stopped:
        sys.exit(f"{tally.failed} articles failed: {tally.stopped or tally.failures[0].message}")
    return tally.done, extractor.spent.requests


if __name__ == "__main__":
    main()

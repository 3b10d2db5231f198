"""The worker of llm-extract: what `llm-extract run` does, from the files of articles to the file of results on the disk."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks.speed.work import measured
from llm_extract.articles import find_articles
from llm_extract.corpus import RunOptions, process
from llm_extract.extract import Extractor
from llm_extract.settings import Settings


def main() -> None:
    """Read a folder of articles with the model at an endpoint."""
    parser = argparse.ArgumentParser()
    parser.add_argument("base_url")
    parser.add_argument("jobs", type=int)
    for name in ("articles", "folder"):
        parser.add_argument(name, type=Path)
    chosen = parser.parse_args()
    settings = Settings(base_url=chosen.base_url, model="scripted", jobs=chosen.jobs, cache_dir=chosen.folder / "cache")
    _import_what_is_slow()
    with measured() as done:
        extractor = Extractor(settings)
        tally = process(extractor, find_articles([chosen.articles]), chosen.folder / "results.jsonl", RunOptions(jobs=chosen.jobs))
        done.articles, done.requests = tally.done, extractor.spent.requests
    if tally.failures:
        sys.exit(f"{tally.failed} articles failed, the first: {tally.failures[0].message}")
    if tally.stopped:
        sys.exit(str(tally.stopped))


def _import_what_is_slow() -> None:
    """Import what the library would import with its first request: no worker's imports are measured."""
    import instructor
    import openai

    del instructor, openai


if __name__ == "__main__":
    main()

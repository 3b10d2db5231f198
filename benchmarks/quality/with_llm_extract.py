"""The worker of llm-extract: as its command line runs it, without the cache."""

from __future__ import annotations

import argparse

from benchmarks.quality.worker import Answer, Task, versions, work
from llm_extract import __version__
from llm_extract.articles import completed
from llm_extract.extractor import Extractor
from llm_extract.gold import Prediction
from llm_extract.settings import CachePolicy, Settings

_TIMEOUT_S = 600.0  # that of the openai client, which the others have


def main() -> None:
    """Answer tasks with the model at an endpoint."""
    parser = argparse.ArgumentParser()
    for name in ("base_url", "model", "profile"):
        parser.add_argument(name)
    chosen = parser.parse_args()
    settings = Settings.model_validate({**vars(chosen), "temperature": 0.0, "jobs": 1, "cache": CachePolicy.OFF, "timeout_s": _TIMEOUT_S})
    _import_what_is_slow()
    with Extractor(settings) as extractor:

        def answer(task: Task) -> Answer:
            result = extractor.extract(completed(task.text, task.published))
            return Prediction.of(result).model_dump(mode="json")

        work(answer, {"llm-extract": __version__, **versions("instructor", "openai", "pydantic")})


def _import_what_is_slow() -> None:
    """Import what the library would import with its first request: no contestant's imports are measured."""
    import instructor
    import openai

    del instructor, openai


if __name__ == "__main__":
    main()

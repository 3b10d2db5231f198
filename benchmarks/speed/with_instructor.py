"""The worker of plain instructor: the same two questions an article, gathered under a semaphore."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path
from typing import Any, TypeVar

import instructor
from instructor.cache import DiskCache
from openai import AsyncOpenAI
from pydantic import BaseModel

from benchmarks.speed.news import PUBLISHED, files
from benchmarks.speed.work import measured
from llm_extract.hosted import MEETINGS, QUOTES
from llm_extract.outlines import outline, purpose
from llm_extract.prompts import load
from llm_extract.schema import Meeting, Quote

T = TypeVar("T", bound=BaseModel)
_MAX_TOKENS = 8_000


class Reader:
    """Asks about articles as a short script would."""

    def __init__(self, base_url: str, jobs: int, cache: Path | None) -> None:
        keeps: Any = {"cache": DiskCache(str(cache))} if cache else {}
        client = AsyncOpenAI(base_url=base_url, api_key="none")
        self._client: Any = instructor.from_openai(client, mode=instructor.Mode.JSON_SCHEMA, **keeps)
        self._semaphore = asyncio.Semaphore(jobs)
        self._systems = {MEETINGS: _system("meetings_hosted", Meeting), QUOTES: _system("quotes_hosted", Quote)}

    async def read(self, article: Path) -> str:
        """Return what the model answers to both questions, as a line of JSON."""
        async with self._semaphore:
            text = article.read_text(encoding="utf-8")  # noqa: ASYNC240  as a short script would
            meetings = await self._ask(MEETINGS, text)
            quotations = await self._ask(QUOTES, text)
        return f'{{"article": "{article.stem}", "meetings": {meetings.model_dump_json()}, "quotes": {quotations.model_dump_json()}}}\n'

    async def _ask(self, form: type[T], text: str) -> T:
        messages = [{"role": "system", "content": self._systems[form]}, {"role": "user", "content": text}]
        answer: T = await self._client.chat.completions.create(
            model="scripted", messages=messages, response_model=form, max_tokens=_MAX_TOKENS
        )
        return answer


def _system(prompt: str, model: type[BaseModel]) -> str:
    told = {"purpose": purpose(model), "fields": outline(model)}
    return load(prompt).render(**told, published=PUBLISHED, nonce="", numbered="", problems=[])["system"]


async def read_all(chosen: argparse.Namespace) -> None:
    """Read all articles and write what was answered."""
    reader = Reader(chosen.base_url, chosen.jobs, chosen.folder / "instructor-cache" if chosen.cache else None)
    chosen.folder.mkdir(parents=True, exist_ok=True)
    warm = files(chosen.warm)
    await asyncio.gather(*map(reader.read, warm))
    with measured() as done:
        lines = await asyncio.gather(*map(reader.read, files(chosen.articles)))
        (chosen.folder / "plain.jsonl").write_text("".join(lines), encoding="utf-8")
        done.articles, done.requests = len(lines), 2 * len(lines)


def main() -> None:
    """Read a folder of articles with the model at an endpoint."""
    parser = argparse.ArgumentParser()
    parser.add_argument("base_url")
    parser.add_argument("jobs", type=int)
    for name in ("warm", "articles", "folder"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--cache", action="store_true")
    asyncio.run(read_all(parser.parse_args()))


if __name__ == "__main__":
    main()

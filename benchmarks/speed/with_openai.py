"""The worker of the bare client: the requests of llm-extract, made beforehand and sent; answers are not looked at."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from openai import AsyncOpenAI

from benchmarks.speed.news import PUBLISHED, files
from benchmarks.speed.work import Done, measured
from llm_extract.answer_form import answer_schema
from llm_extract.hosted import MEETINGS, QUOTES
from llm_extract.outlines import outline, purpose
from llm_extract.prompts import load
from llm_extract.schema import Meeting, Quote

_MAX_TOKENS = 8_000


def bodies(article: Path) -> Iterator[dict[str, Any]]:
    """Yield both requests about an article."""
    text = article.read_text(encoding="utf-8")
    for form, model, prompt in ((MEETINGS, Meeting, "meetings_hosted"), (QUOTES, Quote, "quotes_hosted")):
        rendered = load(prompt).render(
            purpose=purpose(model), fields=outline(model), published=PUBLISHED, nonce="0f0f0f0f", numbered=text, problems=[]
        )
        schema = {"name": form.__name__, "schema": answer_schema(form, strict=True), "strict": True}
        yield {
            "model": "scripted",
            "messages": [{"role": role, "content": content} for role, content in rendered.items()],
            "max_tokens": _MAX_TOKENS,
            "response_format": {"type": "json_schema", "json_schema": schema},
        }


async def send(client: AsyncOpenAI, requests: Iterator[dict[str, Any]], done: Done) -> None:
    """Send what is left, one after the other."""
    for body in requests:
        await client.chat.completions.create(**body)
        done.requests += 1


async def send_all(chosen: argparse.Namespace) -> None:
    """Send the requests about all articles."""
    made = [body for article in files(chosen.articles) for body in bodies(article)]
    client = AsyncOpenAI(base_url=chosen.base_url, api_key="none", max_retries=0)
    await send(client, (body for article in files(chosen.warm) for body in bodies(article)), Done())
    requests = iter(made)
    with measured() as done:
        await asyncio.gather(*(send(client, requests, done) for _ in range(chosen.jobs)))
        done.articles = len(made) // 2


def main() -> None:
    """Send the requests about a folder of articles to an endpoint."""
    parser = argparse.ArgumentParser()
    parser.add_argument("base_url")
    parser.add_argument("jobs", type=int)
    for name in ("warm", "articles"):
        parser.add_argument(name, type=Path)
    asyncio.run(send_all(parser.parse_args()))


if __name__ == "__main__":
    main()

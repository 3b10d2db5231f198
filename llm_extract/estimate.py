"""What a run would cost, before anything is sent."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import anyio

from llm_extract.articles import Source
from llm_extract.corpus import Extracts
from llm_extract.errors import ArticleError, LimitError, ModelError
from llm_extract.journal import Journal
from llm_extract.schema import Usage
from llm_extract.streams import is_stream

__all__ = ["Estimate", "estimate"]


@dataclass
class Estimate:
    """What a run would do. Tokens are estimated from the length of texts; the cost follows from them."""

    articles: int = 0
    kept: int = 0
    """Articles whose result of an earlier run still holds."""
    left: int = 0
    """Articles that failed in an earlier run and would not be tried again."""
    unreadable: int = 0
    """Articles that can't be read."""
    usage: Usage = field(default_factory=Usage)


def estimate(extractor: Extracts, sources: Iterable[Source], output: Path, *, retry_failed: bool = False) -> Estimate:
    """Estimate what a run over all sources into `output` would send.

    Args:
        extractor: One that was made with `dry_run`; it is closed at the end.
        sources: What from; all of it is read.
        output: Where the run's results would go; what is done there is left out of the estimate.
        retry_failed: As in `llm_extract.corpus.RunOptions`.

    Raises:
        OutputError: The output can't be used.
    """
    found = Estimate()
    if is_stream(output) or not output.parent.exists():
        anyio.run(_drive, extractor, sources, None, found, retry_failed)
    else:
        with Journal(output, extractor.manner) as done:
            anyio.run(_drive, extractor, sources, done, found, retry_failed)
    return found


async def _drive(
    extractor: Extracts,
    sources: Iterable[Source],
    done: Journal | None,
    found: Estimate,
    retry_failed: bool,  # noqa: FBT001  anyio passes on positions only
) -> None:
    for position, source in enumerate(sources):
        found.articles += 1
        try:
            article = source.read()
        except ArticleError:
            found.unreadable += 1
            continue
        fingerprint = extractor.fingerprint(article)
        if done and done.keep(position, source.id, fingerprint):
            found.kept += 1
            continue
        failed = done.failed(source.id) if done and not retry_failed else None
        if failed and failed.fingerprint == fingerprint:
            found.left += 1
            continue
        with suppress(ModelError, LimitError):  # the stand-in's answers may be no use; what they would cost is counted
            await extractor.aextract(article)
    found.usage = extractor.spent
    await extractor.aclose()

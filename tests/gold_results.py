"""Results as they would be if everything were found: made of the gold."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from llm_extract.articles import find_articles
from llm_extract.schema import Article, ArticleReference, Claim, Extraction, Meeting, Party, Span

ROOT = Path(__file__).parent.parent
SEEDS = ROOT / "seeds"


def _span(article: Article, text: str) -> Span | None:
    start = article.text.find(text)
    return article.span(start, start + len(text)) if start >= 0 else None


def _first(article: Article, texts: list[str]) -> Span | None:
    return next((span for text in texts if (span := _span(article, text))), None)


def _meeting(article: Article, gold: dict[str, Any]) -> Meeting:
    claims = [(claim, _span(article, claim["evidence"])) for claim in gold["claims"]]
    evidence = [span for text in gold["evidence"] if (span := _span(article, text))]
    return Meeting(
        id=gold["id"],
        participants=tuple(Party(name=name, mention=_span(article, name)) for name in gold["participants"]),
        status=gold["status"][0],
        kind=gold["kind"][0],
        date=gold["date"],
        place=_first(article, gold["place"] or []),
        event=_first(article, [gold["event"]] if gold["event"] else []),
        claims=tuple(Claim(by=Party(name=c["by"]), stance=c["stance"][0], evidence=span) for c, span in claims if span),
        evidence=tuple(evidence),
    )


def gold_results(folder: Path = SEEDS) -> list[Extraction]:
    """Make results of the meetings in a folder's gold; of labels of which several are right, the first."""
    found = []
    for source in find_articles([folder]):
        article = source.read()
        gold = json.loads((folder / "gold" / f"{article.id}.json").read_bytes())
        meetings = tuple(_meeting(article, meeting) for meeting in gold["meetings"])
        found.append(Extraction(article=ArticleReference.of(article), meetings=meetings, model="gold"))
    return found

"""The contest: article by article, one contestant after the other, each of them first in its turn."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

from pydantic import ValidationError

from benchmarks.quality.contestants import WorkerEndedError
from benchmarks.quality.counting import Spent
from benchmarks.quality.worker import Answer, Task
from llm_extract.articles import find_articles
from llm_extract.errors import ArticleError
from llm_extract.evaluate import Evaluation, evaluate
from llm_extract.export import file_name
from llm_extract.gold import GoldArticle, Prediction, read_gold
from llm_extract.schema import Article

__all__ = ["Annotated", "Counts", "Reader", "Turn", "annotated", "order", "run", "scored"]

T = TypeVar("T")


class Reader(Protocol):
    """What answers for a contestant, such as a `Worker`."""

    name: str

    def start(self) -> None:
        """Get ready to answer; where it is, nothing happens."""

    def ask(self, task: Task) -> Answer:
        """Return the answer for one article."""


class Counts(Protocol):
    """What knows the tokens spent, such as a `CountingProxy`."""

    def take(self) -> Spent:
        """Return what was spent since the last call, when nothing is under way any more."""


@dataclass(frozen=True)
class Annotated:
    """An article and what is right for it.

    Args:
        name: That of the gold.
        article: As llm-extract reads it from its folder.
        gold: What is right.
    """

    name: str
    article: Article
    gold: GoldArticle


@dataclass(frozen=True)
class Turn:
    """What one contestant made of one article.

    Args:
        contestant: Its name.
        article: The article's name.
        prediction: What it found; nothing where it failed.
        seconds: From the question to the answer, until the server was idle again; the start of processes is not in it.
        spent: Tokens, as the server counted them.
        failure: Why there is no answer; empty where there is one.
        lost: What went wrong with parts of the article, where the contestant says so.
    """

    contestant: str
    article: str
    prediction: Prediction
    seconds: float
    spent: Spent
    failure: str = ""
    lost: tuple[str, ...] = ()


def annotated(articles: Path, gold: Path | None = None) -> list[Annotated]:
    """Read the articles of a folder that have gold; others are left out.

    Args:
        articles: Searched as `llm-extract run` searches it, `metadata.csv` included.
        gold: The folder of gold; None: the folder `gold` in that of the articles, else that of the articles itself.

    Raises:
        ArticleError: No article has gold, or one can't be read.
        SettingError: The gold is not as it must be.
    """
    gold = gold or (articles / "gold" if (articles / "gold").is_dir() else articles)
    found = read_gold(gold)
    names = {key: name for name, article in found.items() for key in (article.id, name)}
    sources = [(names.get(source.id) or names.get(file_name(source.id)), source) for source in find_articles([articles])]
    chosen = [Annotated(name, source.read(), found[name]) for name, source in sources if name]
    if not chosen:
        raise ArticleError(f"No article in {articles} has gold in {gold}.", remedy="Give NAME.json beside or for each NAME.txt (--gold).")
    return chosen


def order(contestants: Sequence[T], number: int) -> list[T]:
    """Return who reads article `number`, from 0, in which order: the first of one article is the last of the next."""
    first = number % len(contestants)
    return [*contestants[first:], *contestants[:first]]


def run(readers: Sequence[Reader], articles: Sequence[Annotated], counts: Counts) -> Iterator[Turn]:
    """Have every contestant read every article, one at a time, and yield each turn when it is over."""
    for number, given in enumerate(articles):
        for reader in order(readers, number):
            yield _turn(reader, given, counts)


def scored(turns: Sequence[Turn], articles: Sequence[Annotated]) -> dict[str, Evaluation]:
    """Measure each contestant on the articles of its turns; a failure counts as an article in which nothing was found."""
    texts = {item.name: item.article.text for item in articles}
    gold = {item.name: item.gold for item in articles}
    given: dict[str, dict[str, Prediction]] = {}
    for turn in turns:
        given.setdefault(turn.contestant, {})[turn.article] = turn.prediction
    return {name: evaluate({key: gold[key] for key in found}, found, texts) for name, found in given.items()}


def _turn(reader: Reader, given: Annotated, counts: Counts) -> Turn:
    published = given.article.published
    task = Task(given.article.text, published.isoformat() if published else None)
    counts.take()
    begun = time.perf_counter()
    try:
        reader.start()
        begun = time.perf_counter()
        answer = reader.ask(task)
    except WorkerEndedError as error:
        answer = {"error": str(error)}
    spent = counts.take()
    seconds = time.perf_counter() - begun
    prediction, failure = _understood(answer)
    lost = answer.get("lost")
    parts = tuple(map(str, lost)) if isinstance(lost, list) else ()
    return Turn(reader.name, given.name, prediction, seconds=seconds, spent=spent, failure=failure, lost=parts)


def _understood(answer: Answer) -> tuple[Prediction, str]:
    """Return what was found, or nothing and why."""
    if "error" in answer:
        return Prediction(), str(answer["error"])
    try:
        return Prediction.model_validate(answer), ""
    except ValidationError as invalid:
        problem = invalid.errors(include_url=False, include_input=False)[0]
        return Prediction(), f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}"

"""What is seen of a run while it lasts: bars on the standard error, where that is a terminal."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

from llm_extract.outcomes import Outcome, Tally
from llm_extract.plurals import counted
from llm_extract.schema import Usage

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from llm_extract.estimate import Estimate

__all__ = ["Spends", "Watch", "duration", "forecast", "remaining", "summary", "watching"]


MINUTE_S = 60
HOUR_MIN = 60


class Spends(Protocol):
    """What counts as it extracts, such as `llm_extract.Extractor`."""

    @property
    def spent(self) -> Usage:
        """What was asked of the model in this run; answers from the cache cost nothing."""

    @property
    def from_cache(self) -> int:
        """Answers and whole results that came from the cache."""

    @property
    def cost(self) -> float | None:
        """What `spent` costs, in US dollars; None where no price is known."""


class Watch:
    """What a run reports to; this one shows nothing."""

    def weights(self, done_bytes: int, total_bytes: int) -> None:
        """Take note of how much of the embedded model's weights is in place."""

    def begin(self, extractor: Spends, articles: int | None) -> None:
        """Take note of what runs, and of how many articles there are; None: nobody knows yet."""

    def outcome(self, outcome: Outcome) -> None:
        """Take note of what became of an article, once it is on the disk."""

    def end(self, tally: Tally, extractor: Spends, elapsed_s: float) -> None:
        """Take note of what became of the run."""


class _Bars(Watch):
    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._tasks: dict[str, TaskID] = {}
        self._extractor: Spends | None = None

    def weights(self, done_bytes: int, total_bytes: int) -> None:
        state = f"{done_bytes / 1e6:,.0f} of {total_bytes / 1e6:,.0f} MB"
        self._update("Preparing the model, once", total=total_bytes, completed=done_bytes, state=state, visible=done_bytes < total_bytes)

    def begin(self, extractor: Spends, articles: int | None) -> None:
        self._extractor, self._articles, self._done, self._started = extractor, articles, 0, time.monotonic()
        self._update("Articles", total=articles, completed=0, state=f"0 of {articles}" if articles else "")

    def outcome(self, outcome: Outcome) -> None:  # noqa: ARG002  how many they are is what is shown
        self._done += 1
        if self._extractor is not None:
            state = _state(self._done, self._articles, time.monotonic() - self._started, self._extractor.spent)
            self._update("Articles", completed=self._done, state=state)

    def _update(self, name: str, **fields: Any) -> None:  # noqa: ANN401  what rich takes
        if name not in self._tasks:
            self._tasks[name] = self._bars.add_task(name, total=None, state="")
        self._bars.update(self._tasks[name], **fields)


@contextmanager
def watching(*, shown: bool) -> Iterator[Watch]:
    """Show bars while the context lasts: articles with rate, tokens and remaining time, and the weights' preparation."""
    if not shown:
        yield Watch()
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[state]}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        yield _Bars(bars)


def remaining(done: int, articles: int, elapsed_s: float) -> float:
    """Estimate the seconds that are left from the mean so far; 0 before anything is done."""
    return elapsed_s / done * (articles - done) if done else 0.0


def _state(done: int, articles: int | None, elapsed_s: float, spent: Usage) -> str:
    rate = done / max(elapsed_s, 1e-3) * 60
    tokens = spent.prompt_tokens + spent.completion_tokens
    told = [f"{done:,} of {articles:,}" if articles else f"{done:,}", f"{rate:,.1f}/min", f"{tokens:,} tokens"]
    if articles:
        told.append(f"{duration(remaining(done, articles, elapsed_s))} left")
    return " · ".join(told)


def summary(tally: Tally, extractor: Spends, elapsed_s: float) -> str:
    """Say in one line what became of a run; what an earlier run did is told apart."""
    spent = extractor.spent
    parts = [f"{tally.done:,} done"]
    if tally.kept:
        parts.append(f"{tally.kept:,} kept from earlier")
    if tally.failed:
        kinds = ", ".join(f"{count:,} {kind}" for kind, count in tally.kinds.items())
        parts.append(f"{tally.failed:,} failed ({kinds})")
    parts.append(f"{counted(extractor.from_cache, 'answer')} from the cache")
    parts.append(f"{counted(spent.requests, 'request')}, {spent.prompt_tokens:,} + {spent.completion_tokens:,} tokens")
    if spent.requests and extractor.cost:
        parts.append(f"${extractor.cost:,.2f}")
    return f"{counted(tally.articles, 'article')}: {', '.join(parts)}, {duration(elapsed_s)}."


def forecast(found: Estimate, cost: float | None) -> str:
    """Say what a run would send, as estimated."""
    used = found.usage
    parts = [counted(found.articles, "article")]
    if found.kept:
        parts.append(f"{found.kept:,} are done")
    if found.left:
        parts.append(f"{found.left:,} failed earlier and are not tried again without --retry-failed")
    if found.unreadable:
        parts.append(f"{found.unreadable:,} can't be read")
    tokens = f"{used.prompt_tokens:,} tokens of prompts and {used.completion_tokens:,} of answers"
    price = "no price is known for this model (--prices)" if cost is None else f"about ${cost:,.2f}"
    return f"{', '.join(parts)}. About {counted(used.requests, 'request')} would be sent, with about {tokens}: {price}. Nothing was sent."


def duration(seconds: float) -> str:
    """Write a time as people do.

    Example:
        >>> duration(3.14), duration(125), duration(7322)
        ('3.1 s', '2 min 05 s', '2 h 02 min')
    """
    if seconds < MINUTE_S:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), MINUTE_S)
    if minutes < HOUR_MIN:
        return f"{minutes} min {rest:02d} s"
    return f"{minutes // HOUR_MIN} h {minutes % HOUR_MIN:02d} min"

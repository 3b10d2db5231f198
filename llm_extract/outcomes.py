"""What becomes of an article, and of a run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from llm_extract.errors import LlmExtractError
from llm_extract.schema import Extraction

__all__ = ["Failure", "Finished", "Outcome", "Tally"]

_MOST_FAILURES_HELD = 1_000


@dataclass(frozen=True)
class Failure:
    """Why there is no result for an article.

    Args:
        article: Its id.
        stage: `read` where the file was the trouble, else `extract`.
        error: Name of the error's class.
        message: What happened.
        remedy: What can be done about it; empty where that is not known.
        attempts: In how many runs it has failed.
        fingerprint: What determined it, as in `Extraction.fingerprint`; empty where the article could not be read.
    """

    article: str
    stage: str
    error: str
    message: str
    remedy: str = ""
    attempts: int = 1
    fingerprint: str = ""


@dataclass(frozen=True)
class Outcome:
    """What became of one article.

    Args:
        position: Its place among the articles, from 0.
        article: Its id.
        result: What was found, or why nothing was; None: an earlier run's result for the unchanged article was kept.
        left: Whether the failure is one of an earlier run, and the article was not tried again.
    """

    position: int
    article: str
    result: Extraction | Failure | None
    left: bool = False


@dataclass(frozen=True)
class Finished:
    """An outcome on its way to the output.

    Args:
        outcome: What became of the article.
        line: The result as it is written, with a line feed; empty for a failure.
    """

    outcome: Outcome
    line: bytes = b""


@dataclass
class Tally:
    """What became of a run, counted while it lasts."""

    articles: int = 0
    """Articles that were come to."""
    done: int = 0
    """Those with a new result."""
    kept: int = 0
    """Those whose result of an earlier run still held."""
    failed: int = 0
    """Those without a result, whether they failed now or were left as an earlier run left them."""
    left: int = 0
    """Those of them that failed in an earlier run and were not tried again."""
    failures: list[Failure] = field(default_factory=list)
    """The first thousand of them."""
    stopped: LlmExtractError | None = None
    """The error that ended the run before all articles were tried; None where it went to its end."""
    interrupted: int = 0
    """The number of the signal that ended the run; 0: none did."""
    _kinds: Counter[str] = field(default_factory=Counter)

    @property
    def complete(self) -> bool:
        """Whether every article was come to."""
        return self.stopped is None and not self.interrupted

    @property
    def stored(self) -> int:
        """Articles that have a result."""
        return self.done + self.kept

    @property
    def kinds(self) -> Mapping[str, int]:
        """How many failed by each error, the most frequent first."""
        return dict(self._kinds.most_common())

    def count(self, outcome: Outcome) -> None:
        """Count an outcome that is on the disk."""
        self.articles += 1
        if isinstance(outcome.result, Failure):
            self.failed += 1
            self.left += outcome.left
            self._kinds[outcome.result.error] += 1
            if len(self.failures) < _MOST_FAILURES_HELD:
                self.failures.append(outcome.result)
        elif outcome.result is None:
            self.kept += 1
        else:
            self.done += 1

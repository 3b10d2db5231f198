"""What the benchmark says, in one table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks.any_schema.scoring import Scores
from benchmarks.quality.counting import Spent

__all__ = ["Row", "as_markdown"]

_MEASURES = ("grounded", "records F1", "precision", "recall", "fields F1")
_COLUMNS = ("", "", "articles", *_MEASURES, "prompt tokens", "completion tokens", "seconds", "failures")


@dataclass
class Row:
    """What one contestant did in one half of the articles of one schema.

    Args:
        schema: Its name.
        contestant: Its name.
        dev: Whether in the articles that were looked at while prompts and schemas were tuned.
    """

    schema: str
    contestant: str
    dev: bool
    scores: Scores = field(default_factory=Scores)
    articles: int = 0
    seconds: float = 0.0
    spent: Spent = field(default_factory=Spent)
    failures: int = 0

    def count(self, seconds: float, spent: Spent, *, failed: bool) -> None:
        """Count one article."""
        self.articles += 1
        self.seconds += seconds
        self.spent += spent
        self.failures += failed


def as_markdown(rows: Sequence[Row], about: str) -> str:
    """Return the table, the articles that were not looked at first."""
    lines = [f"| {' | '.join(_COLUMNS)} |", "|---|---|" + "---:|" * (len(_COLUMNS) - 2)]
    lines += [_line(row) for row in sorted(rows, key=lambda row: row.dev)]
    return "\n".join([about, "", *lines]) + "\n"


def _line(row: Row) -> str:
    scores = row.scores
    shares = (scores.grounded_share, scores.records_f1, scores.precision, scores.recall, scores.field_f1)
    cells = [
        f"{row.schema}, {'looked at' if row.dev else 'held out'}",
        row.contestant,
        str(row.articles),
        *(f"{share:.2f}" for share in shares),
        f"{row.spent.prompt_tokens:,}",
        f"{row.spent.completion_tokens:,}",
        f"{row.seconds:.0f}",
        str(row.failures or "none"),
    ]
    return f"| {' | '.join(cells)} |"

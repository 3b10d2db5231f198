"""What the benchmark says, in one table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import mean
from typing import Any, TypeAlias

from benchmarks.any_schema.worked import Annotated
from benchmarks.quality.counting import Spent
from llm_extract.evaluate import Evaluation
from llm_extract.record_scores import EVIDENCE, GROUNDED, RECORDS, evaluate_records
from llm_extract.schemas import Schema

__all__ = ["Records", "Row", "as_markdown", "fields_f1"]

Records: TypeAlias = "Sequence[Mapping[str, Any]]"

_MEASURES = ("grounded", "records F1", "precision", "recall", "fields F1")
_COLUMNS = ("", "", "articles", *_MEASURES, "prompt tokens", "completion tokens", "seconds", "failures")


@dataclass
class Row:
    """What one contestant did in one half of the articles of one schema.

    Args:
        schema: Of the records.
        contestant: Its name.
        dev: Whether in the articles that were looked at while prompts and schemas were tuned.
    """

    schema: Schema[Any]
    contestant: str
    dev: bool
    seconds: float = 0.0
    spent: Spent = field(default_factory=Spent)
    failures: int = 0
    articles: list[Annotated] = field(default_factory=list)
    found: dict[str, Records] = field(default_factory=dict)

    def count(self, given: Annotated, records: Records, seconds: float, spent: Spent, *, failed: bool) -> None:
        """Count one article."""
        self.articles.append(given)
        self.found[given.name] = records
        self.seconds += seconds
        self.spent += spent
        self.failures += failed

    def evaluation(self) -> Evaluation:
        """Measure it, as `llm-extract eval` does."""
        gold = {given.name: given.records for given in self.articles}
        return evaluate_records(self.schema, gold, self.found, {given.name: given.article.text for given in self.articles})


def fields_f1(evaluation: Evaluation) -> float:
    """Return the mean of the F1 of all fields, over the pairs of records."""
    others = (RECORDS, GROUNDED, EVIDENCE)
    return mean(measure.score(tally) for measure, tally in evaluation.overall.items() if measure not in others)


def as_markdown(rows: Sequence[Row], about: str) -> str:
    """Return the table, the articles that were not looked at first."""
    lines = [f"| {' | '.join(_COLUMNS)} |", "|---|---|" + "---:|" * (len(_COLUMNS) - 2)]
    lines += [_line(row) for row in sorted(rows, key=lambda row: row.dev)]
    return "\n".join([about, "", *lines]) + "\n"


def _line(row: Row) -> str:
    evaluation = row.evaluation()
    records, grounded = evaluation.overall[RECORDS], evaluation.overall[GROUNDED]
    shares = (GROUNDED.score(grounded), records.f1, records.precision, records.recall, fields_f1(evaluation))
    cells = [
        f"{row.schema.name}, {'looked at' if row.dev else 'held out'}",
        row.contestant,
        str(len(row.articles)),
        *(f"{share:.2f}" for share in shares),
        f"{row.spent.prompt_tokens:,}",
        f"{row.spent.completion_tokens:,}",
        f"{row.seconds:.0f}",
        str(row.failures or "none"),
    ]
    return f"| {' | '.join(cells)} |"

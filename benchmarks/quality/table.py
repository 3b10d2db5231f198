"""What the benchmark says: one table in Markdown, and everything in JSON."""

from __future__ import annotations

import datetime as dt
import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.quality.contest import Turn
from benchmarks.quality.counting import Spent
from llm_extract.evaluate import Evaluation
from llm_extract.scoring import AnyMeasure, Measure, Tally

__all__ = ["Circumstances", "Row", "as_json", "as_markdown", "machine", "rows"]

_MEASURES = {
    "attributed F1": Measure.ATTRIBUTED,
    "meetings F1": Measure.MEETINGS,
    "status": Measure.STATUS,
    "date": Measure.DATE,
    "grounded": Measure.GROUNDED,
}
_COLUMNS = ("", *_MEASURES, "seconds", "completion tokens", "prompt tokens", "failures")
_NOTHING = "–"


@dataclass(frozen=True)
class Circumstances:
    """On what and with what was measured.

    Args:
        articles: Name of their folder.
        model: As it is asked for.
        server: What serves it.
        machine: Processors, memory, system, Python.
        versions: Packages of each contestant, by its name.
        date: The day.
    """

    articles: str
    model: str
    server: str
    machine: str
    versions: Mapping[str, Mapping[str, str]]
    date: dt.date


@dataclass(frozen=True)
class Row:
    """What one contestant did in all.

    Args:
        contestant: Its name.
        tallies: The counts of every measure.
        articles: How many it was given.
        seconds: For all of them.
        spent: Tokens for all of them.
        failures: A sentence for each article or part of one without an answer, with the article's name.
        failed_articles: How many of them are whole articles.
    """

    contestant: str
    tallies: Mapping[AnyMeasure, Tally]
    articles: int
    seconds: float
    spent: Spent
    failures: tuple[str, ...]
    failed_articles: int


def machine() -> str:
    """Describe this machine without its name: processors that may be used, memory, system, Python."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        memory = f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB memory, "
    except (AttributeError, ValueError, OSError):  # Windows has no such figures
        memory = ""
    return f"{cores} cores, {memory}{platform.system()} {platform.machine()}, Python {platform.python_version()}"


def rows(turns: Sequence[Turn], evaluations: Mapping[str, Evaluation]) -> list[Row]:
    """Add up the turns of each contestant, in the order of `evaluations`."""
    return [_row([turn for turn in turns if turn.contestant == name], evaluation) for name, evaluation in evaluations.items()]


def as_markdown(found: Sequence[Row], about: Circumstances) -> str:
    """Write the table, what it was measured with below it, and the failures one by one."""
    lines = [_line(_COLUMNS), _line(["---", *["---:"] * (len(_COLUMNS) - 1)]), *(_line(_cells(row)) for row in found)]
    count = max((row.articles for row in found), default=0)
    given = "1 article" if count == 1 else f"{count} articles"
    lines += ["", f"{about.date.isoformat()}, {given} of `{about.articles}`, {about.model} on {about.server}, {about.machine}."]
    named = [f"{name} ({', '.join(f'{package} {version}' for package, version in its.items())})" for name, its in about.versions.items()]
    lines += ["Versions: " + "; ".join(named) + "."]
    failures = [f"- {row.contestant}: {failure}" for row in found for failure in row.failures]
    return "\n".join([*lines, *(["", "Failures:", "", *failures] if failures else [])]) + "\n"


def as_json(found: Sequence[Row], about: Circumstances, turns: Sequence[Turn]) -> str:
    """Write everything: the circumstances, the rows with every measure, and what each turn cost."""
    written = {
        "circumstances": {**asdict(about), "date": about.date.isoformat()},
        "rows": [
            {
                **{name: value for name, value in asdict(row).items() if name != "tallies"},
                "measures": {measure.value: _measured(measure, tally) for measure, tally in row.tallies.items()},
            }
            for row in found
        ],
        "turns": [
            {name: asdict(value) if isinstance(value, Spent) else value for name, value in vars(turn).items() if name != "prediction"}
            for turn in turns
        ],
    }
    return json.dumps(written, indent=1, ensure_ascii=False) + "\n"


def _row(turns: Sequence[Turn], evaluation: Evaluation) -> Row:
    failed = [f"{turn.article}: {turn.failure}" for turn in turns if turn.failure]
    parts = [f"{turn.article}, a part: {problem}" for turn in turns for problem in turn.lost]
    return Row(
        contestant=turns[0].contestant,
        tallies=evaluation.overall,
        articles=len(turns),
        seconds=sum(turn.seconds for turn in turns),
        spent=sum((turn.spent for turn in turns), Spent()),
        failures=(*failed, *parts),
        failed_articles=len(failed),
    )


def _cells(row: Row) -> list[str]:
    shares = [f"{measure.score(row.tallies[measure]):.2f}" if row.tallies[measure].cases else _NOTHING for measure in _MEASURES.values()]
    # Where an answer came without usage, more was spent than is known.
    at_least = "≥ " if row.spent.uncounted else ""
    tokens = [f"{at_least}{number:,}" for number in (row.spent.completion_tokens, row.spent.prompt_tokens)]
    return [row.contestant, *shares, f"{row.seconds:.0f}", *tokens, _failures(row)]


def _failures(row: Row) -> str:
    parts = len(row.failures) - row.failed_articles
    counts = {"article": row.failed_articles, "part": parts}
    return ", ".join(f"{count} {what}{'s' * (count > 1)}" for what, count in counts.items() if count) or "none"


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _measured(measure: AnyMeasure, tally: Tally) -> dict[str, Any]:
    value = measure.score(tally) if tally.cases else None
    return {"value": value, **asdict(tally)}

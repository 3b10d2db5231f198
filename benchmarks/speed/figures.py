"""What the benchmark says: a figure a line, each with its bound, in Markdown and in JSON."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

__all__ = ["Figure", "as_json", "as_markdown"]

_DIGITS = 3


@dataclass(frozen=True)
class Figure:
    """One thing that was measured.

    Args:
        what: In words.
        value: The median of the rounds.
        unit: `×` for a ratio, else that of the value.
        bound: What the value must not pass.
        at_least: Whether the bound is the least allowed; else it is the most.
        detail: What the value comes from.
    """

    what: str
    value: float
    unit: str
    bound: float
    at_least: bool = False
    detail: str = ""

    @property
    def is_met(self) -> bool:
        """Whether the value keeps to its bound."""
        return self.value >= self.bound if self.at_least else self.value <= self.bound


def as_markdown(figures: Sequence[Figure], machine: str, day: dt.date) -> str:
    """Write the table, with the machine and the day below it."""
    lines = ["| | measured | wanted | met | from |", "|---|---:|---:|---|---|", *map(_line, figures)]
    return "\n".join([*lines, "", f"{day.isoformat()}, {machine}. Each figure is the median of its rounds."]) + "\n"


def as_json(figures: Sequence[Figure], machine: str, day: dt.date) -> str:
    """Write everything."""
    written = {"machine": machine, "date": day.isoformat(), "figures": [{**asdict(figure), "is_met": figure.is_met} for figure in figures]}
    return json.dumps(written, indent=1, ensure_ascii=False) + "\n"


def _line(figure: Figure) -> str:
    wanted = f"{'≥' if figure.at_least else '≤'} {_shown(figure.bound, figure.unit)}"
    return f"| {figure.what} | {_shown(figure.value, figure.unit)} | {wanted} | {'yes' if figure.is_met else 'no'} | {figure.detail} |"


def _shown(value: float, unit: str) -> str:
    number = f"{value:,.0f}" if value >= 10**_DIGITS else f"{value:.{_DIGITS}g}"
    return f"{number} {unit}"

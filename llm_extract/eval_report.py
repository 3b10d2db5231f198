"""An evaluation for people, as tables in a terminal, and for programs, as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from itertools import accumulate
from typing import Any

from rich import box
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from llm_extract.evaluate import Change, Comparison, Evaluation, Interval, Report
from llm_extract.plurals import counted
from llm_extract.scoring import AnyMeasure, Finding, Judgement, Measure, Tally, Verdict
from llm_extract.visible import visible

__all__ = ["as_json", "print_report"]

_NOTHING = "–"
_SHORT = {Measure.ATTRIBUTED: "attrib.", Measure.MEETINGS: "meet.", Measure.PARTICIPANTS_EXACT: "exact", Measure.GROUNDED: "ground."}
_STYLES = {Verdict.WRONG: "yellow", Verdict.MISSED: "red", Verdict.SPURIOUS: "magenta"}
_COLUMNS_CHARS = 68  # room for what is told of each article
_MANY = 10  # names of articles that are told one by one


def print_report(report: Report, console: Console, *, errors: bool = False) -> None:
    """Print an evaluation.

    Args:
        report: What to print.
        console: Where to.
        errors: Also list what is wrong, missed or spurious, article by article.
    """
    evaluation = report.evaluation
    console.print(_overall(evaluation, report.intervals))
    console.print(_by_article(evaluation))
    if report.comparison:
        _print_comparison(report.comparison, console)
    if errors:
        for name, judgement in evaluation.articles.items():
            _print_errors(name, judgement, console)
    for note in _notes(evaluation):
        console.print(Text(note, "yellow"))


def as_json(report: Report, *, errors: bool = False) -> str:
    """Write an evaluation as JSON: `overall`, `articles`, `missing`, `extra`, `without_text`, and what else was asked for.

    F1 measures have precision, recall and f1, shares have share; either has its counts. Values are not rounded.

    Args:
        report: What to write.
        errors: Also give `errors`, what is wrong, missed or spurious.
    """
    evaluation = report.evaluation
    written: dict[str, Any] = {
        "overall": {
            measure.value: {**_measured(measure, tally), "interval": report.intervals[measure]}
            for measure, tally in evaluation.overall.items()
        },
        "articles": {
            name: {measure.value: _measured(measure, judgement.tallies[measure]) for measure in evaluation.measures}
            for name, judgement in evaluation.articles.items()
        },
        "missing": evaluation.missing,
        "extra": evaluation.extra,
        "without_text": evaluation.without_text,
    }
    if errors:
        written["errors"] = [
            {"article": name, **asdict(finding)} for name, judgement in evaluation.articles.items() for finding in _errors(judgement)
        ]
    if report.comparison:
        written["comparison"] = _compared(report.comparison)
    return json.dumps(written, indent=2, ensure_ascii=False)


def _measured(measure: AnyMeasure, tally: Tally) -> dict[str, float]:
    if measure.is_f1:
        return {"precision": tally.precision, "recall": tally.recall, "f1": tally.f1, **asdict(tally)}
    return {"share": tally.recall, "right": tally.right, "cases": tally.cases}


def _compared(comparison: Comparison) -> dict[str, Any]:
    differences = {
        measure.value: {"before": found.before, "now": found.now, "difference": found.now - found.before, "interval": found.interval}
        for measure, found in comparison.differences.items()
    }
    return {"differences": differences, "changes": [asdict(change) for change in comparison.changes]}


def _overall(evaluation: Evaluation, intervals: Mapping[AnyMeasure, Interval | None]) -> Table:
    count = len(evaluation.articles)
    headings = ("measure", "value", "95 % interval", "P", "R", "right", "spurious", "missed")
    table = _table(counted(count, "article"), *headings)
    for measure, tally in evaluation.overall.items():
        start = _value(measure, tally), _between(intervals[measure])
        if measure.is_f1:
            shares = _number(tally.precision), _number(tally.recall)
            table.add_row(f"{_heading(measure)} F1", *start, *shares, str(tally.right), str(tally.spurious), str(tally.missed))
        else:
            table.add_row(_heading(measure), *start, "", "", f"{tally.right} of {tally.cases}")
    return table


def _by_article(evaluation: Evaluation) -> Table:
    short: Mapping[Any, str] = _SHORT
    headings = {measure: short.get(measure, _heading(measure)) for measure in evaluation.measures}
    widths = accumulate(len(heading) + 2 for heading in headings.values())
    measures = [measure for measure, width in zip(headings, widths, strict=True) if width <= _COLUMNS_CHARS]
    table = _table("By article", "article", *(headings[measure] for measure in measures))
    for name, judgement in evaluation.articles.items():
        table.add_row(visible(name), *(_value(measure, judgement.tallies[measure], places=2) for measure in measures))
    return table


def _print_comparison(comparison: Comparison, console: Console) -> None:
    table = _table("Compared", "measure", "before", "now", "difference", "95 % interval")
    for measure, found in comparison.differences.items():
        gap = found.now - found.before
        colour = "green" if gap > 0 else "red" if gap < 0 else ""
        row = [Text(_heading(measure)), Text(_number(found.before)), Text(_number(found.now)), Text(f"{gap:+.3f}", colour)]
        table.add_row(*row, Text(_between(found.interval, signed=True)))
    console.print(table)
    for better, heading, colour in ((True, "Better", "green"), (False, "Worse", "red")):
        changes = [change for change in comparison.changes if change.better == better]
        console.print(Text(f"{heading}: {len(changes)}", style=f"bold {colour}"))
        for change in changes:
            console.print(_change(change))
    console.print()


def _change(change: Change) -> RenderableType:
    how = change.how
    if how not in {"found", "missed", "spurious", "no longer spurious"}:
        how = f"{_fact(how)} {'right' if change.better else 'wrong'}"
    return Padding(Text(f"{visible(change.article)}: {change.finding.what} {how}: {visible(change.finding.text)}"), (0, 0, 0, 2))


def _print_errors(name: str, judgement: Judgement, console: Console) -> None:
    errors = [*_errors(judgement)]
    if not errors:
        return
    console.print(Text(visible(name), "bold"))
    for finding in errors:
        verdict = Text(f"{finding.verdict.value} {finding.what}", _STYLES[finding.verdict])
        console.print(Padding(Text.assemble(verdict, f" {visible(finding.text)}"), (0, 0, 0, 2)))
        for fact in finding.wrong:
            told = f"{_fact(fact.measure.value)}: {visible(fact.given) or _NOTHING}, not {visible(fact.gold) or _NOTHING}"
            console.print(Padding(Text(told), (0, 0, 0, 4)))
        if finding.evidence:
            console.print(Padding(Text(f"“{visible(finding.evidence)}”", "dim"), (0, 0, 0, 4)))
    console.print()


def _fact(measure: str) -> str:
    named: Mapping[str, str] = {Measure.ATTRIBUTED: "speaker", Measure.PARTICIPANTS_EXACT: "participants"}
    return visible(named.get(measure, measure))


def _heading(measure: AnyMeasure) -> str:
    return visible(measure.value.replace("_", " "))


def _errors(judgement: Judgement) -> Iterator[Finding]:
    return (finding for finding in judgement.findings if finding.verdict != Verdict.RIGHT)


def _notes(evaluation: Evaluation) -> Iterator[str]:
    if evaluation.missing:
        yield f"Without a result, and so without a single find: {_names(evaluation.missing)}."
    if evaluation.extra:
        yield f"Without gold, and so left out: {_names(evaluation.extra)}."
    if evaluation.without_text:
        yield f"Offsets believed, because there is no text (--texts): {_names(evaluation.without_text)}."


def _names(names: Iterable[str]) -> str:
    told = [visible(name) for name in names]
    return ", ".join(told[:_MANY]) + (f" and {len(told) - _MANY} more" if len(told) > _MANY else "")


def _table(title: str, first: str, *others: str) -> Table:
    style = {"title_justify": "left", "title_style": "bold underline", "header_style": "dim"}
    table = Table(title=title, box=box.SIMPLE_HEAD, pad_edge=False, collapse_padding=True, **style)  # type: ignore[arg-type]
    table.add_column(first, overflow="fold")
    for heading in others:
        table.add_column(heading, justify="right", no_wrap=True)
    return table


def _value(measure: AnyMeasure, tally: Tally, *, places: int = 3) -> str:
    return _number(measure.score(tally), places=places) if tally.cases else _NOTHING


def _between(interval: Interval | None, *, signed: bool = False) -> str:
    if interval is None:
        return _NOTHING
    form = "+.3f" if signed else ".3f"
    return f"{interval.low:{form}} to {interval.high:{form}}"


def _number(value: float, *, places: int = 3) -> str:
    return f"{value:.{places}f}"

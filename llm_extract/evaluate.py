"""How good results are, measured on gold: over all articles, article by article, and against other results.

Counts are added up over the articles before shares are taken of them (micro average). An article of the gold without a result
counts as one in which nothing was found; results without gold are left out, and both are named. What there is nothing to measure
of has the value 0 and `Tally.cases` 0.

The intervals are percentile bootstrap intervals over articles (Efron and Tibshirani 1993): articles are drawn anew, with
repetition, as many as there are, and 95 % of the values so found lie within. Two results are compared on the same draws
(paired bootstrap; Koehn 2004). They say how much the value hangs on the choice of articles, not on chance in the model.
"""

from __future__ import annotations

import random
import statistics
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import NamedTuple, Protocol, TypeVar

from llm_extract.errors import ArticleError
from llm_extract.export import file_name
from llm_extract.gold import GoldArticle, Prediction, read_gold, read_predictions, read_texts
from llm_extract.scoring import AnyMeasure, Finding, Judgement, Measure, Tally, Verdict, judge

__all__ = [
    "RESAMPLES",
    "SEED",
    "Change",
    "Comparison",
    "Difference",
    "Evaluation",
    "HasId",
    "Interval",
    "Report",
    "check_common",
    "compare",
    "evaluate",
    "intervals",
    "judged",
    "matched",
    "report",
    "reported",
]

P = TypeVar("P")

RESAMPLES = 1000
"""How often articles are drawn anew for an interval."""

SEED = 0
"""Where the draws begin; with the same one, they are the same."""


class HasId(Protocol):
    """Gold of an article, which has an id."""

    @property
    def id(self) -> str:
        """The article's id."""


class Interval(NamedTuple):
    """Between which values a measure lies in 95 % of the draws."""

    low: float
    high: float


@dataclass(frozen=True)
class Evaluation:
    """What results are worth.

    Args:
        articles: The judgement of each article of the gold, by name.
        missing: Articles of the gold without a result, which count as results without quotes and meetings.
        extra: Results without gold, which count for nothing.
        without_text: Articles whose text was not found: their offsets are believed.
        measures: What was measured, in the order in which it is told.
    """

    articles: Mapping[str, Judgement]
    missing: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    without_text: tuple[str, ...] = ()
    measures: tuple[AnyMeasure, ...] = tuple(Measure)

    @property
    def overall(self) -> dict[AnyMeasure, Tally]:
        """The counts of all articles, for every measure."""
        return {measure: sum((article.tallies[measure] for article in self.articles.values()), Tally()) for measure in self.measures}


@dataclass(frozen=True)
class Difference:
    """How much a measure differs between two results.

    Args:
        before: The value of the others.
        now: The value of the results.
        interval: Of `now - before`; None where it can't be told. What does not hold 0 is hardly chance.
    """

    before: float
    now: float
    interval: Interval | None = None


@dataclass(frozen=True)
class Change:
    """A quote or meeting with which two results deal differently.

    Args:
        article: The article's name.
        better: Whether the results are right where the others were wrong, or the reverse.
        how: `found` or `missed`, `no longer spurious` or `spurious`, or the measure by which something about it is
            now right or wrong.
        finding: The quote or meeting as the results have it; as the others had it where it is no longer spurious.
    """

    article: str
    better: bool
    how: str
    finding: Finding


@dataclass(frozen=True)
class Comparison:
    """What got better and what worse.

    Args:
        differences: For each measure.
        changes: Article by article.
    """

    differences: Mapping[AnyMeasure, Difference]
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Report:
    """All that `llm-extract eval` says.

    Args:
        evaluation: What the results are worth.
        intervals: For each measure; None where it can't be told.
        comparison: With the other results; None where none were given.
    """

    evaluation: Evaluation
    intervals: Mapping[AnyMeasure, Interval | None]
    comparison: Comparison | None = None


def report(
    results: Path, gold: Path, *, texts: Path | None = None, against: Path | None = None, resamples: int = RESAMPLES, seed: int = SEED
) -> Report:
    """Read results and gold, and measure the one on the other.

    Args:
        results: What `llm-extract run` wrote, or a folder of neutral predictions as `export --format score` writes them.
        gold: A folder of gold, `NAME.json` for each article.
        texts: The folder of the articles, by which offsets are checked; None looks for them near the gold, see `read_texts`.
        against: Results of the same kind to compare with.
        resamples: How often articles are drawn anew; under 2 there are no intervals.
        seed: Where the draws begin.

    Raises:
        ArticleError: There is nothing to measure: no gold, or no result for any article of it.
        OutputError: Results can't be read.
        SettingError: The gold is not as it must be, or a folder is none.
    """
    right = read_gold(gold)
    if not right:
        raise ArticleError(f"There is no gold in {gold}.", remedy="Give a folder with NAME.json for each article.")
    bodies = read_texts(gold, right, texts)

    def measured(path: Path) -> Evaluation:
        found = evaluate(right, read_predictions(path), bodies)
        check_common(found, path, gold)
        return found

    return reported(measured(results), measured(against) if against else None, resamples=resamples, seed=seed)


def reported(evaluation: Evaluation, before: Evaluation | None = None, *, resamples: int = RESAMPLES, seed: int = SEED) -> Report:
    """Add to an evaluation its intervals, and what is better and worse than before."""
    compared = compare(evaluation, before, resamples=resamples, seed=seed) if before else None
    return Report(evaluation, intervals(evaluation, resamples=resamples, seed=seed), compared)


def evaluate(gold: Mapping[str, GoldArticle], predictions: Mapping[str, Prediction], texts: Mapping[str, str] | None = None) -> Evaluation:
    """Judge what was predicted for each article of the gold.

    Args:
        gold: By name.
        predictions: By the article's id, or by the gold's name.
        texts: By name; an article that is not among them is judged without its text.
    """
    return judged(gold, predictions, texts or {}, lambda _, article, given, text: judge(article, given or Prediction(), text))


def judged(
    gold: Mapping[str, GoldArticle],
    predictions: Mapping[str, P],
    texts: Mapping[str, str],
    judge_article: Callable[[str, GoldArticle, P | None, str], Judgement],
    measures: Sequence[AnyMeasure] = tuple(Measure),
) -> Evaluation:
    """Judge each article of the gold, by its name, with what was predicted for it, if anything, and its text, if it is known."""
    found = matched(gold, predictions)
    return Evaluation(
        {
            name: judge_article(name, article, predictions[found[name]] if name in found else None, texts.get(name, ""))
            for name, article in gold.items()
        },
        missing=tuple(name for name in gold if name not in found),
        extra=tuple(name for name in predictions if name not in found.values()),
        without_text=tuple(name for name in gold if name not in texts),
        measures=tuple(measures),
    )


def intervals(evaluation: Evaluation, *, resamples: int = RESAMPLES, seed: int = SEED) -> dict[AnyMeasure, Interval | None]:
    """Return the bootstrap interval of each measure; None where there are fewer than two articles or nothing to measure."""
    drawn = _drawn(evaluation, resamples, seed)
    return {measure: _interval([value for value in values if value is not None]) for measure, values in drawn.items()}


def compare(now: Evaluation, before: Evaluation, *, resamples: int = RESAMPLES, seed: int = SEED) -> Comparison:
    """Tell what got better and worse from one evaluation to another on the same gold.

    Raises:
        ValueError: They are on different articles.
    """
    if list(now.articles) != list(before.articles):
        message = "only evaluations on the same articles can be compared"
        raise ValueError(message)
    drawn, others = _drawn(now, resamples, seed), _drawn(before, resamples, seed)
    differences = {}
    for measure in now.measures:
        pairs = zip(drawn[measure], others[measure], strict=True)
        gaps = [value - other for value, other in pairs if value is not None and other is not None]
        differences[measure] = Difference(measure.score(before.overall[measure]), measure.score(now.overall[measure]), _interval(gaps))
    changes = [change for name in now.articles for change in _changes(name, now.measures, now.articles[name], before.articles[name])]
    return Comparison(differences, tuple(changes))


def check_common(evaluation: Evaluation, results: Path, gold: Path) -> None:
    """Refuse to measure where there is nothing to measure.

    Raises:
        ArticleError: No article of the gold has a result.
    """
    if len(evaluation.missing) == len(evaluation.articles):
        what = f"{results} has no result for any article of the gold in {gold}."
        raise ArticleError(what, remedy="Results and gold belong together by the article's id or file name.")


def matched(gold: Mapping[str, HasId], predictions: Collection[str]) -> dict[str, str]:
    """Return the key of the prediction for each article that has one: the gold's name, its id, or what is a file of that name."""
    by_file = {file_name(key): key for key in predictions}
    keys = {name: (name if name in predictions else article.id) for name, article in gold.items()}
    found = {name: key if key in predictions else by_file.get(name) for name, key in keys.items()}
    return {name: key for name, key in found.items() if key is not None}


def _drawn(evaluation: Evaluation, resamples: int, seed: int) -> dict[AnyMeasure, list[float | None]]:
    """Return the values of each measure in draw after draw; None in a draw with nothing to measure."""
    draw = random.Random(seed)  # noqa: S311  no secret
    articles = [*evaluation.articles.values()]
    values: dict[AnyMeasure, list[float | None]] = {measure: [] for measure in evaluation.measures}
    counts = {measure: [astuple(article.tallies[measure]) for article in articles] for measure in evaluation.measures}
    for _ in range(resamples if len(articles) > 1 else 0):
        chosen = draw.choices(range(len(articles)), k=len(articles))
        for measure, rows in counts.items():
            tally = Tally(*map(sum, zip(*(rows[number] for number in chosen), strict=True)))
            values[measure].append(measure.score(tally) if tally.cases else None)
    return values


def _interval(values: list[float]) -> Interval | None:
    if len(values) <= 1:
        return None
    cuts = statistics.quantiles(values, n=40, method="inclusive")  # of 39 the outer ones leave 2.5 % on either side
    return Interval(cuts[0], cuts[-1])


def _changes(article: str, measures: Iterable[AnyMeasure], now: Judgement, before: Judgement) -> Iterable[Change]:
    earlier = {(finding.what, finding.gold): finding for finding in before.findings if finding.gold is not None}
    for finding in now.findings:
        if finding.gold is not None:
            yield from _changed(article, measures, finding, earlier[finding.what, finding.gold])
    for better, how, here, there in ((True, "no longer spurious", before, now), (False, "spurious", now, before)):
        elsewhere = Counter(_key(finding) for finding in there.findings if finding.verdict == Verdict.SPURIOUS)
        for finding in here.findings:
            if finding.verdict != Verdict.SPURIOUS:
                continue
            if elsewhere[_key(finding)]:
                elsewhere[_key(finding)] -= 1
            else:
                yield Change(article, better, how, finding)


def _key(finding: Finding) -> tuple[str, str]:
    return finding.what, finding.text


def _changed(article: str, measures: Iterable[AnyMeasure], now: Finding, before: Finding) -> Iterable[Change]:
    missed = [finding.verdict == Verdict.MISSED for finding in (now, before)]
    if missed[0] != missed[1]:
        yield Change(article, missed[1], "missed" if missed[0] else "found", now)
        return
    wrong, was_wrong = ({fact.measure for fact in finding.wrong} for finding in (now, before))
    for measure in measures:
        if (measure in wrong) != (measure in was_wrong):
            yield Change(article, measure in was_wrong, measure.value, now)

"""How good the records of a user's own schema are: against gold in the same schema, field by field.

Records of an answer and of the gold are paired one to one, so that the fields that agree are the most. Two can be one record where the
schema's key agrees or, without a key, at least half of the fields that either of them has. A field counts in pairs only: what both have
is right where it agrees, and both spurious and missed where it differs; of a list every item counts. The fields of a record within a
record count one by one.

When values agree, `llm_extract.record_fields` says. The same holds for what other programs answer: plain strings where a result has
slices and parties. What points at the article is grounded where the article has these words, at its offsets if it has some. A date in
EDTF is not the article's wording, and is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from llm_extract import dates
from llm_extract.assignment import best_pairs
from llm_extract.errors import ArticleError
from llm_extract.evaluate import RESAMPLES, SEED, Evaluation, Report, check_common, judged, reported
from llm_extract.gold import GoldArticle, read_gold, read_predictions, read_texts
from llm_extract.record_fields import (
    EVIDENCE,
    GROUNDED,
    HALF,
    RECORDS,
    RecordMeasure,
    fields_of,
    items_of,
    leaves_of,
    name_of,
    share_of,
    uncited,
)
from llm_extract.record_gold import Given, as_record, as_value, gold_records
from llm_extract.schemas import Schema, schema_of
from llm_extract.scoring import AnyMeasure, Finding, Judgement, Tally, Verdict, WrongFact, shares
from llm_extract.shapes import Shape, Sort
from llm_extract.slices import is_slice
from llm_extract.wording import in_words, is_cited

__all__ = ["EVIDENCE", "GROUNDED", "RECORDS", "RecordMeasure", "evaluate_records", "judge_records", "report_records"]

M = TypeVar("M", bound=BaseModel)


def report_records(  # noqa: PLR0913  as `evaluate.report`, with a schema
    results: Path,
    gold: Path,
    schema: type[M] | Schema[M],
    *,
    texts: Path | None = None,
    against: Path | None = None,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> Report:
    """Read results and gold, and measure the records of a schema.

    Args:
        results: What `llm-extract run` wrote, or a folder with `NAME.json`, `{"records": […]}`, for each article.
        gold: A folder of such files, see `llm_extract.record_gold`.
        schema: Of the records.
        texts: The folder of the articles; None looks for them near the gold, see `read_texts`.
        against: Results of the same kind to compare with.
        resamples: How often articles are drawn anew; under 2 there are no intervals.
        seed: Where the draws begin.

    Raises:
        ArticleError: There is nothing to measure: no gold with records, or no result for any article of it.
        OutputError: Results can't be read, or hold records of other schemas only.
        SettingError: The gold is not as it must be, or a folder is none.
    """
    known = schema_of(schema)
    right = {name: article for name, article in read_gold(gold).items() if article.records is not None}
    if not right:
        raise ArticleError(f"There is no gold with records in {gold}.", remedy='Give a folder with NAME.json, {"records": […]}, for each.')
    bodies = read_texts(gold, right, texts)

    def measured(path: Path) -> Evaluation:
        predictions = {name: one.records for name, one in read_predictions(path, known.name).items()}
        found = _evaluated(known, right, predictions, bodies)
        check_common(found, path, gold)
        return found

    return reported(measured(results), measured(against) if against else None, resamples=resamples, seed=seed)


def evaluate_records(
    schema: type[M] | Schema[M],
    gold: Mapping[str, Sequence[Given]],
    predictions: Mapping[str, Sequence[Given]],
    texts: Mapping[str, str] | None = None,
) -> Evaluation:
    """Judge the records that were predicted for each article of the gold, by whatever program.

    Args:
        schema: Of the records.
        gold: The right ones, by the article's name.
        predictions: Those that were found, by the same names: as results have them, or plain JSON; what does not fit the schema is wrong.
        texts: The articles; what has none is judged without.

    Raises:
        SettingError: The schema's model refuses a record of the gold.

    Example:
        >>> class Strike(BaseModel):
        ...     workers: int
        ...     city: str
        >>> found = evaluate_records(Strike, {"a": [{"workers": 300, "city": "Riga"}]}, {"a": [{"workers": 200, "city": "Riga"}]})
        >>> found.overall[RECORDS].f1, found.overall[RecordMeasure("workers")].f1
        (1.0, 0.0)
    """
    articles = {name: GoldArticle(id=name, records=tuple(map(as_value, records))) for name, records in gold.items()}
    return _evaluated(schema_of(schema), articles, predictions, texts or {})


def judge_records(schema: Schema[M], gold: Sequence[M], given: Sequence[Given], text: str = "") -> Judgement:
    """Compare one article's records with its gold.

    Args:
        schema: Of the records.
        gold: The right ones.
        given: Those that were found.
        text: The article. Without it offsets are believed, and plain strings are not judged for being grounded.
    """
    return _Judge(schema, text).judge(gold, [as_value(one) for one in given])


def _evaluated(
    schema: Schema[M], gold: Mapping[str, GoldArticle], predictions: Mapping[str, Sequence[Given]], texts: Mapping[str, str]
) -> Evaluation:
    def judge_article(name: str, article: GoldArticle, given: Sequence[Given] | None, text: str) -> Judgement:
        return judge_records(schema, gold_records(schema, article.records or (), name), given or (), text)

    measures = (RECORDS, *(leaf.measure for leaf in leaves_of(schema.shape)), GROUNDED, EVIDENCE)
    return judged(gold, predictions, texts, judge_article, measures)


class _Judge(Generic[M]):
    def __init__(self, schema: Schema[M], text: str) -> None:
        self._schema, self._text = schema, text
        self._leaves = leaves_of(schema.shape)
        self._flat = " ".join(text.split()).casefold()

    def judge(self, gold: Sequence[M], given: Sequence[Mapping[str, Any]]) -> Judgement:
        right = [as_value(one) for one in gold]
        pairs = best_pairs([[self._fit(one, value, other) for other in given] for one, value in zip(gold, right, strict=True)])
        spare = [other for number, other in enumerate(given) if number not in pairs.values()]
        tallies: dict[AnyMeasure, Tally] = {RECORDS: Tally(len(pairs), len(spare), len(right) - len(pairs))}
        for leaf in self._leaves:
            tallies[leaf.measure] = sum((leaf.counts(right[row], given[column]) for row, column in pairs.items()), Tally())
        for measure, marks in ((GROUNDED, self._grounded), (EVIDENCE, self._evident)):
            found = [mark for record in given for part in _walk(self._schema.shape, record) if (mark := marks(*part)) is not None]
            tallies[measure] = shares(sum(found), len(found))
        findings = [self._finding(row, value, given[pairs[row]] if row in pairs else None) for row, value in enumerate(right)]
        findings += [Finding(self._schema.name, Verdict.SPURIOUS, in_words(other)) for other in spare]
        return Judgement(tallies, tuple(findings))

    def _fit(self, gold: M, right: Mapping[str, Any], given: Mapping[str, Any]) -> int:
        """Weigh how well two fit as one record; 0 where they can't be one."""
        share = share_of(self._leaves, right, given)
        key = self._same_key(gold, right, given)
        if key is None:
            return share if share >= HALF else 0
        return 1 + share if key else 0

    def _same_key(self, gold: M, right: Mapping[str, Any], given: Mapping[str, Any]) -> bool | None:
        """Tell whether the schema's key agrees; None where it has none, or the answer is too broken to have one."""
        key = self._schema.key if self._schema.many else None
        if callable(key):
            try:
                return bool(key(gold) == key(as_record(self._schema, given)))
            except ValidationError:
                return None
        if not key:
            return None
        tallies = [leaf.counts(right, given) for leaf in self._leaves if leaf.path[0] in key]
        return all(not (tally.spurious or tally.missed) for tally in tallies)

    def _finding(self, row: int, right: Mapping[str, Any], given: Mapping[str, Any] | None) -> Finding:
        if given is None:
            return Finding(self._schema.name, Verdict.MISSED, in_words(right), gold=row)
        tallies = {leaf: leaf.counts(right, given) for leaf in self._leaves}
        wrong = tuple(
            WrongFact(leaf.measure, in_words(leaf.of(right)), in_words(leaf.of(given)))
            for leaf, tally in tallies.items()
            if tally.spurious or tally.missed
        )
        return Finding(self._schema.name, Verdict.WRONG if wrong else Verdict.RIGHT, in_words(right), wrong=wrong, gold=row)

    def _grounded(self, shape: Shape, value: Any) -> bool | None:  # noqa: ANN401  JSON
        """Tell of a value that points at the article whether it is there; None of any other."""
        if value == "" or not shape.points or shape.sort is Sort.CITED:
            return None
        if shape.sort is Sort.PARTY and isinstance(value, Mapping) and "mention" in value:
            return value["mention"] is not None and self._has(value["mention"])
        if (shape.sort is Sort.DATE and _is_edtf(value)) or not (self._text or is_slice(value)):
            return None
        return self._has(name_of(value) if shape.sort is Sort.PARTY else value)

    def _evident(self, shape: Shape, value: Any) -> bool | None:  # noqa: ANN401  JSON
        """Tell of a cited value whether it comes with sentences of the article; None of any other."""
        if shape.sort is not Sort.CITED or uncited(value) is None:
            return None
        evidence = value["evidence"] if is_cited(value) else ()
        return bool(evidence) and all(map(self._has, evidence))

    def _has(self, value: Any) -> bool:  # noqa: ANN401  JSON
        """Tell whether the article has some words: at their offsets, or anywhere where they have none."""
        if is_slice(value):
            return not self._text or self._text[value["start"] : value["end"]] == value["text"]
        words = " ".join(in_words(value).split()).casefold()
        return bool(words) and words in self._flat


def _walk(shape: Shape, value: Any) -> Iterator[tuple[Shape, Any]]:  # noqa: ANN401  JSON
    """Yield all that a record consists of with its shape, lists and what is cited included."""
    if value is None:
        return
    yield shape, value
    if shape.sort is Sort.CITED:
        yield from _walk(shape.inner, uncited(value))
    elif shape.sort is Sort.LIST:
        for item in items_of(value):
            yield from _walk(shape.inner, item)
    elif shape.sort in {Sort.RECORD, Sort.UNION} and isinstance(value, Mapping):
        shapes = {one.name: one.shape for one in fields_of(shape) if one.name in value}  # of a union, those of any of its records
        for name, part in shapes.items():
            yield from _walk(part, value[name])


def _is_edtf(value: object) -> bool:
    try:
        return isinstance(value, str) and bool(dates.validate(value))
    except ValueError:
        return False

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llm_extract.errors import ArticleError
from llm_extract.evaluate import Evaluation, Interval, compare, evaluate, intervals, report
from llm_extract.gold import GoldArticle, GoldMeeting, PredictedMeeting, PredictedQuote, Prediction, read_gold, read_texts
from llm_extract.scoring import AnyMeasure, Judgement, Measure, Tally

NAMES = st.sampled_from(["Ann Lee", "Bo Kim", "Cy Roe", "Di Fox", "Utopia", "Board of Trade"])
WORDS = "“We agree,” said Lee. “For now.”"


def _quote(text: str = "For now.", **about: object) -> dict[str, object]:
    start = WORDS.index(text)
    return {"text": text, "start": start, "end": start + len(text), "speaker": "Ann Lee", **about}


def _gold(*quotes: dict[str, object]) -> GoldArticle:
    return GoldArticle.model_validate({"quotes": quotes})


def _answer(*quotes: dict[str, object]) -> Prediction:
    return Prediction.model_validate({"quotes": quotes})


def _with(counts: Mapping[str, Tally]) -> Evaluation:
    """An evaluation with these counts of quotes."""
    others: dict[AnyMeasure, Tally] = dict.fromkeys(Measure, Tally())
    return Evaluation({name: Judgement({**others, Measure.QUOTES: tally}, ()) for name, tally in counts.items()})


def perfect(gold: GoldArticle, text: str) -> Prediction:
    """What an extractor would answer that is right in everything."""
    quotes = (PredictedQuote(text=quote.text, start=quote.start, end=quote.end, speaker=quote.speaker) for quote in gold.quotes or ())
    return Prediction(quotes=tuple(quotes), meetings=tuple(_perfect(meeting, text) for meeting in gold.meetings or ()))


def _perfect(meeting: GoldMeeting, text: str) -> PredictedMeeting:
    places = [(text.index(part), text.index(part) + len(part)) for part in meeting.evidence if isinstance(part, str)]
    status, kind, place = meeting.status[0], meeting.kind[0], next(iter(meeting.place), None)
    facts: dict[str, Any] = {"participants": meeting.participants, "date": meeting.date, "event": meeting.event}
    return PredictedMeeting(status=status, kind=kind, place=place, evidence=tuple(places), **facts)


def _imperfect(evaluation: Evaluation) -> dict[str, float]:
    return {
        f"{name} {measure}": measure.score(tally)
        for name, article in evaluation.articles.items()
        for measure, tally in article.tallies.items()
        if tally.cases and measure.score(tally) < 1
    }


class TestEvaluate:
    def test_what_is_right_in_everything_has_one_everywhere_on_the_seeds(self, seeds: Path) -> None:
        gold = read_gold(seeds / "gold")
        texts = read_texts(seeds / "gold", gold)
        evaluation = evaluate(gold, {name: perfect(article, texts[name]) for name, article in gold.items()}, texts)
        assert len(evaluation.articles) == len(texts) == 5
        assert {measure: measure.score(tally) for measure, tally in evaluation.overall.items()} == dict.fromkeys(Measure, 1.0)
        assert all(tally.cases for tally in evaluation.overall.values())
        assert _imperfect(evaluation) == {}

    @settings(max_examples=60, deadline=None)
    @given(
        st.lists(
            st.fixed_dictionaries(
                {
                    "participants": st.lists(NAMES, min_size=2, max_size=3, unique=True),
                    "status": st.lists(st.sampled_from(["held", "planned"]), min_size=1, max_size=2),
                    "kind": st.just(["call"]),
                    "date": st.sampled_from(["2024-05-06", "2024-05", "2024-05-06/2024-05-09"]),
                    "place": st.sampled_from([None, ["Oslo"], ["Bergen", "Norway"]]),
                    "event": st.sampled_from([None, "Fjord Forum", "the summit"]),
                    "neutral": st.booleans(),
                }
            ),
            max_size=5,
        )
    )
    def test_what_is_right_in_everything_misses_nothing_and_has_nothing_spurious(self, meetings: list[dict[str, object]]) -> None:
        gold = GoldArticle.model_validate({"meetings": meetings})
        found = evaluate({"a": gold}, {"a": perfect(gold, "")}).overall[Measure.MEETINGS]
        assert (found.spurious, found.missed) == (0, 0)

    def test_an_article_without_result_counts_as_one_with_nothing_found(self) -> None:
        evaluation = evaluate({"a": _gold(_quote()), "b": _gold(_quote())}, {"a": _answer(_quote()), "c": _answer()}, {"a": WORDS})
        assert (evaluation.missing, evaluation.extra, evaluation.without_text) == (("b",), ("c",), ("b",))
        assert evaluation.overall[Measure.QUOTES] == Tally(1, 0, 1)

    @pytest.mark.parametrize("key", ["a%2Fb", "a/b", "the id"])
    def test_results_and_gold_meet_by_file_name_or_id(self, key: str) -> None:
        gold = _gold(_quote()).model_copy(update={"id": "the id"})
        assert evaluate({"a%2Fb": gold}, {key: _answer(_quote())}).missing == ()

    def test_counts_are_added_up_before_shares_are_taken(self) -> None:
        assert _with({"a": Tally(1, 0, 0), "b": Tally(1, 0, 2)}).overall[Measure.QUOTES].recall == 0.5


class TestIntervals:
    def test_they_are_the_same_each_time_and_others_with_another_seed(self) -> None:
        evaluation = _with({str(number): Tally(number, 3, 1) for number in range(9)})
        assert intervals(evaluation) == intervals(evaluation)
        assert intervals(evaluation) != intervals(evaluation, seed=1)

    def test_they_hold_the_value_and_are_narrow_where_articles_are_alike(self) -> None:
        mixed = intervals(_with({"a": Tally(9, 1, 1), "b": Tally(1, 9, 9), "c": Tally(5, 5, 5)}))[Measure.QUOTES]
        assert mixed is not None
        assert 0.1 <= mixed.low < 0.5 < mixed.high <= 0.9
        assert intervals(_with(dict.fromkeys("abc", Tally(3, 1, 1))))[Measure.QUOTES] == Interval(0.75, 0.75)

    def test_of_one_article_or_of_nothing_there_is_none(self) -> None:
        assert intervals(_with({"a": Tally(1, 1, 1)}))[Measure.QUOTES] is None
        assert intervals(_with({"a": Tally(), "b": Tally()}))[Measure.QUOTES] is None
        assert intervals(_with(dict.fromkeys("ab", Tally(1, 1, 1))), resamples=0)[Measure.QUOTES] is None


GOLD = {"a": _gold(_quote(), _quote("We agree,")), "b": _gold(_quote())}


class TestCompare:
    def _changes(self, now: Prediction, before: Prediction) -> list[tuple[bool, str, str]]:
        done = [evaluate(GOLD, {"a": answer}) for answer in (now, before)]
        return [(change.better, change.how, change.finding.text) for change in compare(*done).changes]

    def test_what_was_found_lost_and_made_up_is_listed(self) -> None:
        now = _answer(_quote(), _quote("said"))
        before = _answer(_quote("We agree,"), _quote("Lee"))
        assert self._changes(now, before) == [
            (True, "found", "Ann Lee: “For now.”"),
            (False, "missed", "Ann Lee: “We agree,”"),
            (True, "no longer spurious", "Ann Lee: “Lee”"),
            (False, "spurious", "Ann Lee: “said”"),
        ]

    def test_a_speaker_put_right_is_listed_by_its_measure(self) -> None:
        right, wrong = _answer(_quote()), _answer(_quote(speaker="Bo Kim"))
        assert self._changes(right, wrong) == [(True, "attributed", "Ann Lee: “For now.”")]
        assert self._changes(wrong, right) == [(False, "attributed", "Ann Lee: “For now.”")]

    def test_between_equals_nothing_differs(self) -> None:
        evaluation = evaluate(GOLD, {"a": _answer(_quote())})
        comparison = compare(evaluation, evaluation)
        assert comparison.changes == ()
        assert comparison.differences[Measure.QUOTES].interval == Interval(0, 0)

    def test_a_gain_in_every_article_has_an_interval_above_zero(self) -> None:
        now, before = _with(dict.fromkeys("abcd", Tally(3, 0, 1))), _with(dict.fromkeys("abcd", Tally(2, 0, 2)))
        difference = compare(now, before).differences[Measure.QUOTES]
        assert [difference.before, difference.now] == pytest.approx([2 / 3, 6 / 7])
        assert difference.interval is not None
        assert difference.interval.low > 0

    def test_other_articles_can_not_be_compared(self) -> None:
        with pytest.raises(ValueError, match="same articles"):
            compare(_with({"a": Tally()}), _with({"b": Tally()}))


class TestReport:
    @staticmethod
    def _folder(folder: Path, **articles: object) -> Path:
        folder.mkdir()
        for name, content in articles.items():
            (folder / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")
        return folder

    def test_files_are_read_and_measured_with_the_text_beside_the_gold(self, tmp_path: Path) -> None:
        gold, results = self._folder(tmp_path / "gold", a={"quotes": [_quote()]}), self._folder(tmp_path / "r", a={"quotes": [_quote()]})
        (tmp_path / "a.txt").write_text(f"More. {WORDS}", encoding="utf-8")
        found = report(results, gold, against=results)
        assert found.evaluation.overall[Measure.QUOTES] == Tally(1, 0, 0)
        assert found.evaluation.overall[Measure.GROUNDED] == Tally(0, 1, 1)
        assert found.comparison is not None

    def test_nothing_to_measure_is_an_error(self, tmp_path: Path) -> None:
        empty, gold = self._folder(tmp_path / "empty"), self._folder(tmp_path / "gold", a={"quotes": []})
        with pytest.raises(ArticleError, match="There is no gold in"):
            report(gold, empty)
        with pytest.raises(ArticleError, match="no result for any article"):
            report(empty, gold)
        with pytest.raises(ArticleError, match="no result for any article"):
            report(gold, gold, against=empty)

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mentions_of_meetings import result, told

from llm_extract.across import merge
from llm_extract.cluster_scores import GoldClusters, as_text, b_cubed, pairwise, read_clusters, score_dossier
from llm_extract.errors import SettingError
from llm_extract.gold import GoldArticle

clusterings = st.lists(st.integers(0, 4), min_size=1, max_size=8).map(
    lambda homes: [[n for n, home in enumerate(homes) if home == one] for one in set(homes)]
)


@given(clusterings)
def test_what_is_right_scores_one(clusters: list[list[int]]) -> None:
    assert pairwise(clusters, clusters) == b_cubed(clusters, clusters) == (1.0, 1.0)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=8))
def test_b_cubed_turns_round_with_its_sides(homes: list[tuple[int, int]]) -> None:
    gold, given_ = ([[n for n, home in enumerate(homes) if home[side] == one] for one in range(4)] for side in (0, 1))
    there, back = b_cubed(gold, given_), b_cubed(given_, gold)
    assert (there.precision, there.recall) == pytest.approx((back.recall, back.precision))


def test_the_measures_are_those_of_the_literature() -> None:
    gold, given_ = [[1, 2, 3, 4, 5], [6, 7], [8, 9, 10, 11, 12]], [[1, 2, 3, 4, 5], [6, 7, 8, 9, 10, 11, 12]]
    assert b_cubed(gold, given_).precision == pytest.approx(0.7619, abs=1e-4)  # the example of Bagga and Baldwin 1998
    assert b_cubed(gold, given_).recall == 1
    assert pairwise(gold, given_).precision == pytest.approx(21 / 31)
    assert pairwise([[1], [2]], [[1, 2]]).f1 == 0


def _gold(*places: str) -> GoldArticle:
    meeting = {"participants": ["Ana Petrova", "Boris Li"], "status": "held", "kind": "in_person", "date": "2024-05-17"}
    return GoldArticle.model_validate({"meetings": [{**meeting, "place": place} for place in places]})


def test_mentions_that_were_missed_or_invented_stand_alone() -> None:
    day = {"date": "2024-05-17"}
    found = [result("a", "2024-05-18", told(**day, place="Lima")), result("b", "2024-05-18", told(**day, place="Peru"), told(date="1999"))]
    gold = {"a": _gold("Lima", "Quito"), "b": _gold("Lima"), "c": _gold("Lima")}
    clusters = GoldClusters(clusters={"one": ("a#M1", "b#M1", "c#M1"), "two": ("a#M2",)})
    scores = score_dossier(merge(found), clusters, gold)
    assert (scores.mentions, scores.found, scores.spurious) == (4, 2, 1)
    assert scores.pairwise == pytest.approx((1, 1 / 3))


def test_neutral_mentions_and_other_articles_count_for_nothing() -> None:
    day = {"date": "2024-05-17", "place": "Lima"}
    found = [result(name, "2024-05-18", told(**day)) for name in ("a", "b", "other")]
    gold = {"a": _gold("Lima"), "b": _gold("Lima")}
    scores = score_dossier(merge(found), GoldClusters(clusters={"one": ("a#M1",)}, neutral=("b#M1",)), gold)
    assert (scores.mentions, scores.found, scores.spurious, scores.b_cubed) == (1, 1, 0, (1.0, 1.0))
    assert "B³          1.00" in as_text(scores)
    assert json.loads(as_text(scores, as_json=True))["pairwise"]["f1"] == 1


def test_faults_in_gold_clusters_are_named(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="There are no gold clusters"):
        read_clusters(tmp_path)
    (tmp_path / "a.json").write_text('{"clusters": {"one": ["a#M1"], "two": ["a#M1"]}}', encoding="utf-8")
    with pytest.raises(SettingError, match="'a#M1' is in two clusters, 'a: one' and 'a: two'"):
        read_clusters(tmp_path)
    (tmp_path / "a.json").write_text('{"groups": {}}', encoding="utf-8")
    with pytest.raises(SettingError, match=r"a\.json is not as it must be"):
        read_clusters(tmp_path)

"""How good a dossier is, measured on gold clusters: which mentions, of those that annotators found, are one meeting.

A mention of the dossier is that of the gold with which it is paired, as `eval` pairs meetings within one article. What the gold has
and the results do not stands alone in the dossier; what only the results have stands alone in the gold ("twinless" mentions; Stoyanov
et al. 2009). So merging is measured together with finding: from results that miss a mention, recall can't be whole.

Two measures: pairwise F1, over all pairs of mentions that are held for one meeting; and B³ (Bagga and Baldwin 1998), the mean over the
mentions of the share of its record that belongs with it, and of its cluster that is there.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from pydantic import ConfigDict, ValidationError

from llm_extract.described import Described
from llm_extract.dossier import Dossier
from llm_extract.errors import SettingError
from llm_extract.gold import GoldArticle, Prediction, read_gold, read_texts
from llm_extract.schema import Extraction
from llm_extract.scoring import pair_meetings

__all__ = ["ClusterScores", "GoldClusters", "Score", "as_text", "b_cubed", "pairwise", "read_clusters", "score_dossier", "score_on_folder"]

CLUSTERS_FOLDER = "clusters"
"""Where in a folder of gold the clusters are."""


class Score(NamedTuple):
    """Precision and recall, and what they make."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Their harmonic mean; 0 where both are 0."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


class ClusterScores(NamedTuple):
    """What a dossier is worth."""

    pairwise: Score
    b_cubed: Score
    mentions: int
    """Mentions of the gold that count."""
    found: int
    """How many of them the results have."""
    spurious: int
    """Mentions that only the results have."""


class GoldClusters(Described):
    """Which mentions are one meeting; a mention is `ARTICLE#MN`, the article's Nth meeting in the gold."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    clusters: Mapping[str, tuple[str, ...]]
    """The mentions of each meeting, by a name for people."""
    neutral: tuple[str, ...] = ()
    """Mentions that count for nothing."""


def pairwise(gold: Iterable[Collection[Hashable]], given: Iterable[Collection[Hashable]]) -> Score:
    """Return the share of the pairs that are right, and of the right pairs that are there; 1 where there is no pair at all.

    Example:
        >>> pairwise([{"a", "b", "c"}], [{"a", "b"}, {"c"}])
        Score(precision=1.0, recall=0.3333333333333333)
    """
    right, answer = ({frozenset(pair) for cluster in clusters for pair in combinations(cluster, 2)} for clusters in (gold, given))
    common = len(right & answer)
    return Score(common / len(answer) if answer else 1.0, common / len(right) if right else 1.0)


def b_cubed(gold: Iterable[Collection[Hashable]], given: Iterable[Collection[Hashable]]) -> Score:
    """Return B³ over mentions; both sides must have the same ones. 1 where there is none.

    Example:
        >>> b_cubed([{"a", "b"}], [{"a"}, {"b"}])
        Score(precision=1.0, recall=0.5)
    """
    right, answer = ({mention: frozenset(cluster) for cluster in clusters for mention in cluster} for clusters in (gold, given))
    if not right:
        return Score(1.0, 1.0)
    common = {mention: len(right[mention] & answer[mention]) for mention in right}
    precision, recall = (sum(common[m] / len(side[m]) for m in right) / len(right) for side in (answer, right))
    return Score(precision, recall)


def score_dossier(
    dossier: Dossier, clusters: GoldClusters, gold: Mapping[str, GoldArticle], texts: Mapping[str, str] | None = None
) -> ClusterScores:
    """Measure a dossier.

    Args:
        dossier: Made of results of the gold's articles; other articles in it count for nothing.
        clusters: What is one meeting.
        gold: The meetings of each article, by the article's id.
        texts: The articles' texts, by which evidence that the gold gives in words is located.
    """
    twins = _twins(dossier, gold, texts or {})
    neutral = set(clusters.neutral)
    counted = [[name for name in cluster if name not in neutral] for cluster in clusters.clusters.values()]
    mentions = {name for cluster in counted for name in cluster}
    records = [
        [name for mention in record.mentions if (name := twins.get((mention.article, mention.meeting.id))) and name not in neutral]
        for record in dossier.meetings
    ]
    found = {name for record in records for name in record}
    right = [*counted, *([name] for name in found - mentions)]
    answer = [*(record for record in records if record), *([name] for name in mentions - found)]
    return ClusterScores(pairwise(right, answer), b_cubed(right, answer), len(mentions), len(mentions & found), len(found - mentions))


def score_on_folder(dossier: Dossier, folder: Path, texts: Path | None = None) -> ClusterScores:
    """Measure a dossier on a folder of gold, with the clusters in the folder `clusters` in it.

    Raises:
        SettingError: The gold or the clusters can't be read.
        ArticleError: A text can't be read.
    """
    gold = read_gold(folder)
    return score_dossier(dossier, read_clusters(folder / CLUSTERS_FOLDER), gold, read_texts(folder, gold, texts))


def read_clusters(folder: Path) -> GoldClusters:
    """Read gold clusters: all files `*.json` of a folder together.

    Raises:
        SettingError: There are none, a file is not in this form, or a mention is in two clusters.
    """
    paths = sorted(folder.glob("*.json"))
    if not paths:
        raise SettingError(f"There are no gold clusters in {folder}.", remedy="Write which mentions are one meeting into a file there.")
    parts = [_read(path) for path in paths]
    clusters = {f"{path.stem}: {name}": cluster for path, part in zip(paths, parts, strict=True) for name, cluster in part.clusters.items()}
    homes: dict[str, str] = {}
    for name, cluster in clusters.items():
        for mention in cluster:
            if homes.setdefault(mention, name) != name:
                raise SettingError(f"The mention {mention!r} is in two clusters, {homes[mention]!r} and {name!r}.", remedy="Take one out.")
    return GoldClusters(clusters=clusters, neutral=tuple(mention for part in parts for mention in part.neutral))


def as_text(scores: ClusterScores, *, as_json: bool = False) -> str:
    """Write scores for people, or as JSON with unrounded values."""
    measures = {"pairwise": scores.pairwise, "b_cubed": scores.b_cubed}
    counts = {"mentions": scores.mentions, "found": scores.found, "spurious": scores.spurious}
    if as_json:
        return json.dumps({name: {**score._asdict(), "f1": score.f1} for name, score in measures.items()} | counts, indent=2)
    names = {"pairwise": "pairwise", "b_cubed": "B³"}
    lines = [f"{names[n]:<10}{s.f1:>6.2f}{s.precision:>11.2f}{s.recall:>8.2f}" for n, s in measures.items()]
    found = f"{scores.found} of {scores.mentions} mentions of the gold were found, and {scores.spurious} that it does not have."
    return "\n".join([f"{'':<10}{'F1':>6}{'precision':>11}{'recall':>8}", *lines, found])


def _read(path: Path) -> GoldClusters:
    try:
        return GoldClusters.model_validate_json(path.read_bytes())
    except OSError as error:
        raise SettingError(f"{path} can't be read: {error.strerror or error}.") from error
    except ValidationError as error:
        problem = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, problem["loc"])) or "the file"
        raise SettingError(f"{path} is not as it must be: {place}: {problem['msg']}.", remedy="Correct it, or take it out.") from error


def _twins(dossier: Dossier, gold: Mapping[str, GoldArticle], texts: Mapping[str, str]) -> dict[tuple[str, str], str]:
    """Return the name of each of the dossier's mentions: that of the gold where it has it, else one of its own."""
    mentions = defaultdict(list)
    for record in dossier.meetings:
        for mention in record.mentions:
            mentions[mention.article].append(mention.meeting)
    names: dict[tuple[str, str], str] = {}
    for article in dossier.articles:
        right = gold.get(article.id)
        if right is None or right.meetings is None:
            continue
        found = mentions[article.id]
        prediction = Prediction.of(Extraction(article=article, meetings=tuple(found), model=""))
        pairs = pair_meetings(right.meetings, prediction.meetings, texts.get(article.id, ""))
        numbers = {column: row for row, column in pairs.items()}
        for column, meeting in enumerate(found):
            name = f"M{numbers[column] + 1}" if column in numbers else f"spurious {meeting.id}"
            names[article.id, meeting.id] = f"{article.id}#{name}"
    return names

"""Merge results of many articles into a dossier, in memory or into a file."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple, Self

from llm_extract import dates
from llm_extract.corrections import Corrections, MentionGroup, Setting
from llm_extract.dossier import Dossier, MeetingRecord
from llm_extract.dossier_files import write_dossier
from llm_extract.errors import SettingError
from llm_extract.gathering import Gathered, Store
from llm_extract.joining import Match, Told, join, matches
from llm_extract.places import Gazetteer, Place
from llm_extract.records import Mentioned, record, take_date
from llm_extract.schema import ArticleReference, Extraction, ExtractionWarning

__all__ = ["MergeTally", "merge", "merge_to_file"]

_MANY = 5
_SEVERAL_RESULTS = "several_results"


class MergeTally(NamedTuple):
    """What was merged."""

    articles: int
    mentions: int
    meetings: int


def merge(extractions: Iterable[Extraction], *, into: Dossier | None = None, corrections: Corrections | None = None) -> Dossier:
    """Join the meetings of many articles: one record a meeting, every field on the articles and characters that it rests on.

    Neither the order of the articles nor how they are divided makes a difference: `merge(later, into=merge(earlier))` is the same as
    `merge([*earlier, *later])`. An article that is given twice counts once. Where its results differ, the one with a day of publication,
    with more meetings, with more quotes about them is taken, and a warning says so.

    Args:
        extractions: Results of articles; consumed one by one.
        into: A dossier that they are added to; it is not changed.
        corrections: What a person decided. None keeps what `into` was made with.

    Raises:
        OutputError: A result is of another version.
        SettingError: The corrections name a mention that is not there, or set a field twice.

    Example:
        >>> merge([]).meetings
        ()
    """
    with _Merging(extractions, into, corrections) as merging:
        return merging.frame().model_copy(update={"meetings": tuple(merging.records())})


def merge_to_file(
    extractions: Iterable[Extraction], out: Path, *, into: Dossier | None = None, corrections: Corrections | None = None
) -> MergeTally:
    """Do the same as `merge`, record by record into a file of JSON: for more records than the memory holds.

    Args:
        extractions: Results of articles; consumed one by one.
        out: The file, which is replaced when all is written; `-` is the standard output.
        into: A dossier that they are added to.
        corrections: What a person decided.

    Raises:
        OutputError: A result is of another version, or the file can't be written.
        SettingError: The corrections name a mention that is not there, or set a field twice.
    """
    with _Merging(extractions, into, corrections) as merging:
        write_dossier(merging.frame(), out, records=merging.records())
        return merging.tally()


class _Merging:
    """One merge: the articles in their order, the mentions in groups, and the records that become of them."""

    def __init__(self, extractions: Iterable[Extraction], into: Dossier | None, corrections: Corrections | None) -> None:
        self._corrections = corrections or (into.corrections if into else Corrections())
        self._store = Store()
        with ExitStack() as stack:
            stack.callback(self._store.close)
            if into:
                self._store.add_all(into)
            for extraction in extractions:
                self._store.add(extraction)
            self._kept = [warning for warning in into.warnings if warning.code == _SEVERAL_RESULTS] if into else []
            self._order()
            self._join()
            stack.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._store.close()

    def frame(self) -> Dossier:
        """Return the dossier without its records."""
        warnings = sorted({*self._kept, *self._warnings()}, key=lambda warning: (warning.code, warning.message))
        references = tuple(self._reference(number) for number in range(len(self._articles)))
        return Dossier(articles=references, corrections=self._corrections, warnings=tuple(warnings))

    def tally(self) -> MergeTally:
        return MergeTally(len(self._articles), len(self._told), len(self._groups))

    def records(self) -> Iterator[MeetingRecord]:
        """Yield the records in the order of their dates."""
        for position, group in enumerate(self._groups):
            found = matches(self._told, group)
            told = [self._mentioned(number, match) for number, match in zip(group, found, strict=True)]
            yield record(told, self._gazetteer, renamed=self._renamed, settings=self._settings.get(position, ()))

    def _order(self) -> None:
        """Number articles and mentions."""
        self._articles = self._store.articles()
        self._ids = Counter(gathered.article.id for gathered in self._articles)
        self._names = [_name(gathered.article, self._ids) for gathered in self._articles]
        self._gazetteer = Gazetteer.of({place for gathered in self._articles for place in gathered.places if place})
        self._renamed = {name: renaming.to for renaming in self._corrections.rename for name in renaming.names}
        self._told = list(_numbered(self._articles, self._gazetteer, self._renamed))

    def _join(self) -> None:
        """Group the mentions, as the rule and the corrections want it."""
        numbers = {self._mention_name(number): number for number in range(len(self._told))} if self._corrections != Corrections() else {}
        _check(self._corrections, numbers)
        self._together, self._apart = (_numbers(groups, numbers) for groups in (self._corrections.join, self._corrections.split))
        groups = join(self._told, together=self._together, apart=self._apart)
        self._groups = sorted(groups, key=self._by_date)
        self._settings = _settings(self._corrections, numbers, self._groups)

    def _by_date(self, group: Sequence[int]) -> tuple[dt.date, dt.date, int]:
        taken = take_date(date for number in group if (date := self._told[number].date))
        days = dates.bounds(taken) if taken else dates.Days(dt.date.max, dt.date.max)
        return days.first, days.last, group[0]

    def _reference(self, article: int) -> ArticleReference:
        return self._articles[article].article.model_copy(update={"id": self._names[article]})

    def _mention_name(self, number: int) -> str:
        one = self._told[number]
        return f"{self._names[one.article]}#{self._articles[one.article].meetings[one.number]}"

    def _mentioned(self, number: int, found: Match | None) -> Mentioned:
        one = self._told[number]
        article = self._reference(one.article)
        mention = self._store.mention(self._articles[one.article], one.number)
        return Mentioned(article, mention.model_copy(update={"article": article.id}), self._reason(number, found))

    def _reason(self, number: int, found: Match | None) -> str:
        if any(number in fixed for fixed in self._together):
            return "A correction joins it."
        if any(number in fixed for fixed in self._apart):
            return "A correction keeps it apart from all others."
        one = self._told[number]
        return _explain(one, self._articles[one.article].places[one.number], found)

    def _warnings(self) -> Iterator[ExtractionWarning]:
        for name in (name for name, times in self._ids.items() if times > 1):
            what = f"{self._ids[name]} different articles have the id {name!r}; each goes by it and the beginning of its digest."
            yield ExtractionWarning(code="same_id", message=what)
        for name, digest in self._store.several:
            what = f"The article {name!r} (SHA-256 {digest[:8]}…) has several results that differ; the one that has most is used."
            yield ExtractionWarning(code=_SEVERAL_RESULTS, message=what)
        undated = [name for gathered, name in zip(self._articles, self._names, strict=True) if gathered.article.published is None]
        if undated:
            named = ", ".join(undated[:_MANY]) + (", …" if len(undated) > _MANY else "")
            what = f"Without a day of publication, and so last in every history ({len(undated)}): {named}."
            yield ExtractionWarning(code="undated", message=what)
        if not self._gazetteer.installed:
            what = 'Places were compared by their words alone, without a gazetteer: pip install "llm-extract[places]".'
            yield ExtractionWarning(code="no_gazetteer", message=what)


def _name(article: ArticleReference, ids: Mapping[str, int]) -> str:
    return f"{article.id}@{article.sha256[:8]}" if ids[article.id] > 1 else article.id


def _numbered(articles: Iterable[Gathered], gazetteer: Gazetteer, renamed: Mapping[str, str]) -> Iterator[Told]:
    places: dict[str, Place] = {}
    for number, gathered in enumerate(articles):
        for one, place in zip(gathered.told, gathered.places, strict=True):
            if place and place not in places:
                places[place] = gazetteer.place(place)
            names = tuple(renamed.get(name, name) for name in one.names)
            yield replace(one, article=number, names=names, place=places[place] if place else None)


def _numbers(groups: Iterable[MentionGroup], numbers: Mapping[str, int]) -> list[list[int]]:
    return [[numbers[name] for name in dict.fromkeys(group.mentions)] for group in groups]


def _check(corrections: Corrections, numbers: Mapping[str, int]) -> None:
    unknown = sorted({name for name in corrections.mentions() if name not in numbers})
    if unknown:
        what = f"The corrections name mentions that no article has: {', '.join(map(repr, unknown[:_MANY]))}."
        raise SettingError(what, remedy="Write ARTICLE#MEETING: the article's id, and the meeting's id in that article's result.")


def _settings(corrections: Corrections, numbers: Mapping[str, int], groups: Sequence[Sequence[int]]) -> dict[int, list[Setting]]:
    home = {number: position for position, group in enumerate(groups) for number in group} if corrections.set else {}
    found: dict[int, list[Setting]] = defaultdict(list)
    for setting in corrections.set:
        there = found[home[numbers[setting.mention]]]
        other = next((one for one in there if one.field == setting.field and one.value != setting.value), None)
        if other:
            what = f"The corrections set the {setting.field} of one meeting to {other.value!r} ({other.mention}) and {setting.value!r} "
            raise SettingError(f"{what}({setting.mention}).", remedy="Leave one out, or split the mentions.")
        there.append(setting)
    return found


def _explain(one: Told, place: str | None, found: Match | None) -> str:
    if found is None:
        return "It is the first mention."
    if found.score < 0:
        return "The parties agree, and what the mentions tell together."
    if not found.agreeing:
        return "The parties agree, it is as far along, and it appeared within days of the others."
    values = {"date": one.date, "place": place, "event": None}
    facts = " and ".join(f"the {fact} ({values[fact]})" if values[fact] else f"the {fact}" for fact in found.agreeing)
    return f"The parties agree, and so {'does' if len(found.agreeing) == 1 else 'do'} {facts}."

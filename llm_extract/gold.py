"""What is compared: gold, which people annotated, and predictions, in the bare form that has no more than is measured.

Both are folders with one JSON file an article, named after the article. Gold has lists where more than one answer is right.
Keys that are not described here may be there; they are left alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Self, TypeVar

from pydantic import BeforeValidator, ConfigDict, Field, JsonValue, ValidationError, model_validator

from llm_extract.articles import SUFFIXES, read_article
from llm_extract.described import Described
from llm_extract.errors import LlmExtractError, OutputError, SettingError
from llm_extract.export import read_results
from llm_extract.schema import Extraction, Meeting, Quote, QuoteKind

__all__ = [
    "GoldArticle",
    "GoldMeeting",
    "GoldQuote",
    "PredictedMeeting",
    "PredictedQuote",
    "Prediction",
    "read_gold",
    "read_predictions",
    "read_texts",
]


class _Base(Described):
    model_config = ConfigDict(frozen=True, extra="ignore")


_Form = TypeVar("_Form", bound=_Base)


def _as_list(value: object) -> object:
    return [] if value is None else [value] if isinstance(value, str) else value


Answers = Annotated[tuple[str, ...], BeforeValidator(_as_list)]
"""What is right; in the file a list, a lone string or null."""


class GoldQuote(_Base):
    """A segment in quotation marks that is somebody's words."""

    start: int
    """First code point of the article's text."""
    end: int
    """One past the last."""
    text: str
    """The words, without the quotation marks."""
    speaker: str | None = None
    """Whose words they are, in the fullest form."""
    aliases: Answers = ()
    """Other forms that are right."""
    neutral: bool = False
    """Whether finding it or leaving it counts for nothing."""


class GoldMeeting(_Base):
    """An occasion on which identified parties talk to each other."""

    participants: tuple[str, ...]
    """Who meets."""
    participant_aliases: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    """Other forms of a participant's name that are right."""
    status: Answers
    """Which statuses are right."""
    kind: Answers
    """Which kinds are right."""
    date: str | None = None
    """In EDTF; None where the article gives no clue."""
    place: Answers = ()
    """Names of which any is right; none where the article gives none."""
    event: str | None = None
    """The summit, ceremony or visit that it belongs to."""
    evidence: tuple[str | tuple[int, int], ...] = ()
    """Parts of the article that report it: the words, or first code point and one past the last."""
    neutral: bool = False
    """Whether finding it or leaving it counts for nothing."""


class GoldArticle(_Base):
    """What is right for one article. A part that is None was not annotated, and is not measured."""

    id: str = ""
    """The article's id; the file's name where none is given."""
    quotes: tuple[GoldQuote, ...] | None = None
    meetings: tuple[GoldMeeting, ...] | None = None
    records: tuple[Mapping[str, JsonValue], ...] | None = None
    """Of a schema of the user's own; see `llm_extract.record_gold`."""


class PredictedQuote(_Base):
    """A segment that was found."""

    text: str
    start: int | None = None
    """First code point; None where the words could not be located."""
    end: int | None = None
    speaker: str | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.start is None) != (self.end is None):
            message = "start and end are given together, or neither"
            raise ValueError(message)
        return self


class PredictedMeeting(_Base):
    """A meeting that was found."""

    participants: Answers = ()
    status: str | None = None
    kind: str | None = None
    date: str | None = None
    place: str | None = None
    event: str | None = None
    evidence: Annotated[tuple[tuple[int, int], ...], BeforeValidator(_as_list)] = ()
    """First code point and one past the last of each part of the article that reports it."""
    cited: str = ""
    """The words of the first evidence, where they are known."""


class Prediction(_Base):
    """What was found in one article."""

    quotes: tuple[PredictedQuote, ...] = ()
    meetings: tuple[PredictedMeeting, ...] = ()
    records: tuple[Mapping[str, JsonValue], ...] = ()
    """Of a schema of the user's own: the values alone."""

    @classmethod
    def of(cls, result: Extraction, kind: str | None = None) -> Self:
        """Make it of a result, with the records of one kind.

        Indirect quotes are left out: the gold's quotes are those in quotation marks.
        """
        records = tuple(record.value for record in result.records if record.kind == kind)
        quotes = (segment for quote in result.quotes if quote.kind != QuoteKind.INDIRECT for segment in _segments(quote))
        return cls(quotes=tuple(quotes), meetings=tuple(_meeting(meeting) for meeting in result.meetings), records=records)


def read_gold(folder: Path) -> dict[str, GoldArticle]:
    """Read a folder of gold, `NAME.json` for each article; returns it by name, in the order of the names.

    Raises:
        SettingError: There is no such folder, a file is no gold, or two are for one article.
    """
    found: dict[str, GoldArticle] = {}
    names: dict[str, str] = {}
    for path in _json_files(folder, SettingError):
        article = _read(path, GoldArticle, SettingError)
        article = article if article.id else article.model_copy(update={"id": path.stem})
        if (other := names.setdefault(article.id, path.stem)) != path.stem:
            raise SettingError(f"{other}.json and {path.name} in {folder} are both for {article.id!r}.", remedy="Leave one out.")
        found[path.stem] = article
    return found


def read_predictions(path: Path, kind: str | None = None) -> dict[str, Prediction]:
    """Read what `llm-extract run` wrote, or a folder of neutral predictions, `NAME.json` for each article; returns it by id or name.

    Args:
        path: The file or folder.
        kind: Name of the schema whose records are wanted too; a folder's are all of it.

    Raises:
        OutputError: It can't be read, a part of it is no result, two results are for one article, or records are all of other kinds.
    """
    if path.is_dir():
        return {file.stem: _read(file, Prediction, OutputError) for file in _json_files(path, OutputError)}
    found: dict[str, Prediction] = {}
    kinds: set[str] = set()
    for result in read_results(path):
        kinds |= {record.kind for record in result.records}
        if result.article.id in found:
            raise OutputError(f"{path} has two results for the article {result.article.id!r}.", remedy="Leave one out.")
        found[result.article.id] = Prediction.of(result, kind)
    if kind and kinds and kind not in kinds:
        what = f"The records in {path} are of the schema {', '.join(sorted(kinds))}, none of {kind}."
        raise OutputError(what, remedy="Give the schema that the run had.")
    return found


def read_texts(gold: Path, names: Iterable[str], folder: Path | None = None) -> dict[str, str]:
    """Read the articles' texts, `NAME.txt` or `NAME.md`, as `llm-extract run` reads them; what is not found is left out.

    Args:
        gold: The folder of gold, by which texts are looked for where no folder is given: in it, beside it, then in the
            other folders beside it, in the order of their names. The first that is there is taken.
        names: The articles' names.
        folder: Where the texts are.

    Raises:
        ArticleError: A text can't be read.
        SettingError: `folder` is given and is none.
    """
    if folder is not None and not folder.is_dir():
        raise SettingError(f"There is no folder of texts {folder}.", remedy="Give the folder of the articles.")
    places = [folder] if folder else [*_near(gold)]
    paths = {name: _first(places, name) for name in names}
    return {name: read_article(path).text for name, path in paths.items() if path}


def _near(gold: Path) -> Iterator[Path]:
    gold = gold.absolute()
    yield from (gold, gold.parent)
    yield from sorted(place for place in gold.parent.iterdir() if place.is_dir() and place != gold)


def _first(places: Iterable[Path], name: str) -> Path | None:
    paths = (place / f"{name}{suffix}" for place in places for suffix in sorted(SUFFIXES, reverse=True))
    return next((path for path in paths if path.is_file()), None)


def _json_files(folder: Path, error: type[LlmExtractError]) -> list[Path]:
    if not folder.is_dir():
        raise error(f"There is no folder {folder}.", remedy="Give a folder with NAME.json for each article.")
    return sorted(folder.glob("*.json"))


def _read(path: Path, form: type[_Form], error: type[LlmExtractError]) -> _Form:
    try:
        return form.model_validate_json(path.read_bytes())
    except OSError as problem:
        raise error(f"{path} can't be read: {problem.strerror or problem}.") from problem
    except ValidationError as invalid:
        problem_found = invalid.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, problem_found["loc"])) or "the file"
        raise error(f"{path} is not as it must be: {place}: {problem_found['msg']}.", remedy="Correct it, or take it out.") from invalid


def _segments(quote: Quote) -> Iterator[PredictedQuote]:
    for segment in quote.segments:
        speaker = quote.speaker.name if quote.speaker else None
        yield PredictedQuote(text=segment.text, start=segment.start, end=segment.end, speaker=speaker)


def _meeting(meeting: Meeting) -> PredictedMeeting:
    facts: dict[str, Any] = {"status": meeting.status.value, "kind": meeting.kind.value, "date": meeting.date}
    return PredictedMeeting(
        participants=tuple(party.name for party in meeting.participants),
        place=meeting.place.text if meeting.place else None,
        event=meeting.event.text if meeting.event else None,
        evidence=tuple((span.start, span.end) for span in meeting.evidence),
        cited=meeting.evidence[0].text,
        **facts,
    )

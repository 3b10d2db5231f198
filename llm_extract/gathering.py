"""What a dossier needs of each article: in memory what is compared, the rest in a temporary file until the records are made."""

from __future__ import annotations

import datetime as dt
import hashlib
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from llm_extract.circumstances import event_words
from llm_extract.dossier import Dossier, MeetingMention, own_id
from llm_extract.errors import OutputError
from llm_extract.joining import Told
from llm_extract.schema import SCHEMA_VERSION, ArticleReference, Extraction, Meeting

__all__ = ["Gathered", "Store", "as_one_line"]

_IN_MEMORY_BYTES = 64 * 2**20


@dataclass(frozen=True, slots=True)
class Gathered:
    """What is kept of one article.

    Args:
        article: Its reference, with its own id.
        rank: The results of one article are ordered by it; the highest counts.
        told: What of its meetings is compared: names as written, without places, the article not yet numbered.
        places: Where each meeting is, as written.
        meetings: The id of each meeting.
        pieces: Where in the file each meeting is: first byte and length.
    """

    article: ArticleReference
    rank: tuple[bool, int, int, str]
    told: tuple[Told, ...]
    places: tuple[str | None, ...]
    meetings: tuple[str, ...]
    pieces: tuple[tuple[int, int], ...]

    @property
    def order(self) -> tuple[dt.date, str, str]:
        """Its place among articles: by publication, undated ones last."""
        return self.article.published or dt.date.max, self.article.id, self.article.sha256


class Store:
    """The articles of a merge, each once: one id and one text are one article."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES)  # noqa: SIM115  closed with the store
        self._end = 0
        self._known: dict[tuple[str, str], Gathered] = {}
        self.several: set[tuple[str, str]] = set()
        """Id and digest of the articles of which different results were added."""

    def articles(self) -> list[Gathered]:
        """Return the articles in the order of publication."""
        return sorted(self._known.values(), key=lambda gathered: gathered.order)

    def add(self, extraction: Extraction) -> None:
        """Add one article's result.

        Raises:
            OutputError: It is of another version.
        """
        if extraction.schema_version != SCHEMA_VERSION:
            what = f"The result of {extraction.article.id!r} is of version {extraction.schema_version}, not {SCHEMA_VERSION}."
            raise OutputError(what, remedy="Run `llm-extract run` again: answers that were given come from the cache.")
        about = defaultdict(list)
        for quote in extraction.quotes:
            about[quote.meeting].append(quote)
        name = extraction.article.id
        mentions = [MeetingMention(article=name, meeting=m, quotes=tuple(about[m.id])) for m in extraction.meetings]
        self._put(extraction.article, mentions)

    def add_all(self, dossier: Dossier) -> None:
        """Add the articles of a dossier, as they went into it."""
        mentions: dict[str, list[MeetingMention]] = defaultdict(list)
        for meeting in dossier.meetings:
            for mention in meeting.mentions:
                mentions[mention.article].append(mention)
        for article in dossier.articles:
            self._put(article, mentions[article.id])

    def mention(self, gathered: Gathered, number: int) -> MeetingMention:
        """Return a meeting as it went in, with the quotes about it."""
        start, size = gathered.pieces[number]
        self._file.seek(start)
        return MeetingMention.model_validate_json(self._file.read(size))

    def close(self) -> None:
        """Drop the temporary file."""
        self._file.close()

    def _put(self, reference: ArticleReference, mentions: list[MeetingMention]) -> None:
        article = reference.model_copy(update={"id": own_id(reference)})
        named = (mention.model_copy(update={"article": article.id}) for mention in mentions)
        ordered = sorted(named, key=lambda mention: (len(mention.meeting.id), mention.meeting.id))  # M2 before M10
        written = [mention.model_dump_json().encode() for mention in ordered]
        digest = hashlib.sha256(b"\n".join([article.model_dump_json().encode(), *written])).hexdigest()
        rank = (article.published is not None, len(ordered), sum(len(mention.quotes) for mention in ordered), digest)
        key = (article.id, article.sha256)
        known = self._known.get(key)
        if known and known.rank != rank:
            self.several.add(key)
        if known and known.rank >= rank:
            return
        meetings = [mention.meeting for mention in ordered]
        self._known[key] = Gathered(
            article=article,
            rank=rank,
            told=tuple(_told(meetings, article)),
            places=tuple(as_one_line(meeting.place.text) if meeting.place else None for meeting in meetings),
            meetings=tuple(sys.intern(meeting.id) for meeting in meetings),
            pieces=tuple(self._write(piece) for piece in written),
        )

    def _write(self, piece: bytes) -> tuple[int, int]:
        start = self._end
        self._file.seek(start)
        self._file.write(piece)
        self._end += len(piece)
        return start, len(piece)


def as_one_line(text: str) -> str:
    """Return a text with every run of white space as one space."""
    return sys.intern(" ".join(text.split()))


def _told(meetings: list[Meeting], article: ArticleReference) -> Iterator[Told]:
    for number, meeting in enumerate(meetings):
        yield Told(
            article=0,
            number=number,
            names=tuple(sys.intern(party.name) for party in meeting.participants),
            kind=meeting.kind,
            status=meeting.status,
            date=meeting.date,
            event=_event_words(as_one_line(meeting.event.text)) if meeting.event else frozenset(),
            published=article.published.toordinal() if article.published else None,
        )


_event_words = lru_cache(maxsize=100_000)(event_words)

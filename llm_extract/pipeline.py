"""From an article to its result: what is read of it is resolved to its characters, and mentions of one meeting are joined."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel

from llm_extract.client import Client, Message, Request
from llm_extract.meetings import read_meetings
from llm_extract.merging import merge_meetings
from llm_extract.quotes import read_quotes
from llm_extract.reading import Prepared, Question
from llm_extract.resolve import Resolver
from llm_extract.scenes import with_scenes
from llm_extract.schema import Article, ArticleReference, Extraction, Meeting, Quote, Record, Span, Usage
from llm_extract.settings import Profile, Settings

if TYPE_CHECKING:
    from llm_extract.schemas import Schema
    from llm_extract.tying import Tied

__all__ = ["Pipeline"]

T = TypeVar("T", bound=BaseModel)


class Pipeline:
    """Makes the result of one article.

    Args:
        client: Whom questions are put to.
        article: A complete one; see `llm_extract.articles.completed`.
        profile: How the work is cut for the model.
        settings: Whether indirect speech is found too, and what becomes of records that do not hold.
    """

    def __init__(self, client: Client, article: Article, profile: Profile, settings: Settings) -> None:
        self._prepared = Prepared(article)
        self._resolver = Resolver(self._prepared)
        self._asking = _Asking(client, article)
        self._profile = profile
        self._settings = settings

    async def run(self, tasks: Collection[str], schema: Schema[Any] | None = None, *, fingerprint: str, model: str) -> Extraction:
        """Return the result for these tasks and this schema, without the article's text.

        `fingerprint` and `model` are written into it as they are.

        Raises:
            LlmExtractError: See `llm_extract.client.Client.ask`.
        """
        meetings = await self._meetings() if "meetings" in tasks else ()
        quotes = await self._quotes() if "quotes" in tasks else ()
        records = await self._records(schema) if schema else ()
        return Extraction(
            fingerprint=fingerprint,
            article=ArticleReference.of(self._prepared.article),
            meetings=meetings,
            quotes=self._resolver.link(quotes, meetings),
            records=records,
            model=model,
            prompts=dict(sorted(self._asking.prompts.items())),
            usage=self._asking.usage,
            warnings=tuple(dict.fromkeys(self._resolver.warnings)),
        )

    async def _meetings(self) -> tuple[Meeting, ...]:
        readings = await read_meetings(self._prepared, self._asking, self._profile)
        meetings = merge_meetings(self._resolver.meetings(readings))
        return tuple(with_scenes(meetings, self._prepared) if self._profile is Profile.LOCAL else meetings)

    async def _quotes(self) -> tuple[Quote, ...]:
        prepared = self._prepared
        quotes = self._resolver.quotes(await read_quotes(prepared, self._asking, self._profile))
        if not self._settings.indirect:
            return tuple(quotes)
        from llm_extract.indirect import find_indirect

        found = find_indirect(prepared.numbered, prepared.mentions, prepared.masked, attributions=prepared.attributions)
        return tuple(self._resolver.with_indirect(quotes, found))

    async def _records(self, schema: Schema[Any]) -> tuple[Record, ...]:
        from llm_extract.record_reader import RecordReader

        reader = RecordReader(schema, self._profile, self._settings.max_reasks, self._settings.uncited)
        found = await reader.read(self._prepared, self._asking)
        self._resolver.warnings += reader.warnings
        return tuple(_record(f"R{number}", schema.name, tied) for number, tied in enumerate(found, start=1))


def _record(identity: str, kind: str, tied: Tied[Any]) -> Record:
    spans = tuple(Span(start=words.start or 0, end=words.end or 0, text=str(words)) for words in tied.evidence)
    return Record(id=identity, kind=kind, value=tied.record.model_dump(mode="json"), evidence=spans)


class _Asking:
    """Puts the questions about one article, and keeps count."""

    def __init__(self, client: Client, article: Article) -> None:
        self.usage = Usage()
        self.prompts: dict[str, str] = {}
        self._client = client
        self._article = article

    async def __call__(self, question: Question[T], /) -> T:
        prompt = question.prompt
        self.prompts[prompt.name] = prompt.version
        rendered = prompt.render(**question.variables)
        messages = tuple(Message(role, content) for role, content in rendered.items())  # type: ignore[arg-type]  # the blocks are named so
        answer = await self._client.ask(
            Request(messages, question.answer, question.max_tokens, self._article.id, question.check, question.choices)
        )
        self.usage += answer.usage
        return answer.value

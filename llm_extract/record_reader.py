"""What a model is asked about a user's own schema, window by window, and what becomes of its answers."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from llm_extract.answer_form import answer_schema
from llm_extract.combining import combine
from llm_extract.errors import ModelRefusedError, UnusableAnswerError
from llm_extract.forms import Choices, form_of
from llm_extract.grounding import Uncited
from llm_extract.limits import check_limits
from llm_extract.numbering import Sentence
from llm_extract.outlines import outline, purpose
from llm_extract.prompts import Prompt, load, nonce, own
from llm_extract.reading import Ask, Prepared, Question
from llm_extract.samples import samples_of
from llm_extract.schema import Article, ExtractionWarning
from llm_extract.schemas import Schema
from llm_extract.settings import Profile
from llm_extract.tying import Tied, Tier
from llm_extract.windows import WINDOW_CHARS, marked, quotations_in, windows

__all__ = ["RecordReader", "check", "prompt_for"]

M = TypeVar("M", bound=BaseModel)

_PROMPT = "records"
_MAX_TOKENS = {Profile.HOSTED: 8_000, Profile.LOCAL: 1_200}
"""Far above what numbers, names and labels need; an answer that rambles this long is no use."""
_WINDOW = {Profile.HOSTED: (WINDOW_CHARS, 2_000), Profile.LOCAL: (4_000, 400)}
"""Characters of a window, and of what two share. A small model loses its way in a long text."""
_MAX_PROBLEMS = 12
_MAX_PROBLEM_CHARS = 200


def check(schema: Schema[M], profile: Profile) -> None:
    """Find what is wrong with a schema before any question is sent.

    Raises:
        SchemaError: Its model can't be asked for, or an example contradicts its text.
        PromptError: Its template has an error.
    """
    question = _specimen(schema, profile)
    question.prompt.render(**question.variables)
    check_limits(answer_schema(question.answer, strict=profile is Profile.HOSTED), profile, schema.name)


def prompt_for(schema: Schema[M]) -> str:
    """Return the messages that a model is sent, about an article of one sentence.

    Raises:
        SchemaError: As `check` raises it.
        PromptError: As `check` raises it.
    """
    question = _specimen(schema, Profile.HOSTED)
    return "\n\n".join(question.prompt.render(**question.variables).values())


def _specimen(schema: Schema[M], profile: Profile) -> Question[BaseModel]:
    prepared = Prepared(Article(text="An article of one sentence."))
    return RecordReader(schema, profile, 0, Uncited.REFUSE).question(prepared, prepared.numbered.sentences, ())


@dataclass
class RecordReader(Generic[M]):
    """Finds the records of a schema in one article.

    Args:
        schema: What to look for.
        profile: How the work is cut for the model.
        reasks: How often a window is asked about again where its answer does not hold.
        uncited: What becomes of a value that rests on nothing.
    """

    schema: Schema[M]
    profile: Profile
    reasks: int
    uncited: Uncited
    warnings: list[ExtractionWarning] = field(default_factory=list)

    async def read(self, prepared: Prepared, ask: Ask) -> list[Tied[M]]:
        """Return the records, the same ones put together, in the order of the text.

        Raises:
            LlmExtractError: See `llm_extract.client.Client.ask`.
        """
        chars, overlap_chars = _WINDOW[self.profile]
        found: list[Tied[M]] = []
        for window in windows(prepared.numbered, chars=chars, overlap_chars=overlap_chars):
            found += await self._window(prepared, ask, window)
        return combine(self.schema, found)

    async def _window(self, prepared: Prepared, ask: Ask, window: Sequence[Sentence]) -> list[Tied[M]]:
        """Ask, and ask again with what is wrong; of several answers the one with the least wrong stands, the earlier one of equals."""
        best: tuple[Tier[M], list[Tied[M]]] | None = None
        problems: list[str] = []
        for _ in range(1 + self.reasks):
            tier = Tier(self.schema, prepared, window, quotations_in(prepared.numbered, window), self.uncited)
            try:
                records = tier.tie(await ask(self.question(prepared, window, problems)))
            except (UnusableAnswerError, ModelRefusedError):
                if best is None:
                    raise
                break
            if best is None or len(tier.problems) < len(best[0].problems):
                best = tier, records
            problems = _listed(tier.problems)
            if not problems or (problems == _listed(best[0].problems) and best[0] is not tier):
                break
        assert best is not None  # noqa: S101  the loop runs at least once
        self.warnings += best[0].warnings
        return best[1]

    def question(self, prepared: Prepared, window: Sequence[Sentence], problems: Sequence[str]) -> Question[BaseModel]:
        """Make the question about a window, after the problems of an earlier answer."""
        schema = self.schema
        prompt, same_for_all = _of_schema(schema)
        variables = {
            **same_for_all,
            "published": prepared.article.published,
            "nonce": nonce(prepared.article.sha256, prepared.article.text),
            "numbered": marked(prepared.numbered, window, quotations=schema.marks_quotations),
            "problems": problems,
        }
        form = form_of(schema.model, most=None if schema.many else 1)
        choices = self._choices(prepared, window) if self.profile is Profile.LOCAL else {}
        return Question(prompt, variables, form, _MAX_TOKENS[self.profile], choices=choices)

    def _choices(self, prepared: Prepared, window: Sequence[Sentence]) -> dict[str, list[object]]:
        """Return what the passage leaves to choose from, which a small model is held to.

        Names and dates are not among it. A small model that is about to write "police" or "2024-05-14", which the list would not have,
        is led by the grammar to whatever in the list begins alike. What it writes is tied to the article in any case.
        """
        return {
            Choices.SENTENCES: [sentence.number for sentence in window],
            Choices.QUOTATIONS: [quotation.number for quotation in quotations_in(prepared.numbered, window)],
        }


@functools.lru_cache(maxsize=64)
def _of_schema(schema: Schema[Any]) -> tuple[Prompt, dict[str, object]]:
    """Return the template and what it is given for every article; reading it and numbering the examples takes a while."""
    model: type[BaseModel] = schema.model
    variables = {
        "name": schema.name.replace("_", " "),
        "many": schema.many,
        "purpose": purpose(model),
        "fields": outline(model),
        "examples": samples_of(schema),
        "quotations": schema.marks_quotations,
    }
    return own(schema.name, schema.template) if schema.template else load(_PROMPT), variables


def _listed(problems: Sequence[str]) -> list[str]:
    return [problem[:_MAX_PROBLEM_CHARS] for problem in dict.fromkeys(problems)][:_MAX_PROBLEMS]

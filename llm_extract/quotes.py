"""The reader for quotes: whose words each quotation holds."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from pydantic import BaseModel

from llm_extract.addressees import addressee_of
from llm_extract.cues import cue_of
from llm_extract.prompts import load
from llm_extract.reading import Ask, Prepared, Question, QuoteReading
from llm_extract.settings import Profile
from llm_extract.speakers import Attribution

__all__ = ["Pronoun", "read_quotes"]


_MAX_TOKENS = 64
"""A label needs a dozen; white space that a model likes to add, some more."""


class Pronoun(BaseModel):
    """The answer to which pronoun a person goes by."""

    pronoun: Literal["he", "she"]


async def read_quotes(prepared: Prepared, ask: Ask, profile: Profile) -> list[QuoteReading]:
    """Read the quotes of an article.

    With the local profile, grammar settles what it can, and the model is asked only what it leaves open. With the hosted one, the model
    says whose words they are, and grammar adds the cue, and the addressee where the model names none.
    """
    if profile is Profile.HOSTED:
        from llm_extract.hosted import ask_quotes

        return [_with_cue(prepared, reading) for reading in await ask_quotes(prepared, ask)]
    reader = _LocalReader(prepared, ask)
    return [reading for attribution in prepared.attributions if (reading := await reader.read(attribution))]


def _with_cue(prepared: Prepared, reading: QuoteReading) -> QuoteReading:
    quotation = prepared.numbered.quotation(reading.quotation)
    cue = cue_of(prepared.numbered, prepared.masked, quotation)
    addressee = reading.addressee or addressee_of(prepared.numbered, prepared.masked, quotation, cue)
    return replace(reading, cue=(cue.start, cue.end) if cue else None, addressee=addressee)


class _LocalReader:
    def __init__(self, prepared: Prepared, ask: Ask) -> None:
        self._prepared = prepared
        self._ask = ask
        self._text = prepared.article.text
        self._pronouns: dict[str, str] = {}

    async def read(self, attribution: Attribution) -> QuoteReading | None:
        if attribution.quotation.furniture or attribution.is_term:
            return None
        names = [self._text[start:end] for start, end in attribution.candidates]
        speaker = names[0] if names else None
        if not attribution.certain and attribution.pronoun == "she":
            speaker = await self._fitting(names, attribution.pronoun)
        cue = (attribution.cue.start, attribution.cue.end) if attribution.cue else None
        return QuoteReading(attribution.quotation.number, speaker, cue, self._addressee(attribution))

    def _addressee(self, attribution: Attribution) -> str | None:
        return addressee_of(self._prepared.numbered, self._prepared.masked, attribution.quotation, attribution.cue)

    async def _fitting(self, names: list[str], pronoun: str) -> str | None:
        """Return the likeliest candidate that goes by this pronoun; where none seems to, the likeliest of all."""
        for name in names[:3]:
            if len(names) == 1 or await self._pronoun_of(name) == pronoun:
                return name
        return names[0] if names else None

    async def _pronoun_of(self, name: str) -> str:
        if name not in self._pronouns:
            answer = await self._ask(Question(load("pronoun"), {"name": name}, Pronoun, max_tokens=_MAX_TOKENS))
            self._pronouns[name] = answer.pronoun
        return self._pronouns[name]

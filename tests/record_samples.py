"""A schema of a user's own, and results of it, that the tests of what becomes of records share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, Field, JsonValue

from llm_extract.grounding import Cited, Sentence, Verbatim
from llm_extract.schema import Article, ArticleReference, EdtfDate, Extraction, Party, Record
from llm_extract.schemas import Schema

TEXT = (
    "Some 300 dockers marched through Riga on Monday, led by Ilze Kalnina of the Harbour Union and Jan Berg.\n\n"
    "They want higher wages and shorter shifts. Police held 2 of them at the Old Gate."
)


class Venue(BaseModel):
    """Where a protest is."""

    city: Verbatim
    indoors: bool = False


class Arrest(BaseModel):
    """People whom the police held."""

    people: int
    place: Verbatim | None = None


class Protest(BaseModel):
    """People who march or strike together."""

    date: EdtfDate | None = None
    kind: Literal["march", "strike"]
    size: Cited[int] | None = Field(None, description="How many people take part")
    leader: Party | None = None
    venue: Venue | None = None
    demands: list[Verbatim] = Field(default_factory=list)
    organisers: list[Party] = Field(default_factory=list)
    arrests: list[Arrest] = Field(default_factory=list)
    growth: float | None = None
    reported: Sentence | None = None


PROTEST = Schema(Protest)


def words(part: str, text: str = TEXT) -> Verbatim:
    """The first place of some words."""
    return Verbatim(part, text.index(part))


def party(name: str, **about: str) -> Party:
    """A party that the text names."""
    start = TEXT.index(name)
    return Party(name=name, mention={"start": start, "end": start + len(name), "text": name}, **about)  # type: ignore[arg-type]  # validated


MARCHED = words(TEXT[: TEXT.index("\n")])
HELD = words("Police held 2 of them at the Old Gate.")


def march() -> Protest:
    """A protest with everything."""
    return Protest(
        date="2024-05-06",
        kind="march",
        size=Cited[int](value=300, evidence=(MARCHED,)),
        leader=party("Ilze Kalnina", affiliation="Harbour Union"),
        venue=Venue(city=words("Riga")),
        demands=[words("higher wages"), words("shorter shifts")],
        organisers=[party("Ilze Kalnina", affiliation="Harbour Union"), party("Jan Berg")],
        arrests=[Arrest(people=2, place=words("the Old Gate"))],
        growth=1.5,
        reported=MARCHED,
    )


def record(value: BaseModel | dict[str, JsonValue], identifier: str = "R1", kind: str = "protest") -> Record:
    """A record as a result has it."""
    json = value.model_dump(mode="json") if isinstance(value, BaseModel) else value
    evidence = [{"start": one.start, "end": one.end, "text": str(one)} for one in (MARCHED, HELD)]
    return Record.model_validate({"id": identifier, "kind": kind, "value": json, "evidence": evidence})


def protests(
    identifier: str = "docks", values: Sequence[BaseModel | dict[str, JsonValue]] | None = None, kind: str = "protest"
) -> Extraction:
    """A result of this schema alone."""
    article = Article(text=TEXT, id=identifier, published=dt.date(2024, 5, 7), title="Dockers March")
    records = [record(value, f"R{number}", kind) for number, value in enumerate([march()] if values is None else values, start=1)]
    return Extraction(article=ArticleReference.of(article), text=TEXT, records=tuple(records), model="stub", prompts={"records": "1"})

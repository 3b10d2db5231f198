"""Protests: who took to the streets, where, when, how many by whose count, and what for."""

from enum import StrEnum

from pydantic import BaseModel, Field

from llm_extract import Cited, EdtfDate, Example, Party, Schema, Verbatim


class Form(StrEnum):
    """What the protesters do."""

    RALLY = "rally"
    """They gather in one place, or march."""
    STRIKE = "strike"
    """They stop work or stay away from classes."""
    BLOCKADE = "blockade"
    """They block, occupy or sit in."""


class Status(StrEnum):
    """Whether it came about."""

    TOOK_PLACE = "took_place"
    """It took place or is going on."""
    ANNOUNCED = "announced"
    """It is still to come."""
    CALLED_OFF = "called_off"
    """It was announced and was cancelled or banned."""


class Count(BaseModel):
    """How many took part, by one account."""

    people: int = Field(gt=0, description="the number, in digits")
    by: Party | None = Field(None, description="who counted, such as the police")


class Protest(BaseModel):
    """A protest: people in one town rally, march, strike or block something to demand something. Not: sports, meetings, history."""

    place: Verbatim = Field(description="the town or village")
    date: EdtfDate | None = Field(None, description="the day")
    form: Form
    status: Cited[Status]
    demand: Verbatim | None = Field(None, description="what it is for or against, in a few words")
    counts: list[Count] = Field([], description="the numbers of those who took part")


TEXT = (
    "Some 3,000 people marched through Larnow on Sunday against the closure of its hospital, police said. "
    "Organisers spoke of five thousand.\n\nDockers in Odrin walked out on Monday; they will march on Friday."
)
WANTED = {"demand": "the closure of its hospital", "counts": [{"people": 3000, "by": "police"}, {"people": 5000, "by": "Organisers"}]}
LARNOW = {"place": "Larnow", "date": "2022-06-05", "form": "rally", "status": "took_place", **WANTED}
WALKOUT = {"place": "Odrin", "date": "2022-06-06", "form": "strike", "status": "took_place"}
MARCH = {"place": "Odrin", "date": "2022-06-10", "form": "rally", "status": "announced"}
RECORDS = [Protest.model_validate(record) for record in (LARNOW, WALKOUT, MARCH)]
PROTESTS = Schema(Protest, key=("place", "date", "form"), examples=[Example(TEXT, RECORDS, published="2022-06-07")])

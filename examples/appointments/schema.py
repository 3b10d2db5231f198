"""Appointments and departures: who comes into which office, who leaves it, and how."""

from collections.abc import Hashable
from typing import Annotated, Literal, Self

from pydantic import BaseModel, Field, model_validator

from llm_extract import EdtfDate, Example, Party, Schema, Verbatim


class Entry(BaseModel):
    """The person comes into office."""

    kind: Literal["entry"]
    way: Literal["appointed", "elected", "nominated"]
    acting: bool = Field(description="whether only for a time, until another is found")
    predecessor: Party | None = Field(None, description="the person who held the office before")


class Departure(BaseModel):
    """The person leaves office."""

    kind: Literal["departure"]
    way: Literal["resigned", "dismissed", "retired", "died"]
    reason: Verbatim | None = Field(None, description="why, in a few words")


class Change(BaseModel):
    """A person comes into an office or leaves it: in a government, an authority, a court, a company or a club. Not: earlier careers."""

    person: Party = Field(description="the person")
    office: Verbatim = Field(description="the office, such as director")
    body: Verbatim | None = Field(None, description="the institution or company")
    date: EdtfDate | None = Field(None, description="the day on which it takes effect, else on which it was announced")
    event: Annotated[Entry | Departure, Field(discriminator="kind")]

    @model_validator(mode="after")
    def _another(self) -> Self:
        if isinstance(self.event, Entry) and self.event.predecessor and self.event.predecessor.name == self.person.name:
            msg = "the predecessor must be another person"
            raise ValueError(msg)
        return self


def one_change(change: Change) -> Hashable:
    """Two mentions are of one change where the same person comes or goes."""
    return change.person.name, change.event.kind


TEXT = "Petra Holm was named director of the Larnow Museum on Monday. She replaces Jan Brodal, who resigned in April over a leaking roof."
HOLM = {"kind": "entry", "way": "appointed", "acting": False, "predecessor": "Jan Brodal"}
BRODAL = {"kind": "departure", "way": "resigned", "reason": "a leaking roof"}
RECORDS = [
    Change.model_validate({"person": "Petra Holm", "office": "director", "body": "Larnow Museum", "date": "2022-06-06", "event": HOLM}),
    Change.model_validate({"person": "Jan Brodal", "office": "director", "body": "Larnow Museum", "date": "2022-04", "event": BRODAL}),
]
CHANGES = Schema(Change, key=one_change, examples=[Example(TEXT, RECORDS, published="2022-06-07")])

"""Models as a user might write them, with a text that they are about."""

from __future__ import annotations

from enum import Enum
from typing import Annotated, Literal

from pydantic import BaseModel, Field, model_validator

from llm_extract import Cited, EdtfDate, Example, Label, Party, Quotation, Schema, Sentence, Verbatim

TEXT = (
    "Some 3,000 dock workers marched through Port Aster on Tuesday, the harbour union said. The march was called by the Dockers League.\n\n"
    "“We will be back,” said Mira Holt, its chair. In Vellin, teachers walked out on Monday; the strike was called by the Teachers Council."
)
PUBLISHED = "2026-03-05"


class Form(Enum):
    """How people protest."""

    MARCH = "march"
    """They walk
    through the streets."""
    STRIKE = "strike"


class Protest(BaseModel):
    """People gather in public or stop working to make a demand."""

    city: Verbatim = Field(description="City where it takes place.")
    form: Form
    date: EdtfDate | None = Field(None, description="When it takes place.")
    organisers: list[Party] = Field(default=[], description="Who called for it.")
    size: Cited[int] | None = None

    @model_validator(mode="after")
    def _march_has_people(self) -> Protest:
        if self.form is Form.MARCH and self.size and self.size.value < 2:
            msg = "one person is no march"
            raise ValueError(msg)
        return self


class Degree(Label):
    """How much."""

    LOW = "low", "hardly anything"
    HIGH = "high", "a lot"


class Injury(BaseModel):
    """Somebody was hurt."""

    sort: Literal["injury"]
    person: Verbatim


class Damage(BaseModel):
    """Something was broken."""

    sort: Literal["damage"]
    cost: int = Field(ge=0)


class Incident(BaseModel):
    """Something went wrong."""

    id: Annotated[str, Field(exclude=True)] = ""
    consequence: Annotated[Injury | Damage, Field(discriminator="sort")]
    degree: Degree
    told: Sentence
    said: Quotation | None = None
    others: list[Injury] = []


LAID_DOWN = {"city": "Lumen", "form": "strike", "date": "2025-05-02", "organisers": [{"name": "Bakers Guild"}], "size": 40}
PROTESTS = Schema(
    Protest,
    key=["city", "form"],
    examples=[
        Example(
            "On May 2, 40 bakers laid down their tools in Lumen at the call of the Bakers Guild.",
            [Protest.model_validate(LAID_DOWN)],
            published="2025-05-04",
        )
    ],
)

MARCH = {
    "sentences": [1, 2],
    "city": "Port Aster",
    "form": "march",
    "date": "Tuesday",
    "organisers": ["Dockers League"],
    "size": {"value": 3000, "sentences": [1]},
}
STRIKE = {"sentences": [4], "city": "Vellin", "form": "strike", "date": "Monday", "organisers": ["Teachers Council"], "size": None}

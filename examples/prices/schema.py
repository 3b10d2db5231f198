"""Price announcements: what will cost how much, from when, and who says so."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, Field, model_validator

from llm_extract import Cited, EdtfDate, Example, Party, Schema, Verbatim

Direction = Literal["up", "down", "unchanged"]


class PriceChange(BaseModel):
    """A company or an authority sets a price, fare, fee or tariff. Each product counts by itself. Not: markets, forecasts, the past."""

    product: Verbatim = Field(description="what is sold, in a few words")
    direction: Direction
    old: Cited[float] | None = Field(None, description="the price so far, in digits")
    new: Cited[float] | None = Field(None, description="the new price, in digits")
    percent: Cited[Annotated[float, Field(ge=0)]] | None = Field(None, description="the change in per cent, in digits")
    date: EdtfDate | None = Field(None, description="the day from which it holds")
    seller: Party | None = Field(None, description="who sets the price: a company, an authority, a regulator")

    @model_validator(mode="after")
    def _right_way(self) -> Self:
        if self.old and self.new and self.direction != _direction(self.old.value, self.new.value):
            msg = f"a price that goes from {self.old.value:g} to {self.new.value:g} does not go {self.direction}"
            raise ValueError(msg)
        return self


def _direction(old: float, new: float) -> Direction:
    return "unchanged" if old == new else "up" if new > old else "down"


TEXT = (
    "The ferry Solveig will cost nine crowns from 1 July instead of eight, its operator Odrin Lines said. "
    "The price of beer on board stays the same; coffee gets cheaper by 5.5 per cent. "
    "On Monday the Larnow council cut the fee for bicycles from 3.50 to 2 crowns.\n\nBread became dearer by six per cent last year."
)
FERRY = {"seller": "Odrin Lines", "product": "ferry Solveig", "direction": "up", "old": 8, "new": 9, "date": "2022-07-01"}
BEER = {"seller": "Odrin Lines", "product": "beer on board", "direction": "unchanged"}
COFFEE = {"seller": "Odrin Lines", "product": "coffee", "direction": "down", "percent": 5.5}
BICYCLE = {"seller": "Larnow council", "product": "fee for bicycles", "direction": "down", "old": 3.5, "new": 2}
RECORDS = [PriceChange.model_validate(record) for record in (FERRY, BEER, COFFEE, BICYCLE)]
PRICES = Schema(PriceChange, key=("seller", "product"), examples=[Example(TEXT, RECORDS, published="2022-06-07")])

"""What tokens cost: from the user's file, else from `genai-prices`, never from this code."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from llm_extract.errors import SettingError
from llm_extract.schema import Usage
from llm_extract.settings import ModelChoice, Settings

__all__ = ["Price", "price_of"]

_MILLION = 1_000_000
_SAMPLE = 1_000  # tokens asked about: long questions cost more a token with some providers, and ours are short


@dataclass(frozen=True)
class Price:
    """Prices in US dollars a million tokens."""

    input: float
    output: float

    def cost(self, usage: Usage) -> float:
        """Return what these tokens cost, in US dollars, without discounts for what the provider has cached."""
        return (usage.prompt_tokens * self.input + usage.completion_tokens * self.output) / _MILLION


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", defer_build=True)

    input: float = Field(ge=0, allow_inf_nan=False)
    output: float = Field(ge=0, allow_inf_nan=False)


def price_of(choice: ModelChoice, settings: Settings) -> Price | None:
    """Return the price of the model that answers; None where nobody knows it. What runs here costs nothing.

    Raises:
        SettingError: The user's file can't be read or is not of its form.
    """
    if choice.endpoint is None:
        return Price(0.0, 0.0)
    if settings.prices is not None and (row := _read(settings.prices).get(choice.name)):
        return Price(row.input, row.output)
    return _published(choice)


def _read(path: Path) -> dict[str, _Row]:
    import tomllib

    form = 'Write lines such as "gpt-4.1-mini" = {input = 0.4, output = 1.6}, in dollars a million tokens.'
    try:
        return TypeAdapter(dict[str, _Row]).validate_python(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingError(f"The prices in {path} can't be read: {error}.", remedy=form) from error
    except ValidationError as error:
        problem = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, problem["loc"]))
        raise SettingError(f"The prices in {path} are not of the right form: {where}: {problem['msg']}.", remedy=form) from error


def _published(choice: ModelChoice) -> Price | None:
    import genai_prices

    usage = genai_prices.Usage(input_tokens=_SAMPLE, output_tokens=_SAMPLE)
    base_url = choice.endpoint.base_url if choice.endpoint else None
    try:
        found = genai_prices.calc_price(usage, model_ref=choice.name, provider_api_url=base_url)
    except LookupError:
        return None
    scale = _MILLION / _SAMPLE
    return Price(float(found.input_price) * scale, float(found.output_price) * scale)

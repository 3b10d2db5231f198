from __future__ import annotations

from pathlib import Path

import pytest

from llm_extract.errors import SettingError
from llm_extract.prices import Price, price_of
from llm_extract.schema import Usage
from llm_extract.settings import Settings, choose_model


def _price(**given: object) -> Price | None:
    settings = Settings.model_validate(given)
    return price_of(choose_model(settings), settings)


def _file(folder: Path, text: str) -> Path:
    path = folder / "prices.toml"
    path.write_text(text, encoding="utf-8")
    return path


class TestPriceOf:
    def test_what_runs_here_costs_nothing(self) -> None:
        assert _price() == Price(0.0, 0.0)

    def test_a_known_model_has_its_published_price(self) -> None:
        price = _price(api_key="k", model="gpt-4.1-mini")
        assert price
        assert 0 < price.input < price.output < 100

    def test_nobody_knows_the_price_of_an_unknown_model(self) -> None:
        assert _price(api_key="k", model="no-such-model-at-all", base_url="http://127.0.0.1:9/v1") is None

    def test_the_users_file_comes_first_and_what_it_leaves_out_is_looked_up(self, tmp_path: Path) -> None:
        prices = _file(tmp_path, '"gpt-4.1-mini" = {input = 7, output = 8.5}\n')
        assert _price(api_key="k", model="gpt-4.1-mini", prices=prices) == Price(7.0, 8.5)
        other = _price(api_key="k", model="gpt-4.1", prices=prices)
        assert other
        assert other.input != 7.0

    @pytest.mark.parametrize(
        ("text", "told"),
        [
            ("m = {input = 1}", "m.output: Field required"),
            ("m = {input = -1, output = 1}", "m.input: Input should be greater than or equal to 0"),
            ("m = {input = nan, output = 1}", "m.input"),
            ("m = {input = inf, output = 1}", "m.input"),
            ("m = {input = 1, output = 1, cached = 1}", "m.cached: Extra inputs"),
            ("m = 3", "m: Input should be"),
            ("m = {", "can't be read"),
        ],
    )
    def test_a_file_of_another_form_is_named_with_the_form_to_write(self, tmp_path: Path, text: str, told: str) -> None:
        with pytest.raises(SettingError, match=told) as caught:
            _price(api_key="k", model="m", prices=_file(tmp_path, text))
        assert "prices.toml" in caught.value.what
        assert "{input = 0.4, output = 1.6}" in caught.value.remedy

    def test_a_file_that_is_not_there_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(SettingError, match=r"no\.toml can't be read"):
            _price(api_key="k", model="m", prices=tmp_path / "no.toml")


def test_the_cost_is_that_of_a_million_tokens_in_proportion() -> None:
    assert Price(2.0, 8.0).cost(Usage(prompt_tokens=500_000, completion_tokens=250_000)) == pytest.approx(3.0)
    assert Price(2.0, 8.0).cost(Usage(requests=9)) == 0

"""Argument, then environment, then default; and the model that follows from them."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from llm_extract.errors import SettingError
from llm_extract.settings import DEFAULT_HOSTED_MODEL, EMBEDDED_MODEL, Mode, Profile, Settings, choose_model

KEY = "key-do-not-show-4711"


class TestLoad:
    def test_an_argument_comes_before_the_environment_and_that_before_the_default(self) -> None:
        environment = {"LLM_EXTRACT_JOBS": "3", "LLM_EXTRACT_MODEL": "one", "LLM_EXTRACT_MODE": "tools", "LLM_EXTRACT_SEED": ""}
        found = Settings.load(environment, model="two", jobs=None)
        assert (found.jobs, found.model, found.mode, found.seed, found.max_retries) == (3, "two", Mode.TOOLS, None, 4)

    def test_our_own_variable_comes_before_that_of_openai(self) -> None:
        environment = {"OPENAI_BASE_URL": "http://a/v1", "LLM_EXTRACT_BASE_URL": "http://b/v1", "OPENAI_API_KEY": KEY}
        found = Settings.load(environment)
        assert found.base_url == "http://b/v1"
        assert found.api_key is not None
        assert found.api_key.get_secret_value() == KEY

    @pytest.mark.parametrize(
        ("environment", "arguments", "words"),
        [
            ({"LLM_EXTRACT_JOBS": "many"}, {}, "LLM_EXTRACT_JOBS: .*integer"),
            ({"LLM_EXTRACT_JOBS": "many"}, {"jobs": 0}, "jobs: .*greater than or equal to 1"),
            ({}, {"timeout_s": 0.0}, "timeout_s: .*greater than 0"),
            ({}, {"temperature": -1}, "temperature: .*greater than or equal to 0"),
            ({}, {"profile": "big"}, "profile: .*'hosted' or 'local'"),
            ({}, {"colour": "red"}, "colour: "),
        ],
    )
    def test_a_value_of_the_wrong_form_is_named_with_where_it_came_from(
        self, environment: dict[str, str], arguments: dict[str, object], words: str
    ) -> None:
        with pytest.raises(SettingError, match=words):
            Settings.load(environment, **arguments)

    def test_a_key_is_in_no_error_and_no_repr(self) -> None:
        with pytest.raises(SettingError) as caught:
            Settings.load({"OPENAI_API_KEY": KEY}, jobs=0)
        assert KEY not in f"{caught.value!r}{Settings(api_key=SecretStr(KEY))!r}{choose_model(Settings(api_key=SecretStr(KEY)))!r}"

    def test_with_a_cassette_the_environment_does_not_say_what_is_asked(self) -> None:
        names = ("MODEL", "BASE_URL", "API_KEY", "PROFILE", "MODE", "TEMPERATURE", "SEED")
        environment = {f"LLM_EXTRACT_{name}": "1" for name in names} | {"OPENAI_API_KEY": KEY, "LLM_EXTRACT_JOBS": "3"}
        assert Settings.load(environment, replay=Path("c.yaml")) == Settings(replay=Path("c.yaml"), jobs=3)
        assert Settings.load({**environment, "LLM_EXTRACT_REPLAY": "c.yaml"}) == Settings(replay=Path("c.yaml"), jobs=3)
        assert Settings.load(environment, replay=Path("c.yaml"), model="mine").model == "mine"


class TestChoice:
    def test_with_nothing_set_the_embedded_model_runs_here(self) -> None:
        choice = choose_model(Settings())
        assert (choice.name, choice.profile, choice.temperature, choice.jobs, choice.runs_here) == (
            EMBEDDED_MODEL,
            Profile.LOCAL,
            0.0,
            1,
            True,
        )

    def test_a_key_chooses_a_hosted_model_and_sends_no_temperature(self) -> None:
        choice = choose_model(Settings(api_key=SecretStr(KEY)))
        assert (choice.name, choice.profile, choice.temperature, choice.jobs) == (DEFAULT_HOSTED_MODEL, Profile.HOSTED, None, 8)
        assert choice.endpoint is not None
        assert choice.endpoint.base_url == "https://api.openai.com/v1"

    def test_an_identity_holds_neither_key_nor_port_nor_path(self, tmp_path: Path) -> None:
        remote = choose_model(Settings(model="m", base_url="http://user:pass@localhost:8080/v1/", api_key=SecretStr(KEY)))
        assert remote.identity == "m@localhost"
        (tmp_path / "own.GGUF").write_bytes(b"GGUF")
        assert choose_model(Settings(model=str(tmp_path / "own.GGUF"))).identity == "own.GGUF:4"

    def test_a_model_that_nothing_serves_is_an_error_with_the_ways_out(self) -> None:
        with pytest.raises(SettingError, match=r"'gpt-x'.*OPENAI_API_KEY.*--base-url.*\.gguf"):
            choose_model(Settings(model="gpt-x"))

    @pytest.mark.parametrize("url", ["localhost:8080/v1", "/v1", "http://"])
    def test_an_address_that_is_none_is_an_error(self, url: str) -> None:
        with pytest.raises(SettingError, match="is not a URL"):
            choose_model(Settings(base_url=url))

    def test_an_endpoint_may_call_its_models_like_files_and_a_file_that_is_there_runs_here(self, tmp_path: Path) -> None:
        served = choose_model(Settings(model="served.gguf", base_url="http://localhost:8080/v1"))
        assert (served.name, served.runs_here) == ("served.gguf", False)
        (tmp_path / "own.gguf").write_bytes(b"GGUF")
        assert choose_model(Settings(model=str(tmp_path / "own.gguf"), base_url="http://localhost:8080/v1")).runs_here

    def test_a_cassette_answers_for_the_embedded_model_or_for_the_one_named_without_a_key(self) -> None:
        embedded = choose_model(Settings(replay=Path("c.yaml")))
        named = choose_model(Settings(replay=Path("c.yaml"), model="big"))
        assert (embedded.name, embedded.profile) == (EMBEDDED_MODEL, Profile.LOCAL)
        assert (named.name, named.profile) == ("big", Profile.HOSTED)

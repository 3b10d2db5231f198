from __future__ import annotations

import datetime as dt
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from llm_extract import fingerprint as module
from llm_extract.fingerprint import fingerprint, manner
from llm_extract.schema import Article
from llm_extract.settings import Settings, choose_model

ARTICLE = Article(text="Ana met Boris.", id="a", published=dt.date(2024, 5, 6))
SETTINGS = {"base_url": "http://127.0.0.1:1/v1", "api_key": SecretStr("key-1"), "model": "tiny"}


def _manner(tasks: tuple[str, ...] = ("meetings", "quotes"), **changes: Any) -> str:  # noqa: ANN401  fields of the settings
    settings = Settings.model_validate({**SETTINGS, **changes})
    return manner(settings, choose_model(settings), tasks)


class TestManner:
    @pytest.mark.parametrize(
        "change",
        [
            {"api_key": SecretStr("key-2")},
            {"base_url": "http://127.0.0.1:2/v1"},
            {"timeout_s": 1.0},
            {"max_retries": 9},
            {"jobs": 64},
            {"rpm": 5},
            {"max_tokens": 5},
            {"cache": "off"},
            {"cache_dir": Path("elsewhere")},
        ],
    )
    def test_what_changes_no_result_is_no_part_of_it(self, change: dict[str, Any]) -> None:
        assert _manner(**change) == _manner()

    @pytest.mark.parametrize(
        "change",
        [
            {"model": "large"},
            {"base_url": "http://elsewhere.example/v1"},
            {"profile": "local"},
            {"mode": "tools"},
            {"temperature": 0.5},
            {"seed": 1},
            {"indirect": True},
            {"keep_text": False},
            {"tasks": ("meetings",)},
        ],
    )
    def test_what_may_change_a_result_is(self, change: dict[str, Any]) -> None:
        assert _manner(**change) != _manner()

    def test_the_order_of_the_tasks_is_no_part_of_it(self) -> None:
        assert _manner(tasks=("quotes", "meetings")) == _manner()

    def test_the_code_and_the_prompts_are(self, monkeypatch: pytest.MonkeyPatch) -> None:
        before = _manner()
        monkeypatch.setattr(module, "_code", lambda: "another state")
        assert _manner() != before

    def test_another_process_says_the_same(self) -> None:
        script = "from test_fingerprint import _manner; print(_manner())"
        here = Path(__file__).parent
        command = [sys.executable, "-c", f"import sys; sys.path[:0] = [{str(here)!r}]; {script}"]
        said = subprocess.run(command, capture_output=True, text=True, check=True, cwd=here.parent).stdout
        assert said.strip() == _manner()


class TestFingerprint:
    def test_it_is_the_manner_and_the_article_in_33_characters(self) -> None:
        first, _, second = fingerprint("0123456789abcdef", ARTICLE).partition("-")
        assert (first, len(second)) == ("0123456789abcdef", 16)
        assert int(second, 16) >= 0

    @pytest.mark.parametrize(
        "change", [{"text": "Ana met Boris ."}, {"id": "b"}, {"published": None}, {"title": "T"}, {"source": "S"}, {"url": "http://u"}]
    )
    def test_whatever_is_known_of_the_article_changes_it(self, change: dict[str, Any]) -> None:
        changed = Article.model_validate({**ARTICLE.model_dump(exclude={"sha256"}), **change})
        assert fingerprint("f" * 16, changed) != fingerprint("f" * 16, ARTICLE)

    def test_the_same_article_read_again_has_the_same(self) -> None:
        again = Article.model_validate_json(ARTICLE.model_dump_json(exclude={"sha256"}))
        assert fingerprint("f" * 16, again) == fingerprint("f" * 16, ARTICLE)

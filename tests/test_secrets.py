"""A key that is marked is looked for in all that a run through trouble leaves behind, says or shows."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import traceback
from pathlib import Path

import pytest
from faults import Received, Reply, completion, refusal, serving
from news import GOOD, failures, good, number_of, results, write_articles
from pydantic import SecretStr

from llm_extract import Extractor, replay
from llm_extract.budget import Budget
from llm_extract.client import Client
from llm_extract.connection import Connection
from llm_extract.errors import LlmExtractError
from llm_extract.schema import Article
from llm_extract.settings import Endpoint, Settings, choose_model

MARK = "Qz7Wx93hNeverShown"
KEY = f"key-{MARK}-and-{MARK}"
ROOT = Path(__file__).parent.parent

LEAKS = {
    "500": refusal(500, message=f"Authorization: Bearer {KEY}"),
    "html": Reply(status=503, body=f"<html>{KEY}".encode(), content_type="text/html"),
    "cut-in-the-key": refusal(429, message="x" * 280 + f" {KEY}"),
    "truncated": Reply(body=f'{{"key": "{KEY}'.encode()),
    "header": refusal(500, headers={"x-request-id": KEY, "www-authenticate": f'Bearer realm="{KEY}"'}),
    "prose": completion(f"Your key is {KEY}."),
    "wrong-shape": completion(json.dumps({"meetings": KEY})),
    "name-of-a-field": completion(json.dumps({KEY: 1})),
    "refused": refusal(400, code="content_filter", message=f"key {KEY}"),
    "choices": Reply(body=json.dumps({"choices": [KEY], "object": KEY}).encode()),
}


def _marked(folder: Path) -> list[str]:
    mark = MARK[:8].encode()
    return [str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file() and mark in path.read_bytes()]


def _settings(url: str, folder: Path) -> Settings:
    given = {"base_url": url, "api_key": KEY, "model": "tiny", "max_wait_s": 0.0, "max_retries": 1, "max_reasks": 1}
    return Settings.model_validate({**given, "cache_dir": folder / "cache"})


def _run(folder: Path, url: str, *more: str) -> subprocess.CompletedProcess[str]:
    own = {"OPENAI_API_KEY": KEY, "LLM_EXTRACT_MAX_WAIT_S": "0", "LLM_EXTRACT_MAX_RETRIES": "1", "LLM_EXTRACT_MAX_REASKS": "1"}
    command = [
        sys.executable,
        "-m",
        "llm_extract",
        "run",
        "news",
        "-o",
        "r.jsonl",
        "--base-url",
        url,
        "--model",
        "tiny",
        "--jobs",
        "2",
        *more,
    ]
    environment = {**os.environ, **own, "PYTHONPATH": str(ROOT), "LLM_EXTRACT_CACHE_DIR": str(folder / "cache")}
    return subprocess.run(command, capture_output=True, text=True, env=environment, cwd=folder, check=False)


@pytest.mark.parametrize("more", [[], ["--log-json"]])
def test_no_file_and_no_output_of_a_run_through_trouble_holds_the_key(tmp_path: Path, more: list[str]) -> None:
    names = write_articles(tmp_path / "news", len(LEAKS) + 2)
    leaks = list(LEAKS.values())

    def leaking(received: Received) -> Reply:
        number = number_of(received)
        if number == len(LEAKS) + 1:
            return refusal(401, message=f"Incorrect API key provided: {KEY}.")
        return leaks[number] if number < len(leaks) else good(received)

    with serving(by=leaking) as server:
        run = _run(tmp_path, server.url, *more)
    assert run.returncode == 4, run
    assert "does not accept the key" in run.stderr
    assert set(failures(tmp_path / "r.jsonl")) | set(results(tmp_path / "r.jsonl")) >= set(names[:-2])
    assert KEY in server.received[0].headers["authorization"]
    assert MARK[:8] not in run.stdout + run.stderr
    assert _marked(tmp_path) == []


@pytest.mark.parametrize("leak", [*LEAKS, "401"])
def test_no_error_shows_the_key_nor_does_its_traceback(tmp_path: Path, leak: str) -> None:
    replies = {**LEAKS, "401": refusal(401, message=f"Incorrect API key provided: {KEY}.")}
    with (
        serving(replies[leak]) as server,
        Extractor(_settings(server.url, tmp_path), tasks=["meetings"]) as extractor,
        pytest.raises(LlmExtractError) as caught,
    ):
        extractor.extract("Ana Petrova met Boris Li in Sofia.")
    shown = "".join(traceback.format_exception(caught.value)) + repr(caught.value)
    assert MARK[:8] not in shown
    assert _marked(tmp_path) == []


def test_nothing_that_holds_the_key_shows_it(tmp_path: Path) -> None:
    settings = _settings("http://127.0.0.1:9/v1", tmp_path)
    choice = choose_model(settings)
    assert choice.endpoint is not None
    connection = Connection.to(choice.endpoint, settings, choice, Budget())
    client = Client(settings, choice, cache=None)
    holders = [settings, choice, choice.endpoint, Endpoint("http://x", SecretStr(KEY)), connection, client, Extractor(settings)]
    shown = " ".join(f"{holder!r} {holder!s}" for holder in holders) + settings.model_dump_json() + repr(settings.model_dump())
    assert MARK[:8] not in shown
    assert connection.api.api_key == KEY


def test_a_cassette_recorded_through_trouble_holds_no_key(tmp_path: Path) -> None:
    pytest.importorskip("vcr")
    with (
        serving(LEAKS["500"], completion(json.dumps(GOOD["Meetings"]))) as server,
        replay.recording(tmp_path / "cassette.yaml"),
        Extractor(_settings(server.url, tmp_path), tasks=["meetings"]) as extractor,
    ):
        extractor.extract(Article(text="Ana Petrova met Boris Li in Sofia on Monday.", id="a"))
    assert b"Ana Petrova" in (tmp_path / "cassette.yaml").read_bytes()
    assert _marked(tmp_path) == []


def test_the_mark_is_found_where_it_is(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "leak").write_bytes(b"\0" + KEY.encode())
    assert _marked(tmp_path) == ["deep/leak"]

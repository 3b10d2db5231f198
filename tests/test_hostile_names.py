"""Names and words that would escape the output's folder or disturb a terminal: of files, of ids, of a server."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from faults import completion, refusal, serving
from news import TEXT, failures, good, results, write_articles
from typer.testing import CliRunner, Result

from llm_extract import Extractor, cli
from llm_extract.articles import Source
from llm_extract.corpus import RunOptions, process
from llm_extract.schema import Article
from llm_extract.settings import Settings

ESCAPES = "\x1b[2J\x1b]0;owned\x07\x9b31m\u202e\u2066"
HARMFUL = ("\x1b", "\x07", "\x9b", "\u202e", "\u2066", "\r")
IDS = [
    "../../etc/passwd",
    "/etc/passwd",
    "..",
    ".",
    "a/../../b",
    "C:\\x",
    "nul\0byte",
    ESCAPES,
    "x" * 5000,
    "\n{}\n",
    "{{ 7 * 7 }}",
    "ſ\ufeff",
]


@pytest.fixture(autouse=True)
def _own_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    given = {"LLM_EXTRACT_CACHE_DIR": tmp_path / "cache", "LLM_EXTRACT_MAX_WAIT_S": 0, "LLM_EXTRACT_MAX_RETRIES": 0}
    for name, value in {**given, "OPENAI_API_KEY": "key-4711"}.items():
        monkeypatch.setenv(name, str(value))


class Named(Source):
    """An article that is given, under any name."""

    def read(self) -> Article:
        """Return it."""
        return Article(text=TEXT.format(number=1), id=self.id)


def _call(*arguments: object) -> Result:
    return CliRunner().invoke(cli.app, [str(argument) for argument in arguments])


def _below(folder: Path) -> set[str]:
    return {path.relative_to(folder).parts[0] for path in folder.rglob("*")}


def test_an_id_is_data_and_no_path(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b" / "out"
    with serving(by=good) as server:
        settings = Settings.load(base_url=server.url)
        tally = process(Extractor(settings), [Named(name, None) for name in IDS], inner / "r.jsonl", RunOptions(jobs=4))
    assert tally.done == len(IDS)
    assert results(inner / "r.jsonl") == IDS
    assert _below(inner) == {"r.jsonl"}
    for form in ("score", "csv"):
        exported = _call("export", inner / "r.jsonl", "--format", form, "-o", inner / form)
        assert exported.exit_code in {0, 2}, exported.output
    assert _below(inner) <= {"r.jsonl", "score", "csv"}
    assert _below(tmp_path) == {"a", "cache"}
    shown = _call("show", inner / "r.jsonl")
    assert shown.exit_code == 0
    assert [mark for mark in HARMFUL if mark in shown.output] == []


@pytest.mark.parametrize("more", [[], ["--log-json"], ["--quiet"]])
def test_what_a_server_says_and_how_files_are_named_can_not_disturb_a_terminal(tmp_path: Path, more: list[str]) -> None:
    write_articles(tmp_path / "news", 1)
    (tmp_path / "news" / f"a001{ESCAPES}.txt").write_text(TEXT.format(number=1), encoding="utf-8")
    (tmp_path / "news" / f"a002{ESCAPES}.txt").touch()
    (tmp_path / "news" / f"a003{ESCAPES}.txt").write_bytes(b"Caf\xe9 in Paris")  # a warning names it
    out = tmp_path / f"r{ESCAPES}.jsonl"
    with serving(refusal(500, message=f"busy{ESCAPES}\r\nfailed: forged")) as server:
        result = _call("run", tmp_path / "news", "-o", out, "--base-url", server.url, "--model", "tiny", *more)
    assert result.exit_code == 1, result.output
    assert set(failures(out)) == {"a000", *(f"a00{number}{ESCAPES}" for number in (1, 2, 3))}
    assert [mark for mark in HARMFUL if mark in result.output] == []
    assert not [line for line in result.output.splitlines() if line.startswith("failed: forged")]
    assert "busy" in result.output


def test_what_stops_a_run_can_not_either(tmp_path: Path) -> None:
    write_articles(tmp_path / "news", 1)
    with serving(refusal(401, message=f"no{ESCAPES}")) as server:
        result = _call("run", tmp_path / "news", "-o", tmp_path / "r.jsonl", "--base-url", server.url, "--model", f"tiny{ESCAPES}")
    assert result.exit_code == 4
    assert [mark for mark in HARMFUL if mark in result.output] == []


def test_a_model_that_answers_with_escapes_and_paths_is_cited_only_as_far_as_the_article_goes(tmp_path: Path) -> None:
    write_articles(tmp_path / "news", 1)
    meeting = {"status": "held", "kind": "in_person", "when": ESCAPES, "place": "../../etc", "event": None, "topics": [ESCAPES]}
    people = {"participants": ["Ana Petrova", f"Boris{ESCAPES}"], "claims": [], "evidence": [1]}
    hostile = completion(json.dumps({"records": [{**meeting, **people}]}))
    with serving(hostile) as server:
        result = _call(
            "run", tmp_path / "news", "-o", tmp_path / "r.jsonl", "--base-url", server.url, "--model", "tiny", "--only", "meetings"
        )
    assert result.exit_code == 0, result.output
    [found] = [json.loads(line) for line in (tmp_path / "r.jsonl").read_text(encoding="utf-8").splitlines()]
    assert ESCAPES not in json.dumps({**found, "warnings": []}, ensure_ascii=False)
    shown = _call("show", tmp_path / "r.jsonl")
    assert [mark for mark in HARMFUL if mark in shown.output] == []

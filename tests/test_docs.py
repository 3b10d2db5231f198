"""What README and docs/ show: their files are saved, their commands and their Python run, and what these print is compared.

`walkthrough` has the rules. The model's answers are recorded, in cassettes/test_docs; what can only be parsed is listed here.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest
from mentions_of_meetings import quote, result, told
from pydantic import SecretStr
from sybil.example import SybilFailure
from walkthrough import Shell, Walk, agrees, blocks, known, known_options, known_targets, refusal

from llm_extract import local, replay, weights
from llm_extract.export import Format, export
from llm_extract.extractor import Extractor
from llm_extract.schema import Article, Extraction
from llm_extract.schemas import load_schema
from llm_extract.settings import EMBEDDED_MODEL, CachePolicy, Endpoint, Profile, Settings

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")))
TUTORIAL = ROOT / "docs" / "tutorial.md"


def _files() -> dict[str, str]:
    """Return the files that the tutorial has its reader save, which the other pages go on with."""
    return {block.title: block.source for block in blocks(TUTORIAL) if block.title}


# --- The answers

ARTICLES = {Path(block.title).name: block.source for name in DOCUMENTS for block in blocks(ROOT / name) if block.title.endswith(".txt")}
FOUND = {
    "anniversary.txt": (1, 0),
    "announced.txt": (1, 2),
    "cancelled.txt": (1, 2),
    "hostile.txt": (1, 1),
    "met.txt": (1, 3),  # it misses one, and the pages say so
    "story.txt": (2, 3),
    "strikes.txt": (0, 1),
}
"""How many meetings and quotes the embedded model finds in each."""


def _settings(record_mode: str) -> Settings:
    """The embedded model where answers are recorded; where they are replayed, nothing is started."""
    if record_mode != "none":
        return Settings(cache=CachePolicy.OFF)
    where = "http://model.invalid/v1"
    return Settings(cache=CachePolicy.OFF, base_url=where, model=EMBEDDED_MODEL, profile=Profile.LOCAL, temperature=0.0)


@pytest.mark.vcr
@pytest.mark.parametrize("name", ARTICLES)
def test_an_article_of_the_pages_has_these_meetings_and_quotes(name: str, record_mode: str) -> None:
    with Extractor(_settings(record_mode)) as extractor:
        found = extractor.extract(Article(text=ARTICLES[name], id=name))
    assert (len(found.meetings), len(found.quotes)) == FOUND[name]


@pytest.mark.vcr
def test_the_article_about_strikes_holds_these_records(record_mode: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    monkeypatch.delitem(sys.modules, "protests", raising=False)
    (source,) = (block.source for block in blocks(ROOT / "docs" / "schemas.md") if block.title == "protests.py")
    (tmp_path / "protests.py").write_text(source, encoding="utf-8")
    with Extractor(_settings(record_mode), schema=load_schema("protests:PROTESTS")) as extractor:
        found = extractor.extract(Article(text=ARTICLES["strikes.txt"], id="strikes"), published="2026-03-05")
    assert [record.value["date"] for record in found.records] == ["2026-03-03", "2026-03-02"]


@pytest.mark.vcr
def test_the_schema_of_the_readme_finds_the_march(
    record_mode: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (source,) = (block.source for block in blocks(ROOT / "README.md") if "class Protest" in block.source)
    settings = _settings(record_mode)
    monkeypatch.setattr(Settings, "load", lambda: settings)
    exec(compile(source, "README.md", "exec", dont_inherit=True), {"__name__": "readme"})  # noqa: S102  what the README shows
    assert f"# {capsys.readouterr().out}" in source


# --- The blocks

ONLY_PARSED = {
    "CONTRIBUTING.md": ["make record"],
    "README.md": ["make test"],
    "docs/corpus.md": [
        "llm-extract run articles --model gpt-4.1-mini --max-cost 20 --max-tokens 50000000",
        "llm-extract run articles --model gpt-4.1-mini --jobs 64 --rpm 500 --tpm 200000",
        "opentelemetry-instrument llm-extract run articles",
    ],
    "docs/dossiers.md": ["pip install llm-extract[places]"],
    "docs/exports.md": ["pip install llm-extract[pandas]"],
    "docs/index.md": ["make test"],
    "docs/models.md": [
        "pip install llm-extract[local]",
        "llm-extract model serve",
        "llm-extract run articles --model ~/models/my-model-q4_k_m.gguf",
        "ollama pull qwen3:8b",
        "llm-extract run articles --base-url http://localhost:11434/v1 --model qwen3:8b",
        "vllm serve Qwen/Qwen3-8B",
        "llm-extract run articles --base-url http://localhost:8000/v1 --model Qwen/Qwen3-8B --jobs 16",
        "llama-server -m model.gguf -c 16384 --port 8080",
        "llm-extract run articles --base-url http://localhost:8080/v1 --model model",
        "export OPENAI_API_KEY=...",
        "llm-extract run articles --model gpt-4.1-mini",
        "export LLM_EXTRACT_API_KEY=...",
        "export LLM_EXTRACT_BASE_URL=https://provider.example/v1",
        "llm-extract run articles --model their-model",
    ],
    "docs/privacy.md": [
        "llm-extract run articles --model $(llm-extract model path)",
        "env -u OPENAI_API_KEY -u OPENAI_BASE_URL -u LLM_EXTRACT_API_KEY -u LLM_EXTRACT_BASE_URL llm-extract run articles",
    ],
    "docs/tutorial.md": ["make test"],
}
"""The commands that a walk does not run, because they need more than a folder; `walkthrough.elsewhere` says what."""


class Recorded:
    """Stands in for the embedded model: answers as it did when it was recorded."""

    def __init__(self, weights: Path, *, name: str) -> None:
        del weights, name
        self._stack = ExitStack()

    def start(self) -> Endpoint:
        self._stack.enter_context(replay.replaying(ROOT / "cassettes"))
        return Endpoint("http://model.invalid/v1", SecretStr("none"))

    def stop(self) -> None:
        self._stack.close()


@pytest.fixture
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with what a checkout has, the embedded model, and a terminal of 80 columns."""
    folder = tmp_path / "reader"
    folder.mkdir()
    for name in ("cassettes", "seeds"):
        (folder / name).symlink_to(ROOT / name)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("LLM_EXTRACT_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(local, "LocalServer", Recorded)
    monkeypatch.setattr(weights, "ensure_weights", lambda *_, **__: Path("recorded.gguf"))
    return folder


def _after_the_tutorial() -> None:
    for name, content in _files().items():
        path = Path("articles" if name == "story.txt" else "") / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, encoding="utf-8")


def _printed(*lines: str, columns: int = 80) -> str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", str(columns))
        return Shell().run("\n".join(lines))


def _for_the_readme() -> dict[str, Callable[[], str]]:
    """Have what the README leaves to its reader: the article that it begins with, others, results of other days."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    story = "".join(re.findall(r"^> ?(.*\n)", readme, re.MULTILINE))
    assert story == _files()["story.txt"]
    for name in ("story.txt", "articles/met.txt"):
        Path(name).write_text(story, encoding="utf-8")
    (corrections,) = (block.source for block in blocks(ROOT / "README.md") if block.language == "toml")
    Path("corrections.toml").write_text(corrections, encoding="utf-8")
    Path("news.jsonl").write_text('{"body": "Maria Lindqvist met Peter Novak in Riga.", "date": "2024-06-04"}\n', encoding="utf-8")
    Shell().run("llm-extract run seeds -q -o older.jsonl\nllm-extract run story.txt --published 2024-05-07 -q -o june.jsonl")
    return {"Status": _tables, "Maria Lindqvist – Peter Novak": _dossier, "import duckdb": _database}


def _tables() -> str:
    printed = _printed("llm-extract show june.jsonl", columns=110)
    return "".join(line for line in printed.splitlines(keepends=True) if line.startswith("   "))


def _dossier() -> str:
    export(_scripted(), Format.JSONL, Path("three.jsonl"))
    _printed("llm-extract merge three.jsonl -o three.json")
    return _printed("llm-extract show three.json", columns=80)


def _database() -> str:
    return _printed("llm-extract export june.jsonl --format duckdb -o results.duckdb")


@pytest.mark.usefixtures("reader")
@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_block_of_a_document_does_what_it_shows(name: str) -> None:
    if name != "docs/tutorial.md":
        _after_the_tutorial()
    walk = Walk(_for_the_readme() if name == "README.md" else {})
    walk.follow(ROOT / name)
    assert walk.count == len(blocks(ROOT / name))
    assert walk.shell.only_parsed == ONLY_PARSED.get(name, [])


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_commands_targets_and_options_that_a_document_names_exist(name: str) -> None:
    prose = re.sub(r"^```.*?^```", "", (ROOT / name).read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    spans = re.findall(r"`([^`\n]+)`", prose)
    named = {word for span in spans for word in re.findall(r"(?<![\w-])--[a-z][a-z-]*", span)}
    assert named - OTHER_OPTIONS - known_options() == set()
    assert {target for span in spans for target in re.findall(r"^make ([a-z-]+)", span)} - known_targets() == set()
    called = {command for span in spans for command in re.findall(r"^llm-extract ([a-z]+)", span)}
    assert {command for command in called if not known(command)} == set()


OTHER_OPTIONS = {"--help", "--max-model-len", "--quick"}
"""Those of every command, and of other programs."""


@pytest.mark.parametrize("call", ["walk seeds", "run", "run seeds --fast", "export r.jsonl --format xml -o x", "cache"])
def test_a_call_that_the_command_line_refuses_is_noticed(call: str) -> None:
    assert refusal(call.split()) is not None
    assert refusal(["run", "seeds", "-o", "-", "--jobs", "2"]) is None


WRONG = {
    "other output of python": "```python\nprint(1)\n# 2\n```\n",
    "other output of sh": "```sh\necho $?\n```\n\n```text\n1\n```\n",
    "a command that fails": "```sh\nllm-extract show missing.jsonl\n```\n",
    "a command that there is not": "```sh\nllm-extract walk seeds\n```\n",
    "an option that there is not": "```sh\nllm-extract run seeds --base-url http://localhost:1/v1 --fast\n```\n",
    "a target that there is not": "```sh\nmake coffee\n```\n",
    "an extra that there is not": '```sh\npip install "llm-extract[coffee]"\n```\n',
    "a program without a rule": "```sh\ncurl http://localhost\n```\n",
    "output of nothing": "```text\nhello\n```\n",
    "a language without a rule": "```rust\nfn main() {}\n```\n",
    "no language": "```\nhello\n```\n",
    "broken JSON": "```json\n{]\n```\n",
    "TOML that corrects nothing": "```toml\n[[joined]]\nmentions = []\n```\n",
    "an error in python": "```python\nprint(undefined)\n```\n",
    "a mark that nobody knows": '```python hl_lines="1"\nprint(1)\n```\n',
}


@pytest.mark.parametrize("what", WRONG)
def test_a_document_that_is_wrong_is_noticed(what: str, reader: Path) -> None:
    page = reader / "page.md"
    page.write_text(f"# Page\n\n{WRONG[what]}", encoding="utf-8")
    with pytest.raises((AssertionError, SybilFailure, NameError, ValueError)):
        Walk().follow(page)


def test_a_document_that_is_right_is_followed_block_by_block(reader: Path) -> None:
    page = reader / "page.md"
    page.write_text(RIGHT, encoding="utf-8")
    walk = Walk()
    walk.follow(page)
    assert walk.count == len(blocks(page)) == 6
    assert walk.shell.only_parsed == ["make test", "llm-extract model serve"]


RIGHT = """
```json title="deep/one.json"
{}
```

> ```sh
> cat deep/one.json | wc -l      # one
> llm-extract show deep/one.json -q
> echo $?
> make test
> llm-extract model serve
> ```
>
> ```text
> […]
> 2
> ```

1. In a list:

    ```python
    one = 1
    ```

```python
print("first", one)
# first 1
```

```text
first 1
```
"""


@pytest.mark.parametrize(
    ("shown", "agreed"),
    [
        ("a\n  b, 2.5 s.\nc", True),
        ("[…]\nc", True),
        ("a\n[…]", True),
        ("a\nc", False),
        ("a\n b, 2.5 s.\nc", False),
        ("a\n  b, 2.5 s.", False),
        ("[…]\nd", False),
    ],
)
def test_output_agrees_line_by_line_whatever_time_it_took(shown: str, *, agreed: bool) -> None:
    assert agrees("   a\n\n     b, 31 s.\n   c  \n", shown) is agreed


def test_a_page_that_leaves_a_command_to_be_parsed_is_a_page() -> None:
    assert ONLY_PARSED.keys() - {*DOCUMENTS} == set()


def _scripted() -> list[Extraction]:
    """Return what the README calls results of three invented articles: announced, called off, held."""
    day = {"date": "2024-06-03", "status": "planned"}
    titled = [
        (
            "Ministers to Meet in Riga Over Fishing Rights",
            "The Harbour",
            result(
                "announced",
                "2024-05-20",
                told("Maria Lindqvist, Peter Novak", **day, place="Riga", claims="Maria Lindqvist confirms, Jan Berg uncertain"),
                quotes=(quote("We expect a signature,", "Maria Lindqvist"), quote("Nothing is settled,", "Jan Berg", number=2)),
            ),
        ),
        (
            "Talks Called Off, Spokesman Says",
            "Baltic Post",
            result(
                "doubted",
                "2024-05-29",
                told("Lindqvist, Peter Novak", date="2024-06", place="Latvia", status="cancelled", claims="Berg denies"),
                quotes=(quote("There will be no meeting,", "Berg"),),
            ),
        ),
        (
            "“The Boats Can Leave”: Ministers Agree on Quotas",
            "The Harbour",
            result("met", "2024-06-04", told("Lindqvist, Novak", date="2024-06-03", place="Riga", event="Conference on Fisheries")),
        ),
    ]
    about = [(one, {"title": title, "source": source}) for title, source, one in titled]
    return [one.model_copy(update={"article": one.article.model_copy(update=more)}) for one, more in about]

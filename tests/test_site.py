"""The documentation as it is built: complete, and it loads nothing from elsewhere."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser
from typer.main import get_command

import llm_extract
from llm_extract import cli, schema
from llm_extract.dossier import Dossier
from llm_extract.schema import Extraction, Label

ROOT = Path(__file__).parent.parent
LOADING = {"src", "srcset", "poster", "data", "background"}
ELSEWHERE = re.compile(r"(?:https?:)?//\w")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the pages; a link that leads nowhere, or a name that is not there, fails."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=300)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
    return folder


class Loads(HTMLParser):
    """Collects what a page loads when it is opened, other than by a click, and the ids in it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.ids: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.loaded += [value for name, value in given.items() if name in LOADING or (tag == "link" and name == "href")]
        self.loaded += _in_style(given.get("style", ""))
        self.ids.add(given.get("id", ""))

    def handle_data(self, data: str) -> None:
        if self.lasttag == "style":
            self.loaded += _in_style(data)


def _in_style(style: str) -> list[str]:
    return re.findall(r"(?:url\(|@import\s+)[\"']?([^\"')]+)", style)


def _pages(site: Path) -> Iterator[tuple[str, Loads]]:
    for path in site.rglob("*.html"):
        yield str(path.relative_to(site)), Loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "html",
    [
        '<script src="https://cdn.invalid/x.js"></script>',
        '<link rel="stylesheet" href="//cdn.invalid/x.css">',
        "<style>@import 'https://cdn.invalid/x.css';</style>",
        '<p style="background: url(http://cdn.invalid/x.png)">',
        '<img srcset="https://cdn.invalid/x.png 2x">',
    ],
)
def test_what_a_page_loads_from_elsewhere_is_noticed(html: str) -> None:
    assert [loaded for loaded in Loads(html).loaded if ELSEWHERE.match(loaded)] != []
    assert [loaded for loaded in Loads('<a href="https://other.invalid"><img src="report.png">').loaded if ELSEWHERE.match(loaded)] == []


def test_no_page_and_no_style_loads_anything_from_elsewhere(site: Path) -> None:
    loaded = {name: page.loaded for name, page in _pages(site)}
    loaded |= {str(path): _in_style(path.read_text(encoding="utf-8")) for path in site.rglob("*.css")}
    assert min(map(len, (page.loaded for _, page in _pages(site)))) > 3
    assert {name: found for name, urls in loaded.items() if (found := [url for url in urls if ELSEWHERE.match(url)])} == {}


def test_no_page_has_what_the_theme_fetches_from_elsewhere_by_script(site: Path) -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in site.rglob("*.html"))
    assert [part for part in ('class="mermaid"', "<code>mermaid", 'data-md-component="source"', "md-source__") if part in text] == []


def test_every_page_of_docs_is_built_and_is_found_by_the_search(site: Path) -> None:
    index = json.loads((site / "search" / "search_index.js").read_text(encoding="utf-8").removeprefix("var __index = "))
    pages = {str(path.relative_to(ROOT / "docs").with_suffix(".html")) for path in (ROOT / "docs").rglob("*.md")}
    assert pages == {entry["location"].partition("#")[0] or "index.html" for entry in index["docs"]}


def test_every_name_that_the_package_exports_is_in_the_reference(site: Path) -> None:
    ids = _reference_ids(site)
    assert [name for name in llm_extract.__all__ if f"llm_extract.{name}" not in ids] == []


def _reference_ids(site: Path) -> set[str]:
    return {identifier for name, page in _pages(site) if name.startswith("reference/") for identifier in page.ids}


def test_every_field_and_label_of_a_result_is_in_the_reference(site: Path) -> None:
    ids = _reference_ids(site)
    models = {model for top in (Extraction, Dossier) for model in _models(top)}
    assert len(models) > len([Extraction, Dossier])
    names = {f".{model.__name__.partition('[')[0]}.{field}" for model in models for field in model.model_fields}
    assert {name for name in names if not any(identifier.endswith(name) for identifier in ids)} == set()
    page = (site / "reference" / "results.html").read_text(encoding="utf-8")
    meanings = {label.meaning for kind in Label.__subclasses__() if kind.__module__ == schema.__name__ for label in kind}
    assert {meaning for meaning in meanings if meaning not in page.replace("&#39;", "'")} == set()


def _models(model: Any) -> Iterator[Any]:  # noqa: ANN401  a class of pydantic's
    yield model
    for field in model.model_fields.values():
        parts = (field.annotation, *getattr(field.annotation, "__args__", ()))
        for inner in (getattr(part, "__origin__", part) for part in parts):  # of what is Annotated, the model
            if hasattr(inner, "model_fields"):
                yield from _models(inner)


def _commands(command: Any, name: str) -> Iterator[tuple[str, Any]]:  # noqa: ANN401  typer's own type is private
    yield name, command
    for inner, sub in getattr(command, "commands", {}).items():
        yield from _commands(sub, f"{name} {inner}")


def test_every_command_and_option_is_in_the_reference(site: Path) -> None:
    page = (site / "reference" / "cli.html").read_text(encoding="utf-8")
    parts = dict(re.findall(r"<h2 id=\"[^\"]*\"><code>(.*?)</code>(.*?)(?=<h2 |</article>)", page, re.DOTALL))
    parts |= dict(re.findall(r"<h3 id=\"[^\"]*\"><code>(.*?)</code>(.*?)(?=<h[23] |</article>)", page, re.DOTALL))
    commands = {name: command for name, command in _commands(get_command(cli.app), "llm-extract") if name != "llm-extract"}
    assert commands.keys() - parts.keys() == set()
    missing = [
        (name, option)
        for name, command in commands.items()
        for parameter in command.params
        for option in [*parameter.opts, *parameter.secondary_opts]
        if option.startswith("-") and not re.search(rf"{option}[ ,<&]", parts[name])
    ]
    assert missing == []


def test_a_page_holds_what_it_takes_from_elsewhere(site: Path) -> None:
    pages = {path.name: path.read_text(encoding="utf-8") for path in site.rglob("*.html")}
    assert [name for name, page in pages.items() if "&lt;!-- from" in page or "<!-- from" in page] == []
    assert f"[{llm_extract.__version__}]" in pages["changelog.html"]
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (measured,) = re.findall(r"^\| llm-extract \d.*", readme, re.MULTILINE)
    cells = re.findall(r"<td[^>]*>(.*?)</td>", pages["design.html"])
    assert [cell for cell in measured.strip("| ").split(" | ") if cell not in cells] == []


@pytest.mark.browser
def test_a_page_opened_from_the_disk_loads_nothing_from_elsewhere_and_can_be_searched(site: Path, browser: Browser) -> None:
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((site / "index.html").as_uri())
    page.keyboard.press("/")
    page.keyboard.type("Lindqvist")
    page.wait_for_selector(".md-search-result__item")
    page.close()
    assert asked
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []

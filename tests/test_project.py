"""What must hold of the project as a whole: its files fit together, and name nothing of one machine."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

import llm_extract
from llm_extract import cli, prompts

ROOT = Path(__file__).parent.parent
MODULES = sorted(path.stem for path in (ROOT / "llm_extract").glob("*.py") if not path.stem.startswith("__"))
FOLDERS = (".ci", "benchmarks", "cassettes", "docs", "examples", "llm_extract", "prompts", "seeds", "tests")
TEXTS = (".editorconfig", ".gitattributes", ".gitignore", "LICENSE", "Makefile", "mkdocs.yml", "pyproject.toml", "*.md")
MADE = {"__pycache__", ".venvs", "results"}  # by tools and by the benchmarks; not the project's
# Written so that this file does not contain what it looks for.
MACHINE = {
    "a path of a machine": r"(?<![\w.])/(?:home|root|Users|work|tmp)/\w",
    "a path on a drive": r"\b[C-Z]:[\\]{1,2}(?:Users|Windows|Program)",
    "a place outside the project": r"[.][.]/shared\b",
    "a package registry": r"py[p]i\.(?:org|python)|pythonh[o]sted\.org|--(?:extra-)?index[-]url|\barti[f]actory\b|\bdevp[i]\b",
}


def _files() -> Iterator[Path]:
    for pattern in TEXTS:
        yield from ROOT.glob(pattern)
    for folder in FOLDERS:
        yield from (path for path in (ROOT / folder).rglob("*") if path.is_file() and not MADE & {*path.parts})


@pytest.mark.parametrize("kind", MACHINE)
def test_no_file_names_a_place_that_others_do_not_have(kind: str) -> None:
    pattern = re.compile(rf"{MACHINE[kind]}|{re.escape(str(ROOT))}\b")
    texts = {path: path.read_text(encoding="utf-8", errors="replace") for path in _files()}
    assert len(texts) > len(MODULES)
    assert {str(path.relative_to(ROOT)): found[0] for path, text in texts.items() if (found := pattern.search(text))} == {}


@pytest.mark.parametrize("name", MODULES)
def test_a_module_exports_every_public_function_and_class_that_it_defines(name: str) -> None:
    tree = ast.parse((ROOT / "llm_extract" / f"{name}.py").read_text(encoding="utf-8"))
    definitions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    defined = {node.name for node in tree.body if isinstance(node, definitions) and not node.name.startswith("_")}
    module = importlib.import_module(f"llm_extract.{name}")
    commands = {command.callback.__name__ for app in _apps() for command in app.registered_commands if command.callback}
    assert defined - {*module.__all__} - (commands if module is cli else set()) == set()
    assert [exported for exported in module.__all__ if not hasattr(module, exported)] == []


def _apps() -> list[typer.Typer]:
    return [value for value in vars(cli).values() if isinstance(value, typer.Typer)]


def test_every_name_that_the_package_exports_is_there_and_is_exported_at_home() -> None:
    for name in llm_extract.__all__:
        home = importlib.import_module(f"llm_extract.{llm_extract._HOMES[name]}")
        assert name in home.__all__
        assert getattr(llm_extract, name) is getattr(home, name)
    with pytest.raises(AttributeError, match="no attribute 'extract_weather'"):
        _ = llm_extract.extract_weather


def test_the_readme_shows_every_command() -> None:
    shown = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = {command.name or command.callback.__name__ for command in cli.app.registered_commands if command.callback}
    groups = {group.name for group in cli.app.registered_groups}
    assert {name for name in commands | groups if f"llm-extract {name}" not in shown} == set()


def test_the_changelog_has_this_version_and_every_version_of_every_prompt() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## [{llm_extract.__version__}]" in changelog
    assert [prompt.file_name for prompt in prompts.available() if f"`{prompt.name}` {prompt.version}" not in changelog] == []

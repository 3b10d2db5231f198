"""What reaches a user in a wheel."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytest.importorskip("hatchling")

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel, with a template of ours beside the project's, and unpack it as an installer does."""
    tree, folder = tmp_path_factory.mktemp("tree"), tmp_path_factory.mktemp("installed")
    for name in ("llm_extract", "prompts"):
        shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, tree)
    (tree / "prompts" / "wheel_probe.v3.jinja").write_text("{% block user %}<<{{ article }}>>{% endblock %}", encoding="utf-8")
    _run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)], tree)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def _run(command: list[str], folder: Path, **environment: str) -> str:
    done = subprocess.run(command, cwd=folder, env={**os.environ, **environment}, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_an_installed_wheel_renders_its_own_prompts(installed: Path, tmp_path: Path) -> None:
    code = "from llm_extract import prompts; print(prompts.__file__); print(prompts.load('wheel_probe').render(article='{{ x }}')['user'])"
    file, rendered = _run([sys.executable, "-c", code], tmp_path, PYTHONPATH=str(installed)).splitlines()
    assert Path(file).is_relative_to(installed)
    assert rendered == "<<{{ x }}>>"


def test_a_wheel_holds_every_prompt_the_types_and_the_licence(installed: Path) -> None:
    packed = {file.name: file.read_bytes() for file in (installed / "llm_extract" / "prompts_data").iterdir()}
    del packed["wheel_probe.v3.jinja"]
    assert packed == {file.name: file.read_bytes() for file in (ROOT / "prompts").iterdir()}
    assert (installed / "llm_extract" / "py.typed").is_file()
    assert list(installed.glob("*.dist-info/licenses/LICENSE"))


def test_a_wheel_holds_all_that_the_page_of_the_report_is_made_of(installed: Path) -> None:
    assets = ROOT / "llm_extract" / "assets"
    files = {file.relative_to(assets) for file in assets.rglob("*") if file.is_file()}
    assert len(files) > len(["template", "style", "licence"])
    assert {file.relative_to(installed / "llm_extract" / "assets") for file in installed.rglob("assets/**/*") if file.is_file()} == files


def test_a_wheel_holds_nothing_but_the_package(installed: Path) -> None:
    folders = {path.name for path in installed.iterdir() if path.is_dir() and path.suffix != ".dist-info"}
    assert folders == {"llm_extract"}

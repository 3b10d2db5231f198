"""What the pages take from elsewhere when they are built: the command line's own help, sections of the README, the changelog.

So that nothing is written twice. In a page, a line `<!-- from: cli -->`, `<!-- from: CHANGELOG.md -->` or, for one section,
`<!-- from: README.md#Quality and speed -->` is replaced by it. Also here: how the examples in docstrings are shown.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import griffe

ROOT = Path(__file__).parent.parent
_MARK = re.compile(r"^<!-- from: (?P<file>[\w.]+)(?:#(?P<section>.+))? -->$", re.MULTILINE)
_EXAMPLE = re.compile(r"^Example:\n(?P<example>(?: {4}.*\n?|\n)+)", re.MULTILINE)


class Examples(griffe.Extension):
    """Has the examples of docstrings shown as code: Griffe knows the section by its plural only, and code by its prompt."""

    def on_object(self, *, obj: griffe.Object, **_: object) -> None:
        """Rename the section, and fence what is no session; Griffe calls it for each object that has been read."""
        if obj.docstring:
            obj.docstring.value = _EXAMPLE.sub(_as_code, obj.docstring.value)


def _as_code(found: re.Match[str]) -> str:
    example = found["example"]
    if not example.lstrip().startswith(">>>"):
        example = f"    ```python\n{example.rstrip()}\n    ```\n"
    return f"Examples:\n{example}"


def on_page_markdown(markdown: str, **_: object) -> str:
    """Replace the marks of a page; MkDocs calls it for each."""
    return _MARK.sub(lambda found: _taken(found["file"], found["section"]), markdown)


def _taken(file: str, section: str | None) -> str:
    if file == "cli":
        return _command_line()
    text = (ROOT / file).read_text(encoding="utf-8")
    return _section(text, section) if section else text.partition("\n")[2]


def _command_line() -> str:
    """Return what `--help` says of every command, as typer writes it in Markdown."""
    command = [sys.executable, "-m", "typer", "llm_extract.cli", "utils", "docs", "--name", "llm-extract"]
    made = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=True).stdout  # noqa: S603
    made = re.sub(r"^(\* `[a-z]+`): .*$", r"\1", made, flags=re.MULTILINE)  # what commands do is cut short there; each has a section
    return made.partition("\n")[2]  # the page has its own heading


def _section(text: str, heading: str) -> str:
    """Return a section of Markdown without its heading.

    Raises:
        LookupError: There is none.
    """
    _, found, rest = text.partition(f"\n## {heading}\n")
    if not found:
        message = f"The README has no section {heading!r}."
        raise LookupError(message)
    return rest.partition("\n## ")[0].replace("](docs/", "](")

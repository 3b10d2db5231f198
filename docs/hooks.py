"""What the pages take from elsewhere when they are built: the command line's own help, sections of the README, the changelog.

So that nothing is written twice. In a page, a line `<!-- from: cli -->`, `<!-- from: CHANGELOG.md -->` or, for one section,
`<!-- from: README.md#Quality and speed -->` is replaced by it.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
_MARK = re.compile(r"^<!-- from: (?P<file>[\w.]+)(?:#(?P<section>.+))? -->$", re.MULTILINE)


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

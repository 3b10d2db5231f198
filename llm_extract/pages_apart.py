"""Web pages taken apart in a process of their own, which can be ended: one that is made to take minutes must not hold up a run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

from llm_extract.errors import ArticleError, MissingExtraError

__all__ = ["MAX_SECONDS", "NAME", "end_all", "is_large", "taken_apart"]

MAX_SECONDS = 60.0
NAME = "{the page}"
"""What stands for its name in what the process has to say."""
_MOST_TAGS, _MOST_CHARS = 10_000, 2_000_000
_REMEDY = "Leave it out, or save it as plain text."
_running: set[subprocess.Popen[bytes]] = set()
_guard = threading.Lock()


def is_large(markup: str) -> bool:
    """Whether a page has so much that taking it apart may take more than some seconds; scripts and styles, if anything, take little."""
    return len(markup) > _MOST_CHARS or markup.count("<") > _MOST_TAGS


def taken_apart(markup: str, name: str) -> tuple[dict[str, str | None], str]:
    """Return what `html_pages` finds in a page: what it says of its article, and the article's text. May be called from any thread.

    Raises:
        ArticleError: It takes longer than `MAX_SECONDS`, or as `html_pages.read_page`.
    """
    command = [sys.executable, "-m", "llm_extract.html_pages"]
    path = os.pathsep.join([str(Path(__file__).parent.parent), *filter(None, [os.environ.get("PYTHONPATH")])])
    with subprocess.Popen(  # noqa: S603  this program
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": path},
        start_new_session=True,  # Ctrl-C is for the run, which may finish what it has begun
    ) as process:
        with _guard:
            _running.add(process)
        try:
            found, _ = process.communicate(markup.encode(), timeout=MAX_SECONDS)
        except subprocess.TimeoutExpired:
            raise ArticleError(f"The page {name} takes longer than {MAX_SECONDS:.0f} s to take apart.", remedy=_REMEDY) from None
        finally:
            with _guard:
                _running.discard(process)
            process.kill()
    if process.returncode:
        raise ArticleError(f"The page {name} can't be taken apart: the process that did it ended.", remedy=_REMEDY)
    stated, text, wrong = json.loads(found)
    if wrong:  # what, and what to do
        raise (MissingExtraError if wrong == MissingExtraError.__name__ else ArticleError)(stated.replace(NAME, name), remedy=text)
    return stated, text


def end_all() -> None:
    """End what is being taken apart now; nobody waits for it any more."""
    with _guard:
        for process in _running:
            process.kill()

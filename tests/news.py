"""Articles by number, and a model that knows what each of them says: what end-to-end tests ask of a scripted server."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from faults import Received, Reply, completion

TEXT = (
    "Foreign Minister Ana Petrova met Boris Li in Sofia on Monday, says report {number}.\n\n"
    "“We agree on point {number},” Petrova told reporters.\n"
)
MEETING = {
    "participants": ["Ana Petrova", "Boris Li"],
    "status": "held",
    "kind": "in_person",
    "when": "Monday",
    "place": "Sofia",
    "event": None,
    "topics": [],
    "claims": [],
    "evidence": [1],
}
GOOD: dict[str, Any] = {
    "Meetings": {"records": [MEETING]},
    "Quotes": {"records": [{"segments": [1], "speaker": "Ana Petrova", "addressee": None}]},
}
QUESTIONS = 2
"""An article costs so many, one a task."""


def write_articles(folder: Path, count: int) -> list[str]:
    """Write so many articles, and return their ids."""
    folder.mkdir(parents=True, exist_ok=True)
    names = [f"a{number:03}" for number in range(count)]
    for number, name in enumerate(names):
        (folder / f"{name}.txt").write_text(TEXT.format(number=number), encoding="utf-8")
    return names


def number_of(received: Received) -> int:
    """Say which article a request is about."""
    found = re.search(r"says report (\d+)", received.messages[1]["content"])
    assert found
    return int(found[1])


def is_probe(received: Received) -> bool:
    """Say whether a request only finds out whether the server works."""
    return len(received.messages) == 1


def task_of(received: Received) -> str:
    """Say what a request asks for: `Meetings` or `Quotes`."""
    sent: Any = received.body["response_format"]
    name: str = sent["json_schema"]["name"]
    return name


def question_of(received: Received) -> tuple[int, str]:
    """Say which question a request puts, whether for the first time or again."""
    return number_of(received), task_of(received)


def good(received: Received) -> Reply:
    """Answer as a good model does."""
    if is_probe(received):
        return completion("Yes.")
    return completion(json.dumps(GOOD[task_of(received)]))


def asked(received: Iterable[Received]) -> Counter[tuple[int, str]]:
    """Count the requests for each question."""
    return Counter(question_of(request) for request in received if not is_probe(request))


def results(path: Path) -> list[str]:
    """Return the ids of the articles that have a result, line by line."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [json.loads(line)["article"]["id"] for line in lines]


def failures(path: Path) -> dict[str, str]:
    """Return which articles failed, with the class of the error; none twice."""
    beside = path.with_name(f"{path.stem}.failed.jsonl")
    lines = [json.loads(line) for line in beside.read_text(encoding="utf-8").splitlines()] if beside.exists() else []
    found = {line["article"]: line["error"] for line in lines}
    assert len(found) == len(lines)
    return found

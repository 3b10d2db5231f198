"""A long run that meets faults and is killed again and again, and must end complete: `python -m benchmarks.soak`.

A scripted model on loopback answers, at random (seeded), with every kind of trouble that passes, and refuses some articles. The real
command is killed with SIGKILL at random moments and started again, until it ends by itself. Then results and failures together must be
the articles, each once and in order, and no question may have been answered twice, except those that were under way at a kill.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

__all__ = ["Report", "soak"]

TEXT = "Foreign Minister Ana Petrova met Boris Li in Sofia on Monday, says report {number}.\n"
QUOTE = "\n“We agree on point {number},” Petrova told reporters.\n"
_QUOTED = 4
"""Every so manyth article has a quotation, and so costs a second question."""
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
ANSWERS = {
    "Meetings": json.dumps({"records": [MEETING]}),
    "Quotes": json.dumps({"records": [{"segments": [1], "speaker": "Ana Petrova", "addressee": None}]}),
}
_NUMBER = re.compile(rb"says report (\d+)")
_FAULTS = 0.12
"""Share of requests that meet a fault that passes."""
_REFUSED = 0.01
"""Share of articles that the model declines to read."""
_REASKS = 2
_POLL_S = 0.01

Question = tuple[int, str]


@dataclass
class Report:
    """What a soak found; `broken` is empty where all that must hold held."""

    articles: int
    kills: int = 0
    requests: int = 0
    results: int = 0
    failed: int = 0
    unlucky: int = 0
    """Of those that failed: not refused, but never answered usably in the attempts that a question has."""
    answered_twice: int = 0
    """Questions answered more often than once: each was under way at a kill."""
    faults: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    broken: list[str] = field(default_factory=list)


class Model:
    """A model's endpoint that answers at random, in a thread of its own.

    Args:
        seed: Where chance begins.
    """

    def __init__(self, seed: int) -> None:
        self.url = ""
        self.requests = 0
        self.answered: Counter[Question] = Counter()
        self.asked: Counter[Question] = Counter()
        self.faults: Counter[str] = Counter()
        self._chance = random.Random(seed)  # noqa: S311  no secret
        self._seed = seed

    @contextmanager
    def serving(self) -> Iterator[None]:
        """Serve while the context lasts."""
        listening = threading.Event()
        thread = threading.Thread(target=lambda: asyncio.run(self._serve(listening)))
        thread.start()
        listening.wait()
        try:
            yield
        finally:
            self._loop.call_soon_threadsafe(self._ended.set)
            thread.join()

    async def _serve(self, listening: threading.Event) -> None:
        self._loop, self._ended = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self._talk, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
        listening.set()
        await self._ended.wait()
        server.close()

    def refuses(self, number: int) -> bool:
        """Whether the model declines to read this article."""
        return random.Random(f"{self._seed} {number}").random() < _REFUSED  # noqa: S311

    def most_asked(self, number: int) -> int:
        """Say how often the question about an article was put that was put most often."""
        return max(self.asked[number, task] for task in ANSWERS)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:  # until the client goes away
                head = await reader.readuntil(b"\r\n\r\n")
                found = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
                await self._answer(await reader.readexactly(int(found[1]) if found else 0), writer)
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _answer(self, body: bytes, writer: asyncio.StreamWriter) -> None:
        found = _NUMBER.search(body)
        question = (int(found[1]) if found else -1, "Meetings" if b'"name":"Meetings"' in body else "Quotes")
        self.requests += 1
        self.asked[question] += 1
        if self._chance.random() < _FAULTS:
            await self._fault(writer)
            return
        if self.refuses(question[0]):
            message = {"role": "assistant", "content": None, "refusal": "no"}
        else:
            message = {"role": "assistant", "content": ANSWERS[question[1]]}
        writer.write(_response(200, _completion(message)))
        await writer.drain()
        self.answered[question] += 1

    async def _fault(self, writer: asyncio.StreamWriter) -> None:
        kind = self._chance.choice(["429", "429-later", "500", "503", "reset", "cut", "prose", "wrong", "length", "empty", "slow"])
        self.faults[kind] += 1
        good = _response(200, _completion({"role": "assistant", "content": ANSWERS["Meetings"]}))
        replies = {
            "429": _response(429, b"{}"),
            "429-later": _response(429, b"{}", "retry-after: 0.05\r\n"),
            "500": _response(500, b"<html>"),
            "503": _response(503, b""),
            "cut": _response(200, b'{"choices": [{"mess'),
            "prose": _response(200, _completion({"role": "assistant", "content": "Certainly!"})),
            "wrong": _response(200, _completion({"role": "assistant", "content": '{"meetings": 7}'})),
            "length": _response(200, _completion({"role": "assistant", "content": "{"}, "length")),
            "empty": _response(200, b'{"choices": [], "object": "chat.completion"}'),
        }
        if kind == "slow":
            await asyncio.sleep(0.2)
        if kind in {"reset", "slow"}:
            writer.write(good[:-30])
            writer.transport.abort()
            return
        writer.write(replies[kind])
        await writer.drain()


def _completion(message: object, finish_reason: str = "stop") -> bytes:
    choice = {"index": 0, "finish_reason": finish_reason, "message": message}
    usage = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}
    document = {"id": "c", "object": "chat.completion", "created": 1, "model": "soak", "choices": [choice], "usage": usage}
    return json.dumps(document).encode()


def _response(status: int, body: bytes, more: str = "") -> bytes:
    return f"HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n{more}\r\n".encode() + body


def soak(folder: Path, *, articles: int, kills: int, jobs: int = 16, seed: int = 1) -> Report:
    """Run, kill, and run again in `folder` until all is done; return what was found.

    Args:
        folder: An empty one.
        articles: How many are read.
        kills: How often the command is killed, at random moments spread over the whole.
        jobs: Articles in work at a time.
        seed: Where chance begins.
    """
    started = time.monotonic()
    news = folder / "news"
    for number in range(articles):
        path = news / f"{number // 1000:03}" / f"a{number:06}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        text = TEXT if number % _QUOTED else TEXT + QUOTE
        path.write_text(text.format(number=number), encoding="utf-8")
    model = Model(seed)
    report = Report(articles)
    with model.serving():
        for moment in _moments(articles, kills, seed):
            report.kills += _killed_at(model, moment, _start(folder, model.url, jobs))
        process = _start(folder, model.url, jobs)
        said = process.communicate()[1]
    if process.returncode not in {0, 1}:
        report.broken.append(f"the last run ended with {process.returncode}: {said[-500:]}")
    report.seconds = round(time.monotonic() - started, 1)
    _check(folder, model, report, most_twice=report.kills * jobs)
    return report


def _moments(articles: int, kills: int, seed: int) -> list[int]:
    """Choose after how many requests the command is killed."""
    chance = random.Random(f"moments {seed}")  # noqa: S311
    return sorted(chance.sample(range(1, articles), kills))


def _start(folder: Path, url: str, jobs: int) -> subprocess.Popen[str]:
    settings = {"OPENAI_API_KEY": "soak-key", "LLM_EXTRACT_MAX_WAIT_S": "1", "LLM_EXTRACT_CACHE_DIR": str(folder / "cache")}
    settings["LLM_EXTRACT_MAX_REASKS"] = str(_REASKS)
    command = [sys.executable, "-m", "llm_extract", "run", str(folder / "news"), "-o", str(folder / "r.jsonl"), "--model", "soak"]
    more = ["--base-url", url, "--jobs", str(jobs), "--max-retries", "8"]
    return subprocess.Popen(  # noqa: S603  this project's own command
        [*command, *more], env={**os.environ, **settings}, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )


def _killed_at(model: Model, moment: int, process: subprocess.Popen[str]) -> bool:
    """Kill the command once the model has had so many requests; return whether it was still there to be killed."""
    while model.requests < moment and process.poll() is None:
        time.sleep(_POLL_S)
    if process.poll() is None:
        process.send_signal(signal.SIGKILL)
    process.communicate()
    return process.returncode == -signal.SIGKILL


def _check(folder: Path, model: Model, report: Report, *, most_twice: int) -> None:
    results = [json.loads(line)["article"]["id"] for line in (folder / "r.jsonl").read_text(encoding="utf-8").splitlines()]
    beside = folder / "r.failed.jsonl"
    failed = [json.loads(line)["article"] for line in beside.read_text(encoding="utf-8").splitlines()] if beside.exists() else []
    ids = [f"{number // 1000:03}/a{number:06}" for number in range(report.articles)]
    refused = {name for number, name in enumerate(ids) if model.refuses(number)}
    unlucky = set(failed) - refused  # no usable answer in all attempts that there are
    report.requests, report.results, report.failed, report.unlucky = model.requests, len(results), len(failed), len(unlucky)
    report.faults = dict(sorted(model.faults.items()))
    report.answered_twice = sum(count - 1 for count in model.answered.values())
    must_hold = {
        "results are in order, none twice": results == sorted(set(results)),
        "failures are there once": len(failed) == len(set(failed)),
        "results and failures are the articles": sorted(results + failed) == ids,
        "what was refused failed": refused <= set(failed),
        "what else failed was asked as often as may be": all(model.most_asked(ids.index(name)) > _REASKS for name in unlucky),
        "what was answered is not asked again, but for what was under way at a kill": report.answered_twice <= most_twice,
        "nothing is left over": sorted(path.name for path in folder.iterdir() if path.name.startswith("r.jsonl")) == ["r.jsonl"],
    }
    report.broken += [what for what, holds in must_hold.items() if not holds]


def main() -> int:
    """Soak in a folder of its own, print what was found, and return 1 where something did not hold."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--kills", type=int, default=25)
    parser.add_argument("--jobs", type=int, default=16)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        report = soak(Path(folder), articles=given.articles, kills=given.kills, jobs=given.jobs, seed=given.seed)
    sys.stdout.write(json.dumps(asdict(report), indent=1) + "\n")
    return 1 if report.broken else 0


if __name__ == "__main__":
    sys.exit(main())

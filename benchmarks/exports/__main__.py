"""Time and memory of `llm-extract export`, form by form, on invented results with as many quotes as asked for.

    python -m benchmarks.exports --quotes 1000000

Every form is written by a process of its own, whose peak of resident memory is what the system reports of it.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from llm_extract.export import Format
from llm_extract.schema import (
    Article,
    ArticleReference,
    Claim,
    Extraction,
    Meeting,
    MeetingKind,
    MeetingStatus,
    Party,
    Quote,
    QuoteKind,
    Span,
    Stance,
)

QUOTES_AN_ARTICLE = 20
MEETINGS_AN_ARTICLE = 3
FORMS = [form for form in Format if form is not Format.SCORE]  # a file an article: a measure of the file system
FIRST = ("Ann", "Bo", "Chidi", "Dana", "Elif", "Femi", "Gro", "Hana", "Ivo", "Jun")
LAST = ("Lee", "Kim", "Okafor", "Novak", "Demir", "Adeyemi", "Dahl", "Sato", "Horvat", "Park")
KINDS = (QuoteKind.DIRECT, QuoteKind.MIXED)
STATUSES = tuple(MeetingStatus)


class _Writer:
    """Puts a text together and remembers where its pieces are."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.length = 0

    def add(self, words: str) -> Span:
        """Append words, and return where they are."""
        start = self.length
        self.parts.append(words)
        self.length += len(words)
        return Span(start=start, end=self.length, text=words)


def results(count: int) -> Iterator[Extraction]:
    """Invent results with `count` quotes in all."""
    for number in range(count // QUOTES_AN_ARTICLE):
        writer = _Writer()
        meetings = [_meeting(writer, number, index) for index in range(MEETINGS_AN_ARTICLE)]
        quotes = [_quote(writer, number, index) for index in range(QUOTES_AN_ARTICLE)]
        text = "".join(writer.parts)
        day = f"20{number % 20:02}-{number % 12 + 1:02}-{number % 28 + 1:02}"
        article = Article.model_validate({"text": text, "id": f"story-{number:07}", "published": day, "title": f"Story {number}"})
        reference = ArticleReference.of(article)
        yield Extraction(article=reference, text=text, meetings=tuple(meetings), quotes=tuple(quotes), model="invented", prompts={"p": "1"})


def _party(writer: _Writer, number: int) -> Party:
    name = f"{FIRST[number % 10]} {LAST[number // 10 % 10]}"
    return Party(name=name, role="Minister", mention=writer.add(name))


def _meeting(writer: _Writer, number: int, index: int) -> Meeting:
    one = _party(writer, number)
    writer.add(" met ")
    other = _party(writer, number + index + 1)
    writer.add(" in ")
    place = writer.add("Oslo")
    writer.add(" on ")
    when = writer.add("Monday")
    sentence = writer.add(f", for the talks number {index}, which took all day. ")
    return Meeting(
        id=f"M{index + 1}",
        participants=(one, other),
        status=STATUSES[(number + index) % 5],
        kind=MeetingKind.IN_PERSON,
        when=when,
        date=f"20{number % 20:02}-{number % 12 + 1:02}",
        place=place,
        claims=(Claim(by=one, stance=Stance.CONFIRMS, evidence=sentence),),
        evidence=(sentence,),
    )


def _quote(writer: _Writer, number: int, index: int) -> Quote:
    writer.add("“")
    segment = writer.add(f"We have agreed on point {index} of {number}, and the next one will be the harder of the two")
    writer.add("”, ")
    speaker = _party(writer, number * 7 + index)
    writer.add(" ")
    cue = writer.add("said")
    writer.add(".\n\n")
    about = f"M{index % MEETINGS_AN_ARTICLE + 1}" if index % 2 else None
    kind = KINDS[index % 2]
    return Quote(id=f"Q{index + 1}", segments=(segment,), speaker=speaker, cue=cue, kind=kind, meeting=about)


def measure(source: Path, form: Format, out: Path) -> tuple[float, float, float]:
    """Export once; return seconds by the clock, seconds of computing, and the peak of resident memory in MB."""
    command = [sys.executable, "-m", "llm_extract", "export", str(source), "--format", form.value, "-o", str(out)]
    started = time.monotonic()
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)  # noqa: S603  this project's own command
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.monotonic() - started
    if process.returncode:
        raise SystemExit(f"The export as {form} failed.")
    unit = 1e6 if sys.platform == "darwin" else 1e3
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / unit


def size(path: Path) -> float:
    """Return the size of a file, or of the files in a folder, in MB."""
    files = path.iterdir() if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files) / 1e6


def main() -> None:
    """Print a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quotes", type=int, default=1_000_000)
    parser.add_argument("--form", action="append", choices=[form.value for form in FORMS], help="may be repeated; default: all")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "results.jsonl"
        with source.open("wb") as file:
            file.writelines(result.model_dump_json().encode() + b"\n" for result in results(arguments.quotes))
        print(f"{arguments.quotes:,} quotes, {size(source):,.0f} MB of results\n")  # noqa: T201  the command's output
        print("| form | seconds | of computing | peak MB | written MB |\n|---|---:|---:|---:|---:|", flush=True)  # noqa: T201
        for form in map(Format, arguments.form or FORMS):
            out = Path(folder) / form.value
            seconds, computing, memory = measure(source, form, out)
            print(f"| {form} | {seconds:,.0f} | {computing:,.0f} | {memory:,.0f} | {size(out):,.0f} |", flush=True)  # noqa: T201
            shutil.rmtree(out) if out.is_dir() else out.unlink()


if __name__ == "__main__":
    main()

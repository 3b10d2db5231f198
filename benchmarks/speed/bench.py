"""What all measurements share: sizes, folders, and rounds in which those that are compared take turns."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from benchmarks.speed import news

__all__ = ["JOBS", "Bench"]

T = TypeVar("T")

JOBS = 64
"""Articles, and requests, at a time."""


@dataclass(frozen=True)
class Bench:
    """One run of the benchmark.

    Args:
        folder: For what is made; it is removed afterwards.
        rounds: How often each thing is measured.
        is_quick: Whether sizes are small: then figures say little.
        say: Told what is going on.
    """

    folder: Path
    rounds: int
    is_quick: bool
    say: Callable[[str], None]

    def size(self, full: int, quick: int) -> int:
        """Return how large something is to be."""
        return quick if self.is_quick else full

    def articles(self, count: int) -> Path:
        """Return a folder with so many articles."""
        folder = self.folder / f"articles-{count}"
        return folder if folder.is_dir() else news.write(folder, count)

    def empty(self, name: str) -> Path:
        """Return an empty folder."""
        folder = self.folder / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        return folder

    def interleaved(self, *measures: Callable[[], T]) -> list[Sequence[T]]:
        """Measure in rounds, in which each takes its turn, the first of one round last in the next; return the rounds."""
        rounds: list[Sequence[T]] = []
        for count in range(self.rounds):
            order = [*range(count % len(measures), len(measures)), *range(count % len(measures))]
            found = {index: measures[index]() for index in order}
            rounds.append([found[index] for index in range(len(measures))])
            self.say(f"  round {count + 1}: {rounds[-1]}")
        return rounds

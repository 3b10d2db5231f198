"""How fast sentences and quotations are numbered: `python -m benchmarks.speed.numbering [folder]`.

News text, repeated to 1, 10 and 50 MB, and texts made to be hard, each at two sizes: where the speed stays the same, the time is linear in
the length. Seconds of the processor are counted, so that what else runs on the machine matters less.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

from llm_extract.numbering import number
from llm_extract.schema import Article

_MEGABYTE = 1_000_000
_SIZES = (1, 10, 50)
"""Megabytes of news."""
_COUNTS = (50_000, 100_000)
"""How often a hard text repeats its unit."""
_HARD: dict[str, Callable[[int], str]] = {
    "marks alone": lambda count: '"' * count,
    "marks and spaces": lambda count: '" ' * count,
    "marks never closed": lambda count: "“so it goes " * count,
    "short quotations": lambda count: '"so" ' * count,
    "single marks": lambda count: "'so " * count,
    "guillemets": lambda count: "« so » " * count,
    "nested": lambda count: "“a ‘b " * (count // 2),
    "initials": lambda count: "A. " * count,
    "short lines": lambda count: "so\n" * count,
    "one line": lambda count: "The talks went on. " * count,
    "one word": lambda count: "a" * (10 * count),
}


def main() -> None:
    """Print megabytes a second for each text."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[2] / "seeds"
    news = "\n\n".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.txt")))
    bytes_once = len(news.encode())
    for size in _SIZES:
        _measure("news", news * max(1, size * _MEGABYTE // bytes_once))
    for name, make in _HARD.items():
        for count in _COUNTS:
            _measure(name, make(count))


def _measure(name: str, text: str) -> None:
    article = Article(text=text)
    start = time.process_time()
    numbered = number(article)
    seconds = time.process_time() - start
    megabytes = len(text.encode()) / _MEGABYTE
    print(  # noqa: T201  what the benchmark is for
        f"{name:20} {megabytes:7.2f} MB {seconds:7.2f} s {megabytes / seconds:7.2f} MB/s "
        f"{len(numbered.sentences):8} sentences {len(numbered.quotations):8} quotations",
        flush=True,
    )


if __name__ == "__main__":
    main()

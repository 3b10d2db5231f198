"""How long grammar takes over texts made to be hard: `python -m benchmarks.speed.grammar`.

Each text is read at two lengths; where the second takes twice as long as the first, the time is linear in the length, where four times,
quadratic. Seconds of the processor are counted, so that what else runs on the machine matters less.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from llm_extract.expressions import find_dates
from llm_extract.indirect import find_indirect
from llm_extract.occasions import find_occasions
from llm_extract.reading import Prepared
from llm_extract.schema import Article

_CHARS = (20_000, 40_000)
_QUOTED = "“We go on,” Foreign Minister Ana Petrova said in Oslo. She told Boris Li, the envoy, that it was “dead”. "
_MET = "Ana Petrova met Boris Lang in Oslo on Monday at the G5 summit in the port of Kiel.\n\n"


def main() -> None:
    """Print seconds and their ratio for each text."""
    for piece in ("June 2", "Monday to ", "28 and ", "the end of ", "1", " \n"):
        _measure("dates", piece, lambda prepared: find_dates(prepared.article.text))
    for piece in (_MET, "met ", "the G5 summit ", "She and Ana met, "):
        _measure("occasions", piece, lambda prepared: find_occasions(prepared.numbered, prepared.mentions, prepared.masked))
    for piece in (_QUOTED, "He said “a” and ", "“No,” the statement said. "):
        _measure("speakers", piece, lambda prepared: prepared.attributions)
    for piece in ("said ", "he said that ", ", who said ", 'said " ', "according to A, "):
        _measure("indirect", piece, _indirect)


def _indirect(prepared: Prepared) -> object:
    return find_indirect(prepared.numbered, prepared.mentions, prepared.masked, attributions=prepared.attributions)


def _measure(what: str, piece: str, read: Callable[[Prepared], object]) -> None:
    first, second = (_seconds(piece * (size // len(piece)), read) for size in _CHARS)
    print(f"{what:10} {piece[:30]!r:34} {first:6.2f} s {second:6.2f} s {second / max(first, 1e-6):5.2f} x", flush=True)  # noqa: T201


def _seconds(text: str, read: Callable[[Prepared], object]) -> float:
    prepared = Prepared(Article(text=text))
    _ = prepared.mentions, prepared.masked
    start = time.process_time()
    read(prepared)
    return time.process_time() - start


if __name__ == "__main__":
    main()

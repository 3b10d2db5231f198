"""What the workers share: their clock, and how they say what they did."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass

__all__ = ["Done", "measured"]


@dataclass
class Done:
    """What was done, filled in while it is."""

    articles: int = 0
    requests: int = 0
    seconds: float = 0.0
    cpu_s: float = 0.0


@contextmanager
def measured() -> Iterator[Done]:
    """Measure what is done in the context, and print it as JSON at its end."""
    done = Done()
    begun, begun_cpu = time.perf_counter(), time.process_time()
    yield done
    done.seconds, done.cpu_s = time.perf_counter() - begun, time.process_time() - begun_cpu
    sys.stdout.write(json.dumps(asdict(done)) + "\n")

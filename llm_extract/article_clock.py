"""The time that an article may take, which stands still while nothing can be done for it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import anyio

__all__ = ["ArticleClock", "stopped_clock"]


class ArticleClock:
    """Cancels what runs in `running` after so many seconds, those left out that pass in `stopped`.

    Args:
        allowed_s: Seconds allowed.
    """

    def __init__(self, allowed_s: float) -> None:
        self._left_s = allowed_s
        self._stops = 0
        self._scope = anyio.CancelScope()

    @contextmanager
    def running(self) -> Iterator[None]:
        """Run; what is begun in this context, tasks included, can stop the clock by `stopped_clock`. Passed over once time is up."""
        token = _of_this_article.set(self)
        self._scope.deadline = anyio.current_time() + self._left_s
        try:
            with self._scope:
                yield
        finally:
            _of_this_article.reset(token)

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Stand still; several questions about one article may ask for it at a time."""
        if not self._stops:
            self._left_s = self._scope.deadline - anyio.current_time()
            self._scope.deadline = math.inf
        self._stops += 1
        try:
            yield
        finally:
            self._stops -= 1
            if not self._stops:
                self._scope.deadline = anyio.current_time() + self._left_s


_of_this_article: ContextVar[ArticleClock | None] = ContextVar("of_this_article", default=None)


@contextmanager
def stopped_clock() -> Iterator[None]:
    """Stop the clock of the article that is in work here; without one, nothing happens."""
    clock = _of_this_article.get()
    if clock is None:
        yield
        return
    with clock.stopped():
        yield

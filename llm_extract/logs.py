"""What the library logs: as lines of JSON for machines, as plain lines for people."""

from __future__ import annotations

import logging
import sys
from typing import TextIO

from llm_extract.errors import LlmExtractError
from llm_extract.outcomes import Failure, Outcome, Tally
from llm_extract.progress import Spends, Watch

__all__ = ["LoggingWatch", "log_as_json", "log_as_text", "log_error"]

_log = logging.getLogger("llm_extract.run")


def log_as_json(level: int = logging.INFO) -> None:
    """Have everything that the library logs written to the standard error, one JSON object a line, in ASCII."""
    from pythonjsonlogger.json import JsonFormatter

    names = {"levelname": "level", "name": "logger"}
    # The time in UTC, for a log that is put together with others.
    _log_with(JsonFormatter("%(levelname)s %(name)s %(message)s", rename_fields=names, timestamp="time"), level)
    logging.getLogger("llm_extract").propagate = False


def log_as_text(level: int = logging.WARNING) -> None:
    """Have what the library logs written to the standard error, a line each, of which nothing can disturb a terminal."""
    _log_with(_Visible("%(message)s"), level)


def log_error(error: LlmExtractError) -> None:
    """Log what ended a command before it could begin, or beside its run."""
    _log.error("run fails", extra={"error": type(error).__name__, "why": error.what, "remedy": error.remedy})


class _Visible(logging.Formatter):
    """Shows names of files and the words of a server, whatever is in them."""

    def format(self, record: logging.LogRecord) -> str:
        from llm_extract.visible import visible

        return visible(super().format(record))


class _ToStandardError(logging.StreamHandler[TextIO]):
    """Writes to what the standard error is by then: while there are bars, they stand in its place."""

    def emit(self, record: logging.LogRecord) -> None:
        self.stream = sys.stderr
        super().emit(record)


def _log_with(formatter: logging.Formatter, level: int) -> None:
    handler = _ToStandardError()
    handler.setFormatter(formatter)
    logger = logging.getLogger("llm_extract")
    logger.handlers[:] = [handler]
    logger.setLevel(level)


class LoggingWatch(Watch):
    """Logs what becomes of each article, and of the run."""

    def begin(self, extractor: Spends, articles: int | None) -> None:  # noqa: ARG002  what it takes shows in the end
        """Log how many articles there are."""
        _log.info("run begins", extra={"articles": articles})

    def outcome(self, outcome: Outcome) -> None:
        """Log an outcome that is on the disk."""
        match outcome.result:
            case Failure() as failure:
                told = {
                    "stage": failure.stage,
                    "error": failure.error,
                    "why": failure.message,
                    "attempts": failure.attempts,
                    "left": outcome.left,
                }
                _log.error("article failed", extra={"article": outcome.article, **told})
            case None:
                _log.info("article kept", extra={"article": outcome.article})
            case found:
                counts = {"meetings": len(found.meetings), "quotes": len(found.quotes), **found.usage.model_dump()}
                if found.records:
                    counts["records"] = len(found.records)
                _log.info("article done", extra={"article": outcome.article, **counts})

    def end(self, tally: Tally, extractor: Spends, elapsed_s: float) -> None:
        """Log what became of the run; as an error where one ended it, so that it is told however little is."""
        spent = {f"spent_{name}": value for name, value in extractor.spent.model_dump().items()}
        counts = {"done": tally.done, "kept": tally.kept, "failed": tally.failed, "left": tally.left, "failed_by_error": tally.kinds}
        why = {"stopped": str(tally.stopped) if tally.stopped else None, "signal": tally.interrupted or None}
        extra = {**counts, **why, **spent, "cost_usd": extractor.cost, "from_cache": extractor.from_cache, "seconds": round(elapsed_s, 3)}
        _log.log(logging.ERROR if tally.stopped else logging.INFO, "run ends", extra=extra)

from __future__ import annotations

import datetime as dt
import json
import logging

import pytest

from llm_extract.errors import LimitError
from llm_extract.logs import LoggingWatch, log_as_json, log_as_text
from llm_extract.outcomes import Failure, Outcome, Tally
from llm_extract.schema import ArticleReference, Extraction, Usage

LOG = logging.getLogger("llm_extract.somewhere")
HOSTILE = "a\x1b]0;title\x07\x9b31m\u202eb\nfailed: c"


class Spending:
    """What a watch is told of an extractor."""

    spent = Usage(requests=3, prompt_tokens=40, completion_tokens=5)
    from_cache = 2
    cost = 0.5


def _lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


class TestText:
    def test_a_warning_is_a_line_that_can_not_disturb_a_terminal(self, capsys: pytest.CaptureFixture[str]) -> None:
        log_as_text()
        LOG.warning("%s is odd.", HOSTILE)
        LOG.info("nothing to say")
        assert capsys.readouterr().err == "a�]0;title��31m�b failed: c is odd.\n"

    def test_said_twice_it_is_written_once(self, capsys: pytest.CaptureFixture[str]) -> None:
        log_as_text()
        log_as_text(logging.ERROR)
        LOG.warning("no")
        LOG.error("yes")
        assert capsys.readouterr().err == "yes\n"


class TestJson:
    def test_a_line_says_when_where_how_bad_and_what_in_ascii(self, capsys: pytest.CaptureFixture[str]) -> None:
        log_as_json()
        LOG.info("%s", HOSTILE, extra={"article": "Zoë"})
        written = capsys.readouterr().err
        assert written.isascii()
        assert "\x1b" not in written
        [line] = map(json.loads, written.splitlines())
        assert (line["message"], line["article"], line["level"], line["logger"]) == (HOSTILE, "Zoë", "INFO", "llm_extract.somewhere")
        assert dt.datetime.fromisoformat(line["time"]).tzinfo is dt.UTC

    def test_what_becomes_of_articles_and_of_the_run_is_logged(self, capsys: pytest.CaptureFixture[str]) -> None:
        log_as_json()
        watch, tally = LoggingWatch(), Tally()
        watch.begin(Spending(), 3)
        reference = ArticleReference(id="a0", sha256="0" * 64)
        done = Extraction(fingerprint="f", article=reference, model="m", usage=Usage(requests=2, prompt_tokens=9))
        failure = Failure("a1", "extract", "ModelRefusedError", "It declined.", attempts=2)
        for position, result in enumerate([done, failure, None]):
            outcome = Outcome(position, f"a{position}", result)
            tally.count(outcome)
            watch.outcome(outcome)
        tally.stopped = LimitError("Spent.")
        watch.end(tally, Spending(), 1.23456)
        begins, first, second, third, ends = _lines(capsys)
        assert begins["articles"] == 3
        assert (first["message"], first["article"], first["meetings"], first["requests"]) == ("article done", "a0", 0, 2)
        assert (second["level"], second["error"], second["why"], second["attempts"]) == ("ERROR", "ModelRefusedError", "It declined.", 2)
        assert (third["message"], third["article"]) == ("article kept", "a2")
        assert {name: ends[name] for name in ("done", "kept", "failed", "failed_by_error", "stopped", "signal")} == {
            "done": 1,
            "kept": 1,
            "failed": 1,
            "failed_by_error": {"ModelRefusedError": 1},
            "stopped": "Spent.",
            "signal": None,
        }
        assert (ends["spent_requests"], ends["spent_prompt_tokens"], ends["cost_usd"], ends["from_cache"]) == (3, 40, 0.5, 2)
        assert ends["seconds"] == 1.235

from __future__ import annotations

import pytest
from test_corpus import Stub

from llm_extract.estimate import Estimate
from llm_extract.outcomes import Failure, Outcome, Tally
from llm_extract.progress import Watch, duration, forecast, remaining, summary, watching
from llm_extract.schema import Usage


class Counting(Stub):
    from_cache = 3
    cost = 1.5

    def __init__(self) -> None:
        super().__init__()
        self.spent = Usage(requests=12, prompt_tokens=34_567, completion_tokens=890)


def test_the_summary_counts_every_article_once() -> None:
    tally = Tally(done=2, kept=1, articles=3)
    tally.count(Outcome(3, "b", Failure("b", "read", "ArticleError", "No text.")))
    assert summary(tally, Counting(), 83) == (
        "4 articles: 2 done, 1 kept from earlier, 1 failed (1 ArticleError), 3 answers from the cache, "
        "12 requests, 34,567 + 890 tokens, $1.50, 1 min 23 s."
    )


def test_a_forecast_says_what_would_be_sent_and_that_nothing_was() -> None:
    found = Estimate(articles=9, kept=2, left=4, unreadable=1, usage=Usage(requests=4, prompt_tokens=12_000, completion_tokens=1_500))
    assert forecast(found, 0.5) == (
        "9 articles, 2 are done, 4 failed earlier and are not tried again without --retry-failed, 1 can't be read. "
        "About 4 requests would be sent, with about 12,000 tokens of prompts and 1,500 of answers: about $0.50. Nothing was sent."
    )
    assert "no price is known" in forecast(found, None)


def test_the_remaining_time_follows_from_the_mean_so_far() -> None:
    assert remaining(0, 10, 5.0) == 0
    assert remaining(4, 10, 8.0) == 12


@pytest.mark.parametrize(("seconds", "written"), [(0.04, "0.0 s"), (59.9, "59.9 s"), (60, "1 min 00 s"), (3600, "1 h 00 min")])
def test_times_are_written_as_people_do(seconds: float, written: str) -> None:
    assert duration(seconds) == written


def test_bars_go_to_the_standard_error_and_only_when_shown(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "160")
    failed = Outcome(0, "a", Failure("a", "read", "ArticleError", "No text."))
    for shown in (True, False):
        with watching(shown=shown) as watch:
            assert isinstance(watch, Watch)
            watch.weights(500_000_000, 1_000_000_000)
            watch.begin(Counting(), 4)
            watch.outcome(failed)
        printed = capsys.readouterr()
        assert printed.out == ""
        assert ("1 of 4" in printed.err, "35,457 tokens" in printed.err, "500 of 1,000 MB" in printed.err) == (shown, shown, shown)

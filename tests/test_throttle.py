from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import pytest

from llm_extract.throttle import Throttle


class QuickLoop(asyncio.SelectorEventLoop):
    """An event loop on which no time is waited: where nothing is left to do, its clock jumps to what comes next."""

    def __init__(self) -> None:
        super().__init__()
        self._now = 1000.0
        selector: Any = self._selector  # type: ignore[attr-defined]  # asyncio's own
        really = selector.select

        def select(timeout: float | None = None) -> object:
            self._now += (timeout or 0.0) + 1e-6  # computing takes time too, or rounding could hold it up for ever
            return really(0)

        selector.select = select

    def time(self) -> float:
        """Return the time that is reached."""
        return self._now


def quickly(work: Callable[[], Awaitable[None]]) -> None:
    """Run what waits, without waiting."""
    with asyncio.Runner(loop_factory=QuickLoop) as runner:
        runner.run(work())  # type: ignore[arg-type]  # the functions here are coroutines


def _now() -> float:
    return asyncio.get_running_loop().time() - 1000.0


def _made(**given: int | None) -> Throttle:
    return Throttle(**{"most": 4, **given}, clock=asyncio.get_running_loop().time)  # type: ignore[arg-type]


async def _when(throttle: Throttle, *tokens: int, lasts_s: float = 0.0) -> list[float]:
    """Send so many requests at once; return when each goes."""

    async def one(count: int) -> float:
        async with throttle.request(count):
            at = _now()
            await asyncio.sleep(lasts_s)
            return round(at, 2)

    return sorted(await asyncio.gather(*map(one, tokens)))


def _most_in_a_minute(times: Sequence[float], weights: Sequence[int]) -> int:
    """Return the most weight that any minute has."""
    pairs = list(zip(times, weights, strict=True))
    return max(sum(weight for at, weight in pairs if start <= at < start + 60 - 0.02) for start in times)


class TestAtATime:
    def test_no_more_are_let_through_than_may_be_under_way(self) -> None:
        async def work() -> None:
            assert await _when(_made(most=3), *[0] * 7, lasts_s=10) == [0, 0, 0, 10, 10, 10, 20]

        quickly(work)

    def test_one_overload_halves_it_once_whoever_tells_of_it(self) -> None:
        async def work() -> None:
            throttle = _made(most=16)
            sent_at = throttle.now()
            await asyncio.sleep(1)
            for _ in range(16):
                throttle.overloaded(sent_at=sent_at, pause_s=0)
            assert throttle.at_a_time == 8
            assert await _when(throttle, *[0] * 9, lasts_s=5) == [1] * 8 + [6]
            throttle.overloaded(sent_at=throttle.now(), pause_s=0)
            assert throttle.at_a_time == 4

        quickly(work)

    def test_it_never_goes_below_one(self) -> None:
        async def work() -> None:
            throttle = _made(most=3)
            for _ in range(5):
                await asyncio.sleep(1)
                throttle.overloaded(sent_at=throttle.now(), pause_s=0)
            assert throttle.at_a_time == 1
            assert await _when(throttle, 0, 0, lasts_s=1) == [5, 6]

        quickly(work)

    def test_with_each_round_of_successes_it_grows_by_a_quarter_to_what_it_was(self) -> None:
        async def work() -> None:
            throttle = _made(most=16)
            throttle.overloaded(sent_at=throttle.now(), pause_s=0)
            seen = [throttle.at_a_time]
            while seen[-1] < 16:
                for _ in range(seen[-1]):
                    assert throttle.at_a_time == seen[-1]
                    throttle.succeeded()
                seen.append(throttle.at_a_time)
            assert seen == [8, 10, 12, 15, 16]
            for _ in range(50):
                throttle.succeeded()
            assert throttle.at_a_time == 16

        quickly(work)


class TestPause:
    def test_it_holds_all_back_as_long_as_it_lasts_and_no_longer(self) -> None:
        async def work() -> None:
            throttle = _made()
            throttle.overloaded(sent_at=throttle.now(), pause_s=7)
            assert await _when(throttle, 0, 0) == [7, 7]
            assert await _when(throttle, 0) == [7]

        quickly(work)

    def test_those_who_wait_already_wait_for_the_end_of_a_longer_one(self) -> None:
        async def work() -> None:
            throttle = _made()
            throttle.overloaded(sent_at=throttle.now(), pause_s=5)
            waiting = asyncio.create_task(_when(throttle, 0))
            await asyncio.sleep(2)
            throttle.overloaded(sent_at=0, pause_s=30)
            throttle.overloaded(sent_at=0, pause_s=1)
            assert await waiting == [32]

        quickly(work)


class TestRates:
    @pytest.mark.parametrize("per_minute", [1, 7, 60, 600])
    def test_no_minute_has_more_requests_than_allowed_and_few_have_less(self, per_minute: int) -> None:
        async def work() -> None:
            times = await _when(_made(rpm=per_minute), *[0] * (3 * per_minute))
            assert _most_in_a_minute(times, [1] * len(times)) <= per_minute
            assert times[-1] <= 3 * 60 / 0.9 or per_minute == 1

        quickly(work)

    def test_no_minute_has_more_tokens_than_allowed(self) -> None:
        async def work() -> None:
            tokens = [100] * 100
            times = await _when(_made(tpm=3000), *tokens)
            assert 2800 <= _most_in_a_minute(times, tokens) <= 3000

        quickly(work)

    def test_a_request_that_needs_more_than_a_minute_has_is_let_through_when_it_is_paid_for(self) -> None:
        async def work() -> None:
            [at] = await _when(_made(tpm=1000), 3000)
            assert at == pytest.approx((3000 - 50) / 950 * 60, abs=0.02)

        quickly(work)

    @pytest.mark.parametrize(("beyond", "later_s"), [(500, 500 / 950 * 60), (-100, 0)])
    def test_the_next_request_pays_for_what_an_estimate_left_out(self, beyond: int, later_s: float) -> None:
        async def work() -> None:
            throttle = _made(tpm=1000)
            await _when(throttle, 50)
            throttle.correct(beyond)
            plain_s = 50 / 950 * 60 if beyond > 0 else 0
            assert await _when(throttle, 50) == [pytest.approx(plain_s + later_s, abs=0.02)]

        quickly(work)

    def test_what_is_held_back_by_a_pause_goes_at_the_rate_afterwards(self) -> None:
        async def work() -> None:
            throttle = _made(most=100, rpm=60)
            throttle.overloaded(sent_at=throttle.now(), pause_s=300)
            times = await _when(throttle, *[0] * 90)
            assert times[0] >= 300
            assert _most_in_a_minute(times, [1] * 90) <= 60

        quickly(work)

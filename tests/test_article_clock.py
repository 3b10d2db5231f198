from __future__ import annotations

import asyncio

from test_throttle import quickly

from llm_extract.article_clock import ArticleClock, stopped_clock


def _now() -> float:
    return asyncio.get_running_loop().time()


def test_it_ends_what_runs_when_time_is_up() -> None:
    async def work() -> None:
        began = _now()
        with ArticleClock(5).running():
            await asyncio.sleep(100)
            raise AssertionError
        assert 5 <= _now() - began < 6

    quickly(work)


def test_what_ends_in_time_is_left_alone() -> None:
    async def work() -> None:
        with ArticleClock(5).running():
            await asyncio.sleep(4)
        await asyncio.sleep(4)

    quickly(work)


def test_it_stands_still_until_the_last_that_stopped_it_lets_it_go_on() -> None:
    async def waiting(for_s: float) -> None:
        with stopped_clock():
            await asyncio.sleep(for_s)

    async def work() -> None:
        began = _now()
        with ArticleClock(5).running():
            await asyncio.sleep(3)
            await asyncio.gather(*(asyncio.create_task(waiting(for_s)) for for_s in (100, 300, 200)))
            await asyncio.sleep(100)
        assert 305 <= _now() - began < 306

    quickly(work)


def test_without_an_article_nothing_is_stopped() -> None:
    async def work() -> None:
        with stopped_clock():
            await asyncio.sleep(1)

    quickly(work)


def test_each_article_has_its_own() -> None:
    async def article(allowed_s: float, stopped_s: float) -> float:
        began = _now()
        with ArticleClock(allowed_s).running():
            with stopped_clock():
                await asyncio.sleep(stopped_s)
            await asyncio.sleep(1000)
        return round(_now() - began)

    async def work() -> None:
        assert list(await asyncio.gather(article(5, 10), article(20, 0))) == [15, 20]

    quickly(work)

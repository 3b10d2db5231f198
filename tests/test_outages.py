from __future__ import annotations

import asyncio

import pytest
from test_throttle import quickly

from llm_extract.errors import ModelOverloadedError, ModelUnavailableError
from llm_extract.faults import Fault
from llm_extract.outages import Outages, Standing

FAULT = Fault(ModelOverloadedError("It fails."), passing=True)


class Server:
    """Is down from the beginning until a moment; counts the probes."""

    def __init__(self, up_at: float = float("inf")) -> None:
        self.up_at = up_at
        self.probed_at: list[int] = []
        self.probing = 0

    async def probe(self) -> None:
        assert not self.probing
        self.probed_at.append(round(_now()))
        self.probing += 1
        try:
            await asyncio.sleep(0.1)
        finally:
            self.probing -= 1
        if _now() < self.up_at:
            raise FAULT


def _now() -> float:
    return asyncio.get_running_loop().time() - 1000.0


def _made(patience_s: float = 600) -> Outages:
    loop = asyncio.get_running_loop()
    return Outages("here", patience_s=patience_s, reached=True, clock=loop.time)


def _failed(outages: Outages, fault: Fault = FAULT) -> Standing:
    standing = Standing()
    outages.sending(standing)
    outages.failed(standing, fault)
    return standing


async def _waited(outages: Outages, server: Server) -> float:
    await outages.over(server.probe)
    return _now()


def test_while_one_probes_ever_more_seldom_all_wait() -> None:
    async def work() -> None:
        outages, server = _made(), Server(up_at=100)
        first = asyncio.create_task(outages.judge(FAULT, _failed(outages), server.probe))
        await asyncio.sleep(1)
        waiting = [asyncio.create_task(_waited(outages, server)) for _ in range(20)]
        failed = [asyncio.create_task(outages.judge(FAULT, _failed(outages), server.probe)) for _ in range(20)]
        await asyncio.gather(first, *failed)
        assert {round(at) for at in await asyncio.gather(*waiting)} == {round(_now())}
        assert 100 <= _now() < 130
        assert len(server.probed_at) < 25
        assert max(after - before for before, after in zip(server.probed_at, server.probed_at[1:], strict=False)) <= 31
        assert await _waited(outages, server) == pytest.approx(_now())

    quickly(work)


def test_where_the_one_that_probes_is_cancelled_another_goes_on() -> None:
    async def work() -> None:
        outages, server = _made(), Server(up_at=50)
        first = asyncio.create_task(outages.judge(FAULT, _failed(outages), server.probe))
        await asyncio.sleep(5)
        waiting = asyncio.create_task(_waited(outages, server))
        await asyncio.sleep(5)
        first.cancel()
        assert 50 <= await waiting < 70

    quickly(work)


def test_all_learn_of_the_end_of_patience_and_later_ones_have_their_own() -> None:
    async def work() -> None:
        outages, server = _made(patience_s=60), Server()
        judged = [outages.judge(FAULT, _failed(outages), server.probe) for _ in range(3)]
        found = await asyncio.gather(*judged, return_exceptions=True)
        assert [type(error) for error in found] == [ModelUnavailableError] * 3
        assert 60 <= _now() < 62
        probes = len(server.probed_at)
        await outages.over(server.probe)
        assert len(server.probed_at) == probes
        server.up_at = _now() + 30
        await outages.judge(FAULT, _failed(outages), server.probe)
        assert 90 <= _now() < 110

    quickly(work)


def test_of_two_under_way_the_later_may_be_served_first_just_before_an_outage() -> None:
    async def work() -> None:
        outages, server = _made(), Server(up_at=50)
        standing, other = Standing(), Standing()
        outages.sending(standing)
        await asyncio.sleep(1)
        outages.sending(other)
        outages.served(other)
        outages.failed(standing, FAULT)
        outages.sending(standing)  # its retry
        outages.failed(standing, FAULT)
        await outages.judge(FAULT, standing, server.probe)
        assert 50 <= _now() < 70

    quickly(work)


def test_a_question_that_fails_while_another_is_served_is_the_trouble_itself() -> None:
    async def work() -> None:
        outages, server = _made(), Server()
        standing = _failed(outages)
        await asyncio.sleep(1)
        other = Standing()
        outages.sending(other)
        outages.served(other)
        outages.sending(standing)
        outages.failed(standing, FAULT)
        with pytest.raises(ModelOverloadedError, match="It fails"):
            await outages.judge(FAULT, standing, server.probe)
        assert server.probed_at == []

    quickly(work)


def test_one_that_is_served_only_after_the_last_try_proves_nothing() -> None:
    async def work() -> None:
        outages, server = _made(), Server(up_at=0)
        standing = _failed(outages)
        other = Standing()
        outages.sending(other)
        outages.served(other)
        await outages.judge(FAULT, standing, server.probe)
        assert standing.last_chance
        outages.sending(standing)
        outages.failed(standing, FAULT)
        with pytest.raises(ModelOverloadedError, match="It fails"):
            await outages.judge(FAULT, standing, server.probe)

    quickly(work)


def _asks_to_wait(seconds: float) -> Fault:
    fault = Fault(ModelOverloadedError("Too many."), retry_after_s=seconds)
    fault.may_be_outage = True
    return fault


def test_a_server_that_says_when_is_not_asked_before() -> None:
    async def work() -> None:
        outages, server, fault = _made(), Server(up_at=0), _asks_to_wait(200)
        await outages.judge(fault, _failed(outages, fault), server.probe)
        assert server.probed_at == [200]

    quickly(work)


@pytest.mark.parametrize(("others_are_served", "error"), [(True, ModelOverloadedError), (False, ModelUnavailableError)])
def test_a_question_that_is_put_off_for_ever_fails_alone_only_where_others_are_served(
    others_are_served: bool,  # noqa: FBT001  a case
    error: type[Exception],
) -> None:
    async def work() -> None:
        outages, server, fault = _made(), Server(up_at=0), _asks_to_wait(100)
        standing = Standing()

        async def again_and_again() -> None:
            while True:
                outages.sending(standing)
                await asyncio.sleep(1)
                outages.failed(standing, fault)
                await outages.judge(fault, standing, server.probe)
                if others_are_served:
                    other = Standing()
                    outages.sending(other)
                    outages.served(other)

        with pytest.raises(error):
            await again_and_again()
        assert 600 <= _now() < 720

    quickly(work)

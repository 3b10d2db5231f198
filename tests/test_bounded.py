from __future__ import annotations

import gzip
import zlib

import pytest
from faults import Reply, serving

from llm_extract.bounded import MAX_ANSWER_BYTES, bound_answer
from llm_extract.faults import OversizedAnswerError

pytestmark = pytest.mark.anyio

UNANNOUNCED = {"content-length": "", "connection": "close"}
GZIP = {"content-encoding": "gzip"}


async def _read(reply: Reply) -> tuple[bytes, int]:
    """Return the body, and how many bytes of it the server could send."""
    import httpx2

    with serving(reply) as server:
        async with httpx2.AsyncClient(event_hooks={"response": [bound_answer]}, trust_env=False) as client:
            try:
                return (await client.post(server.url, content=b"{}")).content, server.sent_bytes
            except OversizedAnswerError as error:
                raise OversizedAnswerError(server.sent_bytes) from error


@pytest.mark.parametrize("headers", [{}, UNANNOUNCED])
async def test_a_body_up_to_the_limit_is_read_as_it_is(headers: dict[str, str]) -> None:
    body, _ = await _read(Reply(body=b"ab" * 1000, times=MAX_ANSWER_BYTES // 2000, headers=headers))
    assert len(body) == MAX_ANSWER_BYTES
    assert body.endswith(b"abab")


@pytest.mark.parametrize("headers", [{}, UNANNOUNCED, {"content-encoding": "identity"}])
@pytest.mark.parametrize("status", [200, 500])
async def test_of_a_longer_one_hardly_more_is_read(headers: dict[str, str], status: int) -> None:
    with pytest.raises(OversizedAnswerError) as caught:
        await _read(Reply(status=status, body=b"x" * 1_000_000, times=1000, headers=headers))
    sent_bytes = int(str(caught.value).split()[2].replace(",", ""))
    assert sent_bytes < MAX_ANSWER_BYTES + 40_000_000  # what the system's buffers hold


async def test_a_packed_body_is_unpacked() -> None:
    for name, packed in (("gzip", gzip.compress(b"hello")), ("deflate", zlib.compress(b"hello")), ("GZIP", gzip.compress(b"hello"))):
        assert (await _read(Reply(body=packed, headers={"content-encoding": name})))[0] == b"hello"


@pytest.mark.parametrize("more", [{}, UNANNOUNCED])
async def test_a_packed_body_that_is_large_even_so_is_refused(more: dict[str, str]) -> None:
    packed = gzip.compress(b"\0" * 90_000_000)
    assert len(packed) > 64_000
    with pytest.raises(OversizedAnswerError):
        await _read(Reply(body=packed, headers={**GZIP, **more}))


@pytest.mark.parametrize("encoding", ["gzip, gzip", "gzip,deflate", "br", "zstd", "identity, gzip"])
async def test_what_is_packed_twice_or_in_another_way_is_not_read(encoding: str) -> None:
    bomb = gzip.compress(gzip.compress(b"\0" * 10_000_000))
    assert len(bomb) < 1000
    with pytest.raises(OversizedAnswerError):
        await _read(Reply(body=bomb, headers={"content-encoding": encoding}))

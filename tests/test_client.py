"""The client, against a real server on loopback that misbehaves to order."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import ssl
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
import trustme
from faults import FaultServer, Reply, called, closed_port_url, completion, refusal, serving
from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

from llm_extract import faults
from llm_extract.cache import AnswerCache
from llm_extract.client import Client, Message, Request
from llm_extract.connection import Connection, Entry
from llm_extract.errors import (
    LimitError,
    LlmExtractError,
    ModelOverloadedError,
    ModelRefusedError,
    ModelUnavailableError,
    RequestRejectedError,
    SettingError,
    UnusableAnswerError,
)
from llm_extract.schema import Usage
from llm_extract.settings import CachePolicy, Endpoint, Mode, ModelChoice, Profile, Settings, choose_model

pytestmark = pytest.mark.anyio

KEY = "key-do-not-show-4711"
GOOD = '{"speaker": 2, "name": "Ana Brandt"}'
OTHER_NAME = "“Zoë” — \u00a0🙂 {{ x }} http://a.invalid/b.png"


class Reading(BaseModel):
    """A small answer."""

    model_config = ConfigDict(extra="forbid")

    speaker: int
    name: str = Field(description="as the article has it")

    @field_validator("speaker")
    @classmethod
    def _known(cls, value: int) -> int:
        if value > 3:
            msg = f"there is no sentence {value}; the last is 3"
            raise ValueError(msg)
        return value


def a_request(text: str = "Who speaks?", article: str = "a1") -> Request[Reading]:
    return Request((Message("system", "Read."), Message("user", text)), Reading, 50, article)


def some_settings(url: str, **changes: object) -> Settings:
    given = {"base_url": url, "api_key": SecretStr(KEY), "model": "tiny", "max_wait_s": 0.0, "max_retries": 2, "max_reasks": 2}
    return Settings.model_validate({**given, **changes})


@asynccontextmanager
async def client_of(settings: Settings, cache: AnswerCache | None = None) -> AsyncIterator[Client]:
    client = Client(settings, choose_model(settings), cache=cache)
    try:
        yield client
    finally:
        await client.aclose()


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[AnswerCache]:
    with AnswerCache(tmp_path / "answers") as opened:
        yield opened


async def the_error(server: FaultServer, **changes: object) -> LlmExtractError:
    async with client_of(some_settings(server.url, **changes)) as client:
        with pytest.raises(LlmExtractError) as caught:
            await client.ask(a_request())
        assert client.spent.requests == len(server.received)
    assert "Article a1:" in str(caught.value)
    assert KEY not in repr_of_chain(caught.value)
    return caught.value


def repr_of_chain(error: BaseException) -> str:
    return f"{error} {error!r}" + (repr_of_chain(error.__cause__) if error.__cause__ else "")


async def test_an_answer_comes_back_valid_with_its_cost() -> None:
    with serving(completion(GOOD)) as server:
        async with client_of(some_settings(server.url)) as client:
            answer = await client.ask(a_request())
    assert answer.value == Reading(speaker=2, name="Ana Brandt")
    assert type(answer.value) is Reading
    assert answer.usage == client.spent == Usage(requests=1, prompt_tokens=10, completion_tokens=5)


async def test_a_request_holds_only_what_every_model_takes_and_the_texts_unchanged() -> None:
    with serving(completion(GOOD)) as server:
        async with client_of(some_settings(server.url)) as client:
            await client.ask(a_request(OTHER_NAME))
    body = server.received[0].body
    properties = {"speaker": {"type": "integer"}, "name": {"type": "string", "description": "as the article has it"}}
    schema = {
        "description": "A small answer.",
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        "required": ["speaker", "name"],
    }
    assert body == {
        "model": "tiny",
        "max_tokens": 50,
        "messages": [{"role": "system", "content": "Read."}, {"role": "user", "content": OTHER_NAME}],
        "response_format": {"type": "json_schema", "json_schema": {"name": "Reading", "schema": schema, "strict": True}},
    }
    assert server.received[0].path == "/v1/chat/completions"


async def test_the_same_question_gives_the_same_bytes() -> None:
    with serving(completion(GOOD)) as server:
        for _ in range(2):
            async with client_of(some_settings(server.url)) as client:
                await client.ask(a_request())
    assert server.received[0].raw == server.received[1].raw


async def test_sampling_is_sent_where_it_is_set() -> None:
    with serving(completion(GOOD)) as server:
        async with client_of(some_settings(server.url, temperature=0.0, seed=7)) as client:
            await client.ask(a_request())
    assert (server.received[0].body["temperature"], server.received[0].body["seed"]) == (0.0, 7)


async def test_tools_mode_forces_one_tool_and_reads_its_arguments() -> None:
    with serving(called('{"speaker": 9, "name": "x"}'), called(GOOD)) as server:
        async with client_of(some_settings(server.url, mode=Mode.TOOLS)) as client:
            answer = await client.ask(a_request())
    assert answer.value.speaker == 2
    assert server.received[0].body["tool_choice"] == {"type": "function", "function": {"name": "Reading"}}
    assert "no sentence 9" in server.received[1].messages[-1]["content"]


async def test_openai_itself_gets_the_newer_name_of_the_token_limit() -> None:
    from llm_extract.connection import _is_openai

    assert _is_openai("https://api.openai.com/v1")
    assert not _is_openai("http://127.0.0.1:8080/v1")
    assert not _is_openai("https://notopenai.com/v1")


def _reported(error: object) -> Reply:
    return Reply(body=json.dumps({"id": "1", "error": error}).encode())


PASSING = [
    pytest.param(refusal(429), id="429"),
    pytest.param(refusal(429, headers={"retry-after": "900"}), id="429-seconds"),
    pytest.param(refusal(429, headers={"retry-after-ms": "50"}), id="429-milliseconds"),
    pytest.param(refusal(429, headers={"retry-after": "soon"}), id="429-nonsense"),
    pytest.param(refusal(408), id="408"),
    pytest.param(refusal(409), id="409"),
    pytest.param(refusal(500), id="500"),
    pytest.param(Reply(status=502, body=b"<html>bad gateway", content_type="text/html"), id="502"),
    pytest.param(refusal(503), id="503"),
    pytest.param(Reply(body=completion(GOOD).body, sent_bytes=20), id="reset-mid-body"),
    pytest.param(Reply(body=completion(GOOD).body[:40]), id="truncated-body"),
    pytest.param(Reply(body=b"\xff\xfe{}"), id="not-utf-8"),
    pytest.param(_reported({"message": "upstream"}), id="error-with-200"),
    pytest.param(_reported({"code": 502, "message": "upstream"}), id="502-with-200"),
    pytest.param(_reported({"code": 429, "message": "slower"}), id="429-with-200"),
    pytest.param(_reported("upstream"), id="words-with-200"),
]


@pytest.mark.parametrize("fault", PASSING)
async def test_a_passing_fault_is_retried_until_the_retries_are_used_up(fault: Reply) -> None:
    with serving(fault) as server:
        error = await the_error(server)
    assert type(error) is ModelOverloadedError
    assert len(server.received) == 3


@pytest.mark.parametrize("fault", PASSING)
async def test_a_fault_that_passes_leaves_a_good_answer_and_a_count(fault: Reply) -> None:
    with serving(fault, completion(GOOD)) as server:
        async with client_of(some_settings(server.url)) as client:
            answer = await client.ask(a_request())
    assert answer.usage == Usage(requests=2, prompt_tokens=10, completion_tokens=5)


def _without_a_count(usage: object) -> Reply:
    document = json.loads(completion(GOOD).body)
    return Reply(body=json.dumps({**document, "usage": usage}).encode())


@pytest.mark.parametrize(
    ("reply", "is_counted"),
    [
        pytest.param(Reply(hangs=True), True, id="hangs"),
        pytest.param(Reply(body=completion(GOOD).body, sent_bytes=20), True, id="reset-mid-body"),
        pytest.param(refusal(503), False, id="503"),
        pytest.param(refusal(408), False, id="408"),
    ],
)
async def test_an_answer_that_did_not_come_though_it_may_have_been_written_counts_with_its_prompt(reply: Reply, is_counted: bool) -> None:  # noqa: FBT001
    with serving(reply) as server:
        async with client_of(some_settings(server.url, max_retries=0, timeout_s=0.3)) as client:
            with pytest.raises(ModelOverloadedError):
                await client.ask(a_request("Who speaks? " * 100))
            assert (client.spent.prompt_tokens > 300) == is_counted


@pytest.mark.parametrize("usage", [None, {}, {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}, "many"])
async def test_tokens_that_the_server_does_not_count_are_estimated_and_this_is_said_once(
    usage: object, caplog: pytest.LogCaptureFixture
) -> None:
    question = "Who speaks? " * 100
    with serving(_without_a_count(usage)) as server:
        async with client_of(some_settings(server.url)) as client:
            client.budget.max_tokens = 500
            answer = await client.ask(a_request(question))
            assert 300 <= answer.usage.prompt_tokens <= 400
            assert 5 <= answer.usage.completion_tokens <= 20
            await client.ask(a_request(question + "?"))
            with pytest.raises(LimitError, match="500 tokens allowed are used up"):
                await client.ask(a_request(question + "??"))
    assert len(server.received) == 2
    assert caplog.text.count("they are estimated") == 1


async def test_a_model_that_hangs_is_given_up_after_the_time_out() -> None:
    with serving(Reply(hangs=True)) as server:
        error = await the_error(server, timeout_s=0.1, max_retries=1)
    assert type(error) is ModelOverloadedError
    assert len(server.received) == 2


async def test_an_address_where_nothing_listens_is_unavailable() -> None:
    async with client_of(some_settings(closed_port_url())) as client:
        with pytest.raises(ModelUnavailableError, match="can't be reached"):
            await client.ask(a_request())
    assert client.spent.requests == 3


@pytest.fixture
def authority(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> trustme.CA:
    """Return who vouches for servers; nobody else is trusted."""
    made = trustme.CA()
    made.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    return made


def vouched_for(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


async def test_a_server_whose_certificate_is_trusted_answers(authority: trustme.CA) -> None:
    with serving(completion(GOOD), tls=vouched_for(authority)) as server:
        async with client_of(some_settings(server.url)) as client:
            assert (await client.ask(a_request())).value.name == "Ana Brandt"


@pytest.mark.usefixtures("authority")
async def test_a_certificate_that_is_not_trusted_is_named_and_not_waited_for() -> None:
    with serving(completion(GOOD), tls=vouched_for(trustme.CA())) as server:
        async with client_of(some_settings(server.url)) as client:
            with pytest.raises(ModelUnavailableError, match=r"certificate of https://127\.0\.0\.1:\d+ is not trusted.*SSL_CERT_FILE"):
                await client.ask(a_request())
    assert client.spent.requests == 1


async def test_a_server_without_tls_at_an_https_address_is_named_and_not_waited_for() -> None:
    with serving(completion(GOOD)) as server:
        async with client_of(some_settings(server.url.replace("http:", "https:"))) as client:
            with pytest.raises(ModelUnavailableError, match="does not speak TLS"):
                await client.ask(a_request())
    assert client.spent.requests == 1


async def test_a_socks_proxy_is_named_and_not_waited_for_unless_it_is_not_for_this_host(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", f"socks5://someone:{KEY}@127.0.0.1:9")
    settings = some_settings("http://model.invalid/v1")
    async with client_of(settings) as client:
        with pytest.raises(ModelUnavailableError, match=r"SOCKS proxy for http://model\.invalid") as caught:
            await client.ask(a_request())
    assert KEY not in repr_of_chain(caught.value)
    monkeypatch.setenv("NO_PROXY", "model.invalid")
    async with client_of(settings) as client:
        with pytest.raises(ModelUnavailableError, match="can't be reached"):
            await client.ask(a_request())


STOPPING = [
    pytest.param(refusal(400), RequestRejectedError, id="400"),
    pytest.param(refusal(400, code="context_length_exceeded"), ModelRefusedError, id="too-long"),
    pytest.param(
        refusal(400, code=400, message="This model's maximum context length is 8192 tokens."), ModelRefusedError, id="too-long-vllm"
    ),
    pytest.param(refusal(400, code="content_filter"), ModelRefusedError, id="filtered-prompt"),
    pytest.param(refusal(401, message=f"Incorrect API key: {KEY}"), ModelUnavailableError, id="401"),
    pytest.param(_reported({"code": 401, "message": f"No such user: {KEY}"}), ModelUnavailableError, id="401-with-200"),
    pytest.param(_reported({"code": "context_length_exceeded"}), ModelRefusedError, id="too-long-with-200"),
    pytest.param(refusal(402), ModelUnavailableError, id="402"),
    pytest.param(refusal(403), ModelUnavailableError, id="403"),
    pytest.param(refusal(404, code="model_not_found"), ModelUnavailableError, id="404"),
    pytest.param(refusal(422), RequestRejectedError, id="422"),
    pytest.param(refusal(429, code="insufficient_quota"), ModelUnavailableError, id="quota"),
    pytest.param(Reply(body=b"<html>log in", content_type="text/html"), ModelUnavailableError, id="wrong-content-type"),
    pytest.param(completion(None, refusal="I can't help"), ModelRefusedError, id="refusal"),
    pytest.param(completion("", finish_reason="content_filter"), ModelRefusedError, id="content-filter"),
]


@pytest.mark.parametrize(("reply", "kind"), STOPPING)
async def test_what_will_not_pass_stops_at_once(reply: Reply, kind: type[LlmExtractError]) -> None:
    with serving(reply) as server:
        error = await the_error(server)
    assert type(error) is kind
    assert error.remedy
    assert len(server.received) == 1


UNUSABLE = [
    pytest.param(completion("Certainly! The speaker is Ana."), "Invalid JSON", id="prose"),
    pytest.param(completion('{"speaker": 2, "na'), "Invalid JSON", id="truncated-json"),
    pytest.param(completion('{"speaker": 2}'), "name: Field required", id="wrong-shape"),
    pytest.param(completion('{"speaker": 9, "name": "x"}'), "there is no sentence 9; the last is 3", id="unknown-number"),
    pytest.param(completion(GOOD, finish_reason="length"), "cut off", id="length"),
    pytest.param(completion(None), "empty", id="null-content"),
    pytest.param(completion([1, {}]), "empty", id="content-is-no-text"),
    pytest.param(completion('{"speaker": 2, "name": "\ud800"}'), "not valid Unicode", id="half-a-character"),
    pytest.param(Reply(body=b'{"choices": [], "object": "chat.completion"}'), "empty", id="empty-choices"),
    pytest.param(Reply(body=b'{"choices": [{"message": null}]}'), "empty", id="null-message"),
]


@pytest.mark.parametrize(("reply", "told"), UNUSABLE)
async def test_an_unusable_answer_is_asked_for_again_with_the_error(reply: Reply, told: str) -> None:
    with serving(reply, reply, completion(GOOD)) as server:
        async with client_of(some_settings(server.url)) as client:
            answer = await client.ask(a_request())
    assert answer.value.speaker == 2
    assert answer.usage.requests == 3
    assert told in server.received[1].messages[-1]["content"]
    assert "pydantic" not in server.received[1].raw.decode()
    assert len(server.received[2].messages) == len(server.received[1].messages)


@pytest.mark.parametrize(("reply", "told"), UNUSABLE)
async def test_answers_that_stay_unusable_end_after_the_re_asks(reply: Reply, told: str) -> None:
    with serving(reply) as server:
        error = await the_error(server)
    assert type(error) is UnusableAnswerError
    assert told in str(error)
    assert len(server.received) == 3


async def test_retries_and_re_asks_share_their_counts_over_the_question() -> None:
    prose, busy = completion("Well."), refusal(503)
    with serving(busy, prose, busy, prose, prose, busy) as server:
        error = await the_error(server)
    assert type(error) is UnusableAnswerError
    assert len(server.received) == 1 + 2 + 2


async def test_a_pause_longer_than_allowed_ends_it_at_once() -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    with serving(refusal(429, headers={"retry-after": date})) as server:
        error = await the_error(server, max_wait_s=30.0, patience_s=0.0)
    assert type(error) is ModelOverloadedError
    assert "longer than the 30 s allowed" in str(error)
    assert len(server.received) == 1


async def test_the_pause_that_the_server_asks_for_is_kept() -> None:
    with serving(refusal(429, headers={"retry-after": "0.2"}), completion(GOOD)) as server:
        async with client_of(some_settings(server.url, max_wait_s=5.0)) as client:
            started = asyncio.get_running_loop().time()
            await client.ask(a_request())
            assert 0.2 <= asyncio.get_running_loop().time() - started < 0.45


@pytest.mark.parametrize("retries", [0, 1])
async def test_a_server_that_has_too_much_to_do_gets_less_at_a_time_also_after_the_last_retry(retries: int) -> None:
    with serving(refusal(429)) as server:
        async with client_of(some_settings(server.url, max_retries=retries)) as client:
            with pytest.raises(ModelOverloadedError):
                await client.ask(a_request())
            connection = client._connection
            assert isinstance(connection, Connection)
            assert connection.throttle.at_a_time == 8 // 2 ** (1 + retries)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b'{"detail": [{"loc": ["body", "top_k"], "msg": "Field required"}]}', "rejects the request: body top_k Field required."),
        (f'{{"detail": "no {KEY} here"}}'.encode(), "rejects the request: no … here."),
        (b'{"errors": ' + b"[" * 500 + b'"deep"' + b"]" * 500 + b"}", "rejects the request: deep."),
    ],
)
async def test_the_words_of_a_server_are_told_wherever_they_stand(body: bytes, told: str) -> None:
    with serving(Reply(status=422, body=body)) as server:
        error = await the_error(server)
    assert told in error.what


async def test_half_a_key_where_a_message_is_cut_is_not_shown() -> None:
    with serving(refusal(403, message="x" * 290 + f" {KEY}")) as server:
        error = await the_error(server)
    assert "key-" not in str(error)


async def test_a_key_that_no_header_can_carry_is_named_but_not_shown() -> None:
    with serving(completion(GOOD)) as server:
        async with client_of(some_settings(server.url, api_key=SecretStr(f"{KEY}\nx"))) as client:
            with pytest.raises(ModelUnavailableError, match="key has a character") as caught:
                await client.ask(a_request())
    assert KEY not in repr_of_chain(caught.value)
    assert (client.spent.requests, server.received) == (0, [])


async def test_the_log_shows_no_key(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    with serving(refusal(401, message=f"Incorrect API key: {KEY}")) as server:
        await the_error(server)
    assert KEY not in caplog.text


async def test_a_second_client_is_answered_from_the_cache_at_the_first_cost(cache: AnswerCache) -> None:
    with serving(refusal(503), completion(GOOD)) as server:
        settings = some_settings(server.url)
        async with client_of(settings, cache) as client:
            first = await client.ask(a_request())
        async with client_of(settings, cache) as client:
            second = await client.ask(a_request(article="another name of it"))
    assert first == second
    assert (client.from_cache, client.spent) == (1, Usage())
    assert len(server.received) == 2


@pytest.mark.parametrize(("theirs", "sent"), [(GOOD, 0), ('{"speaker": 9, "name": "x"}', 1)])
async def test_what_another_process_was_answered_between_the_look_and_the_lock_is_not_asked_again(
    cache: AnswerCache, monkeypatch: pytest.MonkeyPatch, theirs: str, sent: int
) -> None:
    looked: list[str] = []
    really = cache.get

    def look(key: str) -> bytes | None:
        found = really(key)
        if not looked:
            cache.put(key, Entry(answer=theirs, usage=Usage(requests=1)).model_dump_json().encode())
        looked.append(key)
        return found

    monkeypatch.setattr(cache, "get", look)
    with serving(completion(GOOD)) as server:
        async with client_of(some_settings(server.url), cache) as client:
            assert (await client.ask(a_request())).value.speaker == 2
    assert (len(server.received), client.from_cache) == (sent, 1 - sent)


async def test_the_cache_folder_holds_no_key(cache: AnswerCache) -> None:
    with serving(completion(GOOD)) as server:
        async with client_of(some_settings(server.url), cache) as client:
            await client.ask(a_request())
    stored = b"".join(file.read_bytes() for file in cache.folder.rglob("*") if file.is_file())
    assert b"Ana Brandt" in stored
    assert KEY.encode() not in stored


@pytest.mark.parametrize(("policy", "sent", "kept"), [(CachePolicy.USE, 1, 1), (CachePolicy.REFRESH, 2, 1), (CachePolicy.OFF, 2, 0)])
async def test_the_policy_says_whether_answers_are_read_and_kept(cache: AnswerCache, policy: CachePolicy, sent: int, kept: int) -> None:
    with serving(completion(GOOD)) as server:
        async with client_of(some_settings(server.url, cache=policy), cache) as client:
            await client.ask(a_request())
            await client.ask(a_request())
    assert len(server.received) == sent
    assert cache.info().answers == kept


async def test_a_cached_answer_that_is_not_valid_any_more_is_asked_for_again(cache: AnswerCache, caplog: pytest.LogCaptureFixture) -> None:
    def stricter() -> Request[Reading]:
        class Stricter(Reading):
            @field_validator("name")
            @classmethod
            def _short(cls, value: str) -> str:
                if len(value) > 3:
                    msg = "too long"
                    raise ValueError(msg)
                return value

        Stricter.__name__ = Stricter.__qualname__ = "Reading"
        Stricter.__doc__ = Reading.__doc__
        return Request(a_request().messages, Stricter, 50, "a1")

    with serving(completion(GOOD), completion('{"speaker": 1, "name": "Ana"}')) as server:
        async with client_of(some_settings(server.url), cache) as client:
            await client.ask(a_request())
            answer = await client.ask(stricter())
    assert answer.value.name == "Ana"
    assert "not valid any more" in caplog.text


async def test_an_unusable_answer_is_not_kept(cache: AnswerCache) -> None:
    with serving(completion("Well.")) as server:
        async with client_of(some_settings(server.url), cache) as client:
            with pytest.raises(UnusableAnswerError):
                await client.ask(a_request())
    assert cache.info().answers == 0


async def test_identical_questions_in_flight_are_sent_once() -> None:
    with serving(completion(GOOD)) as server:
        async with client_of(some_settings(server.url)) as client:
            answers = await asyncio.gather(*(client.ask(a_request(article=str(number))) for number in range(5)))
    assert len(server.received) == 1
    assert len({answer.value.name for answer in answers}) == 1


async def test_a_failure_reaches_all_who_wait_each_with_its_own_article() -> None:
    with serving(refusal(401)) as server:
        async with client_of(some_settings(server.url)) as client:
            outcomes = await asyncio.gather(*(client.ask(a_request(article=f"n{number}")) for number in range(3)), return_exceptions=True)
    assert len(server.received) == 1
    assert [str(outcome).split(":")[0] for outcome in outcomes] == ["Article n0", "Article n1", "Article n2"]


async def test_one_who_stops_waiting_does_not_stop_the_others() -> None:
    with serving(refusal(429, headers={"retry-after": "0.2"}), completion(GOOD)) as server:
        async with client_of(some_settings(server.url, max_wait_s=5.0)) as client:
            first = asyncio.create_task(client.ask(a_request()))
            second = asyncio.create_task(client.ask(a_request()))
            await asyncio.to_thread(server.first.wait)
            first.cancel()
            assert (await second).value.speaker == 2
            assert first.cancelled()


async def test_a_question_for_which_nobody_waits_any_more_is_ended() -> None:
    with serving(Reply(hangs=True), completion(GOOD)) as server:
        async with client_of(some_settings(server.url)) as client:
            only = asyncio.create_task(client.ask(a_request()))
            await asyncio.to_thread(server.first.wait)
            only.cancel()
            await asyncio.sleep(0)
            assert (await client.ask(a_request())).value.speaker == 2


async def test_the_model_that_runs_here_is_started_once_and_only_when_needed(cache: AnswerCache) -> None:
    with serving(completion(GOOD)) as server:
        starts = 0

        async def connect() -> Endpoint:
            nonlocal starts
            starts += 1
            return Endpoint(server.url, SecretStr(KEY))

        settings = Settings(max_wait_s=0)
        for _ in range(2):
            client = Client(settings, choose_model(settings), cache=cache, connect=connect)
            await asyncio.gather(client.ask(a_request()), client.ask(a_request("Who else?")))
            await client.aclose()
    assert starts == 1
    assert server.received[0].body["temperature"] == 0.0
    assert "strict" not in server.received[0].raw.decode()


CACHED = """
import asyncio, sys
from test_client import AnswerCache, Path, a_request, client_of, some_settings
async def ask():
    async with client_of(some_settings("http://127.0.0.1:9/v1"), AnswerCache(Path(sys.argv[1]))) as client:
        return (await client.ask(a_request())).value.name
print(asyncio.run(ask()), *({"openai", "instructor", "tenacity", "httpx2"} & set(sys.modules)))
"""


async def test_another_process_is_answered_from_the_cache_and_imports_no_engine(cache: AnswerCache) -> None:
    with serving(completion(GOOD)) as server:
        async with client_of(some_settings(server.url), cache) as client:
            await client.ask(a_request())
    command = [sys.executable, "-c", CACHED, str(cache.folder)]
    here = Path(__file__).parent
    paths = {**os.environ, "PYTHONPATH": os.pathsep.join([str(here.parent), str(here)])}
    run = await asyncio.to_thread(subprocess.run, command, env=paths, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "Ana Brandt"


def subclasses(kind: type[BaseException]) -> list[type[BaseException]]:
    return [kind, *(deeper for below in kind.__subclasses__() for deeper in subclasses(below))]


def test_no_exception_of_the_engines_is_forgotten() -> None:
    import aiohttp
    import httpx2
    import openai
    import tenacity
    from instructor.core.exceptions import InstructorError

    roots: list[type[BaseException]] = [openai.OpenAIError, httpx2.HTTPError, InstructorError]
    bare = {"OpenAIError", "APIError", "HTTPError", "RequestError", "InstructorError"}  # bases that nobody raises
    found = [kind for root in roots for kind in subclasses(root)]
    found += [httpx2.InvalidURL, tenacity.RetryError]
    engines = [kind for kind in found if kind.__module__.split(".")[0] in {"openai", "httpx2", "instructor", "tenacity"}]
    forgotten = [
        kind.__name__
        for kind in engines
        if kind.__name__ not in bare and not any(base.__name__ in faults.BY_CLASS for base in kind.__mro__)
    ]
    assert forgotten == []
    assert len(engines) > 40
    below = {kind.__name__ for kind in subclasses(aiohttp.ClientError)}
    assert faults.BY_AIOHTTP.keys() <= below, "each is one of aiohttp's, of which all are ClientError"


def test_every_exception_of_openai_becomes_one_of_ours() -> None:
    import openai

    for kind in subclasses(openai.OpenAIError):
        error = kind.__new__(kind)
        assert isinstance(faults.fault_of(error, place="here", secret=KEY, max_wait_s=1).error, LlmExtractError), kind


def test_an_unknown_choice_without_connect_is_a_mistake_of_the_caller() -> None:
    choice = ModelChoice("m", "m", Profile.LOCAL, 0.0, 1)

    async def ask() -> None:
        await Client(Settings(), choice, cache=None).ask(a_request())

    with pytest.raises(TypeError, match="connect"):
        asyncio.run(ask())


def nested() -> type[BaseModel]:
    class Inner(BaseModel):
        title: str = "x"

    class Outer(BaseModel):
        last: Inner | None = None
        first: list[Inner]

    return Outer


@pytest.mark.parametrize("strict", [True, False])
def test_a_schema_is_sent_without_references_defaults_or_openness(strict: bool) -> None:  # noqa: FBT001
    from llm_extract.answer_form import answer_schema

    schema = answer_schema(nested(), strict=strict)
    inner = {"type": "object", "properties": {"title": {"type": "string"}}, "additionalProperties": False}
    inner |= {"required": ["title"]} if strict else {}
    assert schema["properties"] == {"last": {"anyOf": [inner, {"type": "null"}]}, "first": {"type": "array", "items": inner}}
    assert list(schema["properties"]) == ["last", "first"]
    assert schema["required"] == (["last", "first"] if strict else ["first"])


class Tree(BaseModel):
    """A model that contains itself."""

    below: list[Tree]


def test_a_model_that_contains_itself_is_refused() -> None:
    from llm_extract.answer_form import answer_schema

    with pytest.raises(SettingError, match="contains itself"):
        answer_schema(Tree, strict=True)


@pytest.mark.parametrize("hide", [faults.masked])
def test_keys_are_masked_wherever_they_turn_up(hide: Callable[[str, str], str]) -> None:
    assert hide(f"bad {KEY}, Bearer abcdef12, sk-proj-abc123", KEY) == "bad …, Bearer …, sk-…"
    assert hide("there is none", "none") == "there is none"

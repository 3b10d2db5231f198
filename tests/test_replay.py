"""Cassettes: recorded from the server on loopback, played without it."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
import yaml
from faults import called, completion, refusal, serving
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, SecretStr

from llm_extract import replay
from llm_extract.cache import AnswerCache
from llm_extract.client import Answer, Client, Message, Request
from llm_extract.errors import MissingExtraError, ModelOverloadedError, OutputError, ReplayError
from llm_extract.settings import Mode, Settings, choose_model

pytestmark = pytest.mark.anyio

KEY = "key-do-not-show-4711"
PROMPT = "She said: “We’ll meet – soon”\u00a0…\n  * 🙂 é e\u0301 ‘x’\ttab\r\nSecond: {{ x }}\n"


class Reading(BaseModel):
    """A small answer."""

    speaker: str


GOOD = json.dumps({"speaker": "Zoë “Z” 🙂"}, ensure_ascii=False)


async def ask(url: str, prompt: str = PROMPT, **changes: object) -> Answer[Reading]:
    given_ = {"base_url": url, "api_key": SecretStr(KEY), "model": "tiny", "max_wait_s": 0.0, "max_retries": 1, "max_reasks": 0}
    settings = Settings.model_validate({**given_, **changes})
    client = Client(settings, choose_model(settings), cache=None)
    try:
        return await client.ask(Request((Message("user", prompt),), Reading, 20, "a1"))
    finally:
        await client.aclose()


@pytest.fixture
def cassette(tmp_path: Path) -> Path:
    """A cassette with one question and its answer, recorded over a fault that passed."""
    path = tmp_path / "cassettes" / "one.yaml"
    with serving(refusal(503), completion(GOOD)) as server, replay.recording(path):
        asyncio.run(ask(server.url))
    return path


async def test_what_was_recorded_is_played_without_the_server_on_another_address(cassette: Path) -> None:
    with replay.replaying(cassette) as tape:
        answer = await ask("http://elsewhere.invalid:99/base/v1")
        assert replay.unplayed(tape) == []
    assert answer.value.speaker == "Zoë “Z” 🙂"
    assert answer.usage.prompt_tokens == 10


async def test_a_run_with_a_cassette_in_its_settings_needs_no_endpoint_and_leaves_the_cache_alone(cassette: Path, tmp_path: Path) -> None:
    settings = Settings(model="tiny", base_url="http://elsewhere.invalid/v1", max_reasks=0, replay=cassette)
    cache = AnswerCache(tmp_path / "answers")
    with replay.replaying(cassette):
        client = Client(settings, choose_model(settings), cache=cache)
        answer = await client.ask(Request((Message("user", PROMPT),), Reading, 20, "a1"))
        await client.aclose()
    assert answer.value.speaker == "Zoë “Z” 🙂"
    assert not cache.folder.exists()


async def test_a_question_may_be_played_twice(cassette: Path) -> None:
    with replay.replaying(cassette):
        first = await ask("http://a.invalid/v1")
        assert await ask("http://b.invalid/v1") == first


@pytest.mark.parametrize("change", [{"prompt": "Another?"}, {"model": "other"}, {"temperature": 0.5}, {"mode": Mode.TOOLS}])
async def test_a_changed_prompt_model_or_setting_is_a_clear_error_and_is_not_retried(cassette: Path, change: dict[str, object]) -> None:
    with replay.replaying(cassette) as tape:
        with pytest.raises(ReplayError, match=r"Article a1: .*changed since it was recorded.*Record it again"):
            await ask("http://a.invalid/v1", **change)  # type: ignore[arg-type]
        assert len(replay.unplayed(tape)) == 1


async def test_replaying_never_reaches_a_server_that_is_there(cassette: Path) -> None:
    with serving(completion(GOOD)) as server, replay.replaying(cassette):
        await ask(server.url)
        with pytest.raises(ReplayError):
            await ask(server.url, "Another?")
    assert server.received == []


async def test_a_cassette_does_not_outlast_its_block(cassette: Path) -> None:
    with replay.replaying(cassette):
        pass
    with serving(completion(GOOD)) as server:
        await ask(server.url)
    assert len(server.received) == 1


def test_a_cassette_holds_texts_as_they_are_and_nothing_of_machine_account_or_moment(cassette: Path) -> None:
    text = cassette.read_text(encoding="utf-8")
    entries = yaml.safe_load(text)["interactions"]
    assert len(entries) == 1
    assert entries[0]["request"]["uri"] == "http://model.invalid/v1/chat/completions"
    assert entries[0]["request"]["body"]["json"]["messages"] == [{"role": "user", "content": PROMPT}]
    assert entries[0]["response"]["body"]["json"] == {
        "object": "chat.completion",
        "model": "tiny.gguf",
        "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": GOOD}}],
        "usage": {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15},
    }
    assert [set(entries[0][side]["headers"]) for side in ("request", "response")] == [{"content-type"}] * 2
    assert "Zoë “Z”" in text
    for trace in (
        KEY,
        "127.0.0.1",
        "somewhere",
        "chatcmpl",
        "1700000000",
        "fingerprint",
        "timings",
        "account_77",
        "session",
        "openai",
        "Python",
    ):
        assert trace not in text


def test_a_prompt_of_several_lines_is_written_as_a_block(tmp_path: Path) -> None:
    path = tmp_path / "one.yaml"
    with serving(completion(GOOD)) as server, replay.recording(path):
        asyncio.run(ask(server.url, "First “line”\nSecond\n"))
    assert "content: |\n" in path.read_text(encoding="utf-8")
    assert "First “line”\n" in path.read_text(encoding="utf-8")


def test_the_same_questions_give_the_same_file(tmp_path: Path) -> None:
    files = []
    for number in range(2):
        path = tmp_path / f"{number}.yaml"
        with serving(called(GOOD)) as server, replay.recording(path):
            asyncio.run(ask(server.url, mode=Mode.TOOLS))
            asyncio.run(ask(server.url, mode=Mode.TOOLS))
        files.append(path.read_bytes())
    assert files[0] == files[1]
    assert files[0].count(b"- request:") == 1


def test_recording_replaces_what_was_there_and_keeps_what_came_before_a_failure(cassette: Path) -> None:
    async def two(url: str) -> None:
        await ask(url, "Another?")
        await ask(url, "A third?")

    with serving(completion(GOOD), refusal(503)) as server, pytest.raises(ModelOverloadedError), replay.recording(cassette):
        asyncio.run(two(server.url))
    with replay.replaying(cassette) as tape:
        assert replay.unplayed(tape) == ["Another?"]


@pytest.mark.parametrize(
    "content", [None, b"", b"interactions: 3", b"interactions: [3]", b"a: [", b"\xff\xfe\x00", b"!!python/object:os.system {}"]
)
def test_a_file_that_is_no_cassette_is_an_error(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "c.yaml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ReplayError, match=r"c\.yaml"), replay.replaying(path):
        pass


def test_a_folder_answers_from_all_its_cassettes_and_each_request_with_the_first(cassette: Path, tmp_path: Path) -> None:
    folder = tmp_path / "all"
    for name, prompt in (("b/later.yaml", PROMPT), ("b/more.yaml", "Another?")):
        with serving(completion('{"speaker": "Ana"}')) as server, replay.recording(folder / name):
            asyncio.run(ask(server.url, prompt))
    cassette.rename(folder / "a.yaml")
    (folder / "notes.txt").write_text("no cassette")
    with replay.replaying(folder) as tape:
        answers = [asyncio.run(ask("http://a.invalid/v1", prompt)) for prompt in (PROMPT, PROMPT, "Another?")]
        assert replay.unplayed(tape) == []
        assert len(tape.requests) == 2
    assert [answer.value.speaker for answer in answers] == ["Zoë “Z” 🙂", "Zoë “Z” 🙂", "Ana"]
    assert len(list(folder.rglob("*"))) == 5


def test_a_folder_without_a_cassette_or_with_another_file_of_that_kind_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ReplayError, match="There is no cassette in"), replay.replaying(tmp_path):
        pass
    (tmp_path / "settings.yaml").write_text("colour: red")
    with pytest.raises(ReplayError, match=r"settings\.yaml is no cassette"), replay.replaying(tmp_path):
        pass


def test_another_cassette_is_refused_while_one_is_replayed_and_taken_afterwards(cassette: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    other.write_bytes(cassette.read_bytes())
    with replay.replaying(cassette), pytest.raises(ReplayError, match=r"other\.yaml can't be replayed while .*one\.yaml is"):
        replay.replaying(other).__enter__()
    with replay.replaying(other) as tape:
        assert len(tape.requests) == 1


def test_a_cassette_of_openais_own_endpoint_replays_though_it_names_the_limit_otherwise(cassette: Path) -> None:
    text = cassette.read_text(encoding="utf-8").replace("max_tokens:", "max_completion_tokens:")
    cassette.write_text(text, encoding="utf-8")
    with replay.replaying(cassette):
        answer = asyncio.run(ask("https://api.openai.com/v1", replay=cassette))
    assert answer.value.speaker == "Zoë “Z” 🙂"


def test_a_cassette_that_can_not_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError, match="can't be written"), replay.recording(tmp_path / "file" / "c.yaml"):
        pass


def test_without_vcrpy_the_error_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(MissingExtraError, match=r"llm-extract\[replay\]"):
        replay.vcr_settings()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(JSON | st.text(st.sampled_from("a“’\n\r\t \u00a0\u0085\u2028\ufeff🙂\u0301:-#|>'\"\\{%&*!?\x00\x7f\ud800")))
def test_a_body_survives_the_file_whatever_it_holds(document: object) -> None:
    body = json.dumps(document).encode()
    written = replay._yaml({"body": replay._readable(body)})
    assert json.loads(replay._from_readable(yaml.safe_load(written)["body"])) == document
    assert "\r" not in written


def test_the_order_of_a_schema_is_part_of_the_request() -> None:
    assert replay._bytes({"a": 1, "b": 2}) != replay._bytes({"b": 2, "a": 1})

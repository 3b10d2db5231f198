"""The weights are put together once and only trusted by their digest; the server answers only who has its key, and always stops."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest
import tiny_gguf

from llm_extract.errors import CacheError, LlmExtractError, MissingExtraError, ModelUnavailableError, SettingError
from llm_extract.local import EMBEDDED, LocalServer, Weights, ensure_weights, model_info, serve, weights_path
from llm_extract.settings import Endpoint, Settings

CONTENT = [b"GGUF" + bytes(range(200)), b"\0" * 300, b"end"]
WHOLE = b"".join(CONTENT)
WEIGHTS = Weights("tiny", hashlib.sha256(WHOLE).hexdigest(), len(WHOLE), "tiny_weights_part", len(CONTENT))
HERE = Path(__file__).parent


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(cache_dir=tmp_path / "cache")


@pytest.fixture
def parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Lay out packages with the parts, whose code must not run."""
    folder = tmp_path / "packages"
    for number, content in enumerate(CONTENT, start=1):
        data = folder / f"tiny_weights_part{number}" / "data"
        data.mkdir(parents=True)
        (data.parent / "__init__.py").write_text("raise RuntimeError('this code must not run')", encoding="utf-8")
        (data / f"part{number:02d}.bin").write_bytes(content)
    monkeypatch.syspath_prepend(folder)
    return folder


@pytest.mark.usefixtures("parts")
def test_parts_are_put_together_in_order_without_running_their_code(settings: Settings) -> None:
    seen: list[tuple[int, int]] = []
    path = ensure_weights(settings, progress=lambda done, total: seen.append((done, total)), weights=WEIGHTS)
    assert path == weights_path(settings, weights=WEIGHTS)
    assert path.read_bytes() == WHOLE
    assert seen == [(204, 507), (504, 507), (507, 507)]


def test_a_whole_of_another_digest_is_refused_and_leaves_nothing(settings: Settings, parts: Path) -> None:
    (parts / "tiny_weights_part2" / "data" / "part02.bin").write_bytes(b"\1" * 300)
    with pytest.raises(ModelUnavailableError, match=WEIGHTS.sha256):
        ensure_weights(settings, weights=WEIGHTS)
    assert [file.suffix for file in (settings.cache_dir / "models").iterdir()] in ([], [".lock"])


def test_verified_weights_are_not_read_again(settings: Settings, parts: Path) -> None:
    ensure_weights(settings, weights=WEIGHTS)
    parts.rename(parts.with_name("gone"))
    seen: list[int] = []
    ensure_weights(settings, progress=lambda done, _: seen.append(done), weights=WEIGHTS)
    assert seen == []


@pytest.mark.usefixtures("parts")
def test_weights_that_changed_since_are_hashed_again_and_refused(settings: Settings) -> None:
    path = ensure_weights(settings, weights=WEIGHTS)
    path.write_bytes(WHOLE[:-1] + b"!")
    os.utime(path, ns=(0, 0))
    with pytest.raises(ModelUnavailableError, match="is not tiny"):
        ensure_weights(settings, weights=WEIGHTS)


def test_weights_put_there_by_hand_are_hashed_once_and_need_no_parts(settings: Settings) -> None:
    path = weights_path(settings, weights=WEIGHTS)
    path.parent.mkdir(parents=True)
    path.write_bytes(WHOLE)
    seen: list[int] = []
    for _ in range(2):
        assert ensure_weights(settings, progress=lambda done, _: seen.append(done), weights=WEIGHTS) == path
    assert seen == [len(WHOLE)]


def test_a_missing_part_is_named_with_the_three_ways_to_get_a_model(settings: Settings, parts: Path) -> None:
    (parts / "tiny_weights_part3" / "data" / "part03.bin").unlink()
    with pytest.raises(MissingExtraError) as caught:
        ensure_weights(settings, weights=WEIGHTS)
    for words in ("part 3 of 3", "llm-extract[local]", "OPENAI_API_KEY", "--base-url", ".gguf"):
        assert words in str(caught.value)


@pytest.mark.usefixtures("parts")
def test_too_full_a_disk_is_told_before_anything_is_written(settings: Settings) -> None:
    huge = Weights("huge", WEIGHTS.sha256, 10**18, WEIGHTS.package, WEIGHTS.parts)
    with pytest.raises(CacheError, match="LLM_EXTRACT_CACHE_DIR"):
        ensure_weights(settings, weights=huge)
    assert not weights_path(settings, weights=huge).exists()


@pytest.mark.usefixtures("parts")
def test_a_cache_folder_that_cannot_be_made_is_our_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CacheError, match="file"):
        ensure_weights(Settings(cache_dir=tmp_path / "file"), weights=WEIGHTS)


def test_of_two_processes_at_once_one_writes_and_the_other_waits(settings: Settings, parts: Path) -> None:
    code = (
        f"import sys; sys.path[:0] = [{str(parts)!r}]\n"
        "from pathlib import Path\nfrom llm_extract.local import Weights, ensure_weights\nfrom llm_extract.settings import Settings\n"
        f"seen, settings = [], Settings(cache_dir=Path({str(settings.cache_dir)!r}))\n"
        f"ensure_weights(settings, progress=lambda *x: seen.append(x), weights={WEIGHTS!r})\n"
        "print(len(seen))"
    )
    processes = [_python(code) for _ in range(2)]
    assert sorted(process.communicate(timeout=60)[0] for process in processes) == ["0\n", "3\n"]


def test_the_description_of_the_embedded_model_writes_nothing(settings: Settings) -> None:
    info = model_info(settings)
    assert (info.name, info.sha256, info.size_bytes, info.present) == (EMBEDDED.name, EMBEDDED.sha256, 1_117_320_768, False)
    assert str(info.path) in str(info)
    assert "Apache-2.0" in str(info)
    assert not settings.cache_dir.exists()


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a model of a few kilobytes, for the real engine."""
    return tiny_gguf.write(tmp_path_factory.mktemp("weights") / "tiny.gguf")


def _server(weights: Path, *, port: int = 0) -> LocalServer:
    return LocalServer(weights, name="tiny", context_tokens=512, threads=1, port=port)


def _ask(endpoint: Endpoint, key: str | None) -> httpx2.Response:
    body = {"messages": [{"role": "user", "content": "x"}], "max_tokens": 2}
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    return httpx2.post(f"{endpoint.base_url}/chat/completions", json=body, headers=headers, timeout=60)


def _python(code: str) -> subprocess.Popen[str]:
    paths = [str(HERE.parent), str(HERE)]
    program = f"import sys; sys.path[:0] = {paths!r}\n{code}"
    return subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_it_answers_who_has_the_key_and_nobody_else(tiny: Path) -> None:
    with _server(tiny) as server:
        endpoint = server.start()
        key = endpoint.api_key.get_secret_value()
        assert [_ask(endpoint, given).status_code for given in (None, "wrong", key[:-1], key)] == [401, 401, 401, 200]
        assert _ask(endpoint, key).json()["model"] == "tiny"
    assert urlsplit(endpoint.base_url).hostname == "127.0.0.1"
    assert len(key) > 30
    assert key not in repr(endpoint)


def test_many_threads_start_it_once_and_after_stop_it_can_start_again(tiny: Path) -> None:
    with _server(tiny) as server:
        with ThreadPoolExecutor(4) as pool:
            endpoints = set(pool.map(lambda _: server.start(), range(4)))
        assert len(endpoints) == 1
        server.stop()
        server.stop()
        with pytest.raises(httpx2.ConnectError):
            _ask(endpoints.pop(), None)
        again = server.start()
        assert _ask(again, again.api_key.get_secret_value()).status_code == 200


START = "from pathlib import Path\nimport os, signal, socket, time\nfrom llm_extract.local import LocalServer, serve\n"


@pytest.mark.parametrize(
    ("ending", "code", "last_words"),
    [
        ("pass", 0, ""),
        ("raise RuntimeError('mishap')", 1, "mishap"),
        ("os.kill(os.getpid(), signal.SIGINT); time.sleep(60)", -signal.SIGINT, "KeyboardInterrupt"),
    ],
)
def test_a_process_ends_by_itself_with_the_server_running_and_the_engine_prints_nothing(
    tiny: Path, ending: str, code: int, last_words: str
) -> None:
    process = _python(f"{START}server = LocalServer(Path({str(tiny)!r}), name='tiny', context_tokens=512)\nserver.start()\n{ending}")
    output, errors = process.communicate(timeout=60)
    assert (process.returncode, output) == (code, "")
    assert (errors.splitlines() or [""])[-1].endswith(last_words)
    assert errors == "" or errors.startswith("Traceback")


def test_it_stops_though_a_request_is_under_way(tiny: Path) -> None:
    """Without a word to the connections the engine would wait for them for ever, holding the interpreter's lock."""
    process = _python(
        f"{START}server = LocalServer(Path({str(tiny)!r}), name='tiny', context_tokens=512)\n"
        "port = int(server.start().base_url.split(':')[2][:-3])\n"
        "connection = socket.create_connection(('127.0.0.1', port))\n"
        "connection.sendall(b'POST /v1/chat/completions HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 99\\r\\n\\r\\n')\n"
        "time.sleep(0.3)\nserver.stop()\nprint('stopped')"
    )
    try:
        assert process.communicate(timeout=30)[0] == "stopped\n"
    finally:
        process.kill()


def test_serve_says_how_to_reach_it_and_ends_with_ctrl_c(tiny: Path) -> None:
    process = _python(f"{START}serve(Path({str(tiny)!r}), lambda text: print(text, flush=True), name='tiny')")
    assert process.stdout is not None
    url, key = (process.stdout.readline().strip().partition("=")[2] for _ in range(2))
    assert httpx2.get(f"{url}/models", headers={"Authorization": f"Bearer {key}"}).status_code == 200
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=30) == ("", "")
    assert process.returncode == 0


@pytest.mark.parametrize(
    ("content", "kind", "words"),
    [
        (None, SettingError, "can't be read"),
        (b"PK\3\4", SettingError, "no GGUF file"),
        (b"GGUF" + b"\7" * 99, ModelUnavailableError, "can't load"),
    ],
)
def test_weights_that_are_none_get_a_clear_error(tmp_path: Path, content: bytes | None, kind: type[LlmExtractError], words: str) -> None:
    path = tmp_path / "own.gguf"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(kind, match=words) as caught:
        _server(path).start()
    assert "own.gguf" in str(caught.value)


def test_a_taken_port_is_named(tiny: Path) -> None:
    with _server(tiny) as first:
        port = urlsplit(first.start().base_url).port
        assert port
        with pytest.raises(ModelUnavailableError, match=str(port)):
            _server(tiny, port=port).start()


def test_without_the_engine_the_three_ways_to_get_a_model_are_named(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xllamacpp", None)
    with pytest.raises(MissingExtraError, match=r"llm-extract\[local\].*OPENAI_API_KEY.*--base-url"):
        _server(tiny).start()
    with pytest.raises(MissingExtraError):
        serve(tiny, print)

"""The server answers only who has its key, and always stops."""

from __future__ import annotations

import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest
import tiny_gguf

from llm_extract.errors import LlmExtractError, MissingExtraError, ModelUnavailableError, SettingError
from llm_extract.local import LocalServer, serve
from llm_extract.settings import Endpoint

HERE = Path(__file__).parent


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

"""Cassettes: the model's answers recorded, to be played back without a model or a network.

A cassette is a YAML file that people can read: request and response bodies as mappings, texts as blocks, every
character as it was. Nothing of the machine, the account or the moment is in it: of the headers only the content type
stays, the host becomes `model.invalid`, and identifiers, timings and fingerprints are dropped. A request is known by
its method, path and body, so that a changed prompt, schema or setting never replays an old answer.

Uses vcrpy, which the extra `replay` brings.
"""

from __future__ import annotations

import importlib.util
import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from llm_extract.errors import MissingExtraError, OutputError, ReplayError

if TYPE_CHECKING:
    from vcr.request import Request

__all__ = ["Cassette", "recording", "replaying", "unplayed", "vcr_settings"]

_HOST = "http://model.invalid"
_ENDPOINT = "/chat/completions"
_OK = 200
_BREAKS = frozenset("\x85\u2028\u2029")
"""Line breaks to YAML, characters to us."""


class Cassette(Protocol):
    """The part of vcrpy's cassette that is used here."""

    @property
    def requests(self) -> Sequence[Any]:
        """The recorded requests."""

    @property
    def play_counts(self) -> Mapping[int, int]:
        """How often each was played, by its place."""


def vcr_settings() -> dict[str, object]:
    """Return the arguments for `vcr.VCR().use_cassette`, which pytest-recording's `vcr_config` takes as well.

    An answer may be played several times: a run asks again what it asked before, where it has no cache.

    Raises:
        MissingExtraError: vcrpy is not installed.
    """
    _need_vcr()
    return {
        "match_on": ["method", "path", "raw_body"],
        "before_record_request": _clean_request,
        "before_record_response": _clean_response,
        "decode_compressed_response": True,
        "allow_playback_repeats": True,
        "persister": _ReadablePersister,
    }


@contextmanager
def replaying(path: Path) -> Iterator[Cassette]:
    """Answer all requests of this process from the cassette at `path`; whatever it does not hold is refused.

    The refusal reaches the caller of `Client.ask` as a `ReplayError`. Several may replay the same cassette at once, in any order of
    entering and leaving; the first opens it and the last closes it.

    Args:
        path: A cassette, or a folder: then all `.yaml` files in it and below. Where two answer the same request, that of the first
            in the order of their paths counts.

    Raises:
        MissingExtraError: vcrpy is not installed.
        ReplayError: There is no such cassette, it can't be read, or another one is being replayed.
    """
    _need_vcr()
    playing = _join(path.absolute())
    try:
        yield playing.cassette
    finally:
        _leave(playing)


@dataclass
class _Playing:
    path: Path
    cassette: Cassette
    stack: ExitStack
    users: int = 1


_guard = threading.Lock()
_playing: list[_Playing] = []
"""The one cassette that is being replayed, if any: vcrpy stands in for HTTP in the whole process."""


def _join(path: Path) -> _Playing:
    with _guard:
        if not _playing:
            _playing.append(_opened(path))
        elif _playing[0].path == path:
            _playing[0].users += 1
        else:
            what = f"The cassette {path} can't be replayed while {_playing[0].path} is."
            raise ReplayError(what, remedy="Close the extractor that replays that one first.")
        return _playing[0]


def _opened(path: Path) -> _Playing:
    _gathered(path)
    import vcr

    stack = ExitStack()
    return _Playing(path, stack.enter_context(vcr.VCR(record_mode="none").use_cassette(str(path), **vcr_settings())), stack)


def _leave(playing: _Playing) -> None:
    with _guard:
        playing.users -= 1
        if not playing.users:
            _playing.remove(playing)
            playing.stack.close()


@contextmanager
def recording(path: Path) -> Iterator[Cassette]:
    """Send all requests of this process and write the answers to `path`, in place of what was there.

    Faults (any status but 200) are not recorded; an identical request is recorded once. Where the block raises, the
    answers until then are written.

    Raises:
        MissingExtraError: vcrpy is not installed.
        OutputError: The file can't be written.
    """
    _need_vcr()
    import vcr

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        with vcr.VCR(record_mode="all").use_cassette(str(path.absolute()), **vcr_settings()) as cassette:
            yield cassette
    except OSError as error:
        raise OutputError(f"The cassette {path} can't be written ({error}).", remedy="Name a folder that is writable.") from error


def unplayed(cassette: Cassette) -> list[str]:
    """Return the end of the last message of each recorded request that was not played; empty where all were."""
    requests = enumerate(cassette.requests)
    return [_end_of_prompt(request.body) for number, request in requests if not cassette.play_counts.get(number)]


def _need_vcr() -> None:
    """Only looks whether it is there: importing it costs more than a second."""
    if importlib.util.find_spec("vcr") is None:
        what = "Cassettes need vcrpy, which is not installed."
        raise MissingExtraError(what, remedy="Install the extra: pip install 'llm-extract[replay]'.")


def _end_of_prompt(body: bytes | None, length: int = 120) -> str:
    messages = json.loads(body or b"{}").get("messages", [])
    return messages[-1]["content"][-length:] if messages else "(no message)"


def _clean_request(request: Request) -> Request:
    """Leave what the answer depends on; vcrpy hands over a copy, the request itself is sent as it is."""
    path = urlsplit(request.uri).path
    request.uri = _HOST + ("/v1" + _ENDPOINT if path.endswith(_ENDPOINT) else path)
    request.headers = {name: value for name, value in request.headers.items() if name.lower() == "content-type"}
    document = _json(request.body)
    if document is not None:
        request.body = _bytes(document)
    return request


def _clean_response(response: dict[str, Any]) -> dict[str, Any] | None:
    if response["status"]["code"] != _OK:
        return None
    headers = {name.lower(): value for name, value in response["headers"].items() if name.lower() == "content-type"}
    document = _json(response["body"]["string"])
    body = response["body"]["string"] if document is None else _bytes(_clean_completion(document))
    return {"status": response["status"], "headers": headers, "body": {"string": body}}


def _clean_completion(document: Any) -> Any:  # noqa: ANN401  JSON
    if not isinstance(document, dict) or not isinstance(document.get("choices"), list):
        return document
    counted = ("prompt_tokens", "completion_tokens", "total_tokens")
    model = str(document.get("model", ""))
    return {
        "object": document.get("object"),
        "model": PureWindowsPath(PurePosixPath(model).name).name if model.endswith(".gguf") else model,
        "choices": [_clean_choice(choice) for choice in document["choices"]],
        "usage": {name: value for name, value in (document.get("usage") or {}).items() if name in counted},
    }


def _clean_choice(choice: dict[str, Any]) -> dict[str, Any]:
    message = {name: value for name, value in choice["message"].items() if name in {"role", "content", "refusal", "tool_calls"}}
    for number, call in enumerate(message.get("tool_calls") or []):
        call["id"] = f"call_{number}"
    return {"index": choice.get("index", 0), "finish_reason": choice.get("finish_reason"), "message": message}


def _json(body: bytes | str | None) -> Any:  # noqa: ANN401  JSON
    try:
        return json.loads(body or b"")
    except ValueError:
        return None


def _bytes(document: Any) -> bytes:  # noqa: ANN401  JSON
    """Write JSON in one way only; the order of keys stays, for in a schema it has a meaning."""
    return json.dumps(document, separators=(",", ":")).encode("ascii")


class _ReadablePersister:
    """Writes and reads the file; vcrpy's own uses the platform's encoding and leaves bodies as escaped strings."""

    @staticmethod
    def load_cassette(cassette_path: str, serializer: object) -> tuple[list[Request], list[dict[str, Any]]]:
        from vcr.persisters.filesystem import CassetteNotFoundError
        from vcr.request import Request

        del serializer
        path = Path(cassette_path)
        if not path.exists():
            raise CassetteNotFoundError
        interactions = _gathered(path)
        requests = [Request(**{**entry["request"], "body": _from_readable(entry["request"]["body"])}) for entry in interactions]
        answers = [{**entry["response"], "body": {"string": _from_readable(entry["response"]["body"])}} for entry in interactions]
        return requests, answers

    @staticmethod
    def save_cassette(cassette_path: str, cassette_dict: Mapping[str, Any], serializer: object) -> None:
        del serializer
        path = Path(cassette_path)
        path.parent.mkdir(parents=True, exist_ok=True)
        interactions: dict[tuple[str, str, bytes], dict[str, Any]] = {}
        for request, response in zip(cassette_dict["requests"], cassette_dict["responses"], strict=True):
            interactions.setdefault((request.method, request.uri, request.body), _interaction(request, response))
        path.write_text(_yaml({"version": 1, "interactions": list(interactions.values())}), encoding="utf-8", newline="\n")


def _interaction(request: Request, response: Mapping[str, Any]) -> dict[str, Any]:
    sent = {"method": request.method, "uri": request.uri, "headers": dict(request.headers), "body": _readable(request.body)}
    return {"request": sent, "response": {**response, "body": _readable(response["body"]["string"])}}


def _readable(body: bytes | None) -> Any:  # noqa: ANN401  JSON
    """Return the JSON of a body; its text where it is none, or holds half a character, which YAML can't write."""
    document = _json(body)
    text = (body or b"").decode("utf-8", "replace")
    try:
        json.dumps(document, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return text
    return text if document is None else {"json": document}


def _from_readable(body: Any) -> bytes:  # noqa: ANN401  JSON
    return _bytes(body["json"]) if isinstance(body, dict) else str(body).encode()


def _gathered(path: Path) -> list[dict[str, Any]]:
    """Return what a cassette holds, or all those in a folder, each request once."""
    if not path.is_dir():
        return _load(path)
    files = sorted(file for file in path.rglob("*.yaml") if file.is_file())
    if not files:
        raise ReplayError(f"There is no cassette in {path}.", remedy="Name a folder with cassettes that `make record` wrote.")
    entries: dict[tuple[str, str, bytes], dict[str, Any]] = {}
    for entry in (entry for file in files for entry in _load(file)):
        request = entry["request"]
        entries.setdefault((str(request.get("method")), str(request.get("uri")), _from_readable(request["body"])), entry)
    return list(entries.values())


def _load(path: Path) -> list[dict[str, Any]]:
    import yaml

    remedy = "Name a cassette that `make record` wrote."
    try:
        text = path.read_text(encoding="utf-8")
        document = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506  a safe loader
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ReplayError(f"The cassette {path} can't be read ({error}).", remedy=remedy) from error
    interactions = document.get("interactions") if isinstance(document, dict) else None
    if not isinstance(interactions, list) or not all(_is_interaction(entry) for entry in interactions):
        raise ReplayError(f"{path} is no cassette.", remedy=remedy)
    return interactions


def _is_interaction(entry: object) -> bool:
    parts = [entry.get(name) for name in ("request", "response")] if isinstance(entry, dict) else []
    return bool(parts) and all(isinstance(part, dict) and "body" in part for part in parts)


def _yaml(document: Mapping[str, Any]) -> str:
    import yaml

    class Dumper(yaml.SafeDumper):  # type: ignore[misc]  # PyYAML has no types
        def ignore_aliases(self, data: object) -> bool:
            del data
            return True

    def text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
        # PyYAML loses these three in every style but the quoted one, which escapes them.
        block = "|" if "\n" in value else None
        return dumper.represent_scalar("tag:yaml.org,2002:str", value, style='"' if _BREAKS.intersection(value) else block)

    Dumper.add_representer(str, text)
    return str(yaml.dump(document, Dumper=Dumper, allow_unicode=True, sort_keys=False, width=140))

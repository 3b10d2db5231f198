from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llm_extract.decoding import MAX_BYTES, checked, decode
from llm_extract.errors import ArticleError

STORY = "The ministers met in Zürich.\r\n\r\n“We agree,” she said – at last.\r\n"


class TestDecode:
    @pytest.mark.parametrize(
        "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be", "cp1252"], ids=lambda name: name
    )
    def test_each_usual_encoding_gives_the_same_text_without_its_mark(self, encoding: str) -> None:
        assert decode(STORY.encode(encoding), "a.txt") == STORY

    @pytest.mark.parametrize(("data", "mark"), [(b"\xfe\xff", "utf-16-be"), (b"\x00\x00\xfe\xff", "utf-32-be")])
    def test_a_big_endian_mark_is_understood(self, data: bytes, mark: str) -> None:
        assert decode(data + STORY.encode(mark), "a.txt") == STORY

    @settings(deadline=None)
    @given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(str.strip))
    def test_utf8_text_is_never_changed(self, text: str) -> None:
        if not text.startswith("\ufeff"):
            assert decode(text.encode(), "a.txt") == text

    def test_latin_1_is_read_with_a_warning_that_names_the_file(self, caplog: pytest.LogCaptureFixture) -> None:
        assert decode("Café in Genève, España".encode("latin-1"), "cafe.txt") == "Café in Genève, España"
        assert "cafe.txt is not UTF-8" in caplog.text

    @pytest.mark.parametrize(
        ("text", "encoding"), [("Министры встретились", "cp1251"), ("Środa: spotkał się z", "cp1250"), ("部长会见了同行", "gb18030")]
    )
    def test_an_encoding_that_can_not_be_told_is_refused_and_not_garbled(self, text: str, encoding: str) -> None:
        with pytest.raises(ArticleError, match=r"neither UTF-8 nor Windows-1252.*Convert it to UTF-8"):
            decode(text.encode(encoding), "a.txt")

    def test_utf8_that_is_cut_within_a_character_is_not_taken_for_another_encoding(self) -> None:
        with pytest.raises(ArticleError, match=r"Byte 10 of a\.txt does not fit the rest, which is UTF-8"):
            decode("“Zürich”".encode()[:-1], "a.txt")

    def test_utf16_that_is_cut_within_a_character_is_an_error(self) -> None:
        with pytest.raises(ArticleError, match="UTF-16"):
            decode("Zürich".encode("utf-16")[:-1], "a.txt")

    @pytest.mark.parametrize(
        "data",
        [b"text\0with a zero", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\xff", bytes(range(256)) * 4, b"\x7fELF\x02\x01\x01" + b"\x05\x06\x0e" * 20],
        ids=["zero", "picture", "all bytes", "program"],
    )
    def test_binary_data_is_refused(self, data: bytes) -> None:
        with pytest.raises(ArticleError, match=r"binary data: a\.txt"):
            decode(data, "a.txt")

    @pytest.mark.parametrize("data", [b"", b" \r\n\t", b"\xef\xbb\xbf", "\u3000\n".encode()])
    def test_a_file_without_text_is_refused(self, data: bytes) -> None:
        with pytest.raises(ArticleError, match=r"no text in a\.txt"):
            decode(data, "a.txt")

    @settings(deadline=None)
    @given(st.binary(max_size=300) | st.text().map(lambda text: text.encode("utf-16")))
    def test_whatever_the_bytes_they_are_a_sound_text_or_an_error_about_the_article(self, data: bytes) -> None:
        try:
            text = decode(data, "a.txt")
        except ArticleError as error:
            assert "a.txt" in error.what  # noqa: PT017  an error is one of the two
        else:
            assert text.strip()
            assert text.encode().decode() == text


class TestChecked:
    @pytest.mark.parametrize("text", ["\ud800 half", "a" * (MAX_BYTES + 1), " \n", "nul \0"], ids=["half", "long", "empty", "nul"])
    def test_what_can_be_no_article_is_refused_by_name(self, text: str) -> None:
        with pytest.raises(ArticleError, match=r"line 3 of a\.csv"):
            checked(text, "line 3 of a.csv")

    def test_marks_of_direction_and_single_control_characters_stay(self) -> None:
        text = "He said\u202e yes\u202c." * 20 + "\x1b[31m\x07"
        assert checked(text, "a.txt") == text

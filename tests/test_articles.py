from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pytest
from plain_user import as_plain_user

from llm_extract.articles import MAX_BYTES, Source, find_articles, read_article, with_published
from llm_extract.errors import ArticleError, SettingError
from llm_extract.metadata import Metadata

STORY = "The ministers met in Zürich.\r\n\r\n“We agree,” she said – at last.\r\n"


def _ids(*inputs: Path) -> list[str]:
    return [source.id for source in find_articles(inputs)]


def _write(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"The story of {name}.", encoding="utf-8")


class TestReadArticle:
    def test_line_ends_and_spaces_stay_as_stored(self, tmp_path: Path) -> None:
        (tmp_path / "a.txt").write_bytes(STORY.encode())
        article = read_article(tmp_path / "a.txt")
        assert (article.id, article.text) == ("a", STORY)

    def test_metadata_describes_the_article(self, tmp_path: Path) -> None:
        _write(tmp_path, "a.txt")
        day = dt.date(2024, 5, 6)
        article = read_article(tmp_path / "a.txt", Metadata(day, "Talks", "The Paper", "https://example.org/a"))
        assert (article.published, article.title, article.source, article.url) == (day, "Talks", "The Paper", "https://example.org/a")

    def test_the_dateline_tells_the_day_where_the_metadata_does_not(self, tmp_path: Path) -> None:
        path = tmp_path / "a.txt"
        path.write_text("Monday, May 6, 2024\n\nThe ministers met.", encoding="utf-8")
        assert read_article(path).published == dt.date(2024, 5, 6)
        assert read_article(path, Metadata(dt.date(2023, 1, 2))).published == dt.date(2023, 1, 2)

    def test_a_file_of_50_mb_is_refused_by_its_size_without_reading_it(self, tmp_path: Path) -> None:
        path = tmp_path / "a.txt"
        with path.open("wb") as file:
            file.truncate(50_000_000)
        with pytest.raises(ArticleError, match=r"has 50,000,000 bytes; an article has at most 5,000,000"):
            read_article(path)

    def test_the_largest_size_is_still_read(self, tmp_path: Path) -> None:
        path = tmp_path / "a.txt"
        path.write_bytes(b"a " * (MAX_BYTES // 2))
        assert len(read_article(path).text) == MAX_BYTES

    def test_a_file_that_may_not_be_read_is_an_error(self) -> None:
        with as_plain_user() as folder:
            path = folder / "a.txt"
            path.write_text("secret")
            path.chmod(0)
            with pytest.raises(ArticleError, match=r"a\.txt can't be read: Permission denied.*Check its name"):
                read_article(path)

    def test_links_that_lead_nowhere_are_errors(self, tmp_path: Path) -> None:
        (tmp_path / "loop.txt").symlink_to("loop.txt")
        (tmp_path / "gone.txt").symlink_to("nothing.txt")
        with pytest.raises(ArticleError, match="Too many levels of symbolic links"):
            read_article(tmp_path / "loop.txt")
        with pytest.raises(ArticleError, match="No such file"):
            read_article(tmp_path / "gone.txt")

    @pytest.mark.parametrize("path", [Path("/dev/zero"), Path("a\0b.txt")], ids=repr)
    def test_a_device_and_an_impossible_name_are_errors(self, path: Path) -> None:
        with pytest.raises(ArticleError):
            read_article(path)

    def test_a_pipe_is_an_error_and_is_not_waited_for(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "a.txt")
        with pytest.raises(ArticleError, match="not a regular file"):
            read_article(tmp_path / "a.txt")

    def test_a_folder_is_an_error(self, tmp_path: Path) -> None:
        with pytest.raises(ArticleError, match="is a folder"):
            read_article(tmp_path)


class TestFindArticles:
    def test_a_folder_gives_its_texts_by_name_and_nothing_hidden(self, tmp_path: Path) -> None:
        _write(tmp_path, "b.txt", "a.md", "C.TXT", "picture.png", ".hidden.txt", ".git/x.txt", "2019/summit.v2.txt")
        assert _ids(tmp_path) == ["2019/summit.v2", "C", "a", "b"]

    def test_a_named_file_is_taken_whatever_its_suffix_and_in_the_order_given(self, tmp_path: Path) -> None:
        _write(tmp_path, "b.news", "a.txt")
        assert _ids(tmp_path / "b.news", tmp_path / "a.txt") == ["b", "a"]

    def test_a_file_named_twice_is_taken_once(self, tmp_path: Path) -> None:
        _write(tmp_path, "a.txt", "b.txt")
        assert _ids(tmp_path / "b.txt", tmp_path) == ["b", "a"]

    @pytest.mark.parametrize("names", [("a.txt", "a.md"), ("x/a.txt", "y/a.txt")])
    def test_two_articles_with_one_id_are_an_error_that_names_both(self, tmp_path: Path, names: tuple[str, str]) -> None:
        _write(tmp_path, *names)
        with pytest.raises(SettingError, match="Two articles have the id 'a'") as caught:
            _ids(*(tmp_path / name for name in names))
        assert all(str(tmp_path / name) in str(caught.value) for name in names)

    def test_a_folder_that_is_not_there_is_an_error(self, tmp_path: Path) -> None:
        with pytest.raises(ArticleError, match="There is no file or folder"):
            _ids(tmp_path / "gone")

    def test_a_folder_without_articles_is_an_error_that_says_what_articles_are(self, tmp_path: Path) -> None:
        _write(tmp_path, "a.pdf")
        with pytest.raises(ArticleError, match=r"There is no article in .*\.txt, \.md.*files of rows are named"):
            _ids(tmp_path)

    def test_folders_linked_in_a_loop_are_searched_once(self, tmp_path: Path) -> None:
        _write(tmp_path, "in/a.txt")
        (tmp_path / "in" / "loop").symlink_to(tmp_path)
        (tmp_path / "self").symlink_to("self")
        assert _ids(tmp_path) == ["in/a"]

    def test_an_inner_folder_that_may_not_be_read_is_a_failure_and_neither_left_out_nor_the_end(self) -> None:
        with as_plain_user() as folder:
            _write(folder, "a.txt", "inner/b.txt", "z.txt")
            (folder / "inner").chmod(0)
            assert _ids(folder) == ["a", "inner/", "z"]
            with pytest.raises(ArticleError, match=r"inner can't be read: Permission denied"):
                list(find_articles([folder]))[1].read()

    def test_a_name_that_is_no_utf8_gives_an_id_that_can_be_written(self, tmp_path: Path) -> None:
        path = tmp_path / os.fsdecode(b"caf\xe9.txt")
        path.write_text("text")
        assert _ids(tmp_path) == ["caf\\xe9"]
        assert next(find_articles([tmp_path])).read().model_dump_json()

    def test_a_dash_is_the_standard_input(self) -> None:
        assert list(find_articles([Path("-")])) == [Source("stdin", None)]

    def test_metadata_describes_the_articles_of_its_folder_and_below(self, tmp_path: Path) -> None:
        _write(tmp_path, "a.txt", "in/b.txt", "in/c.txt", "d.txt")
        (tmp_path / "metadata.csv").write_text("file,title\na.txt,A\nin/b.txt,outer\n./in/c.txt,C\n", encoding="utf-8")
        (tmp_path / "in" / "metadata.csv").write_text("file,title\nb.txt,inner\n", encoding="utf-8")
        titles = {source.id: source.metadata.title for source in find_articles([tmp_path])}
        assert titles == {"a": "A", "in/b": "inner", "in/c": "C", "d": None}

    def test_metadata_describes_a_file_that_is_named_itself(self, tmp_path: Path) -> None:
        _write(tmp_path, "a.txt")
        (tmp_path / "metadata.csv").write_text("file,title\na.txt,A\n", encoding="utf-8")
        assert next(find_articles([tmp_path / "a.txt"])).metadata.title == "A"

    def test_metadata_that_is_binary_is_a_setting_error(self, tmp_path: Path) -> None:
        _write(tmp_path, "a.txt")
        (tmp_path / "metadata.csv").write_bytes(b"PK\x03\x04\0\0")
        with pytest.raises(SettingError, match=r"binary data: .*metadata\.csv"):
            _ids(tmp_path)

    def test_the_seeds_are_described(self) -> None:
        sources = list(find_articles([Path(__file__).parent.parent / "seeds"]))
        assert [str(source.metadata.published) for source in sources] == [
            "2017-11-10",
            "2019-06-12",
            "2018-11-06",
            "2019-06-28",
            "2018-11-06",
        ]
        assert all(source.metadata.title in source.read().text for source in sources if source.metadata.title)


def test_a_day_of_publication_is_for_one_article_only() -> None:
    one, two = Source("a", None), Source("b", None)
    day = dt.date(2024, 5, 6)
    assert with_published([one], day)[0].metadata.published == day
    with pytest.raises(SettingError, match=r"for several articles.*metadata\.csv"):
        with_published([one, two], day)

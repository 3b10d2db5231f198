from __future__ import annotations

import datetime as dt
import io
import itertools
import json
import os
import sys
import tracemalloc
from collections.abc import Iterable
from pathlib import Path

import pytest
from plain_user import as_plain_user

from llm_extract.articles import MAX_BYTES, Columns, Form, Source, count_articles, find_articles, is_input, read_article, with_published
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


def _rows(path: Path, rows: Iterable[object]) -> Path:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(f"{json.dumps(row)}\n" for row in rows)
    return path


class TestFilesOfRows:
    def test_files_folders_patterns_and_rows_come_in_the_order_given(self, tmp_path: Path) -> None:
        _write(tmp_path, "b.txt", "in/c.md", "in/d.txt", "pages/x/e.txt", "pages/x/y/f.txt")
        rows = _rows(tmp_path / "news.jsonl", [{"id": "r", "text": "a"}, {"text": "b"}])
        inputs = [rows, tmp_path / "in", tmp_path / "pages" / "**" / "*.txt", tmp_path / "b.txt"]
        assert _ids(*inputs) == ["r", "news.jsonl:2", "c", "d", "x/e", "x/y/f", "b"]
        assert count_articles(inputs) == 7
        assert [source.read().id for source in find_articles(inputs)] == _ids(*inputs)

    def test_a_folder_gives_no_rows_for_results_lie_there_too(self, tmp_path: Path) -> None:
        _write(tmp_path, "a.txt")
        _rows(tmp_path / "results.jsonl", [{"text": "a"}])
        assert _ids(tmp_path) == ["a"]
        assert _ids(tmp_path / "*") == ["a", "results.jsonl:1"]

    def test_a_row_whose_id_is_taken_is_a_failure_of_its_own_and_no_article_is_lost(self, tmp_path: Path) -> None:
        rows = _rows(
            tmp_path / "n.jsonl", [{"id": "a", "text": "1"}, {"id": "a", "text": "2"}, {"id": "n.jsonl:2", "text": "3"}, {"text": "4"}]
        )
        sources = list(find_articles([rows]))
        assert [source.id for source in sources] == ["a", "n.jsonl:2", "n.jsonl:3", "n.jsonl:4"]
        for second in sources[1:3]:
            with pytest.raises(ArticleError, match=r"n\.jsonl:\d has the id '.*', which an earlier article has"):
                second.read()
        assert (sources[0].read().text, sources[3].read().text) == ("1", "4")

    def test_two_files_of_a_folder_with_one_id_are_an_article_and_a_failure(self, tmp_path: Path) -> None:
        _write(tmp_path, "a.md", "a.txt", "b.txt")
        first, second, third = find_articles([tmp_path])
        assert (first.id, second.id, third.id) == ("a", str(tmp_path / "a.txt"), "b")
        with pytest.raises(ArticleError, match="has the id 'a'"):
            second.read()

    def test_files_of_one_name_keep_their_rows_apart(self, tmp_path: Path) -> None:
        for name in "xy":
            (tmp_path / name).mkdir()
            _rows(tmp_path / name / "n.jsonl", [{"text": name}])
        named = [tmp_path / name / "n.jsonl" for name in "xy"]
        assert _ids(*named) == [f"{path.as_posix()}:1" for path in named]
        assert _ids(tmp_path / "*" / "n.jsonl") == ["x/n.jsonl:1", "y/n.jsonl:1"]

    def test_a_file_of_rows_named_twice_is_taken_once(self, tmp_path: Path) -> None:
        rows = _rows(tmp_path / "n.jsonl", [{"text": "a"}])
        assert _ids(rows, tmp_path / "*.jsonl") == ["n.jsonl:1"]

    @pytest.mark.parametrize("name", ["gone.txt", "*.gone", "n.csv"])
    def test_what_can_not_be_found_is_an_error_before_the_first_article(self, tmp_path: Path, name: str) -> None:
        _write(tmp_path, "a.txt")
        (tmp_path / "n.csv").write_text("body\na\n")
        with pytest.raises((ArticleError, SettingError)):
            find_articles([tmp_path / "a.txt", tmp_path / name])

    def test_json_that_is_not_json_lines_is_not_read_as_the_text_of_one_article(self, tmp_path: Path) -> None:
        (tmp_path / "news.json").write_text('[{"text": "a"}, {"text": "b"}]')
        with pytest.raises(ArticleError, match=r"news\.json is JSON.*Save it as JSON Lines"):
            find_articles([tmp_path / "news.json"])

    def test_columns_may_be_called_otherwise(self, tmp_path: Path) -> None:
        (tmp_path / "n.csv").write_text("key;body\na;text\n")
        (source,) = find_articles([tmp_path / "n.csv"], columns=Columns(id="key", text="body"))
        assert (source.id, source.read().text) == ("a", "text")

    def test_rows_come_through_the_standard_input_where_that_is_said(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b'{"text": "a"}\n{"text": "b", "id": "x"}\n')))
        assert [source.id for source in find_articles([Path("-"), Path("-")], stdin=Form.JSONL)] == ["stdin:1", "x"]
        assert count_articles([Path("-")]) is None

    def test_one_day_is_for_one_row_and_reads_no_more_than_two(self, tmp_path: Path) -> None:
        day = dt.date(2024, 5, 6)
        rows = _rows(tmp_path / "n.jsonl", [{"text": "a", "published": "2023-01-01"}])
        assert with_published(find_articles([rows]), day)[0].read().published == day
        endless = (Source(str(number), None) for number in itertools.count())
        with pytest.raises(SettingError, match="several articles"):
            with_published(endless, day)
        assert next(endless).id == "2"

    def test_an_output_among_the_inputs_is_noticed(self, tmp_path: Path) -> None:
        _write(tmp_path, "in/a.txt", "in/out.jsonl")
        rows = _rows(tmp_path / "n.jsonl", [])
        (tmp_path / "link.jsonl").symlink_to(rows)
        assert is_input(tmp_path / "link.jsonl", [rows])
        assert is_input(tmp_path / "in" / "a.txt", [Path("-"), tmp_path / "in"])
        assert not is_input(tmp_path / "in" / "out.jsonl", [tmp_path / "in"])
        assert not is_input(tmp_path / "gone.jsonl", [rows])


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_memory_does_not_grow_with_the_articles_but_for_a_digest_of_each_id(tmp_path: Path, form: str) -> None:
    number, text = 20_000, "The ministers met. " * 50
    path = tmp_path / f"n.{form}"
    if form == "jsonl":
        _rows(path, ({"id": f"article {row}", "text": text} for row in range(number)))
    else:
        with path.open("w") as file:
            file.write("id,text\n")
            file.writelines(f"article {row},{text}\n" for row in range(number))
    assert path.stat().st_size > number * 900
    tracemalloc.start()
    try:
        assert sum(1 for source in find_articles([path]) if source.id) == number
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < number * 200 + 2_000_000  # the texts have five times as much

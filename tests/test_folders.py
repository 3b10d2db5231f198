from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llm_extract.folders import is_pattern, matching, within

NAMES = st.lists(
    st.lists(
        st.text("ab.-/ !~", min_size=1, max_size=3).filter(lambda name: not name.startswith(".") and "/" not in name),
        min_size=1,
        max_size=3,
    ),
    max_size=8,
)


def _write(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("text", encoding="utf-8")


@settings(deadline=None)
@given(NAMES)
def test_the_order_is_that_of_all_names_without_suffix(tmp_path_factory: pytest.TempPathFactory, names: list[list[str]]) -> None:
    folder = tmp_path_factory.mktemp("folder")
    for parts in names:
        _write(folder, "/".join([f"{part}_" for part in parts[:-1]] + [parts[-1] + ".txt"]))
    found = [found.name.removesuffix(".txt") for found in within(folder)]
    assert found == sorted(found)
    assert len(found) == len({tuple(parts) for parts in names})


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*.html", ["a.html"]),
        ("**/*.html", ["a.html", "x/b.html", "x/y/c.html"]),
        ("x/**", ["x/b.html", "x/d.txt", "x/rows.jsonl.gz", "x/y/c.html"]),
        ("x/*", ["x/b.html", "x/d.txt", "x/rows.jsonl.gz"]),
        ("x/[bd].*", ["x/b.html", "x/d.txt"]),
        ("?/*.pdf", ["x/e.pdf"]),
        ("**/y/**/*.html", ["x/y/c.html"]),
        ("*.jsonl", []),
    ],
)
def test_a_pattern_means_what_it_means_in_a_shell(tmp_path: Path, pattern: str, expected: list[str]) -> None:
    _write(tmp_path, "a.html", "x/b.html", "x/y/c.html", "x/d.txt", "x/e.pdf", "x/rows.jsonl.gz", ".git/f.html", "x/metadata.csv")
    (tmp_path / "x" / "metadata.csv").write_text("file,title\nb.html,B\n")
    found = list(matching(tmp_path / pattern, (".jsonl", ".gz")))
    assert [str(PurePosixPath(one.path.relative_to(tmp_path))) for one in found] == expected
    assert {one.metadata.title for one in found if one.path.name == "b.html"} <= {"B"}


def test_folders_linked_in_circles_do_not_keep_a_pattern_busy(tmp_path: Path) -> None:
    _write(tmp_path, "a/b.txt")
    for name in "xyz":
        (tmp_path / "a" / name).symlink_to(tmp_path)
    assert [found.name for found in matching(tmp_path / "**" / "*.txt")] == ["a/b.txt"]


def test_a_file_whose_name_looks_like_a_pattern_is_a_file(tmp_path: Path) -> None:
    _write(tmp_path, "[1].txt")
    assert not is_pattern(tmp_path / "[1].txt")
    assert is_pattern(tmp_path / "[2].txt")
    assert not is_pattern(Path("plain.txt"))


def test_a_thousand_folders_within_each_other_are_searched(tmp_path: Path) -> None:
    deep = tmp_path
    for _ in range(900):
        deep /= "d"
    deep.mkdir(parents=True)
    _write(deep, "a.txt")
    assert [found.path for found in within(tmp_path)] == [deep / "a.txt"]

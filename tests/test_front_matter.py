"""Front matter describes an article and is no part of its text."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_extract.articles import read_article
from llm_extract.front_matter import split_front_matter
from llm_extract.metadata import Metadata

BLOCK = '---\ntitle: "Talks in Sofia"\ndate: 2024-05-06T10:00:00Z\nsource: Lake News\ntags: [a, b]\n---\n\n'


def test_the_block_gives_title_date_and_source_and_the_text_follows_it() -> None:
    known, text = split_front_matter(BLOCK + "Ana Petrova left.\n")
    assert known == Metadata(dt.date(2024, 5, 6), "Talks in Sofia", "Lake News", None)
    assert text == "Ana Petrova left.\n"


@pytest.mark.parametrize(
    "text", ["---\nA rule, then a story.\n", "Story.\n---\ndate: 2024-05-06\n---\n", "--- a dash\n---\n", "---\nno key\n---\nStory."]
)
def test_a_text_without_front_matter_stays_as_it_is(text: str) -> None:
    assert split_front_matter(text) == (Metadata(), text)


def test_a_date_that_is_none_is_passed_over() -> None:
    assert split_front_matter("---\npublished: yesterday\nurl: https://x.invalid/a\n---\nStory.")[0] == Metadata(url="https://x.invalid/a")


def test_metadata_of_the_caller_goes_before_front_matter_and_that_before_the_dateline(tmp_path: Path) -> None:
    path = tmp_path / "story.md"
    path.write_text(BLOCK + "Monday, January 2, 2023\n\nAna Petrova left.\n", encoding="utf-8")
    assert read_article(path).published == dt.date(2024, 5, 6)
    given_by_caller = read_article(path, Metadata(published=dt.date(2020, 1, 1)))
    assert (given_by_caller.published, given_by_caller.title) == (dt.date(2020, 1, 1), "Talks in Sofia")
    assert given_by_caller.text.startswith("Monday")


@given(st.text(st.sampled_from("-ab: \r\n"), max_size=60))
def test_what_follows_is_the_end_of_the_text_and_nothing_raises(text: str) -> None:
    assert text.endswith(split_front_matter(text)[1])

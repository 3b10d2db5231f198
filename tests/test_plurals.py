"""Numbers with their nouns."""

from __future__ import annotations

import pytest

from llm_extract.plurals import counted


@pytest.mark.parametrize(("number", "told"), [(0, "0 articles"), (1, "1 article"), (2, "2 articles"), (1_000, "1,000 articles")])
def test_a_number_other_than_one_is_of_several(number: int, told: str) -> None:
    assert counted(number, "article") == told

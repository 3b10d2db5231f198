"""Office and affiliation are read off the words around a name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_extract.roles import role_around

CASES = {
    "Malian Foreign Minister «Ana Petrova» spoke.": ("Foreign Minister", "Malian"),
    "the Lake Fund’s director «Boris Li» agreed": ("director", "Lake Fund"),
    "National Security Adviser «Jan Novak» left": ("National Security Adviser", None),
    "U.N. Deputy Secretary-General «Ana Petrova» said": ("Deputy Secretary-General", "U.N."),
    "Mr. «Li» said": (None, None),
    "The talks ended. President «Li» left": ("President", None),
    "«Boris Li», a spokesman for the Lake Fund, said": ("spokesman", "Lake Fund"),
    "«Boris Li», who is the head of Northern Rail.": ("head", "Northern Rail"),
    "«Ana Petrova», Secretary of State, said": ("Secretary of State", None),
    "«Ana Petrova», Prime Minister of Mali, said": ("Prime Minister", "Mali"),
    "«Jan Novak», the Czech finance minister, said": ("finance minister", "Czech"),
    "«Jan Novak», the group’s lawyer, said": ("lawyer", None),
    "former rival «Jan Novak» won": (None, None),
    "on Monday «Jan Novak» won": (None, None),
}


@pytest.mark.parametrize("marked", CASES)
def test_office_and_affiliation_are_those_of_the_words_around_the_name(marked: str) -> None:
    start, end = marked.index("«"), marked.index("»") - 1
    assert role_around(marked.replace("«", "").replace("»", ""), start, end) == CASES[marked]


@given(st.text(max_size=200), st.data())
def test_what_is_found_stands_in_the_text_and_nothing_raises(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    found = role_around(text, start, end)
    words = set(text.replace("’s", " ").replace("'s", " ").split()) | set(text.split())
    assert all(set(part.split()) <= words | {"of"} for part in found if part and "," not in text and ";" not in text)

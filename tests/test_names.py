from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from llm_extract.names import fullest_names, name_of, same_name

ONE_PARTY = [
    ("Trump", "Donald J. Trump"),
    ("President Novak", "Peter Novak"),
    ("Zelensky", "Volodymyr Zelenskyy"),
    ("Владимир Зеленский", "Volodymyr Zelenskiy"),
    ("Sergey Lavrov", "Sergei Lavrov"),
    ("Recep Tayyip Erdoğan", "Erdogan"),
    ("Müller", "Hanna Mueller"),
    ("Đặng Thị Hà", "Dang Thi Ha"),
    ("习近平", "Xi Jinping"),
    ("Xi", "Xi Jinping"),
    ("محمد بن سلمان", "Mohammed bin Salman"),
    ("Mohamed bin Salman", "Muhammad bin Salman Al Saud"),
    ("Orbán Viktor", "Viktor Orban"),
    ("Aleksandr Petrov", "Alexander Petrov"),
    ("J.D. Vance", "JD Vance"),
    ("Kim Jong-un", "Kim Jong Un"),
    ("The White House", "White House"),
    ("Lindqvist’s", "Maria Lindqvist"),
]
TWO_PARTIES = [
    ("Ivanka Trump", "Donald Trump"),
    ("Ivan Petrov", "Ivana Petrov"),
    ("Michel Roux", "Michelle Roux"),
    ("European Union", "African Union"),
    ("Lee", "Li"),
    ("", "Maria Lindqvist"),
    ("…", "—"),
]


@pytest.mark.parametrize(("one", "other"), ONE_PARTY)
def test_forms_of_one_name_are_one_party_and_are_looked_up_by_one_key(one: str, other: str) -> None:
    assert same_name(one, other)
    assert same_name(other, one)
    assert name_of(one).keys & name_of(other).keys


@pytest.mark.parametrize(("one", "other"), TWO_PARTIES)
def test_different_names_are_two_parties(one: str, other: str) -> None:
    assert not same_name(one, other)
    assert not same_name(other, one)


@given(st.text(max_size=30), st.text(max_size=30))
def test_the_order_of_two_names_makes_no_difference(one: str, other: str) -> None:
    assert same_name(one, other) is same_name(other, one)


words = st.sampled_from(["Ann", "Anna", "A.", "Lee", "Li", "Kim", "Maria", "Novak", "Новак", "von", "王", "Al"])
names = st.lists(words, min_size=1, max_size=4).map(" ".join)


@given(names, names)
@example("A. A.", "Ann A. Ann")
@example("A. Lee", "Ann Lee Kim")
def test_names_that_may_be_one_partys_share_a_key(one: str, other: str) -> None:
    if same_name(one, other):
        assert name_of(one).keys & name_of(other).keys


@given(st.dictionaries(names, st.integers(1, 5), max_size=6), st.randoms())
def test_the_fullest_names_do_not_depend_on_the_order(counts: dict[str, int], rng: object) -> None:
    shuffled = list(counts.items())
    rng.shuffle(shuffled)  # type: ignore[attr-defined]
    full = fullest_names(counts)
    assert fullest_names(dict(shuffled)) == full
    assert full.keys() == counts.keys()
    assert all(full[whole] == whole for whole in full.values())


def test_a_bare_last_name_goes_with_the_party_that_is_named_more_often() -> None:
    full = fullest_names({"Novak": 1, "Peter Novak": 3, "Jana Novak": 2, "P. Novak": 1})
    assert full == {"Novak": "Peter Novak", "Peter Novak": "Peter Novak", "Jana Novak": "Jana Novak", "P. Novak": "Peter Novak"}

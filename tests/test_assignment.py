from __future__ import annotations

from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from llm_extract.assignment import best_pairs

TABLES = st.integers(1, 4).flatmap(
    lambda columns: st.lists(st.lists(st.sampled_from([0, 0, 1, 5, 7]), min_size=columns, max_size=columns), min_size=1, max_size=4)
)


def _sum(weights: list[list[int]], pairs: dict[int, int]) -> int:
    return sum(weights[row][column] for row, column in pairs.items())


def _best_of_all(weights: list[list[int]]) -> int:
    """Try every pairing."""
    columns = [*range(len(weights[0])), *[None] * len(weights)]
    chosen = permutations(columns, len(weights))
    return max(_sum(weights, {row: column for row, column in enumerate(one) if column is not None}) for one in chosen)


@settings(max_examples=150, deadline=None)
@given(TABLES)
def test_no_other_pairing_weighs_more(weights: list[list[int]]) -> None:
    pairs = best_pairs(weights)
    assert len(set(pairs.values())) == len(pairs)
    assert all(weights[row][column] > 0 for row, column in pairs.items())
    assert _sum(weights, pairs) == _best_of_all(weights)


def test_two_pairs_go_before_one_that_fits_better() -> None:
    assert best_pairs([[9, 8], [8, 0]]) == {0: 1, 1: 0}


def test_of_equals_the_first_row_takes_the_column_that_is_worth_most_and_stands_first() -> None:
    assert best_pairs([[5, 5, 5]]) == {0: 0}
    assert best_pairs([[5, 5], [5, 5]]) == {0: 0, 1: 1}
    assert best_pairs([[5], [5]]) == {1: 0}  # the first row rather stays alone


def test_without_anything_to_pair_there_are_no_pairs() -> None:
    assert best_pairs([]) == best_pairs([[], []]) == best_pairs([[0, 0]]) == {}


def test_hundreds_on_either_side_are_no_trouble() -> None:
    weights = [[1 + (row * column) % 7 for column in range(150)] for row in range(100)]
    assert _sum(weights, best_pairs(weights)) == 85 * 7 + 15  # each seventh row has nothing but ones

"""Pairs between two sides, one to one, of the greatest weight together."""

from __future__ import annotations

import math
from collections.abc import Sequence

__all__ = ["best_pairs"]


def best_pairs(weights: Sequence[Sequence[int]]) -> dict[int, int]:
    """Return which column each row is paired with, so that the weights of the pairs add up to the most.

    Where several pairings have the greatest sum, the same one is returned always: the first row stays alone rather than be
    paired, else takes the column of the greatest weight in any row, the leftmost of equals; then the second row, and so on.

    Args:
        weights: A row of whole numbers for each row of the one side; 0 or less where two may not be paired.

    Returns:
        Column by row; rows that stay alone are left out.

    Example:
        >>> best_pairs([[9, 8], [8, 0]])
        {0: 1, 1: 0}
    """
    rows, columns = len(weights), len(weights[0]) if weights else 0
    by_worth = sorted(range(columns), key=lambda column: -max(row[column] for row in weights))
    base = columns + 2
    # One number holds the weight and, in lower digits, a digit for each row that says how late its column comes.
    costs = [
        [_cost(row[column], base, rank=rank, row=number, rows=rows) for rank, column in enumerate(by_worth)] + [0] * rows
        for number, row in enumerate(weights)
    ]
    ranks = _cheapest(costs) if rows else []
    return {row: by_worth[rank] for row, rank in enumerate(ranks) if rank < columns and weights[row][by_worth[rank]] > 0}


def _cost(weight: int, base: int, *, rank: int, row: int, rows: int) -> int:
    return -(weight * base**rows - (rank + 1) * base ** (rows - row - 1)) if weight > 0 else 0


def _cheapest(costs: Sequence[Sequence[int]]) -> list[int]:
    """Give each row a column of its own at the least cost together; there are no fewer columns than rows.

    The Hungarian method with shortest augmenting paths (Jonker and Volgenant 1987), in whole numbers and so exact.
    """
    rows, columns = len(costs), len(costs[0])
    row_price, column_price = [0] * rows, [0] * (columns + 1)
    row_of = [-1] * (columns + 1)  # the last column stands for the row that is being placed
    for row in range(rows):
        row_of[columns] = row
        previous, slack, seen, column = [columns] * columns, [math.inf] * columns, {columns}, columns
        while row_of[column] >= 0:
            here = row_of[column]
            seen.add(column)
            open_columns = [number for number in range(columns) if number not in seen]
            for number in open_columns:
                gap = costs[here][number] - row_price[here] - column_price[number]
                if gap < slack[number]:
                    slack[number], previous[number] = gap, column
            nearest = min(open_columns, key=slack.__getitem__)
            step = int(slack[nearest])
            for number in seen:
                row_price[row_of[number]] += step
                column_price[number] -= step
            for number in open_columns:
                slack[number] -= step
            column = nearest
        while column != columns:
            row_of[column] = row_of[previous[column]]
            column = previous[column]
    return [row_of.index(row, 0, columns) for row in range(rows)]

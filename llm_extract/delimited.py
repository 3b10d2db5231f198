"""Tables as CSV: a folder, one file a table."""

from __future__ import annotations

import csv
import re
from contextlib import ExitStack
from pathlib import Path

from llm_extract.replacing import replacing_in
from llm_extract.tables import Cell, Item, TableSet

__all__ = ["guard", "unguard", "write_csv"]

# What a spreadsheet takes for a formula, and so may run (OWASP, "CSV Injection"). One that already has an apostrophe gets another,
# so that taking one away always gives back what was there.
_FORMULA = re.compile(r"'*\s*[=+\-@\t\r＝＋－＠]")


def write_csv(content: TableSet[Item], out: Path) -> None:
    """Write each table to `<name>.csv` in the folder `out`, in UTF-8 with a byte order mark, by which spreadsheets know it.

    An apostrophe stands before every text that a spreadsheet would run as a formula. Empty text and no text are the same.

    Raises:
        OSError: It can't be written.
    """
    with replacing_in(out) as folder, ExitStack() as stack:
        writers = {}
        for table in content.tables:
            file = stack.enter_context((folder / f"{table.name}.csv").open("w", encoding="utf-8-sig", newline=""))
            writers[table.name] = csv.writer(file)
            writers[table.name].writerow(column.name for column in table.columns)
        for table, rows in content.batches():
            writers[table.name].writerows(map(_cell, row) for row in rows)


def guard(text: str) -> str:
    """Put an apostrophe before what a spreadsheet would run, as spreadsheets do themselves for text."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguard(text: str) -> str:
    """Take the apostrophe away again.

    Example:
        >>> unguard(guard("=1")), unguard(guard("'tis"))
        ('=1', "'tis")
    """
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def _cell(cell: Cell) -> Cell:
    if isinstance(cell, bool):
        return str(cell).lower()
    return guard(cell) if isinstance(cell, str) else cell

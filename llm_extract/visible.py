"""Words of others on a terminal: nothing in them can disturb it."""

from __future__ import annotations

import re

__all__ = ["visible"]

# What moves the cursor, starts an escape sequence, or turns the direction of writing: of no use in a table, and of harm in a terminal.
_UNSHOWABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def visible(text: str) -> str:
    r"""Put a text on one line, with a mark for each character that could disturb a terminal.

    Example:
        >>> visible("a\x1b[31m b")
        'a�[31m b'
    """
    return _UNSHOWABLE.sub("\N{REPLACEMENT CHARACTER}", " ".join(text.split()))

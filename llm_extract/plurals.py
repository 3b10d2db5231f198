"""Numbers with their nouns."""

from __future__ import annotations

__all__ = ["counted"]


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, in the plural where it is not one.

    Example:
        >>> counted(1, "article"), counted(1200, "answer")
        ('1 article', '1,200 answers')
    """
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"

"""Packages that come with an extra: asked for before they are used."""

from __future__ import annotations

from importlib.util import find_spec

from llm_extract.errors import MissingExtraError

__all__ = ["need"]


def need(package: str, purpose: str, *, extra: str) -> None:
    """Make sure that a package is there; it is only looked for, not imported.

    Raises:
        MissingExtraError: It is not installed; the message says how to install it.
    """
    if find_spec(package) is None:
        remedy = f"Install the extra: pip install 'llm-extract[{extra}]'."
        raise MissingExtraError(f"{purpose} need {package}, which is not installed.", remedy=remedy)

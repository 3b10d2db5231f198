"""Words of others stay on one line and steer nothing."""

from __future__ import annotations

from llm_extract.visible import visible


def test_escape_sequences_become_marks() -> None:
    assert visible("\x1b]0;owned\x07\n\u202etxt") == "�]0;owned� �txt"

from __future__ import annotations

import re
from pathlib import Path

import pytest

from llm_extract import report_marks
from llm_extract.report_marks import STANCES, STATUSES
from llm_extract.schema import MeetingStatus, Stance

STYLE = (Path(report_marks.__file__).parent / "assets" / "report.css").read_text(encoding="utf-8")
READABLE = 4.5  # WCAG 2.2, 1.4.3, for text
VISIBLE = 3.0  # 1.4.11, for signs
TEXT = ("ink", "ink-2", "accent", "for", "against")


def _scheme(dark: bool) -> dict[str, str]:  # noqa: FBT001  pytest passes it so
    blocks = re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL)
    found = dict(re.findall(r"--([\w-]+): (#\w+);", blocks[0]))
    return {**found, **dict(re.findall(r"--([\w-]+): (#\w+);", blocks[1]))} if dark else found


def _luminance(colour: str) -> float:
    """As WCAG defines it."""
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_every_status_and_stance_has_a_mark_of_its_own() -> None:
    assert set(STATUSES) == set(MeetingStatus)
    assert set(STANCES) == set(Stance)
    for part in ("path", "colour", "label"):
        assert len({getattr(mark, part) for mark in STATUSES.values()}) == len(MeetingStatus)
    assert len({mark.offset for mark in STANCES.values()}) == len(Stance)


@pytest.mark.parametrize("dark", [False, True])
def test_every_colour_is_there_and_can_be_told_from_the_paper(dark: bool) -> None:  # noqa: FBT001  pytest passes it so
    scheme = _scheme(dark)
    colours = [mark.colour for mark in STATUSES.values()] + [mark.colour for mark in STANCES.values()]
    signs = {colour[len("var(--") : -1] for colour in colours}
    for paper in ("paper", "panel", "raised"):
        assert {name for name in TEXT if _contrast(scheme[name], scheme[paper]) < READABLE} == set()
        assert {name for name in signs if _contrast(scheme[name], scheme[paper]) < VISIBLE} == set()


@pytest.mark.parametrize("dark", [False, True])
def test_text_is_readable_on_every_tint(dark: bool) -> None:  # noqa: FBT001  pytest passes it so
    scheme = _scheme(dark)
    tints = {name for name in scheme if name.startswith("voice-")} | {"focus"}
    assert len(tints) == 10
    assert {name for name in tints if _contrast(scheme["ink"], scheme[name]) < READABLE} == set()

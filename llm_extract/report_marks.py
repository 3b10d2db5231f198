"""What stands for what in the report: a shape, a colour and a label for each status, a place above or below the line for each stance.

The shapes differ as well as the colours, and the colours (after Okabe and Ito) differ in lightness too: neither colour-blind readers nor
a black-and-white print lose anything. A colour is the name of a CSS property, so that dark mode and print change it in one place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from llm_extract.schema import MeetingStatus, Stance

__all__ = ["STANCES", "STATUSES", "StanceMark", "StatusMark"]


@dataclass(frozen=True)
class StatusMark:
    """How a status is shown.

    Args:
        label: In words.
        colour: A CSS colour.
        path: An SVG path in a square from -1 to 1, as Vega wants the shapes of symbols.
        meaning: What the label means.
    """

    label: str
    colour: str
    path: str
    meaning: str


@dataclass(frozen=True)
class StanceMark:
    """How a claim is shown.

    Args:
        label: In words.
        colour: A CSS colour.
        offset: Pixels below the middle of its lane; what speaks for the meeting stands above it.
    """

    label: str
    colour: str
    offset: int


_PATHS: Mapping[MeetingStatus, str] = {
    MeetingStatus.HELD: "M0,-.9A.9,.9,0,1,1,0,.9A.9,.9,0,1,1,0,-.9Z",
    MeetingStatus.PLANNED: "M0,-1.1L1.1,0L0,1.1L-1.1,0Z",
    MeetingStatus.TENTATIVE: "M0,-1L1.1,.9L-1.1,.9Z",
    MeetingStatus.CANCELLED: "M-1,-.6L-.6,-1L0,-.4L.6,-1L1,-.6L.4,0L1,.6L.6,1L0,.4L-.6,1L-1,.6L-.4,0Z",
    MeetingStatus.RULED_OUT: "M-.9,-.9L.9,-.9L.9,.9L-.9,.9ZM-.6,-.25L-.6,.25L.6,.25L.6,-.25Z",
}

STATUSES: Mapping[MeetingStatus, StatusMark] = {
    status: StatusMark(label, f"var(--{label.replace(' ', '-')})", _PATHS[status], status.meaning)
    for status in MeetingStatus
    for label in [status.value.replace("_", " ")]
}
"""The mark of each status."""

STANCES: Mapping[Stance, StanceMark] = {
    Stance.CONFIRMS: StanceMark("confirms", "var(--for)", -26),
    Stance.EXPECTS: StanceMark("expects", "var(--for)", -15),
    Stance.UNCERTAIN: StanceMark("uncertain", "var(--against)", 16),
    Stance.DENIES: StanceMark("denies", "var(--against)", 27),
}
"""The mark of each stance."""

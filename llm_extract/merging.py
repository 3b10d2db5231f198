"""The same meeting told twice: in two sentences, in two windows of a long article, or in two articles.

One rule for all: the parties are the same, and of date, place and event at least one agrees and at most one differs; a mention that
gives none of these goes with the latest meeting of these parties that is as far along.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

from llm_extract import dates
from llm_extract.circumstances import event_words
from llm_extract.names import same_name
from llm_extract.schema import Meeting, MeetingKind, MeetingStatus, Party, Span
from llm_extract.statuses import balance

__all__ = [
    "LONGEST_MEETING_DAYS",
    "Form",
    "agreement",
    "formal_beside_encounter",
    "merge_meetings",
    "same_meeting",
    "same_parties",
    "same_party",
    "weigh",
]

T = TypeVar("T")

LONGEST_MEETING_DAYS = 10
"""A date that is longer has room for another meeting."""
_NEAR = 200
"""Code points between two sentences of which one goes on with the other."""
_THE_MEETING = re.compile(
    r"^(?:\W|during |in |at |after |following )*(?:the|their|this|that|these|those) (?:[\w-]+ ){0,3}?"
    r"(?:meetings?|talks|summit|encounter|session|audience|negotiations|discussions?|conversation|call)\b",
    re.IGNORECASE,
)
"""What opens a sentence that goes on about a meeting."""


class Form(Protocol):
    """What form a meeting takes and how settled it is: a meeting, or what stands for one."""

    @property
    def kind(self) -> MeetingKind:
        """The form."""

    @property
    def status(self) -> MeetingStatus:
        """How settled it is."""


def merge_meetings(meetings: Iterable[Meeting]) -> list[Meeting]:
    """Join those that tell of the same occasion, in the order of first mention, and number them from M1.

    Args:
        meetings: Mentions, in the order of the text.
    """
    merged = list(meetings)
    while True:
        groups = _grouped(merged)
        if len(groups) == len(merged):  # joining can make two records alike that were not; once nothing joins, nothing will
            return [_joined(group, number) for number, group in enumerate(groups, start=1)]
        merged = [_joined(group, 0) for group in groups]


def _grouped(meetings: Iterable[Meeting]) -> list[list[Meeting]]:
    groups: list[list[Meeting]] = []
    for mention in meetings:
        meeting = _placed(groups, mention)
        home = _home(groups, meeting)
        if home is None:
            groups.append([meeting])
        else:
            home.append(meeting)
    return groups


def _placed(groups: list[list[Meeting]], meeting: Meeting) -> Meeting:
    """Give a bare encounter the date and place of the formal meeting that it stands in for, and the other way round."""
    if not _is_bare([meeting]):
        return meeting
    for group in reversed(groups):
        beside = _joined(group, 0)
        if same_parties(beside, meeting) and formal_beside_encounter(beside, meeting):
            return meeting.model_copy(update={"date": beside.date, "when": beside.when, "place": beside.place, "event": beside.event})
    return meeting


def _home(groups: list[list[Meeting]], meeting: Meeting) -> list[Meeting] | None:
    """Return the group that a mention belongs to, or None for a meeting of its own."""
    alike = [(agreement(_joined(group, 0), meeting), index) for index, group in enumerate(groups) if same_parties(group[0], meeting)]
    good = [(score, index) for score, index in alike if score > 0]
    if good:
        return groups[max(good)[1]]
    unsettled = [
        index
        for score, index in alike
        if score == 0 and meeting.status is not MeetingStatus.HELD and meeting.status is groups[index][0].status
    ]
    if unsettled:
        return groups[unsettled[-1]]
    beside = [index for score, index in alike if score == 0 and _is_told_on(groups[index], meeting) and _as_far(groups[index], meeting)]
    if beside:
        return groups[beside[-1]]
    if meeting.date or meeting.place or meeting.event:
        bare = [index for score, index in alike if score == 0 and _is_bare(groups[index]) and _as_far(groups[index], meeting)]
        return groups[bare[-1]] if bare else None
    near = [index for score, index in alike if score == 0 and _as_far(groups[index], meeting)]
    return groups[near[-1]] if near else None


def same_meeting(one: Meeting, other: Meeting) -> bool:
    """Whether two records tell of one occasion."""
    return same_parties(one, other) and agreement(one, other) > 0


def agreement(one: Meeting, other: Meeting) -> int:
    """Count what speaks for one occasion: positive, at least one fact agrees; 0, nothing is known; negative, they differ."""
    if (one.kind is MeetingKind.CALL) != (other.kind is MeetingKind.CALL):
        return -1
    if formal_beside_encounter(one, other):
        return -1
    facts = [_dates_agree(one.date, other.date), _spans_agree(one.place, other.place), _spans_agree(one.event, other.event)]
    return weigh(facts, coarse=_is_coarse(one.date, other.date))


def weigh(facts: Sequence[bool | None], *, coarse: bool) -> int:
    """Weigh whether date, place and event, in this order, agree: the one rule for mentions in an article and across articles.

    Args:
        facts: For each, whether it agrees, or None where one side does not give it.
        coarse: Whether one of the dates is so long that another meeting fits into it.

    Returns:
        What speaks for one occasion, as `agreement` counts it.
    """
    agree, differ = facts.count(True), facts.count(False)
    if differ > 1 or (differ and not agree):
        return -1
    if differ and agree == 1 and facts[0] and coarse:
        return -1  # one month has room for two summits
    return 2 * agree - differ


def _is_coarse(*dates_given: str | None) -> bool:
    """Whether one of the dates is so long that another meeting fits into it."""
    return any(_length(date) > LONGEST_MEETING_DAYS for date in dates_given if date)


def formal_beside_encounter(one: Form, other: Form) -> bool:
    """Whether one is a brief encounter and the other a formal meeting that did not come about: two occasions."""
    if MeetingKind.ENCOUNTER not in {one.kind, other.kind} or one.kind is other.kind:
        return False
    formal = other if one.kind is MeetingKind.ENCOUNTER else one
    brief = one if formal is other else other
    unfulfilled = {MeetingStatus.RULED_OUT, MeetingStatus.CANCELLED, MeetingStatus.TENTATIVE}
    return formal.status in unfulfilled and brief.status is not formal.status


def same_parties(one: Meeting, other: Meeting) -> bool:
    """Whether the participants of one are among those of the other."""
    few, many = sorted((one.participants, other.participants), key=len)
    return bool(few) and all(any(same_party(a, b) for b in many) for a in few)


def same_party(one: Party, other: Party) -> bool:
    """Whether two names may be one party's, see `names.same_name`."""
    return same_name(one.name, other.name)


def _dates_agree(one: str | None, other: str | None) -> bool | None:
    return None if one is None or other is None else dates.overlap(one, other)


def _spans_agree(one: Span | None, other: Span | None) -> bool | None:
    if one is None or other is None:
        return None
    a, b = event_words(one.text), event_words(other.text)
    return bool(a & b) if a and b else None


def _is_bare(group: Sequence[Meeting]) -> bool:
    return not any(meeting.date or meeting.place or meeting.event for meeting in group)


def _is_told_on(group: Sequence[Meeting], meeting: Meeting) -> bool:
    """Whether a mention goes on with the one right before it, or with a headline, and adds what was missing: "met in Oslo. The talks …"."""
    if not meeting.evidence or not group[-1].evidence:
        return False
    before, here = group[-1].evidence[-1], meeting.evidence[0]
    near = 0 <= here.start - before.end <= _NEAR
    return near and (bool(_THE_MEETING.search(here.text)) or before.text[-1:] not in '.!?”"')


def _as_far(group: Sequence[Meeting], meeting: Meeting) -> bool:
    """Whether both lie behind, or both do not, and both are calls, encounters or neither."""
    held = MeetingStatus.HELD
    return (_joined(list(group), 0).status is held) == (meeting.status is held) and (
        meeting.kind is group[0].kind or MeetingKind.CALL not in {meeting.kind, group[0].kind}
    )


def _joined(group: list[Meeting], number: int) -> Meeting:
    """Make one record of the mentions: the most precise date, the first place and event, all evidence."""
    first = group[0]
    date, when = _most_precise(group)
    return first.model_copy(
        update={
            "id": f"M{number}",
            "participants": max((m.participants for m in group), key=len),
            "status": balance([m.status for m in group]),
            "kind": _kind(group),
            "date": date,
            "when": when,
            "place": next((m.place for m in group if m.place), None),
            "event": next((m.event for m in group if m.event), None),
            "topics": _union(m.topics for m in group),
            "claims": _union(m.claims for m in group),
            "evidence": tuple(sorted(_union(m.evidence for m in group), key=lambda span: span.start)),
        }
    )


def _kind(group: list[Meeting]) -> MeetingKind:
    kinds = [meeting.kind for meeting in group]
    return max(kinds, key=lambda kind: (kinds.count(kind), -kinds.index(kind)))


def _most_precise(group: list[Meeting]) -> tuple[str | None, Span | None]:
    best: Meeting | None = None
    for meeting in group:
        if meeting.date and (best is None or best.date is None or _length(meeting.date) < _length(best.date)):
            best = meeting
    return (best.date, best.when) if best else (None, None)


def _length(date: str) -> int:
    first, last = dates.bounds(date)
    return (last - first).days


def _union(parts: Iterable[tuple[T, ...]]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(item for part in parts for item in part))

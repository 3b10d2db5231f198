"""What the wording of a sentence says of how settled a meeting is."""

from __future__ import annotations

import re

from llm_extract.schema import MeetingStatus

__all__ = ["balance", "status_of_wording"]

_NOT = r"(?:not|n['’]t|never|no longer|neither)"
_MEET = r"(?:meet\w*|hold|talks|sit|see|negotiat\w+|summit|take place|participate|attend)"
_CANCELLED = re.compile(
    r"\b(?:cancel\w*|call(?:ed|s|ing)? off|scrap(?:s|ped|ping)?|(?:fell|fall(?:en|s)?) through|postpon\w+|abandon(?:ed|s)?|shelved|aborted|axed)\b"
    rf"|\b(?:can['’]t|cannot|could {_NOT}) (?:\w+ ){{0,2}}{_MEET}|makes? it impossible to (?:hold|meet)",
    re.IGNORECASE,
)
_RULED_OUT = re.compile(
    r"\bno (?:\w+,? ){0,3}(?:meeting|talks|summit|sit-down|encounter)|\bnever a (?:\w+ )?meeting|\brul(?:e|es|ed|ing) out|\bdecided against|\breject\w*|\brefus\w+"
    rf"|\b(?:will|would|won['’]t|wouldn['’]t|does|do|is|are|going)\b ?{_NOT} (?:\w+ ){{0,2}}{_MEET}|\bwon['’]t (?:\w+ ){{0,2}}{_MEET}|\bno plans? (?:to|for)|\bhas no intention",
    re.IGNORECASE,
)
_TENTATIVE = re.compile(
    r"\b(?:would|could|may|might|should|possib\w+|potential\w*|probab\w+|likely|unlikely|perhaps|hop(?:e|es|ed|ing)|expect\w*|propos\w+|suggest\w*|offer\w*|invit\w+|"
    r"want(?:s|ed)?|wish\w*|seek\w*|intend\w*|if|whether|unclear|consider\w*|urg\w+|call(?:s|ed)? for|look forward|attempts? to arrange|arrange|ready to|willing|open to|believes?|"
    r"high probability|confirmation\w*|not yet|plans? for|possibility|negotiate a|anticipate|asked)\b",
    re.IGNORECASE,
)
_PLANNED = re.compile(
    r"\b(?:will|['’]ll|shall|is to|are to|was to|were to|due to|set to|scheduled|plans? to|planned|planning|agreed to|slated|upcoming|going to|next (?:week|month|year)|to meet|to hold|"
    r"is expected to|are expected to|certainly)\b",
    re.IGNORECASE,
)
_HELD = re.compile(
    r"\b(?:met|held|took place|shook hands|spoke|talked|discussed|conferred|greeted|received|hosted|welcomed|visited|attended|chatted|hugged|"
    r"(?:after|following|during|at|in) (?:a|an|the|their|his|her|those|these|that|talks|\w+-\w+) ?(?:\w+ ){0,3}(?:meeting|talks|summit|discussions?|conversation|call|negotiations)|"
    r"(?:the|their|this|that|those|these|a|an|subsequent) (?:\w+[- ]){0,3}(?:meeting|talks|summit|encounter)s? (?:was|were|is|got|lasted|began|followed|came|ended|saw|resulted|broke|agreed)|did speak|did meet|did discuss|first meeting|last met|fresh from)\b",
    re.IGNORECASE,
)


def status_of_wording(clause: str) -> MeetingStatus:
    """Judge a clause about a meeting by its words; what no word settles took place, as most of what news tells did.

    Example:
        >>> status_of_wording("aides said that the two might meet again").value
        'tentative'
    """
    if _CANCELLED.search(clause):
        return MeetingStatus.CANCELLED
    if _RULED_OUT.search(clause):
        return MeetingStatus.RULED_OUT
    if _TENTATIVE.search(clause):
        return MeetingStatus.TENTATIVE
    if _PLANNED.search(clause) and not _HELD.search(clause):
        return MeetingStatus.PLANNED
    return MeetingStatus.HELD


def balance(statuses: list[MeetingStatus]) -> MeetingStatus:
    """Weigh what several sentences say of one meeting.

    What was held was held, and what was called off was called off, whatever was hoped for before. A plan that somebody
    doubts or denies is not settled.
    """
    for decisive in (MeetingStatus.CANCELLED, MeetingStatus.HELD):
        if decisive in statuses:
            return decisive
    if set(statuses) == {MeetingStatus.RULED_OUT}:
        return MeetingStatus.RULED_OUT
    if set(statuses) == {MeetingStatus.PLANNED}:
        return MeetingStatus.PLANNED
    return MeetingStatus.TENTATIVE

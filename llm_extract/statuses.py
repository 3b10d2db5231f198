"""What the wording of a sentence says of how settled a meeting is."""

from __future__ import annotations

import re

from llm_extract.schema import MeetingStatus

__all__ = ["balance", "status_of_wording"]

_NOT = r"(?:not|n['’]t|never|no longer|neither)"
_MEET = r"(?:meet\w*|hold|talks|sit|see|negotiat\w+|summit|take place|participate|attend)"


def _any(*alternatives: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(alternatives)})", re.IGNORECASE)


_CANCELLED = _any(
    r"cancel\w*|postpon\w+|aborted|axed|shelved",
    r"call(?:ed|s|ing)? off\b|scrap(?:s|ped|ping)?\b|(?:fell|fall(?:en|s)?) through\b|abandon(?:ed|s)?\b",
    rf"(?:can['’]t|cannot|could {_NOT}) (?:\w+ ){{0,2}}{_MEET}",
    r"(?:was|were) to have\b|had been (?:due|scheduled|slated|supposed|expected|planned|planning) (?:to|for)\b|"
    r"had been set to\b|pull(?:ed|s)? out\b|put off\b",
    r"makes? it impossible to (?:hold|meet)",
)
_RULED_OUT = _any(
    r"no (?:\w+,? ){0,3}(?:meeting|talks|summit|sit-down|encounter)|never a (?:\w+ )?meeting|no plans? (?:to|for)|has no intention",
    r"(?:not on|off) the table|out of the question",
    r"rul(?:e|es|ed|ing) out|decided against|reject\w*|refus\w+",
    rf"(?:will|would|does|do|is|are|going)\b ?{_NOT} (?:\w+ ){{0,2}}{_MEET}|wo(?:n|uldn)['’]t (?:\w+ ){{0,2}}{_MEET}",
)
_TENTATIVE = _any(
    r"(?:would|could|(?-i:may|MAY)|might|should|if|whether|perhaps|likely|unlikely|unclear|expect\w*|possib\w+|potential\w*|probab\w+)\b",
    r"(?:hop(?:e|es|ed|ing)|propos\w+|suggest\w*|offer\w*|invit\w+|want(?:s|ed)?|wish\w*|seek\w*|intend\w*|consider\w*|urg\w+)\b",
    r"(?:call(?:s|ed)? for|look forward|attempts? to arrange|arrange|ready to|willing|open to|believes?|anticipate|negotiate a)\b",
    r"asked (?:(?:\w+ ){0,4}to|for (?:an?|the) (?:\w+ ){0,2}(?:meeting|talks|call))\b",
    r"no (?:date|time|place|location|venue)(?: (?:or|and) \w+)? (?:has|had|have|was|is)\b|(?:high probability|confirmation\w*|"
    r"not yet|plans? for)\b",
)
_PLANNED = _any(
    r"(?:will|['’]ll|shall|(?:is|are|was|were) to|due to|set to|scheduled|plans? to|planned|planning)\b",
    r"(?:agreed to (?:meet|hold|talk)|slated|upcoming|going to)\b",
    r"(?:next (?:week|month|year)|to meet|to hold|certainly)\b",
    r"(?:arriv|head|leav|left|depart)\w* [^.;]{0,60}\bfor (?:[\w-]+ ){0,3}(?:talks|summit|meetings?|consultations|discussions|"
    r"negotiations)\b",
)
_AS_PLANNED = _any(r"(?:go(?:es)?|going) ahead (?:as|on|in|next)\b")
_WILL_MEET = _any(
    r"(?:will|['’]ll|shall|(?:is|are) (?:due |set |scheduled )?to) (?:\w+ ){0,2}"
    r"(?:go ahead|take place|be (?:held|received|hosted|welcomed)|meet|hold|host|receive|see|sit down|speak|talk)\b"
)
_HELD = _any(
    r"(?:met|held|took place|shook hands|spoke|talked|discussed|conferred|chatted|hugged)\b",
    r"(?:greeted|received|hosted|welcomed|visited|attended)\b",
    r"(?:after|following|during|at|in) (?:an?|the|their|his|her|those|these|that|talks|\w+-\w+) ?"
    r"(?:\w+ ){0,3}(?:meeting|talks|summit|discussions?|conversation|call|negotiations)\b",
    r"(?:the|their|this|that|those|these|an?|subsequent) (?:\w+[- ]){0,3}(?:meeting|talks|summit|encounter)s? "
    r"(?:(?:was|were|is)(?! to\b)|got|lasted|began|followed|came|ended|saw|resulted|broke|agreed)\b",
    r"(?:did (?:speak|meet|discuss)|first meeting|last met|fresh from)\b",
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
    if _TENTATIVE.search(clause) and not _AS_PLANNED.search(clause):
        return MeetingStatus.TENTATIVE
    if _WILL_MEET.search(clause) or _AS_PLANNED.search(clause) or (_PLANNED.search(clause) and not _HELD.search(clause)):
        return MeetingStatus.PLANNED
    return MeetingStatus.HELD


def balance(statuses: list[MeetingStatus]) -> MeetingStatus:
    """Weigh what several sentences say of one meeting.

    What was called off was called off, whatever was said of it before; else what was held was held. A plan that somebody doubts or denies
    is not settled.
    """
    for decisive in (MeetingStatus.CANCELLED, MeetingStatus.HELD):
        if decisive in statuses:
            return decisive
    if set(statuses) == {MeetingStatus.RULED_OUT}:
        return MeetingStatus.RULED_OUT
    if set(statuses) == {MeetingStatus.PLANNED}:
        return MeetingStatus.PLANNED
    return MeetingStatus.TENTATIVE

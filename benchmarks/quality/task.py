"""What LangExtract and instructor are told: what a quote and a meeting are, with the meanings that llm-extract has."""

from __future__ import annotations

__all__ = ["KINDS", "MAX_ANSWER_TOKENS", "MEETING", "QUOTE", "STATUSES", "publication"]

MAX_ANSWER_TOKENS = 2048
"""Longest answer to one request: small models that begin to repeat themselves don't stop before."""

QUOTE = (
    "A quote is a stretch of words in quotation marks that somebody said or wrote, without the marks and exactly as the article has it. "
    "Titles and words in quotation marks that are nobody's are no quotes. "
    "Its speaker is the person or institution whose words they are, by the fullest name in the article."
)

MEETING = (
    "A meeting is an occasion on which two or more named people, delegations or institutions talk to each other: "
    "held, planned, hoped for, called off or ruled out. Each occasion counts once, however often it is mentioned."
)

STATUSES = {
    "held": "it took place or is taking place",
    "planned": "settled: the article or both sides state that it will take place",
    "tentative": "expected, proposed, hoped for or disputed",
    "cancelled": "it had been planned and was called off",
    "ruled_out": "a side says that it will not take place",
}

KINDS = {
    "in_person": "they sit down together: talks, a visit, a summit",
    "encounter": "brief and informal, such as a handshake",
    "call": "by telephone or video",
}


def publication(published: str | None) -> str:
    """Return the sentence that says when the article was published; empty where that is not known."""
    return f"The article was published on {published}; dates are worked out from that day." if published else ""

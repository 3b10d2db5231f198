"""Results that the tests of the report share: an article in which quotes and evidence overlap, and one that is an attack."""

from __future__ import annotations

import datetime as dt

from llm_extract.schema import (
    Article,
    ArticleReference,
    Claim,
    Extraction,
    ExtractionWarning,
    Meeting,
    MeetingKind,
    MeetingStatus,
    Party,
    Quote,
    QuoteKind,
    Record,
    Span,
    Stance,
)

TEXT = (
    "Ann Lee will meet Bo Kim in Oslo, her office said.\n\n"
    "“We agree 🤝 on ‘the big things’,” said Lee in Oslo. “For now.”\n\n"
    "Kim’s spokesman, Cy Poe, called that “premature”. “There is no such meeting,” he told Reuters."
)
ATTACK = '</script><script>document.title="owned"</script><img src="http://127.0.0.1:9/x" onerror="alert(1)">'
OVERRIDE = "\u202eevil\u202c"


def span(words: str, text: str = TEXT) -> Span:
    """The first place of some words."""
    start = text.index(words)
    return Span(start=start, end=start + len(words), text=words)


def _day(written: str | None) -> dt.date | None:
    return dt.date.fromisoformat(written) if written else None


def talks(identifier: str = "talks", published: str | None = "2024-05-06", **about: str | None) -> Extraction:
    """A planned meeting that one side denies, a quote in a quote, a quote in two pieces, and evidence that overlaps with them."""
    article = Article(text=TEXT, id=identifier, published=_day(published), title="Talks in Oslo", **about)
    ann, bo, cy = Party(name="Ann Lee", mention=span("Ann Lee")), Party(name="Bo Kim", mention=span("Bo Kim")), Party(name="Cy Poe")
    said = span("“We agree 🤝 on ‘the big things’,” said Lee in Oslo.")
    meeting = Meeting(
        id="M1",
        participants=(ann, bo),
        status=MeetingStatus.PLANNED,
        kind=MeetingKind.IN_PERSON,
        place=span("Oslo"),
        claims=(
            Claim(by=ann, stance=Stance.CONFIRMS, evidence=span("Ann Lee will meet Bo Kim in Oslo, her office said.")),
            Claim(by=cy, stance=Stance.DENIES, evidence=span("“There is no such meeting,” he told Reuters.")),
        ),
        evidence=(span("Ann Lee will meet Bo Kim in Oslo, her office said."), said),
    )
    quotes = (
        Quote(
            id="Q1",
            segments=(span("We agree 🤝 on ‘the big things’,"), span("For now.")),
            speaker=ann,
            cue=span("said Lee"),
            kind=QuoteKind.DIRECT,
            meeting="M1",
        ),
        Quote(id="Q2", segments=(span("the big things"),), speaker=bo, kind=QuoteKind.MIXED),
        Quote(id="Q3", segments=(span("There is no such meeting,"),), speaker=cy, addressee=span("Reuters"), kind=QuoteKind.DIRECT),
    )
    return Extraction(article=ArticleReference.of(article), text=TEXT, meetings=(meeting,), quotes=quotes, model="stub")


def denied(identifier: str = "denial", published: str | None = "2024-05-09") -> Extraction:
    """The same meeting, called off, in another article."""
    text = "The meeting of Ann Lee and Bo Kim in Oslo is off."
    sentence = Span(start=0, end=len(text), text=text)
    meeting = Meeting(
        id="M1",
        participants=(Party(name="Ann Lee"), Party(name="Bo Kim")),
        status=MeetingStatus.CANCELLED,
        kind=MeetingKind.IN_PERSON,
        place=span("Oslo", text),
        evidence=(sentence,),
    )
    article = Article(text=text, id=identifier, published=_day(published), title="Off")
    return Extraction(article=ArticleReference.of(article), text=text, meetings=(meeting,), model="stub")


def attack() -> Extraction:
    """An article of which every string is hostile."""
    text = f"{ATTACK} {OVERRIDE} <!--<script> {{{{ 7*7 }}}}\n\n{ATTACK}"
    everything = Span(start=0, end=len(text), text=text)
    start = Span(start=0, end=len(ATTACK), text=ATTACK)
    villain = Party(name=ATTACK, role=ATTACK, affiliation=OVERRIDE, mention=start)
    claim = Claim(by=villain, stance=Stance.DENIES, evidence=start)
    places = {"when": start, "place": start, "event": start, "topics": (start,)}
    meeting = Meeting.model_validate(
        {
            "id": "'\"><b>M1",
            "participants": (villain, Party(name="__proto__")),
            "status": "held",
            "kind": "call",
            "claims": (claim,),
            "evidence": (everything, start),
            **places,
        }
    )
    quote = Quote(id="../Q1?a#b", segments=(start,), speaker=villain, cue=start, addressee=start, kind=QuoteKind.DIRECT, meeting=meeting.id)
    about = {"id": "../<b>&amp;%2F#x?y", "title": ATTACK, "source": ATTACK, "url": "javascript:alert(1)"}
    article = Article.model_validate({"text": text, "published": "2024-05-06", **about})
    warning = ExtractionWarning(code="x", message=ATTACK)
    reference = ArticleReference.of(article)
    here, hostile = start.model_dump(), [ATTACK, OVERRIDE, {ATTACK: ATTACK, "constructor": 1}]
    value = {ATTACK: ATTACK, "__proto__": here, OVERRIDE: villain.model_dump(), "x": {"value": hostile, "evidence": [here]}}
    record = Record.model_validate({"id": "__proto__", "kind": ATTACK, "value": value, "evidence": (everything, start)})
    found = {"meetings": (meeting,), "quotes": (quote,), "records": (record,)}
    return Extraction.model_validate({"article": reference, "text": text, **found, "model": ATTACK, "warnings": (warning,)})

"""Spans as annotations of their articles (W3C Web Annotation Data Model, JSON-LD).

An article is named by the digest of its text (RFC 6920, `ni:///sha-256;…`), because offsets hold for exactly these characters; its
address on the web stands beside it. A position counts code points, as the model asks for.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Iterator
from uuid import NAMESPACE_URL, uuid5

from llm_extract.dossier import Dossier
from llm_extract.errors import OutputError
from llm_extract.parts import Placed, of_meeting, of_quote, of_record
from llm_extract.result_tables import named_results
from llm_extract.schema import ArticleReference, Extraction, Meeting, Quote, Record, Span
from llm_extract.wording import in_words, named

__all__ = ["annotation_lines"]

_CONTEXT = "http://www.w3.org/ns/anno.jsonld"
_AROUND = 32  # characters before and after, by which a span is found in a text that was changed
_SHOWN = 80
_DESCRIBED = 200
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def annotation_lines(results: Dossier | Iterable[Extraction]) -> Iterator[bytes]:
    """Yield the lines of one JSON-LD document, an AnnotationCollection of one page: an annotation a line, one for each span.

    Its bodies say what the span is (`segment`, `speaker`, `evidence`, the place in a record), of which quote, meeting or record (`Q1`), and
    a description. The words
    around the span are given where the result has the article's text; a dossier has none.

    Raises:
        OutputError: An article has no SHA-256 by which it could be named, or a span does not lie within its text.
    """
    name = "dossier" if isinstance(results, Dossier) else "results"
    collection = {"@context": _CONTEXT, "id": f"urn:llm-extract:{name}", "type": "AnnotationCollection", "label": "llm-extract"}
    page = {"id": f"urn:llm-extract:{name}:1", "type": "AnnotationPage", "startIndex": 0}
    yield _json(collection)[:-1] + b',"first":' + _json(page)[:-1] + b',"items":['
    count = 0
    for annotation in _annotations(results):
        yield (b",\n" if count else b"\n") + _json(annotation)
        count += 1
    yield b'\n]},"total":' + str(count).encode() + b"}\n"


def _annotations(results: Dossier | Iterable[Extraction]) -> Iterator[dict[str, object]]:
    if isinstance(results, Dossier):
        articles = {article.id: article for article in results.articles}
        for mention in (mention for record in results.meetings for mention in record.mentions):
            if mention.article not in articles:
                raise OutputError(f"The dossier has a mention in the article {mention.article[:_SHOWN]!r}, which it does not have.")
            yield from _of_article(mention.article, articles[mention.article], None, (mention.meeting,), mention.quotes)
        return
    for key, _, result in named_results(results):
        yield from _of_article(key, result.article, result.text, result.meetings, result.quotes, result.records)


def _of_article(
    key: str,
    article: ArticleReference,
    text: str | None,
    meetings: Iterable[Meeting],
    quotes: Iterable[Quote],
    records: Iterable[Record] = (),
) -> Iterator[dict[str, object]]:
    source = _source(article)
    described = [(_about_meeting(meeting), of_meeting(meeting)) for meeting in meetings]
    described += [(_about_quote(quote), of_quote(quote)) for quote in quotes]
    described += [(_about_record(record), of_record(record)) for record in records]
    for description, several in described:
        for placed in several:
            yield _annotation(key, placed, source, _selectors(placed.span, text, article), description)


def _annotation(key: str, placed: Placed, source: object, selectors: object, description: str) -> dict[str, object]:
    owner = placed.meeting or placed.quote or placed.record or ""
    bodies = (("tagging", str(placed.part)), ("identifying", owner), ("describing", description))
    return {
        "id": uuid5(NAMESPACE_URL, f"llm-extract:{key}#{owner}/{placed.part}/{placed.item}").urn,
        "type": "Annotation",
        "motivation": "tagging",
        "body": [{"type": "TextualBody", "purpose": purpose, "value": value} for purpose, value in bodies],
        "target": {"source": source, "selector": selectors},
    }


def _source(article: ArticleReference) -> dict[str, object]:
    if not re.fullmatch(r"[0-9a-f]{64}", article.sha256):
        what = f"The article {article.id[:_SHOWN]!r} has no SHA-256, so that annotations can't name it."
        raise OutputError(what, remedy="Run `llm-extract run` on it again.")
    digest = base64.urlsafe_b64encode(bytes.fromhex(article.sha256)).decode().rstrip("=")
    source: dict[str, object] = {
        "id": f"ni:///sha-256;{digest}",
        "type": "Text",
        "format": "text/plain",
        "label": article.title or article.id,
    }
    return source | ({"via": article.url} if article.url else {})


def _selectors(span: Span, text: str | None, article: ArticleReference) -> list[dict[str, object]]:
    quoted: dict[str, object] = {"type": "TextQuoteSelector", "exact": span.text}
    if text is not None:
        if text[span.start : span.end] != span.text:
            what = f"The span from {span.start} to {span.end} is not what stands there in the article {article.id[:_SHOWN]!r}."
            raise OutputError(what, remedy="Run `llm-extract run` on it again.")
        quoted |= {"prefix": text[max(0, span.start - _AROUND) : span.start], "suffix": text[span.end : span.end + _AROUND]}
    return [{"type": "TextPositionSelector", "start": span.start, "end": span.end}, quoted]


def _about_meeting(meeting: Meeting) -> str:
    names = "; ".join(party.name for party in meeting.participants)
    return ", ".join(filter(None, [f"{meeting.status.value} {meeting.kind.value}", meeting.date, names]))


def _about_quote(quote: Quote) -> str:
    return f"{quote.kind.value}, {quote.speaker.name if quote.speaker else 'speaker not told'}"


def _about_record(record: Record) -> str:
    about = in_words(dict(record.value))
    return f"{named(record.kind)}, {about if len(about) <= _DESCRIBED else about[: _DESCRIBED - 1] + '…'}"


def _json(value: object) -> bytes:
    return _ENCODER.encode(value).encode()

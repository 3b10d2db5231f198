"""What is fuzzed: functions of any bytes, each of which fails where what must hold does not."""

from __future__ import annotations

import contextlib
import datetime as dt
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import hostile
from pydantic_core import from_json

from llm_extract.errors import OutputError
from llm_extract.fingerprint import fingerprint
from llm_extract.journal import Journal, failed_path
from llm_extract.numbering import number
from llm_extract.outcomes import Finished, Outcome
from llm_extract.reading import MeetingReading, Prepared, QuoteReading
from llm_extract.resolve import Resolver
from llm_extract.schema import Article, ArticleReference, Extraction, MeetingKind, MeetingStatus

__all__ = ["SEEDS", "TARGETS"]

MANNER = "0123456789abcdef"
_PUBLISHED = dt.date(2024, 5, 14)
_HEAD = 16  # bytes that choose, before those of the text
_MOST_SEED_CHARS = 2_000
_DIGITS = 16  # of a fingerprint, those that are the article's
_ARTICLE = Article(text="A text.", id="a")
_RESULT = Extraction(fingerprint=fingerprint(MANNER, _ARTICLE), article=ArticleReference.of(_ARTICLE), model="stub")
_KNOWN = _RESULT.model_dump_json().encode()


def numbering(data: bytes) -> None:
    """Sentences and quotations lie in the text, in order, and are numbered without a gap."""
    article = Article(text=data.decode("utf-8", "ignore"))
    numbered = number(article)
    for parts in (numbered.sentences, numbered.quotations):
        assert [part.number for part in parts] == list(range(1, len(parts) + 1))
        assert all(0 <= part.start < part.end <= len(article.text) for part in parts)
        assert [part.start for part in parts] == sorted(part.start for part in parts)
    ends = [sentence.end for sentence in numbered.sentences]
    assert all(end <= sentence.start for end, sentence in zip(ends, numbered.sentences[1:], strict=False))


def resolving(data: bytes) -> None:
    """Whatever a model says of an article, what comes of it is the article's own characters."""
    head, text = data[:_HEAD].ljust(_HEAD, b"\0"), data[_HEAD:].decode("utf-8", "ignore")
    if not text.strip():
        return
    prepared = Prepared(Article(text=text, published=_PUBLISHED))
    resolver = Resolver(prepared)
    words = text.split()
    names = [" ".join(words[at % len(words) :][: 1 + at % 3]) for at in head[:8]]
    statuses, sentences = list(MeetingStatus), prepared.numbered.sentences
    quotes = resolver.quotes(
        [QuoteReading(part.number, names[part.number % 4] if part.number % 5 else None) for part in prepared.numbered.quotations]
    )
    meetings = []
    if sentences:
        chosen = tuple(sorted({1 + at % len(sentences) for at in head[8:12]}))
        status = statuses[head[12] % len(statuses)]
        facts = {"when": names[4], "place": names[5], "event": names[6] if head[13] % 2 else None, "topics": (names[7],)}
        mentioned = MeetingReading(chosen, tuple(names[:2]), status, MeetingKind.IN_PERSON, **facts)  # type: ignore[arg-type]
        meetings = resolver.meetings([mentioned])
    found = [*resolver.link(quotes, meetings), *meetings]
    for start, end, words_there in (span for one in found for span in _spans(one.model_dump())):
        assert text[start:end] == words_there


def journal(data: bytes) -> None:
    """Whatever a killed run or another program left, a run can be made, and what it finishes is there, or what was known of it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "r.jsonl"
        left = data.split(b"\0", 2)
        for where, what in zip((Path(folder) / "r.jsonl.part", failed_path(path), path), left, strict=False):
            where.write_bytes(what)
        with contextlib.suppress(OutputError), Journal(path, MANNER) as out:
            _use(out)
            lines = path.read_bytes().splitlines()
            found = from_json(lines[0])
            assert found["fingerprint"][-_DIGITS:] == fingerprint(MANNER, _ARTICLE)[-_DIGITS:]


def _use(out: Journal) -> None:
    if not out.keep(0, "a", fingerprint(MANNER, _ARTICLE)):
        at = out._size
        out._append(_KNOWN + b"\n", lasting=False)
        out._note(Finished(Outcome(0, "a", _RESULT), _KNOWN + b"\n"), at)
    out.failed("a")
    out.finish(complete=True)


def _spans(value: object) -> Iterator[tuple[int, int, str]]:
    match value:
        case {"start": int() as start, "end": int() as end, "text": str() as text}:
            yield start, end, text
        case Mapping():
            yield from (span for part in value.values() for span in _spans(part))
        case list() | tuple():
            yield from (span for part in value for span in _spans(part))


TARGETS: Mapping[str, Callable[[bytes], None]] = {"numbering": numbering, "resolving": resolving, "journal": journal}
"""By name."""

_TEXTS = [text.encode("utf-8", "ignore") for text in hostile.TEXTS.values() if len(text) < _MOST_SEED_CHARS]
_FAILURE = b'{"article":"a","stage":"read","error":"ArticleError","message":"No.","remedy":"","attempts":1,"fingerprint":""}\n'
SEEDS: Mapping[str, list[bytes]] = {
    "numbering": _TEXTS,
    "resolving": [bytes(range(_HEAD)) + text for text in _TEXTS],
    "journal": [
        b"",
        _KNOWN,
        _KNOWN + b'\n{"spent":{"requests":1,"prompt_tokens":2,"completion_tokens":3}}\n{"failure":' + _FAILURE[:-1] + b"}\n\0" + _FAILURE,
        b'{"fingerprint":"0123456789abcdef","article":{"id":"a"}}\n{"fingerprint":"0123456789abcdef is not","article":{"id":"a"}}\n',
        b"\0\0" + _KNOWN + b"\n",
        b"\0\0notes\n",
    ],
}
"""What each begins from."""

"""Results and dossiers as they show themselves in a notebook: a piece of HTML without scripts, colours or network.

Whatever comes from an article is escaped, and isolated so that its direction of writing stays its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape

from llm_extract.dossier import Dossier, MeetingRecord
from llm_extract.plurals import counted
from llm_extract.result_tables import quoted
from llm_extract.schema import Extraction, Meeting, Quote, Record
from llm_extract.wording import by_kind, columns_of, holds_only_records, in_words, named

__all__ = ["dossier_html", "extraction_html"]

_ROWS = 100
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
# The colours are the notebook's own, light or dark.
_STYLE = "text-align:left;vertical-align:top;white-space:normal"


def extraction_html(result: Extraction) -> str:
    """Return the meetings, quotes and records of one article as HTML."""
    article = result.article
    about = [str(article.published or "undated"), article.source, article.id if article.title else None, result.model]
    warnings = "".join(f"<div>⚠ {_safe(warning.message)}</div>" for warning in result.warnings)
    meetings = _table("meeting", ("Status", "Who", "When", "Where", "Who says so"), map(_meeting, result.meetings), len(result.meetings))
    quotes = _table("quote", ("Speaker", "Words", "How"), map(_quote, result.quotes), len(result.quotes))
    found = "" if holds_only_records(result) else f"{meetings}{quotes}"
    return f"<div>{_heading(article.title or article.id, about)}{warnings}{found}{_own(result)}</div>"


def dossier_html(dossier: Dossier) -> str:
    """Return the meetings of a dossier as HTML, each with its history."""
    about = [counted(len(dossier.articles), "article")]
    warnings = "".join(f"<div>⚠ {_safe(warning.message)}</div>" for warning in dossier.warnings[:_ROWS])
    columns = ("Status", "Who", "When", "Where", "History", "Articles")
    meetings = _table("meeting", columns, map(_record, dossier.meetings), len(dossier.meetings))
    return f"<div>{_heading('Dossier', about)}{warnings}{meetings}</div>"


def _meeting(meeting: Meeting) -> tuple[str, ...]:
    when = [meeting.date or "", f"“{meeting.when.text}”" if meeting.when else ""]
    where = [meeting.place.text if meeting.place else "", meeting.event.text if meeting.event else ""]
    claims = dict.fromkeys(f"{claim.by.name} {claim.stance.value}" for claim in meeting.claims)
    status = [_words(meeting.status.value), "" if meeting.kind == "in_person" else meeting.kind.value]
    return _lines(status), _lines(party.name for party in meeting.participants), _lines(when), _lines(where), _lines(claims)


def _quote(quote: Quote) -> tuple[str, ...]:
    how = [quote.kind.value, quote.cue.text if quote.cue else ""]
    return _safe(quote.speaker.name if quote.speaker else "–"), f"“{_safe(quoted(quote.segments))}”", _lines(how)


def _record(record: MeetingRecord) -> tuple[str, ...]:
    status = [_words(record.status.value), "contradicted" if record.contradictions else ""]
    where = [record.place.value or "", record.event.value or ""]
    history = [f"{one.published or 'undated'} {_words(one.status.value)}" for one in record.history]
    articles = len({mention.article for mention in record.mentions})
    who = _lines(party.name for party in record.participants)
    return _lines(status), who, _safe(record.date.value or "–"), _lines(where), _lines(dict.fromkeys(history)), str(articles)


def _own(result: Extraction) -> str:
    """Make a table for each schema, with a row a record."""
    if holds_only_records(result) and not result.records:
        return _table("record", (), (), 0)
    tables = []
    for kind, records in by_kind(result.records).items():
        fields = columns_of(records)
        columns = ["", *(_safe(named(field)) for field in fields)]
        rows = (_own_row(record, fields) for record in records)
        tables.append(f"<div><small>{_safe(named(kind))}</small></div>{_table('record', columns, rows, len(records))}")
    return "".join(tables)


def _own_row(record: Record, fields: Sequence[str]) -> tuple[str, ...]:
    values = (record.value.get(field) for field in fields)
    cells = (_lines(map(in_words, value if isinstance(value, (list, tuple)) else [value])) for value in values)
    return _safe(record.id), *cells


def _heading(title: str, about: Iterable[str | None]) -> str:
    return f"<div><strong>{_safe(title)}</strong> <small>{' · '.join(_safe(part) for part in about if part)}</small></div>"


def _table(noun: str, columns: Sequence[str], rows: Iterable[tuple[str, ...]], count: int) -> str:
    if not count:
        return f"<div><small>No {noun}s</small></div>"
    head = "".join(f'<th scope="col" style="{_STYLE}">{column}</th>' for column in columns)
    shown = [row for _, row in zip(range(_ROWS), rows, strict=False)]
    body = "".join("<tr>" + "".join(f'<td style="{_STYLE}">{cell}</td>' for cell in row) + "</tr>" for row in shown)
    more = f"<div><small>… and {count - _ROWS:,} more</small></div>" if count > _ROWS else ""
    caption = f'<caption style="{_STYLE}">{count:,} {noun if count == 1 else noun + "s"}</caption>'
    return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}"


def _lines(texts: Iterable[str]) -> str:
    return "<br>".join(_safe(text) for text in texts if text) or "–"


def _words(label: str) -> str:
    return label.replace("_", " ")


def _safe(text: str) -> str:
    return f"<bdi>{escape(_CONTROL.sub(chr(0xFFFD), text))}</bdi>"

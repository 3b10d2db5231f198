"""The report: results as one HTML file that needs no network and opens by a double click.

Whatever comes from an article is data: it stands in the page as JSON in which no character can end the element, and the page puts it in as
text. A Content-Security-Policy lets nothing run but the report's own scripts, named by their digests, and nothing be fetched.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from llm_extract.errors import MissingExtraError, OutputError
from llm_extract.report_data import ReportData, report_data
from llm_extract.report_marks import STANCES, STATUSES
from llm_extract.schema import Extraction
from llm_extract.wording import holds_only_records

if TYPE_CHECKING:
    from markupsafe import Markup

    from llm_extract.dossier import Dossier

__all__ = ["render", "write_report"]

TITLE = "Meetings and quotes"
TITLE_OF_RECORDS = "Records"
_REINSTALL = "Install llm-extract again."
_ASSETS = Path(__file__).parent / "assets"
# In the order in which they build on each other.
_MODULES = (
    "words",
    "values",
    "dom",
    "data",
    "route",
    "facts",
    "filters",
    "segments",
    "apart",
    "card",
    "plot",
    "meeting",
    "article",
    "timeline",
    "voices",
    "overview",
    "main",
)
_IMPORT = re.compile(r"^import [^;]*;\n", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=async |const |function )", re.MULTILINE)
_END = re.compile(r"</(?:script|style)|<!--", re.IGNORECASE)
# What could end a script element or open a comment; what ends a line in old JavaScript; halves of characters, which UTF-8 does not have.
_UNSAFE = re.compile("[<>&\u2028\u2029\ud800-\udfff]")


def write_report(results: Iterable[Extraction], out: Path, *, dossier: Dossier | None = None, title: str | None = None) -> int:
    """Write the report into one file, and return how many articles it shows.

    Args:
        results: What to show. Of several results for one article, that with most meetings, then quotes, then records is shown.
        out: The file; made with the folders above it, overwritten where it is there.
        dossier: The meetings across these articles; None merges them here.
        title: Its heading; None: one that fits what is in it.

    Raises:
        OutputError: It can't be written.
        MissingExtraError: The extra `report` is not installed.
    """
    from llm_extract.across import merge

    shown = _one_an_article(results)
    only_records = bool(shown) and all(map(holds_only_records, shown))
    page = render(report_data(shown, dossier or merge(shown)), title=title or (TITLE_OF_RECORDS if only_records else TITLE))
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(page, encoding="utf-8", newline="\n")
    except OSError as error:
        raise OutputError(f"Can't write to {out}: {error.strerror or error}.", remedy="Give a place that you may write to.") from error
    return len(shown)


def render(data: ReportData, *, title: str = TITLE) -> str:
    """Return the report's page. The same data give the same page.

    Raises:
        MissingExtraError: The extra `report` is not installed.
    """
    import jinja2

    from llm_extract import __version__

    charts = _charts()
    style, script = _asset("report.css"), _script()
    environment = jinja2.Environment(loader=jinja2.FileSystemLoader(_ASSETS), autoescape=True, undefined=jinja2.StrictUndefined)
    return environment.get_template("report.html.jinja").render(
        title=title,
        version=__version__,
        policy=_policy(style, [charts.vega, script]),
        style=_source(style),
        data=_json(data),
        marks=_json(_marks()),
        timeline=_json(json.loads(charts.timeline)),
        voices=_json(json.loads(charts.voices)),
        licence=_asset("VEGA-LICENSE"),
        vega=_source(charts.vega),
        script=_source(script),
    )


def _one_an_article(results: Iterable[Extraction]) -> list[Extraction]:
    best: dict[tuple[str, str], Extraction] = {}
    for result in results:
        key = result.article.id, result.article.sha256
        best[key] = max(best.get(key, result), result, key=lambda one: (len(one.meetings), len(one.quotes), len(one.records)))
    return list(best.values())


@dataclass(frozen=True)
class _Charts:
    timeline: str
    voices: str
    vega: str


@functools.cache
def _charts() -> _Charts:
    try:
        from llm_extract import report_charts
    except ImportError:
        remedy = 'Install it: pip install "llm-extract[report]".'
        raise MissingExtraError("What draws the plots of the report is not installed.", remedy=remedy) from None
    return _Charts(report_charts.timeline(), report_charts.voices(), report_charts.vega())


def _asset(name: str) -> str:
    return (_ASSETS / name).read_text(encoding="utf-8")


def _script() -> str:
    """Join the page's modules: a file that is opened from a disk may not import others."""
    sources = (_asset(f"report/{name}.js") for name in _MODULES)
    return "\n".join(_EXPORT.sub("", _IMPORT.sub("", source)) for source in sources)


def _policy(style: str, scripts: Iterable[str]) -> str:
    """Return the Content-Security-Policy: nothing runs but these scripts, nothing is fetched, no text is parsed as HTML."""
    rules = {
        "default-src": "'none'",
        "style-src": _digest(style),
        "script-src": " ".join(map(_digest, scripts)),
        "base-uri": "'none'",
        "form-action": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "default",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _digest(source: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()}'"


def _source(code: str) -> Markup:
    """Pass our own code to the template as it is, nothing of an article being in it."""
    from markupsafe import Markup

    if found := _END.search(code):
        raise OutputError(f"A script or style of the report contains {found[0]!r}, which would end it.", remedy=_REINSTALL)
    return Markup(code)  # noqa: S704  it ends no element, and comes from this package or from Vega


def _json(data: object) -> Markup:
    """Write JSON in which nothing can end a script element: what could is escaped."""
    from markupsafe import Markup

    written = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return Markup(_UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", written))  # noqa: S704  no <, > or & is left


def _marks() -> dict[str, dict[str, dict[str, object]]]:
    return {
        "statuses": {status.value: asdict(mark) for status, mark in STATUSES.items()},
        "stances": {stance.value: asdict(mark) for stance, mark in STANCES.items()},
    }

"""The command line of the benchmark."""

from __future__ import annotations

import datetime as dt
import json
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from importlib.metadata import version
from pathlib import Path
from typing import Annotated as Option

import typer
from pydantic import SecretStr

from benchmarks.any_schema.plain import Plain
from benchmarks.any_schema.table import Records, Row, as_markdown
from benchmarks.any_schema.worked import ROOT, WORKED, Annotated, Worked, read
from benchmarks.quality.counting import CountingProxy, Spent
from benchmarks.quality.table import machine
from llm_extract import __version__
from llm_extract.extractor import Extractor
from llm_extract.local import LocalServer
from llm_extract.settings import CachePolicy, Endpoint, Profile, Settings
from llm_extract.weights import EMBEDDED, ensure_weights

Reader = Callable[[Annotated], Records]
OUTPUT = ROOT / "benchmarks" / "any_schema" / "results"


def main(
    *,
    base_url: Option[str | None, typer.Option(help="A server that runs already; its key is in OPENAI_API_KEY.")] = None,
    model: Option[str, typer.Option(help="What the server calls the model.")] = EMBEDDED.name,
    profile: Option[Profile, typer.Option(help="How llm-extract cuts the work.")] = Profile.LOCAL,
    only: Option[list[str] | None, typer.Option(help="This worked schema; may be repeated.", show_default="all")] = None,
    output: Option[Path, typer.Option("--output", "-o", help="Takes the table and the answers.")] = OUTPUT,
) -> None:
    """Measure llm-extract and plain instructor on the worked schemas: the same articles, model and server, article by article."""
    with ExitStack() as stack:
        if base_url:
            endpoint = Endpoint(base_url.rstrip("/"), Settings.load(base_url=base_url).api_key or SecretStr("none"))
        else:
            endpoint = stack.enter_context(LocalServer(ensure_weights(Settings.load()), name=EMBEDDED.name)).start()
        proxy = stack.enter_context(CountingProxy(endpoint))
        proxy.warm(model)
        rows: list[Row] = []
        for worked in WORKED:
            if not only or worked.name in only:
                readers = _readers(worked, proxy.base_url, model, profile, stack)
                rows += _contest(worked, readers, proxy, output)
                _write(output / "table.md", as_markdown(rows, _about(model)))
    typer.echo((output / "table.md").read_text(encoding="utf-8"))


def _about(model: str) -> str:
    today = dt.datetime.now().astimezone().date()
    return f"llm-extract {__version__}, instructor {version('instructor')}; {model}; {today}, {machine()}"


def _readers(worked: Worked, base_url: str, model: str, profile: Profile, stack: ExitStack) -> dict[str, Reader]:
    schema = worked.load()
    asked = {"base_url": base_url, "model": model, "profile": profile, "temperature": 0.0, "jobs": 1, "timeout_s": 600.0}
    extractor = stack.enter_context(Extractor(Settings.model_validate({**asked, "cache": CachePolicy.OFF}), schema=schema))
    plain = Plain(schema, base_url, model)
    return {
        "llm-extract": lambda given: [record.value for record in extractor.extract(given.article).records],
        "instructor": lambda given: plain.read(given.article.text, str(given.article.published)),
    }


def _contest(worked: Worked, readers: Mapping[str, Reader], proxy: CountingProxy, output: Path) -> list[Row]:
    """Have both read all articles of a schema, the first of one article being the second of the next."""
    schema = worked.load()
    rows = {(name, dev): Row(schema, name, dev=dev) for name in readers for dev in (True, False)}
    for number, given in enumerate(read(worked)):
        names = list(readers) if number % 2 == 0 else [*readers][::-1]
        for name in names:
            records, seconds, spent, failure = _turn(readers[name], given, proxy)
            rows[name, given.dev].count(given, records, seconds, spent, failed=bool(failure))
            found = json.dumps({"records": records}, indent=1, ensure_ascii=False) + "\n"
            _write(output / worked.name / name / f"{given.name}.json", found)
            typer.echo(f"{worked.name} {given.name:14} {name:12} {seconds:6.1f} s {spent.completion_tokens:5} tokens {failure}", err=True)
    return list(rows.values())


def _turn(reader: Reader, given: Annotated, proxy: CountingProxy) -> tuple[Records, float, Spent, str]:
    proxy.take()
    begun = time.perf_counter()
    records: Records = []
    failure = ""
    try:
        records = reader(given)
    except Exception as error:  # noqa: BLE001  whatever befalls an article is a failure in the table
        failure = " ".join(f"{type(error).__name__}: {error}".split())[:200]
    spent = proxy.take()
    return records, time.perf_counter() - begun, spent, failure


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from faults import refusal, serving
from news import good, write_articles
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from llm_extract import Extractor, tracing
from llm_extract.articles import find_articles
from llm_extract.corpus import RunOptions, process
from llm_extract.settings import Settings

KEY = "key-do-not-show-4711"


@pytest.fixture
def exporter(monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemorySpanExporter]:
    made, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(made))
    monkeypatch.setattr(trace, "get_tracer", provider.get_tracer)
    tracing._tracer.cache_clear()
    yield made
    tracing._tracer.cache_clear()
    provider.shutdown()


def _run(folder: Path, url: str) -> None:
    given = {"base_url": url, "api_key": KEY, "model": "tiny", "max_retries": 1, "max_wait_s": 0.0, "cache_dir": folder / "cache"}
    process(Extractor(Settings.model_validate(given)), find_articles([folder / "news"]), folder / "r.jsonl", RunOptions(jobs=2))


def test_each_article_has_a_span_and_in_it_each_request(tmp_path: Path, exporter: InMemorySpanExporter) -> None:
    names = write_articles(tmp_path / "news", 2)
    with serving(by=good) as server:
        _run(tmp_path, server.url)
    spans: list[ReadableSpan] = list(exporter.get_finished_spans())
    articles = {span.context.span_id: span for span in spans if span.name == "article" and span.context}
    chats = [span for span in spans if span.name == "chat"]
    assert sorted(str((span.attributes or {})["article"]) for span in articles.values()) == names
    assert len(chats) == len(server.received) == 4
    assert all(span.parent and span.parent.span_id in articles for span in chats)
    assert {tuple(sorted((span.attributes or {}).items())) for span in chats} == {
        (("gen_ai.operation.name", "chat"), ("gen_ai.request.model", "tiny"))
    }


def test_no_span_holds_the_text_or_the_key(tmp_path: Path, exporter: InMemorySpanExporter) -> None:
    write_articles(tmp_path / "news", 1)
    with serving(refusal(500, message=f"Bearer {KEY} Lindqvist")) as server:
        _run(tmp_path, server.url)
    spans = exporter.get_finished_spans()
    told = [(span.name, (span.attributes or {}).get("error.type"), span.status.is_ok) for span in spans]
    failed = "InternalServerError"
    assert told == [("chat", failed, False), ("chat", failed, False), ("article", "ModelOverloadedError", False)]
    shown = "".join(span.to_json() for span in spans)
    assert "Petrova" not in shown
    assert KEY not in shown


def test_without_the_package_a_span_does_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry", None)
    tracing._tracer.cache_clear()
    with tracing.span("article", article="a") as nothing:
        assert nothing is None
    tracing._tracer.cache_clear()


@pytest.mark.parametrize(("before", "told"), [("", "False"), ("import opentelemetry.trace", "True")])
def test_the_package_is_imported_only_where_somebody_uses_it(before: str, told: str) -> None:
    script = f"""
import sys
{before}
from llm_extract import tracing
with tracing.span("article", article="a"):
    print("opentelemetry.trace" in sys.modules, tracing._tracer.cache_info().currsize)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=Path(__file__).parent.parent)
    assert done.stdout.split() == [told, "1" if before else "0"]

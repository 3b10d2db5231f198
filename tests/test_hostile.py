"""Articles that mean harm go through everything that needs no model, and through a run with one that answers."""

from __future__ import annotations

import json
from pathlib import Path

import hostile
import pytest
from faults import completion, serving
from test_extractor import assert_sound, at

from llm_extract import Extractor
from llm_extract.articles import find_articles
from llm_extract.numbering import number
from llm_extract.schema import Article
from llm_extract.visible import visible

MOST_CHARS = 15_000  # of a text that goes through a whole run here: the finders take longer over some of the longer ones


@pytest.mark.parametrize("name", hostile.TEXTS)
def test_a_hostile_text_is_numbered_on_exact_spans(name: str) -> None:
    article = Article(text=hostile.TEXTS[name])
    numbered = number(article)
    for start, end in [(part.start, part.end) for part in numbered.sentences] + [(part.start, part.end) for part in numbered.quotations]:
        assert article.span(start, end).text == article.text[start:end]
    ends = [sentence.end for sentence in numbered.sentences]
    assert all(end <= sentence.start for end, sentence in zip(ends, numbered.sentences[1:], strict=False))
    assert len({sentence.number for sentence in numbered.sentences}) == len(numbered.sentences)


@pytest.mark.parametrize("task", ["meetings", "quotes"])
@pytest.mark.parametrize("name", [name for name, text in hostile.TEXTS.items() if len(text) < MOST_CHARS])
def test_a_hostile_text_goes_through_a_run_as_data(name: str, task: str) -> None:
    text = hostile.TEXTS[name]
    answer = completion('{"records": []}')
    with serving(answer) as server, Extractor(at(server, indirect=True), tasks=(task,)) as extractor:
        found = extractor.extract(text, published="2024-05-14")
    assert found.text == text
    assert_sound(found, text)
    sent = "".join(message["content"] for received in server.received for message in received.messages)
    assert sent.count("{{ 7 * 7 }}") >= (name == "templates")


@pytest.mark.parametrize("form", ["jsonl", "files"])
def test_a_hostile_text_is_read_as_it_is(tmp_path: Path, form: str) -> None:
    texts = {name.replace(" ", "-"): text for name, text in hostile.TEXTS.items()}
    if form == "files":
        for name, text in texts.items():
            (tmp_path / f"{name}.txt").write_bytes(text.encode())
        sources = list(find_articles([tmp_path]))
    else:
        lines = (json.dumps({"id": name, "text": text}) + "\n" for name, text in texts.items())
        (tmp_path / "a.jsonl").write_text("".join(lines))
        sources = list(find_articles([tmp_path / "a.jsonl"]))
    assert {source.id: source.read().text for source in sources} == texts


def test_a_hostile_id_is_data_and_is_shown_on_one_line_without_escapes(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps({"id": identifier, "text": "The ministers met."}) + "\n" for identifier in hostile.IDS))
    assert [source.read().id for source in find_articles([path])] == list(hostile.IDS)
    shown = "".join(visible(identifier) for identifier in hostile.IDS)
    assert not {"\x1b", "\n", "\x07", "\u202e"} & {*shown}

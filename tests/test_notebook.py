from __future__ import annotations

from html.parser import HTMLParser

import pytest
from gold_results import gold_results
from record_samples import protests
from test_export import extraction

from llm_extract.across import merge
from llm_extract.notebook import dossier_html, extraction_html
from llm_extract.schema import Extraction, ExtractionWarning, Party

ATTACK = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&\0"


class _Reader(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.words: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def _attacked() -> Extraction:
    result = extraction(ATTACK, title=ATTACK, source=ATTACK)
    meeting = result.meetings[0].model_copy(update={"participants": (Party(name=ATTACK),)})
    quote = result.quotes[0].model_copy(update={"speaker": Party(name=ATTACK)})
    warning = ExtractionWarning(code="x", message=ATTACK)
    return result.model_copy(update={"meetings": (meeting,), "quotes": (quote,), "model": ATTACK, "warnings": (warning,)})


def test_a_result_shows_its_meetings_and_quotes() -> None:
    words = _Reader(extraction()._repr_html_()).words
    for expected in ("talks", "2024-05-06", "Ann Lee", "Bo Kim", "held", "Oslo", "Ann Lee confirms", "We agree, […] For now.", "1 meeting"):
        assert expected in words


def test_a_dossier_shows_each_meeting_with_its_history() -> None:
    reader = _Reader(merge(gold_results())._repr_html_())
    assert "2018-11-06 cancelled" in reader.words
    assert reader.open == []


@pytest.mark.parametrize("html", [extraction_html(_attacked()), dossier_html(merge([_attacked()]))])
def test_what_comes_from_an_article_stays_text(html: str) -> None:
    reader = _Reader(html)
    assert reader.tags <= {"div", "strong", "small", "bdi", "table", "caption", "thead", "tbody", "tr", "th", "td", "br"}
    assert reader.attributes <= {"style", "scope"}
    assert reader.open == []
    assert ATTACK.replace("\0", "�") in reader.words
    assert "\0" not in html


def test_of_many_rows_the_first_are_shown_and_the_others_counted() -> None:
    result = extraction()
    many = result.model_copy(update={"quotes": result.quotes * 250})
    html = extraction_html(many)
    assert "… and 150 more" in html
    assert html.count("We agree,") == 100


def test_nothing_found_is_said() -> None:
    words = _Reader(extraction_html(Extraction(article=extraction().article, model="m"))).words
    assert {"No meetings", "No quotes"} <= set(words)


def test_records_have_a_table_for_each_schema_without_a_word_of_meetings() -> None:
    html = extraction_html(protests())
    read = _Reader(html)
    assert [part for part in ("protest", "1 record", "300", "Riga", "Jan Berg") if part not in " ".join(read.words)] == []
    assert "No meetings" not in html
    assert "No records" in extraction_html(protests(values=[]))


def test_nothing_in_a_record_is_markup() -> None:
    html = extraction_html(protests(values=[{ATTACK: ATTACK, "list": [ATTACK, {ATTACK: ATTACK}]}], kind=ATTACK))
    assert not {"script", "img"} & _Reader(html).tags

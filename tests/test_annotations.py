from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from gold_results import gold_results
from record_samples import protests
from test_export import TEXT, extraction

from llm_extract.across import merge
from llm_extract.annotations import annotation_lines
from llm_extract.dossier import Dossier
from llm_extract.errors import OutputError
from llm_extract.parts import of_result
from llm_extract.schema import Extraction


def _with_text(identifier: str = "talks") -> Extraction:
    return extraction(identifier).model_copy(update={"text": TEXT})


def _document(results: Dossier | list[Extraction]) -> Any:  # noqa: ANN401  JSON
    return json.loads(b"".join(annotation_lines(results)))


def test_there_is_an_annotation_for_each_span_of_a_collection_of_one_page() -> None:
    document = _document([_with_text("a"), _with_text("b")])
    items = document["first"]["items"]
    count = 2 * len(list(of_result(_with_text().meetings, _with_text().quotes)))
    assert (document["@context"], document["type"], document["total"]) == (
        "http://www.w3.org/ns/anno.jsonld",
        "AnnotationCollection",
        count,
    )
    assert (document["first"]["type"], len(items), len({item["id"] for item in items})) == ("AnnotationPage", count, count)


def test_both_selectors_lead_to_the_same_characters_of_the_text() -> None:
    found = []
    for item in _document([_with_text()])["first"]["items"]:
        position, quote = item["target"]["selector"]
        found.append(TEXT[position["start"] : position["end"]] == quote["exact"])
        assert quote["prefix"] + quote["exact"] + quote["suffix"] in TEXT
        assert TEXT[: position["start"]].endswith(quote["prefix"])
    assert all(found)


def test_an_annotation_says_what_the_span_is_and_whose() -> None:
    bodies = [[body["value"] for body in item["body"]] for item in _document([_with_text()])["first"]["items"]]
    assert ["place", "M1", "held encounter, 2024-05-06, Ann Lee; Bo Kim"] in bodies
    assert ["segment", "Q1", "direct, Ann Lee"] in bodies


def test_a_text_is_named_by_its_digest() -> None:
    source = _document([_with_text()])["first"]["items"][0]["target"]["source"]
    digest = source["id"].removeprefix("ni:///sha-256;")
    import base64

    assert base64.urlsafe_b64decode(digest + "=").hex() == hashlib.sha256(TEXT.encode()).hexdigest()


def test_without_the_text_an_annotation_has_no_words_around_it() -> None:
    quote = _document([extraction()])["first"]["items"][0]["target"]["selector"][1]
    assert set(quote) == {"type", "exact"}


def test_the_mentions_of_a_dossier_are_annotated() -> None:
    results = gold_results()
    spans = sum(len(list(of_result(result.meetings, ()))) for result in results)
    assert _document(merge(results))["total"] == spans


def test_no_results_are_an_empty_collection() -> None:
    assert _document([])["first"]["items"] == []


def test_a_span_that_is_not_what_stands_there_is_an_error() -> None:
    with pytest.raises(OutputError, match="The span from 0 to 37 is not what stands there in the article 'talks'"):
        _document([extraction().model_copy(update={"text": "Something else"})])


def test_an_article_without_a_digest_is_an_error() -> None:
    result = extraction()
    nameless = result.model_copy(update={"article": result.article.model_copy(update={"sha256": "x"})})
    with pytest.raises(OutputError, match="'talks' has no SHA-256"):
        _document([nameless])


def test_every_slice_of_a_record_has_an_annotation_that_says_where_in_the_record_it_stands() -> None:
    result = protests()
    items = _document([result])["first"]["items"]
    assert len({item["id"] for item in items}) == len(items) == len(list(of_result((), (), result.records)))
    bodies = {body[0]["value"]: (body[1]["value"], item["target"]["selector"][1]["exact"]) for item in items for body in [item["body"]]}
    assert bodies["venue.city"] == ("R1", "Riga")
    assert bodies["organisers[1].mention"] == ("R1", "Jan Berg")
    assert {"evidence", "size.evidence[0]", "demands[1]", "arrests[0].place", "reported", "leader.mention"} < {*bodies}

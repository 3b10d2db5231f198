"""Descriptions and pronouns are tied to the people whom they mean."""

from __future__ import annotations

import pytest

from llm_extract.clauses import Area
from llm_extract.reading import Prepared
from llm_extract.referents import Referents
from llm_extract.schema import Article


def _referents(text: str) -> Referents:
    prepared = Prepared(Article(text=text))
    mentions = prepared.mentions

    def people(start: int, end: int) -> list[Area]:
        full = [mentions.fullest(m) for m in mentions.within(start, end)]
        return list(dict.fromkeys((m.start, m.end) for m in full if mentions.is_person(m)))

    return Referents(prepared.numbered, prepared.masked, mentions, people)


def _names(text: str, areas: list[Area]) -> list[str]:
    return [text[slice(*area)] for area in areas]


@pytest.mark.parametrize(
    ("text", "pronoun", "name"),
    [
        ("Ana Petrova left Boris Lang in Oslo. She met Kofi Asante.", "She", "Ana Petrova"),
        ("Ana Petrova left. She flew to Kofi Asante. She met Boris Lang.", "She", "Ana Petrova"),
        ("Ana Petrova praised Boris Lang before leaving for Kiel, where she met Kofi Asante.", "she", "Ana Petrova"),
    ],
)
def test_a_pronoun_means_the_subject_told_of_before(text: str, pronoun: str, name: str) -> None:
    referents = _referents(text)
    sentence = referents.article.sentences[-1]
    assert _names(text, referents.by_pronoun(sentence, text.rindex(pronoun), pronoun)) == [name]


@pytest.mark.parametrize(
    ("country", "office", "name"),
    [("Norvik", "president", ["Boris Lang"]), ("Norvik's", "minister", ["Kofi Asante"]), ("Lima", "president", [])],
)
def test_the_office_and_the_country_tell_who_is_meant(country: str, office: str, name: list[str]) -> None:
    text = "Norvik President Boris Lang and Norvikian minister Kofi Asante slept."
    assert _names(text, _referents(text).counterpart(country, offices=(office,))) == name


def test_him_is_the_subject_where_somebody_else_acts() -> None:
    text = "Boris Lang flew to Lima, where Ana Petrova received him."
    referents = _referents(text)
    assert _names(text, referents.him(referents.article.sentences[0], text.index("him"))) == ["Boris Lang"]

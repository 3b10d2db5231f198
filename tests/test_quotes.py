"""The reader for quotes, with the local profile: grammar first, the model for what it leaves open."""

from __future__ import annotations

import pytest
from pydantic import BaseModel

from llm_extract.quotes import read_quotes
from llm_extract.reading import Prepared, Question, QuoteReading
from llm_extract.schema import Article
from llm_extract.settings import Profile

pytestmark = pytest.mark.anyio


class _Asked:
    """Answers which pronoun a name goes by, from a list, and keeps the names."""

    def __init__(self, women: tuple[str, ...] = ()) -> None:
        self.names: list[str] = []
        self._women = women

    async def __call__(self, question: Question[BaseModel], /) -> BaseModel:
        name = str(question.variables["name"])
        self.names.append(name)
        return question.answer.model_validate({"pronoun": "she" if name in self._women else "he"})


async def _read(text: str, asked: _Asked | None = None) -> list[QuoteReading]:
    return await read_quotes(Prepared(Article(text=text)), asked or _Asked(), Profile.LOCAL)  # type: ignore[arg-type]  # one answer form is enough here


async def test_a_named_speaker_costs_no_question() -> None:
    asked = _Asked()
    (reading,) = await _read("“Yes,” said Ana Petrova.", asked)
    assert (reading.speaker, asked.names) == ("Ana Petrova", [])


async def test_she_is_the_likeliest_candidate_whom_the_model_calls_she() -> None:
    asked = _Asked(women=("Ana Petrova",))
    (reading,) = await _read("Boris Li met Ana Petrova. “Yes,” she said.", asked)
    assert reading.speaker == "Ana Petrova"


async def test_a_name_is_asked_about_once() -> None:
    asked = _Asked(women=("Ana Petrova",))
    await _read("Boris Li met Ana Petrova. “Yes,” she said.\n\nBoris Li saw Ana Petrova. “No,” she said.", asked)
    assert len(asked.names) == len(set(asked.names))


async def test_terms_and_titles_give_no_quote() -> None:
    assert await _read("The group, known as “the Shadows”, has 40 members.") == []


async def test_the_cue_is_the_verb_of_speech() -> None:
    text = "“Yes,” said Ana Petrova."
    (reading,) = await _read(text)
    assert reading.cue is not None
    assert text[slice(*reading.cue)] == "said"


@pytest.mark.parametrize(
    ("text", "addressee"),
    [
        ("“No,” Ana Petrova told reporters in Oslo.", "reporters"),
        ("Ana Petrova told TASS the deal was “dead”.", "TASS"),
        ("Ana Petrova told the BBC’s Sunday programme that it was “dead”.", "BBC"),
        ("Ana Petrova told Boris Li that the deal was “dead”.", "Boris Li"),
        ("In an interview with Radio Norte, Ana Petrova said it was “dead”.", "Radio Norte"),
        ("Ana Petrova, speaking to reporters in Oslo, said it was “dead”.", "reporters"),
        ("“No,” Ana Petrova wrote on Twitter.", "Twitter"),
        ("“No,” she told him. Ana Petrova was clear.", None),
        ("Ana Petrova said it was “dead”.", None),
        ("It is “dead”. Ana Petrova left.", None),
    ],
)
async def test_the_addressee_is_whoever_was_told_or_the_medium(text: str, addressee: str | None) -> None:
    (reading,) = await _read(text)
    assert reading.addressee == addressee


async def test_every_addressee_stands_in_the_text() -> None:
    text = "“No,” Ana Petrova told a crowd of supporters. “Yes,” Boris Li told state-run Radio Norte."
    for reading in await _read(text):
        assert reading.addressee
        assert reading.addressee in text

"""The public functions, from the article to the result, against a real server on loopback."""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import datetime as dt
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import anyio
import pytest
import tiny_gguf
from faults import FaultServer, Reply, completion, refusal, serving
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, SecretStr

import llm_extract
from llm_extract import Extractor, aextract_meetings, aextract_quotes, extract_meetings, extract_quotes, replay
from llm_extract.errors import (
    ArticleError,
    LlmExtractError,
    ModelRefusedError,
    ModelUnavailableError,
    ReplayError,
    SettingError,
    UnusableAnswerError,
)
from llm_extract.schema import Article, Extraction, Span
from llm_extract.settings import EMBEDDED_MODEL, CachePolicy, Settings

ROOT = Path(__file__).parent.parent

TEXT = (
    "Foreign Minister Ana Petrova will meet Boris Li in Sofia on Friday, her office said.\n\n"
    "“We agree on most of it,” Petrova said on Tuesday. Li called the plan “not at all serious”.\n"
)
MEETING = {
    "participants": ["Ana Petrova", "Boris Li"],
    "status": "planned",
    "kind": "in_person",
    "when": "Friday",
    "place": "Sofia",
    "event": None,
    "topics": [],
    "claims": [{"by": "Petrova", "stance": "confirms", "evidence": 1}],
    "evidence": [1],
}
MEETINGS = completion(json.dumps({"records": [MEETING]}))
QUOTES = completion(
    json.dumps(
        {
            "records": [
                {"segments": [1], "speaker": "Petrova", "addressee": None},
                {"segments": [2], "speaker": "Boris Li", "addressee": None},
            ]
        }
    )
)
NOBODYS = completion('{"records": []}')


@pytest.fixture
def server() -> Iterator[FaultServer]:
    """A model that answers about the meetings first, then about the quotes."""
    with serving(MEETINGS, QUOTES) as running:
        yield running


def at(server: FaultServer, **changes: object) -> Settings:
    """Return settings for a hosted model at the server that neither wait nor keep answers."""
    given_ = {"base_url": server.url, "model": "big", "max_wait_s": 0.0, "max_retries": 0, "max_reasks": 0, "cache": CachePolicy.OFF}
    return Settings.model_validate({**given_, **changes})


def spans_in(found: object) -> Iterator[Span]:
    """Yield every span of a result, however deep."""
    if isinstance(found, Span):
        yield found
    elif isinstance(found, Mapping):
        for part in found.values():
            yield from spans_in(part)
    elif isinstance(found, Sequence) and not isinstance(found, str):
        for part in found:
            yield from spans_in(part)
    elif isinstance(found, BaseModel):
        yield from spans_in(vars(found))


def assert_sound(extraction: Extraction, text: str) -> None:
    """Check what holds for every result."""
    assert all(text[span.start : span.end] == span.text for span in spans_in(extraction))
    assert Extraction.model_validate_json(extraction.model_dump_json()) == extraction


class TestResult:
    def test_an_article_becomes_meetings_and_quotes_on_exact_spans(self, server: FaultServer) -> None:
        with Extractor(at(server)) as extractor:
            found = extractor.extract(Article(text=TEXT, id="a1", published=dt.date(2024, 5, 14), source="Daily"))
        assert_sound(found, TEXT)
        assert (found.article.id, found.article.source, found.model) == ("a1", "Daily", "big")
        (meeting,) = found.meetings
        assert [(party.name, party.role) for party in meeting.participants] == [("Ana Petrova", "Foreign Minister"), ("Boris Li", None)]
        assert (meeting.date, meeting.place and meeting.place.text) == ("2024-05-17", "Sofia")
        assert meeting.claims[0].by.name == "Ana Petrova"
        assert meeting.evidence[0].text == TEXT.split("\n", maxsplit=1)[0]
        assert [(quote.segments[0].text, quote.speaker and quote.speaker.name) for quote in found.quotes] == [
            ("We agree on most of it,", "Ana Petrova"),
            ("not at all serious", "Boris Li"),
        ]
        assert all(quote.cue and TEXT[quote.cue.start : quote.cue.end].isalpha() for quote in found.quotes)
        assert found.prompts == {"meetings_hosted": "1", "quotes_hosted": "1"}
        assert (found.usage.requests, found.usage.prompt_tokens, found.usage.completion_tokens) == (2, 20, 10)
        assert found.warnings == ()

    def test_a_result_carries_the_text_that_its_offsets_refer_to_unless_it_is_to_be_left_out(self, server: FaultServer) -> None:
        with Extractor(at(server)) as extractor:
            assert extractor.extract(TEXT).text == TEXT
        with serving(MEETINGS, QUOTES) as other, Extractor(at(other, keep_text=False)) as extractor:
            assert extractor.extract(TEXT).text is None

    def test_the_same_article_gives_the_same_bytes_from_model_and_cache(self, server: FaultServer, tmp_path: Path) -> None:
        kept = at(server, cache=CachePolicy.USE, cache_dir=tmp_path)
        with Extractor(kept) as one:
            first = one.extract(TEXT, published="2024-05-14").model_dump_json()
            second = one.extract(TEXT, published="2024-05-14").model_dump_json()
            assert one.from_cache == 1
        with Extractor(kept) as other:
            third = other.extract(Article(text=TEXT, published=dt.date(2024, 5, 14))).model_dump_json()
            assert (other.spent.requests, other.from_cache) == (0, 1)
        assert first == second == third
        assert len(server.received) == 2

    def test_the_same_bytes_come_in_a_process_of_another_hash_seed_without_what_asks_a_model(
        self, server: FaultServer, tmp_path: Path
    ) -> None:
        kept = at(server, cache=CachePolicy.USE, cache_dir=tmp_path)
        with Extractor(kept) as extractor:
            here = extractor.extract(TEXT).model_dump_json()
        unneeded = {"openai", "instructor", "jinja2", "tomllib", "vcr", "llm_extract.client", "llm_extract.local", "llm_extract.pipeline"}
        code = (
            "import sys; from llm_extract import Extractor, Settings\n"
            f"e = Extractor(Settings(base_url={server.url!r}, model='big', max_wait_s=0, cache_dir={str(tmp_path)!r}))\n"
            f"print(e.extract({TEXT!r}).model_dump_json()); print(sorted({unneeded} & set(sys.modules)), file=sys.stderr)"
        )
        for seed in ("1", "2"):
            told = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, cwd=ROOT, env={"PYTHONHASHSEED": seed})
            assert told.stdout.decode().strip() == here
            assert told.stderr.decode().strip() == "[]"
        assert len(server.received) == 2

    @given(st.text(st.sampled_from("Ana Li met. said “”\"'’«»()\n\r\t\u00a0\u2028e\u0301🙂ß İﬁ{{}}%x«Q1»[S1]"), max_size=200))
    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_spans_are_exact_and_results_readable_for_any_text(self, text: str) -> None:
        if not text.strip():
            return
        meeting = {**MEETING, "participants": ["Ana", text[:5], "Nobody"]}
        answers = {
            "quotes": {"records": [{"segments": [1], "speaker": text[:9], "addressee": "Li"}]},
            "meetings": {"records": [meeting]},
        }
        for task, answer in answers.items():
            with (
                serving(completion(json.dumps(answer))) as server,
                Extractor(at(server), tasks=[task]) as extractor,
                contextlib.suppress(UnusableAnswerError),  # no such sentence or quotation in this text
            ):
                assert_sound(extractor.extract(text), text)

    @pytest.mark.parametrize("given_", ["2024-05-14", dt.date(2024, 5, 14), dt.datetime(2024, 5, 14, 23, tzinfo=dt.UTC)])
    def test_a_day_of_publication_that_is_given_comes_before_the_articles_own(self, server: FaultServer, given_: str | dt.date) -> None:
        with Extractor(at(server)) as extractor:
            found = extractor.extract(Article(text=TEXT, published=dt.date(2020, 1, 1)), published=given_)
        assert found.article.published == dt.date(2024, 5, 14)
        assert found.meetings[0].date == "2024-05-17"
        assert_sound(found, TEXT)

    def test_the_articles_own_day_comes_before_its_dateline_and_the_dateline_before_none(self) -> None:
        dated = "SOFIA, May 14, 2024 — Nobody met.\n"
        with serving(completion('{"records": []}')) as server, Extractor(at(server), tasks=("meetings",)) as extractor:
            assert extractor.extract(Article(text=dated, published=dt.date(2020, 1, 1))).article.published == dt.date(2020, 1, 1)
            assert extractor.extract(dated).article.published == dt.date(2024, 5, 14)
            assert extractor.extract("Nobody met.").article.published is None


class TestTasks:
    @pytest.mark.parametrize("tasks", [("quotes",), ["quotes"], {"quotes"}, "quotes"])
    def test_only_what_is_asked_for_is_looked_for(self, tasks: Sequence[str]) -> None:
        with serving(QUOTES) as server, Extractor(at(server), tasks=tasks) as extractor:
            found = extractor.extract(TEXT)
        assert (len(found.quotes), found.meetings, set(found.prompts)) == (2, (), {"quotes_hosted"})
        assert len(server.received) == 1

    @pytest.mark.parametrize(("tasks", "words"), [(("quotes", "dates"), "no task 'dates'"), ((), "nothing to find")])
    def test_an_unknown_task_or_none_is_an_error_that_names_the_known_ones(self, tasks: tuple[str, ...], words: str) -> None:
        with pytest.raises(SettingError, match=rf"{words}.*meetings, quotes"):
            Extractor(Settings(), tasks=tasks)

    def test_the_four_functions_agree(self) -> None:
        with serving(MEETINGS) as server:
            meetings = extract_meetings(TEXT, published="2024-05-14", settings=at(server))
            assert asyncio.run(aextract_meetings(TEXT, published="2024-05-14", settings=at(server))) == meetings
        with serving(QUOTES) as server:
            quotes = extract_quotes(TEXT, settings=at(server))
            assert asyncio.run(aextract_quotes(TEXT, settings=at(server))) == quotes
        assert [len(meetings), len(quotes)] == [1, 2]

    def test_settings_come_from_the_environment_where_none_are_given(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        with serving(QUOTES) as server:
            monkeypatch.setenv("OPENAI_BASE_URL", server.url)
            monkeypatch.setenv("LLM_EXTRACT_CACHE_DIR", str(tmp_path))
            assert len(extract_quotes(TEXT)) == 2


class TestBadInput:
    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("", "has no text"),
            (" \n\u00a0", "has no text"),
            ("word " * 1_000_001, "5,000,005 characters"),
            ("half \ud83d a smile", "half a character at offset 5"),
        ],
    )
    def test_a_text_that_is_no_article_is_an_error_before_anything_is_sent(self, server: FaultServer, text: str, words: str) -> None:
        with Extractor(at(server)) as extractor, pytest.raises(ArticleError, match=words):
            extractor.extract(text)
        assert server.received == []

    def test_a_day_that_is_none_is_an_error(self, server: FaultServer) -> None:
        with Extractor(at(server)) as extractor, pytest.raises(SettingError, match=r"'May 14'.*2024-05-31"):
            extractor.extract(TEXT, published="May 14")

    @pytest.mark.parametrize(
        ("reply", "kind"),
        [
            (completion("They will meet in Sofia."), UnusableAnswerError),
            (completion('{"records": [{"parti'), UnusableAnswerError),
            (completion('{"meetings": ["', finish_reason="length"), UnusableAnswerError),
            (completion(""), UnusableAnswerError),
            (completion(json.dumps({"records": [{**MEETING, "evidence": [99]}]})), UnusableAnswerError),
            (completion(None, refusal="I can't."), ModelRefusedError),
            (refusal(401), ModelUnavailableError),
            (Reply(hangs=True), LlmExtractError),
        ],
    )
    def test_what_goes_wrong_names_the_article_and_the_extractor_goes_on(self, reply: Reply, kind: type[LlmExtractError]) -> None:
        with serving(reply, MEETINGS, QUOTES) as server, Extractor(at(server, timeout_s=0.3)) as extractor:
            with pytest.raises(kind, match="Article a7") as caught:
                extractor.extract(Article(text=TEXT, id="a7"))
            assert caught.value.remedy
            assert len(extractor.extract(TEXT).quotes) == 2


class TestLifecycle:
    def test_closing_twice_or_unused_does_nothing(self, server: FaultServer) -> None:
        extractor = Extractor(at(server))
        extractor.close()
        extractor.extract(TEXT)
        extractor.close()
        extractor.close()
        asyncio.run(extractor.aclose())

    def test_use_after_closing_opens_it_again_and_its_counts_go_on(self) -> None:
        with serving(QUOTES) as server, Extractor(at(server), tasks=("quotes",)) as extractor:
            first = extractor.extract(TEXT)
            extractor.close()
            assert extractor.extract(TEXT) == first
            assert extractor.spent.requests == 2

    def test_a_process_ends_though_nobody_closed_the_extractor(self, server: FaultServer) -> None:
        code = (
            "from llm_extract import Extractor, Settings\n"
            f"e = Extractor(Settings(base_url={server.url!r}, model='big', cache='off'))\n"
            f"print(len(e.extract({TEXT!r}).quotes))\n"
        )
        told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30, cwd=ROOT, check=False)
        assert (told.returncode, told.stdout, told.stderr) == (0, "2\n", "")

    def test_ctrl_c_in_a_synchronous_call_stops_the_request_and_ends_the_process(self) -> None:
        code = (
            "import signal, sys, threading; from llm_extract import Extractor, Settings\n"
            "e = Extractor(Settings(base_url=sys.argv[1], model='big', cache='off'))\n"
            "try:\n    e.extract(sys.argv[2])\nexcept KeyboardInterrupt:\n    print('stopped')\n"
        )
        with serving(Reply(hangs=True)) as server:
            command = [sys.executable, "-c", code, server.url, TEXT]
            child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT)
            assert server.first.wait(20)
            child.send_signal(2)
            assert child.communicate(timeout=20) == ("stopped\n", "")

    def test_closing_ends_what_other_threads_still_ask(self) -> None:
        with serving(Reply(hangs=True)) as server, concurrent.futures.ThreadPoolExecutor(1) as pool:
            extractor = Extractor(at(server))
            asking = pool.submit(extractor.extract, TEXT)
            assert server.first.wait(20)
            extractor.close()
            with pytest.raises(concurrent.futures.CancelledError):
                asking.result(timeout=5)

    def test_threads_may_share_one_extractor(self) -> None:
        texts = [f"{TEXT}\nIt was day {number}.\n" for number in range(12)]
        with (
            serving(QUOTES) as server,
            Extractor(at(server), tasks=("quotes",)) as extractor,
            concurrent.futures.ThreadPoolExecutor(6) as pool,
        ):
            assert [len(found.quotes) for found in pool.map(extractor.extract, texts)] == [2] * 12
        assert len(server.received) == 12

    def test_a_cancelled_article_leaves_the_extractor_usable_and_closable(self) -> None:
        async def main(server: FaultServer) -> int:
            async with Extractor(at(server), tasks=("quotes",)) as extractor:
                with anyio.move_on_after(0.3):
                    await extractor.aextract(TEXT)
                return len((await extractor.aextract(TEXT)).quotes)

        with serving(Reply(hangs=True), QUOTES) as server:
            assert asyncio.run(main(server)) == 2


class TestLoops:
    def test_synchronous_functions_work_inside_a_running_event_loop(self, server: FaultServer) -> None:
        async def cell() -> Extraction:
            with Extractor(at(server)) as extractor:
                return extractor.extract(TEXT)

        assert len(asyncio.run(cell()).quotes) == 2

    def test_articles_in_work_at_once_give_what_they_give_one_by_one(self) -> None:
        texts = [f"{TEXT}\nIt was day {number}.\n" for number in range(8)]

        async def at_once(server: FaultServer) -> list[Extraction]:
            async with Extractor(at(server), tasks=("quotes",)) as extractor:
                return list(await asyncio.gather(*(extractor.aextract(text) for text in texts)))

        with serving(QUOTES) as server, Extractor(at(server), tasks=("quotes",)) as extractor:
            assert asyncio.run(at_once(server)) == [extractor.extract(text) for text in texts]

    def test_one_article_asked_for_many_times_at_once_is_sent_once(self) -> None:
        async def at_once(server: FaultServer) -> list[Extraction]:
            async with Extractor(at(server), tasks=("quotes",)) as extractor:
                return list(await asyncio.gather(*(extractor.aextract(TEXT) for _ in range(5))))

        with serving(QUOTES) as server:
            results = asyncio.run(at_once(server))
        assert len(server.received) == 1
        assert len({result.model_dump_json() for result in results}) == 1

    def test_an_extractor_goes_on_in_the_next_loop_when_the_first_has_ended(self) -> None:
        # In a process of its own: connections of a loop that has ended can't be closed any more, which asyncio remarks on.
        code = (
            "import asyncio, sys; from llm_extract import Extractor, Settings\n"
            "e = Extractor(Settings(base_url=sys.argv[1], model='big', cache='off', max_retries=0), tasks=['quotes'])\n"
            "print(len({asyncio.run(e.aextract(sys.argv[2])).model_dump_json() for _ in range(3)}))\n"
            "asyncio.run(e.aclose())\n"
        )
        with serving(QUOTES) as server:
            command = [sys.executable, "-c", code, server.url, TEXT]
            told = subprocess.run(command, capture_output=True, text=True, timeout=30, cwd=ROOT, check=False)
        assert (told.returncode, told.stdout, told.stderr) == (0, "1\n", "")

    def test_mixing_both_ways_of_use_is_a_clear_error_until_it_is_closed(self) -> None:
        async def main(extractor: Extractor) -> None:
            with pytest.raises(SettingError, match="another event loop"):
                await extractor.aextract(TEXT)
            await extractor.aclose()
            assert len((await extractor.aextract(TEXT)).quotes) == 2
            await extractor.aclose()

        with serving(QUOTES) as server:
            extractor = Extractor(at(server), tasks=("quotes",))
            extractor.extract(TEXT)
            asyncio.run(main(extractor))


def played(cassettes: Path) -> Settings:
    return Settings(model="big", base_url="http://elsewhere.invalid/v1", replay=cassettes)


class TestReplay:
    @pytest.fixture
    def cassettes(self, server: FaultServer, tmp_path: Path) -> Path:
        """A folder with the meetings of an article in one cassette and its quotes in another, below."""
        for task, name in (("meetings", "a.yaml"), ("quotes", "below/b.yaml")):
            with replay.recording(tmp_path / "tapes" / name), Extractor(at(server), tasks=[task]) as extractor:
                extractor.extract(TEXT)
        return tmp_path / "tapes"

    def test_a_folder_of_cassettes_answers_like_the_model(self, cassettes: Path, server: FaultServer, tmp_path: Path) -> None:
        sent = len(server.received)
        unused = tmp_path / "cache"
        with Extractor(played(cassettes).model_copy(update={"cache_dir": unused})) as extractor:
            found = extractor.extract(TEXT)
        assert (len(found.meetings), len(found.quotes)) == (1, 2)
        assert len(server.received) == sent
        assert not unused.exists()

    def test_a_changed_article_is_a_clear_error(self, cassettes: Path) -> None:
        with (
            Extractor(played(cassettes)) as extractor,
            pytest.raises(ReplayError, match="Record it again"),
        ):
            extractor.extract(TEXT + "More.")

    def test_two_may_replay_at_once_and_end_in_any_order(self, cassettes: Path, server: FaultServer) -> None:
        one, other = (Extractor(played(cassettes), tasks=("quotes",)) for _ in range(2))
        assert one.extract(TEXT) == other.extract(TEXT)
        one.close()
        assert other.extract(TEXT).quotes
        other.close()
        sent = len(server.received)
        with Extractor(at(server), tasks=("quotes",)) as live:
            live.extract(TEXT)
        assert len(server.received) == sent + 1

    def test_a_cassette_of_the_embedded_model_replays_whatever_key_is_in_the_environment(
        self, server: FaultServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = tmp_path / "embedded.yaml"
        server.script = [NOBODYS]
        as_embedded = at(server, model=None, profile="hosted", temperature=0.0, api_key=SecretStr("k"))
        monkeypatch.setattr("llm_extract.settings.DEFAULT_HOSTED_MODEL", EMBEDDED_MODEL)
        with replay.recording(path), Extractor(as_embedded, tasks=("quotes",)) as extractor:
            extractor.extract(TEXT)
        monkeypatch.undo()
        environment = {"OPENAI_API_KEY": "sk-1", "OPENAI_BASE_URL": "http://my.invalid/v1", "LLM_EXTRACT_MODEL": "mine"}
        with Extractor(Settings.load(environment, replay=path, profile="hosted"), tasks=("quotes",)) as extractor:
            assert extractor.extract(TEXT).model == EMBEDDED_MODEL


class TestEmbedded:
    def test_a_model_in_this_process_is_started_once_and_stops_with_the_extractor(self, tmp_path: Path) -> None:
        weights = tiny_gguf.write(tmp_path / "tiny.gguf")
        text = "Ana Petrova and Maria Dahl met. “We agree on most of it,” she said."

        def extract(extractor: Extractor, text: str) -> None:
            with contextlib.suppress(UnusableAnswerError):  # a model that knows nothing may ramble
                assert_sound(extractor.extract(text), text)

        with Extractor(Settings(model=str(weights), cache=CachePolicy.OFF, max_reasks=0), tasks=("quotes",)) as extractor:
            extract(extractor, text)
            assert extractor.spent.requests > 0
            server = extractor._server
            extract(extractor, text.replace("Maria", "Marta"))
            assert extractor._server is server is not None
        assert extractor._server is None
        assert server._engine is None

    def test_weights_that_do_not_exist_are_an_error_when_it_is_made(self) -> None:
        with pytest.raises(SettingError, match=r"no weights at .*none\.gguf"):
            Extractor(Settings(model="none.gguf"))


class TestImport:
    def test_importing_the_package_imports_nothing_heavy(self) -> None:
        heavy = {"pydantic", "openai", "instructor", "anyio", "jinja2", "diskcache", "xllamacpp", "vcr", "rich", "platformdirs"}
        code = f"import sys; before = set(sys.modules); import llm_extract; print(sorted({heavy} & (set(sys.modules) - before)))"
        told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
        assert told.stdout == "[]\n"

    def test_what_reads_articles_imports_neither_what_asks_hosted_models_nor_what_finds_indirect_speech(self) -> None:
        unneeded = {"llm_extract.hosted", "llm_extract.forms", "llm_extract.indirect", "llm_extract.reported"}
        code = f"import sys; import llm_extract.pipeline; print(sorted({unneeded} & set(sys.modules)))"
        told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
        assert told.stdout == "[]\n"

    def test_everything_exported_is_there_and_nothing_else_that_is_public(self) -> None:
        loaded: dict[str, Any] = {name: getattr(llm_extract, name) for name in llm_extract.__all__}
        assert sorted(llm_extract.__all__) == llm_extract.__all__
        assert all(value.__doc__ for value in loaded.values())
        assert set(llm_extract._HOMES) == set(llm_extract.__all__)
        assert set(llm_extract.__all__) <= set(dir(llm_extract))
        with pytest.raises(AttributeError, match="no attribute 'Extrator'"):
            getattr(llm_extract, "Extrator")  # noqa: B009  mypy would miss it


def test_a_limit_in_dollars_without_a_price_names_the_model_and_the_file_that_lacks_it(tmp_path: Path) -> None:
    prices = tmp_path / "prices.toml"
    prices.write_text('"other" = {input = 1, output = 2}\n')
    given = {"model": "no-such-model-at-all", "base_url": "http://127.0.0.1:9/v1", "api_key": "k", "max_cost": 1.0}
    with pytest.raises(SettingError, match=r"for the model no-such-model-at-all\. Give its price \(--prices FILE\)"):
        Extractor(Settings.model_validate(given))
    with pytest.raises(SettingError, match=r'prices\.toml what it costs: "no-such-model-at-all" = \{input'):
        Extractor(Settings.model_validate({**given, "prices": prices}))

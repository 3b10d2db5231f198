"""The answers on disk."""

from __future__ import annotations

import logging
import pickle
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from llm_extract.cache import AnswerCache, answer_key
from llm_extract.errors import CacheError
from llm_extract.settings import Endpoint, Mode, ModelChoice, Profile, Settings

CHOICE = ModelChoice("m", "m@host", Profile.HOSTED, None, 8, endpoint=Endpoint("http://host:1/v1", SecretStr("k1")))
MESSAGES = [{"role": "user", "content": "Who?"}]
FORM: dict[str, object] = {"properties": {"a": {}, "b": {}}}


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[AnswerCache]:
    with AnswerCache(tmp_path / "answers") as opened:
        yield opened


def a_key(choice: ModelChoice = CHOICE, *, form: dict[str, object] = FORM, max_tokens: int = 9, **changes: object) -> str:
    messages = changes.pop("messages", MESSAGES)
    assert isinstance(messages, list)
    return answer_key(choice, Settings.model_validate(changes), messages=messages, form=form, max_tokens=max_tokens)


def changed(**changes: Any) -> ModelChoice:  # noqa: ANN401
    from dataclasses import replace

    return replace(CHOICE, **changes)


def test_what_was_put_is_got_back_also_by_another_process_and_unaltered(cache: AnswerCache) -> None:
    data = bytes(range(256)) * 500
    cache.put("ab", data)
    with AnswerCache(cache.folder) as other:
        assert other.get("ab") == data
    code = "import pathlib, sys; from llm_extract.cache import AnswerCache as C; print(len(C(pathlib.Path(sys.argv[1])).get('ab')))"
    assert subprocess.run(
        [sys.executable, "-c", code, str(cache.folder)], capture_output=True, text=True, check=True
    ).stdout.strip() == str(len(data))


def test_what_was_never_put_is_a_miss(cache: AnswerCache) -> None:
    assert cache.get("ab") is None


def test_the_key_is_the_same_for_what_does_not_determine_the_answer() -> None:
    elsewhere = changed(endpoint=Endpoint("http://host:2/v1", SecretStr("k2")), jobs=1)
    assert a_key() == a_key(elsewhere) == a_key(max_retries=0, timeout_s=1.0, max_reasks=5)


def test_the_key_differs_for_whatever_determines_the_answer() -> None:
    keys = [
        a_key(),
        a_key(changed(identity="n@host")),
        a_key(changed(temperature=0.0)),
        a_key(messages=[{"role": "system", "content": "Who?"}]),
        a_key(messages=[{"role": "user", "content": "Wh"}, {"role": "user", "content": "o?"}]),
        a_key(form={"properties": {"b": {}, "a": {}}}),
        a_key(max_tokens=10),
        a_key(seed=1),
        a_key(mode=Mode.TOOLS),
    ]
    assert len(set(keys)) == len(keys)


def test_the_key_stays_what_it_was_in_earlier_versions() -> None:
    assert a_key() == "7ea1079e716f73ae9b28a6c46b33620307bbabb6052c986d703a766967bb7950"


def test_a_damaged_entry_is_a_miss_with_a_warning(cache: AnswerCache, caplog: pytest.LogCaptureFixture) -> None:
    cache.put("ab", b"good")
    with sqlite3.connect(cache.folder / "cache.db") as database:
        database.execute("update Cache set value = ?", (b"x" * 40,))
    database.close()
    assert cache.get("ab") is None
    assert "damaged" in caplog.text


def test_an_entry_under_a_wrong_key_is_a_miss(cache: AnswerCache) -> None:
    cache.put("ab", b"good")
    with sqlite3.connect(cache.folder / "cache.db") as database:
        database.execute("update Cache set key = 'cd'")
    database.close()
    assert cache.get("cd") is None


class Bomb:
    """Leaves a mark when unpickled."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[object, ...]:
        return (Path.touch, (self.mark,))


def test_a_pickle_in_a_foreign_folder_is_not_run(cache: AnswerCache, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    import diskcache

    mark = tmp_path / "ran"
    with diskcache.Cache(str(cache.folder)) as foreign:
        foreign.set("ab", Bomb(mark))
        foreign.set(("a", "key"), b"x")
    assert cache.get("ab") is None
    assert cache.info().answers == 2
    cache.clear()
    assert not mark.exists()
    assert "can't be read" in caplog.text
    assert pickle.dumps(Bomb(mark))


@pytest.mark.parametrize("mode", [2, 3, 4])
def test_a_file_named_by_a_foreign_database_is_neither_read_nor_deleted(cache: AnswerCache, tmp_path: Path, mode: int) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(b"mine")
    cache.put("ab", b"good")
    with sqlite3.connect(cache.folder / "cache.db") as database:
        database.execute("update Cache set mode = ?, filename = '../secret', value = null", (mode,))
    database.close()
    assert cache.get("ab") is None
    cache.put("ab", b"new")
    cache.clear()
    assert secret.read_bytes() == b"mine"


def test_a_file_that_is_no_database_is_set_aside(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "cache.db").write_bytes(b"no database at all, but long enough to be looked at" * 50)
    with AnswerCache(tmp_path) as cache:
        assert cache.get("ab") is None
        cache.put("ab", b"good")
        assert cache.get("ab") == b"good"
    assert (tmp_path / "cache.db.damaged").exists()
    assert "set aside" in caplog.text


def test_a_database_damaged_while_open_costs_a_warning_and_no_more(cache: AnswerCache, caplog: pytest.LogCaptureFixture) -> None:
    cache.put("ab", b"good")
    with sqlite3.connect(cache.folder / "cache.db") as database:
        database.execute("drop table Cache")
    database.close()
    assert cache.get("ab") is None
    cache.put("ab", b"again")
    assert [record.levelno for record in caplog.records] == [logging.WARNING] * 2


def test_a_folder_that_is_a_file_is_an_error_with_a_way_out(tmp_path: Path) -> None:
    (tmp_path / "answers").write_text("x")
    with pytest.raises(CacheError, match="--no-cache"):
        AnswerCache(tmp_path / "answers").get("ab")


def test_a_folder_that_can_not_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(CacheError, match="can't be used"):
        AnswerCache(tmp_path / "file" / "answers").put("ab", b"x")


def test_the_oldest_answers_go_when_the_limit_is_reached(tmp_path: Path) -> None:
    with AnswerCache(tmp_path, limit_bytes=2**20) as cache:
        for number in range(60):
            cache.put(f"{number}", bytes(50_000))
        assert cache.get("0") is None
        assert cache.get("59") is not None
        assert cache.info().size_bytes < 2 * 2**20


def test_looking_makes_no_folder(tmp_path: Path) -> None:
    cache = AnswerCache(tmp_path / "answers")
    assert (cache.info().answers, cache.clear()) == (0, 0)
    assert not cache.folder.exists()


def test_clearing_drops_and_counts_the_answers(cache: AnswerCache) -> None:
    cache.put("ab", b"1")
    cache.put("cd", b"2")
    assert (cache.clear(), cache.get("ab"), cache.info().answers) == (2, None, 0)


def test_many_threads_may_use_it_at_once(cache: AnswerCache) -> None:
    wrong: list[str] = []

    def work(number: int) -> None:
        for turn in range(10):
            key, data = f"{number}-{turn}", f"{number}{turn}".encode()
            cache.put(key, data)
            if cache.get(key) != data:
                wrong.append(key)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert cache.info().answers == 40


def test_it_lies_in_the_folder_that_the_settings_name(tmp_path: Path) -> None:
    cache = AnswerCache.of(Settings(cache_dir=tmp_path, cache_limit_bytes=2**21))
    assert (cache.folder, cache.limit_bytes) == (tmp_path / "answers", 2**21)

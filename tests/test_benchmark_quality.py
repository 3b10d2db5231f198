"""The benchmark counts what is spent, gives each contestant its turn, and writes what was measured."""

from __future__ import annotations

import datetime as dt
import http.client
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from faults import Reply, completion, refusal, serving
from pydantic import SecretStr

from benchmarks.quality import contest, table, task, with_instructor
from benchmarks.quality.contestants import CONTESTANTS, ROOT, Worker, WorkerEndedError, installed_python
from benchmarks.quality.counting import CountingProxy, Spent
from benchmarks.quality.worker import Answer, Task
from llm_extract.errors import ArticleError, ModelUnavailableError
from llm_extract.gold import Prediction
from llm_extract.schema import MeetingKind, MeetingStatus
from llm_extract.scoring import Measure, Tally
from llm_extract.settings import Endpoint

TEXT = "Ana Petrova met Boris Li in Sofia on Monday. “We agree,” Petrova said."
GOLD = {
    "quotes": [{"start": 46, "end": 55, "text": "We agree,", "speaker": "Ana Petrova"}],
    "meetings": [{"participants": ["Ana Petrova", "Boris Li"], "status": ["held"], "kind": ["in_person"], "place": ["Sofia"]}],
}
RIGHT: Answer = {
    "quotes": [{"start": 46, "end": 55, "text": "We agree,", "speaker": "Petrova"}],
    "meetings": [{"participants": ["Ana Petrova", "Boris Li"], "status": "held", "kind": "in_person", "place": "Sofia"}],
}
ABOUT = table.Circumstances("news", "tiny", "a server", "2 cores", {"ours": {"llm-extract": "9.9"}}, dt.date(2026, 11, 22))

# A worker as the contestants have them, which fails in its ways when an article says so.
WORKER = """
import os
from benchmarks.quality.worker import versions, work

def answer(task):
    print("noise")
    if "fail" in task.text:
        raise ValueError("no\\nJSON")
    if "die" in task.text:
        os._exit(3)
    return {"quotes": [{"text": task.text, "speaker": task.published}]}

work(answer, versions("pydantic"))
"""


@contextmanager
def proxied(*script: Reply) -> Iterator[tuple[CountingProxy, list[dict[str, str]]]]:
    """Put the proxy before a server that plays a script; yields it and the headers that the server gets."""
    received: list[dict[str, str]] = []
    with serving(*script) as server, CountingProxy(Endpoint(server.url, SecretStr("s3cret"))) as proxy:
        yield proxy, received
        received += [
            {name.lower(): value for name, value in request.headers.items()} | {"path": request.path} for request in server.received
        ]


def post(base_url: str) -> tuple[int, bytes]:
    """Ask for a completion."""
    place = urlsplit(base_url)
    connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=10)
    connection.request(
        "POST", f"{place.path}/chat/completions", b"{}", {"content-type": "application/json", "authorization": "Bearer none"}
    )
    reply = connection.getresponse()
    body = reply.read()
    connection.close()
    return reply.status, body


def test_the_tokens_of_every_answer_are_counted_and_the_answer_is_passed_on() -> None:
    answer = completion("yes")
    with proxied(answer) as (proxy, received):
        assert [post(proxy.base_url) for _ in range(3)] == [(200, answer.body)] * 3
        assert proxy.take() == Spent(requests=3, prompt_tokens=30, completion_tokens=15)
        assert proxy.take() == Spent()
    assert {(headers["path"], headers["authorization"]) for headers in received} == {("/v1/chat/completions", "Bearer s3cret")}


def test_an_answer_without_usage_counts_as_a_request_whose_cost_is_not_known() -> None:
    with proxied(refusal(500), Reply(body=b"no JSON")) as (proxy, _):
        assert [post(proxy.base_url)[0] for _ in range(2)] == [500, 200]
        assert proxy.take() == Spent(requests=2, uncounted=2)


def test_a_connection_that_breaks_is_an_answer_too() -> None:
    with proxied(Reply(body=b"x" * 100, sent_bytes=10)) as (proxy, _):
        assert post(proxy.base_url)[0] == 504
        assert proxy.take().uncounted == 1


def test_warming_the_server_is_not_counted_and_tells_when_it_does_not_answer() -> None:
    with proxied(completion("H"), refusal(404, message="no such model")) as (proxy, _):
        proxy.warm("tiny")
        with pytest.raises(ModelUnavailableError, match=r"'tiny': status 404.*no such model"):
            proxy.warm("tiny")
        assert proxy.take() == Spent()


def test_each_contestant_is_first_in_its_turn() -> None:
    assert [contest.order("abc", number) for number in range(4)] == [["a", "b", "c"], ["b", "c", "a"], ["c", "a", "b"], ["a", "b", "c"]]


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[Worker]:
    """A worker in a process of its own."""
    with Worker("test", [sys.executable, "-c", WORKER], tmp_path / "test.log") as started:
        yield started


def test_a_worker_answers_reports_its_failures_and_begins_again_after_its_end(worker: Worker) -> None:
    worker.start()
    assert set(worker.versions) == {"pydantic"}
    right = {"quotes": [{"text": "“Grüße”\n", "speaker": "2024-05-14"}]}
    assert worker.ask(Task("“Grüße”\n", "2024-05-14")) == right
    assert worker.ask(Task("fail")) == {"error": "ValueError: no JSON"}
    with pytest.raises(WorkerEndedError, match=r"test\.log"):
        worker.ask(Task("die"))
    assert worker.ask(Task("“Grüße”\n", "2024-05-14")) == right


def test_a_worker_gets_no_key_and_no_proxy_of_the_user(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("OPENAI_API_KEY", "LLM_EXTRACT_MODEL", "https_proxy"):
        monkeypatch.setenv(name, "mine")
    code = "import os; from benchmarks.quality.worker import work; work(lambda task: {'found': [*os.environ.values()].count('mine')}, {})"
    with Worker("test", [sys.executable, "-c", code], tmp_path / "test.log") as started:
        assert started.ask(Task("")) == {"found": 0}


class Scripted:
    """A contestant that answers from a script."""

    def __init__(self, name: str, *answers: Answer | WorkerEndedError) -> None:
        self.name = name
        self.asked: list[Task] = []
        self._answers = [*answers]

    def start(self) -> None:
        """Be ready."""

    def ask(self, task: Task) -> Answer:
        """Take the next answer."""
        self.asked.append(task)
        answer = self._answers.pop(0)
        if isinstance(answer, WorkerEndedError):
            raise answer
        return answer

    def take(self) -> Spent:
        """Say what was spent."""
        return Spent(1, 1_000, 100)


@pytest.fixture
def articles(tmp_path: Path) -> list[contest.Annotated]:
    """Two articles with gold; one without is left out."""
    for name in ("one", "two", "three"):
        (tmp_path / f"{name}.txt").write_text(TEXT, encoding="utf-8")
    for name in ("one", "two"):
        (tmp_path / f"{name}.json").write_text(json.dumps(GOLD), encoding="utf-8")
    (tmp_path / "metadata.csv").write_text("file,published\none.txt,2024-05-14\n", encoding="utf-8")
    return contest.annotated(tmp_path)


def test_articles_with_gold_are_read_with_their_day_of_publication(articles: list[contest.Annotated], tmp_path: Path) -> None:
    reader = Scripted("ours", RIGHT, RIGHT)
    assert [turn.article for turn in contest.run([reader], articles, reader)] == ["one", "two"]
    assert reader.asked == [Task(TEXT, "2024-05-14"), Task(TEXT)]
    (tmp_path / "empty").mkdir()
    with pytest.raises(ArticleError, match="has gold in"):
        contest.annotated(tmp_path, tmp_path / "empty")


def test_the_table_has_a_row_for_each_contestant_with_its_failures(articles: list[contest.Annotated]) -> None:
    ours = Scripted("ours", RIGHT, {**RIGHT, "lost": ["broken JSON"]})
    theirs = Scripted("theirs", WorkerEndedError("It ended."), {"quotes": [{"text": 3}]})
    turns = [*contest.run([ours, theirs], articles, ours)]
    assert [(turn.contestant, turn.article) for turn in turns] == [("ours", "one"), ("theirs", "one"), ("theirs", "two"), ("ours", "two")]
    rows = table.rows(turns, contest.scored(turns, articles))
    text = table.as_markdown(rows, ABOUT)
    lines = text.splitlines()
    assert lines[0] == (
        "|  | attributed F1 | meetings F1 | status | date | grounded | seconds | completion tokens | prompt tokens | failures |"
    )
    assert lines[2:4] == [
        "| ours | 1.00 | 1.00 | 1.00 | – | 1.00 | 0 | 200 | 2,000 | 1 part |",
        "| theirs | 0.00 | 0.00 | – | – | – | 0 | 200 | 2,000 | 2 articles |",
    ]
    assert "2026-11-22, 2 articles of `news`, tiny on a server, 2 cores." in lines
    assert "Versions: ours (llm-extract 9.9)." in lines
    assert [line for line in lines if line.startswith("- ")] == [
        "- ours: two, a part: broken JSON",
        "- theirs: one: It ended.",
        "- theirs: two: quotes.0.text: Input should be a valid string",
    ]


def test_what_cost_is_not_known_is_marked() -> None:
    turn = contest.Turn("ours", "one", Prediction(), seconds=1.6, spent=Spent(2, 7, 5, uncounted=1))
    row = table.Row("ours", {measure: Tally() for measure in Measure}, 1, turn.seconds, turn.spent, (), 0)
    assert "| 2 | ≥ 5 | ≥ 7 | none |" in table.as_markdown([row], ABOUT)


def test_the_json_has_every_measure_and_every_turn(articles: list[contest.Annotated]) -> None:
    ours = Scripted("ours", RIGHT, {"error": "none"})
    turns = [*contest.run([ours], articles, ours)]
    written = json.loads(table.as_json(table.rows(turns, contest.scored(turns, articles)), ABOUT, turns))
    (row,) = written["rows"]
    assert set(row["measures"]) == {*Measure}
    assert row["measures"]["attributed"] == {"value": pytest.approx(2 / 3), "right": 1, "spurious": 0, "missed": 1}
    assert [(turn["article"], turn["failure"], turn["spent"]["prompt_tokens"]) for turn in written["turns"]] == [
        ("one", "", 1000),
        ("two", "none", 1000),
    ]
    assert written["circumstances"]["date"] == "2026-11-22"


def test_what_instructor_copied_is_looked_up_in_the_article() -> None:
    meeting = {"participants": ["Ana Petrova"], "status": "held", "kind": "call", "date": None, "place": None, "event": None}
    report = with_instructor.Report.model_validate(
        {
            "quotes": [{"text": "“We agree,”", "speaker": "Petrova"}, {"text": "Never said", "speaker": "Li"}],
            "meetings": [{**meeting, "evidence": "Boris Li"}, {**meeting, "evidence": ""}],
        }
    )
    found = Prediction.model_validate(with_instructor.prediction(report, TEXT))
    assert [(quote.text, quote.start, quote.end) for quote in found.quotes] == [("We agree,", 46, 55), ("Never said", None, None)]
    assert [given.evidence for given in found.meetings] == [((16, 24),), ()]


def test_the_others_are_told_every_label_that_there_is() -> None:
    assert set(task.STATUSES) == {*MeetingStatus}
    assert set(task.KINDS) == {*MeetingKind}


def test_every_contestant_has_its_worker_and_only_langextract_an_environment_of_its_own() -> None:
    assert all((ROOT / f"{contestant.module.replace('.', '/')}.py").is_file() for contestant in CONTESTANTS)
    shared = [contestant for contestant in CONTESTANTS if contestant.requirements is None]
    assert [contestant.name for contestant in shared] == ["llm-extract", "instructor"]
    assert {installed_python(contestant, pytest.fail) for contestant in shared} == {Path(sys.executable)}
    (apart,) = (contestant.requirements for contestant in CONTESTANTS if contestant.requirements)
    assert "langextract[openai]==1.7.1\n" in apart.read_text(encoding="utf-8")

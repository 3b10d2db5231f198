from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
import types
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
import typer
from record_samples import protests
from test_corpus import Stub
from test_export import extraction
from typer.testing import CliRunner, Result
from user_models import PROTESTS

import llm_extract
from llm_extract import cli, cli_run
from llm_extract.export import Format, export, read_results
from llm_extract.schema import Usage
from llm_extract.settings import Mode, Profile, Settings


class StubExtractor(Stub):
    """Stands in for the extractor; remembers what it was made with."""

    last: StubExtractor

    def __init__(self, settings: Settings, *, tasks: Sequence[str] | None, schema: object, on_weights: Callable[[int, int], None]) -> None:
        super().__init__()
        self.settings, self.tasks, self.schema = settings, tuple(tasks or ()), schema
        self.on_weights = on_weights
        self.spent, self.from_cache, self.cost = Usage(requests=2, prompt_tokens=3000, completion_tokens=40), 7, 0.125
        StubExtractor.last = self


@pytest.fixture(autouse=True)
def _stand_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    module = types.ModuleType("llm_extract.extractor")
    module.Extractor = StubExtractor  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "llm_extract.extractor", module)
    monkeypatch.setenv("LLM_EXTRACT_CACHE_DIR", str(tmp_path / "cache"))
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def _call(*arguments: str | Path, given: bytes | None = None) -> Result:
    return CliRunner().invoke(cli.app, [str(argument) for argument in arguments], input=given)


def _piped(*arguments: str, given: bytes) -> str:
    """Call in a process of its own, whose standard input can be looked into, as that of the test runner can't."""
    done = subprocess.run(
        [sys.executable, "-m", "llm_extract", *arguments], input=given, capture_output=True, check=False, cwd=Path(__file__).parent.parent
    )
    return done.stdout.decode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inside = tmp_path / "news"
    inside.mkdir()
    for name in ("a", "b"):
        (inside / f"{name}.txt").write_text("wait 1", encoding="utf-8")
    return inside


def _commands(group: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:  # noqa: ANN401  typer's own type is private
    for name, command in group.commands.items():
        yield " ".join((*path, name)), command
        if hasattr(command, "commands"):
            yield from _commands(command, (*path, name))


COMMANDS = dict(_commands(typer.main.get_command(cli.app)))


class TestHelp:
    @pytest.mark.parametrize("name", COMMANDS)
    def test_each_command_and_each_option_says_what_it_is_for(self, name: str) -> None:
        assert COMMANDS[name].help
        assert [parameter.name for parameter in COMMANDS[name].params if not parameter.help] == []

    @pytest.mark.parametrize("name", COMMANDS)
    def test_help_is_printed(self, name: str) -> None:
        assert _call(*name.split(), "--help").exit_code == 0

    def test_the_version_is_printed(self) -> None:
        assert _call("--version").stdout == f"llm-extract {llm_extract.__version__}\n"

    def test_no_option_takes_a_key(self) -> None:
        options = [option for command in COMMANDS.values() for parameter in command.params for option in parameter.opts]
        assert [option for option in options if "key" in option] == []

    def test_help_imports_nothing_heavy(self) -> None:
        heavy = {"openai", "instructor", "pydantic", "rich", "diskcache"}
        script = f"import sys; import llm_extract.cli; print(sorted({heavy} & set(sys.modules)))"
        told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=Path(__file__).parent.parent)
        assert told.stdout == "[]\n"

    def test_a_command_that_ends_looks_for_no_cycles_in_what_it_imported(self) -> None:
        begin = "import atexit, gc, sys; atexit.register(lambda: print(gc.get_freeze_count() > 0)); sys.argv = ['llm-extract', '--version']"
        code = f"{begin}; from llm_extract import cli; cli.main()"
        told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).parent.parent)
        assert told.stdout.splitlines()[1:] == ["True"]

    @pytest.mark.parametrize(("option", "labels"), [("mode", Mode), ("profile", Profile)])
    def test_the_choices_are_those_of_the_settings(self, option: str, labels: type[Mode | Profile]) -> None:
        hint = get_type_hints(cli_run.run, vars(cli_run))[option]
        assert set(get_args(get_args(hint)[0])) == {label.value for label in labels}

    def test_the_choices_of_export_are_its_formats(self) -> None:
        hint = get_type_hints(cli.export, vars(cli))["format"]
        assert set(get_args(hint)) == {form.value for form in Format}


class TestRun:
    def test_a_folder_becomes_a_line_an_article_and_a_summary(self, folder: Path, tmp_path: Path) -> None:
        result = _call("run", folder, "-o", tmp_path / "r.jsonl")
        assert (result.exit_code, result.stdout) == (0, "")
        assert [found.article.id for found in read_results(tmp_path / "r.jsonl")] == ["a", "b"]
        assert "2 articles: 2 done, 7 answers from the cache, 4 requests, 3,020 + 44 tokens, $0.12" in result.stderr
        assert "llm-extract show" in result.stderr

    def test_the_preparation_of_the_weights_is_shown_like_the_articles(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        told: list[tuple[int, int]] = []
        monkeypatch.setattr("llm_extract.progress.Watch.weights", lambda _, done, total: told.append((done, total)))
        _call("run", folder, "-q")
        StubExtractor.last.on_weights(1, 2)
        assert told == [(1, 2)]

    def test_quiet_says_nothing(self, folder: Path) -> None:
        assert _call("run", folder, "-q").output == ""

    def test_options_become_settings(self, folder: Path) -> None:
        result = _call(
            *(
                "run",
                folder,
                "-o",
                "r.jsonl",
                "--model",
                "m",
                "--base-url",
                "http://localhost:1/v1",
                "--mode",
                "tools",
                "--profile",
                "local",
            ),
            *(
                "--jobs",
                "3",
                "--refresh",
                "--timeout",
                "9",
                "--max-retries",
                "1",
                "--temperature",
                "0.5",
                "--seed",
                "4",
                "--only",
                "quotes",
            ),
        )
        assert result.exit_code == 0, result.output
        made = StubExtractor.last.settings
        assert (made.model, made.base_url, made.mode, made.profile) == ("m", "http://localhost:1/v1", "tools", "local")
        assert (made.jobs, made.cache, made.timeout_s, made.max_retries, made.temperature, made.seed) == (3, "refresh", 9, 1, 0.5, 4)
        assert StubExtractor.last.tasks == ("quotes",)

    def test_the_standard_input_is_one_article_and_the_standard_output_takes_results(self, tmp_path: Path) -> None:
        script = "from test_cli import run_stubbed; run_stubbed()"
        path = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]
        told = subprocess.run(
            [sys.executable, "-c", f"import sys; sys.path[:0] = {path}; {script}", "run", "-", "-o", "-", "--published", "2024-05-06"],
            input=b"wait 1",
            capture_output=True,
            check=True,
            cwd=tmp_path,
        )
        found = json.loads(told.stdout)
        assert (found["article"]["id"], found["article"]["published"]) == ("stdin", "2024-05-06")

    @pytest.mark.parametrize(("output", "code"), [("r.jsonl", 0), ("-", 2)])
    def test_closed_streams_end_no_run_but_where_results_go_to_one(self, folder: Path, output: str, code: int) -> None:
        path = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]
        script = f"import sys; sys.path[:0] = {path}; from test_cli import run_stubbed; run_stubbed()"
        command = ["/bin/sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", sys.executable, "-c", script, "run", str(folder), "-o", output]
        assert subprocess.run(command, check=False, cwd=folder.parent).returncode == code
        assert (folder.parent / "r.jsonl").exists() == (code == 0)

    @pytest.mark.parametrize(("text", "code"), [("wait 1", 0), ("down", 4)])
    @pytest.mark.parametrize("gone", ["| true", "> /dev/full"])
    def test_the_exit_code_says_how_it_went_though_nobody_reads_what_is_told(self, tmp_path: Path, text: str, code: int, gone: str) -> None:
        (tmp_path / "a.txt").write_text(text, encoding="utf-8")
        path = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]
        script = f"import sys; sys.path[:0] = {path}; from test_cli import run_stubbed; run_stubbed()"
        line = f'{{ sleep 0.5; "$@" 2>&1 >/dev/null; echo $? >code; }} {gone}'
        subprocess.run(["/bin/sh", "-c", line, "sh", sys.executable, "-c", script, "run", "a.txt"], check=False, cwd=tmp_path)
        assert (tmp_path / "code").read_text() == f"{code}\n"

    @pytest.mark.parametrize("output", ["r.jsonl", "/dev/null"])
    def test_results_that_are_not_there_are_not_pointed_at(self, output: str, tmp_path: Path) -> None:
        (tmp_path / "rows.jsonl").write_text('{"text": "wait 1"}' if output == "/dev/null" else "")
        assert "llm-extract show" not in _call("run", "rows.jsonl", "-o", output).stderr

    @pytest.mark.parametrize(
        ("texts", "code", "told"),
        [
            (["wait 1", "unusable"], 1, "failed: 1: It answered prose.\n  Try a larger model."),
            (["", "\0"], 3, "failed: 0: There is no text in"),
            (["down", "wait 1"], 4, "error: Nobody answers."),
            (["prompt"], 2, "error: No template."),
        ],
    )
    def test_the_exit_code_says_what_went_wrong(self, tmp_path: Path, texts: list[str], code: int, told: str) -> None:
        for number, text in enumerate(texts):
            (tmp_path / f"{number}.txt").write_text(text, encoding="utf-8")
        result = _call("run", tmp_path)
        assert result.exit_code == code
        assert told in result.stderr
        assert "Traceback" not in result.output

    def test_failures_that_an_earlier_run_left_are_told_from_those_of_this_one(self, folder: Path) -> None:
        (folder / "b.txt").write_text("unusable", encoding="utf-8")
        assert "r.failed.jsonl; --retry-failed tries them again." in _call("run", folder, "-o", "r.jsonl").stderr
        again = _call("run", folder, "-o", "r.jsonl").stderr
        assert "r.failed.jsonl; those of an earlier run (1) are not tried again without --retry-failed." in again
        assert "tries them again" in _call("run", folder, "-o", "r.jsonl", "--retry-failed").stderr
        [_, _, failed, ends] = map(json.loads, _call("run", folder, "-o", "r.jsonl", "--log-json").stderr.splitlines())
        assert (failed["left"], ends["left"]) == (True, 1)

    @pytest.mark.parametrize(
        ("arguments", "code", "told"),
        [
            (["gone"], 3, "There is no file or folder gone."),
            ([], 2, "Missing argument"),
            (["news", "--jobs", "0"], 2, "jobs: Input should be greater than or equal to 1"),
            (["news", "--jobs", "many"], 2, "valid integer"),
            (["news", "--model", "unheard-of"], 2, "Nothing here serves the model 'unheard-of'"),
            (["news", "--model", "gone.gguf"], 2, "There are no weights at gone.gguf."),
            (["news", "--no-cache", "--refresh"], 2, "exclude each other"),
            (["news", "--published", "6 May"], 2, "not a date"),
            (["news", "--published", "2024-05-06"], 2, "for several articles"),
            (["news", "-o", "news"], 2, "is a folder"),
            (["news", "-o", "news/a.txt"], 2, "is one of the inputs"),
            (["r.failed.jsonl", "-o", "r.jsonl"], 2, "is one of the inputs"),
            (["news", "--only", "speeches"], 2, "meetings"),
        ],
    )
    @pytest.mark.usefixtures("folder")
    def test_wrong_arguments_are_told_in_a_line(self, arguments: list[str], code: int, told: str) -> None:
        Path("r.failed.jsonl").write_text('{"article": 1, "text": "wait 1"}\n')
        result = _call("run", *arguments)
        assert (result.exit_code, told in " ".join(result.stderr.split())) == (code, True), result.output

    @pytest.mark.parametrize(
        ("output", "told"),
        [
            ("r.jsonl", "Interrupted with 1 finished article in r.jsonl. The same command goes on from there."),
            ("-", "Interrupted with 1 finished article written. The same command begins anew, with the answers that are in the cache."),
        ],
    )
    def test_ctrl_c_ends_with_130_and_says_what_is_finished_and_where(self, tmp_path: Path, output: str, told: str) -> None:
        (tmp_path / "a.txt").write_text("wait 1", encoding="utf-8")
        (tmp_path / "b.txt").write_text("wait 60000", encoding="utf-8")
        path = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]
        script = f"import sys; sys.path[:0] = {path}; from test_cli import run_stubbed; run_stubbed()"
        command = [sys.executable, "-c", script, "run", ".", "-o", output, "--grace", "0.1"]
        with (tmp_path / "out").open("wb") as out:
            child = subprocess.Popen(command, cwd=tmp_path, stdout=out, stderr=subprocess.PIPE, text=True)
        grows = tmp_path / ("out" if output == "-" else "r.jsonl.part")
        deadline = time.monotonic() + 20
        while not (grows.exists() and grows.stat().st_size) and time.monotonic() < deadline:
            time.sleep(0.02)
        child.send_signal(signal.SIGINT)
        _, said = child.communicate(timeout=20)
        assert (child.returncode, told in said, "for at most 0.1 s" in said) == (130, True, True), said

    @pytest.mark.parametrize(
        ("arguments", "code", "told"),
        [
            (["gone"], 3, "There is no file or folder gone."),
            (["news", "--rpm", "0"], 2, "rpm: Input should be greater than or equal to 1."),
            (["news", "-o", "news"], 2, "The output news is a folder."),
        ],
    )
    @pytest.mark.parametrize("more", [[], ["--quiet"]])
    @pytest.mark.usefixtures("folder")
    def test_with_log_json_what_ends_the_command_is_a_line_of_json(
        self, arguments: list[str], more: list[str], code: int, told: str
    ) -> None:
        result = _call("run", *arguments, "--log-json", *more)
        last = [json.loads(line) for line in result.stderr.splitlines()][-1]
        assert (result.exit_code, last["level"], last["why"]) == (code, "ERROR", told)

    def test_with_log_json_a_quiet_run_tells_what_failed_and_what_ended_it_and_nothing_else(self, folder: Path, tmp_path: Path) -> None:
        (folder / "b.txt").write_text("unusable", encoding="utf-8")
        (folder / "c.txt").write_text("down", encoding="utf-8")
        result = _call("run", folder, "-o", tmp_path / "r.jsonl", "--jobs", "1", "--log-json", "--quiet")
        failed, ends = (json.loads(line) for line in result.stderr.splitlines())
        assert (result.exit_code, failed["article"], ends["message"], ends["stopped"]) == (4, "b", "run ends", "Nobody answers.")

    def test_an_empty_folder_is_told(self, tmp_path: Path) -> None:
        (tmp_path / "empty").mkdir()
        result = _call("run", tmp_path / "empty")
        assert (result.exit_code, "There is no article in" in result.stderr) == (3, True)


class TestOthers:
    @pytest.fixture
    def results(self, tmp_path: Path) -> Path:
        export([extraction("one"), extraction("two")], Format.JSONL, tmp_path / "r.jsonl")
        return tmp_path / "r.jsonl"

    def test_show_prints_without_colours_into_a_pipe(self, results: Path) -> None:
        result = _call("show", results, "--article", "two")
        assert result.exit_code == 0
        assert "Ann Lee" in result.stdout
        assert "\x1b" not in result.stdout

    def test_show_of_a_file_that_is_not_there_is_told(self) -> None:
        result = _call("show", "gone.jsonl")
        assert (result.exit_code, "can't be read" in result.stderr) == (2, True)

    def test_report_writes_one_page(self, results: Path, tmp_path: Path) -> None:
        result = _call("report", results, "-o", tmp_path / "report.html", "--title", "Who met whom")
        assert result.exit_code == 0
        assert "2 articles in" in result.stderr
        assert "<title>Who met whom</title>" in (tmp_path / "report.html").read_text(encoding="utf-8")

    def test_export_writes_the_form_asked_for(self, results: Path, tmp_path: Path) -> None:
        result = _call("export", results, "--format", "score", "-o", tmp_path / "out")
        assert (result.exit_code, "2 articles written" in result.stderr) == (0, True)
        assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["one.json", "two.json"]

    def test_export_takes_results_or_a_dossier_from_a_file_or_the_standard_input(self, results: Path, tmp_path: Path) -> None:
        assert _call("merge", results, "-o", tmp_path / "d.json").exit_code == 0
        for source in (results, tmp_path / "d.json"):
            from_file = _call("export", source, "--format", "events", "-o", "-")
            assert (from_file.exit_code, from_file.stdout.count('"event_type":"CONSULT"') > 0) == (0, True)
            piped = _piped("export", "-", "--format", "events", "-o", "-", given=source.read_bytes())
            assert piped == from_file.stdout

    def test_records_are_exported_as_tables_with_or_without_their_schema(self, tmp_path: Path) -> None:
        export([protests()], Format.JSONL, tmp_path / "r.jsonl")
        for name, options in {"told": [], "known": ["--schema", "record_samples:Protest"]}.items():
            assert _call("export", tmp_path / "r.jsonl", "-o", tmp_path / name, *options).exit_code == 0
            head = (tmp_path / name / "protest.csv").read_text(encoding="utf-8-sig").splitlines()[0]
            assert ("date_first_day" in head) is (name == "known")
        _piped("export", "-", "-o", str(tmp_path / "piped"), given=(tmp_path / "r.jsonl").read_bytes())
        assert (tmp_path / "piped" / "protest.csv").read_bytes() == (tmp_path / "told" / "protest.csv").read_bytes()

    def test_what_leaves_records_out_says_so(self, tmp_path: Path) -> None:
        export([protests()], Format.JSONL, tmp_path / "r.jsonl")
        told = [_call("export", tmp_path / "r.jsonl", "--format", form, "-o", tmp_path / form) for form in ("score", "events", "ical")]
        told.append(_call("merge", tmp_path / "r.jsonl", "-o", tmp_path / "d.json"))
        assert [(one.exit_code, ": 1 record of your own schema." in one.stderr) for one in told] == [(0, True)] * 4
        assert "left out" not in _call("export", tmp_path / "r.jsonl", "--format", "annotations", "-o", tmp_path / "a.json").stderr

    def test_schema_prints_one_or_all(self) -> None:
        assert json.loads(_call("schema", "quote").stdout)["title"] == "Quote"
        assert len(json.loads(_call("schema").stdout)) == 8

    def test_schema_prints_ones_own_and_what_is_asked_about_it(self) -> None:
        assert json.loads(_call("schema", "user_models:PROTESTS").stdout)["title"] == "Protest"
        asked = _call("schema", "user_models:Protest", "--prompt").stdout
        assert "People gather in public" in asked
        assert "[S1] An article of one sentence." in asked
        wrong = _call("schema", "user_models:Nothing")
        assert (wrong.exit_code, "has no Nothing" in wrong.stderr) == (2, True)

    def test_a_run_looks_for_what_a_schema_says_and_for_nothing_else_unless_told(self, tmp_path: Path) -> None:
        (tmp_path / "a.txt").write_text("wait 1")
        asked = ("--schema", "user_models:PROTESTS", "--uncited", "flag")
        assert _call("run", tmp_path / "a.txt", "-o", tmp_path / "r.jsonl", *asked).exit_code == 0
        made = StubExtractor.last
        assert (made.schema, made.tasks, made.settings.uncited) == (PROTESTS, (), "flag")

    def test_the_cache_is_described_and_cleared(self, tmp_path: Path) -> None:
        from llm_extract.cache import AnswerCache

        with AnswerCache.of(Settings(cache_dir=tmp_path / "c")) as cache:
            cache.put("0f", b"an answer")
        assert _call("cache", "info", "--cache-dir", tmp_path / "c").stdout.startswith("1 answers")
        assert "1 answers dropped" in _call("cache", "clear", "--cache-dir", tmp_path / "c").stdout
        assert _call("cache", "info", "--cache-dir", tmp_path / "c").stdout.startswith("0 answers")


def run_stubbed() -> None:
    """Run the command line with the stand-in, in a process of its own."""
    module = types.ModuleType("llm_extract.extractor")
    module.Extractor = StubExtractor  # type: ignore[attr-defined]
    sys.modules["llm_extract.extractor"] = module
    cli.main()


class TestInputs:
    def test_columns_are_named_and_rows_come_through_the_standard_input(self, tmp_path: Path) -> None:
        row = json.dumps({"key": "x", "body": "wait 1"}).encode()
        done = _call("run", "-", "--from", "jsonl", "--column", "id=key", "--column", "text=body", "-o", "r.jsonl", given=row)
        assert done.exit_code == 0, done.output
        assert [result.article.id for result in read_results(tmp_path / "r.jsonl")] == ["x"]

    def test_a_damaged_row_is_listed_and_the_others_are_done(self, tmp_path: Path) -> None:
        (tmp_path / "n.jsonl").write_text('{"text": "wait 1"}\n{"text": "torn\n{"text": "wait 1"}\n')
        done = _call("run", "n.jsonl")
        assert (done.exit_code, "failed: n.jsonl:2: Line 2 of n.jsonl is no JSON" in done.output) == (1, True)
        assert [result.article.id for result in read_results(tmp_path / "results.jsonl")] == ["n.jsonl:1", "n.jsonl:3"]

    def test_an_output_that_is_an_input_is_refused_and_stays(self, tmp_path: Path) -> None:
        (tmp_path / "n.jsonl").write_text('{"text": "wait 1"}\n')
        assert _call("run", "n.jsonl", "-o", "n.jsonl").exit_code == 2
        assert (tmp_path / "n.jsonl").read_text() == '{"text": "wait 1"}\n'

    @pytest.mark.parametrize("options", [["--column", "body"], ["--from", "xml"]])
    def test_a_column_or_form_that_there_is_not_is_a_usage_error(self, folder: Path, options: list[str]) -> None:
        assert _call("run", folder, *options).exit_code == 2


class TestMerge:
    @pytest.fixture
    def results(self, tmp_path: Path) -> Path:
        export([extraction("one"), extraction("two")], Format.JSONL, tmp_path / "r.jsonl")
        return tmp_path / "r.jsonl"

    def test_results_become_a_dossier_that_is_shown_as_a_timeline(self, results: Path) -> None:
        merged = _call("merge", results)
        assert (merged.exit_code, merged.stderr) == (0, "2 mentions in 2 articles: 1 meeting, in dossier.json.\n")
        shown = _call("show", "dossier.json").stdout
        assert shown.startswith("Ann Lee – Bo Kim")
        assert "1 meeting, 2 articles" in shown

    def test_results_are_added_and_corrected(self, results: Path, tmp_path: Path) -> None:
        export([extraction("three")], Format.JSONL, tmp_path / "later.jsonl")
        (tmp_path / "c.toml").write_text('[[split]]\nmentions = ["two#M1"]', encoding="utf-8")
        assert _call("merge", results, "-o", "first.json").exit_code == 0
        assert _call("merge", "later.jsonl", "--into", "first.json", "--corrections", "c.toml", "-o", "second.json").exit_code == 0
        assert _call("merge", results, "later.jsonl", "--corrections", "c.toml", "-o", "all.json").exit_code == 0
        assert Path("second.json").read_bytes() == Path("all.json").read_bytes()
        assert "2 meetings, 3 articles" in _call("show", "all.json").stdout

    @pytest.mark.parametrize(
        ("line", "told"),
        [
            ('{"schema_version": "0"}\n', "is of version 0; this llm-extract reads version 1"),
            ('{"schema_version": "1", "article": {"id"', "is cut off"),
        ],
    )
    def test_results_of_another_version_and_torn_ones_are_refused_and_nothing_is_written(self, results: Path, line: str, told: str) -> None:
        with results.open("a", encoding="utf-8") as file:
            file.write(line)
        result = _call("merge", results)
        assert (result.exit_code, "Line 3 of" in result.stderr, told in result.stderr) == (2, True, True)
        assert not Path("dossier.json").exists()

    def test_the_results_are_not_overwritten(self, results: Path) -> None:
        before = results.read_bytes()
        assert _call("merge", results, "-o", results).exit_code == 2
        assert results.read_bytes() == before

    def test_a_dossier_is_measured_on_gold_clusters(self, results: Path, tmp_path: Path) -> None:
        meeting = {"participants": ["Ann Lee", "Bo Kim"], "status": "held", "kind": "encounter", "place": "Oslo"}
        (tmp_path / "gold" / "clusters").mkdir(parents=True)
        for name in ("one", "two"):
            (tmp_path / "gold" / f"{name}.json").write_text(json.dumps({"meetings": [meeting]}), encoding="utf-8")
        (tmp_path / "gold" / "clusters" / "all.json").write_text('{"clusters": {"Oslo": ["one#M1", "two#M1"]}}', encoding="utf-8")
        assert _call("merge", results).exit_code == 0
        measured = json.loads(_call("eval", "dossier.json", "gold", "--json").stdout)
        assert (measured["pairwise"]["f1"], measured["b_cubed"]["f1"], measured["found"]) == (1.0, 1.0, 2)

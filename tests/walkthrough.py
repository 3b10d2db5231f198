"""Follows a document as its reader would: saves the files that it shows, runs its commands and its Python, compares what they print.

The rules, for each fenced block, by its language:

- whatever has `title="NAME"` is a file, and is saved under that name;
- `python` is run. Comments that begin at the left edge are what it prints, and it must print just that;
- `sh` is run line by line: `llm-extract`, with the recorded answers of the embedded model, and the ordinary programs of `PROGRAMS`;
  `make run` does what the Makefile says. A command must succeed, unless `echo $?` in the next line shows its exit code. What needs
  more than a folder (`elsewhere`) is only parsed, that is, held against the command line, the Makefile and the extras, and noted;
- `text` is what the block before it printed, where the line `[…]` stands for any lines. Empty lines, spaces at the end of a line and the
  time that something took do not count;
- `toml` and `json` are read; tables of corrections in TOML must be corrections.

There is no other language, and no way to leave a block out.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shlex
import subprocess
import tempfile
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import typer
from sybil import Document, Example, Lexeme, Region, Sybil
from sybil.evaluators.python import PythonEvaluator
from sybil.parsers.markdown.lexers import RawFencedCodeBlockLexer
from typer.testing import CliRunner

from llm_extract import cli
from llm_extract.corrections import Corrections

__all__ = ["Block", "Shell", "Walk", "agrees", "blocks", "elsewhere", "known", "known_options", "known_targets", "refusal"]

ROOT = Path(__file__).parent.parent
PROGRAMS = frozenset({"cat", "cp", "grep", "ls", "mv", "rm", "wc"})
LEFT_OUT = "[…]"
_INFO = re.compile(r"(?P<language>[^\s{]*)(?P<about>[^\n]*)\n")
_TITLE = re.compile(r' title="(?P<title>[\w./-]+)"')
_TOOK = re.compile(r", \d[\d.]* (?:s|min|h)\.$", re.MULTILINE)
_NEEDS = {
    ".venv/bin/python": "a checkout, and minutes",
    "env": "the embedded model",
    "export": "a key",
    "llama-server": "a server",
    "make": "a checkout, and minutes",
    "ollama": "a server",
    "opentelemetry-instrument": "a collector",
    "pip": "the package registry",
    "vllm": "a server",
}


class Block(NamedTuple):
    """A fenced block."""

    language: str
    title: str
    """The file that it shows; empty where it shows none."""
    source: str
    line: int


def _parsed(document: Document, evaluate: Callable[[Example], str | None]) -> Sequence[Region]:
    lexer = RawFencedCodeBlockLexer(_INFO)
    found = []
    for region in lexer(document):
        about, lexeme = region.lexemes["about"], region.lexemes["source"]
        title = _TITLE.fullmatch(about)
        if about and not title:
            message = f"{document.path}: what does {about!r} mean?"
            raise ValueError(message)
        source = Lexeme(lexeme.text, lexeme.offset, lexeme.line_offset) if isinstance(lexeme, Lexeme) else Lexeme(lexeme, 0, 0)
        block = (region.lexemes["language"], title["title"] if title else "", source)
        found.append(Region(region.start, region.end, block, evaluate))
    return found


def _examples(path: Path, evaluate: Callable[[Example], str | None]) -> list[Example]:
    return [*Sybil([lambda document: _parsed(document, evaluate)]).parse(path).examples()]


def blocks(path: Path) -> list[Block]:
    """Return the fenced blocks of a document."""
    examples = _examples(path, lambda _: None)
    return [Block(language, title, str(source), example.line) for example in examples for language, title, source in [example.parsed]]


def agrees(printed: str, shown: str) -> bool:
    """Whether what was printed is what a document shows, perhaps further to the left."""
    pattern, indent = "", "(?P<indent> *)"
    for line in _lines(shown):
        if line.strip() == LEFT_OUT:
            pattern += "(?:.*\n)*?"
        else:
            pattern, indent = f"{pattern}{indent}{re.escape(line)}\n", "(?P=indent)"
    return bool(re.fullmatch(pattern, "".join(f"{line}\n" for line in _lines(printed))))


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in _TOOK.sub(", … s.", text).splitlines() if line.strip()]


def refusal(arguments: Sequence[str]) -> str | None:
    """Read a call as the command line does, without running it; say what it objects to."""
    command, arguments = typer.main.get_command(cli.app), [*arguments]
    try:
        while hasattr(command, "commands") and arguments and not arguments[0].startswith("-"):
            command, arguments = command.commands[arguments[0]], arguments[1:]
        with command.make_context("llm-extract", [*arguments]):
            pass
    except KeyError:
        return f"There is no command {arguments[0]!r}."
    except typer.Exit:  # --help, --version
        return None
    except Exception as error:  # noqa: BLE001  typer keeps the types of its complaints to itself
        return str(error)
    return None


def known(command: str) -> bool:
    """Whether `llm-extract` has a command."""
    return command in {name for name, _ in _commands(typer.main.get_command(cli.app))}


def known_options() -> set[str]:
    """Return the options of all commands."""
    commands = [command for _, command in _commands(typer.main.get_command(cli.app))]
    return {option for command in commands for parameter in command.params for option in parameter.opts}


def _commands(command: Any, name: str = "llm-extract") -> Iterator[tuple[str, Any]]:  # noqa: ANN401  typer keeps its type to itself
    yield name, command
    for inner, sub in getattr(command, "commands", {}).items():
        yield from _commands(sub, inner)


def elsewhere(words: Sequence[str]) -> str | None:
    """Return what a command needs beyond a folder and recorded answers; None where it can be run here."""
    match words:
        case ["make", "run"]:
            return None
        case ["llm-extract", "run", *rest] if {"--base-url", "--model"} & {*rest} and "--dry-run" not in rest:
            return "another model"
        case ["llm-extract", "model", "path" | "serve", *_]:
            return "the embedded model"
        case [program, *_]:
            return _NEEDS.get(program)
    return None


def _check(words: Sequence[str]) -> None:
    """Parse what is not run: the command and its options, the target, the extra must exist."""
    if "llm-extract" in words:  # behind `env`, say
        words = words[words.index("llm-extract") :]
    match words:
        case ["llm-extract", *arguments]:
            assert refusal(arguments) is None
        case ["make", *targets]:
            named = {target for target in targets if "=" not in target}
            assert named - known_targets() == set()
        case ["pip", "install", wanted]:
            name, _, extras = wanted.rstrip("]").partition("[")
            assert name == "llm-extract"
            assert set(extras.split(",")) - {""} - _project()["optional-dependencies"].keys() == set()


def known_targets() -> set[str]:
    """Return the targets that the Makefile tells of."""
    return set(re.findall(r"^([\w-]+):.*##", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def _project() -> Mapping[str, Mapping[str, object]]:
    project: Mapping[str, Mapping[str, object]] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return project


def _recipe(target: str) -> list[str]:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    (lines,) = re.findall(rf"^{target}:.*\n((?:\t.*\n)+)", makefile, re.MULTILINE)
    return [line.strip().replace("$(BIN)", ".venv/bin").replace("$(RESULTS)", "results.jsonl") for line in lines.splitlines()]


class Shell:
    """Runs lines of a shell in the working folder, `llm-extract` within this process."""

    def __init__(self) -> None:
        self.only_parsed: list[str] = []
        self._code = 0
        self._unexplained = ""

    def run(self, source: str) -> str:
        """Run lines, and return what they print, as a terminal would show it."""
        lines = source.replace("\\\n", " ").splitlines()
        printed = "".join(self._line(words) for line in lines if (words := _words(line)))
        assert not self._unexplained, self._unexplained
        return printed

    def _line(self, words: Sequence[str]) -> str:
        if [*words] == ["echo", "$?"]:
            self._unexplained = ""
            return f"{self._code}\n"
        assert not self._unexplained, self._unexplained
        if [*words] == ["make", "run"]:
            return "".join(f"{line}\n{self._line(_words(line.removeprefix('.venv/bin/')))}" for line in _recipe("run"))
        commands = _piped(words)
        if any(elsewhere(command) for command in commands):
            for command in commands:
                _check(command)
            self.only_parsed.append(" ".join(words))
            return ""
        given = b""
        for command in commands:
            given, shown = self._command(command, given)
        if self._code:
            self._unexplained = f"`{' '.join(words)}` ended with {self._code}:\n{shown}"
        return shown

    def _command(self, words: Sequence[str], given: bytes) -> tuple[bytes, str]:
        """Run one command; return its standard output, and all that it prints."""
        program, *arguments = words
        if program == "llm-extract":
            with _descriptor() as direct:
                done = CliRunner().invoke(cli.app, arguments, input=given, prog_name="llm-extract")
            if done.exception and not isinstance(done.exception, SystemExit):
                raise done.exception
            self._code = done.exit_code
            return bytes(direct) + done.stdout_bytes, direct.decode() + done.output
        assert program in PROGRAMS, f"What is {program!r}? See `elsewhere` in {__file__}."
        ended = subprocess.run([program, *arguments], input=given, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        self._code = ended.returncode
        return ended.stdout, ended.stdout.decode()


@contextlib.contextmanager
def _descriptor() -> Iterator[bytearray]:
    """Catch what is written to the standard output past `sys.stdout`, as `-o -` does."""
    caught, saved = bytearray(), os.dup(1)
    try:
        with tempfile.TemporaryFile() as file:
            os.dup2(file.fileno(), 1)
            yield caught
            file.seek(0)
            caught += file.read()
    finally:
        os.dup2(saved, 1)
        os.close(saved)


def _words(line: str) -> list[str]:
    reader = shlex.shlex(line, posix=True, punctuation_chars="|")
    reader.whitespace_split = True
    return [*reader]


def _piped(words: Sequence[str]) -> list[list[str]]:
    commands: list[list[str]] = [[]]
    for word in words:
        if word == "|":
            commands.append([])
        else:
            commands[-1].append(word)
    return commands


class Walk:
    """One reader's way through one document, in the working folder.

    Args:
        prepare: By the beginning of a block, what has to be there before it, where the document leaves that to its reader; what it
            returns counts as printed.
    """

    def __init__(self, prepare: Mapping[str, Callable[[], str]] | None = None) -> None:
        self.shell = Shell()
        self.count = 0
        self._prepare = dict(prepare or {})
        self._printed: str | None = None
        self._run_python = PythonEvaluator()

    def follow(self, path: Path) -> None:
        """Go through the document from its first block to its last."""
        for example in _examples(path, self._evaluate):
            example.evaluate()
            self.count += 1
        assert self._prepare == {}, "There is no such block."

    def _evaluate(self, example: Example) -> str | None:
        language, title, source = example.parsed
        for beginning in [beginning for beginning in self._prepare if source.strip().startswith(beginning)]:
            self._printed = self._prepare.pop(beginning)()
        if title:
            Path(title).parent.mkdir(parents=True, exist_ok=True)
            Path(title).write_text(source, encoding="utf-8")
            return None
        return self._by_language(language, source, example)

    def _by_language(self, language: str, source: Lexeme, example: Example) -> str | None:
        match language:
            case "python":
                return self._python(source, example)
            case "sh":
                self._printed = self.shell.run(source)
            case "text":
                return self._shown(source)
            case "toml":
                document = tomllib.loads(source)
                Corrections.model_validate(document)
            case "json":
                json.loads(source)
            case _:
                return f"No rule says what becomes of a block in {language!r}."
        return None

    def _python(self, source: Lexeme, example: Example) -> str | None:
        example.parsed = source
        with contextlib.redirect_stdout(io.StringIO()) as out:
            self._run_python(example)
        self._printed = out.getvalue()
        shown = re.findall(r"^# ?(.*\n)", source, re.MULTILINE)
        return self._shown("".join(shown)) if shown else None

    def _shown(self, shown: str) -> str | None:
        if self._printed is None:
            return "It shows what nothing before it has printed."
        return None if agrees(self._printed, shown) else f"It shows\n{shown}\nbut what is printed is\n{self._printed}"

"""Templates are found, versioned and strict, and an article comes out of them as it went in."""

from __future__ import annotations

from pathlib import Path

import jinja2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field

from llm_extract import prompts
from llm_extract.errors import PromptError
from llm_extract.schema import Meeting, MeetingStatus

ROOT = Path(__file__).parent.parent
DIGEST = "0123456789abcdef" * 4


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put an empty folder of templates in place of the project's."""
    monkeypatch.setattr(prompts, "_folder", lambda: tmp_path)
    prompts._environment.cache_clear()
    monkeypatch.setattr(prompts, "_environment", prompts._environment.__wrapped__)
    return tmp_path


def _template(folder: Path, content: str, name: str = "probe.v1.jinja") -> None:
    (folder / name).write_text(f"{{% block user %}}\n{content}\n{{% endblock %}}\n", encoding="utf-8")


def _user(**variables: object) -> str:
    return prompts.load("probe").render(**variables)["user"]


def test_every_template_of_the_project_is_found_and_parses() -> None:
    files = sorted(file.name for file in (ROOT / "prompts").iterdir())
    assert sorted(prompt.file_name for prompt in prompts.available()) == files
    for name in files:
        prompts._environment(None).get_template(name)


@pytest.mark.parametrize(
    "text",
    [
        "{{ x }}",
        "{% raw %}",
        "{% endblock %}{% block system %}",
        "{# no #}",
        "<b>&amp;</b> “q” 'q'",
        "  \n\n",
        "line\r\nline\n",
        "\N{NO-BREAK SPACE}é\N{WAVING HAND SIGN}",
    ],
)
def test_an_article_comes_out_unchanged_whatever_it_holds(folder: Path, text: str) -> None:
    _template(folder, "<<{{ article }}>>")
    assert prompts.load("probe").render(article=text) == {"user": f"<<{text}>>"}


def test_a_template_has_a_message_for_each_block_in_its_order(folder: Path) -> None:
    (folder / "probe.v1.jinja").write_text(
        "{% block system %}Read.{% endblock %}\n\n{% block user %}\n{{ x }}\n{% endblock %}", encoding="utf-8"
    )
    assert list(prompts.load("probe").render(x=1).items()) == [("system", "Read."), ("user", "1")]


@given(st.text())
def test_any_text_comes_out_unchanged(text: str) -> None:
    template = prompts._environment(None).from_string("<<{{ article }}>>\n")
    assert template.render(article=text) == f"<<{text}>>"


def test_blocks_leave_no_blank_lines(folder: Path) -> None:
    _template(folder, "Sentences:\n  {% for item in items %}\n- {{ item }}\n  {% endfor %}\nEnd.\n")
    assert _user(items=["a", "b"]) == "Sentences:\n- a\n- b\nEnd."


def test_the_newest_version_is_taken_by_number_and_any_other_on_request(folder: Path) -> None:
    for version in ("2", "10", "9.5"):
        _template(folder, version, f"probe.v{version}.jinja")
    assert prompts.load("probe") == prompts.Prompt("probe", "10")
    assert prompts.load("probe", "2").render() == {"user": "2"}


@pytest.mark.parametrize(("name", "version"), [("absent", None), ("probe", "3")])
def test_a_prompt_that_is_not_there_is_named_with_those_that_are(folder: Path, name: str, version: str | None) -> None:
    _template(folder, "")
    with pytest.raises(PromptError, match=rf"{name}.*there are: probe\.v1\.jinja"):
        prompts.load(name, version)


def test_no_folder_is_no_prompt_and_no_crash(folder: Path) -> None:
    folder.rmdir()
    with pytest.raises(PromptError, match="there are: none"):
        prompts.load("probe")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{{ article }}", r"probe\.v1\.jinja .*'article' is undefined"),
        ("{% if hint %}x{% endif %}", r"probe\.v1\.jinja .*'hint' is undefined"),
        ("{{ given.part }}", r"probe\.v1\.jinja .*'part'"),
        ("a\n{% if %}", r"probe\.v1\.jinja has an error in line 3"),
    ],
)
def test_a_template_that_asks_for_more_than_it_is_given_fails_with_its_name(folder: Path, content: str, words: str) -> None:
    _template(folder, content)
    with pytest.raises(PromptError, match=words):
        _user(given={})


def test_templates_take_the_words_of_the_models(folder: Path) -> None:
    _template(folder, "{{ labels(MeetingStatus) }}\n{{ meaning(Meeting, 'place') }}")
    lines = _user().splitlines()
    assert lines[0] == f"- held: {MeetingStatus.HELD.meaning}"
    assert len(lines) == len(MeetingStatus) + 1
    assert lines[-1] == Meeting.model_fields["place"].description


def test_a_field_without_a_description_can_not_be_explained() -> None:
    class Silent(BaseModel):
        told: int = Field(description="How many.")
        untold: int

    assert prompts.meaning(Silent, "told") == "How many."
    for field in ("untold", "absent"):
        with pytest.raises(PromptError, match=field):
            prompts.meaning(Silent, field)


def test_the_same_article_has_the_same_nonce_and_another_has_another() -> None:
    assert prompts.nonce(DIGEST) == prompts.nonce(DIGEST, "text")
    assert prompts.nonce(DIGEST) != prompts.nonce(DIGEST[::-1])
    assert len(prompts.nonce(DIGEST)) == 8
    assert prompts.nonce(DIGEST) not in DIGEST


def test_a_nonce_never_occurs_in_the_text() -> None:
    first = prompts.nonce(DIGEST)
    second = prompts.nonce(DIGEST, f"… {first} …")
    assert second not in f"… {first} …"
    assert len(prompts.nonce(DIGEST, f"{first} {second}")) == 24


def test_autoescape_is_off_and_unknown_names_are_errors() -> None:
    environment = prompts._environment(None)
    assert environment.undefined is jinja2.StrictUndefined
    assert environment.autoescape is False

from __future__ import annotations

import base64
import hashlib
import json
import re
import sys
from pathlib import Path

import pytest
from record_samples import protests
from report_samples import ATTACK, attack, denied, talks

from llm_extract import report
from llm_extract.across import merge
from llm_extract.dossier import Dossier
from llm_extract.errors import MissingExtraError, OutputError
from llm_extract.report import render, write_report
from llm_extract.report_data import report_data
from llm_extract.schema import Extraction

ASSETS = Path(report.__file__).parent / "assets"


def _page(*results: Extraction, **options: str) -> str:
    return render(report_data(results, merge(results)), **options)


def _element(page: str, identifier: str) -> str:
    found = re.search(rf'<script type="application/json" id="{identifier}">(.*?)</script>', page, re.DOTALL)
    assert found
    return found[1]


def test_the_data_of_the_page_are_those_of_the_results() -> None:
    data = json.loads(_element(_page(talks(), denied()), "data"))
    assert data == json.loads(json.dumps(report_data([talks(), denied()], merge([talks(), denied()]))))


def test_nothing_that_an_article_says_can_end_the_element_it_stands_in() -> None:
    page = _page(attack())
    assert ATTACK not in page
    assert ATTACK in json.loads(_element(page, "data"))["articles"][0]["text"]
    assert not set("<>&\u2028\u2029") & set(_element(page, "data"))


def test_lone_halves_of_characters_are_written_and_read_back() -> None:
    page = render(report_data([talks(source="\ud83d \u2028")], Dossier()))
    assert page.encode()
    assert json.loads(_element(page, "data"))["articles"][0]["source"] == "\ud83d \u2028"


def test_a_title_is_escaped() -> None:
    assert "<title>&lt;b&gt;&amp;&lt;/b&gt;</title>" in _page(talks(), title="<b>&</b>")


def test_the_policy_names_each_script_and_the_style_and_allows_no_other() -> None:
    page = _page(talks())
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy
    sources = re.findall(r"<style>(.*?)</style>|<script>(.*?)</script>|<script type=\"module\">(.*?)</script>", page, re.DOTALL)
    digests = [base64.b64encode(hashlib.sha256("".join(parts).encode()).digest()).decode() for parts in sources]
    named = re.findall("'sha256-([^']+)'", policy[1].replace("&#39;", "'"))
    assert digests == named
    assert len(named) == 3
    assert "unsafe" not in policy[1]


def test_the_page_names_no_other_file_and_no_address_to_fetch_from() -> None:
    page = _page(talks())
    head = page[: page.index('<script type="application/json"')]
    assert not re.search(r"(?:src|href)=\"(?!#)|@import|url\(", head)


def test_the_same_results_give_the_same_page_in_any_order() -> None:
    assert _page(talks(), denied()) == _page(denied(), talks())


def test_every_module_of_the_page_is_joined_behind_those_that_it_imports() -> None:
    names = {file.stem for file in (ASSETS / "report").glob("*.js")}
    assert sorted(names) == sorted(report._MODULES)
    for name in names:
        wanted = re.findall(r'from "\./(\w+)\.js"', (ASSETS / "report" / f"{name}.js").read_text(encoding="utf-8"))
        assert [other for other in wanted if report._MODULES.index(other) > report._MODULES.index(name)] == []


def test_no_two_modules_of_the_page_define_one_name() -> None:
    script = report._script()
    defined = re.findall(r"^(?:async )?(?:const|let|function) (\w+)", script, re.MULTILINE)
    assert len(defined) > 50
    assert sorted(set(defined)) == sorted(defined)
    assert not re.search(r"^(?:import|export) ", script, re.MULTILINE)


def test_the_page_parses_no_text_as_html() -> None:
    sources = [file.read_text(encoding="utf-8") for file in (ASSETS / "report").glob("*.js")]
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|\beval\b\(|new Function", "\n".join(sources))


def test_an_asset_that_would_end_its_element_is_refused() -> None:
    with pytest.raises(OutputError, match="would end it"):
        report._source("const x = '</Script>';")


def test_an_article_is_shown_once_by_the_fuller_of_its_results(tmp_path: Path) -> None:
    full = talks()
    bare = full.model_copy(update={"meetings": (), "quotes": ()})
    assert write_report([bare, full, bare, denied()], tmp_path / "deep" / "r.html") == 2
    data = json.loads(_element((tmp_path / "deep" / "r.html").read_text(encoding="utf-8"), "data"))
    assert [len(article["quotes"]) for article in data["articles"]] == [3, 0]


def test_a_dossier_that_is_given_is_the_one_that_is_shown(tmp_path: Path) -> None:
    out = tmp_path / "r.html"
    write_report([talks(), denied()], out, dossier=merge([talks()]))
    data = json.loads(_element(out.read_text(encoding="utf-8"), "data"))
    assert [len(record["mentions"]) for record in data["records"]] == [1]


def test_a_report_of_nothing_is_a_report(tmp_path: Path) -> None:
    assert write_report([], tmp_path / "r.html") == 0
    assert json.loads(_element((tmp_path / "r.html").read_text(encoding="utf-8"), "data"))["articles"] == []


def test_a_report_of_records_alone_is_called_so(tmp_path: Path) -> None:
    for results, title in (([protests()], "Records"), ([protests(), talks()], report.TITLE)):
        write_report(results, tmp_path / "r.html")
        assert f"<title>{title}</title>" in (tmp_path / "r.html").read_text(encoding="utf-8")


def test_a_place_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="Can't write to"):
        write_report([talks()], tmp_path)


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    report._charts.cache_clear()
    monkeypatch.delitem(sys.modules, "llm_extract.report_charts", raising=False)
    monkeypatch.delattr("llm_extract.report_charts", raising=False)
    monkeypatch.setitem(sys.modules, "altair", None)
    with pytest.raises(MissingExtraError, match=r"llm-extract\[report\]"):
        _page(talks())

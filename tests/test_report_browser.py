"""The report in a real browser: what readers do with it, and what an article may not do to them."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Dialog, Page, expect
from pydantic import JsonValue
from record_samples import HELD, MARCHED, party, protests
from record_samples import TEXT as TEXT_OF_RECORDS
from report_samples import ATTACK, OVERRIDE, TEXT, attack, denied, talks

from benchmarks.report.synthetic import articles
from llm_extract import report
from llm_extract.report import write_report
from llm_extract.schema import Extraction

pytestmark = pytest.mark.browser

MODULES = Path(report.__file__).parent / "assets" / "report"
MANY, MOST_ELEMENTS = 1000, 6000
READY = "html[data-ready]"
PATIENCE_S = 20


@dataclass
class Visit:
    """A page that is open, what it asked for over a network, and what it complained of."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def refuse(self, dialog: Dialog) -> None:
        """Complain of a dialog."""
        self.complaints.append(dialog.message)
        dialog.dismiss()

    def go(self, address: str) -> None:
        """Follow an address within the report."""
        self.page.evaluate("(to) => { location.hash = to }", address)
        self.shown(address)

    def shown(self, address: str) -> None:
        """Wait until what an address names is shown."""
        self.until(f"document.documentElement.dataset.shown === {json.dumps(address)}")

    def until(self, condition: str) -> None:
        """Wait until a condition holds. Playwright's own waiting needs `eval`, which the page forbids."""
        for _ in range(PATIENCE_S * 50):
            if self.page.evaluate(condition):
                return
            self.page.wait_for_timeout(20)
        raise AssertionError(condition)

    def text(self, selector: str) -> str:
        """The text of the first element."""
        return self.page.locator(selector).first.inner_text()

    def count(self, selector: str) -> int:
        """How many elements there are that can be seen."""
        return sum(element.is_visible() for element in self.page.locator(selector).all())


@pytest.fixture(scope="session")
def page_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., str]:
    """Write the report of some results, and return its address."""

    def write(*results: Extraction) -> str:
        out = tmp_path_factory.mktemp("report") / "report.html"
        write_report(results, out)
        return out.as_uri()

    return write


@pytest.fixture(scope="session")
def address(page_of: Callable[..., str]) -> str:
    """The report of a meeting that two articles tell of."""
    return page_of(
        talks(url="https://news.example/talks"), denied(), talks("undated", None).model_copy(update={"meetings": (), "text": None})
    )


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Visit]]:
    """Open a report; after the test, nothing may have been fetched, refused or thrown."""
    opened: list[Visit] = []

    def open_(address: str, hash_: str = "", **options: Any) -> Visit:  # noqa: ANN401  as Playwright takes them
        page = browser.new_context(**options).new_page()
        made = Visit(page)
        opened.append(made)
        page.on("request", lambda request: made.requests.append(request.url))
        page.on("pageerror", lambda error: made.complaints.append(error.message))
        page.on("console", lambda message: made.complaints.append(message.text))
        page.on("dialog", made.refuse)
        page.goto(address + hash_)
        page.wait_for_selector(READY)
        return made

    yield open_
    for made in opened:
        assert {url for url in made.requests if not url.startswith("file://")} == set()
        assert len(made.requests) == 1
        assert made.complaints == []
        made.page.context.close()


def test_the_overview_shows_meetings_voices_and_articles(address: str, visit: Callable[..., Visit]) -> None:
    page = visit(address)
    assert "3 articles · 1 meeting · 6 quotes" in page.text("#summary")
    assert page.count("#lanes li") == 1
    assert "contradicted" in page.text("#lanes li")
    assert page.page.locator("#plot svg .mark-symbol path").count() >= 2
    assert set(page.page.locator("#plot svg .mark-text text").all_text_contents()) >= {"AL", "CP"}
    assert page.count("#articles-list li") == 3


def test_a_pointer_on_a_mark_shows_words_and_source_and_a_click_opens_the_article(address: str, visit: Callable[..., Visit]) -> None:
    page = visit(address)
    mark = page.page.locator("#plot svg .mark-symbol path[fill='var(--planned)']")
    mark.hover()
    assert "Ann Lee will meet Bo Kim" in page.text("#card")
    assert "Talks in Oslo" in page.text("#card")
    mark.click()
    page.shown("#article/talks/M1")
    assert page.text("h1 >> visible=true") == "Talks in Oslo"


def test_the_plot_can_be_walked_with_the_arrow_keys(address: str, visit: Callable[..., Visit]) -> None:
    page = visit(address)
    page.page.focus("#plot")
    assert "planned" in page.text("#card")
    page.page.keyboard.press("ArrowRight")
    assert "cancelled" in page.text("#card")
    assert "cancelled" in page.text("#announcement")
    page.page.keyboard.press("Enter")
    page.shown("#article/denial/M1")


def test_the_table_says_what_the_plot_says(address: str, visit: Callable[..., Visit]) -> None:
    page = visit(address)
    page.page.click("summary >> text=The timeline as a table")
    rows = page.page.locator("#mentions tr").all_inner_texts()
    assert [status in row for status, row in zip(("planned", "cancelled"), rows, strict=True)] == [True, True]
    assert "Cy Poe denies: “" in rows[0]


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("person", "poe", "1 mention of meetings, 2 quotes, 2 articles"),
        ("text", "reuters", "0 mentions of meetings, 0 quotes, 1 article"),
        ("text", "oslo off.", "1 mention of meetings, 0 quotes, 1 article"),
        ("from", "2024-05-09", "1 mention of meetings, 0 quotes, 1 article"),
        ("to", "2024-05-08", "1 mention of meetings, 3 quotes, 1 article"),
    ],
)
def test_a_filter_keeps_what_passes_it(name: str, value: str, found: str, address: str, visit: Callable[..., Visit]) -> None:
    page = visit(address)
    page.page.fill(f"#filters [name={name}]", value)
    page.until(f"new URLSearchParams(location.hash.split('?')[1]).get('{name}') === '{value}'")
    expect(page.page.locator("#found")).to_have_text(f"Found: {found}")
    page.page.click("#clear")
    expect(page.page.locator("#found")).to_contain_text("All: 2 mentions")


def test_statuses_are_filtered_by_checkboxes_and_back_undoes_it(address: str, visit: Callable[..., Visit]) -> None:
    page = visit(address)
    page.page.check("[name=status][value=cancelled]", force=True)
    page.shown("#timeline?status=cancelled")
    assert page.text("#found") == "Found: 1 mention of meetings, 0 quotes, 1 article"
    page.page.go_back()
    expect(page.page.locator("#found")).to_contain_text("All: 2 mentions")
    assert not page.page.is_checked("[name=status][value=cancelled]")


def test_a_click_on_a_speaker_filters_by_them_and_another_takes_it_away(address: str, visit: Callable[..., Visit]) -> None:
    page = visit(address)
    page.page.locator("#voices-plot svg .mark-rect path").nth(1).click()
    page.until("location.hash.includes('person=')")
    assert page.count("#quotes li") == 2
    page.page.click("summary >> text=The same as a table")
    page.page.click("#voices-rows button[aria-pressed=true]")
    page.until("!location.hash.includes('person=')")
    expect(page.page.locator("#quotes li")).to_have_count(6)


def test_an_article_shows_its_text_to_the_letter(address: str, visit: Callable[..., Visit]) -> None:
    page = visit(address, "#article/talks")
    shown = page.page.evaluate(
        "[...document.querySelectorAll('.text p')].map((p) => { const copy = p.cloneNode(true);"
        " copy.querySelectorAll('.signpost').forEach((a) => a.remove()); return copy.textContent; })"
    )
    assert shown == TEXT.split("\n\n")


def test_quotes_are_marked_by_speaker_also_where_one_stands_in_another(address: str, visit: Callable[..., Visit]) -> None:
    page = visit(address, "#article/talks")
    marked = {element.inner_text(): element.get_attribute("class") or "" for element in page.page.locator(".text .quote").all()}
    outer, inner = marked["We agree 🤝 on ‘"], marked["the big things"]
    assert "nested" in inner
    assert "nested" not in outer
    assert set(re.findall(r"voice-\d", outer)) != set(re.findall(r"voice-\d", inner))
    assert marked["For now."].split()[:2] == outer.split()[:2]
    assert "evidence" in outer


def test_a_click_on_a_quote_in_the_panel_marks_all_its_pieces(address: str, visit: Callable[..., Visit]) -> None:
    page = visit(address, "#article/talks")
    page.page.click(".panel .items a:has-text('We agree')")
    page.shown("#article/talks/Q1")
    marked = "".join(page.page.locator(".text .on").all_inner_texts())
    assert marked == "We agree 🤝 on ‘the big things’,For now."
    assert page.page.locator(".text .detail").all_inner_texts() == ["Ann Lee", "said Lee"]
    assert "For now." in page.text("#announcement")
    facts = page.text(".picked")
    assert [part for part in ("Ann Lee", "direct speech", "“said Lee”", "planned") if part not in facts] == []


def test_a_click_on_evidence_shows_what_rests_on_it(address: str, visit: Callable[..., Visit]) -> None:
    page = visit(address, "#article/talks")
    page.page.locator(".text .quote.nested").click()
    page.until("location.hash.includes('/at/')")
    assert page.page.locator(".picked .items li").count() == 3
    page.page.click(".picked .items a:has-text('Bo Kim: ')")
    page.shown("#article/talks/Q2")


def test_a_meeting_in_an_article_leads_to_its_history_and_back_again(address: str, visit: Callable[..., Visit]) -> None:
    page = visit(address, "#article/talks/M1")
    assert "What rests on it" not in page.text(".picked")
    page.page.click("text=This meeting across articles")
    page.page.wait_for_selector(".history")
    assert [text.split("\n")[0] for text in page.page.locator(".history > li").all_inner_texts()] == [
        "6 May 2024 planned",
        "9 May 2024 cancelled",
    ]
    assert "Ann Lee confirms what Cy Poe denies." in page.text(".disagreements")
    page.page.go_back()
    page.shown("#article/talks/M1")
    assert page.count(".picked") == 1
    page.page.keyboard.press("Escape")
    page.shown("#article/talks")
    assert page.count(".picked") == 0


def test_a_deep_link_brings_the_passage_into_view(visit: Callable[..., Visit], page_of: Callable[..., str]) -> None:
    (long,) = articles(1)
    quote = long.quotes[-1]
    page = visit(page_of(long), f"#article/{long.article.id}/{quote.id}", viewport={"width": 800, "height": 400})
    page.until("(() => { const box = document.querySelector('.text .on').getBoundingClientRect(); return box.top > 0 && box.top < 400 })()")


def test_an_address_that_names_nothing_says_so(address: str, visit: Callable[..., Visit]) -> None:
    for wrong in ("#article/none", "#article/%E0%A4%A", "#meeting/x"):
        assert visit(address, wrong).text("#other h1") == "Not in this report"
    assert visit(address, "#article/talks/Q99").count(".picked") == 0


def test_without_the_texts_quotes_and_evidence_are_still_there(address: str, visit: Callable[..., Visit]) -> None:
    page = visit(address, "#article/undated/Q1")
    assert "without the article’s text" in page.text("article")
    assert "“We agree 🤝 on ‘the big things’,”" in page.text(".picked")
    assert "undated" in page.text("#other .byline")


def test_only_addresses_on_the_web_are_links(address: str, visit: Callable[..., Visit], page_of: Callable[..., str]) -> None:
    link = visit(address, "#article/talks").page.locator("a.origin")
    assert (link.get_attribute("href"), link.get_attribute("rel")) == ("https://news.example/talks", "noopener noreferrer")
    hostile = visit(page_of(attack()))
    hostile.page.click("#articles-list a")
    hostile.page.wait_for_selector("#other .byline")
    assert "javascript:alert(1)" in hostile.text("#other .byline")
    assert hostile.page.locator("a:not([href^='#'])").count() == 0


def test_an_article_that_is_an_attack_stays_text(visit: Callable[..., Visit], page_of: Callable[..., str]) -> None:
    page = visit(page_of(attack(), talks()))
    assert ATTACK in page.text(".entry-card")
    page.page.check("[name=kind]", force=True)
    page.until("location.hash.includes('kind=')")
    page.page.click("#clear")
    page.page.click("summary >> text=The timeline as a table")
    page.page.locator("#plot svg .mark-symbol path").first.hover()
    page.page.fill("#filters [name=text]", "<img")
    page.until("location.hash.includes('text=')")
    page.page.click("#articles-list a")
    page.page.wait_for_selector(".text p")
    assert page.text("#other h1") == ATTACK
    assert page.page.locator(".text p").nth(1).inner_text().startswith(ATTACK)
    assert page.page.title().startswith(ATTACK)
    for part in page.page.locator(".panel .items a").all():
        part.click()
        assert page.count(".picked") == 1
    page.page.click(".panel .items a >> nth=0")
    page.page.click("text=This meeting across articles")
    page.page.wait_for_selector(".history")
    assert page.page.locator("img, iframe, object, embed").count() == 0
    assert page.page.evaluate("document.scripts.length") == 6


def test_characters_that_turn_the_direction_are_shown_as_marks(visit: Callable[..., Visit], page_of: Callable[..., str]) -> None:
    page = visit(page_of(attack()))
    page.page.click("#articles-list a")
    page.page.wait_for_selector(".text p")
    shown = page.page.evaluate("document.getElementById('other').textContent")
    assert not set(OVERRIDE) & {"\u202e", "\u202c"} & set(shown)
    assert "\ufffdevil\ufffd" in shown


def test_the_keyboard_reaches_what_matters_in_order(address: str, visit: Callable[..., Visit]) -> None:
    page = visit(address)
    page.page.keyboard.press("Tab")
    assert page.page.evaluate("document.activeElement.className") == "skip"
    page.page.keyboard.press("Enter")
    assert page.page.evaluate("document.activeElement.tagName") == "H1"
    reached = []
    for _ in range(24):
        page.page.keyboard.press("Tab")
        reached.append(
            page.page.evaluate("document.activeElement.name || document.activeElement.id || document.activeElement.dataset.part || ''")
        )
    wanted = ["text", "person", "from", "to", "status", "timeline", "voices", "articles", "order", "plot"]
    assert [name for name in dict.fromkeys(reached) if name in wanted] == wanted


def test_every_control_has_a_name_and_every_landmark_is_there(address: str, visit: Callable[..., Visit]) -> None:
    page = visit(address, "#article/talks/M1")
    assert page.page.get_by_role("main").count() == 1
    assert page.page.get_by_role("complementary", name="Facts").count() == 1
    assert page.page.get_by_role("link", name="Quote of Ann Lee").count() == 1
    unnamed = (
        "[...document.querySelectorAll('a, button')].filter((e) => e.checkVisibility() && !(e.textContent.trim() || e.ariaLabel)).length"
    )
    assert page.page.evaluate(unnamed) == 0
    assert page.page.evaluate("document.activeElement === document.body")
    page.page.click("text=← Overview")
    assert page.page.get_by_role("search").count() == 1
    assert page.page.get_by_label("Person").count() == 1
    assert page.page.evaluate("document.activeElement.tagName") == "H1"


@pytest.mark.parametrize("hash_", ["", "#article/talks/M1", "#meeting"])
def test_a_phone_needs_no_scrolling_sideways(hash_: str, address: str, visit: Callable[..., Visit]) -> None:
    page = visit(address, hash_, viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True)
    if hash_ == "#meeting":
        page.go("#timeline")
        page.page.click("#lanes a")
        page.page.wait_for_selector(".history")
    assert page.page.evaluate("document.documentElement.scrollWidth") == 360


def test_on_a_phone_the_panel_leaves_the_passage_to_be_seen(address: str, visit: Callable[..., Visit]) -> None:
    page = visit(address, "#article/talks/Q3", viewport={"width": 360, "height": 740})
    page.until(
        "document.querySelector('.text .on').getBoundingClientRect().bottom < document.querySelector('.picked').getBoundingClientRect().top"
    )


def test_the_dark_scheme_changes_paper_ink_and_plots(address: str, visit: Callable[..., Visit]) -> None:
    style = "getComputedStyle(document.querySelector('{}')).{}"
    wanted = {"body": ("backgroundColor", "color"), "#plot .mark-symbol path[fill*=planned]": ("fill",)}
    colours = f"[{', '.join(style.format(what, part) for what, parts in wanted.items() for part in parts)}]"
    light = visit(address, color_scheme="light").page.evaluate(colours)
    dark = visit(address, color_scheme="dark").page.evaluate(colours)
    assert [one == other for one, other in zip(light, dark, strict=True)] == [False, False, False]


def test_print_leaves_out_what_only_a_screen_needs(address: str, visit: Callable[..., Visit]) -> None:
    page = visit(address, "#article/talks", color_scheme="light")
    assert page.count(".steps") == 1
    page.page.emulate_media(media="print")
    assert page.count(".steps") == 0
    assert page.count(".text p") == 3
    assert page.count(".panel .items li") == 4
    assert page.page.pdf().startswith(b"%PDF")


def test_a_thousand_articles_stay_a_small_page(visit: Callable[..., Visit], page_of: Callable[..., str]) -> None:
    page = visit(page_of(*articles(MANY)))
    assert f"{MANY:,} articles" in page.text("#summary")
    size = "document.querySelectorAll('*').length"
    assert page.page.evaluate(size) < MOST_ELEMENTS
    shown = page.count("#lanes li")
    page.page.click("#more-lanes")
    expect(page.page.locator("#lanes li")).to_have_count(2 * shown)
    page.page.click("#articles-list + .more")
    assert page.page.evaluate(size) < MOST_ELEMENTS
    page.go("#timeline?text=railway&person=Novak")
    assert 0 < page.count("#lanes li") < shown


def test_a_report_of_nothing_says_so(visit: Callable[..., Visit], page_of: Callable[..., str]) -> None:
    page = visit(page_of())
    assert "0 articles" in page.text("#summary")
    assert page.text("#timeline-note") == "No meeting passes the filters."


@pytest.fixture(scope="session")
def records(page_of: Callable[..., str]) -> str:
    """The report of records alone, of two kinds."""
    strike: dict[str, JsonValue] = {"date": "2024-06-01", "sector": "rail", "leader": party("Jan Berg").model_dump(mode="json")}
    bare = protests("bare", values=[strike]).model_copy(update={"text": None})
    return page_of(protests(), protests("rails", values=[strike], kind="strike"), bare)


def test_a_report_of_records_shows_them_as_cards_and_nothing_of_meetings(records: str, visit: Callable[..., Visit]) -> None:
    page = visit(records)
    assert page.text("#summary") == "3 articles · 3 records · 7 May 2024"
    assert [page.count(f"#{part}") for part in ("timeline", "voices", "records")] == [0, 0, 1]
    assert page.page.locator("#parts a >> visible=true").all_inner_texts() == ["Records", "Articles"]
    card = page.text(".entry-card:has-text('higher wages')")
    assert [part for part in ("protest", "300", "Ilze Kalnina, Harbour Union", "“higher wages”", "city") if part not in card] == []
    assert "meeting" not in page.text("main").lower()


def test_records_are_filtered_by_kind_person_and_words(records: str, visit: Callable[..., Visit]) -> None:
    page = visit(records)
    page.page.check("[name=kind][value=strike]", force=True)
    page.shown("#timeline?kind=strike")
    assert page.text("#found") == "Found: 1 record, 1 article"
    page.page.click("#clear")
    for name, value, found in (("text", "old gate", 3), ("text", "rail", 2), ("person", "kalnina", 1)):
        page.go(f"#records?{name}={value.replace(' ', '+')}")
        assert page.text("#found").startswith(f"Found: {found} record")


def test_a_record_leads_to_its_evidence_and_evidence_back_to_it(records: str, visit: Callable[..., Visit]) -> None:
    page = visit(records)
    page.page.click(".entry-card:has-text('higher wages') .source a")
    page.shown("#article/docks/R1")
    marked = "".join(page.page.locator(".text .on").all_inner_texts())
    assert marked == f"{MARCHED}{HELD}"
    assert "Riga" in page.page.locator(".text .slice.detail").all_inner_texts()
    page.page.click(".picked a:has-text('“the Old Gate”')")
    page.until("location.hash.includes('/at/')")
    assert "What rests on this passage" in page.text(".picked")
    page.page.click(".picked .items a")
    page.shown("#article/docks/R1")
    page.page.click(".text .slice:has-text('higher wages')")
    page.shown("#article/docks/R1")


def test_slices_of_records_are_marked_and_the_text_is_still_to_the_letter(records: str, visit: Callable[..., Visit]) -> None:
    page = visit(records, "#article/docks")
    assert {"Riga", "higher wages", "the Old Gate", "Jan Berg"} < {*page.page.locator(".text .slice").all_inner_texts()}
    shown = page.page.evaluate(
        "[...document.querySelectorAll('.text p')].map((p) => { const copy = p.cloneNode(true);"
        " copy.querySelectorAll('.signpost').forEach((a) => a.remove()); return copy.textContent; })"
    )
    assert shown == TEXT_OF_RECORDS.split("\n\n")
    assert page.page.get_by_role("link", name="Record, protest").count() == 2
    assert "No meetings" not in page.text("#other")


def test_records_without_their_texts_have_their_words(records: str, visit: Callable[..., Visit]) -> None:
    facts = visit(records, "#article/bare/R1").text(".picked")
    assert [part for part in ("rail", "2024-06-01", "Jan Berg", "“Police held 2 of them at the Old Gate.”") if part not in facts] == []


def test_records_stand_beside_meetings_and_quotes(visit: Callable[..., Visit], page_of: Callable[..., str]) -> None:
    page = visit(page_of(talks(), protests()))
    assert "2 articles · 1 meeting · 3 quotes · 1 record" in page.text("#summary")
    assert [page.count(f"#{part}") for part in ("timeline", "voices", "records")] == [1, 1, 1]
    page.page.check("[name=kind][value=protest]", force=True)
    page.shown("#timeline?kind=protest")
    assert page.text("#found") == "Found: 0 mentions of meetings, 0 quotes, 1 record, 1 article"


def test_a_phone_needs_no_scrolling_sideways_for_records(records: str, visit: Callable[..., Visit]) -> None:
    for hash_ in ("#records", "#article/docks/R1"):
        page = visit(records, hash_, viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True)
        assert page.page.evaluate("document.documentElement.scrollWidth") == 360


@pytest.fixture(scope="session")
def modules(browser: Browser) -> Iterator[Page]:
    """A page into which single modules can be imported, from a server on loopback."""
    handler = functools.partial(_Quiet, directory=str(MODULES))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    Thread(target=server.serve_forever, daemon=True).start()
    page = browser.new_page()
    page.goto(f"http://127.0.0.1:{server.server_port}/")
    yield page
    page.close()
    server.shutdown()
    server.server_close()


class _Quiet(SimpleHTTPRequestHandler):
    extensions_map = {**SimpleHTTPRequestHandler.extensions_map, ".js": "text/javascript"}  # noqa: RUF012  as the base class has it

    def log_message(self, *_: object) -> None:
        pass


SPANS = st.lists(st.lists(st.integers(0, 30), min_size=2, max_size=2).map(sorted), max_size=8)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(SPANS, st.integers(0, 10), st.integers(11, 30))
def test_a_text_is_cut_at_all_borders_and_each_piece_knows_what_covers_it(
    modules: Page, spans: list[list[int]], start: int, end: int
) -> None:
    marks = [{"start": first, "end": last, "owner": str(number)} for number, (first, last) in enumerate(spans)]
    cut = modules.evaluate("async ([start, end, marks]) => (await import('/segments.js')).segments(start, end, marks)", [start, end, marks])
    assert [piece["start"] for piece in cut] + [end] == [start] + [piece["end"] for piece in cut]
    covering = {at: {str(number) for number, (first, last) in enumerate(spans) if first <= at < last} for at in range(start, end)}
    for piece in cut:
        for at in range(piece["start"], piece["end"]):
            assert {mark["owner"] for mark in piece["over"]} == covering[at]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.floats(0, 1000), st.integers(10, 60)), max_size=12))
def test_marks_that_are_set_apart_keep_their_order_and_cover_no_neighbour(modules: Page, marks: list[tuple[float, int]]) -> None:
    places, widths = [place for place, _ in sorted(marks)], [width for _, width in sorted(marks)]
    shifts = modules.evaluate("async ([places, widths]) => (await import('/apart.js')).apart(places, widths)", [places, widths])
    moved = [place + shift for place, shift in zip(places, shifts, strict=True)]
    for place in range(1, len(moved)):
        assert moved[place] - moved[place - 1] >= (widths[place] + widths[place - 1]) / 2 - 1e-6


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("2018-11-06", "6 November 2018"),
        ("2018-07", "July 2018"),
        ("2018", "2018"),
        ("2019-06-28/2019-06-29", "28–29 June 2019"),
        ("2019-06-28/..", "2019-06-28/.."),
    ],
)
def test_dates_are_written_in_words(modules: Page, written: str, shown: str) -> None:
    found = modules.evaluate("async (date) => (await import('/words.js')).dateInWords(date)", written)
    assert re.sub(r"\s*–\s*", "–", found) == shown


@pytest.mark.parametrize(
    ("name", "letters"), [("Ilze Kalnina", "IK"), ("The Hague", "H"), ("Владимир Путин", "ВП"), ("", "?"), ("🤝", "?")]
)
def test_names_have_initials(modules: Page, name: str, letters: str) -> None:
    assert modules.evaluate("async (name) => (await import('/words.js')).initials(name)", name) == letters

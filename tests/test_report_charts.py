from __future__ import annotations

import json
import re

from llm_extract import report_charts
from llm_extract.report_marks import STATUSES


def test_the_timeline_has_the_data_sets_and_signals_that_the_page_fills() -> None:
    specification = json.loads(report_charts.timeline())
    assert {"lanes", "dates", "mentions", "claims"} <= {data["name"] for data in specification["data"]}
    assert {"first", "last", "focus", "shift"} <= {signal["name"] for signal in specification["signals"]}
    assert all("values" not in data and "url" not in data for data in specification["data"])


def test_each_status_is_drawn_with_its_shape_and_its_colour() -> None:
    written = report_charts.timeline()
    assert list(STATUSES) in [scale["domain"] for scale in json.loads(written)["scales"]]
    for mark in STATUSES.values():
        assert json.dumps(mark.path) in written
        assert json.dumps(mark.colour) in written


def test_the_plots_have_no_colour_that_dark_mode_can_not_change() -> None:
    for specification in (report_charts.timeline(), report_charts.voices()):
        colours = re.findall(r'"(?:fill|stroke|\w*[cC]olor)": (?:\{"value": )?"([^"]+)"', specification)
        assert colours
        assert {colour for colour in colours if not colour.startswith(("var(", "transparent", "layer_"))} == set()


def test_the_library_that_draws_is_one_script_that_ends_nothing() -> None:
    source = report_charts.vega()
    assert "window.vegaEmbed=" in source
    assert not re.search(r"</script|<!--|^import |^export ", source, re.IGNORECASE | re.MULTILINE)

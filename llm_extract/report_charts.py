"""The plots of the report, as Vega specifications without data, and the library that draws them.

The specifications are written in Altair, which checks them, and compiled here, so that the page need not do it. The data and the width come
from the page. Colours are CSS properties, which the SVG that Vega draws passes on to the browser.
This module needs the extra `report`, and takes a second to import: it is imported by the function that uses it.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from typing import Any

import altair as alt
import vl_convert

from llm_extract.report_marks import STANCES, STATUSES

__all__ = ["timeline", "vega", "voices"]

_FONT = "var(--sans)"


@functools.cache
def timeline() -> str:
    """Return the specification of the timeline as JSON.

    Its data sets: `lanes` (`lane`, `first`, `last`), `dates` (`lane`, `from`, `to`), `mentions` (`lane`, `day`, `dx`, `status`, `index`)
    and `claims` (`lane`, `day`, `dx`, `stance`, `initials`, `index`). Its signals: `first` and `last` bound the axis, in milliseconds;
    `focus` is the index of the mention that is in focus; `shift` puts all marks that many pixels below the middle of their lanes.
    """
    focus = alt.param("focus", value=-1)
    place = [alt.param("first", value=0), alt.param("last", value=1), alt.param("shift", value=0)]
    layers = [_tracks(), _dates(), _rings(), _mentions(), _claims()]
    chart = alt.layer(*layers).add_params(focus, *place).resolve_scale(color="independent")
    return _compile(chart, padding={"top": 30, "left": 16, "right": 16, "bottom": 0})


@functools.cache
def voices() -> str:
    """Return the specification of the plot of who spoke how often, as JSON.

    Its data set: `voices` (`name`, `quotes`, `chosen`).
    """
    base = alt.Chart(alt.NamedData(name="voices")).encode(
        y=alt.Y("name:N", sort=None, title=None, scale=alt.Scale(padding=0.25), axis=alt.Axis(labelLimit=140, labelPadding=8)),
        x=alt.X("quotes:Q", title=None, axis=None, scale=alt.Scale(domainMin=0)),
    )
    bars = base.mark_bar(cursor="pointer", cornerRadiusEnd=2).encode(
        color=alt.condition("datum.chosen", alt.value("var(--accent)"), alt.value("var(--bar)"))
    )
    counts = base.mark_text(align="left", dx=5, cursor="pointer", color="var(--ink-2)").encode(text="quotes:Q")
    return _compile(bars + counts, padding={"top": 0, "left": 150, "right": 36, "bottom": 0})


@functools.cache
def vega() -> str:
    """Return the source of Vega-Embed, with Vega in it, as a classic script that defines `vegaEmbed`."""
    bundle: str = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")
    return f"(() => {{\n{bundle}\n}})();\n"


def _x(field: str = "day") -> alt.X:
    axis = alt.Axis(orient="top", grid=True, tickCount=alt.ExprRef("max(2, width / 90)"), labelFlush=True, labelPadding=8)
    scale = alt.Scale(type="utc", domainMin=alt.ExprRef("first"), domainMax=alt.ExprRef("last"), nice=False)
    return alt.X(field, type="temporal", title=None, axis=axis, scale=scale)


def _y() -> alt.Y:
    return alt.Y("lane:O", axis=None, scale=alt.Scale(type="band", padding=0))


def _offsets(down: str = "0") -> dict[str, Any]:
    return {"xOffset": alt.expr("datum.dx"), "yOffset": alt.expr(f"shift + {down}")}


def _tracks() -> alt.Chart:
    """From the first to the last mention."""
    chart = alt.Chart(alt.NamedData(name="lanes")).mark_rule(stroke="var(--rule)", strokeWidth=1.5, clip=True, yOffset=alt.expr("shift"))
    encoded: alt.Chart = chart.encode(x=_x("first"), x2="last", y=_y())
    return encoded


def _dates() -> alt.Chart:
    """When the meeting was or is to be."""
    chart = alt.Chart(alt.NamedData(name="dates"))
    mark = chart.mark_bar(fill="var(--when)", stroke="var(--when-line)", strokeWidth=1, height=20, clip=True, yOffset=alt.expr("shift"))
    encoded: alt.Chart = mark.encode(x=_x("from"), x2="to", y=_y())
    return encoded


def _rings() -> alt.Chart:
    """Around the mention in focus."""
    chart = alt.Chart(alt.NamedData(name="mentions")).transform_filter("datum.index === focus")
    mark = chart.mark_point(size=620, filled=False, stroke="var(--accent)", strokeWidth=2, **_offsets())
    encoded: alt.Chart = mark.encode(x=_x(), y=_y())
    return encoded


def _mentions() -> alt.Chart:
    labels = [status.value for status in STATUSES]
    shapes = alt.Scale(domain=labels, range=[mark.path for mark in STATUSES.values()])
    colours = alt.Scale(domain=labels, range=[mark.colour for mark in STATUSES.values()])
    chart = alt.Chart(alt.NamedData(name="mentions"))
    mark = chart.mark_point(filled=True, opacity=1, size=170, stroke="var(--paper)", strokeWidth=1.5, cursor="pointer", **_offsets())
    encoded: alt.Chart = mark.encode(
        x=_x(),
        y=_y(),
        shape=alt.Shape("status:N", scale=shapes, legend=None),
        color=alt.Color("status:N", scale=colours, legend=None),
    )
    return encoded


def _claims() -> alt.Chart:
    """The initials of who says so."""
    labels = [stance.value for stance in STANCES]
    colours = alt.Scale(domain=labels, range=[mark.colour for mark in STANCES.values()])
    offsets = json.dumps({stance.value: mark.offset for stance, mark in STANCES.items()})
    chart = alt.Chart(alt.NamedData(name="claims"))
    mark = chart.mark_text(
        fontSize=10,
        fontWeight=600,
        cursor="pointer",
        **_offsets(f"{offsets}[datum.stance]"),
    )
    encoded: alt.Chart = mark.encode(x=_x(), y=_y(), text="initials:N", color=alt.Color("stance:N", scale=colours, legend=None))
    return encoded


def _compile(chart: alt.LayerChart, *, padding: Mapping[str, int]) -> str:
    axis = {
        "labelFont": _FONT,
        "labelFontSize": 12,
        "labelColor": "var(--ink-2)",
        "gridColor": "var(--rule-2)",
        "domain": False,
        "ticks": False,
    }
    size = {"width": 600, "height": 100, "padding": padding, "autosize": alt.AutoSizeParams(type="none")}
    styled = chart.properties(background="transparent", **size).configure_view(stroke=None).configure_axis(**axis)
    return json.dumps(vl_convert.vegalite_to_vega(styled.configure_text(font=_FONT, fontSize=12).to_dict()))

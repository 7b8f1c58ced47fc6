"""The graph panel of Grafana up to 7, which the Angular plugin drew, read as a time series panel."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cockpit.metrics.dashboards.fields import ColourMode, Field, Matcher, Override, Step, Style, Thresholds
from cockpit.metrics.dashboards.model import Kind, Legend
from cockpit.metrics.dashboards.options import TimeseriesOptions
from cockpit.metrics.dashboards.reading.body import Body

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cockpit.metrics.dashboards.reading.parts import Part

CALCS = {"current": "lastNotNull", "avg": "mean", "total": "sum", "min": "min", "max": "max"}
"""What Grafana called its calculations, and what it calls them now."""
_BASE = float("-inf")
_SEVERE = {"critical": "red", "warning": "orange", "ok": "green"}
_FILLS = 10
"""The opacity of areas went from 0 to 10."""


def read_graph(panel: Part) -> Body:
    """A graph. Its right axis becomes an override of the series that were drawn on it."""
    axes = list(panel.objects("yaxes"))
    left, right = (axes[0] if axes else panel["yaxis"]), (axes[1] if len(axes) > 1 else None)
    field = replace(_axis(left), decimals=panel.decimals(), thresholds=_thresholds(panel), style=_style(panel))
    mode = panel["xaxis"].text("mode")
    return Body(
        kind=Kind.TIMESERIES,
        field=field,
        overrides=(*_aliases(panel), *_series(panel, right)),
        options=TimeseriesOptions(
            log_base=base if (base := left.whole("logBase", 1, least=1, most=1000)) > 1 else 0,
            thresholds="line" if field.thresholds else "off",
            axis_label=left.text("label"),
        ),
        legend=_legend(panel["legend"]),
        missing=() if mode in ("", "time") else (f"an axis of {mode} in place of time",),
    )


def _axis(axis: Part) -> Field:
    return Field(unit=axis.text("format") or None, minimum=axis.number("min"), maximum=axis.number("max"))


def _style(panel: Part) -> Style:
    nulls = panel.text("nullPointMode")
    stacked = panel.flag("stack")
    return Style(
        draw="bars" if panel.flag("bars") else "line" if panel.flag("lines", default=True) else "points",
        stack=("percent" if panel.flag("percentage") else "normal") if stacked else "none",
        fill=_fill(panel),
        gaps=nulls != "connected" if nulls else None,
    )


def _fill(part: Part) -> float | None:
    found = part.number("fill")
    return None if found is None else min(max(found, 0.0), _FILLS) * 100 / _FILLS


def _thresholds(panel: Part) -> Thresholds | None:
    """Lines from which on, or up to which, a graph is bad."""
    steps = []
    for each in panel.objects("thresholds"):
        value = each.number("value")
        if value is None:
            continue
        mode = each.text("colorMode")
        colour = _SEVERE.get(mode) or each.text("lineColor") or each.text("fillColor") or "red"
        below = each.text("op") == "lt"
        steps += [Step(_BASE, colour), Step(value, "")] if below else [Step(value, colour)]
    return Thresholds(tuple(sorted(steps, key=lambda step: step.value))) if steps else None


def _aliases(panel: Part) -> Iterator[Override]:
    for name, colour in panel["aliasColors"].fields():
        yield Override(Matcher.NAME, (name,), Field(colour=ColourMode("fixed", colour.text())))


def _series(panel: Part, right: Part | None) -> Iterator[Override]:
    for each in panel.objects("seriesOverrides"):
        alias = each.text("alias")
        if not alias:
            continue
        on_right = each.whole("yaxis", 1) == 2
        transform, legend, stack = each.text("transform"), each["legend"].value, each["stack"].value
        style = Style(
            draw="bars" if each.flag("bars") else "points" if each["lines"].value is False else None,
            stack=None if stack is None else "normal" if stack is not False else "none",
            fill=_fill(each),
            negative=True if transform == "negative-Y" else None,
            right_axis=True if on_right else None,
            hidden=True if each.flag("hiddenSeries") else None,
            unlisted=True if legend is False else None,
        )
        field = _axis(right) if on_right and right is not None else Field()
        colour = ColourMode("fixed", each.text("color")) if "color" in each else None
        matcher = Matcher.REGEX if alias.startswith("/") else Matcher.NAME
        yield Override(matcher, (alias,), replace(field, style=style, colour=colour))


def _legend(part: Part) -> Legend:
    calcs = tuple(calc for name, calc in CALCS.items() if part.flag(name)) if part.flag("values") else ()
    return Legend(
        shown=part.flag("show", default=True),
        table=part.flag("alignAsTable"),
        right=part.flag("rightSide"),
        calcs=calcs,
    )

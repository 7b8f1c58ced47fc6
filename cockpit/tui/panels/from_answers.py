"""What panels draw, made of what engines answered: names cleaned, colours as roles, values as texts."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cockpit.metrics.breakdown import REVISION
from cockpit.metrics.dashboards.display import (
    DEFAULT_THRESHOLDS,
    absolute,
    colour_of,
    shown,
    span_of,
)
from cockpit.metrics.dashboards.model import Kind
from cockpit.metrics.dashboards.options import StatOptions, TimeseriesOptions
from cockpit.metrics.dashboards.reduce import reduced
from cockpit.metrics.dashboards.units.catalogue import formatted
from cockpit.metrics.dashboards.values import legend_values, values_of
from cockpit.metrics.labels import value_of
from cockpit.release.state import short_name
from cockpit.text import clean
from cockpit.tui.charts.graph import Level
from cockpit.tui.courses import roles
from cockpit.tui.panels.arc import Zone
from cockpit.tui.panels.axes import Scale
from cockpit.tui.panels.numbers import Number
from cockpit.tui.panels.paint import series_role, state_role
from cockpit.tui.panels.traces import Trace

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from cockpit.metrics.dashboards.display import Clock
    from cockpit.metrics.dashboards.model import Panel
    from cockpit.metrics.dashboards.series import Series
    from cockpit.metrics.dashboards.values import Value

MOST_LINES = 40
"""Lines that are drawn; more of them nobody can tell apart."""

_BROKEN_AFTER = 1.5
"""Steps without a value that break a line."""
_ROUNDED_BY = {
    **dict.fromkeys(("s", "dtdurations", "dthms", "clocks"), "s"),
    **dict.fromkeys(("bytes", "Bps", "binBps", "kbytes", "mbytes", "gbytes", "bits"), "bytes"),
}
"""Units whose round numbers are not those of ten."""


class Revisions(NamedTuple):
    """The revisions of a service have the names and the colours (`slots`) that they have everywhere."""

    service: str
    slots: Mapping[str, int]

    def named(self, name: str) -> str:
        """A name, clean: that of a revision without its service's."""
        return clean(short_name(name, self.service))

    def role(self, name: str) -> str:
        """The colour of a revision by its whole name, "" for what is none."""
        return f"revision-{self.slots[name] + 1}" if name in self.slots else ""


def traces_of(
    panel: Panel, series: Sequence[Series], step: float, revisions: Revisions, clock: Clock
) -> tuple[Trace, ...]:
    """The lines of a chart, evaluated every `step` seconds."""
    drawn = _largest([each for each in series if not each.field.style.hidden])
    palette = roles([value_of(each.labels, REVISION) for each in drawn], revisions.slots)
    return tuple(
        replace(
            _trace(panel, each, _colour(each, panel, series_palette), step, clock),
            name=revisions.named(each.name),
        )
        for each, series_palette in zip(drawn, palette, strict=True)
    )


def _trace(panel: Panel, series: Series, role: str, step: float, clock: Clock) -> Trace:
    field, style = series.field, series.field.style
    span = span_of(field, panel.kind)

    def write(value: float) -> str:
        return "–" if math.isnan(value) else clean(str(shown(value, field, panel.kind, span, clock)))

    values = legend_values(panel, series, clock)
    texts = tuple(clean(str(text)) for _, text in values)
    if not values:
        last = reduced(series.values, "lastNotNull")
        texts = (write(math.nan if last is None else last),)
    return Trace(
        name=clean(series.name),
        role=role,
        times=series.times / 1000,
        values=series.values,
        write=write,
        texts=texts,
        gap=math.inf if style.gaps is False else step * _BROKEN_AFTER,
        draw=style.draw or "line",
        stack=style.stack or "none",
        filled=bool(style.fill),
        negative=bool(style.negative),
        right=bool(style.right_axis),
        listed=not style.unlisted,
    )


def _colour(series: Series, panel: Panel, palette: str) -> str:
    """The colour it was given, or the palette's."""
    last = reduced(series.values, "lastNotNull")
    span = span_of(series.field, panel.kind, [] if last is None else [last])
    return series_role(colour_of(last, series.field, panel.kind, span)) or palette


def scale_of(panel: Panel, series: Sequence[Series], *, right: bool = False) -> Scale:
    """The axis of those on one side: in the unit of the first of them."""
    own = (each.field for each in series if bool(each.field.style.right_axis) is right)
    field = next(own, panel.field)
    options = panel.options if isinstance(panel.options, TimeseriesOptions) else TimeseriesOptions()
    share = any(each.field.style.stack == "percent" for each in series)
    return Scale(
        write=_writer("percentunit" if share else field.unit),
        unit=_ROUNDED_BY.get(field.unit or "", ""),
        low=field.minimum,
        high=field.maximum,
        soft=(options.soft_minimum, options.soft_maximum),
        log_base=options.log_base,
    )


def levels_of(panel: Panel) -> tuple[Level, ...]:
    """The thresholds that a chart shows as lines."""
    options = panel.options
    if not isinstance(options, TimeseriesOptions) or options.thresholds == "off" or not panel.field.thresholds:
        return ()
    steps = absolute(panel.field.thresholds, span_of(panel.field, panel.kind))
    return tuple(
        Level(step.value, state_role(step.colour) or "muted") for step in steps if math.isfinite(step.value)
    )


def numbers_of(panel: Panel, series: Sequence[Series], revisions: Revisions, clock: Clock) -> tuple[Number, ...]:
    """The reduced values of a panel."""
    values = values_of(panel, series, clock)
    found = _shares(values) if panel.kind is Kind.PIECHART else tuple(_number(panel, value) for value in values)
    return tuple(
        replace(number, name=revisions.named(value.name)) for number, value in zip(found, values, strict=True)
    )


def _number(panel: Panel, value: Value) -> Number:
    options = panel.options
    before, after = (options.prefix, options.postfix) if isinstance(options, StatOptions) else ("", "")
    course = () if value.course is None or len(value.course) < 2 else tuple(value.course.tolist())
    mode = panel.field.colour.mode if panel.field.colour else ""
    return Number(
        name=clean(value.name),
        text=clean(f"{before}{value.shown}{after}"),
        role=state_role(value.shown.colour),
        share=value.shown.share,
        zones=_zones(value),
        course=course,
        marked=mode in ("", "thresholds") and value.steps != DEFAULT_THRESHOLDS.steps,
    )


def _zones(value: Value) -> tuple[Zone, ...]:
    """The thresholds along a gauge."""
    ends = [*(value.span.share(step.value) for step in value.steps[1:]), 1.0]
    return tuple(
        Zone(end, state_role(step.colour) or "border")
        for step, end in zip(value.steps, ends, strict=False)
        if not math.isnan(end)
    )


def _shares(values: Sequence[Value]) -> tuple[Number, ...]:
    """The parts of a whole, with their percents."""
    total = sum(value.number for value in values if value.number is not None and value.number > 0)
    found = []
    for place, value in enumerate(values):
        share = max(value.number or 0.0, 0.0) / total if total > 0 else math.nan
        percents = "–" if math.isnan(share) else f"{share:.0%}".replace("%", " %")
        role = series_role(value.shown.colour) or f"revision-{place % 8 + 1}"
        found.append(
            Number(clean(value.name), f"{clean(str(value.shown))} {percents:>5}", role, share, marked=False)
        )
    return tuple(found)


def _largest(series: list[Series]) -> list[Series]:
    """Those that end highest where there are too many, in their old order."""
    if len(series) <= MOST_LINES:
        return series
    ends = [reduced(each.values, "lastNotNull") for each in series]
    order = sorted(range(len(series)), key=lambda place: -(-math.inf if (end := ends[place]) is None else end))
    return [series[place] for place in sorted(order[:MOST_LINES])]


def _writer(unit: str | None) -> Callable[[float], str]:
    return lambda value: clean(str(formatted(float(np.float64(value)), unit)))

"""A line of blocks a series: the shape of things where there is no room for a chart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cockpit.text import clean, width
from cockpit.tui.charts.decimate import decimated, extent, last_value, levels
from cockpit.tui.charts.units import formatted
from cockpit.tui.lines import Line, Span, left, right
from cockpit.tui.views.sparkline import sparkline

if TYPE_CHECKING:
    from cockpit.tui.charts.data import ChartData, ChartSeries
    from cockpit.tui.charts.view import Window

_LEAST_BLOCKS = 6


def sparks(data: ChartData, window: Window, cells: int, rows: int) -> list[Line]:
    """A line for each of the first `rows` series: label, blocks on the scale of all, newest value."""
    values = [formatted(last_value(each, window), data.unit) for each in data.series]
    number = max(map(width, values))
    label = min(max(width(clean(each.label)) for each in data.series), max(0, cells - number - _LEAST_BLOCKS - 2))
    room = cells - number - 1 - (label + 1 if label else 0)
    found = [span for span in (extent(each, window) for each in data.series) if span is not None]
    low, high = min(low for low, _ in found), max(high for _, high in found)
    lines = []
    for each, value in list(zip(data.series, values, strict=True))[:rows]:
        blocks = sparkline(_peaks(each, window, room), room, low, high) if room >= 1 else ""
        head = (left(clean(each.label), label, "muted"), Span(" ")) if label else ()
        lines.append(Line((*head, Span(blocks, each.role), Span(" "), right(value, number, "bold"))))
    return lines


def _peaks(series: ChartSeries, window: Window, columns: int) -> list[float]:
    """The largest value of each column, or how high the line passes where no sample is."""
    points = decimated(series, window, columns)
    peaks = levels(points, columns)
    at = np.minimum(points.x.astype(int), columns - 1)
    np.fmax.at(peaks, at, points.y)
    values: list[float] = peaks.tolist()
    return values

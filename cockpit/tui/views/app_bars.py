"""A bar for every step of a timeline: what is missing is marked, and the newest step is not over yet."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from cockpit.sources.timelines.shape import DAY
from cockpit.text import width
from cockpit.tui.charts.raster import Raster
from cockpit.tui.charts.ticks import Axis, value_axis
from cockpit.tui.lines import Line, Span, right
from cockpit.tui.views.sparkline import BLOCKS, fitted

if TYPE_CHECKING:
    from collections.abc import Sequence

_ROWS_A_TICK = 3
_WIDEST = 8
"""Cells of a bar, at most: wider ones are no easier to read."""
_LABEL_GAP = 2
_MARGIN = 8
"""About as many cells as the values beside a chart take."""


class Bars(NamedTuple):
    """What is drawn: a value a step, None where one is missing, in a unit, under a title."""

    title: str
    unit: str
    values: Sequence[float | None]


class _Place(NamedTuple):
    """Where one bar stands: its first column, and how many it has."""

    column: int
    cells: int


def bar_charts(charts: Sequence[Bars], slots: Sequence[float], step: float, cells: int, rows: int) -> list[Line]:
    """Charts over the same steps, one below the other, with one axis of time below the last: `rows` lines.

    `slots` are the moments of the steps, epoch seconds; values are none of them negative.
    """
    thinned = len(slots) > cells - _MARGIN
    heads = len(charts) if len(charts) > 1 or thinned else 0
    each, spare = divmod(rows - 1 - heads, len(charts))
    heights = [each + (number < spare) for number in range(len(charts))]
    axes = [_axis(chart, height) for chart, height in zip(charts, heights, strict=True)]
    margin = 2 + max(width(label) for axis in axes for label in axis.labels)
    columns = max(1, cells - margin)
    lines: list[Line] = []
    for chart, axis, height in zip(charts, axes, heights, strict=True):
        lines += [_head(chart.title, margin, len(slots) / columns)] if heads else []
        lines += _chart(chart.values, axis, margin, columns, height)
    return [*lines, _times(slots, step, margin, columns)]


def _head(title: str, margin: int, steps: float) -> Line:
    """A chart's title, and how many steps each bar is the mean of where that is more than one."""
    note = f"  each bar is the mean of about {steps:.1f} values" if steps > 1 else ""
    return Line((Span(" " * margin), Span(title, "bold"), Span(note, "muted")))


def _axis(chart: Bars, rows: int) -> Axis:
    largest = max((value for value in chart.values if value is not None), default=0.0)
    return value_axis(0.0, largest or 1.0, max(2, rows // _ROWS_A_TICK + 1), chart.unit)


def _chart(values: Sequence[float | None], axis: Axis, margin: int, columns: int, rows: int) -> list[Line]:
    raster = Raster(columns, [[] for _ in range(rows)])
    heights = [math.nan if value is None else value for value in values]
    shown = fitted(heights, columns)
    for number, (place, value) in enumerate(zip(_places(len(shown), columns), shown, strict=True)):
        newest = number == len(shown) - 1
        _put(raster, place, value / axis.high * rows, "accent dim" if newest else "accent")
    ticks = {_row(tick, axis, rows): label for tick, label in zip(axis.ticks, axis.labels, strict=True)}
    for row in ticks:
        raster.rule_across(row, "┈", "border")
    return [
        Line((right(ticks.get(row, ""), margin - 1, "muted"), Span(" "), *raster.spans(row)))
        for row in range(rows)
    ]


def _row(tick: float, axis: Axis, rows: int) -> int:
    """The row whose upper edge is nearest to a value; the lowest one for 0."""
    return min(rows - 1, max(0, round(rows - tick / axis.high * rows)))


def _places(count: int, columns: int) -> list[_Place]:
    """Where so many bars stand, no more than columns: as wide as there is room, with gaps from three cells on."""
    room = columns // count
    cells = min(_WIDEST, room - (room > 2))
    return [_Place(number * room + (room - cells) // 2, cells) for number in range(count)]


def _put(raster: Raster, place: _Place, height: float, role: str) -> None:
    """One bar, `height` rows high: a dot where it is missing, a thin line where it is 0."""
    base = len(raster.cells) - 1
    if math.isnan(height):
        raster.put(base, place.column + place.cells // 2, "·", "warn")
        return
    whole, eighths = divmod(round(height * len(BLOCKS)), len(BLOCKS))
    for row in range(whole):
        raster.put(base - row, place.column, BLOCKS[-1] * place.cells, role)
    if eighths:
        raster.put(base - whole, place.column, BLOCKS[eighths - 1] * place.cells, role)
    elif not whole:
        raster.put(base, place.column, BLOCKS[0] * place.cells, "muted")


def _times(slots: Sequence[float], step: float, margin: int, columns: int) -> Line:
    """The row below: the steps' dates under their bars, as many as there is room for, from the newest back."""
    row = Raster(margin + columns, [[]])
    room = columns // len(slots) if len(slots) <= columns else columns / len(slots)
    free = margin + columns
    for number in range(len(slots) - 1, -1, -1):
        label = _label(slots[number], step)
        start = min(round(margin + (number + 0.5) * room - len(label) / 2), margin + columns - len(label))
        if margin - 1 <= start and start + len(label) <= free:
            row.put(0, start, label, "muted")
            free = start - _LABEL_GAP
    return Line(row.spans(0))


def _label(at: float, step: float) -> str:
    moment = datetime.fromtimestamp(at, UTC)
    return f"{moment.day} {moment:%b}" if step >= DAY else f"{moment:%H:%M}"

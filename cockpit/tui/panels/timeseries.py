"""A time series panel: lines, bars and stacks over time between axes, and their legend."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cockpit.text import width
from cockpit.tui.charts.data import ChartData, ChartSeries
from cockpit.tui.charts.decimate import value_near
from cockpit.tui.charts.graph import Graph, Paper, drawn
from cockpit.tui.charts.ticks import clock
from cockpit.tui.lines import Line, Span, left, right
from cockpit.tui.panels.bars import area
from cockpit.tui.panels.columns import stand
from cockpit.tui.panels.legends import Entry, listed, tabled
from cockpit.tui.panels.traces import Drawing, Trace, drawings, limits, onto

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cockpit.tui.charts.data import ChartEvent
    from cockpit.tui.charts.graph import Frame, Level
    from cockpit.tui.charts.plotter import Plotter
    from cockpit.tui.charts.view import Window
    from cockpit.tui.panels.axes import Scale

LEAST = (24, 5)
"""Below either there is no room for axes."""

_ROWS_A_LEGEND_LINE = 6
_LEAST_GRAPH = 5
_PARTS_OF_TABLE = 3
"""A legend's table takes this part of the rows at most: without room for all of it, there is a list."""
_LEAST_BESIDE = 76
"""Cells below which a legend that stands at the right in Grafana stands above."""


class LegendStyle(NamedTuple):
    """Whether there is a legend, as a table or in a row, at the right or above; its columns' headings."""

    shown: bool = True
    table: bool = False
    right: bool = False
    headings: tuple[str, ...] = ()


_USUAL = LegendStyle()


@dataclass(frozen=True, slots=True)
class Chart:
    """What a panel shows over the times of `window`. `right` is the scale of those on the right axis."""

    traces: tuple[Trace, ...]
    window: Window
    scale: Scale
    right: Scale | None = None
    legend: LegendStyle = _USUAL
    levels: tuple[Level, ...] = ()
    events: tuple[ChartEvent, ...] = ()
    cursor: float | None = None


class Drawn(NamedTuple):
    """Lines, and where the canvas lies in them; None where there is no canvas."""

    lines: list[Line]
    frame: Frame | None = None


def timeseries(chart: Chart, paper: Paper, plotter: Plotter) -> Drawn | None:
    """The panel on all of the paper; None where nothing has a finite value in the window."""
    traces, noted = _on_one_axis(chart)
    made = drawings(traces, chart.scale.transform)
    span = limits(made, chart.window)
    if span is None:
        return None
    if paper.cells < LEAST[0] or paper.rows < LEAST[1]:
        return Drawn(_small(chart.traces, chart.window, paper))
    entries = _entries(chart, noted, paper)

    def body(cells: int, rows: int) -> tuple[list[Line], Frame]:
        return _graph(chart, made, span, paper._replace(cells=cells, rows=rows), plotter)

    if chart.legend.right and paper.cells >= _LEAST_BESIDE:
        return _beside(chart, entries, paper, body)
    head = _above(chart, entries, paper)
    lines, frame = body(paper.cells, paper.rows - len(head))
    return Drawn([*head, *lines], frame)


def _on_one_axis(chart: Chart) -> tuple[Sequence[Trace], dict[int, str]]:
    """The traces, those of the right axis brought onto the left one, and for these which range theirs was.

    A second axis would take the room of the graph: the legend says its range instead.
    """
    right = [number for number, trace in enumerate(chart.traces) if trace.right]
    if chart.right is None or not right or len(right) == len(chart.traces):
        return chart.traces, {}
    sides = [
        limits(drawings([trace for trace in chart.traces if trace.right is side], np.positive), chart.window)
        for side in (False, True)
    ]
    if sides[0] is None or sides[1] is None:
        return chart.traces, {}
    target, source = chart.scale.axis(sides[0], 3), chart.right.axis(sides[1], 3)
    ends = f" ⇥ {chart.right.write(source.low)}–{chart.right.write(source.high)}"
    moved = [
        onto(trace, (source.low, source.high), (target.low, target.high)) if trace.right else trace
        for trace in chart.traces
    ]
    return moved, dict.fromkeys(right, ends)


def _entries(chart: Chart, noted: dict[int, str], paper: Paper) -> list[Entry]:
    """What the legend has; at the cursor, where there is one, its values there."""
    found = []
    for number, trace in enumerate(chart.traces):
        if trace.listed:
            texts = trace.texts if chart.cursor is None else (_at(trace, chart, paper),)
            found.append(Entry(number, trace.name + noted.get(number, ""), trace.role, texts))
    return found


def _at(trace: Trace, chart: Chart, paper: Paper) -> str:
    assert chart.cursor is not None
    reach = chart.window.seconds / max(1, paper.cells)
    series = ChartSeries(trace.name, trace.role, trace.times, trace.values, trace.gap)
    return trace.write(value_near(series, chart.cursor, reach))


def _above(chart: Chart, entries: Sequence[Entry], paper: Paper) -> list[Line]:
    """The legend over the graph, which keeps the better part of the room."""
    if not chart.legend.shown and chart.cursor is None:
        return []
    most = max(1, paper.rows // _ROWS_A_LEGEND_LINE)
    headings = chart.legend.headings
    if chart.cursor is not None:
        headings = (clock(chart.cursor, paper.zone),)
    elif chart.legend.table and headings:
        rows = min(paper.rows - _LEAST_GRAPH, paper.rows // _PARTS_OF_TABLE)
        if len(entries) < rows:
            return tabled(entries, headings, paper.cells, rows, colours=paper.colours)
    return listed(entries, headings, paper.cells, most, colours=paper.colours)


def _beside(
    chart: Chart, entries: Sequence[Entry], paper: Paper, body: Callable[[int, int], tuple[list[Line], Frame]]
) -> Drawn:
    """The legend right of the graph, as wide as it needs to be and at most a third."""
    headings = chart.legend.headings if chart.cursor is None else (clock(chart.cursor, paper.zone),)
    third = paper.cells // 3
    table = tabled(entries, headings, third, paper.rows, colours=paper.colours)
    cells = min(third, max((width(line.text) for line in table), default=0))
    lines, frame = body(paper.cells - cells - 1, paper.rows)
    table += [Line()] * (len(lines) - len(table))
    beside = [Line((*line.spans, Span(" "), *aside.spans)) for line, aside in zip(lines, table, strict=True)]
    return Drawn(beside, frame)


def _graph(
    chart: Chart, made: Sequence[Drawing], span: tuple[float, float], paper: Paper, plotter: Plotter
) -> tuple[list[Line], Frame]:
    behind = partial(stand, made=made, colours=paper.colours) if any(each.solid for each in made) else None
    nothing = np.zeros(0)
    series = tuple(
        replace(each.series, times=nothing, values=nothing) if each.solid else each.series for each in made
    )
    graph = Graph(
        ChartData(series, chart.events),
        chart.window,
        partial(chart.scale.axis, span),
        chart.cursor,
        levels=chart.levels,
        behind=behind,
    )
    return drawn(graph, paper, plotter)


def _small(traces: Sequence[Trace], window: Window, paper: Paper) -> list[Line]:
    """A row a trace: its name, its course on the scale of all, and its newest value."""
    inside = [(trace.times >= window.start) & (trace.times <= window.end) for trace in traces]
    courses = [trace.values[seen] for trace, seen in zip(traces, inside, strict=True)]
    texts = [
        trace.write(float(course[-1]) if course.size else math.nan)
        for trace, course in zip(traces, courses, strict=True)
    ]
    number = max(map(width, texts))
    name = min(max(width(trace.name) for trace in traces), max(0, paper.cells - number - 8))
    room = max(0, paper.cells - number - name - 2)
    finite = np.concatenate([course[np.isfinite(course)] for course in courses])
    span = float(finite.min()), float(finite.max())
    lines = []
    for trace, course, text in list(zip(traces, courses, texts, strict=True))[: paper.rows]:
        blocks = area(course.tolist(), room, 1, span)[0] if room else ""
        lines.append(
            Line(
                (
                    left(trace.name, name, "muted"),
                    Span(" "),
                    Span(blocks, trace.role),
                    Span(" "),
                    right(text, number, "bold"),
                )
            )
        )
    return lines

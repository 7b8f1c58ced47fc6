"""The graph of a chart: its canvas between its axes, with events, the cursor and levels across it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cockpit.text import width
from cockpit.tui.charts.legend import shape
from cockpit.tui.charts.marks import Placed, mark_spans
from cockpit.tui.charts.plotter import Plot, row_of
from cockpit.tui.charts.raster import Raster
from cockpit.tui.charts.times import Frame, times_line
from cockpit.tui.charts.view import Window, snapped
from cockpit.tui.lines import Line, Span, right

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import tzinfo

    from cockpit.tui.charts.data import ChartData
    from cockpit.tui.charts.plotter import Canvas, Plotter
    from cockpit.tui.charts.ticks import Axis

__all__ = ["Frame", "Graph", "Level", "Paper", "drawn", "times_line"]

ROWS_A_TICK = 4


class Paper(NamedTuple):
    """What a chart is drawn on: cells and rows, with colours or without, in a time zone (None: the system's)."""

    cells: int
    rows: int
    colours: bool = True
    zone: tzinfo | None = None


class Level(NamedTuple):
    """A value that a line across the graph marks, in the colour of a role."""

    value: float
    role: str


class Graph(NamedTuple):
    """What a graph shows of its data: `window` and, dotted, `before`; `axis` makes the values' for so many ticks.

    `cursor` is a time, `levels` are marked where the axis reaches, and `behind` draws what is behind the lines.
    """

    data: ChartData
    window: Window
    axis: Callable[[int], Axis]
    cursor: float | None = None
    before: Window | None = None
    levels: Sequence[Level] = ()
    behind: Callable[[Raster, Frame], None] | None = None


def drawn(graph: Graph, paper: Paper, plotter: Plotter) -> tuple[list[Line], Frame]:
    """The graph on all of the paper, a row of events at the top where there are some, times at the bottom."""
    window, events = graph.window, graph.data.events
    has_events = any(window.start <= each.at <= window.end for each in events)
    rows = paper.rows - has_events - 1
    axis = graph.axis(rows // ROWS_A_TICK + 1)
    left = max(map(width, axis.labels), default=0) + 1
    frame = Frame(left, paper.cells - left, snapped(window, paper.cells - left), (axis.low, axis.high))
    plot = Plot(
        graph.data, frame.window, frame.columns, rows, axis.low, axis.high, graph.before, marked=not paper.colours
    )
    placed = _placed(graph.data, frame)
    ticks = [row_of(tick, axis.low, axis.high, rows) for tick in axis.ticks]
    raster = _raster(plot, plotter.canvas(plot))
    if graph.behind is not None:
        graph.behind(raster, frame)
    _rule(raster, frame, graph, placed, ticks, colours=paper.colours)
    labels = dict(zip(ticks, axis.labels, strict=True))
    body = [
        Line((right(labels.get(row, ""), left - 1, "muted"), Span(" "), *raster.spans(row))) for row in range(rows)
    ]
    marks = [Line((Span(" " * left), *mark_spans(placed, frame.columns)))] if has_events else []
    return [*marks, *body, times_line(frame, graph.cursor, paper.zone)], frame


def _raster(plot: Plot, canvas: Canvas) -> Raster:
    """The canvas, its lone samples as dots, and shapes along the lines where it is marked."""
    roles = [each.role for each in plot.data.series]
    curves = [f"{role} dim" for role in roles] + roles if plot.before else roles
    rows = [[(run.text, "" if run.curve is None else curves[run.curve]) for run in row] for row in canvas.rows]
    raster = Raster(plot.columns, rows)
    for row, column, series in canvas.alone:
        raster.put(row, column, "•", roles[series])
    for row, column, series in canvas.along:
        raster.put(row, column, shape(series), roles[series])
    return raster


def _placed(data: ChartData, frame: Frame) -> list[Placed]:
    """The events in the frame by their columns, ascending; of several in one column the last."""
    start, end = frame.window
    seen = sorted((each for each in data.events if start <= each.at <= end), key=lambda each: each.at)
    by_column = {min(frame.column(each.at), frame.columns - 1): each for each in seen}
    return [Placed(column, event) for column, event in by_column.items()]


def _rule(
    raster: Raster, frame: Frame, graph: Graph, placed: Sequence[Placed], ticks: Sequence[int], *, colours: bool
) -> None:
    """Lines behind the curves: the cursor before events, levels and the grid, which needs a quiet colour."""
    column = None if graph.cursor is None else frame.column(graph.cursor)
    if column is not None and 0 <= column < frame.columns:
        raster.rule_down(column, "│", "accent")
        if colours:
            raster.light(column, "cursor")
    for event in placed:
        raster.rule_down(event.column, "┊", event.event.role)
    low, high = frame.limits
    for level in graph.levels:
        if low <= level.value <= high:
            raster.rule_across(row_of(level.value, low, high, len(raster.cells)), "╌", level.role)
    if colours:
        for row in ticks:
            raster.rule_across(row, "┈", "border")

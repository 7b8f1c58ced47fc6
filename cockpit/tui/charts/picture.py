"""A whole chart as lines: legend, events, canvas and axes; in little room sparklines; or why there is nothing."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from cockpit.text import clean, width
from cockpit.tui.charts.data import last_shift
from cockpit.tui.charts.decimate import extent, has_samples
from cockpit.tui.charts.graph import Frame, Graph, Paper, drawn
from cockpit.tui.charts.legend import legend, moment
from cockpit.tui.charts.sparks import sparks
from cockpit.tui.charts.ticks import Axis, clock, fixed_axis, value_axis
from cockpit.tui.charts.view import Window
from cockpit.tui.lines import Line, Span, wrap

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo

    from cockpit.tui.charts.data import ChartData
    from cockpit.tui.charts.plotter import Plotter
    from cockpit.tui.charts.view import View

__all__ = ["LEAST", "Frame", "Paper", "Picture", "picture"]

LEAST = (30, 6)
"""Below either there is no room for axes."""

_ROWS_A_LEGEND_LINE = 8


class Picture(NamedTuple):
    """A chart as lines; no frame where it has no canvas."""

    lines: Sequence[Line]
    frame: Frame | None = None


def picture(data: ChartData, view: View, given: Window, paper: Paper, plotter: Plotter) -> Picture:
    """Draw a chart. `given` are the times that the feeder wants to be seen."""
    window = view.window(given)
    before = _before(data, window) if view.compare else None
    found = [extent(each, seen) for seen in (window, before) if seen for each in data.series]
    limits = _union([span for span in found if span is not None])
    if limits is None:
        return Picture(_reason(data, window, paper))
    if paper.cells < LEAST[0] or paper.rows < LEAST[1]:
        return Picture(sparks(data, window, paper.cells, paper.rows))
    return _full(data, view, window, paper, plotter=plotter, before=before, limits=limits)


def _union(spans: Sequence[tuple[float, float]]) -> tuple[float, float] | None:
    return (min(low for low, _ in spans), max(high for _, high in spans)) if spans else None


def _before(data: ChartData, window: Window) -> Window | None:
    """As much time as the window's before the last shift in it or earlier; None where none is known."""
    shift = last_shift(data, window.end)
    return None if shift is None else Window(shift - window.seconds, shift)


def _full(
    data: ChartData,
    view: View,
    window: Window,
    paper: Paper,
    *,
    plotter: Plotter,
    before: Window | None,
    limits: tuple[float, float],
) -> Picture:
    """The legend and the events above the canvas, values left of it, times below."""
    most = max(1, paper.rows // _ROWS_A_LEGEND_LINE)
    notes = _notes(view, window, before, paper.zone)
    head = legend(data, window, view, paper.cells, most, notes=notes, colours=paper.colours, zone=paper.zone)
    axis = partial(_axis, view, limits, data.unit)
    graph = Graph(data, window, axis, view.cursor, before)
    body, frame = drawn(graph, paper._replace(rows=paper.rows - len(head)), plotter)
    return Picture([*head, *body], frame)


def _axis(view: View, limits: tuple[float, float], unit: str, count: int) -> Axis:
    return fixed_axis(*view.limits, count, unit) if view.limits else value_axis(*limits, count, unit)


def _notes(view: View, window: Window, before: Window | None, zone: tzinfo | None) -> str:
    """What is not as it would be by itself."""
    notes = [] if view.live else [f"until {clock(window.end, zone)}"]
    if view.limits:
        notes.append("y fixed")
    if view.compare:
        dotted = (
            f"dotted {moment(before.start, zone)}–{moment(before.end, zone)}" if before else "no shift to compare"
        )
        notes.append(dotted)
    return " · ".join(notes)


def _reason(data: ChartData, window: Window, paper: Paper) -> list[Line]:
    """Why there is nothing, in the middle of the room there is."""
    times = f"between {moment(window.start, paper.zone)} and {moment(window.end, paper.zone)}"
    reason = clean(data.why)
    if not reason and any(has_samples(each, window) for each in data.series):
        reason = f"every value {times} is NaN or infinite"
    lines = wrap(reason or f"no samples {times}", paper.cells - 2)[: max(1, paper.rows)]
    above = [Line()] * max(0, (paper.rows - len(lines)) // 2)
    return [
        *above,
        *(Line((Span(" " * max(0, (paper.cells - width(line)) // 2)), Span(line, "muted"))) for line in lines),
    ]

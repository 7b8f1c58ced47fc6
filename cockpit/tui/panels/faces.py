"""A panel as it stands on the board: its kind's drawing of what its questions came to, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from cockpit.metrics.dashboards.display import Clock
from cockpit.metrics.dashboards.heat import buckets_of
from cockpit.metrics.dashboards.interpolation import interpolated
from cockpit.metrics.dashboards.model import Kind
from cockpit.metrics.dashboards.options import GaugeOptions, StatOptions, TableOptions, TextOptions
from cockpit.metrics.dashboards.reduce import title
from cockpit.metrics.dashboards.series import series_of
from cockpit.metrics.dashboards.tables import table_of
from cockpit.text import clean
from cockpit.tui.lines import Line, Span
from cockpit.tui.panels.bargauge import bars
from cockpit.tui.panels.frame import Face
from cockpit.tui.panels.from_answers import MOST_LINES, Revisions, levels_of, numbers_of, scale_of, traces_of
from cockpit.tui.panels.gauge import gauge
from cockpit.tui.panels.heatmap import LEAST as LEAST_HEAT
from cockpit.tui.panels.heatmap import Heat, heatmap
from cockpit.tui.panels.outcome import Outcome, reasons, remarks
from cockpit.tui.panels.paint import state_role
from cockpit.tui.panels.prose import prose
from cockpit.tui.panels.stat import Look, stat
from cockpit.tui.panels.table import Column, table
from cockpit.tui.panels.timeseries import Chart, LegendStyle, timeseries

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cockpit.metrics.dashboards.display import Shown
    from cockpit.metrics.dashboards.model import Panel
    from cockpit.metrics.dashboards.series import Series
    from cockpit.tui.charts.data import ChartEvent
    from cockpit.tui.charts.graph import Paper
    from cockpit.tui.charts.plotter import Plotter
    from cockpit.tui.charts.times import Frame

_ROWS_FOR_EVENTS = 10
"""Rows from which on a chart says what happened: it takes one."""


@dataclass(frozen=True, slots=True)
class Around:
    """What a panel is drawn with beside its answers: revisions' colours and whose they are, what happened, the
    cursor, and the moment it is (epoch seconds). `top` is the first row of a table that is shown."""

    slots: Mapping[str, int]
    events: tuple[ChartEvent, ...] = ()
    cursor: float | None = None
    now: float = 0.0
    top: int = 0
    service: str = ""


class Drawn(NamedTuple):
    """A panel's face, where its canvas lies (None where it has none), and how far its rows can be moved up."""

    face: Face
    frame: Frame | None = None
    last_top: int = 0


def drawn(panel: Panel, outcome: Outcome, around: Around, paper: Paper, plotter: Plotter) -> Drawn:
    """The panel on the paper, which is the room inside its frame."""
    heading = clean(interpolated(panel.title, outcome.variables))
    if panel.kind is Kind.TEXT:
        return _text(heading, panel, outcome, around.top, paper)
    series = series_of(panel, outcome.answered, outcome.variables)
    made = _DRAWING.get(panel.kind, _chart)(_Task(panel, outcome, series.series, around, paper, plotter))
    if made is None:
        return Drawn(Face(heading, reasons(panel, outcome, paper.cells, paper.zone)))
    note, role = remarks(panel, outcome)
    hidden = series.left_out + max(0, len(series.series) - MOST_LINES if panel.kind is Kind.TIMESERIES else 0)
    if hidden and not note:
        note = f"{hidden:,} more series are not drawn"
    return made._replace(face=Face(heading, made.face.lines, note, role))


class _Task(NamedTuple):
    """All that drawing one panel takes."""

    panel: Panel
    outcome: Outcome
    series: Sequence[Series]
    around: Around
    paper: Paper
    plotter: Plotter

    @property
    def revisions(self) -> Revisions:
        """How revisions are shown."""
        return Revisions(self.around.service, self.around.slots)

    @property
    def clock(self) -> Clock:
        """What dates are shown by."""
        return Clock(self.around.now, self.paper.zone) if self.paper.zone else Clock(self.around.now)


def _chart(task: _Task) -> Drawn | None:
    panel, series, paper = task.panel, task.series, task.paper
    step = max((question.step for question, _ in task.outcome.answered), default=0) / 1000
    headings = tuple(map(title, panel.legend.calcs)) or ("last",)
    right = any(each.field.style.right_axis for each in series)
    chart = Chart(
        traces_of(panel, series, step, task.revisions, task.clock),
        task.outcome.window,
        scale_of(panel, series),
        scale_of(panel, series, right=True) if right else None,
        LegendStyle(panel.legend.shown, panel.legend.table, panel.legend.right, headings),
        levels_of(panel),
        task.around.events if paper.rows >= _ROWS_FOR_EVENTS else (),
        task.around.cursor,
    )
    made = timeseries(chart, paper, task.plotter)
    return None if made is None else Drawn(Face(lines=made.lines), made.frame)


def _stat(task: _Task) -> Drawn | None:
    numbers = numbers_of(task.panel, task.series, task.revisions, task.clock)
    options = task.panel.options if isinstance(task.panel.options, StatOptions) else StatOptions()
    named = options.text in ("name", "value_and_name") or (options.text == "auto" and len(numbers) > 1)
    look = Look(
        named, options.text not in ("name", "none"), options.graph, options.colour.startswith("background")
    )
    return _lines(stat(numbers, look, task.paper.cells, task.paper.rows) if numbers else None)


def _gauge(task: _Task) -> Drawn | None:
    numbers = numbers_of(task.panel, task.series, task.revisions, task.clock)
    options = task.panel.options if isinstance(task.panel.options, GaugeOptions) else GaugeOptions()
    named = len(numbers) > 1
    room = task.paper.cells, task.paper.rows
    return _lines(gauge(numbers, *room, named=named, marked=options.markers) if numbers else None)


def _bars(task: _Task) -> Drawn | None:
    numbers = numbers_of(task.panel, task.series, task.revisions, task.clock)
    return _lines(bars(numbers, task.paper.cells, task.paper.rows) if numbers else None)


def _table(task: _Task) -> Drawn | None:
    found = table_of(task.panel, task.outcome.answered, task.series, task.outcome.variables, task.clock)
    if not found.rows:
        return None
    columns = [
        Column(
            clean(column.name),
            tuple(_cell(cell, task.revisions) for cell in column.cells),
            column.kind == "number",
        )
        for column in found.columns
    ]
    header = not isinstance(task.panel.options, TableOptions) or task.panel.options.header
    last_top = max(0, found.rows - task.paper.rows + header)
    top = min(task.around.top, last_top)
    lines = table(columns, task.paper.cells, task.paper.rows, header=header, top=top)
    return Drawn(Face(lines=lines), last_top=last_top)


def _cell(cell: Shown, revisions: Revisions) -> tuple[str, str]:
    """A cell's text and its role: a revision has its own name and colour."""
    text = str(cell)
    return revisions.named(text), state_role(cell.colour) or revisions.role(text)


def _heatmap(task: _Task) -> Drawn | None:
    found = buckets_of(task.panel, task.series)
    if (
        not len(found.times)
        or not found.names
        or task.paper.cells < LEAST_HEAT[0]
        or task.paper.rows < LEAST_HEAT[1]
    ):
        return None
    labels = tuple(map(clean, found.names))
    heat = Heat(labels, found.times / 1000, found.counts, task.outcome.window, task.around.cursor)
    lines, frame = heatmap(heat, task.paper)
    return Drawn(Face(lines=lines), frame)


def _nothing(_task: _Task) -> Drawn | None:
    return None


def _text(heading: str, panel: Panel, outcome: Outcome, top: int, paper: Paper) -> Drawn:
    options = panel.options if isinstance(panel.options, TextOptions) else TextOptions()
    lines = prose(interpolated(options.content, outcome.variables), options.mode, max(1, paper.cells - 2))
    last_top = max(0, len(lines) - paper.rows)
    shown = [Line((Span(" "), *line.spans)) for line in lines[min(top, last_top) :]]
    return Drawn(Face(heading, shown), last_top=last_top)


def _lines(lines: Sequence[Line] | None) -> Drawn | None:
    return None if lines is None else Drawn(Face(lines=lines))


_DRAWING = {
    Kind.STAT: _stat,
    Kind.GAUGE: _gauge,
    Kind.BARGAUGE: _bars,
    Kind.PIECHART: _bars,
    Kind.TABLE: _table,
    Kind.HEATMAP: _heatmap,
    Kind.OTHER: _nothing,
}

"""The canvas of a chart: its lines against its axes, kept until something in it changes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cockpit.tui.charts.decimate import Points, decimated, levels
from cockpit.tui.charts.figure import Curve, Figure
from cockpit.tui.charts.ticks import MOST

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cockpit.tui.charts.data import ChartData
    from cockpit.tui.charts.figure import Run
    from cockpit.tui.charts.view import Window


_OFF_BORDER = 1 / 64
"""The kernel gives a point on the border of two dots to the lower one; ours is the upper one."""


@dataclass(frozen=True, slots=True)
class Plot:
    """What a canvas shows: the data, from `low` to `high`, in a window, and dotted that of `before` if given.

    `marked` asks for places on the lines to put marks at, for where there are no colours.
    Two are equal if the data are one object and all else is equal: then their canvas is the same.
    """

    data: ChartData
    window: Window
    columns: int
    rows: int
    low: float
    high: float
    before: Window | None = None
    marked: bool = False


class Dot(NamedTuple):
    """A cell that one point of a series is in."""

    row: int
    column: int
    series: int


class Canvas(NamedTuple):
    """A drawn plot. Its curves are the series in order; with `before`, those come first, in the same order.

    `alone` are samples no line leads to or from, `along` places on the lines, some columns apart, if wanted.
    """

    rows: Sequence[Sequence[Run]]
    alone: Sequence[Dot]
    along: Sequence[Dot]


class Plotter:
    """Draws plots one at a time and remembers the last."""

    MARK_EVERY = 16

    def __init__(self) -> None:
        self._figure = Figure()
        self._last: tuple[Plot, Canvas] | None = None
        self.drawn = 0

    def canvas(self, plot: Plot) -> Canvas:
        """The canvas of a plot, drawn if it is another one than the last."""
        if self._last is None or self._last[0] != plot:
            self._last = plot, self._draw(plot)
            self.drawn += 1
        return self._last[1]

    def _draw(self, plot: Plot) -> Canvas:
        series = [decimated(each, plot.window, plot.columns) for each in plot.data.series]
        before = [decimated(each, plot.before, plot.columns) for each in plot.data.series] if plot.before else []
        points_of_curves = [*(_dotted(points, plot.columns) for points in before), *series]
        curves = [_curve(points, plot) for points in points_of_curves]
        rows = self._figure.draw(curves, plot.columns, plot.rows)
        alone = [dot for number, points in enumerate(series) for dot in _alone(points, plot, number)]
        marked = enumerate(series) if plot.marked else ()
        along = [dot for number, points in marked for dot in self._along(points, plot, number)]
        return Canvas(rows, alone, along)

    def _along(self, points: Points, plot: Plot, number: int) -> list[Dot]:
        """A place on the line every MARK_EVERY columns, other ones for each series."""
        first = self.MARK_EVERY // 4 + number * 5 % self.MARK_EVERY
        heights = levels(points, plot.columns)
        columns = np.arange(first, plot.columns, self.MARK_EVERY)
        columns = columns[np.isfinite(heights[columns])]
        return _dots(columns.astype(np.float64), heights[columns], plot, number)


def row_of(value: float, low: float, high: float, rows: int) -> int:
    """The row of a value, from the top: `low` is in the middle of the last row, `high` of the first."""
    return rows - 1 - math.floor((value - low) / (high - low) * (rows - 1) + 0.5)


def _heights(values: NDArray[np.float64], plot: Plot) -> NDArray[np.float64]:
    """Values in rows from the bottom edge, those far off brought near: a line is walked dot by dot."""
    share = (np.clip(values, -MOST, MOST) - plot.low) / (plot.high - plot.low)
    return 0.5 + _OFF_BORDER + np.clip(share, -1.0, 2.0) * (plot.rows - 1)


def _curve(points: Points, plot: Plot) -> Curve:
    return Curve(points.x.tolist(), _heights(points.y, plot).tolist(), points.joined.tolist())


def _dotted(points: Points, columns: int) -> Points:
    """The line as one point a column."""
    heights = levels(points, columns)
    shown = np.isfinite(heights)
    x = np.arange(columns, dtype=np.float64) + 0.5
    return Points(x[shown], heights[shown], np.zeros(int(shown.sum()), np.bool_))


def _alone(points: Points, plot: Plot, number: int) -> list[Dot]:
    alone = points.alone
    return _dots(points.x[alone], points.y[alone], plot, number) if alone.any() else []


def _dots(x: NDArray[np.float64], values: NDArray[np.float64], plot: Plot, number: int) -> list[Dot]:
    """The cells of points, those beside the canvas left out."""
    rows = plot.rows - 1 - np.floor(_heights(values, plot)).astype(int)
    columns = np.minimum(x.astype(int), plot.columns - 1)
    inside = (rows >= 0) & (rows < plot.rows)
    return [Dot(int(row), int(column), number) for row, column in zip(rows[inside], columns[inside], strict=True)]

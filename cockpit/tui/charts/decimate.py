"""From any number of samples to at most two a column: the smallest and the largest, so that no spike is lost."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cockpit.tui.charts.data import ChartSeries
    from cockpit.tui.charts.view import Window


class Points(NamedTuple):
    """Points of one line. `x` is in columns from 0, ascending; `joined` says which hang on the point before."""

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    joined: NDArray[np.bool_]

    @property
    def alone(self) -> NDArray[np.bool_]:
        """Which points hang on no other."""
        followed = np.append(self.joined[1:], False)
        alone: NDArray[np.bool_] = ~(self.joined | followed)
        return alone


def decimated(series: ChartSeries, window: Window, columns: int) -> Points:
    """The finite samples of a window on so many columns, at most two a column and one beside each edge.

    The line is broken where samples are missing for more than a column: where a value is not finite, or where two
    lie more than `series.gap` apart.
    """
    times, values = _around(series, window)
    column = window.seconds / columns
    finite = np.isfinite(values)
    missing: NDArray[np.bool_] | None = None
    if not finite.all():
        missing = np.diff(np.flatnonzero(finite)) > 1
        times, values = times[finite], values[finite]
    if not times.size:
        return Points(times, values, np.zeros(0, np.bool_))
    kept = _extremes(times, values, window.start + column * np.arange(columns + 1, dtype=np.float64))
    runs = np.searchsorted(_breaks(times, missing, series.gap, column), kept)
    joined = np.concatenate(([False], runs[1:] == runs[:-1]))
    return _clipped(Points((times[kept] - window.start) / column, values[kept], joined), columns)


def _around(series: ChartSeries, window: Window) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The samples in the window and one on each side, so that lines reach its edges."""
    inside = _inside(series, window)
    around = slice(max(0, inside.start - 1), inside.stop + 1)
    return series.times[around], series.values[around]


def _breaks(
    times: NDArray[np.float64], missing: NDArray[np.bool_] | None, gap: float, column: float
) -> NDArray[np.intp]:
    """After which samples the line is broken; `missing` says where others were left out, None for nowhere."""
    apart = np.diff(times)
    return np.flatnonzero(apart > gap if missing is None else (apart > gap) | (missing & (apart > column)))


def _extremes(
    times: NDArray[np.float64], values: NDArray[np.float64], edges: NDArray[np.float64]
) -> NDArray[np.intp]:
    """Where each column has its smallest and its largest value for the first time, ascending."""
    starts = np.unique(np.concatenate(([0], np.searchsorted(times, edges))))
    starts = starts[starts < times.size]
    counts = np.diff(np.append(starts, times.size))
    found = []
    for extreme in (np.minimum, np.maximum):
        hits = np.flatnonzero(values == np.repeat(extreme.reduceat(values, starts), counts))
        found.append(hits[np.searchsorted(hits, starts)])
    return np.unique(np.concatenate(found))


def _clipped(points: Points, columns: int) -> Points:
    """What lies beside the canvas, moved to its edge along the line, or left out where no line leads there."""
    x, y, joined = points
    if x[0] < 0:
        points = (
            _cut(points, 0.0, 0, 1) if x.size > 1 and x[1] >= 0 and joined[1] else Points(x[1:], y[1:], joined[1:])
        )
    x, y, joined = points
    if x.size and x[-1] > columns:
        inside = x.size > 1 and x[-2] <= columns and joined[-1]
        points = _cut(points, float(columns), -1, -2) if inside else Points(x[:-1], y[:-1], joined[:-1])
    if points.joined.size:
        points.joined[0] = False
    return points


def _cut(points: Points, edge: float, outer: int, inner: int) -> Points:
    """Move the point at `outer` to an edge, along the line to the one at `inner`."""
    x, y = points.x.copy(), points.y.copy()
    share = (edge - x[inner]) / (x[outer] - x[inner])
    x[outer], y[outer] = edge, y[inner] + share * (y[outer] - y[inner])
    return Points(x, y, points.joined)


def levels(points: Points, columns: int) -> NDArray[np.float64]:
    """How high the line is in the middle of each column; NaN where there is none."""
    middles = np.arange(columns) + 0.5
    if not points.x.size:
        return np.full(columns, np.nan)
    after = np.searchsorted(points.x, middles)
    inside = (after > 0) & (after < points.x.size)
    on_line = inside & points.joined[np.minimum(after, points.x.size - 1)]
    return np.where(on_line, np.interp(middles, points.x, points.y), np.nan)


def extent(series: ChartSeries, window: Window) -> tuple[float, float] | None:
    """The smallest and the largest finite value in a window, or of a line that crosses it; None without either."""
    values = series.values[_inside(series, window)]
    values = values[np.isfinite(values)]
    if not values.size:
        values = decimated(series, window, 1).y
    return (float(values.min()), float(values.max())) if values.size else None


def value_near(series: ChartSeries, at: float, reach: float) -> float:
    """The value nearest to a moment: NaN beside the series by more than `reach` seconds, or inside a gap.

    The last value holds until the next one would be missed: samples end up to a step before what was asked for.
    """
    after = int(np.searchsorted(series.times, at))
    around = [place for place in (after - 1, after) if 0 <= place < len(series.times)]
    if not around:
        return float("nan")
    nearest = min(around, key=lambda place: abs(series.times[place] - at))
    if len(around) > 1:
        bridged = series.times[after] - series.times[after - 1] <= series.gap
    else:
        bridged = after > 0 and at - series.times[-1] <= series.gap < math.inf
    if not bridged and abs(series.times[nearest] - at) > reach:
        return float("nan")
    return float(series.values[nearest])


def last_value(series: ChartSeries, window: Window) -> float:
    """The newest value in a window, finite or not; NaN where there is none."""
    values = series.values[_inside(series, window)]
    return float(values[-1]) if values.size else float("nan")


def has_samples(series: ChartSeries, window: Window) -> bool:
    """Whether a series has any value in a window, finite or not."""
    return bool(series.values[_inside(series, window)].size)


def _inside(series: ChartSeries, window: Window) -> slice:
    first = int(np.searchsorted(series.times, window.start, "left"))
    return slice(first, int(np.searchsorted(series.times, window.end, "right")))

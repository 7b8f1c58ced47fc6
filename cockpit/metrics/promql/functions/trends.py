"""How values move in a window: changes(), resets(), deriv(), predict_linear()."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cockpit.metrics.promql.functions.kinds import RangeFunction, each
from cockpit.metrics.promql.functions.windows import rolled, rows_from_end, rows_from_start, sizes

if TYPE_CHECKING:
    from cockpit.metrics.promql.frames import Flags, Floats, Rolled, Window


def _changes(window: Window) -> Rolled:
    earlier, later = window.values[:-1], window.values[1:]
    return _times(window, (earlier != later) & ~(np.isnan(earlier) & np.isnan(later)))


def _resets(window: Window) -> Rolled:
    return _times(window, window.values[1:] < window.values[:-1])


def _times(window: Window, happened: Flags) -> Rolled:
    """How often something happened between two samples of a window; running totals of integers are exact."""
    totals = np.zeros(window.values.shape, dtype=np.int64)
    np.cumsum(happened, axis=0, out=totals[1:])
    counted = totals[rows_from_end(window)] - totals[rows_from_start(window)]
    return rolled(counted.astype(np.float64), sizes(window) > 0)


def _deriv(window: Window) -> Rolled:
    slope, _ = _line(window)
    return rolled(slope, sizes(window) >= 2)


def _predict_linear(window: Window, seconds: Floats) -> Rolled:
    slope, at_step = _line(window)
    return rolled(at_step + slope * seconds[:, np.newaxis], sizes(window) >= 2)


def _line(window: Window) -> tuple[Floats, Floats]:
    """The least-squares line: slopes a second and values at the step, steps × series.

    Centred on the mean time and on the first value, so that epoch times lose no digits and a constant is one.
    No line goes through what is infinite: its slope is NaN.
    """
    slopes = np.zeros((window.first.size, len(window.labels)))
    at_step = np.zeros_like(slopes)
    for step in np.flatnonzero(sizes(window) >= 2).tolist():
        rows = slice(window.first[step], window.last[step])
        seconds = (window.times[rows] - window.steps[step]) / 1000
        middle = seconds.mean()
        across = seconds - middle
        rises = window.values[rows] - window.values[rows.start]
        # Not a matrix product: its order of adding differs from machine to machine.
        slope = (across[:, np.newaxis] * rises).sum(axis=0) / np.square(across).sum()
        slopes[step] = np.where(np.isfinite(slope), slope, np.nan)
        at_step[step] = window.values[rows.start] + rises.mean(axis=0) - slopes[step] * middle
    return slopes, at_step


TRENDS = (
    RangeFunction("changes", each(_changes)),
    RangeFunction("resets", each(_resets)),
    RangeFunction("deriv", each(_deriv)),
    RangeFunction("predict_linear", each(_predict_linear)),
)

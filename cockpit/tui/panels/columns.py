"""Columns behind a graph's lines: bars, and what is stacked and filled."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from cockpit.tui.charts.raster import BLANKS
from cockpit.tui.colours import FILLS
from cockpit.tui.views.sparkline import BLOCKS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cockpit.tui.charts.data import ChartSeries
    from cockpit.tui.charts.graph import Frame
    from cockpit.tui.charts.raster import Cell, Raster
    from cockpit.tui.charts.view import Window
    from cockpit.tui.panels.traces import Drawing

_EIGHTHS = 8


def stand(raster: Raster, frame: Frame, made: Sequence[Drawing], *, colours: bool = True) -> None:
    """Draw those that are solid, the later ones over the earlier ones, where no line is."""
    cells: dict[tuple[int, int], Cell] = {}
    for number, each in enumerate(made):
        if each.solid:
            _fill(cells, each, frame, len(raster.cells), "█" if colours else FILLS[number % len(FILLS)])
    for (row, column), cell in cells.items():
        if raster.cells[row][column][0] in BLANKS:
            raster.cells[row][column] = cell


def samples(series: ChartSeries, window: Window, columns: int) -> NDArray[np.intp]:
    """Which sample each column shows: its own largest, else the nearest within half a gap; −1 for none."""
    width = window.seconds / columns
    found = np.full(columns, -1, np.intp)
    at = np.floor((series.times - window.start) / width).astype(np.intp)
    inside = np.flatnonzero((at >= 0) & (at < columns) & np.isfinite(series.values))
    if not inside.size:
        return found
    order = inside[np.lexsort((np.abs(series.values[inside]), at[inside]))]
    found[at[order]] = order  # of several in a column the last one written is the largest
    reach = min(series.gap / 2, window.seconds)
    middles = window.start + (np.arange(columns) + 0.5) * width
    after = np.minimum(np.searchsorted(series.times[inside], middles), inside.size - 1)
    left, right = inside[np.maximum(after - 1, 0)], inside[after]
    nearest = np.where(middles - series.times[left] <= series.times[right] - middles, left, right)
    near = (found < 0) & (np.abs(series.times[nearest] - middles) <= reach)
    found[near] = nearest[near]
    return found


def _fill(cells: dict[tuple[int, int], Cell], drawing: Drawing, frame: Frame, rows: int, block: str) -> None:
    low, high = frame.limits
    series = drawing.series

    def level(value: float) -> float:
        """How far up from the lower edge, in rows."""
        share = (min(max(value, low), high) - low) / (high - low)
        return 0.5 + share * (rows - 1) if share > 0 else 0.0

    for column, sample in enumerate(samples(series, frame.window, frame.columns).tolist()):
        if sample < 0:
            continue
        base = 0.0 if drawing.low is None else float(drawing.low[sample])
        ends = level(base), level(float(series.values[sample]))
        bottom, top = round(min(ends)), max(ends)
        if drawing.low is not None and (below := cells.get((rows - bottom, column))) is not None:
            cells[rows - bottom, column] = (block if block == "█" else below[0], below[1])  # no gap between two
        full = math.floor(top)
        for row in range(bottom, full):
            cells[rows - 1 - row, column] = (block, series.role)
        eighths = round((top - full) * _EIGHTHS)
        if eighths and full < rows and full >= bottom:
            cells[rows - 1 - full, column] = (BLOCKS[eighths - 1] if block == "█" else block, series.role)

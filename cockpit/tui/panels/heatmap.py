"""A heatmap: a row a bucket, a column a time, the darker the more fell into it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cockpit.text import shorten, width
from cockpit.tui.charts.graph import Frame, Paper, times_line
from cockpit.tui.charts.view import snapped
from cockpit.tui.lines import Line, Span, right

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cockpit.tui.charts.view import Window

SHADES = " ·░▒▓█"
LEAST = (20, 3)

_LONGEST_LABEL = 12
_STEPS_APART = 1.5


class Heat(NamedTuple):
    """Buckets over time: `labels` are clean and from the lowest up, `values[bucket, time]` counts, NaN for none.

    `times` are epoch seconds, ascending and at least one.
    """

    labels: Sequence[str]
    times: NDArray[np.float64]
    values: NDArray[np.float64]
    window: Window
    cursor: float | None = None


def heatmap(heat: Heat, paper: Paper, role: str = "accent") -> tuple[list[Line], Frame]:
    """The buckets from the highest down, times below. Buckets share rows where there are more than rows."""
    rows = paper.rows - 1
    labels, values = _folded(heat.labels, heat.values, rows)
    left = min(max(map(width, labels), default=0), _LONGEST_LABEL, paper.cells // 3) + 1
    columns = max(1, paper.cells - left)
    frame = Frame(left, columns, snapped(heat.window, columns), (0.0, 1.0))
    grid = _columns(heat.times, values, frame)
    largest = float(np.nanmax(grid)) if np.isfinite(grid).any() else 0.0
    heights = _heights(len(labels), rows)
    lines: list[Line] = []
    for bucket in reversed(range(len(labels))):
        texts = _shaded(grid[bucket], largest)
        for row in range(heights[bucket]):
            label = shorten(labels[bucket], left - 1) if row == heights[bucket] // 2 else ""
            lines.append(Line((right(label, left - 1, "muted"), Span(" "), *_cursored(texts, frame, heat, role))))
    lines += [Line()] * (rows - len(lines))
    return [*lines, times_line(frame, heat.cursor, paper.zone)], frame


def _folded(
    labels: Sequence[str], values: NDArray[np.float64], rows: int
) -> tuple[Sequence[str], NDArray[np.float64]]:
    """As many buckets as there are rows: neighbours are summed, and have the label of the highest."""
    count = len(labels)
    if count <= rows:
        return labels, values
    edges = [count * row // rows for row in range(rows)]
    last = [*(edge - 1 for edge in edges[1:]), count - 1]
    present = np.add.reduceat(np.isfinite(values), edges, axis=0) > 0
    summed = np.add.reduceat(np.nan_to_num(values, posinf=0, neginf=0), edges, axis=0)
    return [labels[each] for each in last], np.where(present, summed, np.nan)


def _columns(times: NDArray[np.float64], values: NDArray[np.float64], frame: Frame) -> NDArray[np.float64]:
    """The value of each column: of the moment nearest to its middle, NaN where none is near."""
    window, columns = frame.window, frame.columns
    middles = window.start + (np.arange(columns) + 0.5) / columns * window.seconds
    step = float(np.median(np.diff(times))) if times.size > 1 else window.seconds
    reach = max(_STEPS_APART * step, window.seconds / columns)
    after = np.clip(np.searchsorted(times, middles), 1, max(1, times.size - 1))
    before = after - 1
    after = np.minimum(after, times.size - 1)
    nearest = np.where(middles - times[before] <= times[after] - middles, before, after)
    grid = values[:, nearest]
    return np.where(np.abs(times[nearest] - middles) <= reach, grid, np.nan)


def _heights(buckets: int, rows: int) -> list[int]:
    """Rows of each bucket, which fill them all."""
    return [rows * (each + 1) // buckets - rows * each // buckets for each in range(buckets)]


def _shaded(values: NDArray[np.float64], largest: float) -> str:
    """A shade each; anything above zero is seen."""
    share = np.nan_to_num(values / largest if largest > 0 else values * 0, posinf=1, neginf=0)
    steps = np.ceil(np.clip(share, 0, 1) * (len(SHADES) - 1)).astype(int)
    return "".join(SHADES[step] for step in steps.tolist())


def _cursored(text: str, frame: Frame, heat: Heat, role: str) -> tuple[Span, ...]:
    column = -1 if heat.cursor is None else frame.column(heat.cursor)
    if not 0 <= column < len(text):
        return (Span(text, role),)
    return Span(text[:column], role), Span(text[column], f"{role} cursor"), Span(text[column + 1 :], role)

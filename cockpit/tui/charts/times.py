"""Where times stand on a canvas, and the line below it that says so. Nothing here needs what draws charts."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cockpit.tui.charts.raster import Raster
from cockpit.tui.charts.ticks import clock, time_axis
from cockpit.tui.lines import Line

if TYPE_CHECKING:
    from datetime import tzinfo

    from cockpit.tui.charts.view import Window

_CELLS_A_TIME = 14


class Frame(NamedTuple):
    """Where the canvas lies: its first column, how many there are, the times and the range of values they show."""

    left: int
    columns: int
    window: Window
    limits: tuple[float, float]

    def moment(self, column: int) -> float:
        """The middle of a column of the canvas, epoch seconds."""
        return self.window.start + (column + 0.5) / self.columns * self.window.seconds

    def column(self, at: float) -> int:
        """The column of a moment; less than 0 or `columns` and more beside the canvas."""
        return int((at - self.window.start) / self.window.seconds * self.columns // 1)


def times_line(frame: Frame, cursor: float | None, zone: tzinfo | None) -> Line:
    """The row under a canvas: times centred under their columns, that of the cursor in the place of others."""
    row = Raster(frame.left + frame.columns, [[]])
    taken = range(0)
    if cursor is not None and frame.window.start <= cursor <= frame.window.end:
        label = clock(cursor, zone)
        start = _centred(label, cursor, frame)
        row.put(0, start, label, "accent bold")
        taken = range(start - 1, start + len(label) + 1)
    axis = time_axis(frame.window, max(1, frame.columns // _CELLS_A_TIME), zone)
    for tick, label in zip(axis.ticks, axis.labels, strict=True):
        start = _centred(label, tick, frame)
        if start >= taken.stop or start + len(label) <= taken.start:
            row.put(0, start, label, "muted")
    return Line(row.spans(0))


def _centred(label: str, at: float, frame: Frame) -> int:
    middle = frame.left + frame.column(at)
    return min(max(0, middle - len(label) // 2), frame.left + frame.columns - len(label))

"""The timeline as lanes on one axis of time: traffic, events, alerts, errors, and below them what happened."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cockpit.tui.charts.raster import Raster
from cockpit.tui.charts.times import Frame, times_line
from cockpit.tui.charts.view import snapped
from cockpit.tui.lines import Line, Span
from cockpit.tui.views.sparkline import BLOCKS
from cockpit.tui.views.timeline_alerts import alert_rows, bars
from cockpit.tui.views.timeline_band import band, mixes
from cockpit.tui.views.timeline_marks import GRAVITY, MARKS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cockpit.release.events import EventKind
    from cockpit.tui.views.timeline_scene import Scene

LABEL = 8
"""Cells of the lanes' names."""
LEAST = 46
"""Cells below which a table says more."""
SHORT = 6
"""Rows below which only what cannot be left out is there."""
MOST_BAND, MOST_ALERTS, MOST_LISTED = 8, 3, 6

_UNKNOWN = "·"
_MANY = 9


class Rows(NamedTuple):
    """How many rows each lane has."""

    band: int
    alerts: int
    errors: int
    listed: int


def frame_of(scene: Scene, cells: int) -> Frame:
    """Where the lanes lie in so many cells."""
    columns = max(1, cells - LABEL)
    return Frame(LABEL, columns, snapped(scene.window, columns), (0.0, 1.0))


def lanes(scene: Scene, cells: int, height: int) -> tuple[list[Line], int]:
    """The lanes in so many cells and rows, and how many rows are left to list what happened."""
    frame = frame_of(scene, cells)
    found = bars(scene.events, scene.shares)
    in_view = sum(bar.start < frame.window.end and bar.end >= frame.window.start for bar in found)
    rows = allotted(height, alerts=in_view, errors=scene.errors is not None)
    shares = mixes(scene.shares, frame.window, frame.columns)
    drawn = [("traffic", band(shares, rows.band, scene.slots, scene.service)), ("events", _events(scene, frame))]
    if rows.alerts:
        drawn.append(("alerts", alert_rows(found, frame, rows.alerts)))
    if rows.errors:
        drawn.append(("errors", _errors(scene, frame)))
    lines = [line for name, raster in drawn for line in _lane(name, raster, scene, frame)]
    return [*lines, times_line(frame, scene.cursor, scene.zone)], rows.listed


def allotted(height: int, *, alerts: int, errors: bool) -> Rows:
    """What each lane gets of a height: first events and the axis, then what happened, then traffic."""
    some = height >= SHORT
    fixed = Rows(1, int(bool(alerts) and some), int(errors and some), int(height >= 4))
    left = max(0, height - 2 - sum(fixed))

    def more(most: int) -> int:
        nonlocal left
        given = max(0, min(most, left))
        left -= given
        return given

    banded = more(MOST_BAND // 2 - 1)
    alerted = more(min(alerts, MOST_ALERTS) - 1) if fixed.alerts else 0
    listed_ = more(MOST_LISTED - 1) if fixed.listed else 0
    banded += more(MOST_BAND // 2)
    return Rows(1 + banded, fixed.alerts + alerted, fixed.errors, fixed.listed + listed_ + left)


def _lane(name: str, raster: Raster, scene: Scene, frame: Frame) -> list[Line]:
    """A lane behind its name, with the cursor across it."""
    column = None if scene.cursor is None else frame.column(scene.cursor)
    if column is not None and 0 <= column < frame.columns:
        raster.rule_down(column, "│", "accent")
        raster.light(column, "cursor")
    return [
        Line((Span(f" {name if row == 0 else '':<{LABEL - 1}}", "muted"), *raster.spans(row)))
        for row in range(len(raster.cells))
    ]


def _events(scene: Scene, frame: Frame) -> Raster:
    """A mark where something happened; of several in one column how many, in the colour of the gravest."""
    raster = Raster(frame.columns, [[]])
    by_column: dict[int, list[EventKind]] = {}
    for place in scene.within(*frame.window):
        event = scene.events[place]
        by_column.setdefault(min(frame.column(event.at), frame.columns - 1), []).append(event.kind)
    for column, kinds in by_column.items():
        mark = MARKS[min(kinds, key=GRAVITY.__getitem__)]
        count = str(len(kinds)) if len(kinds) <= _MANY else "+"
        raster.put(0, column, mark.shape if len(kinds) == 1 else count, f"{mark.role} bold")
    if scene.selected is not None:
        column = frame.column(scene.events[scene.selected].at)
        if 0 <= column < frame.columns:
            shape, role = raster.cells[0][column]
            raster.put(0, column, shape, f"{role} reverse")
    return raster


def _errors(scene: Scene, frame: Frame) -> Raster:
    """How many errors there were, as bars; a dot where nobody knows."""
    counts: Sequence[int | None] = ()
    if scene.errors is not None:
        counts = scene.errors.along(*frame.window, frame.columns)
    peak = max((count for count in counts if count), default=0)
    raster = Raster(frame.columns, [[]])
    for column, count in enumerate(counts):
        if count is None:
            raster.put(0, column, _UNKNOWN, "muted")
        elif count:
            raster.put(0, column, BLOCKS[max(1, round(count * len(BLOCKS) / peak)) - 1], "bad")
    return raster

"""The rows of a dashboard: of today, panels that part the list of the others, or of before Grafana 5, lists of
panels with a height."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cockpit.metrics.dashboards.model import COLUMNS, Grid, Row
from cockpit.metrics.dashboards.reading.panels import read_grid, read_repeat

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cockpit.metrics.dashboards.model import Panel
    from cockpit.metrics.dashboards.reading.panels import Reader
    from cockpit.metrics.dashboards.reading.parts import Part

MOST_PANELS = 1000
"""Panels of one dashboard, those in collapsed rows among them."""

_SPANS = 12
"""The columns that rows had before Grafana 5."""
_CELL = 38
"""Pixels of a grid row and the gap below it, by which heights of then are counted now."""
_HEIGHT = 250
"""Pixels of a row that said nothing."""
_LEAST = 3


@dataclass(slots=True)
class _Room:
    """How many more panels are read."""

    left: int

    def taken(self, parts: Iterable[Part]) -> Iterator[Part]:
        """The parts there is room for; the first one beyond is a problem."""
        for part in parts:
            self.left -= 1
            if self.left < 0:
                message = f"more than {MOST_PANELS} panels; the rest is not read"
                part.notes.add(part.place, message, "make two dashboards")
                return
            yield part


def read_rows(root: Part, reader: Reader) -> tuple[Row, ...]:
    """All rows; the first has no headline where panels stand above the first one."""
    room = _Room(MOST_PANELS)
    if "panels" not in root and "rows" in root:
        return tuple(_old_rows(root, reader, room))
    return tuple(row for row in _rows(root, reader, room) if row.headed or row.panels)


def packed(panels: Iterable[Panel]) -> tuple[Panel, ...]:
    """The panels moved up as far as those above allow, from 0 on, none over another; in reading order."""
    heights = [0] * COLUMNS
    placed = []
    for panel in sorted(panels, key=lambda panel: (panel.grid.y, panel.grid.x)):
        grid = panel.grid
        y = max(heights[grid.x : grid.x + grid.w])
        heights[grid.x : grid.x + grid.w] = [y + grid.h] * grid.w
        placed.append(replace(panel, grid=replace(grid, y=y)))
    return tuple(placed)


def _rows(root: Part, reader: Reader, room: _Room) -> Iterator[Row]:
    """A row panel heads the panels behind it, or, collapsed, those it holds itself."""
    row = Row()
    panels: list[Panel] = []
    for part in _in_order(_originals(room.taken(root.objects("panels")))):
        if part.text("type") == "row":
            yield replace(row, panels=packed(panels))
            held = [reader.panel(each) for each in _originals(room.taken(part.objects("panels")))]
            row, panels = _headed(part, "collapsed"), held
        else:
            panels.append(_placed(part, reader.panel(part), panels))
    yield replace(row, panels=packed(panels))


def _in_order(parts: Iterable[Part]) -> list[Part]:
    """From the top down; as they stand in the file where some have no place."""
    kept = list(parts)
    return (
        sorted(kept, key=lambda part: part["gridPos"].number("y") or 0.0)
        if all("gridPos" in part for part in kept)
        else kept
    )


def _placed(part: Part, panel: Panel, before: list[Panel]) -> Panel:
    """A panel without a place stands below those before it."""
    if "gridPos" in part:
        return panel
    below = max((each.grid.y + each.grid.h for each in before), default=0)
    return replace(panel, grid=replace(panel.grid, y=below))


def _originals(parts: Iterable[Part]) -> Iterator[Part]:
    """Without the copies that a repeated panel had when the dashboard was saved: they are made anew."""
    kept = list(parts)
    sources = {part.number("id") for part in kept if "repeat" in part} - {None}
    for part in kept:
        copied = not part["repeat"].given and part.number("repeatPanelId") in sources
        if not copied and not part.flag("repeatedByRow"):
            yield part


def _headed(part: Part, key: str) -> Row:
    return Row(part.text("title"), headed=True, collapsed=part.flag(key), repeat=read_repeat(part))


def _old_rows(root: Part, reader: Reader, room: _Room) -> Iterator[Row]:
    parts = list(root.objects("rows"))
    headed = any(part.flag("collapse") or part.flag("showTitle") or "repeat" in part for part in parts)
    if not headed:
        yield Row(panels=packed(_flowing(parts, reader, room)))
        return
    for part in parts:
        yield replace(_headed(part, "collapse"), panels=packed(_flowing([part], reader, room)))


def _flowing(rows: Iterable[Part], reader: Reader, room: _Room) -> Iterator[Panel]:
    """Panels beside one another by their spans, on a new line where they no longer fit."""
    top = 0
    for row in rows:
        x, height = 0, _cells(row)
        for part in _originals(room.taken(row.objects("panels"))):
            panel = reader.panel(part)
            if "gridPos" in part:
                yield replace(panel, grid=replace(read_grid(part["gridPos"]), y=top))
                continue
            w = round(part.whole("span", 4, least=1, most=_SPANS) * COLUMNS / _SPANS)
            own = _cells(part) if "height" in part else height
            if x + w > COLUMNS:
                x, top = 0, top + height
            yield replace(panel, grid=Grid(x, top, w, own))
            x += w
        top += height


def _cells(part: Part) -> int:
    """The height "250px" or 250 in rows of the grid."""
    height = part["height"].value
    if isinstance(height, str):
        height = height.removesuffix("px") or _HEIGHT
    try:
        pixels = float(height) if isinstance(height, str | int | float) else _HEIGHT
    except ValueError:
        part["height"].wrong("a height in pixels")
        pixels = _HEIGHT
    return max(_LEAST, min(math.ceil(pixels / _CELL), 200)) if math.isfinite(pixels) else _LEAST

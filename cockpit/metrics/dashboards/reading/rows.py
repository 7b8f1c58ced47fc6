"""The rows of a dashboard: of today, panels that part the list of the others, or of before Grafana 5, lists of
panels with a height."""

from __future__ import annotations

import math
from dataclasses import replace
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


def read_rows(root: Part, reader: Reader) -> tuple[Row, ...]:
    """All rows; the first has no headline where panels stand above the first one."""
    left = [MOST_PANELS]
    if "panels" not in root and "rows" in root:
        return tuple(_old_rows(root, reader, left))
    return tuple(row for row in _rows(root, reader, left) if row.headed or row.panels)


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


def _rows(root: Part, reader: Reader, left: list[int]) -> Iterator[Row]:
    """A row panel heads the panels behind it, or, collapsed, those it holds itself."""
    row = Row()
    panels: list[Panel] = []
    parts = _originals(_bounded(root.objects("panels"), left))
    for part in sorted(parts, key=_order):
        if part.text("type") == "row":
            yield replace(row, panels=packed(panels))
            held = [reader.panel(each) for each in _originals(_bounded(part.objects("panels"), left))]
            row, panels = _headed(part, "collapsed"), held
        else:
            panels.append(_placed(part, reader.panel(part), panels))
    yield replace(row, panels=packed(panels))


def _order(part: Part) -> float:
    grid = part["gridPos"]
    return grid.number("y") or 0.0 if grid.given else math.inf


def _placed(part: Part, panel: Panel, before: list[Panel]) -> Panel:
    """A panel without a place stands below those before it."""
    if "gridPos" in part:
        return panel
    below = max((each.grid.y + each.grid.h for each in before), default=0)
    return replace(panel, grid=replace(panel.grid, y=below))


def _originals(parts: Iterable[Part]) -> Iterator[Part]:
    """Without the copies that a repeated panel had when the dashboard was saved: they are made anew."""
    kept = list(parts)
    sources = {part.whole("id", -1, least=-1) for part in kept if "repeat" in part}
    for part in kept:
        copied = part.whole("repeatPanelId", -1, least=-1) if "repeatPanelId" in part else -1
        if copied not in sources or "repeat" in part or copied == -1:
            yield part


def _bounded(parts: Iterable[Part], left: list[int]) -> Iterator[Part]:
    for part in parts:
        left[0] -= 1
        if left[0] < 0:
            part.notes.add(
                part.place, f"more than {MOST_PANELS} panels; the rest is not read", "make two dashboards"
            )
            return
        yield part


def _headed(part: Part, key: str) -> Row:
    return Row(part.text("title"), headed=True, collapsed=part.flag(key), repeat=read_repeat(part))


def _old_rows(root: Part, reader: Reader, left: list[int]) -> Iterator[Row]:
    parts = list(root.objects("rows"))
    headed = any(part.flag("collapse") or part.flag("showTitle") or "repeat" in part for part in parts)
    if not headed:
        yield Row(panels=packed(_flowing(parts, reader, left)))
        return
    for part in parts:
        yield replace(_headed(part, "collapse"), panels=packed(_flowing([part], reader, left)))


def _flowing(rows: Iterable[Part], reader: Reader, left: list[int]) -> Iterator[Panel]:
    """Panels beside one another by their spans, on a new line where they no longer fit."""
    top = 0
    for row in rows:
        x, height = 0, _cells(row)
        for part in _originals(_bounded(row.objects("panels"), left)):
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

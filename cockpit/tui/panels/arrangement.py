"""A dashboard's rows as they stand on the screen: headlines that fold, and the panels below them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cockpit.metrics.dashboards.model import Kind
from cockpit.tui.panels.frame import EDGES
from cockpit.tui.panels.places import Box, bottom, fits_grid, on_grid, scale, stacked
from cockpit.tui.tiling import Place

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from cockpit.metrics.dashboards.model import Panel, Row

_LEAST = {
    Kind.STAT: 1,
    Kind.GAUGE: 2,
    Kind.BARGAUGE: 1,
    Kind.TEXT: 1,
    Kind.TABLE: 3,
    Kind.HEATMAP: 4,
}
_ALONE = {Kind.STAT: 1, Kind.GAUGE: 5, Kind.BARGAUGE: 4, Kind.TEXT: 4, Kind.TABLE: 6, Kind.HEATMAP: 8}
"""Rows inside the frame that a kind needs on the grid, and has where it stands alone; others have more."""
_LEAST_CHART, _ALONE_CHART = 5, 9


class Item(NamedTuple):
    """The panel of a number in the row of a number, or the row's headline where `panel` is None."""

    row: int
    number: int = -1
    panel: Panel | None = None


def arranged(
    rows: Sequence[Row], folded: Collection[int], cells: int, height: int
) -> tuple[list[Item], list[Place]]:
    """What stands on a board of so many cells, `height` rows of which are seen, and where.

    `folded` are the numbers of the rows that show their headline alone.
    """
    open_rows = [(number, row) for number, row in enumerate(rows) if number not in folded]
    heads = sum(row.headed for row in rows)
    rows_each = scale(sum(row.height for _, row in open_rows), height - heads)
    items: list[Item] = []
    places: list[Place] = []
    y = 0
    for number, row in enumerate(rows):
        if row.headed:
            items.append(Item(number))
            places.append(Place(0, y, cells, 1))
            y += 1
        if number in folded or not row.panels:
            continue
        boxes = [_box(panel) for panel in row.panels]
        found = on_grid(boxes, cells, rows_each) if fits_grid(boxes, cells) else stacked(boxes, cells)
        items += (Item(number, place, panel) for place, panel in enumerate(row.panels))
        places += (place._replace(y=place.y + y) for place in found)
        y += bottom(found)
    return items, places


def _box(panel: Panel) -> Box:
    least = _LEAST.get(panel.kind, _LEAST_CHART)
    return Box(panel.grid, least + EDGES, max(least, _ALONE.get(panel.kind, _ALONE_CHART)) + EDGES)

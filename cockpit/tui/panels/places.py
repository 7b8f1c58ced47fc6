"""Where panels stand: Grafana's grid of 24 columns in cells of a terminal, or one below the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cockpit.metrics.dashboards.model import COLUMNS, Grid
from cockpit.tui.tiling import Place

if TYPE_CHECKING:
    from collections.abc import Sequence

NARROW = 79
"""Below so many cells, 80 without a scrollbar, panels stand one below the other: a grid leaves them no room."""

_SCALE = (1.3, 2.6)
"""The fewest and the most rows of the terminal for one of the grid, which is 38 px high with its gap."""
_USUAL_ROWS = 26
"""Rows of the grid that a browser window shows."""
_NARROWEST = 9
"""Cells below which a panel on the grid has no room for a value."""


class Box(NamedTuple):
    """What is to be placed: where it lies on the grid, and the rows it needs, its frame included.

    `alone` are the rows it has where it stands below others, at the full width.
    """

    grid: Grid
    least: int
    alone: int


def scale(grid_rows: int, rows: int) -> float:
    """How many of the terminal's rows one of the grid has: all of the grid fits in where it reads well so."""
    least, most = _SCALE
    fitting = rows / max(1, grid_rows)
    return min(fitting if fitting >= least else max(least, rows / _USUAL_ROWS), most)


def stacked(boxes: Sequence[Box], cells: int) -> list[Place]:
    """One below the other at the full width, in the order they are read."""
    places: dict[int, Place] = {}
    y = 0
    for number in sorted(range(len(boxes)), key=lambda number: _reading(boxes[number].grid)):
        places[number] = Place(0, y, cells, boxes[number].alone)
        y += boxes[number].alone
    return [places[number] for number in range(len(boxes))]


def on_grid(boxes: Sequence[Box], cells: int, rows_each: float) -> list[Place]:
    """On the grid, moved up into gaps as Grafana does; lower ends that meet on the grid meet on the screen.

    `rows_each` is how many rows one of the grid has. Where a panel needs more, all beside it have more.
    """
    grids = _compacted([box.grid for box in boxes])
    edges = _edges(grids, [box.least for box in boxes], rows_each)
    return [
        Place(
            left,
            edges[grid.y],
            max(_column(grid.x + grid.w, cells) - left, 1),
            edges[grid.y + grid.h] - edges[grid.y],
        )
        for grid in grids
        for left in (_column(grid.x, cells),)
    ]


def fits_grid(boxes: Sequence[Box], cells: int) -> bool:
    """Whether there is room for the grid: a terminal that is wide enough, and no panel too narrow for a value."""
    narrowest = min((box.grid.w for box in boxes), default=COLUMNS)
    return cells >= NARROW and narrowest * cells // COLUMNS >= _NARROWEST


def bottom(places: Sequence[Place]) -> int:
    """The first row below all of them."""
    return max((place.y + place.height for place in places), default=0)


def _reading(grid: Grid) -> tuple[int, int]:
    return grid.y, grid.x


def _column(x: int, cells: int) -> int:
    return round(min(x, COLUMNS) * cells / COLUMNS)


def _compacted(grids: Sequence[Grid]) -> list[Grid]:
    """Every panel as far up as nothing is in its way, those above first."""
    heights = [0] * COLUMNS
    placed: dict[int, Grid] = {}
    for number in sorted(range(len(grids)), key=lambda number: _reading(grids[number])):
        x, y, w, h = grids[number].x, grids[number].y, grids[number].w, grids[number].h
        x = min(max(0, x), COLUMNS - 1)
        w, h = min(max(1, w), COLUMNS - x), max(1, h)
        y = max(heights[x : x + w])
        heights[x : x + w] = [y + h] * w
        placed[number] = Grid(x, y, w, h)
    return [placed[number] for number in range(len(grids))]


def _edges(grids: Sequence[Grid], least: Sequence[int], rows_each: float) -> dict[int, int]:
    """The row of every upper and lower end that a panel has on the grid."""
    edges = {0: 0}
    before = 0
    for edge in sorted({grid.y for grid in grids} | {grid.y + grid.h for grid in grids}):
        needed = (edges[grid.y] + rows for grid, rows in zip(grids, least, strict=True) if grid.y + grid.h == edge)
        scaled = edges[before] + round(edge * rows_each) - round(before * rows_each)
        edges[edge] = max(scaled, *needed, 0)
        before = edge
    return edges

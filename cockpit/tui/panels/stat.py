"""A stat: one value as large as it goes, its course below it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cockpit.text import shorten, width
from cockpit.tui.lines import Line, Span
from cockpit.tui.panels.bars import area
from cockpit.tui.panels.big import ROWS as BIG_ROWS
from cockpit.tui.panels.big import big
from cockpit.tui.panels.numbers import Number, Tile, centred, tiles
from cockpit.tui.views.sparkline import extent

if TYPE_CHECKING:
    from collections.abc import Sequence

_LEAST = Tile(12, 1)
_LEAST_COURSE = 6
_MOST_COURSE_ROWS = 4


class Look(NamedTuple):
    """What of a stat is shown: names, values, courses; `ground` colours what is behind it instead of the value."""

    names: bool = False
    values: bool = True
    courses: bool = True
    ground: bool = False


def stat(numbers: Sequence[Number], look: Look, cells: int, rows: int) -> list[Line]:
    """The values, each in a tile of its own."""
    least = _LEAST._replace(rows=2 if look.names and rows > 1 else 1)

    def draw(number: Number, tile: Tile) -> list[Line]:
        made = _row(number, look, tile) if tile.rows == 1 else _tile(number, look, tile)
        return [_grounded(line, number, tile) for line in made] if look.ground else made

    return tiles(numbers, cells, rows, least=least, draw=draw)


def _row(number: Number, look: Look, tile: Tile) -> list[Line]:
    """All in one row: name, course and value."""
    text = number.told if look.values else ""
    name = shorten(number.name, max(0, tile.cells - width(text) - 1)) if look.names else ""
    spans = [Span(name, "muted"), Span(" ")] if name else []
    room = tile.cells - width(text) - (width(name) + 1 if name else 0) - 1
    if look.courses and number.course and room >= _LEAST_COURSE:
        spans += [Span(area(number.course, room, 1, extent(number.course))[0], "muted"), Span(" ")]
    return [Line((*spans, Span(text, f"{number.role} bold")))]


def _tile(number: Number, look: Look, tile: Tile) -> list[Line]:
    """Name above, the value in the middle, large where there is room, and its course at the foot."""
    name = [centred((Span(shorten(number.name, tile.cells), "muted"),), tile.cells)] if look.names else []
    rows = tile.rows - len(name)
    value = _value(number, tile.cells, rows) if look.values else []
    left_over = rows - len(value)
    course = min(left_over, _MOST_COURSE_ROWS, max(1, tile.rows // 3)) if look.courses and number.course else 0
    foot = area(number.course, tile.cells, course, extent(number.course)) if course > 0 else []
    above, below = (left_over - len(foot)) // 2, (left_over - len(foot) + 1) // 2
    role = f"{number.role} dim".strip()
    return [*name, *[Line()] * above, *value, *[Line()] * below, *(Line((Span(each, role),)) for each in foot)]


def _value(number: Number, cells: int, rows: int) -> list[Line]:
    large = big(number.told)
    if rows > BIG_ROWS and width(large[-1]) <= cells:
        return [centred((Span(row, f"{number.role} bold"),), cells) for row in large]
    return [centred((Span(shorten(number.told, cells), f"{number.role} bold"),), cells)]


def _grounded(line: Line, number: Number, tile: Tile) -> Line:
    """The line on the value's colour."""
    text = line.text.ljust(tile.cells)
    return Line((Span(text, f"{number.role} reverse".strip()),))

"""One value as a panel shows it, and how several share the room of a panel."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from cockpit.text import width
from cockpit.tui.lines import Line, Span, cells_of, left

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cockpit.tui.lines import Spans
    from cockpit.tui.panels.arc import Zone

_GAP = 2
_MARKS = {"bad": "✗ ", "warn": "! "}
"""A state is a shape first and a colour second."""


@dataclass(frozen=True, slots=True)
class Number:
    """A reduced value: clean `name` and `text`, its colour as a role, and how far it is from minimum to maximum.

    `share` is NaN where there is no range. `zones` are the thresholds on that range, `course` its values in time.
    `marked` is whether its colour tells a state, which then has a shape as well.
    """

    name: str
    text: str
    role: str = ""
    share: float = math.nan
    zones: tuple[Zone, ...] = ()
    course: tuple[float, ...] = ()
    marked: bool = True

    @property
    def told(self) -> str:
        """The text, with a shape before it where its colour is a warning."""
        mark = _MARKS.get(self.role, "") if self.marked else ""
        return f"{mark}{self.text}"


class Tile(NamedTuple):
    """The room of one of several values."""

    cells: int
    rows: int


def tiles(
    numbers: Sequence[Number], cells: int, rows: int, *, least: Tile, draw: Callable[[Number, Tile], list[Line]]
) -> list[Line]:
    """Every value in a tile of its own, side by side before below one another; what finds no room is counted."""
    across = max(1, min(len(numbers), (cells + _GAP) // (least.cells + _GAP)))
    down = max(1, min(-(-len(numbers) // across), rows // least.rows))
    across = min(across, -(-len(numbers) // down))
    room = across * down
    shown = numbers[:room]
    tile = Tile((cells - _GAP * (across - 1)) // across, rows // down)
    lines: list[Line] = []
    for start in range(0, len(shown), across):
        drawn = [draw(number, tile) for number in shown[start : start + across]]
        lines += [
            _side_by_side([_at(lines_of, row) for lines_of in drawn], tile.cells) for row in range(tile.rows)
        ]
    if room < len(numbers):
        more = f" +{len(numbers) - room}"
        lines[-1] = Line((left(lines[-1].text, cells - width(more)), Span(more, "muted")))
    return lines


def centred(spans: Spans, cells: int) -> Line:
    """Spans in the middle of so many cells."""
    return Line((Span(" " * max(0, (cells - cells_of(spans)) // 2)), *spans))


def _at(lines: Sequence[Line], row: int) -> Line:
    return lines[row] if row < len(lines) else Line()


def _side_by_side(lines: Sequence[Line], cells: int) -> Line:
    spans: list[Span] = []
    for number, line in enumerate(lines):
        spans += [Span(" " * _GAP)] if number else []
        spans += (*line.spans, Span(" " * max(0, cells - cells_of(line.spans))))
    return Line(tuple(spans))

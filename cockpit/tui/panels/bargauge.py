"""Bars of one value each, below one another; a pie as well, as the eye compares lengths and cells have no angles.

Grafana's vertical bars lie on their side, too: a terminal has more cells across than down, and names are read.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from cockpit.text import width
from cockpit.tui.lines import Line, Span, left, right
from cockpit.tui.panels.bars import bar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cockpit.tui.panels.numbers import Number

_LEAST_BAR = 6
_GAPS = 2


def bars(numbers: Sequence[Number], cells: int, rows: int) -> list[Line]:
    """A row each: name, bar and value; with twice the room a blank row between two, with too little a count."""
    shown = numbers if len(numbers) <= rows else numbers[: max(0, rows - 1)]
    value = min(max((width(number.told) for number in shown), default=0), cells // 2)
    longest = max((width(number.name) for number in shown), default=0)
    name = min(longest, cells // 2, max(0, cells - value - _GAPS - _LEAST_BAR))
    room = max(0, cells - name - value - _GAPS)
    lines: list[Line] = []
    for number in shown:
        lines += [Line()] if lines and 2 * len(numbers) - 1 <= rows else []
        filled = bar(0.0 if math.isnan(number.share) else number.share, room).rstrip(" ")
        track = Span("░" * (room - len(filled)), "border")
        words = right(number.told, value, f"{number.role} bold")
        head = left(number.name, name, "muted"), Span(" ")
        lines.append(Line((*head, Span(filled, number.role), track, Span(" "), words)))
    if len(shown) < len(numbers):
        lines.append(Line((Span(f"+{len(numbers) - len(shown)}", "muted"),)))
    return lines

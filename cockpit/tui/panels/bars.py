"""Bars and areas out of blocks: an eighth of a cell is the least that shows."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from cockpit.tui.views.sparkline import BLOCKS, fitted

if TYPE_CHECKING:
    from collections.abc import Sequence

_PARTS = " ▏▎▍▌▋▊▉"
_EIGHTHS = 8


def share_of(value: float, low: float, high: float) -> float:
    """How far a value is from `low` to `high`, from 0 to 1; 0 for NaN and where there is no range."""
    if math.isnan(value) or not high > low:
        return 0.0
    return min(max((value / 2 - low / 2) / (high / 2 - low / 2), 0.0), 1.0)  # halves, as the span may overflow


def bar(share: float, cells: int) -> str:
    """A bar over a share (0 to 1) of the cells, blank behind; more than nothing is never nothing."""
    eighths = round(share * cells * _EIGHTHS)
    full, part = divmod(max(eighths, share > 0), _EIGHTHS)
    return ("█" * full + _PARTS[part]).ljust(cells)[:cells]


def area(values: Sequence[float], cells: int, rows: int, span: tuple[float, float]) -> list[str]:
    """A course as columns from the bottom, its newest value at the right; a value that is missing leaves a gap.

    `span` are the values of the lowest block and of the top. A column is the mean of what falls into it; a few
    values are as wide as it takes to fill the cells.
    """
    few = 0 < len(values) < cells
    shown = [values[cell * len(values) // cells] for cell in range(cells)] if few else fitted(values, cells)
    heights = [_height(value, rows, span) for value in shown]
    lines = ("".join(_block(height - row * _EIGHTHS) for height in heights) for row in reversed(range(rows)))
    return [line.ljust(cells) for line in lines]


def _height(value: float, rows: int, span: tuple[float, float]) -> int:
    """In eighths of a row; what is there has at least one."""
    if not math.isfinite(value):
        return 0
    return max(1, round(share_of(value, *span) * rows * _EIGHTHS))


def _block(eighths: int) -> str:
    return " " if eighths <= 0 else BLOCKS[min(eighths, _EIGHTHS) - 1]

"""A course of values as one line of blocks."""

from __future__ import annotations

import math
import sys
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

BLOCKS = "▁▂▃▄▅▆▇█"
LEAST_SPAN = 0.5
LARGEST = sys.float_info.max


def sparkline(values: Sequence[float], cells: int, low: float, high: float) -> str:
    """The newest value in the last of `cells` cells, low to high as the lowest to the full block.

    A cell is the mean of the values that fall into it, a space where there are none (NaN). Fewer values than
    cells leave cells empty at the left.
    """
    if cells < 1:
        return ""
    shown = fitted(values, cells)
    return "".join(_block(value, low, high) for value in shown).rjust(cells)


def extent(values: Iterable[float]) -> tuple[float, float]:
    """The scale for some courses: from their least to their largest, and never so narrow that noise fills it.

    At least `LEAST_SPAN` of the largest size lies between the ends, the values in the middle of it; what is never
    negative has its lower end at 0 or above.
    """
    finite = [value for value in values if math.isfinite(value)]
    if not finite:
        return 0.0, 1.0
    least, most = min(finite), max(finite)
    spare = max(0.0, LEAST_SPAN * max(abs(least), abs(most)) - (most - least)) / 2
    low = max(0.0, least - spare) if least >= 0 else max(-LARGEST, least - spare)
    return low, min(LARGEST, most + spare)


def fitted(values: Sequence[float], cells: int) -> list[float]:
    """The values, or as many means of neighbours as there are cells."""
    count = len(values)
    if count <= cells:
        return list(values)
    edges = [count * cell // cells for cell in range(cells + 1)]
    return [_mean(values[start:end]) for start, end in pairwise(edges)]


def _mean(values: Sequence[float]) -> float:
    finite = [value for value in values if math.isfinite(value)]
    return sum(finite) / len(finite) if finite else math.nan


def _block(value: float, low: float, high: float) -> str:
    if not math.isfinite(value):
        return " "
    share = (value / 2 - low / 2) / (high / 2 - low / 2) if high > low else 0.0  # halves, as the span may overflow
    return BLOCKS[round(min(max(share, 0.0), 1.0) * (len(BLOCKS) - 1))]

"""Half a ring of blocks that fills from the left, as gauges do: four dots a cell, so that it looks solid."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cockpit.tui.lines import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cockpit.tui.lines import Spans

LEAST_ROWS = 4
_QUADRANTS = " ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█"
_BITS = np.array([[1, 2], [4, 8]])
_THICK = 0.3
"""Of the radius, how thick the ring is; and how thick the mark of the thresholds around it, with its gap."""
_MARK, _GAP = 0.09, 0.05
_KEPT = 64


class Zone(NamedTuple):
    """Up to a share (0 to 1) of the arc, its mark has the colour of this role."""

    until: float
    role: str


class _Shape(NamedTuple):
    """What of the arc each cell holds: a character, how far along it lies, and whether it is of the mark."""

    characters: Sequence[str]
    along: NDArray[np.float64]
    marked: NDArray[np.bool_]


def size_of(cells: int, rows: int) -> tuple[int, int]:
    """Cells and rows of the largest half ring that fits: it is four times as wide as high."""
    rows = min(rows, cells // 4)
    return rows * 4, rows


def hollow(rows: int, *, marked: bool) -> int:
    """How many cells are free inside a half ring of so many rows, at its foot."""
    inner = 1 - _THICK - (_MARK + _GAP if marked else 0)
    return int(rows * 4 * inner) - 1


def arc(share: float, rows: int, role: str, zones: Sequence[Zone] = ()) -> list[Spans]:
    """The half ring, filled over a share (0 to 1) in the colour of a role, with the zones around it if given."""
    shape = _shape(rows, bool(zones))
    lines = []
    for number, characters in enumerate(shape.characters):
        spans: list[Span] = []
        for character, along, marked in zip(
            characters, shape.along[number].tolist(), shape.marked[number].tolist(), strict=True
        ):
            own = _zone(along, zones) if marked else role if along <= share else "border"
            if spans and (character == " " or spans[-1].role == own):
                spans[-1] = Span(spans[-1].text + character, spans[-1].role)
            else:
                spans.append(Span(character, own))
        lines.append(tuple(spans))
    return lines


def _zone(along: float, zones: Sequence[Zone]) -> str:
    return next((zone.role for zone in zones if along <= zone.until), zones[-1].role)


@lru_cache(_KEPT)
def _shape(rows: int, marked: bool) -> _Shape:
    """The half ring of so many rows, its middle at the foot."""
    radius = float(rows)
    y = radius - (np.arange(2 * rows) + 0.5) / 2
    x = (np.arange(8 * rows) + 0.5) / 4 - radius
    far = np.hypot(x[None, :], y[:, None]) / radius
    outer = 1 - _MARK - _GAP if marked else 1.0
    ring = (far <= outer) & (far >= outer - _THICK)
    mark = (far <= 1) & (far >= 1 - _MARK) if marked else np.zeros_like(ring)
    dots = (ring | mark).reshape(rows, 2, 4 * rows, 2).transpose(0, 2, 1, 3)
    codes = (dots * _BITS).sum(axis=(2, 3))
    of_mark = mark.reshape(rows, 2, 4 * rows, 2).sum(axis=(1, 3))
    middle_y = radius - (np.arange(rows) + 0.5)
    middle_x = (np.arange(4 * rows) + 0.5) / 2 - radius
    along = 1 - np.arctan2(middle_y[:, None], middle_x[None, :]) / np.pi
    characters = ["".join(_QUADRANTS[code] for code in line) for line in codes.tolist()]
    return _Shape(characters, along, of_mark * 2 > dots.sum(axis=(2, 3)))

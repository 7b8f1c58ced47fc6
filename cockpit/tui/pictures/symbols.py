"""Arrows, marks and shapes that few monospaced fonts have, as lines and areas of one cell.

Places are in parts of a cell's width from its middle: x to the right, y downwards.
"""

from __future__ import annotations

from math import cos, pi, sin
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL.ImageDraw import ImageDraw

    from cockpit.tui.pictures.boxes import Cell

Path = tuple[tuple[float, float], ...]

_UP: Path = ((0, -0.42), (0.46, 0.36), (-0.46, 0.36))
_SMALL_UP: Path = tuple((x * 0.72, y * 0.72) for x, y in _UP)
_SQUARE: Path = ((-0.4, -0.4), (0.4, -0.4), (0.4, 0.4), (-0.4, 0.4))
_DIAMOND: Path = ((0, -0.5), (0.42, 0), (0, 0.5), (-0.42, 0))
_CIRCLE: Path = tuple((0.42 * cos(step * pi / 24), 0.42 * sin(step * pi / 24)) for step in range(48))
_LEFT_HALF: Path = tuple(point for point in _CIRCLE if point[0] <= 1e-9)
_SHAFT: Path = ((0, -0.6), (0, 0.6))
_HEAD: Path = ((-0.34, -0.24), (0, -0.6), (0.34, -0.24))
_BAR: Path = ((-0.34, -0.62), (0.34, -0.62))
_HOLLOW_ARROW: Path = (
    (0, -0.6), (0.44, -0.1), (0.18, -0.1), (0.18, 0.5), (-0.18, 0.5), (-0.18, -0.1), (-0.44, -0.1), (0, -0.6)
)  # fmt: skip
_RETURN: tuple[Path, ...] = (
    ((0.38, -0.5), (0.38, 0.1), (-0.42, 0.1)),
    ((-0.14, -0.2), (-0.44, 0.1), (-0.14, 0.4)),
)
_STRIPES: tuple[Path, ...] = tuple(((-0.4, y), (0.4, y)) for y in (-0.14, 0.14))
_SLANTS: tuple[Path, ...] = (((-0.4, -0.4), (0.4, 0.4)), ((0, -0.4), (0.4, 0)), ((-0.4, 0), (0, 0.4)))


def _turned(path: Path, quarters: int) -> Path:
    """Turned clockwise by so many right angles."""
    for _ in range(quarters):
        path = tuple((-y, x) for x, y in path)
    return path


def _closed(path: Path) -> Path:
    return (*path, path[0])


def _arrow(quarters: int) -> tuple[Path, ...]:
    return _turned(_SHAFT, quarters), _turned(_HEAD, quarters)


AREAS: dict[str, Path] = {
    "▲": _UP,
    "▶": _turned(_UP, 1),
    "▼": _turned(_UP, 2),
    "◀": _turned(_UP, 3),
    "▴": _SMALL_UP,
    "▸": _turned(_SMALL_UP, 1),
    "▾": _turned(_SMALL_UP, 2),
    "◂": _turned(_SMALL_UP, 3),
    "■": _SQUARE,
    "◆": _DIAMOND,
    "●": _CIRCLE,
    "◐": _LEFT_HALF,
}
"""Symbols that are filled."""

LINES: dict[str, tuple[Path, ...]] = {
    "↑": _arrow(0),
    "→": _arrow(1),
    "↓": _arrow(2),
    "←": _arrow(3),
    "⇥": (*_arrow(1), _turned(_BAR, 1)),
    "⇧": (_HOLLOW_ARROW,),
    "⏎": _RETURN,
    "△": (_closed(_UP),),
    "▽": (_closed(_turned(_UP, 2)),),
    "□": (_closed(_SQUARE),),
    "▤": (_closed(_SQUARE), *_STRIPES),
    "▧": (_closed(_SQUARE), *_SLANTS),
    "◇": (_closed(_DIAMOND),),
    "○": (_closed(_CIRCLE),),
    "◐": (_closed(_CIRCLE),),
    "◌": tuple(_CIRCLE[start : start + 4] for start in range(0, 48, 6)),
    "✓": (((-0.42, 0.05), (-0.12, 0.4), (0.44, -0.5)),),
    "✗": (((-0.38, -0.45), (0.38, 0.45)), ((0.38, -0.45), (-0.38, 0.45))),
    "⚠": (_closed(tuple((x * 1.1, y * 1.2) for x, y in _UP)), ((0, -0.16), (0, 0.12)), ((0, 0.22), (0, 0.3))),
}
"""Symbols that are drawn."""


def draw_symbol(draw: ImageDraw, char: str, cell: Cell) -> None:
    """Draw one of AREAS or LINES, in white on black."""
    if char in AREAS:
        draw.polygon(_placed(AREAS[char], cell), fill=255)
    for path in LINES.get(char, ()):
        draw.line(_placed(path, cell), fill=255, width=cell.line, joint="curve")


def _placed(path: Sequence[tuple[float, float]], cell: Cell) -> list[tuple[float, float]]:
    return [(cell.width * (0.5 + x), cell.height / 2 + cell.width * y) for x, y in path]

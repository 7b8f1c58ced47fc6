"""Blocks, shades, quadrants, sextants and braille, as the parts of a cell that they fill."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

    from cockpit.tui.pictures.boxes import Cell

BLOCKS = range(0x2580, 0x25A0)
BRAILLE = range(0x2800, 0x2900)
SEXTANTS = range(0x1FB00, 0x1FB3C)

_SHADES = {0x2591: 1, 0x2592: 2, 0x2593: 3}
_QUADRANTS = dict(zip(range(0x2596, 0x25A0), (4, 8, 1, 13, 9, 7, 11, 2, 6, 14), strict=True))
"""Bits: upper left, upper right, lower left, lower right."""
_DOTS = ((0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3))
"""Column and row of every bit of a braille character."""
_PATTERN = ((0, 0), (1, 1), (1, 0))
"""Which of four squares are filled, one for each quarter of a shade."""

Box = tuple[float, float, float, float]


def draw_block(draw: ImageDraw, char: str, cell: Cell) -> None:
    """Draw one of BLOCKS, SEXTANTS or BRAILLE, in white on black, so that it meets its neighbours."""
    code = ord(char)
    if code in BRAILLE:
        _dots(draw, code - BRAILLE.start, cell)
    elif code in _SHADES:
        _shade(draw, _SHADES[code], cell)
    else:
        for left, top, right, bottom in _parts(code):
            x, y = round(left * cell.width), round(top * cell.height)
            draw.rectangle((x, y, round(right * cell.width) - 1, round(bottom * cell.height) - 1), fill=255)


def _parts(code: int) -> list[Box]:
    """What is filled, in parts of a cell: left, top, right, bottom."""
    if code in SEXTANTS:
        return _grid(_sextant(code - SEXTANTS.start + 1), 3)
    if code in _QUADRANTS:
        return _grid(_QUADRANTS[code], 2)
    match code:
        case 0x2580:
            return [(0, 0, 1, 0.5)]
        case 0x2590:
            return [(0.5, 0, 1, 1)]
        case 0x2594:
            return [(0, 0, 1, 1 / 8)]
        case 0x2595:
            return [(7 / 8, 0, 1, 1)]
    if code <= 0x2588:
        return [(0, 1 - (code - 0x2580) / 8, 1, 1)]
    return [(0, 0, (0x2590 - code) / 8, 1)]


def _sextant(bits: int) -> int:
    """The bits of the so-many-th sextant: the two that are half blocks have other places."""
    return bits + (bits >= 0b010101) + (bits >= 0b101010 - 1)


def _grid(bits: int, rows: int) -> list[Box]:
    """Two columns of parts, a bit each, line by line."""
    found = [divmod(bit, 2) for bit in range(2 * rows) if bits >> bit & 1]
    return [(column / 2, row / rows, (column + 1) / 2, (row + 1) / rows) for row, column in found]


def _dots(draw: ImageDraw, bits: int, cell: Cell) -> None:
    wide, high = cell.width / 2, cell.height / 4
    radius = min(wide, high) * 0.36
    for bit, (column, row) in enumerate(_DOTS):
        if bits >> bit & 1:
            x, y = (column + 0.5) * wide, (row + 0.5) * high
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)


def _shade(draw: ImageDraw, quarters: int, cell: Cell) -> None:
    """A pattern as fine as a line is thick; it goes on from cell to cell."""
    step = cell.line
    kept = _PATTERN[:quarters]
    for row in range(cell.height // step):
        for column in range(cell.width // step):
            if (column % 2, row % 2) in kept:
                x, y = column * step, row * step
                draw.rectangle((x, y, x + step - 1, y + step - 1), fill=255)

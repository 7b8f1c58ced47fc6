"""A screen as PNG, drawn cell by cell: what is a line on the screen is one in the picture, without a seam."""

from __future__ import annotations

import io
from collections import Counter
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw

from cockpit.text import width
from cockpit.tui.pictures.glyphs import CELL, Face, Glyphs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cockpit.tui.pictures.cells import Colour, Run

MARGIN = 12
"""Pixels around the screen, in the colour that most of it has."""


def png(lines: Sequence[Sequence[Run]]) -> bytes:
    """The picture of some lines, all of the same number of cells."""
    canvas = _Canvas(lines)
    for row, line in enumerate(lines):
        column = 0
        for run in line:
            canvas.draw(run, column, row)
            column += run.cells
    written = io.BytesIO()
    canvas.image.save(written, "PNG", optimize=True)
    return written.getvalue()


class _Canvas:
    """An image with room for some lines."""

    def __init__(self, lines: Sequence[Sequence[Run]]) -> None:
        columns = max((sum(run.cells for run in line) for line in lines), default=0)
        ground = _widest_ground(lines)
        size = columns * CELL.width + 2 * MARGIN, len(lines) * CELL.height + 2 * MARGIN
        self.image = Image.new("RGB", size, ground)
        self._draw = ImageDraw.Draw(self.image)
        self._glyphs = Glyphs()

    def draw(self, run: Run, column: int, row: int) -> None:
        """Draw a run that begins in some cell."""
        x, y = MARGIN + column * CELL.width, MARGIN + row * CELL.height
        right, bottom = x + run.cells * CELL.width - 1, y + CELL.height - 1
        self._draw.rectangle((x, y, right, bottom), fill=run.ground)
        if run.underlined:
            self._draw.rectangle((x, bottom - 3, right, bottom - 2), fill=run.ink)
        if run.struck:
            middle = y + CELL.height // 2
            self._draw.rectangle((x, middle, right, middle + 1), fill=run.ink)
        face = Face(run.bold, run.italic)
        for char, cells in _characters(run.text):
            if not char.isspace():
                self.image.paste(run.ink, (x, y), self._glyphs.mask(char, cells, face))
            x += cells * CELL.width


def _widest_ground(lines: Sequence[Sequence[Run]]) -> Colour:
    """The ground of most cells."""
    cells: Counter[Colour] = Counter()
    for line in lines:
        for run in line:
            cells[run.ground] += run.cells
    return max(cells, key=cells.__getitem__, default=(0, 0, 0))


def _characters(text: str) -> Iterator[tuple[str, int]]:
    """The characters of a text with the marks on them, and the cells each takes."""
    held, cells = "", 0
    for char in text:
        wide = width(char)
        if wide and cells:
            yield held, cells
            held = ""
        held, cells = held + char, wide or cells
    if cells:
        yield held, cells

"""Characters as masks: letters of one font that comes along, all that joins or points drawn by us."""

from __future__ import annotations

from functools import cached_property, lru_cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, NamedTuple

from PIL import Image, ImageDraw, ImageFont

from cockpit.tui.pictures.blocks import BLOCKS, BRAILLE, SEXTANTS, draw_block
from cockpit.tui.pictures.boxes import BOXES, Cell, draw_box
from cockpit.tui.pictures.symbols import AREAS, LINES, draw_symbol

if TYPE_CHECKING:
    from collections.abc import Callable

    from PIL.ImageFont import FreeTypeFont

CELL = Cell(width=12, height=24, line=2)
"""A cell of the picture. Its width is what a letter of the font takes at FONT_SIZE."""
FONT_SIZE = 20
BASELINE = 18.0
REGULAR, BOLD = 400, 700
FINER = 4
"""How many times as large a shape is drawn before it is made smooth."""

_FONTS = {False: "RobotoMono-VariableFont_wght.ttf", True: "RobotoMono-Italic-VariableFont_wght.ttf"}
_OTHERS = ("DejaVuSansMono.ttf", "Menlo.ttc", "NotoSansMonoCJK-Regular.ttc", "NotoSansCJK-Regular.ttc")
"""Fonts of the machine for letters of other scripts: those alone may look otherwise elsewhere."""
_NOWHERE = "\U0010fffe"
"""A character that no font has."""


class Face(NamedTuple):
    """One style of letters."""

    bold: bool
    italic: bool


class Glyphs:
    """Masks of characters, each made once: white where there is ink, `cells` cells wide."""

    def __init__(self) -> None:
        self._fonts = {Face(bold, italic): _font(bold, italic) for bold in (False, True) for italic in _FONTS}
        self.mask = lru_cache(maxsize=4096)(self._mask)

    def _mask(self, char: str, cells: int, face: Face) -> Image.Image:
        draw_shape = _drawn_by_us(char)
        if draw_shape is not None:
            return _shape(draw_shape, char)
        mask = Image.new("L", (CELL.width * cells, CELL.height))
        draw = ImageDraw.Draw(mask)
        font = self._font_with(char, face)
        if font is None:
            right, bottom = mask.width - 3, CELL.height - 5
            draw.rectangle((2, 4, right, bottom), outline=255)
        else:
            draw.text((0, BASELINE), char, fill=255, font=font, anchor="ls")
        return mask

    def _font_with(self, char: str, face: Face) -> FreeTypeFont | None:
        """The font that has a character; None where there is none."""
        own = self._fonts[face]
        return next((font for font in (own, *self._others) if _has(font, char)), None)

    @cached_property
    def _others(self) -> list[FreeTypeFont]:
        found = []
        for name in _OTHERS:
            try:
                found.append(ImageFont.truetype(name, FONT_SIZE))
            except OSError:  # not on this machine
                continue
        return found


def _font(bold: bool, italic: bool) -> FreeTypeFont:
    with as_file(files("textual_serve") / "static" / "fonts" / _FONTS[italic]) as path:
        font = ImageFont.truetype(path, FONT_SIZE)
    font.set_variation_by_axes([BOLD if bold else REGULAR])
    return font


def _has(font: FreeTypeFont, char: str) -> bool:
    return bytes(font.getmask(char)) != bytes(font.getmask(_NOWHERE))


def _drawn_by_us(char: str) -> Callable[[ImageDraw.ImageDraw, str, Cell], None] | None:
    if len(char) != 1:
        return None
    code = ord(char)
    if code in BOXES:
        return draw_box
    if code in BLOCKS or code in BRAILLE or code in SEXTANTS:
        return draw_block
    return draw_symbol if char in AREAS or char in LINES else None


def _shape(draw_shape: Callable[[ImageDraw.ImageDraw, str, Cell], None], char: str) -> Image.Image:
    large = Cell(CELL.width * FINER, CELL.height * FINER, CELL.line * FINER)
    mask = Image.new("L", (large.width, large.height))
    draw_shape(ImageDraw.Draw(mask), char, large)
    return mask.reduce(FINER)

"""What is drawn by us: lines meet, blocks fill what they say, and no font of the machine is needed."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import cockpit.tui
from cockpit.tui.pictures.blocks import BRAILLE, SEXTANTS
from cockpit.tui.pictures.boxes import BOXES, arms
from cockpit.tui.pictures.glyphs import CELL, Face, Glyphs

if TYPE_CHECKING:
    from PIL import Image

GLYPHS = Glyphs()
PLAIN = Face(bold=False, italic=False)
FOREIGN = {"₩", "₴", "₹", "₺", "₽", "฿"}
"""Currencies that dashboards know: Roboto Mono does not."""


def mask(char: str, cells: int = 1) -> Image.Image:
    """The ink of a character, 0 to 255 a pixel."""
    return GLYPHS.mask(char, cells, PLAIN)


def filled(char: str) -> float:
    """The part of its cell that a character fills."""
    found = mask(char)
    return sum(value * count for value, count in enumerate(found.histogram())) / 255 / (found.width * found.height)


def sides(char: str) -> set[str]:
    """The sides of its cell that a character's lines reach in the middle, each with how many pixels are inked."""
    found = mask(char)
    middle, centre = found.width // 2, found.height // 2
    edges = {
        "U": [(x, 0) for x in range(found.width)],
        "D": [(x, found.height - 1) for x in range(found.width)],
        "L": [(0, y) for y in range(found.height)],
        "R": [(found.width - 1, y) for y in range(found.height)],
    }
    assert (middle, centre) == (CELL.width // 2, CELL.height // 2)
    return {side for side, places in edges.items() if any(found.getpixel(place) for place in places)}


@pytest.mark.parametrize("code", BOXES)
def test_every_line_reaches_the_sides_that_its_name_says_and_no_other(code: int) -> None:
    char = chr(code)
    name = unicodedata.name(char)
    if "DIAGONAL" in name:
        assert filled(char) > 0.05
    elif "DASH" in name:  # it begins or ends with a gap, so that dashes of two cells do not run together
        assert sides(char) in ({"L"}, {"U"})
    else:
        known = name.removeprefix("BOX DRAWINGS ").replace("ARC ", "")
        assert sides(char) == set(arms(known))


def test_lines_meet_at_the_same_pixels() -> None:
    for left, right in ("─┼", "╭─", "├╮", "═╬", "━┫", "╾─"):
        ours = [mask(left).getpixel((CELL.width - 1, y)) for y in range(CELL.height)]
        theirs = [mask(right).getpixel((0, y)) for y in range(CELL.height)]
        assert ours == theirs, left + right
    for above, below in ("│┼", "╭│", "┬╯", "║╬", "┃┻"):
        ours = [mask(above).getpixel((x, CELL.height - 1)) for x in range(CELL.width)]
        theirs = [mask(below).getpixel((x, 0)) for x in range(CELL.width)]
        assert ours == theirs, above + below


def test_weights_stand_where_unicode_writes_them() -> None:
    assert arms("LIGHT DOWN AND RIGHT") == {"D": 1, "R": 1}
    assert arms("UP HEAVY AND RIGHT DOWN LIGHT") == {"U": 2, "R": 1, "D": 1}
    assert arms("LIGHT LEFT AND HEAVY RIGHT") == {"L": 1, "R": 2}
    assert arms("VERTICAL SINGLE AND HORIZONTAL DOUBLE") == {"U": 1, "D": 1, "L": 3, "R": 3}
    assert arms("HEAVY VERTICAL AND LEFT") == {"U": 2, "D": 2, "L": 2}


def test_blocks_fill_what_they_say() -> None:
    for eighths, char in enumerate("▁▂▃▄▅▆▇█", start=1):
        assert filled(char) == pytest.approx(eighths / 8)
    for eighths, char in enumerate("▏▎▍▌▋▊▉█", start=1):
        assert filled(char) == pytest.approx(eighths / 8, abs=0.03)
    for part, char in ((0.5, "▀"), (0.5, "▐"), (1 / 8, "▔"), (1 / 8, "▕"), (0.25, "░"), (0.5, "▒"), (0.75, "▓")):
        assert filled(char) == pytest.approx(part, abs=0.03)


def test_quadrants_and_sextants_fill_the_places_of_their_names() -> None:
    places = {"UPPER LEFT": (0, 0), "UPPER RIGHT": (1, 0), "LOWER LEFT": (0, 1), "LOWER RIGHT": (1, 1)}
    for code in range(0x2596, 0x25A0):
        name = unicodedata.name(chr(code))
        for words, (column, row) in places.items():
            place = (column * 6 + 3, row * 12 + 6)
            assert bool(mask(chr(code)).getpixel(place)) == (words in name), name
    for code in SEXTANTS:
        digits = unicodedata.name(chr(code)).rpartition("-")[2]
        for number in range(6):
            place = (number % 2 * 6 + 3, number // 2 * 8 + 4)
            assert bool(mask(chr(code)).getpixel(place)) == (str(number + 1) in digits), hex(code)


def test_braille_has_the_dots_of_its_name() -> None:
    dots = {1: (0, 0), 2: (0, 1), 3: (0, 2), 4: (1, 0), 5: (1, 1), 6: (1, 2), 7: (0, 3), 8: (1, 3)}
    for code in (*BRAILLE[1:256:7], BRAILLE[-1]):
        digits = unicodedata.name(chr(code)).rpartition("-")[2]
        for number, (column, row) in dots.items():
            place = (column * 6 + 3, row * 6 + 3)
            assert bool(mask(chr(code)).getpixel(place)) == (str(number) in digits), hex(code)


def test_no_sign_that_the_cockpit_writes_needs_a_font_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    alone = Glyphs()
    monkeypatch.setattr(type(alone), "_others", [])
    nowhere = bytes(alone.mask("\U0010fffd", 1, PLAIN).tobytes())
    sources = Path(cockpit.tui.__file__).parent.rglob("*.py")
    written = {char for source in sources for char in source.read_text(encoding="utf-8")}
    signs = {char for char in written if not char.isspace() and ord(char) > 0x7F} - FOREIGN
    assert len(signs) > 80
    hollow = {sign for sign in signs if alone.mask(sign, 1, PLAIN).tobytes() == nowhere}
    assert hollow == set()


def test_what_no_font_has_is_a_hollow_box_as_wide_as_it() -> None:
    assert mask("\U0010fffd").size == (CELL.width, CELL.height)
    assert mask("\U0010fffd", 2).size == (2 * CELL.width, CELL.height)
    assert 0 < filled("\U0010fffd") < 0.4


def test_bold_and_italic_look_otherwise() -> None:
    faces = [Face(bold, italic) for bold in (False, True) for italic in (False, True)]
    assert len({GLYPHS.mask("a", 1, face).tobytes() for face in faces}) == 4

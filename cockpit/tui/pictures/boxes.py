"""Box drawing characters as lines. Unicode's names say what each is made of, so there is no table of them."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PIL.ImageDraw import ImageDraw

BOXES = range(0x2500, 0x2580)

_WEIGHTS = {"LIGHT": 1, "SINGLE": 1, "HEAVY": 2, "DOUBLE": 3}
_ARMS = {
    "UP": "U",
    "DOWN": "D",
    "LEFT": "L",
    "RIGHT": "R",
    "VERTICAL": "UD",
    "HORIZONTAL": "LR",
}
_DASHES = {"DOUBLE DASH": 2, "TRIPLE DASH": 3, "QUADRUPLE DASH": 4}


@dataclass(frozen=True, slots=True)
class Cell:
    """Where to draw: a cell's size and the thickness of a light line, in pixels."""

    width: int
    height: int
    line: int


def draw_box(draw: ImageDraw, char: str, cell: Cell) -> None:
    """Draw one of BOXES, in white on black, so that it meets its neighbours."""
    name = unicodedata.name(char).removeprefix("BOX DRAWINGS ")
    dashes = next((count for words, count in _DASHES.items() if words in name), 0)
    for words in _DASHES:
        name = name.replace(words, "")
    if "DIAGONAL" in name:
        _diagonals(draw, name, cell)
    elif "ARC" in name:
        _arc(draw, "".join(_ARMS.get(word, "") for word in name.split()), cell)
    else:
        _arms(draw, arms(name), cell)
        _gaps(draw, dashes, cell, across="VERTICAL" not in name)


def arms(name: str) -> dict[str, int]:
    """How thick a line goes from the middle to each side: 1 light, 2 heavy, 3 double.

    The weight stands before or behind the sides it is of, or once for all: "UP HEAVY AND RIGHT DOWN LIGHT".
    """
    parts = [part.split() for part in name.split(" AND ")]
    weights = [next((_WEIGHTS[word] for word in part if word in _WEIGHTS), 0) for part in parts]
    common = next(filter(None, weights))
    return {
        arm: weight or common
        for part, weight in zip(parts, weights, strict=True)
        for word in part
        for arm in _ARMS.get(word, "")
    }


def _arms(draw: ImageDraw, found: Mapping[str, int], cell: Cell) -> None:
    for arm, weight in found.items():
        draw.rectangle(_bar(arm, cell, cell.line * weight, reach=cell.line * max(found.values())), fill=255)
    for arm, weight in found.items():
        if weight == 3:  # two lines are a thick one without its core
            draw.rectangle(_bar(arm, cell, cell.line, reach=cell.line), fill=0)


def _bar(arm: str, cell: Cell, thick: int, *, reach: int) -> tuple[int, int, int, int]:
    """From beyond the middle to one side, the last pixel included."""
    middle, centre, half, beyond = cell.width // 2, cell.height // 2, thick // 2, reach // 2
    match arm:
        case "U":
            return middle - half, 0, middle + half - 1, centre + beyond - 1
        case "D":
            return middle - half, centre - beyond, middle + half - 1, cell.height - 1
        case "L":
            return 0, centre - half, middle + beyond - 1, centre + half - 1
        case _:
            return middle - beyond, centre - half, cell.width - 1, centre + half - 1


def _gaps(draw: ImageDraw, dashes: int, cell: Cell, *, across: bool) -> None:
    length = cell.width if across else cell.height
    for number in range(dashes):
        start, end = length * (3 * number + 2) // (3 * dashes), length * (number + 1) // dashes - 1
        draw.rectangle((start, 0, end, cell.height) if across else (0, start, cell.width, end), fill=0)


def _arc(draw: ImageDraw, sides: str, cell: Cell) -> None:
    """A quarter of a circle between a vertical and a horizontal side."""
    middle, centre, radius, half = cell.width // 2, cell.height // 2, cell.width // 2, cell.line // 2
    across, down = (1 if "R" in sides else -1), (1 if "D" in sides else -1)
    x, y = middle + across * radius, centre + down * radius
    reach = radius + half
    start = {(1, 1): 180, (-1, 1): 270, (-1, -1): 0, (1, -1): 90}[across, down]
    draw.arc((x - reach, y - reach, x + reach - 1, y + reach - 1), start, start + 90, fill=255, width=cell.line)
    top, bottom = (y, cell.height - 1) if down > 0 else (0, y - 1)
    draw.rectangle((middle - half, top, middle + half - 1, bottom), fill=255)


def _diagonals(draw: ImageDraw, name: str, cell: Cell) -> None:
    right, bottom = cell.width - 1, cell.height - 1
    if "CROSS" in name or "UPPER RIGHT" in name:
        draw.line((right, 0, 0, bottom), fill=255, width=cell.line)
    if "CROSS" in name or "UPPER LEFT" in name:
        draw.line((0, 0, right, bottom), fill=255, width=cell.line)

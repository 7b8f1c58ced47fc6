"""Numbers three rows high, which are read from across the room."""

from __future__ import annotations

from textual.renderables.digits import DIGITS, DIGITS3X3_BOLD

from cockpit.text import width

ROWS = 3

_GLYPH = 3
_LARGE = frozenset("0123456789+-")
_DRAWN = {"−": "-"}
"""Ours for what Textual's digits call otherwise."""


def big(text: str) -> list[str]:
    """Clean text in three rows of the same width: its digits and signs large, all else on the last row."""
    rows = ["", "", ""]
    for character in text:
        name = _DRAWN.get(character, character)
        if name in _LARGE:
            at = DIGITS.index(name) * ROWS
            cells, glyph = _GLYPH, DIGITS3X3_BOLD[at : at + ROWS]
        else:
            cells, glyph = width(character), ["", "", character]
        rows = [row + piece.ljust(cells) for row, piece in zip(rows, glyph, strict=True)]
    return rows

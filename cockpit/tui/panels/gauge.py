"""A gauge: half a ring that fills, its thresholds around it and the value inside; a bar where there is no room."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from cockpit.text import shorten, width
from cockpit.tui.lines import Line, Span, cells_of
from cockpit.tui.panels.arc import LEAST_ROWS, arc, hollow, size_of
from cockpit.tui.panels.bars import bar
from cockpit.tui.panels.big import ROWS as BIG_ROWS
from cockpit.tui.panels.big import big
from cockpit.tui.panels.numbers import Number, Tile, centred, tiles

if TYPE_CHECKING:
    from collections.abc import Sequence

_LEAST = Tile(16, 2)
_MARKED_FROM = 6
"""Rows from which on the thresholds have a ring of their own."""


def gauge(numbers: Sequence[Number], cells: int, rows: int, *, named: bool, marked: bool = True) -> list[Line]:
    """The values, each on a gauge of its own."""

    def draw(number: Number, tile: Tile) -> list[Line]:
        name = [centred((Span(shorten(number.name, tile.cells), "muted"),), tile.cells)] if named else []
        _, high = size_of(tile.cells, tile.rows - len(name))
        made = _ring(number, tile.cells, high, marked=marked) if high >= LEAST_ROWS else _bar(number, tile)
        spare = max(0, tile.rows - len(made) - len(name))
        return [*[Line()] * (spare // 2), *made, *name]

    return tiles(numbers, cells, rows, least=_LEAST, draw=draw)


def _ring(number: Number, cells: int, rows: int, *, marked: bool) -> list[Line]:
    """The ring, and the value where it is hollow."""
    zones = number.zones if marked and rows >= _MARKED_FROM else ()
    share = -1.0 if math.isnan(number.share) else number.share
    lines = [centred(spans, cells) for spans in arc(share, rows, number.role or "accent", zones)]
    free = hollow(rows, marked=bool(zones))
    large = big(number.told)
    fits = rows > BIG_ROWS + 2 and width(large[-1]) <= free
    words = large if fits else [shorten(number.told, max(free, 4))]
    for back, text in enumerate(reversed(words), start=1):
        lines[-back] = _over(lines[-back], text, f"{number.role} bold".strip(), cells)
    return lines


def _over(line: Line, text: str, role: str, cells: int) -> Line:
    """Text over the middle of a line of narrow characters."""
    start = max(0, (cells - width(text)) // 2)
    end = start + width(text)
    before, after, at = [], [], 0
    for span in (*line.spans, Span(" " * (cells - cells_of(line.spans)))):
        before.append(Span(span.text[: max(0, start - at)], span.role))
        after.append(Span(span.text[max(0, end - at) :], span.role))
        at += len(span.text)
    return Line((*filter(_shown, before), Span(text, role), *filter(_shown, after)))


def _shown(span: Span) -> bool:
    return bool(span.text)


def _bar(number: Number, tile: Tile) -> list[Line]:
    """The value over a bar."""
    value = Line((Span(shorten(number.told, tile.cells), f"{number.role} bold".strip()),))
    share = 0.0 if math.isnan(number.share) else number.share
    filled = bar(share, tile.cells).rstrip(" ")
    return [value, Line((Span(filled, number.role), Span("░" * (tile.cells - len(filled)), "border")))]

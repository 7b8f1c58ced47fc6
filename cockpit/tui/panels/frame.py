"""What every panel has around what it draws: a frame with its title, and below what is amiss."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cockpit.text import shorten
from cockpit.tui.lines import Line, Span, cells_of, crop

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cockpit.tui.lines import Spans
    from cockpit.tui.tiling import Place

EDGES = 2
"""Rows and columns that the frame takes of a panel."""


class Face(NamedTuple):
    """What a panel shows: clean `title`, `lines` that fill its inside, and in the lower edge a clean `note`.

    `bare` is for headlines and for text without a title: there is no frame around it.
    """

    title: str = ""
    lines: Sequence[Line] = ()
    note: str = ""
    note_role: str = "muted"
    bare: bool = False


def inside(place: Place, *, bare: bool = False) -> tuple[int, int]:
    """Cells and rows there are for what a panel draws."""
    taken = 0 if bare else EDGES
    return max(0, place.width - taken), max(0, place.height - taken)


def framed(face: Face, place: Place, *, selected: bool = False, frame: str = "border") -> list[Line]:
    """All lines of a panel, as many as its place has rows, each exactly as wide."""
    cells, rows = inside(place, bare=face.bare)
    inner = [_filled(line, cells) for line in face.lines[:rows]]
    inner += [(Span(" " * cells),)] * (rows - len(inner))
    if face.bare:
        return [Line(spans, ground="cursor" if selected else "") for spans in inner]
    role = "focus" if selected else frame
    side = Span("│", role)
    return [
        Line(_edge("╭", "╮", _titled(face.title, selected=selected), cells, role)),
        *(Line((side, *spans, side)) for spans in inner),
        Line(
            _edge(
                "╰", "╯", (Span(f" {face.note} ", face.note_role),) if face.note else (), cells, role, right=True
            )
        ),
    ][: place.height]


def _titled(title: str, *, selected: bool) -> Spans:
    """A shape says which panel is selected where no colour does."""
    if selected:
        return (Span(f" ▸ {title} " if title else " ▸ ", "bold"),)
    return (Span(f" {title} ", "muted"),) if title else ()


def _edge(start: str, end: str, words: Spans, cells: int, role: str, *, right: bool = False) -> Spans:
    """An edge of the frame with words in it, near its left end or near its right one."""
    room = cells - 2
    words = tuple(Span(shorten(word.text.rstrip(), room - 1) + " ", word.role) for word in words if room > 3)
    line = "─" * max(0, cells - cells_of(words) - 1)
    middle = (Span(line, role), *words, Span("─", role)) if right else (Span("─", role), *words, Span(line, role))
    return (Span(start, role), *(middle if cells > 0 else ()), Span(end, role))


def _filled(line: Line, cells: int) -> Spans:
    missing = cells - cells_of(line.spans)
    if missing < 0:
        spans = crop(line.spans, cells)
        missing = cells - cells_of(spans)
        return (*spans, Span(" " * missing))
    return (*line.spans, Span(" " * missing)) if missing else line.spans

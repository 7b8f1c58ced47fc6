"""A line of a view before it has colours: spans of clean text, each with a role that the theme will colour.

Views are pure functions from a snapshot to lines; `widgets.line_view` draws them. Lines compare by value, so a
widget repaints only those that changed.
"""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, NamedTuple

from cockpit.text import shorten, width

if TYPE_CHECKING:
    from collections.abc import Iterable


class Span(NamedTuple):
    """A piece of one line. `role` names colours and attributes, as in "bad bold" (see `colours.Palette`)."""

    text: str
    role: str = ""


Spans = tuple[Span, ...]


class Line(NamedTuple):
    """One line of a view. `key` names what it is about, `ground` the role of its background."""

    spans: Spans = ()
    key: str = ""
    ground: str = ""

    @property
    def text(self) -> str:
        """What it says."""
        return "".join(span.text for span in self.spans)


def left(text: str, cells: int, role: str = "") -> Span:
    """Clean text in exactly `cells` cells, shortened or padded at its right."""
    fitted = shorten(text, cells)
    return Span(fitted + " " * (cells - width(fitted)), role)


def right(text: str, cells: int, role: str = "") -> Span:
    """Clean text in exactly `cells` cells, shortened or padded at its left."""
    fitted = shorten(text, cells)
    return Span(" " * (cells - width(fitted)) + fitted, role)


def cells_of(spans: Spans) -> int:
    """How many cells the spans take."""
    return sum(width(span.text) for span in spans)


def crop(spans: Spans, cells: int) -> Spans:
    """The spans cut to at most `cells` cells; the one that does not fit ends in an ellipsis."""
    kept: list[Span] = []
    for span in spans:
        if cells <= 0:
            break
        fitted = shorten(span.text, cells)
        kept.append(Span(fitted, span.role))
        cells -= width(fitted)
        if fitted != span.text:
            break
    return tuple(kept)


def spread(start: Spans, end: Spans, cells: int) -> Spans:
    """`start` at the left and `end` at the right of `cells` cells; `start` gives way."""
    end = crop(end, cells)
    room = cells - cells_of(end)
    start = crop(start, room - 1 if end else room)
    return (*start, Span(" " * (room - cells_of(start))), *end)


def wrap(text: str, cells: int) -> list[str]:
    """Clean text in lines of at most `cells` cells, long words broken."""
    pieces = textwrap.wrap(text, max(1, cells), break_on_hyphens=False) or [""]
    return [shorten(piece, cells) for piece in pieces]


def told(texts: Iterable[str], cells: int, role: str = "muted") -> list[Line]:
    """Clean sentences in place of what a pane would show: a space before each, wrapped."""
    return [Line((Span(f" {piece}", role),)) for text in texts for piece in wrap(text, cells - 2)]


def join(parts: list[Spans], gap: str = "  ") -> Spans:
    """The non-empty parts with a gap between them."""
    joined: list[Span] = []
    for part in filter(None, parts):
        if joined:
            joined.append(Span(gap))
        joined.extend(part)
    return tuple(joined)

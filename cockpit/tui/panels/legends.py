"""The legend of a panel: its lines and what they came to, in a row or as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cockpit.text import shorten, width
from cockpit.tui.charts.legend import packed, shape
from cockpit.tui.lines import Line, Span, crop, left, right

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cockpit.tui.lines import Spans

_LONGEST_NAME = 32
_LEAST_NAME = 6
_GAP = "  "


class Entry(NamedTuple):
    """A line in the legend: clean `name` and `texts`, one a heading. `number` gives it its shape."""

    number: int
    name: str
    role: str
    texts: tuple[str, ...]


def listed(
    entries: Sequence[Entry], headings: Sequence[str], cells: int, rows: int, *, colours: bool
) -> list[Line]:
    """The entries one behind the other in at most so many rows.

    Several values have their headings before them; where that leaves entries without room, the first value alone.
    """
    if rows < 1:
        return []
    lines: list[Spans] = []
    for count in dict.fromkeys((len(headings), 1)):
        lines = packed([_told(each, headings[:count], colours=colours) for each in entries], cells - 1, rows)
        if sum(span.role in (each.role for each in entries) for line in lines for span in line) >= len(entries):
            break
    return [Line((Span(" "), *crop(spans, cells - 1))) for spans in lines]


def _told(entry: Entry, headings: Sequence[str], *, colours: bool) -> Spans:
    values: list[Span] = []
    for heading, text in zip(headings, entry.texts, strict=False):
        values += [Span(f" {heading} ", "muted")] if len(headings) > 1 else [Span(" ")]
        values.append(Span(text, "bold"))
    name = Span(shorten(entry.name, _LONGEST_NAME), "muted" if values else "")
    return (_swatch(entry, colours=colours), name, *values)


def tabled(
    entries: Sequence[Entry], headings: Sequence[str], cells: int, rows: int, *, colours: bool
) -> list[Line]:
    """The entries below one another, values in columns; the last row counts those there is no room for."""
    if rows < 2:
        return listed(entries, headings, cells, rows, colours=colours)
    texts = [*(entry.texts for entry in entries), tuple(headings)]
    widths = [max(width(each[column]) for each in texts) for column in range(len(headings))]
    name_cells = min(max((width(entry.name) for entry in entries), default=0), _LONGEST_NAME)
    while widths and cells - 3 - sum(len(_GAP) + wide for wide in widths) < min(name_cells, _LEAST_NAME):
        widths.pop()
    name_cells = min(name_cells, max(0, cells - 3 - sum(len(_GAP) + wide for wide in widths)))
    lines = [Line((Span(" " * (3 + name_cells)), *_columns(headings, widths, "muted")))] if widths else []
    shown = entries if len(entries) <= rows - len(lines) else entries[: rows - len(lines) - 1]
    for entry in shown:
        name = left(entry.name, name_cells, "muted" if widths else "")
        swatch = _swatch(entry, colours=colours)
        lines.append(Line((Span(" "), swatch, name, *_columns(entry.texts, widths, "bold"))))
    if len(shown) < len(entries):
        lines.append(Line((Span(f"   +{len(entries) - len(shown)}", "muted"),)))
    return lines


def _columns(texts: Sequence[str], widths: Sequence[int], role: str) -> Spans:
    return tuple(
        span for text, wide in zip(texts, widths, strict=False) for span in (Span(_GAP), right(text, wide, role))
    )


def _swatch(entry: Entry, *, colours: bool) -> Span:
    return Span("━ " if colours else f"{shape(entry.number)} ", entry.role)

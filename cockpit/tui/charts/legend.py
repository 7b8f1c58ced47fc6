"""The lines above a chart: what is drawn how, and its values now or at the cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.text import clean, shorten
from cockpit.tui.charts.decimate import last_value, value_near
from cockpit.tui.charts.ticks import clock
from cockpit.tui.charts.units import formatted
from cockpit.tui.lines import Line, Span, cells_of, spread

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo

    from cockpit.tui.charts.data import ChartData, ChartSeries
    from cockpit.tui.charts.view import View, Window
    from cockpit.tui.lines import Spans

SHAPES = "●▲■◆○△□◇"
"""One shape a series, for where there are no colours to tell them by."""

_GAP = 3
_LONGEST_LABEL = 32


def legend(
    data: ChartData,
    window: Window,
    view: View,
    cells: int,
    rows: int,
    *,
    notes: str = "",
    colours: bool = True,
    zone: tzinfo | None = None,
) -> list[Line]:
    """At most `rows` lines: an entry a series, and `notes` at the end of the first.

    Values are those at the cursor, which may be a cell beside a sample, else the newest ones in view.
    """
    reach = window.seconds / max(1, cells)
    entries = [
        _entry(each, number, _value(each, window, view, reach), data.unit, colours=colours)
        for number, each in enumerate(data.series)
    ]
    if view.cursor is not None:
        entries.insert(0, (Span(clock(view.cursor, zone), "accent bold"),))
    if not notes:
        return [Line((Span(" "), *spans)) for spans in packed(entries, cells - 1, rows)]
    tail = (Span(shorten(notes, cells // 2), "muted"), Span(" "))
    first, *rest = packed(entries, cells - 1, rows, less=cells_of(tail) + _GAP)
    return [Line(spread((Span(" "), *first), tail, cells)), *(Line((Span(" "), *spans)) for spans in rest)]


def shape(number: int) -> str:
    """The shape of a series by its number."""
    return SHAPES[number % len(SHAPES)]


def moment(at: float, zone: tzinfo | None = None) -> str:
    """A moment to the minute."""
    return clock(at, zone)[:5]


def _entry(series: ChartSeries, number: int, value: float, unit: str, *, colours: bool) -> Spans:
    label = shorten(clean(series.label), _LONGEST_LABEL)
    swatch = "━" if colours else shape(number)
    return (Span(f"{swatch} ", series.role), Span(f"{label} ", "muted"), Span(formatted(value, unit), "bold"))


def _value(series: ChartSeries, window: Window, view: View, reach: float) -> float:
    if view.cursor is None:
        return last_value(series, window)
    return value_near(series, view.cursor, reach)


def packed(entries: Sequence[Spans], cells: int, rows: int, *, less: int = 0) -> list[Spans]:
    """The entries in lines, the first one `less` cells shorter; what no line has room for is counted."""
    lines: list[Spans] = [()]
    room = cells - less
    for number, entry in enumerate(entries):
        used = cells_of(lines[-1])
        if used and used + _GAP + cells_of(entry) > room:
            if len(lines) == rows:
                lines[-1] += (Span(f"  +{len(entries) - number}", "muted"),)
                return lines
            lines.append(())
            room, used = cells, 0
        lines[-1] += ((Span(" " * _GAP),) if used else ()) + entry
    return lines

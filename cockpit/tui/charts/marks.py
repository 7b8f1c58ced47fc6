"""The row of events above the canvas: a mark at each, its label where there is room."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cockpit.text import clean, shorten, width
from cockpit.tui.lines import Span, Spans
from cockpit.tui.views.timeline_marks import MARKS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cockpit.tui.charts.data import ChartEvent


class Placed(NamedTuple):
    """An event and its column."""

    column: int
    event: ChartEvent


def mark_spans(placed: Sequence[Placed], columns: int) -> Spans:
    """One row for events in ascending columns. A label is right of its mark, or left where that has more room."""
    spans: list[Span] = []
    used = 0
    for number, (column, event) in enumerate(placed):
        following = placed[number + 1].column if number + 1 < len(placed) else columns + 1
        label, mark, role = clean(event.label), MARKS[event.kind].shape, f"{event.role} bold"
        before, after = column - used - 2, following - column - 3
        if width(label) > after and before > after:
            words = shorten(label, before)
            start, text = column - width(words) - 1, f"{words} {mark}"
        else:
            start, text = column, f"{mark} {shorten(label, after)}".rstrip()
        spans += [Span(" " * (start - used)), Span(text, role)]
        used = start + width(text)
    return (*spans, Span(" " * (columns - used)))

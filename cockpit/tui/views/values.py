"""What an expression came to at one moment, a line a series."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from cockpit.metrics.breakdown import REVISION
from cockpit.metrics.engine import ResultKind
from cockpit.metrics.labels import notation, value_of
from cockpit.text import clean, width
from cockpit.tui.colours import FILLS
from cockpit.tui.lines import Line, Span, right

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cockpit.metrics.engine import Answer
    from cockpit.metrics.labels import Labels

MOST_ROWS = 1_000
"""Series that are listed; nobody reads on."""

_VALUE_LEAST, _VALUE_MOST = 8, 24


def value_lines(answer: Answer, slots: Mapping[str, int]) -> list[Line]:
    """The values in the order of the answer, each before its series, which has the colour of its revision."""
    if answer.kind is ResultKind.STRING:
        return [Line((Span(f" {clean(answer.text)}"),))]
    rows = list(_rows(answer))
    if not rows:
        return [Line((Span(" no series", "muted"),))]
    cells = min(_VALUE_MOST, max(_VALUE_LEAST, *(width(value) for value, _, _ in rows)))
    return [
        Line((right(value, cells + 1), Span(extra, "muted"), *_series(labels, slots)))
        for value, labels, extra in rows
    ]


def counted(answer: Answer) -> int:
    """How many series an answer has."""
    return len(answer.samples) + len(answer.lines)


def number(value: float) -> str:
    """A sample as PromQL would write it, with at most ten significant digits."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "+Inf" if value > 0 else "-Inf"
    return f"{value:.10g}"


def _rows(answer: Answer) -> Iterator[tuple[str, Labels, str]]:
    """Value, labels and what stands between them; of a range the newest value."""
    for sample in answer.samples[:MOST_ROWS]:
        yield number(sample.value), sample.labels, ""
    for line in answer.lines[:MOST_ROWS]:
        count = len(line.values)
        yield number(float(line.values[-1])) if count else "–", line.labels, f" the newest of {count:,}"


def _series(labels: Labels, slots: Mapping[str, int]) -> tuple[Span, ...]:
    slot = slots.get(value_of(labels, REVISION))
    name = Span(clean(notation(labels)) if labels else "", "" if labels else "muted")
    if slot is None:
        return Span("   "), name
    return Span(f" {FILLS[slot]} ", f"revision-{slot + 1}"), name

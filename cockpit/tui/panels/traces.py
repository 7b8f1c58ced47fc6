"""What a time series panel draws: named lines, stacked, mirrored or brought onto another axis."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cockpit.tui.charts.data import ChartSeries
from cockpit.tui.charts.decimate import extent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    from cockpit.tui.charts.view import Window


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """One line. `name` and `texts`, what the legend says of its values, are clean text; `write` writes a value.

    `times` are epoch seconds, ascending; a line is broken between two that are more than `gap` apart. `draw` is
    "line", "bars" or "points", `stack` "none", "normal" or "percent"; `filled` gives what lies below a colour.
    """

    name: str
    role: str
    times: NDArray[np.float64]
    values: NDArray[np.float64]
    write: Callable[[float], str]
    texts: tuple[str, ...] = ()
    gap: float = math.inf
    draw: str = "line"
    stack: str = "none"
    filled: bool = False
    negative: bool = False
    right: bool = False
    listed: bool = True

    @property
    def solid(self) -> bool:
        """Whether it is drawn as columns: bars, and what is stacked and filled."""
        return self.draw == "bars" or (self.stack != "none" and self.filled)


class Drawing(NamedTuple):
    """A trace as it is drawn: `low` (None for the axis) to `series.values`, which may lie on those below it."""

    series: ChartSeries
    low: NDArray[np.float64] | None
    solid: bool


def drawings(
    traces: Sequence[Trace], transform: Callable[[NDArray[np.float64]], NDArray[np.float64]]
) -> list[Drawing]:
    """The traces stacked and mirrored; `transform` brings values onto the axis (a logarithmic one, say).

    Stacked ones stand on those before them at each moment that any of them has a value.
    """
    moments = _moments(trace for trace in traces if trace.stack != "none")
    totals = {side: _total(traces, moments, negative=side) for side in (False, True)}
    floors = {side: np.zeros(moments.size) for side in (False, True)}
    made = []
    for trace in traces:
        if trace.stack == "none":
            values = -trace.values if trace.negative else trace.values
            made.append(_drawing(trace, trace.times, transform(values), None))
            continue
        share = _at(trace, moments)
        if trace.stack == "percent":
            share = np.divide(
                share, totals[trace.negative], out=np.zeros(moments.size), where=totals[trace.negative] > 0
            )
        low = floors[trace.negative]
        high = low + np.nan_to_num(-share if trace.negative else share, posinf=0, neginf=0)
        floors[trace.negative] = high
        shown = transform(np.where(np.isfinite(share), high, np.nan))
        made.append(_drawing(trace, moments, shown, transform(low) if trace.filled else None))
    return made


def limits(made: Iterable[Drawing], window: Window) -> tuple[float, float] | None:
    """The least and the largest value that is drawn in a window; zero is one where columns stand on it."""
    spans = ((each, extent(each.series, window)) for each in made)
    found = [
        (min(span[0], 0.0), max(span[1], 0.0)) if each.solid else span for each, span in spans if span is not None
    ]
    return (min(low for low, _ in found), max(high for _, high in found)) if found else None


def onto(trace: Trace, source: tuple[float, float], target: tuple[float, float]) -> Trace:
    """A trace of another axis, moved so that this one's range lies where the other's does."""
    factor = (target[1] - target[0]) / (source[1] - source[0])
    return replace(trace, values=(trace.values - source[0]) * factor + target[0])


def _drawing(
    trace: Trace, times: NDArray[np.float64], values: NDArray[np.float64], low: NDArray[np.float64] | None
) -> Drawing:
    gap = 0.0 if trace.draw == "points" else trace.gap
    return Drawing(ChartSeries(trace.name, trace.role, times, values, gap), low, trace.solid)


def _moments(traces: Iterable[Trace]) -> NDArray[np.float64]:
    """Every moment at which one of them has a value."""
    times = [trace.times for trace in traces]
    return np.unique(np.concatenate(times)) if times else np.zeros(0)


def _at(trace: Trace, moments: NDArray[np.float64]) -> NDArray[np.float64]:
    """Its values at some moments, NaN where it has none."""
    values = np.full(moments.size, np.nan)
    values[np.searchsorted(moments, trace.times)] = trace.values
    return values


def _total(traces: Sequence[Trace], moments: NDArray[np.float64], *, negative: bool) -> NDArray[np.float64]:
    total = np.zeros(moments.size)
    for trace in traces:
        if trace.stack == "percent" and trace.negative == negative:
            total += np.nan_to_num(_at(trace, moments), posinf=0, neginf=0)
    return total

"""What counters and gauges did in a window: rate(), increase(), delta(), irate(), idelta()."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cockpit.metrics.promql.frames import Rolled
from cockpit.metrics.promql.functions.kinds import RangeFunction, each
from cockpit.metrics.promql.functions.naming import metric_of
from cockpit.metrics.promql.functions.notes import not_a_counter
from cockpit.metrics.promql.functions.windows import rolled, rows_from_end, rows_from_start, sizes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cockpit.metrics.promql.frames import Floats, Indexes, Window

NEAR_EDGE = 1.1
"""A sample that is nearer to the window's edge than this many mean gaps is taken to go on up to the edge."""

MANY = 100_000_000
"""Samples that may be added up window by window, in a tenth of a second or so; with more another way is taken."""

COUNTER_SUFFIXES = ("_total", "_sum", "_count", "_bucket")


class Edges(NamedTuple):
    """What the windows hold at their edges: of all series together, steps × series; the rest steps × windows."""

    earliest: Floats
    latest: Floats
    first_times: Indexes
    last_times: Indexes
    counts: Indexes


def _extrapolated(windows: Sequence[Window], *, counter: bool, per_second: bool) -> Rolled:
    """The difference of last and first sample, stretched to the window. Source: Prometheus' extrapolatedRate."""
    edges = _edges(windows)
    change = edges.latest - edges.earliest
    if counter:
        _add_resets(change, windows)
    starts, ends = windows[0].starts[:, np.newaxis], windows[0].ends[:, np.newaxis]
    sampled = (edges.last_times - edges.first_times) / 1000
    gap = sampled / np.maximum(edges.counts - 1, 1)
    before = _reach((edges.first_times - starts) / 1000, gap)
    after = _reach((ends - edges.last_times) / 1000, gap)
    present = edges.counts >= 2
    if len(windows) > 1:
        widths = [len(window.labels) for window in windows]
        sampled, before, after = np.repeat(np.stack((sampled, before, after)), widths, axis=2)
        present = np.repeat(present, widths, axis=1)
    if counter:
        # A counter was never below zero, so it did not begin before it would have been zero.
        to_zero = sampled * (edges.earliest / change)
        before = np.where((change > 0) & (edges.earliest >= 0) & (to_zero < before), to_zero, before)
    factor = (sampled + before + after) / sampled
    if per_second:
        factor /= (ends - starts) / 1000
    return Rolled((change * factor).T, present.T)


def _edges(windows: Sequence[Window]) -> Edges:
    """Nothing that is of use where a window has no samples."""
    first = np.concatenate([window.first for window in windows]).reshape(len(windows), -1)
    last = np.concatenate([window.last for window in windows]).reshape(len(windows), -1)
    begins, ends = list(zip(windows, first, strict=True)), list(zip(windows, last - 1, strict=True))
    return Edges(
        np.concatenate([window.values.take(rows, 0, mode="clip") for window, rows in begins], axis=1),
        np.concatenate([window.values.take(rows, 0, mode="clip") for window, rows in ends], axis=1),
        np.array([window.times.take(rows, mode="clip") for window, rows in begins]).T,
        np.array([window.times.take(rows, mode="clip") for window, rows in ends]).T,
        (last - first).T,
    )


def _reach(to_edge: Floats, gap: Floats) -> Floats:
    """How far beyond the outermost sample the series is taken to go on, in seconds."""
    reach: Floats = np.where(to_edge >= gap * NEAR_EDGE, gap / 2, to_edge)
    return reach


def _add_resets(change: Floats, windows: Sequence[Window]) -> None:
    """Add what each counter had before it fell. Few do: only their columns are summed."""
    begin = 0
    for window in windows:
        fell = window.values[1:] < window.values[:-1]
        if np.count_nonzero(fell):
            columns = np.flatnonzero(fell.any(axis=0))
            lost = np.where(fell[:, columns], window.values[:-1, columns], 0.0)
            change[:, begin + columns] += _sums(lost, window)
        begin += len(window.labels)


def _sums(lost: Floats, window: Window) -> Floats:
    """What was lost between the samples of each window: steps × columns."""
    steps = np.flatnonzero(sizes(window) >= 2)
    if int(sizes(window)[steps].sum()) * lost.shape[1] > MANY:
        # Differences of running totals: rounding is then that of all that was ever lost, not of the window's.
        totals = np.concatenate((np.zeros((1, lost.shape[1])), np.cumsum(lost, axis=0)))
        found: Floats = totals[rows_from_end(window)] - totals[rows_from_start(window)]
        return found
    sums = np.zeros((window.first.size, lost.shape[1]))
    for step in steps.tolist():
        sums[step] = lost[window.first[step] : window.last[step] - 1].sum(axis=0)
    return sums


def _newest_two(window: Window, *, counter: bool) -> Rolled:
    """The difference of the last two samples; for a counter that fell its new value; a second for counters."""
    newest, second = rows_from_end(window), rows_from_end(window, 1)
    values, earlier = window.values[newest], window.values[second]
    change = values - earlier
    if counter:
        change = np.where(values < earlier, values, change) / _seconds(window.times, newest, second)
    return rolled(change, sizes(window) >= 2)


def _seconds(times: Indexes, newest: Indexes, second: Indexes) -> Floats:
    seconds: Floats = ((times[newest] - times[second]) / 1000)[:, np.newaxis]
    return seconds


def _counter_hints(windows: Sequence[Window]) -> Iterator[str]:
    # The names first: nearly always they leave nothing to look at.
    for name in {metric_of(labels) for window in windows for labels in window.labels}:
        if name and not name.endswith(COUNTER_SUFFIXES) and _has_value(windows, name):
            yield not_a_counter(name)


def _has_value(windows: Sequence[Window], name: str) -> bool:
    held = (window for window in windows if (sizes(window) >= 2).any())
    return any(metric_of(labels) == name for window in held for labels in window.labels)


RATES = (
    RangeFunction("rate", partial(_extrapolated, counter=True, per_second=True), hints=_counter_hints),
    RangeFunction("increase", partial(_extrapolated, counter=True, per_second=False), hints=_counter_hints),
    RangeFunction("delta", partial(_extrapolated, counter=False, per_second=False)),
    RangeFunction("irate", each(partial(_newest_two, counter=True))),
    RangeFunction("idelta", each(partial(_newest_two, counter=False))),
)

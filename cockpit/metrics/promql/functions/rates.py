"""What counters and gauges did in a window: rate(), increase(), delta(), irate(), idelta()."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from cockpit.metrics.labels import NAME, value_of
from cockpit.metrics.promql.functions.kinds import RangeFunction
from cockpit.metrics.promql.functions.notes import not_a_counter
from cockpit.metrics.promql.functions.windows import rolled, rows_from_end, rows_from_start, sizes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cockpit.metrics.promql.frames import Flags, Floats, Indexes, Rolled, Window

NEAR_EDGE = 1.1
"""A sample that is nearer to the window's edge than this many mean gaps is taken to go on up to the edge."""

COUNTER_SUFFIXES = ("_total", "_sum", "_count", "_bucket")


def _extrapolated(window: Window, *, counter: bool, per_second: bool) -> Rolled:
    """The difference of last and first sample, stretched to the window. Source: Prometheus' extrapolatedRate."""
    first, last = rows_from_start(window), rows_from_end(window)
    present = sizes(window) >= 2
    earliest = window.values[first]
    change = window.values[last] - earliest
    if counter:
        _add_resets(change, window, present)
    sampled = (window.times[last] - window.times[first]) / 1000
    gap = sampled / np.maximum(sizes(window) - 1, 1)
    before = _reach((window.times[first] - window.starts) / 1000, gap)[:, np.newaxis]
    after = _reach((window.ends - window.times[last]) / 1000, gap)
    if counter:
        # A counter was never below zero, so it did not begin before it would have been zero.
        to_zero = sampled[:, np.newaxis] * (earliest / change)
        before = np.where((change > 0) & (earliest >= 0) & (to_zero < before), to_zero, before)
    factor = (sampled[:, np.newaxis] + before + after[:, np.newaxis]) / sampled[:, np.newaxis]
    if per_second:
        factor /= ((window.ends - window.starts) / 1000)[:, np.newaxis]
    return rolled(change * factor, present)


def _reach(to_edge: Floats, gap: Floats) -> Floats:
    """How far beyond the outermost sample the series is taken to go on, in seconds."""
    reach: Floats = np.where(to_edge >= gap * NEAR_EDGE, gap / 2, to_edge)
    return reach


def _add_resets(change: Floats, window: Window, present: Flags) -> None:
    """Add what each counter had before it fell. Few do: only their columns are summed, window by window."""
    fell = window.values[1:] < window.values[:-1]
    columns = np.flatnonzero(fell.any(axis=0))
    if not columns.size:
        return
    lost = np.where(fell[:, columns], window.values[:-1, columns], 0.0)
    for step in np.flatnonzero(present).tolist():
        change[step, columns] += lost[window.first[step] : window.last[step] - 1].sum(axis=0)


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


def _counter_hints(window: Window) -> Iterator[str]:
    if not (sizes(window) >= 2).any():
        return
    for name in {value_of(labels, NAME) for labels in window.labels}:
        if name and not name.endswith(COUNTER_SUFFIXES):
            yield not_a_counter(name)


RATES = (
    RangeFunction("rate", partial(_extrapolated, counter=True, per_second=True), hints=_counter_hints),
    RangeFunction("increase", partial(_extrapolated, counter=True, per_second=False), hints=_counter_hints),
    RangeFunction("delta", partial(_extrapolated, counter=False, per_second=False)),
    RangeFunction("irate", partial(_newest_two, counter=True)),
    RangeFunction("idelta", partial(_newest_two, counter=False)),
)

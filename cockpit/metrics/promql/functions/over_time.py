"""The values in a window as one: avg_over_time() and its sisters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cockpit.metrics.promql.functions.kinds import RangeFunction, each
from cockpit.metrics.promql.functions.quantiles import beyond, remarks
from cockpit.metrics.promql.functions.sums import precise_mean, precise_sum
from cockpit.metrics.promql.functions.windows import (
    one_by_one,
    rolled,
    rows_from_end,
    rows_from_start,
    sizes,
    steps_one_by_one,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from cockpit.metrics.promql.frames import Floats, Rolled, Window


def quantile_of(samples: Floats, quantile: float) -> Floats:
    """The quantile of each column, between the two nearest samples; NaN sorts below every number.

    What is no quantile comes to what `beyond` says. One sample at least.
    """
    if not 0 <= quantile <= 1:
        return np.full(samples.shape[1:], beyond(np.array(quantile)))
    ordered = _nan_first(np.sort(samples, axis=0))
    rank = quantile * (samples.shape[0] - 1)
    lower = int(rank)
    weight = rank - lower
    upper = min(lower + 1, samples.shape[0] - 1)
    found: Floats = ordered[lower] * (1 - weight) + ordered[upper] * weight
    return found


def _nan_first(ordered: Floats) -> Floats:
    """Sorted columns with their NaNs, which numpy sorts to the end, at the start."""
    nans = np.isnan(ordered).sum(axis=0)
    if not nans.any():
        return ordered
    rows = (np.arange(ordered.shape[0])[:, np.newaxis] - nans) % ordered.shape[0]
    moved: Floats = np.take_along_axis(ordered, rows, axis=0)
    return moved


def variance_of(samples: Floats) -> Floats:
    """The population variance of each column; differences to the first sample keep what is constant at 0."""
    differences = samples - samples[0]
    distances = differences - precise_mean(differences)
    variance: Floats = np.square(distances).mean(axis=0)
    return variance


def _deviation_of(samples: Floats) -> Floats:
    deviation: Floats = np.sqrt(variance_of(samples))
    return deviation


def _least(samples: Floats) -> Floats:
    least: Floats = np.fmin.reduce(samples, axis=0)
    return least


def _greatest(samples: Floats) -> Floats:
    greatest: Floats = np.fmax.reduce(samples, axis=0)
    return greatest


def _folding(name: str, fold: Callable[[Floats], Floats]) -> RangeFunction:
    return RangeFunction(name, each(lambda window: one_by_one(window, fold)))


def _count(window: Window) -> Rolled:
    return _same_for_all(window, sizes(window).astype(np.float64))


def _present(window: Window) -> Rolled:
    return _same_for_all(window, np.ones(window.first.size))


def _same_for_all(window: Window, by_step: Floats) -> Rolled:
    return rolled(np.repeat(by_step[:, np.newaxis], len(window.labels), axis=1), sizes(window) > 0)


def _first(window: Window) -> Rolled:
    return rolled(window.values[rows_from_start(window)], sizes(window) > 0)


def _last(window: Window) -> Rolled:
    return rolled(window.values[rows_from_end(window)], sizes(window) > 0)


def _quantile(window: Window, quantile: Floats) -> Rolled:
    return steps_one_by_one(window, lambda samples, step: quantile_of(samples, float(quantile[step])))


def _quantile_hints(windows: Sequence[Window], quantile: Floats) -> Iterator[str]:
    return remarks(quantile[np.logical_or.reduce([sizes(window) > 0 for window in windows])])


OVER_TIME = (
    _folding("avg_over_time", precise_mean),
    _folding("max_over_time", _greatest),
    _folding("min_over_time", _least),
    _folding("stddev_over_time", _deviation_of),
    _folding("stdvar_over_time", variance_of),
    _folding("sum_over_time", precise_sum),
    RangeFunction("count_over_time", each(_count)),
    RangeFunction("first_over_time", each(_first), keeps_name=True),
    RangeFunction("last_over_time", each(_last), keeps_name=True),
    RangeFunction("present_over_time", each(_present)),
    RangeFunction("quantile_over_time", each(_quantile), window_argument=1, hints=_quantile_hints),
)

"""Classic histograms: their buckets as one matrix, and what quantiles and fractions are read from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cockpit.metrics.promql.functions.quantiles import beyond, is_quantile

if TYPE_CHECKING:
    from cockpit.metrics.promql.frames import Flags, Floats

SMALL_DELTA = 1e-12
"""A relative difference of two bucket counts that is taken for an error of floating point."""


class Quantiles(NamedTuple):
    """A quantile of each histogram, and whether one had to be made monotonic first."""

    values: Floats
    forced: bool


def bucket_quantile(quantile: Floats, bounds: Floats, counts: Floats) -> Quantiles:
    """Quantiles, linear inside a bucket. Source: Prometheus' BucketQuantile.

    One `quantile` a histogram; `bounds` are the buckets' upper ones, ascending; `counts` are cumulative,
    histograms × buckets, one at least. Without a bucket to +Inf, or any other, or observations, a quantile is NaN.
    """
    bounds, counts = _coalesced(bounds, counts)
    # Prometheus looks at the counts only where the quantile can be one.
    sensible, outside = is_quantile(quantile), beyond(quantile)
    if not np.isposinf(bounds[-1]) or not sensible.any():
        return Quantiles(np.where(sensible, np.nan, outside), forced=False)
    counts, forced = _monotonic(counts, sensible)
    if bounds.size < 2:
        return Quantiles(np.where(sensible, np.nan, outside), forced)
    inside = np.where(counts[:, -1] == 0, np.nan, _interpolated(quantile, bounds, counts))
    return Quantiles(np.where(sensible, inside, outside), forced)


def _interpolated(quantile: Floats, bounds: Floats, counts: Floats) -> Floats:
    rank = quantile * counts[:, -1]
    reached = counts[:, :-1] >= rank[:, np.newaxis]
    bucket = np.where(reached.any(axis=1), reached.argmax(axis=1), bounds.size - 1)
    histogram = np.arange(bucket.size)
    lower_bounds = np.concatenate(([0.0], bounds[:-1]))
    lower_counts = np.concatenate((np.zeros((bucket.size, 1)), counts[:, :-1]), axis=1)[histogram, bucket]
    share = (rank - lower_counts) / (counts[histogram, bucket] - lower_counts)
    lower = lower_bounds[bucket]
    linear = lower + (bounds[bucket] - lower) * share
    value = np.where((bucket == 0) & (bounds[0] <= 0), bounds[0], linear)
    found: Floats = np.where(bucket == bounds.size - 1, bounds[-2], value)
    return found


def bucket_fraction(lower: Floats, upper: Floats, bounds: Floats, counts: Floats) -> Floats:
    """The share of observations in lower < value <= upper. Source: Prometheus' BucketFraction.

    One `lower` and `upper` a histogram; the rest as `bucket_quantile` has it. NaN without a bucket to +Inf,
    without observations, or where a bound is NaN.
    """
    bounds, counts = _coalesced(bounds, counts)
    if not np.isposinf(bounds[-1]):
        return np.full(lower.shape, np.nan)
    total = counts[:, -1]
    undefined = (total == 0) | np.isnan(lower) | np.isnan(upper)
    share = (_rank(upper, bounds, counts) - _rank(lower, bounds, counts)) / total
    fraction: Floats = np.where(undefined, np.nan, np.where(lower >= upper, 0.0, share))
    return fraction


def _rank(value: Floats, bounds: Floats, counts: Floats) -> Floats:
    """How many observations are taken to be below a value; of the endless buckets all or none."""
    histogram = np.arange(value.size)
    bucket = np.minimum(np.searchsorted(bounds, value, side="right"), bounds.size - 1)
    starts = np.concatenate(([0.0 if bounds[0] > 0 else -np.inf], bounds[:-1]))
    below = np.concatenate((np.zeros((value.size, 1)), counts[:, :-1]), axis=1)[histogram, bucket]
    within = counts[histogram, bucket] - below
    lower = starts[bucket]
    share = np.where(np.isneginf(lower), 1.0, (value - lower) / (bounds[bucket] - lower))
    rank = np.where(value <= lower, below, below + within * share)
    # Beyond the last bound there is nothing left to count.
    found: Floats = np.minimum(np.where(value >= bounds[-1], counts[:, -1], rank), counts[:, -1])
    return found


def _coalesced(bounds: Floats, counts: Floats) -> tuple[Floats, Floats]:
    """Buckets of the same bound, as "1" and "1.0" are, added up."""
    starts = np.flatnonzero(np.concatenate(([True], bounds[1:] != bounds[:-1])))
    if starts.size == bounds.size:
        return bounds, counts
    return bounds[starts], np.add.reduceat(counts, starts, axis=1)


def _monotonic(counts: Floats, regarded: Flags) -> tuple[Floats, bool]:
    """Counts that never fall from a bucket to a larger one, and whether more than rounding had to be mended.

    What differs by no more than rounding counts as the same. `regarded` are the histograms that are asked about.
    """
    mended = counts.copy()
    forced = False
    for column in range(1, counts.shape[1]):
        previous, count = mended[:, column - 1], counts[:, column]
        alike = _nearly_equal(previous, count)
        falls = (count < previous) & ~alike
        forced |= bool((falls & regarded).any())
        mended[:, column] = np.where(alike | falls, previous, count)
    return mended, forced


def _nearly_equal(left: Floats, right: Floats) -> Flags:
    scale = np.abs(left) + np.abs(right)
    equal: Flags = (left == right) | (np.abs(left - right) <= SMALL_DELTA * np.minimum(scale, np.finfo(float).max))
    return equal

"""Many samples made one: what each aggregation does to the members of its groups.

All take samples (members × groups × steps, float64) and where there is one (bool, the same shape), and give
groups × steps. Where no member has a sample the result means nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cockpit.metrics.promql.functions.quantiles import beyond, is_quantile
from cockpit.metrics.promql.functions.sums import precise_sum

if TYPE_CHECKING:
    from collections.abc import Callable

    from cockpit.metrics.promql.frames import Flags, Floats

    Fold = Callable[[Floats, Flags], Floats]


def _sum(samples: Floats, there: Flags) -> Floats:
    return _total(np.where(there, samples, 0.0))


def _total(terms: Floats) -> Floats:
    with np.errstate(all="ignore"):
        flat = precise_sum(terms.reshape(terms.shape[0], -1))
    return flat.reshape(terms.shape[1:])


def _count(_: Floats, there: Flags) -> Floats:
    counted: Floats = there.sum(axis=0).astype(np.float64)
    return counted


def _group(samples: Floats, _: Flags) -> Floats:
    return np.ones(samples.shape[1:])


def _mean(samples: Floats, there: Flags) -> Floats:
    """Finite where the samples are, however large their sum."""
    terms = np.where(there, samples, 0.0)
    count = np.maximum(there.sum(axis=0), 1)
    with np.errstate(all="ignore"):
        mean: Floats = _total(terms) / count
        overflown = ~np.isfinite(mean)
        if overflown.any():
            overflown &= np.isfinite(terms).all(axis=0)
            mean = np.where(overflown, _total(terms / count), mean)
    return mean


def _least(samples: Floats, there: Flags) -> Floats:
    """NaN only where there is nothing else."""
    least: Floats = np.fmin.reduce(np.where(there, samples, np.nan), axis=0)
    return least


def _greatest(samples: Floats, there: Flags) -> Floats:
    greatest: Floats = np.fmax.reduce(np.where(there, samples, np.nan), axis=0)
    return greatest


def _variance(samples: Floats, there: Flags) -> Floats:
    """Of the population; differences to one of the samples keep what is constant at 0."""
    with np.errstate(all="ignore"):
        origin = np.take_along_axis(samples, there.argmax(axis=0)[np.newaxis], axis=0)
        moved = np.where(there, samples - origin, 0.0)
        distances = np.where(there, moved - _mean(moved, there), 0.0)
        variance: Floats = _total(np.square(distances)) / np.maximum(there.sum(axis=0), 1)
    return variance


def _deviation(samples: Floats, there: Flags) -> Floats:
    deviation: Floats = np.sqrt(_variance(samples, there))
    return deviation


def quantiles(samples: Floats, there: Flags, asked: Floats) -> Floats:
    """The quantile that each step asks for, between the two nearest samples; NaN sorts below every number.

    What is no quantile comes to what `beyond` says.
    """
    with np.errstate(all="ignore"):
        # Descending, which numpy's order gives when negated: what is not there and NaN come last.
        ordered = -np.sort(np.where(there, -samples, np.nan), axis=0)
        count = there.sum(axis=0)
        rank = np.clip(np.nan_to_num(asked), 0, 1) * np.maximum(count - 1, 0)
        lower = np.floor(rank).astype(np.int64)
        upper = np.minimum(lower + 1, np.maximum(count - 1, 0))
        weight = rank - lower
        below, above = (_ascending(ordered, count, place) for place in (lower, upper))
        between = below * (1 - weight) + above * weight
    return np.where(is_quantile(asked), between, beyond(asked))


def _ascending(descending: Floats, count: Floats, place: Floats) -> Floats:
    index = np.maximum(count - 1 - place, 0)[np.newaxis].astype(np.int64)
    found: Floats = np.take_along_axis(descending, index, axis=0)[0]
    return found


FOLDS: dict[str, Fold] = {
    "avg": _mean,
    "count": _count,
    "group": _group,
    "max": _greatest,
    "min": _least,
    "stddev": _deviation,
    "stdvar": _variance,
    "sum": _sum,
}

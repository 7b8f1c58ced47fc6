"""Estimates with their intervals, and the interval of a difference. Each formula names its source."""

from __future__ import annotations

import math
from statistics import fmean, stdev
from typing import TYPE_CHECKING

from cockpit.metrics.signals.reading import Estimate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Z = 1.959964
"""The standard normal's 97.5 % point, for the intervals that are shown."""

SURE = 4.417173
"""The standard normal's 99.9995 % point, for alarms. Six signals that are read every five seconds over a sliding
window are looked at 4,320 times an hour: at the 97.5 % point equal revisions would be called worse some ten times
in it, at this one about once a day (tests/metrics/test_signals_alarms.py counts)."""

_T = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228)
"""Student's 97.5 % points for 1 to 10 degrees of freedom."""


def rate(count: float, seconds: float) -> Estimate:
    """Events per second, taken as Poisson: Byar's approximation (Breslow and Day, 1987, p. 69)."""
    low = _byar(count, -Z) if count > 0 else 0.0
    return Estimate(count / seconds, low / seconds, _byar(count + 1, Z) / seconds, count)


def _byar(count: float, z: float) -> float:
    return count * max(0.0, 1 - 1 / (9 * count) + z / (3 * math.sqrt(count))) ** 3


def ratio(events: float, total: float) -> Estimate | None:
    """The share of the total that the events are, by Wilson's score interval (1927); None of no total.

    Increases are extrapolated to their window, so events may pass their total by a little: they are cut to it.
    """
    if not total > 0:
        return None
    share = min(max(events / total, 0.0), 1.0)
    return Estimate(share, *_wilson(share, total, Z), total, _wilson(share, total, SURE))


def _wilson(share: float, total: float, z: float) -> tuple[float, float]:
    squared = z * z / total
    middle = (share + squared / 2) / (1 + squared)
    half = z * math.sqrt(share * (1 - share) / total + squared / (4 * total)) / (1 + squared)
    # The bounds lie at or beyond the share itself; rounding must not say otherwise.
    return max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half))


def quantile(q: float, buckets: Mapping[float, float]) -> Estimate | None:
    """A quantile of cumulative buckets (count by upper bound), as histogram_quantile has it; None of no samples.

    The interval is that of order statistics, rank n·q ± z·√(n·q·(1−q)) (Conover, 1999, §3.2), its longer side
    with Cornish and Fisher's (1938) term for the skewness of ranks far from the median. It is open towards
    infinity where the rank passes the last sample or falls beyond the highest finite bound. How the samples lie
    inside their bucket is not in it.
    """
    bounds = sorted(buckets)
    if len(bounds) < 2 or not math.isinf(bounds[-1]):
        return None
    counts = _climbing([buckets[bound] for bound in bounds])
    total = counts[-1]
    if not total > 0:
        return None
    shown, sure = (_between(q, bounds, counts, z) for z in (Z, SURE))
    return Estimate(_at_rank(q * total, bounds, counts), *shown, total, sure)


def _between(q: float, bounds: Sequence[float], counts: Sequence[float], z: float) -> tuple[float, float]:
    """The samples at the ranks between which the quantile's own lies."""
    total = counts[-1]
    rank, reach, skew = q * total, z * math.sqrt(total * q * (1 - q)), (z * z - 1) * (1 - 2 * q) / 6
    lowest, highest = max(0.0, rank - reach + min(skew, 0.0)), rank + reach + max(skew, 0.0)
    high = math.inf if highest > counts[-2] else _at_rank(highest, bounds, counts)
    return _at_rank(lowest, bounds, counts), high


def _climbing(counts: Sequence[float]) -> list[float]:
    """Cumulative counts that never fall: buckets scraped at different moments may."""
    climbed = [counts[0]]
    for count in counts[1:]:
        climbed.append(max(climbed[-1], count))
    return climbed


def _at_rank(rank: float, bounds: Sequence[float], counts: Sequence[float]) -> float:
    at = next(index for index, count in enumerate(counts) if count >= rank)
    if math.isinf(bounds[at]):
        return bounds[at - 1]
    if not at and bounds[0] <= 0:
        return bounds[0]
    start, below = (bounds[at - 1], counts[at - 1]) if at else (0.0, 0.0)
    inside = counts[at] - below
    return start + (bounds[at] - start) * ((rank - below) / inside if inside else 1.0)


def mean(values: Sequence[float]) -> Estimate | None:
    """The mean over instances with Student's interval; None of none, and open both ways for a single one.

    Alarms stand on the same: instances are not drawn anew for every reading, so looking again is no new chance.
    """
    if not values:
        return None
    middle, n = fmean(values), len(values)
    if n == 1:
        return Estimate(middle, -math.inf, math.inf, 1)
    half = _student(n - 1) * stdev(values) / math.sqrt(n)
    return Estimate(middle, middle - half, middle + half, n)


def _student(freedom: int) -> float:
    """Student's 97.5 % point; beyond the table by its expansion (Abramowitz and Stegun, 26.7.5)."""
    if freedom <= len(_T):
        return _T[freedom - 1]
    return Z + (Z**3 + Z) / (4 * freedom) + (5 * Z**5 + 16 * Z**3 + 3 * Z) / (96 * freedom**2)


def difference(of: Estimate, to: Estimate) -> tuple[float, float, float]:
    """`to` less `of`, with the bounds that their own intervals give it.

    Squares of the one-sided reaches add up: for two ratios this is Newcombe's hybrid score (1998, method 10), for
    any other pair the method of variance estimates recovery (Zou and Donner, 2008).
    """
    value = to.value - of.value
    low = value - math.hypot(to.value - to.low, of.high - of.value)
    high = value + math.hypot(to.high - to.value, of.value - of.low)
    return value, low, high

"""How often chance alone is called worse, and how long a real worsening takes to be called so.

Signals are read every five seconds over the last five minutes, for days: what a reading is allowed to get wrong
must be seen against that many readings.
"""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest

from cockpit.metrics.signals import estimate
from cockpit.metrics.signals.compare import compare
from cockpit.metrics.signals.reading import Estimate, Verdict
from cockpit.metrics.signals.signal import Better, Kind, Signal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    Counts = NDArray[np.int64]

INTERVAL, WINDOW, HOUR = 5, 300, 3600
STEPS = WINDOW // INTERVAL
SHARE = 0.1
"""What the canary has of the traffic."""

RATIOS = {
    Signal(name, name, Kind.RATIO, ("a",), ("b",), better=Better.LOWER): chance
    for name, chance in (("errors", 0.01), ("dismissed", 0.05), ("cache-miss", 0.4))
}
QUANTILES = [
    Signal(f"p{q * 100:g}", "took", Kind.QUANTILE, ("c",), quantile=q, unit="s", better=Better.LOWER)
    for q in (0.5, 0.95, 0.99)
]
BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0, math.inf)


def lognormal(bound: float) -> float:
    """The part of requests that take less: the median is 0.12 s, P95 0.53 s."""
    return 0.5 * (1 + math.erf(math.log(bound / 0.12) / (0.9 * math.sqrt(2))))


SHARES = [high - low for low, high in pairwise([0.0, *map(lognormal, BOUNDS[:-1]), 1.0])]


def windows(counts: Counts) -> Counts:
    """Sums over the last window, a row each step from the first whole one on."""
    total = np.concatenate((np.zeros_like(counts[:1]), counts.cumsum(0)))
    found: Counts = total[STEPS:] - total[:-STEPS]
    return found


def shares(chance: np.random.Generator, taken: Counts, part: float | NDArray[np.float64]) -> list[Estimate | None]:
    """A ratio at every step, of requests of which each is one by chance."""
    events, total = windows(chance.binomial(taken, part)), windows(taken)
    return [estimate.ratio(*pair) for pair in zip(events.tolist(), total.tolist(), strict=True)]


def times(chance: np.random.Generator, taken: Counts, q: float) -> list[Estimate | None]:
    """A quantile at every step, of requests that take as long as chance says."""
    rows = windows(chance.multinomial(taken, SHARES)).tolist()
    return [estimate.quantile(q, dict(zip(BOUNDS, accumulate(map(float, row)), strict=True))) for row in rows]


def like_revisions(per_minute: float, hours: int) -> Iterator[tuple[Signal, list[tuple[Estimate, Estimate]]]]:
    """Six signals of two revisions that differ in nothing but their traffic, read through some hours."""
    chance = np.random.default_rng(7)
    steps = hours * HOUR // INTERVAL
    taken = [chance.poisson(per_minute * INTERVAL / 60 * part, steps) for part in (1 - SHARE, SHARE)]

    def both(draw: Callable[[Counts], list[Estimate | None]]) -> list[tuple[Estimate, Estimate]]:
        pairs = zip(*map(draw, taken), strict=True)
        return [(stable, canary) for stable, canary in pairs if stable is not None and canary is not None]

    for ratio, part in RATIOS.items():
        yield ratio, both(lambda counts, part=part: shares(chance, counts, part))  # type: ignore[misc]
    for quantile in QUANTILES:
        yield quantile, both(lambda counts, q=quantile.quantile: times(chance, counts, q))  # type: ignore[misc]


def alarms(signal: Signal, pairs: Sequence[tuple[Estimate, Estimate]]) -> int:
    """How often the verdict becomes WORSE."""
    worse = [compare(signal, stable, canary).verdict is Verdict.WORSE for stable, canary in pairs]
    return sum(after and not before for before, after in pairwise([False, *worse]))


def likely(pairs: Sequence[tuple[Estimate, Estimate]]) -> list[tuple[Estimate, Estimate]]:
    """The same, judged by the intervals that are shown."""
    return [(replace(stable, sure=None), replace(canary, sure=None)) for stable, canary in pairs]


@pytest.mark.slow
def test_like_revisions_are_called_worse_about_once_a_day() -> None:
    """Judged by the 95 % intervals it would be some ten times an hour."""
    hours = 24
    sure, naive = 0, 0
    for signal, pairs in like_revisions(1000.0, hours):
        sure += alarms(signal, pairs)
        naive += alarms(signal, likely(pairs))
    assert sure <= 2
    assert naive > 10 * hours


def delays(per_minute: float, *, began: bool) -> list[float]:
    """Seconds until a canary of which one request in ten fails is called worse than a stable revision of which one
    in a hundred does, in a hundred rollouts; infinite where that takes more than ten minutes.

    With `began` the canary begins then, else it was as good as the stable one before.
    """
    chance = np.random.default_rng(8)
    [errors] = [signal for signal in RATIOS if signal.id == "errors"]
    before, after = STEPS, 600 // INTERVAL
    failing = np.repeat([0.01, 0.1], [before, after])
    found = []
    for _ in range(100):
        stable, canary = (
            chance.poisson(per_minute * INTERVAL / 60 * part, before + after) for part in (1 - SHARE, SHARE)
        )
        if began:
            canary[:before] = 0
        pairs = zip(shares(chance, stable, 0.01), shares(chance, canary, failing), strict=True)
        verdicts = [compare(errors, one, other).verdict for one, other in pairs]
        called = (INTERVAL * at for at, verdict in enumerate(verdicts[1:], 1) if verdict is Verdict.WORSE)
        found.append(next(called, math.inf))
    return found


@pytest.mark.slow
@pytest.mark.parametrize(
    ("per_minute", "began", "half", "most"),
    [
        (120, True, 120, math.inf),
        (1000, True, 25, 60),
        (1000, False, 90, 130),
        (10_000, True, 5, 10),
        (10_000, False, 30, 40),
    ],
)
def test_ten_times_the_errors_are_called_in_time(per_minute: float, began: bool, half: float, most: float) -> None:
    """Seconds until half of the rollouts, and nine of ten, show it; a tenth of the requests is the canary's."""
    found = sorted(delays(per_minute, began=began))
    assert found[49] <= half
    assert found[89] <= most

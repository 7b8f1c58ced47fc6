"""How much of a revision is seen, when each scrape reaches an instance of the balancer's choice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

ENOUGH = 0.85
"""The part of a process's time in the window that lies between its first and last sample there, to count in full.

An error ratio read from a part f of n requests misses that of all n by a standard deviation of sqrt(1/f - 1) times
the binomial one, sqrt(p(1-p)/n), as for any sample drawn without replacement. With 95 % of the processes at 0.85,
f is 0.81, so that 95 of 100 readings lie within 1.96 * sqrt(1/0.81 - 1) = 0.95 binomial standard deviations.
"""


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of a revision is seen in a window.

    `seen` processes are tracked, of about `estimated` that are alive; `share`, from 0 to 1, is the part of these
    that has samples throughout the window. `sightings` scrapes are behind it. Where `separable` is False nothing
    tells the processes apart: one track holds them all, and its rates mean something only if there is one process.
    """

    seen: int
    estimated: float
    share: float
    sightings: int
    separable: bool = True


@dataclass(frozen=True, slots=True)
class Watched:
    """One living process in the window: how often it was seen there, the milliseconds between the first and the
    last time, and the milliseconds it was there to be seen."""

    sightings: int
    between: int
    possible: int

    @classmethod
    def of(cls, times: Sequence[int], possible: int) -> Watched:
        """One that was seen at these times."""
        return cls(len(times), max(times) - min(times) if times else 0, possible)

    @property
    def part(self) -> float:
        """From 0 to 1, how fully the process is watched. What has just begun is not held against it."""
        if self.possible <= 0:
            return 1.0
        return min(1.0, self.between / (ENOUGH * self.possible))


def coverage(watched: Iterable[Watched], hint: int = 0) -> Coverage:
    """How much is seen of what is alive; `hint` is a number of instances known from elsewhere.

    The share is the watched parts over the estimated number, and no more than Good and Turing's sample coverage
    1 - f1/m (Good 1953, Biometrika 40): while nothing was seen twice, nothing is known of how much is missing.
    """
    met = [process for process in watched if process.sightings]
    counts = [process.sightings for process in met]
    population = max(chao1(counts), float(hint))
    if not met:
        return Coverage(0, population, 0.0, 0)
    share = min(sum(process.part for process in met) / population, 1 - counts.count(1) / sum(counts))
    return Coverage(len(met), population, share, sum(counts))


def chao1(counts: Sequence[int]) -> float:
    """How many there are, from how often each that was met was: those, and (m-1)/m f1 (f1-1) / (2 (f2+1)) more.

    f1 were met once and f2 twice in m picks: Chao's estimate (1984, Scand. J. Statist. 11, 265-270) in its
    bias-corrected form; a lower bound where the balancer prefers some.
    """
    picks, once, twice = sum(counts), counts.count(1), counts.count(2)
    if not picks:
        return 0.0
    return len(counts) + (picks - 1) / picks * once * (once - 1) / (2 * (twice + 1))

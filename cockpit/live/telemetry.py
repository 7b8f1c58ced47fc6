"""What the cockpit counts about itself: plain numbers, written on its loop, read by whoever exports them.

A reader in another thread sees each number whole, though not all of them of one moment.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cockpit.live.clock import Clock
    from cockpit.metrics.store.store import Usage

BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper bounds of what is counted by duration, in seconds; one more, without end, follows them."""

LAG_EVERY = 0.5


class Durations:
    """How often something took how long: `counts` by bound, each without those of the bounds before it."""

    __slots__ = ("counts", "total")

    def __init__(self) -> None:
        self.counts = [0] * (len(BOUNDS) + 1)
        self.total = 0.0

    def add(self, seconds: float) -> None:
        """Count one."""
        self.counts[bisect_left(BOUNDS, seconds)] += 1
        self.total += seconds

    @property
    def count(self) -> int:
        """How many were counted."""
        return sum(self.counts)


@dataclass(slots=True)
class Telemetry:
    """The counts of one cockpit, whatever services it shows one after the other.

    `scrapes` are those that were answered, with what took them how long, and `samples` what they brought;
    `scrape_failures` are the others by the kind of their problem, and answers that were no metrics. `queries` go
    by "instant" and "range", `query_failures` by the kind of their error. `lag` is how late the loop was. `usage`
    is what the store of the service at hand holds.
    """

    scrapes: Durations = field(default_factory=Durations)
    samples: int = 0
    scrape_failures: Counter[str] = field(default_factory=Counter)
    queries: dict[str, Durations] = field(default_factory=lambda: {"instant": Durations(), "range": Durations()})
    query_failures: Counter[str] = field(default_factory=Counter)
    lag: Durations = field(default_factory=Durations)
    usage: Usage | None = None

    async def watch_loop(self, clock: Clock) -> None:
        """For ever, see how much later than asked the loop goes on."""
        while True:
            begun = clock.now()
            await clock.sleep(LAG_EVERY)
            self.lag.add(max(0.0, clock.now() - begun - LAG_EVERY))

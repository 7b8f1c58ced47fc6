"""A service behind a balancer, in simulated time: instances that count, restart, and are picked at random."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field

import numpy as np

from cockpit.metrics.exposed import Exposed, Family, MetricKind, SeriesTable
from cockpit.metrics.labels import Labels, labels_of

EPOCH = 1_700_000_000_000
REQUESTS, START = "http_requests_total", "process_start_time_seconds"
OK, FAILED = "200", "500"
FAMILIES = {
    REQUESTS: Family(REQUESTS, MetricKind.COUNTER),
    START: Family(START, MetricKind.GAUGE),
}


@dataclass
class Process:
    """What one process has counted since it started, at `start` (epoch milliseconds)."""

    start: int
    weight: float
    ok: int = 0
    failed: int = 0


@dataclass
class Service:
    """So many instances with a request rate in all (per second), of which a share fails.

    `skew` above 0 makes the balancer prefer some; it sends scrapes as it sends requests. An instance restarts once
    in `lifetime` seconds on average, 0 for never.
    """

    instances: int
    seed: int
    rate: float = 200.0
    failing: float = 0.05
    skew: float = 0.0
    lifetime: float = 0.0
    now: int = EPOCH
    processes: list[Process] = field(default_factory=list)
    totals: list[tuple[int, int, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.random = np.random.default_rng(self.seed)
        self.table = SeriesTable([_series(OK), _series(FAILED), labels_of({"__name__": START})])
        weights = self.random.uniform(1.0, 1.0 + self.skew, self.instances)
        for weight in weights / weights.sum():
            uptime = int(self.random.integers(1_000, 86_400_000))
            self.processes.append(Process(self.now - uptime, float(weight), uptime // 40, uptime // 900))
        self.totals.append((self.now, 0, 0))

    def advance(self, milliseconds: int) -> None:
        """Let time pass, with requests and restarts."""
        self.now += milliseconds
        ok = failed = 0
        for place, process in enumerate(self.processes):
            requests = self.random.poisson(self.rate * process.weight * milliseconds / 1000)
            bad = int(self.random.binomial(requests, self.failing))
            process.ok, process.failed = process.ok + requests - bad, process.failed + bad
            ok, failed = ok + requests - bad, failed + bad
            if self.lifetime and self.random.random() < milliseconds / 1000 / self.lifetime:
                began = self.now - int(self.random.integers(0, milliseconds))
                self.processes[place] = Process(began, process.weight)
        _, before_ok, before_failed = self.totals[-1]
        self.totals.append((self.now, before_ok + ok, before_failed + failed))

    def scrape(self) -> Exposed:
        """What the instance of the balancer's choice says."""
        weights = [process.weight for process in self.processes]
        return self.expose(self.processes[self.random.choice(len(weights), p=weights)])

    def expose(self, process: Process) -> Exposed:
        """What this process says."""
        values = np.array([process.ok, process.failed, process.start / 1000])
        return Exposed(self.table, np.arange(3), values, FAMILIES)

    def truth(self, start: int, end: int) -> tuple[int, int]:
        """Requests and failures that there really were, all instances together, in start < time <= end."""
        _, ok_before, failed_before = self._until(start)
        _, ok, failed = self._until(end)
        return ok - ok_before + failed - failed_before, failed - failed_before

    def _until(self, time: int) -> tuple[int, int, int]:
        return self.totals[bisect_right(self.totals, time, key=lambda total: total[0]) - 1]


def _series(code: str) -> Labels:
    return labels_of({"__name__": REQUESTS, "code": code})


def increase(values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
    """How much a counter grew over its samples; what stands after a fall is growth since a restart."""
    steps = np.diff(values)
    return float(np.where(steps < 0, values[1:], steps).sum())

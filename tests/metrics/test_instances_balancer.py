"""The ratio that is read through a balancer against what really happened behind it."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import pytest

from cockpit.metrics.instances import Instances
from cockpit.metrics.promql.local import evaluate_instant
from cockpit.metrics.series import is_absent, is_stale
from cockpit.metrics.store import Store
from tests.metrics.balancer import FAILED, REQUESTS, Service, increase
from tests.metrics.scraped import equal

# The readings are made once, for all of these tests.
pytestmark = pytest.mark.slow

INTERVAL = 5_000
COVERED = 0.95
RATIO = f'sum(rate({REQUESTS}{{code="{FAILED}"}}[WINDOW])) / sum(rate({REQUESTS}[WINDOW]))'

SITUATIONS = [
    # instances, skew, mean lifetime in seconds, window in seconds
    (2, 0.0, 0, 60),
    (2, 3.0, 300, 60),
    (3, 0.0, 300, 60),
    (5, 2.0, 0, 60),
    (5, 0.0, 600, 60),
    (8, 0.0, 0, 60),
    (8, 1.0, 900, 120),
    (12, 0.0, 0, 180),
    (12, 2.0, 0, 180),
    (20, 0.0, 0, 180),
    (20, 0.0, 3600, 240),
]


class Reading(NamedTuple):
    """One reading of the error ratio: its distance from the truth in binomial standard deviations, by track with a
    plain sum of increases, by track with PromQL, and with all scrapes as one series. `rate` is the request rate as
    PromQL has it over the true one."""

    coverage: float
    tracks: float
    promql: float
    naive: float
    rate: float


def readings(instances: int, skew: float, lifetime: int, window: int, seed: int) -> list[Reading]:
    """Ten readings of a service that is scraped as `wanted_burst` says."""
    service = Service(instances, seed, skew=skew, lifetime=lifetime)
    store = Store(3_600_000, 64 << 20)
    watch = Instances(store, "app", window_ms=window * 1000)
    watch.serves({"app-1": 100})
    bodies, found = [], []
    first = window * 1000 // INTERVAL + 2
    for tick in range(first + 40):
        for answer in range(watch.wanted_burst("app-1")):
            exposed = service.scrape()
            watch.saw(service.now + answer, exposed)
            bodies.append((service.now + answer, exposed.values))
        if tick >= first and tick % 4 == 0:
            now = service.now + 20
            requests, failures = service.truth(now - window * 1000, now)
            truth = failures / requests
            deviation = math.sqrt(truth * (1 - truth) / requests)
            [ratio] = evaluate_instant(RATIO.replace("WINDOW", f"{window}s"), store, now).samples
            [rate] = evaluate_instant(f"sum(rate({REQUESTS}[{window}s]))", store, now).samples
            found.append(
                Reading(
                    coverage=watch.coverage("app-1", now).share,
                    tracks=abs(by_tracks(store, now, window) - truth) / deviation,
                    promql=abs(ratio.value - truth) / deviation,
                    naive=abs(naively(bodies, now, window) - truth) / deviation,
                    rate=rate.value * window / requests,
                )
            )
        service.advance(INTERVAL)
    return found


def by_tracks(store: Store, now: int, window: int) -> float:
    """Increases by track, summed, then divided."""
    total = {"200": 0.0, "500": 0.0}
    for block in store.select(equal(name=REQUESTS), now - window * 1000, now):
        there = ~(is_absent(block.values) | is_stale(block.values))
        for column, labels in enumerate(block.labels):
            total[dict(labels)["code"]] += increase(block.values[there[:, column], column])
    return total[FAILED] / sum(total.values())


def naively(
    bodies: list[tuple[int, np.ndarray[tuple[int], np.dtype[np.float64]]]], now: int, window: int
) -> float:
    """What one series comes to that every answer is appended to."""
    lines = np.array([values for at, values in bodies if now - window * 1000 < at <= now])
    good, failed = increase(lines[:, 0]), increase(lines[:, 1])
    return failed / (good + failed)


@pytest.fixture(scope="module")
def found() -> dict[tuple[int, float, int, int], list[Reading]]:
    return {
        situation: [reading for seed in range(6) for reading in readings(*situation, seed=seed)]
        for situation in SITUATIONS
    }


@pytest.mark.parametrize("restarting", [False, True])
def test_where_instances_are_covered_the_ratio_is_within_a_standard_deviation(
    found: dict[tuple[int, float, int, int], list[Reading]], restarting: bool
) -> None:
    groups = [group for (_, _, lifetime, _), group in found.items() if bool(lifetime) is restarting]
    covered = [each for group in groups for each in group if each.coverage >= COVERED]
    assert len(covered) >= 150
    assert np.quantile([each.tracks for each in covered], 0.95) <= 1.0
    assert np.quantile([each.promql for each in covered], 0.95) <= 1.0


def test_coverage_is_high_where_it_can_be(found: dict[tuple[int, float, int, int], list[Reading]]) -> None:
    """A measure that is never satisfied would make the test above an empty one."""
    for (instances, skew, lifetime, window), group in found.items():
        if not lifetime:
            assert sum(each.coverage >= COVERED for each in group) >= len(group) / 4, (instances, skew, window)


def test_a_rate_is_low_by_little_where_instances_are_covered(
    found: dict[tuple[int, float, int, int], list[Reading]],
) -> None:
    rates = [each.rate for group in found.values() for each in group if each.coverage >= COVERED]
    assert 0.92 <= np.mean(rates) <= 1.0
    assert np.quantile(rates, 0.05) >= 0.85
    assert np.quantile(rates, 0.95) <= 1.1


def test_one_series_for_all_instances_is_nonsense(
    found: dict[tuple[int, float, int, int], list[Reading]],
) -> None:
    """On the same scrapes: the differences between instances are taken for requests."""
    for situation, group in found.items():
        assert np.median([each.naive for each in group]) > 2.0, situation
        assert np.quantile([each.naive for each in group], 0.95) > 3.0, situation

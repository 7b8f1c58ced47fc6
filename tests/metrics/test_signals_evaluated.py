"""Signals end to end in the metrics room: counters in the store, PromQL by the evaluator, verdicts out."""

from __future__ import annotations

import math
import random
from bisect import bisect_left
from itertools import accumulate
from typing import TYPE_CHECKING

import pytest

from cockpit.metrics.exposed import Family, MetricKind
from cockpit.metrics.labels import labels_of
from cockpit.metrics.promql.local import evaluate_instant, evaluate_range
from cockpit.metrics.signals.compare import compare
from cockpit.metrics.signals.discover import discover
from cockpit.metrics.signals.queries import courses, expression, queries, read
from cockpit.metrics.signals.reading import Verdict
from cockpit.metrics.store import Store

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cockpit.metrics.signals.reading import Estimate
    from cockpit.metrics.signals.signal import Signal

EVERY = 5_000
END = 1_000_000_000
WINDOW = 300
BOUNDS = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6, math.inf)
KINDS = {
    "jobs_success_total": MetricKind.COUNTER,
    "jobs_failure_total": MetricKind.COUNTER,
    "jobs_duration_seconds": MetricKind.HISTOGRAM,
    "page_hits_total": MetricKind.COUNTER,
    "page_misses_total": MetricKind.COUNTER,
    "process_cpu_seconds_total": MetricKind.COUNTER,
    "process_resident_memory_bytes": MetricKind.GAUGE,
}
SIGNALS = {
    one.id: one for one in discover({name: Family(name, kind) for name, kind in KINDS.items()}, lambda _: ())
}


class Instance:
    """One process of a revision, whose counters go on from scrape to scrape."""

    def __init__(self, chance: random.Random, failing: float, slow: float) -> None:
        self._chance, self._failing, self._slow = chance, failing, slow
        self._counts = dict.fromkeys((*KINDS, *BOUNDS), 0.0)

    def step(self, requests: int) -> dict[tuple[str, str], float]:
        """Answer some requests; the samples of the next scrape by name and `le`."""
        count = self._counts
        for _ in range(requests):
            failed = self._chance.random() < self._failing
            count["jobs_failure_total" if failed else "jobs_success_total"] += 1
            count[BOUNDS[bisect_left(BOUNDS, self._chance.expovariate(1 / self._slow))]] += 1
            count["page_hits_total" if self._chance.random() < 0.6 else "page_misses_total"] += 1
        count["process_cpu_seconds_total"] += 0.004 * requests
        plain = {(name, ""): count[name] for name in KINDS if name in count and KINDS[name] is MetricKind.COUNTER}
        buckets = zip(BOUNDS, accumulate(count[bound] for bound in BOUNDS), strict=True)
        times = {
            ("jobs_duration_seconds_bucket", f"{bound:g}".replace("inf", "+Inf")): value
            for bound, value in buckets
        }
        return plain | times | {("process_resident_memory_bytes", ""): 2e8 + self._chance.gauss(0, 1e6)}


def filled(chance: random.Random, revisions: Mapping[str, tuple[int, float, float]]) -> Store:
    """A store of ten minutes; by revision the requests a step of each of two instances, how many of them fail, and
    how long they take on average. What has failed never has no series yet."""
    stamps = range(END - 600_000, END + 1, EVERY)
    columns = []
    for revision, (requests, failing, slow) in revisions.items():
        for number in range(2):
            instance = Instance(chance, failing, slow)
            steps = [instance.step(requests) for _ in stamps]
            for name, bound in steps[0]:
                if name == "jobs_failure_total" and not failing:
                    continue
                labels = {"__name__": name, "le": bound, "revision": revision, "instance": f"{revision}-{number}"}
                columns.append((labels_of(labels), list(stamps), [step[name, bound] for step in steps]))
    store = Store(3_600_000, 64 << 20)
    store.load(columns)
    return store


def reading(store: Store, signal: Signal) -> Mapping[str, Estimate]:
    """A signal at the end of the store's time."""
    answers = {role: evaluate_instant(text, store, END) for role, text in queries(signal, WINDOW).items()}
    return read(signal, answers, WINDOW)


@pytest.fixture(scope="module")
def store() -> Store:
    """A stable revision, a canary that fails and is slow, and one that never failed."""
    revisions = {"stable": (20, 0.005, 0.15), "bad": (4, 0.15, 0.45), "calm": (4, 0.0, 0.15)}
    return filled(random.Random(7), revisions)


@pytest.mark.parametrize("name", list(SIGNALS))
def test_the_estimate_is_what_the_one_expression_says(store: Store, name: str) -> None:
    signal = SIGNALS[name]
    said = evaluate_instant(expression(signal, WINDOW), store, END)
    plain = {dict(sample.labels)["revision"]: sample.value for sample in said.samples}
    found = reading(store, signal)
    assert set(plain) == set(found) == {"stable", "bad", "calm"}
    for revision, estimate in found.items():
        assert estimate.value == pytest.approx(plain[revision])
        assert estimate.low <= estimate.value <= estimate.high


def test_what_was_counted_is_what_is_read(store: Store) -> None:
    load = reading(store, SIGNALS["jobs"])
    assert load["stable"].value == pytest.approx(2 * 20 / 5, rel=0.01)
    assert load["bad"].n == pytest.approx(2 * 4 * 60, rel=0.01)
    errors = reading(store, SIGNALS["errors"])
    assert errors["bad"].low <= 0.15 <= errors["bad"].high
    assert errors["calm"].value == 0.0
    assert errors["calm"].high < 0.02
    assert reading(store, SIGNALS["cpu"])["stable"].value == pytest.approx(0.004 * 20 / 5, rel=0.01)
    memory = reading(store, SIGNALS["memory"])["stable"]
    assert memory.n == 2
    assert memory.value == pytest.approx(2e8, rel=0.02)


@pytest.mark.parametrize(
    ("name", "bad", "calm"),
    [
        ("errors", Verdict.WORSE, {Verdict.SAME, Verdict.BETTER}),
        ("p50", Verdict.WORSE, {Verdict.SAME, Verdict.UNCERTAIN, Verdict.BETTER}),
        ("jobs", Verdict.NOT_JUDGED, {Verdict.NOT_JUDGED}),
    ],
)
def test_the_bad_canary_is_called_worse_and_the_calm_one_is_not(
    store: Store, name: str, bad: Verdict, calm: set[Verdict]
) -> None:
    found = reading(store, SIGNALS[name])
    assert compare(SIGNALS[name], found["stable"], found["bad"]).verdict is bad
    assert compare(SIGNALS[name], found["stable"], found["calm"]).verdict in calm
    assert compare(SIGNALS[name], found["stable"], found.get("gone")).verdict is Verdict.NO_DATA


def test_a_course_ends_with_the_value_and_begins_with_gaps(store: Store) -> None:
    signal = SIGNALS["errors"]
    start, step = END - 1_200_000, 60_000
    found = courses(evaluate_range(expression(signal, WINDOW), store, start, END, step), start, END, step)
    assert len(found["bad"]) == 21
    assert math.isnan(found["bad"][0])
    assert found["bad"][-1] == pytest.approx(reading(store, signal)["bad"].value)


def test_a_revision_that_counted_nothing_has_no_share_and_no_quantile() -> None:
    idle = filled(random.Random(1), {"idle": (0, 0.0, 0.1)})
    assert reading(idle, SIGNALS["errors"]) == {}
    assert reading(idle, SIGNALS["p95"]) == {}
    assert reading(idle, SIGNALS["jobs"])["idle"].value == 0.0

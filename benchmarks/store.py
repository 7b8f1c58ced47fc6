"""What it costs to keep a scrape, to find it again, and to hold an hour of many series."""

from __future__ import annotations

import statistics
import time
import tracemalloc

import numpy as np

from benchmarks.figures import Figure, percentile
from cockpit.metrics.exposed import Exposed, Family, MetricKind, SeriesTable
from cockpit.metrics.instances import Instances
from cockpit.metrics.labels import Labels, labels_of
from cockpit.metrics.matchers import Matcher, Op
from cockpit.metrics.store import Store

HOUR, STEP = 3_600_000, 5_000
BEGIN = 1_700_000_000_000
ROWS = HOUR // STEP
SERIES, MANY = 91, 10_000
TRACKS, SELECTORS = 10, 30
LOOKBACK = 300_000
ROUNDS = 200


def measure() -> list[Figure]:
    """Ten processes with a usual number of series, and one with very many."""
    store, appends, sightings = _hour_of_a_service()
    warm, cold = _selects(store)
    return [
        Figure("store: append of 91 samples, p50", percentile(appends, 0.50), "ms", 0.2),
        Figure(
            "store: append of 91 samples, p99", percentile(appends, 0.99), "ms", note=f"{len(appends)} appends"
        ),
        Figure("store: scrape told apart and kept, p50", percentile(sightings, 0.50), "ms", note="10 processes"),
        Figure("store: one selector over 10 tracks", warm, "ms", 0.1, "5 min of 10 × 91 series"),
        Figure("store: the same, not seen before", cold, "ms"),
        Figure("store: 10k series, an hour at 5 s", _megabytes(), "MB", 70, f"{ROWS} points each"),
    ]


def _series(count: int) -> list[Labels]:
    """Counters of as many label sets, seven to a metric, and the mark of a process."""
    labels = [
        labels_of(
            {"__name__": f"requests_{number // 7}_total", "code": str(200 + number % 7), "path": "/api/items"}
        )
        for number in range(count - 1)
    ]
    return [*labels, labels_of({"__name__": "process_start_time_seconds"})]


def _hour_of_a_service() -> tuple[Store, list[float], list[float]]:
    """A full store, and what each append and each sighting took in milliseconds."""
    store, other = Store(HOUR, 256 << 20), Store(HOUR, 256 << 20)
    tracks = [
        store.track({"service": "app", "revision": f"app-{number % 2}", "instance": str(number)})
        for number in range(TRACKS)
    ]
    instances = Instances(other, "app")
    table, ids = SeriesTable(_series(SERIES)), np.arange(SERIES)
    families = {
        dict(labels)["__name__"]: Family(dict(labels)["__name__"], MetricKind.COUNTER) for labels in table.labels
    }
    appends, sightings = [], []
    values = np.zeros(SERIES)
    for row in range(ROWS):
        values += 3.0
        for number, track in enumerate(tracks):
            values[-1] = BEGIN / 1000 + number
            exposed = Exposed(table, ids, values.copy(), families)
            at = BEGIN + row * STEP + number
            started = time.perf_counter()
            store.append(track, at, exposed)
            kept = time.perf_counter()
            instances.saw(at, exposed, "app-1", "canary")
            sightings.append((time.perf_counter() - kept) * 1000)
            appends.append((kept - started) * 1000)
    return store, appends, sightings


def _selects(store: Store) -> tuple[float, float]:
    """Milliseconds a selector of one metric takes: the median once known, and the first time."""
    selectors = [
        [
            Matcher("__name__", Op.EQUAL, f"requests_{number % 12}_total"),
            Matcher("path", Op.NOT_EQUAL, f"/{number}"),
        ]
        for number in range(SELECTORS)
    ]
    now = BEGIN + (ROWS - 1) * STEP + TRACKS
    rounds = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        for selector in selectors:
            store.select(selector, now - LOOKBACK, now)
        rounds.append((time.perf_counter() - started) * 1000 / SELECTORS)
    return statistics.median(rounds[1:]), rounds[0]


def _megabytes() -> float:
    """What the store takes, label sets included, after more than the hour that it keeps."""
    table, ids = SeriesTable(_series(MANY)), np.arange(MANY)
    random = np.random.default_rng(1)
    tracemalloc.start()
    store = Store(HOUR, 256 << 20)
    track = store.track({"service": "app", "revision": "app-1", "instance": "a"})
    for row in range(ROWS + 10):
        store.append(track, BEGIN + row * STEP, Exposed(table, ids, random.random(MANY), {}))
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return taken / 1e6

"""Canned pictures of metrics for the signals pane: what the readings would be, not how they come about."""

from __future__ import annotations

import math
from dataclasses import replace

from cockpit.live.metrics.picture import InstancesPicture, MetricsPicture, TargetPicture
from cockpit.live.snapshot import Feed, FeedState, Problem, Snapshot
from cockpit.metrics.signals.estimate import mean, rate, ratio
from cockpit.metrics.signals.reading import Estimate, Reading
from cockpit.metrics.signals.signal import Better, Kind, Signal
from tests.tui.staged import AT, CANARY, STABLE, healthy

STEPS = 60
LIVE = Feed("metrics", FeedState.LIVE, AT - 2)
URL = "https://emergence-app-x7k2qa-ew.a.run.app"

LOAD = Signal("requests", "requests", Kind.RATE, ("http_requests_total",))
ERRORS = Signal(
    "errors",
    "errors",
    Kind.RATIO,
    ('http_requests_total{code=~"5.."}',),
    ("http_requests_total",),
    better=Better.LOWER,
)
HITS = Signal(
    "cache-hit", "cache hit", Kind.RATIO, ("hit_total",), ("hit_total", "miss_total"), better=Better.HIGHER
)
CPU = Signal("cpu", "CPU cores", Kind.GAUGE, ("rate(process_cpu_seconds_total[{window}])",))
MEMORY = Signal(
    "memory", "memory", Kind.GAUGE, ("process_resident_memory_bytes",), unit="bytes", better=Better.LOWER
)


def times(q: float) -> Signal:
    """A quantile of the time a request takes."""
    title = f"P{100 * q:g}"
    source = ("http_request_duration_seconds",)
    return Signal(title.lower(), title, Kind.QUANTILE, source, quantile=q, unit="s", better=Better.LOWER)


def wave(level: float, swing: float, rise: float = 0.0, steps: int = STEPS) -> tuple[float, ...]:
    """A course around a level that swings, and rises towards its end."""
    return tuple(level + swing * math.sin(step / 3) + rise * max(0.0, step / steps - 0.5) for step in range(steps))


def reading(
    signal: Signal,
    stable: Estimate | None,
    canary: Estimate | None,
    courses: tuple[tuple[float, ...], tuple[float, ...]] = ((), ()),
) -> Reading:
    """A signal read of both."""
    found = {name: one for name, one in ((STABLE, stable), (CANARY, canary)) if one is not None}
    return Reading(signal, found, dict(zip((STABLE, CANARY), courses, strict=True)), AT - 2)


READINGS = (
    reading(LOAD, rate(5460, 300), rate(612, 300), (wave(18.2, 2), wave(2.0, 0.4))),
    reading(ERRORS, ratio(22, 5460), ratio(91, 612), (wave(0.004, 0.002), wave(0.01, 0.005, 0.27))),
    reading(
        times(0.5),
        Estimate(0.082, 0.080, 0.084, 5460),
        Estimate(0.085, 0.079, 0.089, 612),
        (wave(0.08, 0.004), wave(0.085, 0.006)),
    ),
    reading(
        times(0.95),
        Estimate(0.212, 0.205, 0.219, 5460),
        Estimate(0.244, 0.199, 0.293, 612),
        (wave(0.21, 0.01), wave(0.24, 0.03)),
    ),
    reading(
        times(0.99),
        Estimate(0.83, 0.74, 0.97, 5460),
        Estimate(1.21, 0.71, math.inf, 612),
        (wave(0.8, 0.1), wave(1.1, 0.3)),
    ),
    reading(HITS, ratio(1220, 2000), ratio(174, 300), (wave(0.61, 0.02), wave(0.58, 0.05))),
    reading(CPU, mean([0.31, 0.35, 0.29]), mean([0.12]), (wave(0.32, 0.05), wave(0.12, 0.05))),
    reading(
        MEMORY,
        mean([221e6, 224e6, 219e6]),
        mean([301e6, 309e6, 305e6]),
        (wave(221e6, 2e6), wave(240e6, 2e6, 120e6)),
    ),
)
TARGETS = (
    TargetPicture(URL, "", "", LIVE, path="/api/metrics", seconds=0.08, series=91),
    TargetPicture(f"https://canary---{URL[8:]}", "canary", CANARY, LIVE, path="/api/metrics", series=91),
)
PICTURE = MetricsPicture(
    targets=TARGETS,
    instances=(InstancesPicture(STABLE, 3, 3.0, 1.0, 60), InstancesPicture(CANARY, 1, 1.0, 1.0, 60)),
    readings=READINGS,
    stable=STABLE,
    canary=CANARY,
    read_at=AT - 2,
)


def with_metrics(picture: MetricsPicture | None) -> Snapshot:
    """The healthy service with a picture of metrics."""
    return replace(healthy(), metrics=picture)


def canary_trouble(kind: str, text: str, mend: str, age: float | None = None) -> MetricsPicture:
    """The picture while the canary's URL cannot be scraped: since `age` seconds, or None for since ever."""
    fresh_at = None if age is None else AT - age
    feed = Feed("metrics", FeedState.FAILED, fresh_at, Problem(kind, text, mend), AT + 10)
    targets = (TARGETS[0], replace(TARGETS[1], feed=feed))
    known = (
        READINGS
        if age is not None
        else tuple(
            replace(one, estimates={STABLE: one.estimates[STABLE]}, courses={STABLE: one.courses[STABLE]})
            for one in READINGS
        )
    )
    return replace(PICTURE, targets=targets, readings=known)


def estimate(value: float) -> Estimate:
    """A value that is known to two percent, of many samples."""
    return Estimate(value, 0.98 * value, 1.02 * value, 5000)

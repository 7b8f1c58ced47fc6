"""Series as they come in practice and worse: resets, gaps, ends and beginnings, NaN and infinities, buckets."""

from __future__ import annotations

import math
from collections.abc import Iterator
from random import Random

from cockpit.metrics.labels import NAME, Labels, labels_of
from cockpit.metrics.series import STALE
from tests.metrics.promql.memory import Samples

BEGIN = 1_700_000_000_311
"""Epoch milliseconds of the first scrape. Off the full second, as queries are at another place between two: no
sample lies on the edge of a window, which Prometheus 2 counts in and 3 does not."""

EVERY = 15_000
SCRAPES = 120
BOUNDS = ("0.1", "0.5", "1", "5", "+Inf")


def varied_series(random: Random) -> dict[Labels, Samples]:
    """Half an hour of samples by series."""
    found: dict[Labels, Samples] = {}
    for instance, phase in (("a", 0), ("b", 4_210), ("c", 0)):
        for code in ("200", "404", "500"):
            found[_labels("requests_total", instance=instance, code=code)] = _thinned(
                random, _counter(random), phase
            )
        for bound, total in zip(BOUNDS, _histogram(random), strict=True):
            found[_labels("took_seconds_bucket", instance=instance, le=bound)] = dict(_scraped(total, phase))
        for zone in ("east", "west"):
            found[_labels("level", instance=instance, zone=zone)] = _thinned(random, _gauge(random), phase)
            found[_labels("odd", instance=instance, zone=zone)] = _thinned(random, _odd(random), phase)
    found[_labels("lone")] = dict(_scraped(_gauge(random), 0))
    found[_labels("UPPER", CASE="high", zone="east")] = dict(_scraped(_gauge(random), 1_000))
    return found


def _labels(metric: str, **labels: str) -> Labels:
    return labels_of({NAME: metric, **labels})


def _counter(random: Random) -> Iterator[float]:
    """With rare resets, and far from zero also behind one: 2 looks for the zero at another place than 3."""
    value = random.uniform(1e5, 2e5)
    while True:
        for _ in range(random.randint(46, 90)):
            yield value
            value += random.choice((0, 1, 10, 33.5))
        value /= 2


def _gauge(random: Random) -> Iterator[float]:
    while True:
        yield random.choice((round(random.uniform(-20, 50), 3), float(random.randint(-5, 60)) + random.random()))


def _odd(random: Random) -> Iterator[float]:
    """Few values, so that some are equal, and those that are none or without end."""
    while True:
        yield random.choice((0.0, 1.0, 2.0, -3.0, 500.0, 0.5, math.nan, math.inf, -math.inf))


def _histogram(random: Random) -> list[list[float]]:
    """Cumulative counts of each bucket, scrape by scrape."""
    totals = [1e5 * (bucket + 1) for bucket in range(len(BOUNDS))]
    columns: list[list[float]] = [[] for _ in BOUNDS]
    for _ in range(SCRAPES):
        for bucket in range(random.randrange(len(BOUNDS)), len(BOUNDS)):
            totals[bucket] += 3
        for column, total in zip(columns, totals, strict=True):
            column.append(total)
    return columns


def _scraped(values: Iterator[float] | list[float], phase: int) -> Iterator[tuple[int, float]]:
    return ((BEGIN + phase + place * EVERY, value) for place, value in zip(range(SCRAPES), values, strict=False))


def _thinned(random: Random, values: Iterator[float], phase: int) -> Samples:
    """With scrapes that failed, and times in which the series was not there, each begun by a stale marker."""
    held: dict[int, float] = {}
    there = True
    for at, value in _scraped(values, phase):
        was, there = there, random.random() < (0.97 if there else 0.2)
        if there and random.random() < 0.95:
            held[at] = value
        elif was and not there:
            held[at] = STALE
    return held

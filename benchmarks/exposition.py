"""Reading scrapes, beside prometheus_client's parser on the same bodies: a first one, and those after it."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from functools import partial

from prometheus_client.parser import text_string_to_metric_families

from benchmarks.figures import Figure
from benchmarks.payload import payload
from cockpit.metrics.exposition.reader import Reader

SIZES = {1_000: 9, 10_000: 5, 100_000: 3}
MEDIA = "text/plain; version=0.0.4"


def measure() -> list[Figure]:
    """Each size in rounds of all three readings, so that a machine that drifts drifts for all."""
    return [figure for size, rounds in SIZES.items() for figure in _compared(size, rounds)]


def _compared(size: int, rounds: int) -> list[Figure]:
    bodies = [payload(size, moment) for moment in range(rounds + 1)]
    reader = Reader(max_series=2 * size)
    samples = _by_us(reader, bodies[0])
    client, cold, warm = [], [], []
    for body in bodies[1:]:
        client.append(_seconds(partial(_by_client, body.decode()), samples))
        cold.append(_seconds(partial(_by_us, Reader(max_series=2 * size), body), samples))
        warm.append(_seconds(partial(_by_us, reader, body), samples))
    name, note = f"exposition, {size:,} series", "prometheus_client = 1"
    return [
        Figure(f"{name}, warm", _ratio(client, warm), "x", note=note, least=30),
        Figure(f"{name}, cold", _ratio(client, cold), "x", note=note, least=3),
        Figure(f"{name}, warm, speed", samples / statistics.median(warm) / 1e6, "M samples/s"),
    ]


def _by_us(reader: Reader, body: bytes) -> int:
    return len(reader.read(body, MEDIA).ids)


def _by_client(text: str) -> int:
    return sum(len(family.samples) for family in text_string_to_metric_families(text))


def _seconds(reading: Callable[[], int], samples: int) -> float:
    start = time.perf_counter()
    found = reading()
    spent = time.perf_counter() - start
    if found != samples:
        raise ValueError(f"{found} samples were read where there are {samples}")
    return spent


def _ratio(theirs: list[float], ours: list[float]) -> float:
    return statistics.median(their / our for their, our in zip(theirs, ours, strict=True))

"""What comes without end: bounded memory, and every row either kept or counted."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from cockpit.logs.entry import Record
from cockpit.logs.names import Names
from cockpit.logs.segment import Segment
from cockpit.logs.store import LogStore
from tests.logs.logged import NOON, SECOND, kept_of

MOST = 20_000
RATE = 50_000
BATCH = 2_000


@pytest.fixture
def store() -> LogStore:
    return LogStore(Names(), most=MOST, most_bytes=64 << 20)


def flood(names: Names, *, batches: int, late: float) -> Iterator[Segment]:
    """Batches at RATE rows a second, a second out of order, that share of them late by up to 30 s."""
    segment = kept_of(names, [Record(NOON, f"request {row} took {row % 31} ms") for row in range(BATCH)])
    noise = np.random.default_rng(1)
    for batch in range(batches):
        times = NOON + (np.arange(BATCH) + batch * BATCH) * (SECOND // RATE)
        delay = np.where(noise.random(BATCH) < late, 30, 1) * noise.integers(0, SECOND, BATCH)
        yield replace(segment, times=times - delay)


@pytest.mark.parametrize("late", [0.0, 0.02])
def test_a_flood_is_bounded(store: LogStore, late: float) -> None:
    peaks = []
    tracemalloc.start()
    for number, segment in enumerate(flood(store.names, batches=120, late=late)):
        store.append(segment)
        assert len(store) <= MOST
        assert store.dropped + len(store) == store.end == (number + 1) * BATCH
        if number % 40 == 39:
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.reset_peak()
    tracemalloc.stop()
    assert max(peaks) < 24 << 20
    assert peaks[2] < peaks[1] * 1.2
    assert len(store) > MOST * 0.8
    assert len(store.segments()) < 64
    assert np.all(np.diff(store.times) >= 0)
    assert store.column("times", store.order).tolist() == store.times.tolist()


def test_older_pages_that_come_during_a_flood_leave_first(store: LogStore) -> None:
    page = kept_of(store.names, [Record(NOON - 3600 * SECOND + row, "older") for row in range(1_000)])
    for number, segment in enumerate(flood(store.names, batches=12, late=0.0)):
        store.append(segment)
        if number < 5:
            store.append(replace(page, times=page.times - number * 60 * SECOND))
    assert int(store.times[0]) > NOON - 10 * SECOND
    assert store.dropped + len(store) == store.end == 12 * BATCH + 5 * 1_000

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from cockpit.metrics.exposed import Exposed, SeriesTable
from cockpit.metrics.labels import Labels, labels_of
from cockpit.metrics.store import Store
from tests.metrics.scraped import FAR_AHEAD, LONG_AGO, Exposition, equal, named, samples

MINUTE = 60_000
HOUR = 60 * MINUTE
STEP = 5_000
BEGIN = 1_700_000_000_000
MEBIBYTE = 1 << 20


def scrape(table: SeriesTable) -> Exposed:
    count = len(table.labels)
    return Exposed(table, np.arange(count), np.random.default_rng(count).random(count), {})


def table(count: int, **labels: str) -> SeriesTable:
    return SeriesTable([labels_of({"__name__": "m", "number": str(number), **labels}) for number in range(count)])


def test_ten_thousand_series_for_an_hour_take_seventy_megabytes() -> None:
    series = table(10_000, path="/api/items", method="GET", code="200")
    tracemalloc.start()
    try:
        store = Store(HOUR, 128 * MEBIBYTE)
        track = store.track({"service": "app", "revision": "app-1", "instance": "a"})
        for row in range(730):
            store.append(track, BEGIN + row * STEP, scrape(series))
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    [block] = store.select(equal(number="17"), BEGIN + 730 * STEP - HOUR, FAR_AHEAD)
    assert len(block.times) == 719
    assert taken <= 70_000_000
    # What the store believes to take, and bounds, is what it takes.
    assert store.usage().bytes == pytest.approx(taken, rel=0.1)
    assert store.usage().crowded_out == 0


def test_what_is_older_than_the_retention_goes() -> None:
    store = Store(10 * MINUTE, 64 * MEBIBYTE)
    track = store.track({"service": "app", "instance": "a"})
    series = table(5)
    for row in range(2000):
        store.append(track, BEGIN + row * STEP, scrape(series))
    [block] = store.select([], LONG_AGO, FAR_AHEAD)
    newest = BEGIN + 1999 * STEP
    assert block.times[-1] == newest
    assert newest - 25 * MINUTE < block.times[0] <= newest - 10 * MINUTE
    assert store.usage().crowded_out == 0


def test_a_track_whose_newest_row_is_too_old_goes_whole() -> None:
    store = Store(10 * MINUTE, 64 * MEBIBYTE)
    old, new = (store.track({"service": "app", "instance": name}) for name in "ab")
    store.append(old, BEGIN, scrape(table(5)))
    for row in range(200):
        store.append(new, BEGIN + row * STEP, scrape(table(5)))
    assert store.usage().tracks == 1
    assert {dict(labels)["instance"] for labels in samples(store, [])} == {"b"}
    store.append(old, BEGIN + 200 * STEP, scrape(table(5)))
    assert store.usage().tracks == 2, "a process that comes back has a place again"


def test_memory_is_bounded_and_the_oldest_of_all_goes_first() -> None:
    store = Store(24 * HOUR, 2 * MEBIBYTE)
    series = table(200)
    tracks = [store.track({"service": "app", "instance": str(number)}) for number in range(4)]
    for row in range(600):
        for number, track in enumerate(tracks):
            store.append(track, BEGIN + row * STEP + number, scrape(series))
            assert store.usage().bytes <= 2 * MEBIBYTE
    oldest = [block.times[0] for block in store.select([], LONG_AGO, FAR_AHEAD)]
    assert len(oldest) == 4
    assert max(oldest) - min(oldest) <= 130 * STEP
    usage = store.usage()
    assert usage.crowded_out > 0
    assert usage.crowded_out + usage.samples == pytest.approx(600 * 4 * 200, abs=4 * 200)


def test_series_that_come_and_go_do_not_pile_up() -> None:
    """A label that is another one every time, as a request id would be."""
    store = Store(10 * MINUTE, 64 * MEBIBYTE)
    track, exposition = store.track({"service": "app", "instance": "a"}), Exposition()
    lasting: dict[Labels, float] = {named("load", path=str(number)): 1.0 for number in range(20)}
    sizes = []
    for row in range(1500):
        fleeting = {named("m_total", request=f"{row}-{number}"): 1.0 for number in range(20)}
        store.append(track, BEGIN + row * STEP, exposition.scrape({**lasting, **fleeting}))
        sizes.append(store.usage().bytes)
    assert max(sizes[750:]) <= 1.2 * max(sizes[:750])
    # Few of those that ended are read beside the twenty that live now.
    assert 20 <= len(samples(store, equal(name="m_total"), BEGIN + 1499 * STEP - 1)) <= 40 * 20
    [line] = samples(store, equal(name="load", path="3"), BEGIN + 1400 * STEP - 1).values()
    assert line == [(BEGIN + row * STEP, 1.0) for row in range(1400, 1500)]


def test_a_label_set_that_explodes_stays_within_the_bound() -> None:
    store = Store(HOUR, 8 * MEBIBYTE)
    calm, wild = (store.track({"service": "app", "instance": name}) for name in ("calm", "wild"))
    usual = table(20)
    for row in range(12):
        store.append(calm, BEGIN + row * STEP, scrape(usual))
        store.append(wild, BEGIN + row * STEP, scrape(table(20_000, row=str(row))))
        assert store.usage().bytes <= 8 * MEBIBYTE
    assert store.usage().refused > 0
    assert store.usage().full
    assert len(store.series()) >= 20
    [calm_block] = store.select(equal(instance="calm", number="3"), LONG_AGO, FAR_AHEAD)
    assert calm_block.times[-1] == BEGIN + 11 * STEP


def test_processes_without_end_stay_within_the_bound() -> None:
    store = Store(HOUR, 2 * MEBIBYTE)
    series = table(91)
    for row in range(700):
        store.append(store.track({"service": "app", "instance": str(row)}), BEGIN + row * STEP, scrape(series))
        assert store.usage().bytes <= 2 * MEBIBYTE
    assert store.usage().tracks < 700


def test_a_clock_far_ahead_leaves_the_store_usable() -> None:
    store = Store(HOUR, 8 * MEBIBYTE)
    track = store.track({"service": "app", "instance": "a"})
    for at in (BEGIN, BEGIN + 1000 * HOUR, BEGIN + STEP, BEGIN + 2 * STEP):
        assert store.append(track, at, scrape(table(3)))
    [block] = store.select(equal(number="1"), LONG_AGO, FAR_AHEAD)
    assert block.times.tolist()[-2:] == [BEGIN + STEP, BEGIN + 2 * STEP]


def test_history_stays_within_the_bound() -> None:
    store = Store(1000 * HOUR, 2 * MEBIBYTE)
    times = np.arange(BEGIN, BEGIN + 5000 * STEP, STEP)
    store.load((named("m", number=str(number)), times, np.zeros(5000)) for number in range(100))
    assert store.usage().bytes <= 2 * MEBIBYTE
    assert store.usage().crowded_out > 0
    [block] = store.select(equal(number="5"), LONG_AGO, FAR_AHEAD)
    assert block.times[-1] == times[-1]


@pytest.mark.parametrize(("retention", "memory"), [(0, MEBIBYTE), (HOUR, MEBIBYTE - 1)])
def test_bounds_that_leave_no_room_are_refused(retention: int, memory: int) -> None:
    with pytest.raises(ValueError, match="a store needs a retention above 0 ms and at least 1 MiB"):
        Store(retention, memory)

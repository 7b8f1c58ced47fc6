"""What an entry of a log costs to keep, and to find again among a million."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from itertools import islice

import numpy as np
import psutil

from benchmarks.figures import Figure
from benchmarks.logged import SECOND, entries
from cockpit.logs.histogram import marks, span, volume
from cockpit.logs.names import Names
from cockpit.logs.segment import COLUMNS, Segment, SegmentBuilder
from cockpit.logs.store import ROWS_A_SEGMENT, LogStore

ROWS = 1_000_000
DISTINCT = 8 * ROWS_A_SEGMENT
LIVE_BATCH = 333
LIVE_RATE = 10_000
SCREEN = 60
BARS = 200
ROUNDS = 5


def measure() -> list[Figure]:
    """A million entries of a file, and a million that came in thirty batches a second."""
    names = Names()
    templates = _templates(names, ROWS_A_SEGMENT, keep=False)
    files = LogStore(names, most=ROWS, most_bytes=1 << 30)
    figures = [*_filled("a file", files, _of_a_file(templates), 150), *_read(files)]
    del files
    live = LogStore(names, most=ROWS, most_bytes=1 << 30)
    batches = _live(_templates(names, LIVE_BATCH, keep=True))
    return [*figures, *_filled("live", live, batches, 250), *_steady(live, batches)]


def _templates(names: Names, rows: int, *, keep: bool) -> list[Segment]:
    """Segments of so many rows, with or without their payloads."""
    source, builder, segments = entries(DISTINCT), SegmentBuilder(names), []
    while batch := list(islice(source, rows)):
        for record, payload in batch:
            if keep:
                builder.keep(record, payload)
            else:
                builder.add(record, builder.size * 10)
        segments.append(builder.build())
    return segments


def _of_a_file(templates: list[Segment]) -> Iterator[Segment]:
    """One after the other, each with columns of its own as a reading process hands them over."""
    number = 0
    while True:
        segment = templates[number % len(templates)]
        columns = {name: getattr(segment, name).copy() for name in (*COLUMNS, "starts")}
        columns["times"] += number * ROWS_A_SEGMENT * (SECOND // 1000)
        yield replace(segment, **columns)
        number += 1


def _live(templates: list[Segment]) -> Iterator[Segment]:
    """Batches at LIVE_RATE, their rows up to two seconds out of order."""
    noise, number = np.random.default_rng(1), 0
    while True:
        segment = templates[number % len(templates)]
        rows = number * LIVE_BATCH + np.arange(len(segment))
        times = templates[0].times[0] + rows * (SECOND // LIVE_RATE) - noise.integers(0, 2 * SECOND, len(rows))
        yield replace(segment, times=times)
        number += 1


def _filled(name: str, store: LogStore, batches: Iterator[Segment], goal: float) -> list[Figure]:
    """A store until it is full, and what the process then takes more."""
    process = psutil.Process()
    before = process.memory_info().rss
    while len(store) + ROWS_A_SEGMENT < ROWS:
        store.append(next(batches))
    grown = process.memory_info().rss - before
    note = f"{len(store)} entries, {len(store.segments())} segments"
    return [
        Figure(f"log store: an entry of {name}", store.size / len(store), "B", goal, note),
        Figure(f"log store: an entry of {name}, growth of the process", grown / len(store), "B", goal),
    ]


def _steady(store: LogStore, batches: Iterator[Segment]) -> list[Figure]:
    """Appending to a full store, from which as much leaves."""
    took = [_seconds(partial(store.append, batch)) for batch in islice(batches, 900)]
    share = sum(took) * LIVE_RATE / (len(took) * LIVE_BATCH)
    return [
        Figure("log store: append of a live entry", sum(took) * 1e6 / len(took) / LIVE_BATCH, "µs", 5),
        Figure("log store: the same at 10,000/s", share * 100, "% of a core", 5),
        Figure("log store: the longest append of 333", max(took) * 1e3, "ms", 8, f"{len(took)} appends"),
    ]


def _read(store: LogStore) -> list[Figure]:
    """What a view asks of a million rows."""
    order = store.order
    start, end = span(store, order)
    noise = np.random.default_rng(1)
    asked: tuple[tuple[str, float | None, Callable[[], object]], ...] = (
        ("a column of a million rows", 50, lambda: store.column("latencies", order)),
        ("a screen of rows", 1, lambda: store.rows(order[-SCREEN:])),
        ("a screen of rows from all over the log", None, lambda: store.rows(noise.choice(order, SCREEN))),
        ("all texts, as a search reads them", None, lambda: _unpacked(store)),
        ("volume by severity", 30, lambda: volume(store, order, start, end, BARS)),
        ("volume by severity of every other row", 30, lambda: volume(store, order[::2], start, end, BARS)),
        ("marks beside the scrollbar", 30, lambda: marks(store, order, SCREEN)),
    )
    return [Figure(f"log store: {name}", _median(work), "ms", goal) for name, goal, work in asked]


def _unpacked(store: LogStore) -> int:
    return sum(len(segment.block) for _, segment in store.segments())


def _median(work: Callable[[], object]) -> float:
    return statistics.median(_seconds(work) for _ in range(ROUNDS)) * 1000


def _seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started

"""What it takes to sum up a million entries: time, the longest step that a terminal waits for, and room."""

from __future__ import annotations

import gc
import time
from dataclasses import replace
from itertools import islice

import psutil

from benchmarks.figures import Figure
from benchmarks.logged import SECOND, entries
from cockpit.logs.digest.digester import Digester
from cockpit.logs.digest.result import Digest, Pair
from cockpit.logs.names import Names
from cockpit.logs.segment import Segment, SegmentBuilder
from cockpit.logs.store import ROWS_A_SEGMENT, LogStore

ROWS = 1_000_000
DISTINCT = 20 * ROWS_A_SEGMENT
"""Rows that differ: their paths are more than a digest remembers."""
PAIR = Pair("app-00000-kub", "app-00001-kub")
PATTERNS = (r"([\w. -]+?) (?:initialized|initialised|enabled|started|ready)\b",)


def measure() -> list[Figure]:
    """A million entries of three revisions and 120 instances, two of the revisions side by side."""
    store = _store()
    resident = psutil.Process().memory_info
    gc.collect()
    gc.freeze()  # as the terminal does, which is what waits for a step
    before, digester = resident().rss, Digester(store, compared=PAIR, components=PATTERNS)
    steps, more = [], True
    while more:
        started = time.process_time()
        more = digester.step()
        steps.append((time.process_time() - started) * 1000)
    found = digester.run()
    after = resident().rss
    gc.unfreeze()
    return [
        Figure("digest: a million entries", sum(steps) / 1000, "s", note=_in_words(found)),
        Figure("digest: the longest step", max(steps), "ms", 30, f"{len(steps)} steps, of the processor's time"),
        Figure("digest: room while it works", (after - before) / 1e6, "MB"),
    ]


def _in_words(found: Digest) -> str:
    return f"{found.endpoints.total.count:,} of them requests, {found.errors.count:,} errors"


def _store() -> LogStore:
    names = Names()
    store = LogStore(names, most=ROWS, most_bytes=1 << 30)
    segments = _segments(names)
    for number in range(ROWS // ROWS_A_SEGMENT):
        turn, at = divmod(number, len(segments))
        segment = segments[at]
        store.append(replace(segment, times=segment.times + turn * DISTINCT * SECOND // 1000))
    return store


def _segments(names: Names) -> list[Segment]:
    source, builder, segments = entries(DISTINCT), SegmentBuilder(names), []
    while batch := list(islice(source, ROWS_A_SEGMENT)):
        for record, _ in batch:
            builder.add(record)
        segments.append(builder.build())
    return segments

"""What it takes to filter a million entries by columns, words and regular expressions, beside lnav."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.figures import Figure
from benchmarks.logged import BEGIN, SECOND, entries
from cockpit.logs.entry import Severity
from cockpit.logs.names import Names
from cockpit.logs.query.compile import compiled
from cockpit.logs.query.parse import parse
from cockpit.logs.search import Search
from cockpit.logs.segment import SegmentBuilder
from cockpit.logs.store import ROWS_A_SEGMENT, LogStore

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cockpit.logs.entry import Record
    from cockpit.logs.query.matcher import Matcher
    from cockpit.logs.segment import Segment

ROWS = 1_000_000
DISTINCT = 8 * ROWS_A_SEGMENT
SLICE = 0.008
LIVE_RATE, LIVE_BATCH, LIVE_SECONDS = 10_000, 333, 20
ROUNDS = 2

COLUMNS = ("severity>=ERROR", "severity<ERROR", "revision:00001", "status>=500")
TEXTS = ("timeout", "zzqq", "e", "severity>=ERROR timeout", "-timeout", "path:/api/v1/orders")
TYPICAL = (r"/\d{4} ms/", r"/(timeout|refused|reset) after/", r"/^\S+ \S+ ERROR/", r"/recalled.*[0-4]ms/")
WORST = (r"/./", r"/[eo]/", r"/(x+x+)+y/", r"/(?i)[é-ü]/", r"/\d.*\d.*\d$/")
EXPLODING = (r"/[a-z].{100}\d/", r"/(?:(?:.?){50}e.){5}q/")
"""Of so many states that RE2 keeps them no more: no slice may be longer for it, and the rest takes its time."""
LNAV = r"\d{4} ms"


def measure() -> list[Figure]:
    """One store of a million entries; CPU time, since a search has the loop for itself in its slices."""
    records = [record for record, _ in entries(DISTINCT)]
    store = _store(records)
    groups = (("columns", COLUMNS, 50), ("words", TEXTS, 500), ("regex", TYPICAL, 500), ("worst", WORST, 1300))
    figures: list[Figure] = []
    firsts: list[float] = []
    longest: list[float] = []
    for name, queries, goal in groups:
        for query in queries:
            whole, first, step, hits = min(_searched(store, query) for _ in range(ROUNDS))
            figures.append(Figure(f"log search: {name}: {query}", whole, "ms", goal, f"{hits:,} of a million"))
            firsts.append(first)
            longest.append(step)
    return [
        *figures,
        Figure("log search: first matches, the slowest of these", max(firsts), "ms", 100),
        Figure("log search: the longest step", max(longest), "ms", 30, "budget 8 ms"),
        Figure("log search: next error where there is none", _no_error(store), "ms", 30),
        *(_exploding(store, query) for query in EXPLODING),
        *_following(store, records),
        *_lnav(records),
    ]


def _store(records: list[Record]) -> LogStore:
    store = LogStore(Names(), most=ROWS, most_bytes=1 << 30)
    builder, templates = SegmentBuilder(store.names), []
    for record in records:
        builder.add(record)
        if len(builder) == ROWS_A_SEGMENT:
            templates.append(builder.build())
    for number in range(ROWS // ROWS_A_SEGMENT):
        template = templates[number % len(templates)]
        later = number // len(templates) * DISTINCT * (SECOND // 1000)
        store.append(replace(template, times=template.times + later))
    return store


def _matcher(query: str) -> Matcher | None:
    return compiled(parse(query, now=BEGIN, zone=UTC))


def _searched(store: LogStore, query: str) -> tuple[float, float, float, int]:
    """Milliseconds from the query's text to all hits, to the first ones, and of the longest step; how many."""
    began = time.process_time()
    search = Search(store, _matcher(query))
    steps: list[float] = []
    first, more = 0.0, True
    while more:
        started = time.process_time()
        more = search.step(SLICE, time.process_time)
        steps.append(time.process_time() - started)
        if not first and len(search.hits):
            first = time.process_time() - began
    return (time.process_time() - began) * 1e3, first * 1e3, max(steps) * 1e3, len(search.hits)


def _exploding(store: LogStore, query: str) -> Figure:
    """The longest step in a second of such a search."""
    search, steps = Search(store, _matcher(query)), [0.0]
    while sum(steps) < 1:
        started = time.process_time()
        search.step(SLICE, time.process_time)
        steps.append(time.process_time() - started)
    note = f"{search.searched:,} entries in a second"
    return Figure(f"log search: {query}, the longest step", max(steps) * 1e3, "ms", 30, note)


def _no_error(store: LogStore) -> float:
    search = Search(store, _matcher("severity<ERROR"))
    while search.step(1.0, time.process_time):
        pass
    started = time.process_time()
    search.next_error(None, -1)
    return (time.process_time() - started) * 1e3


def _following(store: LogStore, records: list[Record]) -> list[Figure]:
    """What a filter costs while its store, which is full, gets 10,000 entries a second."""
    figures = []
    for query in ("severity>=ERROR", r"/\d{4} ms/", "e"):
        search = Search(store, _matcher(query))
        while search.step(1.0, time.process_time):
            pass
        taken = longest = 0.0
        for batch in _batches(store, records):
            store.append(batch)
            started = time.process_time()
            search.step(SLICE, time.process_time)
            taken += (took := time.process_time() - started)
            longest = max(longest, took)
        share = taken / LIVE_SECONDS * 100
        figures.append(
            Figure(
                f"log search: {query} at 10,000/s",
                share,
                "% of a core",
                10,
                f"longest step {longest * 1e3:.1f} ms",
            )
        )
    return figures


def _batches(store: LogStore, records: list[Record]) -> Iterator[Segment]:
    """Thirty batches a second, each up to a second out of order."""
    builder, begin = SegmentBuilder(store.names), int(store.times[-1])
    for number in range(LIVE_SECONDS * LIVE_RATE // LIVE_BATCH):
        for at in range(number * LIVE_BATCH, (number + 1) * LIVE_BATCH):
            late = SECOND if at % 50 == 0 else 0
            builder.add(records[at % DISTINCT]._replace(time=begin + at * SECOND // LIVE_RATE - late))
        yield builder.build()


def _lnav(records: list[Record]) -> list[Figure]:
    """What the same expression costs lnav in a file of the same lines, beyond opening it."""
    lnav = shutil.which("lnav")
    if lnav is None:
        return []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a-million.log"
        _write(path, records)
        plain, filtered = (
            min(_cpu([lnav, "-n", *command, str(path)], folder) for _ in range(ROUNDS))
            for command in (["-c", ";SELECT 1"], ["-c", f":filter-in {LNAV}", "-c", ";SELECT 1"])
        )
    note = "beyond the time it takes to open the plain text"
    return [Figure(f"log search: lnav: /{LNAV}/", (filtered - plain) * 1e3, "ms", note=note)]


def _write(path: Path, records: list[Record]) -> None:
    lines = [f"Z {Severity(record.severity).name} {record.text}\n" for record in records]
    with path.open("w") as file:
        for second in range(ROWS // 1000):
            prefix = datetime.fromtimestamp(BEGIN // SECOND + second, UTC).strftime("%Y-%m-%dT%H:%M:%S")
            numbers = range(second * 1000, second * 1000 + 1000)
            file.writelines(f"{prefix}.{number % 1000:03d}{lines[number % len(lines)]}" for number in numbers)


def _cpu(command: list[str], home: str) -> float:
    """CPU seconds of a command. lnav keeps its settings in a throw-away home."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env={**os.environ, "HOME": home})
    _, _, used = os.wait4(process.pid, 0)
    process.returncode = 0
    return used.ru_utime + used.ru_stime

"""The log in a file, for one command: what a query finds in it, and what it finds as the file grows."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import numpy as np

from cockpit.live.logs.reading import Mode
from cockpit.logs.entry import Record
from cockpit.logs.query.compile import compiled

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator

    from numpy.typing import NDArray

    from cockpit.live.logs.file import FileLogs
    from cockpit.logs.query.matcher import Matcher
    from cockpit.logs.query.nodes import Query
    from cockpit.logs.store import LogStore

AT_ONCE = 1000
"""Rows that are handed on at once."""


def newest_in(store: LogStore) -> int | None:
    """The moment (Unix ns) of the newest row; None where there is no row."""
    return max((int(segment.times.max()) for _, segment in store.segments() if len(segment)), default=None)


def found_in(store: LogStore, query: Query) -> NDArray[np.int64]:
    """The ids of the rows that a query finds, in the order of time."""
    matcher = compiled(query)
    if matcher is None:
        return store.order
    matches = np.zeros(store.end - store.first, np.bool_)
    for base, segment in store.segments():
        start = base - store.first
        matches[start : start + len(segment)] = matcher.matches(segment, store.names)
    found: NDArray[np.int64] = store.order[matches[store.order - store.first]]
    return found


def records_of(store: LogStore, ids: NDArray[np.int64]) -> Iterator[list[Record]]:
    """These rows as records, some at once."""
    for start in range(0, len(ids), AT_ONCE):
        yield [_record(store, row) for row in ids[start : start + AT_ONCE].tolist()]


async def coming(logs: FileLogs, query: Query, first: int) -> AsyncGenerator[list[Record], None]:
    """What a query finds from the row `first` on, in the order in which rows come, as long as any may."""
    matcher, changed = compiled(query), asyncio.Event()
    stop = logs.subscribe(changed.set)
    try:
        while True:
            is_last = logs.state.mode is Mode.DONE
            end = logs.store.end
            for records in records_of(logs.store, _later(logs.store, matcher, first)):
                yield records
            first = end
            if is_last:
                return
            await changed.wait()
            changed.clear()
    finally:
        stop()


def _later(store: LogStore, matcher: Matcher | None, first: int) -> NDArray[np.int64]:
    """The ids from `first` on that match, in their order."""
    found = [np.empty(0, np.int64)]
    for base, segment in store.since(first):
        ids = np.arange(base, base + len(segment))
        found.append(ids if matcher is None else ids[matcher.matches(segment, store.names)])
    return np.concatenate(found)


def _record(store: LogStore, id: int) -> Record:  # noqa: A002 - what it is
    row = store.row(id)
    return Record(
        row.time,
        row.text,
        row.severity,
        row.flags,
        row.revision,
        row.instance,
        row.log,
        f"{row.trace:016x}" if row.trace else "",
        row.status,
        row.method,
        row.latency,
        row.agent,
    )

"""How many entries of which severity there are along time, and along a list of entries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cockpit.logs.entry import Severity

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cockpit.logs.store import LogStore

LEVELS = len(Severity)


def span(store: LogStore, ids: NDArray[np.int64]) -> tuple[int, int]:
    """The time of the first row and, exclusive, that of the last, Unix ns; (0, 0) of no rows.

    `ids` are rows of the store in the order of time, here and below. Raises KeyError for rows that left.
    """
    if not len(ids):
        return 0, 0
    first, last = store.column("times", ids[[0, -1]]).tolist()
    return first, last + 1


def volume(store: LogStore, ids: NDArray[np.int64], start: int, end: int, buckets: int) -> NDArray[np.int64]:
    """How many of these rows there are by span of time and severity: buckets × LEVELS.

    The spans are `start` to before `end`, Unix ns, in `buckets` equal parts; no span is shorter than 1 ns.
    """
    edges = np.array([start + (end - start) * each // buckets for each in range(buckets + 1)], np.int64)
    places = _places(store, ids, edges)
    severities = store.column("severities", ids[places[0] : places[-1]])
    cells = np.repeat(np.arange(buckets) * LEVELS, np.diff(places)) + severities
    return np.bincount(cells, minlength=buckets * LEVELS).reshape(buckets, LEVELS)


def marks(store: LogStore, ids: NDArray[np.int64], rows: int) -> NDArray[np.uint8]:
    """The worst severity in each of `rows` equal parts of these rows, in their order; 0 of an empty part."""
    worst = np.zeros(rows, np.uint8)
    if rows and len(ids):
        starts = -(-np.arange(rows) * len(ids) // rows)
        filled = np.diff(starts, append=len(ids)) > 0
        worst[filled] = np.maximum.reduceat(store.column("severities", ids), starts[filled])
    return worst


def _places(store: LogStore, ids: NDArray[np.int64], times: NDArray[np.int64]) -> NDArray[np.int64]:
    """For each time where in `ids` the first row of that time or a later one is, found by halving."""
    if len(ids) == len(store):
        return np.searchsorted(store.times, times)
    low, high = np.zeros(len(times), np.int64), np.full(len(times), len(ids), np.int64)
    while np.any(low < high):
        middle = (low + high) // 2
        later = store.column("times", ids[np.minimum(middle, len(ids) - 1)]) >= times
        open_ = low < high
        high = np.where(open_ & later, middle, high)
        low = np.where(open_ & ~later, middle + 1, low)
    return low

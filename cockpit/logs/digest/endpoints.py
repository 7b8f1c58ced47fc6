"""How the requests of each endpoint were answered, and how fast."""

from __future__ import annotations

from itertools import pairwise
from operator import itemgetter
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from cockpit.logs.digest.requests import REST
from cockpit.logs.digest.result import Answers, Endpoint, Endpoints, Latency

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from numpy.typing import NDArray

    from cockpit.logs.digest.requests import EndpointTable, Requests
    from cockpit.logs.digest.result import ByRevision
    from cockpit.logs.names import Names

Number = TypeVar("Number", bound=np.generic)

MOST_REVISIONS = 100
"""Revisions of an endpoint that are told apart, those with the most requests; more are junk in a file."""

_ABSENT = (404, 405)
_QUANTILES = (0.5, 0.95, 0.99)


class EndpointTally:
    """Keeps of each request the endpoint, the revision, the status and the latency: ten bytes or so."""

    def __init__(self, table: EndpointTable, names: Names) -> None:
        self._table = table
        self._names = names.revision.names
        self._endpoints: list[NDArray[np.uint16]] = []
        self._revisions: list[NDArray[np.unsignedinteger]] = []
        self._statuses: list[NDArray[np.uint16]] = []
        self._latencies: list[NDArray[np.float32]] = []

    def take(self, found: Requests) -> None:
        """Take in more requests."""
        segment, rows = found.segment, found.rows
        self._endpoints.append(found.endpoints)
        self._revisions.append(segment.revision[rows])
        self._statuses.append(segment.statuses[rows])
        self._latencies.append(segment.latencies[rows])

    def settled(self) -> Generator[None, None, Endpoints]:
        """Sum up, an endpoint a step."""
        columns = _Columns(
            _joined(self._endpoints, np.uint16),
            _joined(self._revisions, np.uint32),
            _joined(self._statuses, np.uint16),
            _joined(self._latencies, np.float32),
        )
        yield
        total = columns.answers()
        yield
        by_revision = yield from self._by_revision(columns)
        columns = columns.sorted()
        yield
        absent = columns.absent()
        yield
        listed = []
        for start, end in _runs(columns.endpoints):
            number = int(columns.endpoints[start])
            if number == REST or absent[start]:
                continue
            part = columns.part(slice(start, end))
            told = yield from self._by_revision(part)
            listed.append(Endpoint(*self._table.keys[number], part.answers(), told))
        listed.sort(key=lambda each: (-each.total.count, each.path, each.method))
        missing = columns.part(absent)
        return Endpoints(
            tuple(listed),
            total,
            by_revision,
            absent=missing.answers(),
            absent_paths=int(np.count_nonzero(np.bincount(missing.endpoints))),
            rest=columns.part(columns.endpoints == REST).answers(),
            rest_paths=self._table.beyond,
        )

    def _by_revision(self, columns: _Columns) -> Generator[None, None, ByRevision[Answers]]:
        told = []
        for number in _most_frequent(columns.revisions, MOST_REVISIONS):
            told.append((self._names[number], columns.part(columns.revisions == number).answers()))
            yield
        return tuple(sorted(told, key=itemgetter(0)))


class _Columns:
    """Requests in columns of one length."""

    def __init__(
        self,
        endpoints: NDArray[np.uint16],
        revisions: NDArray[np.unsignedinteger],
        statuses: NDArray[np.uint16],
        latencies: NDArray[np.float32],
    ) -> None:
        self.endpoints = endpoints
        self.revisions = revisions
        self.statuses = statuses
        self.latencies = latencies

    def part(self, chosen: slice | NDArray[np.bool_] | NDArray[np.int64]) -> _Columns:
        return _Columns(
            self.endpoints[chosen], self.revisions[chosen], self.statuses[chosen], self.latencies[chosen]
        )

    def sorted(self) -> _Columns:
        return self.part(np.argsort(self.endpoints, kind="stable"))

    def absent(self) -> NDArray[np.bool_]:
        """Which rows, being sorted, are of endpoints that nothing but absence was ever told of."""
        missing = np.isin(self.statuses, _ABSENT)
        absent = np.zeros(len(missing), np.bool_)
        for start, end in _runs(self.endpoints):
            absent[start:end] = self.endpoints[start] != REST and bool(missing[start:end].all())
        return absent

    def answers(self) -> Answers:
        """How they were answered."""
        hundreds = np.where((self.statuses >= 100) & (self.statuses < 600), self.statuses // 100, 0)
        none, one, two, three, four, five = np.bincount(hundreds, minlength=6).tolist()
        classes = (none, one, two, three, four, five)
        return Answers(len(self.statuses), classes, _latency(self.latencies[~np.isnan(self.latencies)]))


def _latency(latencies: NDArray[np.float32]) -> Latency | None:
    if not len(latencies):
        return None
    ordered = np.sort(latencies)
    p50, p95, p99 = (_quantile(ordered, part) for part in _QUANTILES)
    average = float(ordered.mean(dtype=np.float64))
    return Latency(len(ordered), average, float(ordered[0]), p50, p95, p99, float(ordered[-1]))


# np.quantile and np.unique would do, but load numpy.ma when they are first asked: a step of 60 ms.


def _quantile(ordered: NDArray[np.float32], part: float) -> float:
    """What lies at that part of an ordered column, interpolated linearly between its neighbours."""
    place = part * (len(ordered) - 1)
    below = int(place)
    low, high = float(ordered[below]), float(ordered[min(below + 1, len(ordered) - 1)])
    return low + (high - low) * (place - below)


def _most_frequent(numbers: NDArray[np.unsignedinteger], most: int) -> list[int]:
    """The different numbers there are, at most so many."""
    counts = np.bincount(numbers)
    found = np.flatnonzero(counts)
    most_frequent: list[int] = found[np.argsort(-counts[found], kind="stable")][:most].tolist()
    return most_frequent


def _runs(values: NDArray[np.uint16]) -> Iterator[tuple[int, int]]:
    """Where each run of equal values begins and ends."""
    cuts = np.flatnonzero(np.diff(values)) + 1
    edges = pairwise((0, *cuts.tolist(), len(values)))
    return ((start, end) for start, end in edges if start < end)


def _joined(parts: list[NDArray[Number]], dtype: type[Number]) -> NDArray[Number]:
    return np.concatenate(parts, dtype=dtype) if parts else np.empty(0, dtype)

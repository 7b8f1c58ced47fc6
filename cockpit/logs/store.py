"""Every entry that is at hand, by number and in the order of time; the oldest leave when there are too many."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

import numpy as np

from cockpit.logs.entry import Flag, Row, Severity

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cockpit.logs.names import Names
    from cockpit.logs.segment import Segment

ROWS_A_SEGMENT = 8192


class LogStore:
    """Rows, numbered in the order in which they came: a number, the row's id, is never given twice.

    At most `most` rows and `most_bytes` bytes, a segment's worth more at times; `dropped` counts those that left.
    `version` is another one after every change, `epoch` after one that was more than rows added behind the last in
    time: whoever keeps something by position in `order` begins anew then.
    """

    def __init__(self, names: Names, *, most: int, most_bytes: int) -> None:
        self.names = names
        self.dropped = 0
        self.version = 0
        self.epoch = 0
        self._most = most
        self._most_bytes = most_bytes
        self._segments: list[Segment] = []
        self._bases: list[int] = []
        self._next = 0
        self._order: NDArray[np.int64] = np.empty(0, np.int64)

    def __len__(self) -> int:
        return len(self._order)

    @property
    def size(self) -> int:
        """Bytes that the rows take."""
        return sum(segment.size for segment in self._segments)

    @property
    def first(self) -> int:
        """No row's id is below this."""
        return self._bases[0] if self._bases else self._next

    @property
    def end(self) -> int:
        """Every row's id is below this."""
        return self._next

    @property
    def order(self) -> NDArray[np.int64]:
        """The ids of all rows in the order of time, of arrival where times are equal. Not to be written to."""
        return self._order

    def segments(self) -> list[tuple[int, Segment]]:
        """Every segment with the id of its first row, in the order of ids. Ids may have gaps between segments."""
        return list(zip(self._bases, self._segments, strict=True))

    def append(self, segment: Segment) -> None:
        """Take in more rows, of whatever times."""
        self._bases.append(self._next)
        self._segments.append(segment)
        self._next += len(segment)
        while len(self._segments) > 1 and (self._rows > self._most or self.size > self._most_bytes):
            self._drop_oldest()
        self._order = self._sorted()
        self.version += 1
        self.epoch += 1

    @property
    def _rows(self) -> int:
        return sum(map(len, self._segments))

    def _drop_oldest(self) -> None:
        oldest = min(range(len(self._segments)), key=lambda at: int(self._segments[at].times.max(initial=0)))
        self.dropped += len(self._segments.pop(oldest))
        self._bases.pop(oldest)

    def _sorted(self) -> NDArray[np.int64]:
        ids = np.concatenate([base + np.arange(len(segment)) for base, segment in self.segments()])
        times = np.concatenate([segment.times for segment in self._segments])
        return ids[np.argsort(times, kind="stable")]

    def locate(self, id: int) -> tuple[Segment, int]:  # noqa: A002 - what it is
        """Where a row is: its segment, and its place therein. Raises KeyError for one that left."""
        at = bisect_right(self._bases, id) - 1
        if at < 0 or id - self._bases[at] >= len(self._segments[at]):
            raise KeyError(id)
        return self._segments[at], id - self._bases[at]

    def row(self, id: int) -> Row:  # noqa: A002 - what it is
        """One row. Raises KeyError for one that left."""
        segment, at = self.locate(id)
        names = self.names
        return Row(
            id,
            int(segment.times[at]),
            segment.text(at),
            Severity(int(segment.severities[at])),
            Flag(int(segment.flags[at])),
            names.revision.names[segment.revision[at]],
            names.instance.names[segment.instance[at]],
            names.log.names[segment.log[at]],
            int(segment.traces[at]),
            int(segment.statuses[at]),
            names.method.names[segment.method[at]],
            float(segment.latencies[at]),
            names.agent.names[segment.agent[at]],
        )

    def column(self, name: str, ids: NDArray[np.int64]) -> NDArray[np.generic]:
        """One of Segment's columns for these rows, in their order. Raises KeyError for rows that left."""
        places = [self.locate(int(id)) for id in ids]  # noqa: A001 - what it is
        return np.array([getattr(segment, name)[at] for segment, at in places])

"""Every entry that is at hand, by number and in the order of time; the oldest leave when there are too many."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from cockpit.logs.entry import NO_TIME, Flag, Row, Severity
from cockpit.logs.order import Order
from cockpit.logs.shelf import Shelf

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from cockpit.logs.names import Names
    from cockpit.logs.segment import Segment

ROWS_A_SEGMENT = 8192
_LEAST_ROWS_A_SEGMENT = 64
_SEGMENTS_AT_LEAST = 16
_LARGEST = 2
"""Segments' worth of rows: a larger batch is taken apart."""
_AT_ONCE = 1 << 16
"""Rows whose column is gathered at once: what is needed in between fits in the processor's cache."""


class LogStore:
    """Rows, numbered in the order in which they came: a number, the row's id, is never given twice.

    At most `most` rows and `most_bytes` bytes, one segment's worth more at most; `dropped` counts those that left,
    the oldest first, an eighth or less of what is kept at a time. `version` is another one after every change,
    `epoch` after one that was more than rows added behind the last in time (rows that came late, or left): whoever
    keeps something by position in `order` begins anew then.

    A row without a time gets that of the row before it in its batch (the first ones that of the next, or of the
    row that came last), and Flag.TIMELESS.

    Rows that come in small batches are put together to larger segments, which are compressed when they are full:
    a segment is immutable, but the store has others after an `append`.
    """

    def __init__(self, names: Names, *, most: int, most_bytes: int) -> None:
        self.names = names
        self.dropped = 0
        self.version = 0
        self.epoch = 0
        self._most = most
        self._most_bytes = most_bytes
        self._rows_a_segment = min(ROWS_A_SEGMENT, max(_LEAST_ROWS_A_SEGMENT, most // _SEGMENTS_AT_LEAST))
        self._order = Order()
        self._shelf = Shelf(self._order, self._rows_a_segment)
        self._next = 0
        self._latest = NO_TIME

    def __len__(self) -> int:
        return len(self._order)

    @property
    def size(self) -> int:
        """Bytes that the rows take."""
        return self._shelf.size + self._order.size

    @property
    def first(self) -> int:
        """No row's id is below this."""
        return self._shelf.held[0].base if self._shelf.held else self._next

    @property
    def end(self) -> int:
        """Every row's id is below this."""
        return self._next

    @property
    def order(self) -> NDArray[np.int64]:
        """The ids of all rows in the order of time, of arrival where times are equal.

        To be read only, until the next `append`.
        """
        return self._order.ids

    @property
    def times(self) -> NDArray[np.int64]:
        """The times of all rows, Unix ns, as they stand in `order`. To be read only, until the next `append`."""
        return self._order.times

    def segments(self) -> list[tuple[int, Segment]]:
        """Every segment with the id of its first row, in the order of ids. Ids may have gaps between segments."""
        return [(held.base, held.segment) for held in self._shelf.held]

    def since(self, id: int) -> list[tuple[int, Segment]]:  # noqa: A002 - what it is
        """The rows from this id on, as `segments` gives them: of the first segment maybe a part."""
        cuts = ((held, max(0, id - held.base)) for held in self._shelf.since(id))
        return [
            (held.base + cut, held.segment.part(cut, held.rows) if cut else held.segment) for held, cut in cuts
        ]

    def append(self, segment: Segment) -> None:
        """Take in more rows, of whatever times."""
        if not len(segment):
            return
        segment = segment.timed(self._latest)
        self._latest = int(segment.times[-1])
        for part in self._parts(segment):
            if not self._order.insert(part.times, self._next):
                self.epoch += 1
            self._shelf.add(self._next, part)
            self._next += len(part)
        while len(self._shelf.held) > 1 and (len(self) > self._most or self.size > self._most_bytes):
            self._drop_oldest()
        self.version += 1

    def _parts(self, segment: Segment) -> Iterator[Segment]:
        """A batch as it is, or in segments of the usual size where it is far larger."""
        if len(segment) <= self._rows_a_segment * _LARGEST:
            yield segment
            return
        for start in range(0, len(segment), self._rows_a_segment):
            yield segment.part(start, min(start + self._rows_a_segment, len(segment)))

    def _drop_oldest(self) -> None:
        held = self._shelf.drop_oldest()
        self._order.remove(held.base, held.end, held.oldest, held.newest)
        self.dropped += held.rows
        self.epoch += 1

    def locate(self, id: int) -> tuple[Segment, int]:  # noqa: A002 - what it is
        """Where a row is: its segment, and its place therein. Raises KeyError for one that left."""
        held = self._shelf.find(id)
        if held is None:
            raise KeyError(id)
        return held.segment, id - held.base

    def position(self, id: int) -> int:  # noqa: A002 - what it is
        """Where a row stands in `order`. Raises KeyError for one that left."""
        segment, at = self.locate(id)
        return self._order.place(id, int(segment.times[at]))

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

    def rows(self, ids: Iterable[int]) -> list[Row]:
        """Some rows, as many as a screen has. Raises KeyError for one that left."""
        return [self.row(int(each)) for each in ids]

    def holds(self, ids: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which of these rows are still there."""
        held = self._shelf.held
        if held and all(one.end == other.base for one, other in pairwise(held)):
            return np.asarray((ids >= held[0].base) & (ids < held[-1].end))
        at, ends = self._segments_of(ids)
        return np.asarray((at >= 0) & (ids < ends[at]))

    def column(self, name: str, ids: NDArray[np.int64]) -> NDArray[Any]:
        """One of Segment's columns for these rows, in their order. Raises KeyError for rows that left."""
        if not len(ids):
            return np.empty(0, np.uint8)
        some = (ids[at : at + _AT_ONCE] for at in range(0, len(ids), _AT_ONCE))
        return np.concatenate([self._gathered(name, each) for each in some])

    def _gathered(self, name: str, ids: NDArray[np.int64]) -> NDArray[Any]:
        at, ends = self._segments_of(ids)
        left = (at < 0) | (ids >= ends[at])
        if left.any():
            raise KeyError(int(ids[np.argmax(left)]))
        used = np.flatnonzero(np.bincount(at))
        columns = [getattr(self._shelf.held[each].segment, name) for each in used]
        shifts = np.zeros(len(ends), np.int64)
        shifts[used] = np.cumsum([len(each) for each in columns]) - ends[used]
        gathered: NDArray[Any] = np.concatenate(columns)[ids + shifts[at]]
        return gathered

    def _segments_of(self, ids: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """For each row which of the held segments may have it, -1 for none; and the ids behind their last rows."""
        bases = np.array([held.base for held in self._shelf.held], np.int64)
        ends = np.array([held.end for held in self._shelf.held] or [0], np.int64)
        return np.searchsorted(bases, ids, side="right") - 1, ends

"""The segments of a store: small ones are put together while they are new, and compressed once they are full."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING

from cockpit.logs.sealed import SealedSegment, sealed
from cockpit.logs.segment import joinable, joined

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cockpit.logs.order import Order
    from cockpit.logs.segment import Segment

MOST_TEXT = 1 << 19
MOST_PAYLOADS = 1 << 20
"""Bytes in a segment that is full: compressing it is done in one turn of the loop."""

_base = attrgetter("base")
_newest = attrgetter("newest")


@dataclass(frozen=True, slots=True)
class Held:
    """A segment on the shelf: the id of its first row, their first and last time, and the bytes they take."""

    base: int
    segment: Segment
    oldest: int
    newest: int
    size: int

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return len(self.segment)

    @property
    def end(self) -> int:
        """The id behind that of its last row."""
        return self.base + len(self.segment)


class Shelf:
    """Segments in the order of their ids. `rows` are those of a full one; `order` has all rows that are here."""

    def __init__(self, order: Order, rows: int) -> None:
        self.held: list[Held] = []
        self.size = 0
        """Bytes that the segments take."""
        self._order = order
        self._rows = rows

    def add(self, base: int, segment: Segment) -> None:
        """Put a segment behind the last; it may become one with those before it.

        With those that are no larger, so that a row is copied a few times in all, however small the batches.
        """
        run = self._open()
        if run and not self._goes_on(run, base, segment):
            self._replace(run, [], run[0].base, finish=True)
            run = []
        rows, start = len(segment), len(run)
        while start and run[start - 1].rows <= rows:
            start -= 1
            rows += run[start].rows
        self._replace(run[start:], [segment], run[start].base if run[start:] else base)

    def drop_oldest(self) -> Held:
        """Take away the segment whose last row, by time, is the oldest."""
        oldest = min(self.held, key=_newest)
        self.held.remove(oldest)
        self.size -= oldest.size
        return oldest

    def find(self, id: int) -> Held | None:  # noqa: A002 - what it is
        """The segment with this row, None where it left."""
        at = bisect_right(self.held, id, key=_base) - 1
        return self.held[at] if at >= 0 and id < self.held[at].end else None

    def since(self, id: int) -> list[Held]:  # noqa: A002 - what it is
        """The segments that have this row or later ones."""
        at = bisect_right(self.held, id, key=_base) - 1
        return [each for each in self.held[max(0, at) :] if each.end > id]

    def _open(self) -> list[Held]:
        """The last segments that are not compressed, their ids without gaps."""
        start = len(self.held)
        while start and not isinstance(self.held[start - 1].segment, SealedSegment):
            if start < len(self.held) and self.held[start - 1].end != self.held[start].base:
                break
            start -= 1
        return self.held[start:]

    def _goes_on(self, run: Sequence[Held], base: int, segment: Segment) -> bool:
        """Whether a segment can become one with these.

        Rows of very different times do not: they would leave together, some too early or too late.
        """
        last = run[-1]
        if isinstance(segment, SealedSegment) or last.end != base:
            return False
        newer = max(last.oldest, int(segment.times.min()))
        older = min(last.newest, int(segment.times.max()))
        near = self._order.at(newer) - self._order.at(older) <= self._rows
        return near and joinable([*(each.segment for each in run), segment])

    def _replace(self, run: Sequence[Held], more: Sequence[Segment], base: int, *, finish: bool = False) -> None:
        """One segment in the place of the last ones, with more rows; compressed where it is full, or finished."""
        segments = [*(each.segment for each in run), *more]
        segment = joined(segments) if len(segments) > 1 else segments[0]
        if finish or self._is_full(segment):
            segment = sealed(segment)
        del self.held[len(self.held) - len(run) :]
        held = Held(base, segment, int(segment.times.min()), int(segment.times.max()), segment.size)
        self.held.append(held)
        self.size += held.size - sum(each.size for each in run)

    def _is_full(self, segment: Segment) -> bool:
        return (
            isinstance(segment, SealedSegment)
            or len(segment) >= self._rows
            or len(segment.block) >= MOST_TEXT
            or segment.packed_size >= MOST_PAYLOADS
        )

"""Everything that was scraped from one process, or written by one rule group: rows that share their times."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cockpit.metrics.series import Block, is_absent, is_stale
from cockpit.metrics.store.chunk import Chunk, rows_for
from cockpit.metrics.store.numbering import Numbering
from cockpit.metrics.store.segment import REMEMBERED, Segment, living
from cockpit.metrics.store.selection import Selection, merged
from cockpit.metrics.store.target import attached, detached, remaining

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from cockpit.metrics.exposed import SeriesTable
    from cockpit.metrics.labels import Labels
    from cockpit.metrics.matchers import Matcher

MOST_DEAD_SHARE = 0.25
"""A new chunk leaves ended series behind when they are more than this share of the columns and than a few."""
FEW = 16


class Span(NamedTuple):
    """The rows of a time range: their times; segment number, chunk and rows of each piece; and the segments."""

    times: NDArray[np.int64]
    pieces: tuple[tuple[int, Chunk, int, int], ...]
    places: frozenset[int]


class Track:
    """Rows of samples, oldest first, in segments; `target` holds the labels that every series carries.

    `version` changes with the series, never with samples alone. `most_series` bounds the columns of a segment:
    what comes beyond it is refused and counted, so that no single scrape can take more than there is.
    """

    def __init__(self, target: Labels, most_series: int) -> None:
        self.target = target
        self.version = 0
        self.refused = 0
        self._most_series = most_series
        self._segments = [Segment()]
        self._numbering = Numbering()
        self._selections: dict[tuple[Matcher, ...], tuple[int, Selection | None]] = {}
        self._span: tuple[tuple[int, int], Span] | None = None

    @property
    def last(self) -> int | None:
        """The time of the newest row."""
        chunks = self._segments[-1].chunks
        return chunks[-1].last if chunks else None

    @property
    def full(self) -> bool:
        """Whether there is no room for another series."""
        return self._segments[-1].width >= self._most_series

    @property
    def oldest_end(self) -> int | None:
        """The time of the newest row in the oldest chunk: that chunk goes first."""
        chunks = self._segments[0].chunks
        return chunks[0].last if chunks else None

    @property
    def chunks(self) -> Iterator[Chunk]:
        """Every chunk, oldest first."""
        return (chunk for segment in self._segments for chunk in segment.chunks)

    @property
    def nbytes(self) -> int:
        """Bytes that the track takes, label sets estimated."""
        return sum(segment.nbytes for segment in self._segments)

    @property
    def series(self) -> Sequence[Labels]:
        """The series in the newest segment, living or not."""
        return self._segments[-1].labels

    def living(self) -> list[Labels]:
        """The series with a value in the newest row."""
        return living(self._segments[-1]) if self.last is not None else []

    def append(
        self,
        at: int,
        table: SeriesTable,
        ids: NDArray[np.int64],
        values: NDArray[np.float64],
        from_zero: NDArray[np.bool_] | None = None,
    ) -> None:
        """Add a row at `at`, later than the last; series of the track that it lacks are STALE in it.

        `from_zero` marks, by position in `ids`, series that began at 0: where one is new while the track is not,
        the row before gets that 0, so that its first increase counts.
        """
        known = self._segments[-1].width
        columns = self._columns(table, ids)
        if from_zero is not None and self._segments[-1].width > known:
            self._begin_at_zero(columns[from_zero & (columns >= known)])
        if self._turned_over():
            columns = self._columns(table, ids)
        kept = slice(None) if columns.min(initial=0) >= 0 else columns >= 0
        self._new_row(at)[columns[kept]] = values[kept]

    def write(self, at: int, labels: Sequence[Labels], values: Sequence[float]) -> None:
        """Add a row, or to the newest one when that is of the same moment: label sets as they are."""
        columns = [self._column(each) for each in labels]
        if self.last == at:
            chunk = self._segments[-1].chunks[-1]
            chunk.widen(self._segments[-1].width)
            row = chunk.row(-1)
        else:
            if self._turned_over():
                columns = [self._column(each) for each in labels]
            row = self._new_row(at)
        for column, value in zip(columns, values, strict=True):
            if column >= 0:
                row[column] = value

    def fill(self, labels: Sequence[Labels], times: NDArray[np.int64], values: NDArray[np.float64]) -> None:
        """Fill an empty track with rows that are all known: shape of `values` is times × labels."""
        columns = [self._column(each) for each in labels]
        kept = np.array(columns, dtype=np.int64) >= 0
        rows = rows_for(len(labels))
        for low in range(0, len(times), rows):
            self._segments[-1].chunks.append(
                Chunk.of(times[low : low + rows], values[low : low + rows, kept]),
            )

    def latest(self, table: SeriesTable, ids: NDArray[np.int64]) -> NDArray[np.float64]:
        """What the newest row says of these series; NaN for one that is not in it."""
        found = np.full(len(ids), np.nan)
        if self.last is not None:
            columns = self._numbering.known(table, ids)
            row = self._segments[-1].chunks[-1].row(-1)
            there = (columns >= 0) & (columns < len(row))
            found[there] = row[columns[there]]
        return found

    def end(self, at: int) -> None:
        """Say that nothing more is known from `at` on: a row in which every series is STALE."""
        if self.last is not None and self.last < at and not self.has_ended():
            self._turned_over()
            self._new_row(at)
            self._segments[-1].chunks[-1].seal()

    def has_ended(self) -> bool:
        """Whether no series has a value in the newest row."""
        chunks = self._segments[-1].chunks
        if not chunks:
            return False
        row = chunks[-1].row(-1)
        return bool((is_stale(row) | is_absent(row)).all())

    def relabel(self, target: Labels) -> None:
        """Give every series, with all its samples, another target's labels."""
        self.target = target
        for place, segment in enumerate(self._segments):
            moved = Segment(attached(target, detached(labels)) for labels in segment.labels)
            moved.chunks = segment.chunks
            self._segments[place] = moved
        self._changed()

    def drop_oldest(self) -> int:
        """Forget the oldest chunk, and what only it had; answers the samples it held."""
        oldest = self._segments[0]
        lost = oldest.chunks.pop(0).samples
        if not oldest.chunks:
            self._segments.pop(0)
            if not self._segments:
                self._segments.append(Segment())
                self._numbering.forget()
            self._changed()
        self._span = None
        return lost

    def cut(self, at: int) -> None:
        """Forget every row at `at` and later: the clock was set back, and they lie in a future that never was."""
        for segment in self._segments:
            for chunk in segment.chunks:
                chunk.cut(chunk.bounds(0, at - 1)[1])
            segment.chunks = [chunk for chunk in segment.chunks if chunk.times]
        self._segments = [each for each in self._segments if each.chunks] or [Segment()]
        self._numbering.forget()
        self._changed()

    def select(self, matchers: tuple[Matcher, ...]) -> Selection | None:
        """The series that all matchers match; None for none. Remembered for as long as the series are the same."""
        version, selection = self._selections.get(matchers, (-1, None))
        if version != self.version:
            if len(self._selections) >= REMEMBERED:
                self._selections.clear()
            selection = self._find(matchers)
            self._selections[matchers] = (self.version, selection)
        return selection

    def read(self, selection: Selection, start: int, end: int) -> Block | None:
        """The samples in start < time <= end, copied; None when there are no rows there."""
        times, pieces, places = self._rows(start, end)
        selection = selection.within(places)
        if not pieces or not selection.labels:
            return None
        if len(pieces) == 1:
            [(place, chunk, low, high)] = pieces
            return Block(selection.labels, times, selection.columns[place].take(chunk, low, high))
        parts = [selection.columns[place].take(chunk, low, high) for place, chunk, low, high in pieces]
        return Block(selection.labels, times, np.concatenate(parts))

    def _rows(self, start: int, end: int) -> Span:
        """The rows of a time range. Blocks of one range share their times, which tells readers that they do."""
        if self._span is not None and self._span[0] == (start, end):
            return self._span[1]
        pieces = []
        for place, segment in enumerate(self._segments):
            for chunk in segment.chunks:
                if chunk.last > start and chunk.first <= end:
                    low, high = chunk.bounds(start, end)
                    if low < high:
                        pieces.append((place, chunk, low, high))
        times = [np.array(chunk.times[low:high], dtype=np.int64) for _, chunk, low, high in pieces]
        span = Span(
            np.concatenate(times) if times else np.empty(0, np.int64),
            tuple(pieces),
            frozenset(place for place, *_ in pieces),
        )
        self._span = ((start, end), span)
        return span

    def _find(self, matchers: tuple[Matcher, ...]) -> Selection | None:
        rest = remaining(matchers, self.target) if self.target else matchers
        if rest is None:
            return None
        found = [segment.matching(rest) for segment in self._segments]
        return merged(self._segments, found) if any(found) else None

    def _new_row(self, at: int) -> NDArray[np.float64]:
        """A row, STALE throughout, in the newest chunk, which has room for it."""
        segment = self._segments[-1]
        segment.chunks[-1].widen(segment.width)
        self._span = None
        return segment.chunks[-1].add(at)

    def _turned_over(self) -> bool:
        """See to it that the newest chunk has room for a row; True when the columns are numbered anew.

        They are when a new chunk is due and many series have ended: it then begins a segment without those.
        """
        segment = self._segments[-1]
        if segment.chunks and segment.chunks[-1].takes(segment.width):
            return False
        if segment.chunks:
            ended = segment.chunks[-1]
            ended.seal()
            alive = living(segment)
            if ended.width - len(alive) > max(FEW, MOST_DEAD_SHARE * ended.width):
                self._segments.append(Segment([*alive, *segment.labels[ended.width :]]))
                self._numbering.forget()
                self._changed()
        newest = self._segments[-1]
        newest.chunks.append(Chunk(newest.width, rows_for(newest.width)))
        return newest is not segment

    def _columns(self, table: SeriesTable, ids: NDArray[np.int64]) -> NDArray[np.int64]:
        return self._numbering.columns(table, ids, lambda exposed: self._column(attached(self.target, exposed)))

    def _column(self, labels: Labels) -> int:
        """The column of a series, made when need be; negative when there is no room for another."""
        segment = self._segments[-1]
        column = segment.find(labels)
        if column is not None:
            return column
        if segment.width >= self._most_series:
            self.refused += 1
            return Numbering.REFUSED
        self._changed()
        return segment.add(labels)

    def _begin_at_zero(self, columns: NDArray[np.int64]) -> None:
        """Put 0 in the newest row, for series that come with the next one."""
        segment = self._segments[-1]
        if segment.chunks:
            segment.chunks[-1].widen(segment.width)
            segment.chunks[-1].row(-1)[columns] = 0.0

    def _changed(self) -> None:
        self.version += 1
        self._span = None

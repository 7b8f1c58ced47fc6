"""Chunks that share one set of columns, and which column belongs to which series."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

import numpy as np

from cockpit.metrics.labels import NAME, value_of
from cockpit.metrics.matchers import Op
from cockpit.metrics.series import is_absent, is_stale

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cockpit.metrics.labels import Labels
    from cockpit.metrics.matchers import Matcher
    from cockpit.metrics.store.chunk import Chunk

    Matchers = tuple[Matcher, ...]

REMEMBERED = 256
"""How many selectors a segment remembers the columns of."""


class Segment:
    """Columns, which only grow, and the chunks that have values in them, oldest first.

    A series that ended long ago keeps its column for as long as the segment is written to; its track then starts
    another segment with the living alone, and this one goes with its last chunk.
    """

    __slots__ = ("_columns", "_found", "_named", "chunks", "label_bytes", "labels")

    def __init__(self, labels: Iterable[Labels] = ()) -> None:
        self.labels: list[Labels] = []
        self.chunks: list[Chunk] = []
        self.label_bytes = 0
        self._columns: dict[Labels, int] = {}
        self._named: dict[str, list[int]] = {}
        self._found: dict[Matchers, tuple[int, list[int]]] = {}
        for each in labels:
            self.add(each)

    @property
    def width(self) -> int:
        """How many columns there are."""
        return len(self.labels)

    @property
    def nbytes(self) -> int:
        """Bytes of the chunks, and an estimate for what the label sets take."""
        return self.label_bytes + sum(chunk.nbytes for chunk in self.chunks)

    def find(self, labels: Labels) -> int | None:
        """The column of a series that has one."""
        return self._columns.get(labels)

    def add(self, labels: Labels) -> int:
        """The column of a series, made when need be."""
        column = self._columns.setdefault(labels, len(self.labels))
        if column == len(self.labels):
            self.labels.append(labels)
            self._named.setdefault(value_of(labels, NAME), []).append(column)
            self.label_bytes += weight(labels)
        return column

    def matching(self, matchers: Matchers) -> Sequence[int]:
        """The columns whose series all matchers match, ascending. Only new columns are asked again."""
        asked, found = self._found.get(matchers, (0, []))
        if asked < len(self.labels):
            if len(self._found) >= REMEMBERED:
                self._found.clear()
            rest = [each for each in matchers if not _is_name(each)]
            labels = self.labels
            found = found + [
                column
                for column in self._candidates(matchers, asked)
                if all(matcher.matches(labels[column]) for matcher in rest)
            ]
            self._found[matchers] = (len(labels), found)
        return found

    def _candidates(self, matchers: Matchers, asked: int) -> Iterable[int]:
        """Columns from `asked` on that have the name that is asked for; all where none is."""
        names = [each.value for each in matchers if _is_name(each)]
        if not names:
            return range(asked, len(self.labels))
        if any(name != names[0] for name in names):
            return ()
        columns = self._named.get(names[0], [])
        return columns[bisect_left(columns, asked) :]


def weight(labels: Labels) -> int:
    """Bytes that a label set and its column take, estimated: series share the names, and some of the values."""
    return 208 + sum(48 + len(value) for _, value in labels)


def living(segment: Segment) -> list[Labels]:
    """The series with a value in the newest row."""
    if not segment.chunks:
        return list(segment.labels)
    row = segment.chunks[-1].row(-1)
    return [segment.labels[column] for column in np.flatnonzero(~(is_absent(row) | is_stale(row)))]


def _is_name(matcher: Matcher) -> bool:
    return matcher.name == NAME and matcher.op is Op.EQUAL

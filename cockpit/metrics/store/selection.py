"""The series of a track that a selector finds, and where in the track's segments their samples lie."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from cockpit.metrics.series import ABSENT

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

    from cockpit.metrics.labels import Labels
    from cockpit.metrics.store.chunk import Chunk
    from cockpit.metrics.store.segment import Segment

NOWHERE = -1


class Columns:
    """A column for each series of a selection in one segment, NOWHERE for a series that the segment lacks."""

    __slots__ = ("_complete_from", "numbers")

    def __init__(self, numbers: NDArray[np.int64]) -> None:
        self.numbers = numbers
        complete = numbers.size == 0 or int(numbers.min()) != NOWHERE
        self._complete_from = int(numbers.max(initial=-1)) + 1 if complete else None

    def take(self, chunk: Chunk, low: int, high: int) -> NDArray[np.float64]:
        """A copy of the rows low to high of a chunk, ABSENT where it has no such column."""
        rows = chunk.rows(low, high)
        if self._complete_from is not None and self._complete_from <= chunk.width:
            return rows.take(self.numbers, axis=1)
        out = np.full((high - low, len(self.numbers)), ABSENT)
        there = (self.numbers != NOWHERE) & (self.numbers < chunk.width)
        out[:, there] = rows.take(self.numbers[there], axis=1)
        return out


@dataclass(frozen=True, slots=True, eq=False)
class Selection:
    """Series, and their columns in each segment of their track."""

    labels: tuple[Labels, ...]
    columns: tuple[Columns, ...]
    _parts: dict[frozenset[int], Selection] = field(default_factory=dict, init=False)

    def within(self, places: frozenset[int]) -> Selection:
        """The series that have a column in any of these segments."""
        if len(places) == len(self.columns):
            return self
        part = self._parts.get(places)
        if part is None:
            there = [self.columns[place].numbers != NOWHERE for place in places]
            part = self._parts[places] = self._at(np.flatnonzero(np.logical_or.reduce(there)))
        return part

    def without(self, taken: Collection[Labels]) -> Selection:
        """The series that are not taken by another track."""
        if not any(labels in taken for labels in self.labels):
            return self
        return self._at(
            np.array([place for place, labels in enumerate(self.labels) if labels not in taken], dtype=np.int64)
        )

    def _at(self, kept: NDArray[np.int64]) -> Selection:
        return Selection(
            tuple(self.labels[place] for place in kept.tolist()),
            tuple(Columns(each.numbers[kept]) for each in self.columns),
        )


def merged(segments: Sequence[Segment], found: Sequence[Sequence[int]]) -> Selection:
    """The columns found in each segment, as one selection in which each series stands once."""
    if len(segments) == 1:
        [segment], [columns] = segments, found
        labels = tuple(segment.labels[column] for column in columns)
        return Selection(labels, (Columns(np.array(columns, dtype=np.int64)),))
    places: dict[Labels, int] = {}
    for segment, columns in zip(segments, found, strict=True):
        for column in columns:
            places.setdefault(segment.labels[column], len(places))
    return Selection(
        tuple(places),
        tuple(
            Columns(_placed(places, segment, columns)) for segment, columns in zip(segments, found, strict=True)
        ),
    )


def _placed(places: dict[Labels, int], segment: Segment, columns: Sequence[int]) -> NDArray[np.int64]:
    numbers = np.full(len(places), NOWHERE, dtype=np.int64)
    for column in columns:
        numbers[places[segment.labels[column]]] = column
    return numbers

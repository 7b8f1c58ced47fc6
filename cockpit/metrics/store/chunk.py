"""A run of rows in one array: what a track grows by, and what is dropped as one when it is old."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from typing import TYPE_CHECKING

import numpy as np

from cockpit.metrics.series import ABSENT, STALE

if TYPE_CHECKING:
    from numpy.typing import NDArray

BUDGET = 2 << 20
"""Bytes that a chunk takes at most, unless its fewest rows need more."""

MOST_ROWS, FEWEST_ROWS = 128, 8
CROWDED_ROWS = 32
"""Rows after which a chunk takes no more once its columns are far more than twice those it began with: series come
and go, and another chunk can do without those that went."""


def rows_for(width: int) -> int:
    """How many rows a new chunk of that many columns gets room for."""
    return max(FEWEST_ROWS, min(MOST_ROWS, BUDGET // (8 * max(1, width))))


class Chunk:
    """Rows at ascending times (epoch milliseconds); in each of `width` columns a value, ABSENT or STALE."""

    __slots__ = ("_begun", "_cells", "times", "width")

    def __init__(self, width: int, rows: int) -> None:
        self.times = array("q")
        self.width = self._begun = width
        self._cells = np.empty((rows, width))

    @classmethod
    def of(cls, times: NDArray[np.int64], values: NDArray[np.float64]) -> Chunk:
        """A full chunk with a copy of these rows, at least one."""
        chunk = cls(values.shape[1], 0)
        chunk.times = array("q", times.tolist())
        chunk._cells = np.array(values, dtype=np.float64, order="C")
        return chunk

    @property
    def nbytes(self) -> int:
        """Bytes of the arrays."""
        return self._cells.nbytes + 8 * len(self.times)

    @property
    def samples(self) -> int:
        """How many cells are written."""
        return len(self.times) * self.width

    @property
    def first(self) -> int:
        """The time of the oldest row."""
        return self.times[0]

    @property
    def last(self) -> int:
        """The time of the newest row."""
        return self.times[-1]

    def takes(self, width: int) -> bool:
        """Whether another row of that many columns has room, and is better here than in a new chunk."""
        rows, room = self._cells.shape
        if len(self.times) >= CROWDED_ROWS and width > 2 * self._begun + 2 * CROWDED_ROWS:
            return False
        return len(self.times) < rows and (width <= room or 8 * rows * width <= BUDGET)

    def widen(self, width: int) -> None:
        """Make room for columns that no row had a value in so far."""
        rows, room = self._cells.shape
        if width > room:
            cells = np.empty((rows, max(width, room + room // 8)))
            cells[:, : self.width] = self._cells[:, : self.width]
            self._cells = cells
        self._cells[: len(self.times), self.width : width] = ABSENT
        self.width = width

    def add(self, at: int) -> NDArray[np.float64]:
        """A new row, STALE in every column, for the caller to fill."""
        row = self._cells[len(self.times), : self.width]
        row.fill(STALE)
        self.times.append(at)
        return row

    def row(self, number: int) -> NDArray[np.float64]:
        """One written row; -1 is the newest."""
        place = range(len(self.times))[number]
        return self._cells[place, : self.width]

    def bounds(self, start: int, end: int) -> tuple[int, int]:
        """The rows in start < time <= end, as a half-open range."""
        return bisect_right(self.times, start), bisect_right(self.times, end)

    def rows(self, low: int, high: int) -> NDArray[np.float64]:
        """A view of the rows low to high."""
        return self._cells[low:high, : self.width]

    def cut(self, rows: int) -> None:
        """Forget all but the first rows."""
        del self.times[rows:]

    def seal(self) -> None:
        """Give back the room of rows and columns that nobody will fill any more."""
        rows = len(self.times)
        if self._cells.shape != (rows, self.width):
            self._cells = self._cells[:rows, : self.width].copy()

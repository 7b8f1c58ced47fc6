"""The rows that a search has found, in the order of time, however they came."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cockpit.logs.order import Order

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]


class Hits(Order):
    """Ids of rows and their times, as `Order` keeps them; whoever adds some knows their ids."""

    def add(self, ids: Numbers, times: Numbers) -> bool:
        """Take in rows that are not there yet, in the order of their ids; whether all came behind all others.

        Costs what comes, and what it comes between.
        """
        if np.any(times[1:] < times[:-1]):
            by_time = np.argsort(times, kind="stable")
            ids, times = ids[by_time], times[by_time]
        if not len(self) or times[0] > self.times[-1]:
            self._put(len(self), len(self), ids, times)
            return True
        if times[-1] < self.times[0]:
            self._put(0, 0, ids, times)
            return False
        places = self._places(ids, times)
        is_behind = int(places[0]) == len(self)
        self._put_between(places, ids, times)
        return is_behind

    def keep(self, kept: NDArray[np.bool_]) -> None:
        """Forget the others; `kept` has a value for each row."""
        self._put(0, len(self), self.ids[kept], self.times[kept])

    def _places(self, ids: Numbers, times: Numbers) -> Numbers:
        """How many rows each of these comes behind: by time, and by id where times are equal."""
        low = np.searchsorted(self.times, times, side="left")
        high = np.searchsorted(self.times, times, side="right")
        while (unsure := low < high).any():
            middle = (low + high) // 2
            behind = np.zeros(len(ids), np.bool_)
            behind[unsure] = self.ids[middle[unsure]] < ids[unsure]
            low = np.where(behind, middle + 1, low)
            high = np.where(unsure & ~behind, middle, high)
        return low

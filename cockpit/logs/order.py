"""Rows in the order of time: where each stands, and what is there at a moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_LEAST_ROOM = 1024
_ROOM_SHARE = 8


class Order:
    """Ids and times of rows, by time and, where times are equal, by id; in buffers with room at both ends.

    What comes costs as much as there is of it, and of what it comes between; of the rest, the smaller side moves.
    """

    def __init__(self) -> None:
        self._ids = np.empty(0, np.int64)
        self._times = np.empty(0, np.int64)
        self._start = self._stop = 0

    def __len__(self) -> int:
        return self._stop - self._start

    @property
    def ids(self) -> NDArray[np.int64]:
        """The ids, oldest first; to be read only, and not beyond the next change."""
        return _readable(self._ids[self._start : self._stop])

    @property
    def times(self) -> NDArray[np.int64]:
        """Their times in Unix ns; to be read only, and not beyond the next change."""
        return _readable(self._times[self._start : self._stop])

    @property
    def size(self) -> int:
        """Bytes that the rows take here."""
        return len(self) * (self._ids.itemsize + self._times.itemsize)

    def insert(self, times: NDArray[np.int64], first: int) -> bool:
        """Take in rows of new ids, counted from `first`; whether all of them came behind all others."""
        ids = np.arange(first, first + len(times))
        if np.any(times[1:] < times[:-1]):
            by_time = np.argsort(times, kind="stable")
            times, ids = times[by_time], ids[by_time]
        if not len(self) or times[0] >= self.times[-1]:
            self._put(len(self), len(self), ids, times)
            return True
        self._put_between(np.searchsorted(self.times, times, side="right"), ids, times)
        return False

    def remove(self, first: int, end: int, oldest: int, newest: int) -> None:
        """Forget the ids from `first` to before `end`, whose times are `oldest` to `newest`."""
        start, stop = self.at(oldest), int(np.searchsorted(self.times, newest, side="right"))
        ids = self.ids[start:stop]
        kept = (ids < first) | (ids >= end)
        self._put(start, stop, ids[kept], self.times[start:stop][kept])
        if self._start > self._spare // 2:
            self._move_down()

    def at(self, time: int) -> int:
        """The place of the first row of this time or a later one; `len` where there is none."""
        return int(np.searchsorted(self.times, time))

    def place(self, id: int, time: int) -> int:  # noqa: A002 - what it is
        """The place of a row that is there, whose time this is."""
        start = self.at(time)
        stop = int(np.searchsorted(self.times, time, side="right"))
        return start + int(np.searchsorted(self.ids[start:stop], id))

    def _put_between(self, places: NDArray[np.int64], ids: NDArray[np.int64], times: NDArray[np.int64]) -> None:
        """Put rows in, each behind as many others as its place says; places ascend."""
        start, stop = int(places[0]), int(places[-1])
        between = places - start
        self._put(
            start,
            stop,
            np.insert(self.ids[start:stop], between, ids),
            np.insert(self.times[start:stop], between, times),
        )

    def _put(self, start: int, stop: int, ids: NDArray[np.int64], times: NDArray[np.int64]) -> None:
        """Put these in the place of what is from `start` to `stop`, which are counted from the first row."""
        more = len(ids) - (stop - start)
        at_end = len(self) - stop <= start
        self._make_room(0 if at_end else more, more if at_end else 0)
        first, last = self._start, self._stop
        for buffer, values in ((self._ids, ids), (self._times, times)):
            if at_end:
                buffer[first + stop + more : last + more] = buffer[first + stop : last]
            else:
                buffer[first - more : first + start - more] = buffer[first : first + start]
            begin = first + start - (0 if at_end else more)
            buffer[begin : begin + len(values)] = values
        if at_end:
            self._stop += more
        else:
            self._start -= more

    def _make_room(self, before: int, behind: int) -> None:
        """Have room for so many rows at either end, in new buffers with some to spare where there is none."""
        if before <= self._start and behind <= len(self._ids) - self._stop:
            return
        start = before + self._spare if before > 0 else 0
        room = start + len(self) + (behind + self._spare if behind > 0 else 0)
        ids, times = np.empty(room, np.int64), np.empty(room, np.int64)
        ids[start : start + len(self)] = self.ids
        times[start : start + len(self)] = self.times
        self._ids, self._times, self._start, self._stop = ids, times, start, start + len(self)

    def _move_down(self) -> None:
        """Make the room of rows that left room for rows that come: new buffers would cost far more."""
        rows = len(self)
        for buffer in (self._ids, self._times):
            buffer[:rows] = buffer[self._start : self._stop]
        self._start, self._stop = 0, rows

    @property
    def _spare(self) -> int:
        return max(_LEAST_ROOM, len(self) // _ROOM_SHARE)


def _readable(view: NDArray[np.int64]) -> NDArray[np.int64]:
    view.flags.writeable = False
    return view

"""A search in a log that runs beside all else on the loop: a slice at a time, and anew for another query."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from cockpit.live.logs.reading import Logs
    from cockpit.logs.query.matcher import Matcher
    from cockpit.logs.search import Search

SLICE = 0.008
"""Seconds of one turn of the loop."""

PAUSE = 0.002
"""Seconds between two slices: what a key press sets off takes several turns, and should not wait in each."""

FRAME = 1 / 30
"""Seconds between two times of telling that there are more hits."""


class LogSearch:
    """What matches in a log, as far as it was looked through, and what comes to match; to be made on the loop.

    `changed` is called when `hits` or `done` are others, at most 30 times a second. Everything matches until
    `look_for` is told something.
    """

    def __init__(self, logs: Logs, changed: Callable[[], None]) -> None:
        self._logs = logs
        self._changed = changed
        self._queries = 0
        self._search = self._begin(None)
        self._told = self._standing()
        self._telling: asyncio.TimerHandle | None = None
        self._next_frame = 0.0
        self._turn: asyncio.TimerHandle | None = None
        self._stop = logs.subscribe(self._wake)

    @property
    def search(self) -> Search:
        """The search itself, of what was last looked for."""
        return self._search

    @property
    def hits(self) -> NDArray[np.int64]:
        """The ids of what matches, in the order of time; to be read only, and before the next turn of the loop."""
        return self._search.hits

    @property
    def epoch(self) -> tuple[int, int]:
        """Another one when ids in `hits` are elsewhere than before: a place among them means something else."""
        return self._queries, self._search.epoch

    @property
    def done(self) -> bool:
        """Whether all that is at hand was looked through."""
        return self._search.searched == self._search.total

    @property
    def searched(self) -> int:
        """How many entries were looked at."""
        return self._search.searched

    @property
    def total(self) -> int:
        """How many entries there are."""
        return self._search.total

    def look_for(self, matcher: Matcher | None) -> None:
        """Begin anew, with another query; None finds everything. The newest hits are there on return."""
        self._queries += 1
        self._search = self._begin(matcher)
        if self._turn is not None:
            self._turn.cancel()
        self._work()

    def next_hit(self, after: int | None, direction: int) -> int | None:
        """The next hit behind an entry (1) or before it (-1): `Search.next_hit`."""
        return self._search.next_hit(after, direction)

    def next_error(self, after: int | None, direction: int) -> int | None:
        """The next hit that is an error: `Search.next_error`."""
        return self._search.next_error(after, direction)

    def close(self) -> None:
        """Look no further, and tell nobody any more."""
        self._stop()
        for due in (self._turn, self._telling):
            if due is not None:
                due.cancel()
        self._turn = self._telling = None

    def _begin(self, matcher: Matcher | None) -> Search:
        from cockpit.logs.search import Search

        return Search(self._logs.store, matcher)

    def _wake(self) -> None:
        """There may be something to look through."""
        if self._turn is None:
            self._work()

    def _work(self) -> None:
        """One slice; another one soon while there is more."""
        loop = asyncio.get_running_loop()
        more = self._search.step(SLICE, time.perf_counter)
        self._turn = loop.call_later(PAUSE, self._work) if more else None
        if self._telling is None and self._standing() != self._told:
            self._telling = loop.call_at(max(loop.time(), self._next_frame), self._tell)

    def _tell(self) -> None:
        self._telling = None
        self._next_frame = asyncio.get_running_loop().time() + FRAME
        self._told = self._standing()
        self._changed()

    def _standing(self) -> tuple[object, ...]:
        return self.epoch, len(self.hits), self.done

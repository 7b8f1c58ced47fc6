"""A query asked of a whole store, a little at a time: the newest rows first, and new ones as they come."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cockpit.logs.entry import Severity
from cockpit.logs.hits import Hits

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from cockpit.logs.query.matcher import Matcher
    from cockpit.logs.segment import Segment
    from cockpit.logs.store import LogStore

_LEAST_AT_ONCE, _MOST_AT_ONCE = 64, 4096
"""Rows whose texts are looked through between two looks at the clock: as many as take a part of a step. Of some
expressions a row costs a thousand times what it costs of others."""

_QUICK, _SLOW = 1 / 8, 1 / 2
"""Parts of a step: more or fewer rows are taken at once when it took less, or more."""

_HITS_AT_ONCE = 1 << 15
_ERRORS_AT_ONCE = 1 << 14


class _Part(NamedTuple):
    """Rows of one segment that were not looked at yet: the id of the first, and how many.

    Segments are put together, and leave as a whole: what is a part of one stays that.
    """

    base: int
    rows: int


class _Found(NamedTuple):
    """The ids of rows that match, ascending, and their times."""

    ids: NDArray[np.int64]
    times: NDArray[np.int64]


class Search:
    """The rows of a store that match, more with every `step`; every row matches where there is no matcher.

    `epoch` is another one after every change of `hits` that was more than ids added at their end.
    """

    def __init__(self, store: LogStore, matcher: Matcher | None) -> None:
        self._store = store
        self._matcher = matcher
        self._found = Hits()
        self._epoch = 0
        self._dropped = store.dropped
        self._next = store.end
        self._at_once = _LEAST_AT_ONCE if matcher is not None and matcher.needs_text else 1 << 32
        self._parts: list[_Part] = []
        if matcher is not None:
            self._parts = [_Part(base, len(segment)) for base, segment in sorted(store.segments(), key=_newest)]

    @property
    def hits(self) -> NDArray[np.int64]:
        """The ids of the rows found so far, in the store's order of time. To be read only, until the next `step`.

        Rows that left the store leave with the next step.
        """
        return self._store.order if self._matcher is None else self._found.ids

    @property
    def epoch(self) -> int:
        """Another one when ids in `hits` are elsewhere than before, or gone."""
        return self._store.epoch if self._matcher is None else self._epoch

    @property
    def total(self) -> int:
        """How many rows there are."""
        return len(self._store)

    @property
    def searched(self) -> int:
        """How many of them were looked at."""
        if self._matcher is None:
            return self.total
        fresh = sum(part.rows for part in self._fresh())
        return max(0, self.total - fresh - sum(part.rows for part in self._parts))

    def step(self, budget: float, clock: Callable[[], float]) -> bool:
        """Look through rows for `budget` seconds by `clock`, at least at some; whether there are more to look at.

        Rows that came are looked at before older ones.
        """
        self._forget_dropped()
        if self._matcher is None:
            return False
        self._parts += reversed(self._fresh())
        self._next = self._store.end
        now = clock()
        until = now + budget
        found: list[_Found] = []
        while self._parts:
            part = self._some()
            found.append(self._look_at(part, self._matcher))
            before, now = now, clock()
            self._pace(part.rows, now - before, budget)
            if now >= until:
                break
            if sum(len(each.ids) for each in found) >= _HITS_AT_ONCE:
                self._add(found)
                found = []
        self._add(found)
        return bool(self._parts)

    def next_hit(self, after: int | None, direction: int) -> int | None:
        """The id of the first hit behind a row in the order of time (`direction` 1), or before it (-1).

        The row need not be a hit; one that left counts as older than all. `after` None is where the way begins:
        before all of them, or behind them all. None where there is no hit that way, so far.
        """
        ids = self.hits
        at = self._place(after, direction)
        if direction > 0:
            return int(ids[at]) if at < len(ids) else None
        return int(ids[at - 1]) if at > 0 else None

    def next_error(self, after: int | None, direction: int) -> int | None:
        """The same of the hits that are errors, or worse."""
        at = self._place(after, direction)
        ids = self.hits[at:] if direction > 0 else self.hits[:at][::-1]
        for start in range(0, len(ids), _ERRORS_AT_ONCE):
            some = ids[start : start + _ERRORS_AT_ONCE]
            if self._store.dropped != self._dropped:
                some = some[self._store.holds(some)]
            errors = np.flatnonzero(self._store.column("severities", some) >= Severity.ERROR)
            if len(errors):
                return int(some[errors[0]])
        return None

    def _place(self, after: int | None, direction: int) -> int:
        """How many hits are before a row in the order of time, this one included on the way forward."""
        if after is None:
            return 0 if direction > 0 else len(self.hits)
        try:
            segment, at = self._store.locate(after)
        except KeyError:
            return 0
        ids, time = self.hits, int(segment.times[at])
        times = self._store.times if self._matcher is None else self._found.times
        start, stop = (int(np.searchsorted(times, time, side=side)) for side in ("left", "right"))
        return start + int(np.searchsorted(ids[start:stop], after, side="right" if direction > 0 else "left"))

    def _fresh(self) -> list[_Part]:
        """The rows that came since the last step."""
        if self._store.end == self._next:
            return []
        ends = [(base, base + len(segment)) for base, segment in self._store.segments()]
        begins = ((max(base, self._next), end) for base, end in ends if end > self._next)
        return [_Part(begin, end - begin) for begin, end in begins]

    def _some(self) -> _Part:
        """The last rows of the next part, no more than are taken at once; the others stay."""
        base, rows = self._parts.pop()
        left = rows - self._at_once
        if left <= 0:
            return _Part(base, rows)
        self._parts.append(_Part(base, left))
        return _Part(base + left, rows - left)

    def _pace(self, rows: int, took: float, budget: float) -> None:
        """Take more rows at once, or fewer, by what these took."""
        if took < budget * _QUICK and rows >= self._at_once:
            self._at_once = max(self._at_once, min(self._at_once * 2, _MOST_AT_ONCE))
        elif took > budget * _SLOW:
            self._at_once = max(self._at_once // 2, _LEAST_AT_ONCE)

    def _look_at(self, part: _Part, matcher: Matcher) -> _Found:
        segment, at = self._store.locate(part.base)
        names, times = self._store.names, segment.times[at : at + part.rows]
        if matcher.needs_text and part.rows < len(segment):
            matches = matcher.matches(segment.part(at, at + part.rows), names)
        else:
            matches = matcher.matches(segment, names)[at : at + part.rows]
        places = np.flatnonzero(matches)
        return _Found(places + part.base, times[places])

    def _add(self, found: list[_Found]) -> None:
        found = sorted((each for each in found if len(each.ids)), key=lambda each: int(each.ids[0]))
        if not found:
            return
        ids, times = np.concatenate([each.ids for each in found]), np.concatenate([each.times for each in found])
        if not self._found.add(ids, times):
            self._epoch += 1

    def _forget_dropped(self) -> None:
        """Rows that left are no hits any more, nor to be looked at."""
        if self._store.dropped == self._dropped:
            return
        self._dropped = self._store.dropped
        bases = np.array([part.base for part in self._parts], np.int64)
        self._parts = [part for part, held in zip(self._parts, self._store.holds(bases), strict=True) if held]
        kept = self._store.holds(self._found.ids)
        if not kept.all():
            self._found.keep(kept)
            self._epoch += 1


def _newest(segment: tuple[int, Segment]) -> int:
    return int(segment[1].times.max(initial=0))

"""Somebody who reads a log: what of it is shown, where in it one is, and the ways to go on from there."""

from __future__ import annotations

import asyncio
from bisect import bisect_left
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cockpit.logs.entry import NO_TIME, Severity
from cockpit.logs.moment import SECOND
from cockpit.logs.query.compile import compiled
from cockpit.logs.query.parse import parse
from cockpit.logs.query.pushdown import pushdown
from cockpit.tui.log_scope import Scope
from cockpit.tui.log_search import LogSearch
from cockpit.tui.views.log_line import no_marks

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from cockpit.live.logs.reading import Logs
    from cockpit.logs.entry import Row
    from cockpit.logs.query.matcher import Matcher
    from cockpit.logs.query.nodes import Query
    from cockpit.tui.views.log_look import Look


class Spot(NamedTuple):
    """An entry's place in the order of a log: it is known even when the entry has left."""

    time: int
    id: int


class _Visit(NamedTuple):
    """Where one was before looking at one trace or instance."""

    scope: Scope
    spot: Spot | None
    following: bool


class LogReader:
    """One reader of a log. Several panes may show the same one: each `listen`s, and is told of every change.

    While `following`, one stands on the newest entry; else on one that was chosen, however much comes or leaves.
    `moment` (Unix ns) is the one that is looked at, None for the present: the newest entry is the last one until
    then, and what came later is shown as such. `wall` gives the time of day, for queries like `after:15m`.
    """

    def __init__(self, logs: Logs, look: Look, *, wall: Callable[[], datetime]) -> None:
        self.logs = logs
        self.look = look
        self.scope = Scope()
        self.following = True
        self.moment: int | None = None
        self.bookmarks: set[Spot] = set()
        self.marks: Callable[[str], Sequence[tuple[int, int]]] = no_marks
        self.wall = wall
        self._spot: Spot | None = None
        self._newest: Spot | None = None
        self._visits: list[_Visit] = []
        self._left: _Visit | None = None
        self._listeners: list[Callable[[], None]] = []
        self._shown = LogSearch(logs, self._tell)
        self._sought = LogSearch(logs, self._tell)
        self._asking: asyncio.Task[int] | None = None
        self._stop = logs.subscribe(self._tell)
        self.look_in(self.scope)

    def listen(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Call `changed` whenever there is something else to show; returns the way to stop."""
        self._listeners.append(changed)
        return lambda: self._listeners.remove(changed)

    def close(self) -> None:
        """Read no more."""
        self._stop()
        self._shown.close()
        self._sought.close()
        if self._asking is not None:
            self._asking.cancel()

    @property
    def ids(self) -> NDArray[np.int64]:
        """The entries that are shown, in the order of time."""
        return self._shown.hits

    @property
    def searching(self) -> bool:
        """Whether there may be more to show among what is at hand."""
        return not self._shown.done

    @property
    def index(self) -> int:
        """Where among `ids` one stands, or would if the entry were shown; 0 where nothing is."""
        last = len(self.ids) - 1
        if self.following or self._spot is None:
            return max(0, self._newest_index)
        return max(0, min(self._position(self.ids, self._spot), last))

    @property
    def later(self) -> int:
        """How many of the entries shown came after the moment that is looked at."""
        return len(self.ids) - 1 - self._newest_index

    @property
    def row(self) -> Row | None:
        """The entry one stands on."""
        return self.row_at(self.index)

    @property
    def new(self) -> int:
        """How many entries came since one stopped following."""
        if self.following or self._newest is None:
            return 0
        return len(self.ids) - self._position(self.ids, self._newest._replace(id=self._newest.id + 1))

    def row_at(self, index: int) -> Row | None:
        """One of the entries shown; None where there is none, or no more."""
        ids = self.ids
        try:
            return self.logs.store.row(int(ids[index])) if 0 <= index < len(ids) else None
        except KeyError:
            return None

    def span(self, first: int, last: int) -> tuple[int, int] | None:
        """The moments of two of the entries shown, the second one exclusive; None where one is not there."""
        rows = self.row_at(first), self.row_at(last)
        return None if rows[0] is None or rows[1] is None else (rows[0].time, rows[1].time + 1)

    def matcher(self) -> Matcher | None:
        """What finds the entries that are shown; None where all are."""
        return compiled(self._parsed(self.scope.shown))

    def spans_days(self) -> bool:
        """Whether the entries shown are of another day than today, or of several, by local time."""
        ends = {row.time for row in (self.row_at(0), self.row_at(len(self.ids) - 1)) if row is not None}
        return len({datetime.fromtimestamp(each // SECOND).date() for each in (*ends, self.now())}) > 1

    def errors(self, parts: int) -> Sequence[int]:
        """How many errors there are in each of so many equal parts of the entries shown; none while some leave."""
        ids = self.ids
        try:
            places = np.flatnonzero(self.logs.store.column("severities", ids) >= Severity.ERROR)
        except KeyError:
            return ()
        counts: list[int] = np.bincount(places * parts // max(1, len(ids)), minlength=parts).tolist()
        return counts

    def now(self) -> int:
        """This moment by the wall clock, Unix ns."""
        return int(self.wall().timestamp() * SECOND)

    def show_as(self, look: Look) -> None:
        """Let lines look in another way."""
        self.look = look
        self._tell()

    def follow(self) -> None:
        """Stand on the newest entry, and on every newer one."""
        self.following = True
        self._tell()

    def see_until(self, moment: int) -> None:
        """Time has come to a moment (Unix ns): who follows stands on the last entry until then."""
        if moment != self.moment:
            self.moment = moment
            self._tell()

    def stand_at(self, moment: int | None) -> None:
        """Look at a moment (Unix ns), and stand on the last entry until then; None leads back to where one was."""
        if moment is not None:
            if self.moment is None:
                self._left = _Visit(self.scope, self._spot, self.following)
            self.moment, self.following = moment, True
            if len(self.ids) and self._spot_of(int(self.ids[0])).time > moment:
                self.ask_older()
        elif self.moment is not None:
            self.moment = None
            if self._left is not None:
                self.following, self._spot = self._left.following, self._left.spot
        self._tell()

    def pause(self) -> None:
        """Stay on the entry one stands on."""
        self.go(self.index)

    def go(self, index: int) -> None:
        """Stand on one of the entries shown."""
        ids = self.ids
        if not len(ids):
            return
        if self.following:
            self._newest = self._spot_of(int(self.logs.store.order[-1]))
        self.following = False
        self._spot = self._spot_of(int(ids[max(0, min(index, len(ids) - 1))]))
        self._tell()

    def go_to(self, time: int) -> None:
        """Stand on the first of the entries shown of a moment (Unix ns), or of a later one."""
        self.go(self._position(self.ids, Spot(time, -1)))

    def go_to_entry(self, id: int) -> bool:  # noqa: A002 - what it is
        """Stand on an entry; False where it is not shown."""
        is_shown = self._is_shown(self._spot_of(id))
        return is_shown and self._go_to(id)

    def move(self, entries: int) -> None:
        """Down by so many entries, up by a negative number: past the newest one follows, past the oldest one asks
        for older ones."""
        target, last = self.index + entries, len(self.ids) - 1
        if target < 0:
            self.ask_older()
        if entries > 0 and self.index == last:
            self.follow()
        elif not self.following or entries < 0 or self.later:
            self.go(target)

    def look_for(self, words: str) -> None:
        """Show what matches a query, everything for none. Raises QueryError, and changes nothing then."""
        self.look_in(replace(self.scope, words=words, hiding=True))

    def look_in(self, scope: Scope) -> None:
        """Show what a scope has. Raises QueryError for words that are no query, and changes nothing then."""
        words = compiled(self._parsed(scope.words))  # first, as its errors have their places in the words
        shown, sought = compiled(self._parsed(scope.shown)), compiled(self._parsed(scope.sought))
        self.scope = scope
        self.marks = words.marks if words is not None else no_marks
        self._shown.look_for(shown)
        if scope.words and not scope.hiding:
            self._sought.look_for(sought)
        self._tell()

    def narrow(self, revision: str) -> None:
        """Show one revision alone, all of them for "". A look at one trace or instance ends."""
        if self._visits:
            first = self._visits[0]
            self._visits.clear()
            self._return_to(first)
        self.look_in(replace(self.scope, revision=revision))

    def visit(self, *, trace: int = 0, instance: str = "") -> None:
        """Show one trace or one instance, whatever else is hidden; `back` leads back to where one is now."""
        spot = self._spot_of(int(self.ids[self.index])) if len(self.ids) else None
        self._visits.append(_Visit(self.scope, spot, self.following))
        self.pause()
        self.look_in(Scope(trace=trace, instance=instance))

    def back(self) -> bool:
        """One step back: the words, then the trace or instance, then the revision; False with nothing left."""
        stepped = self.scope.stepped_back()
        if stepped is not None:
            self.look_in(stepped)
        elif self._visits:
            self._return_to(self._visits.pop())
        elif self.scope.revision:
            self.look_in(replace(self.scope, revision=""))
        else:
            return False
        return True

    def next_match(self, direction: int) -> bool:
        """To the next entry with the words (1), or the one before (-1); False where there is none.

        Who follows stands behind everything: the newest one is next.
        """
        found = self._sought if self.scope.words and not self.scope.hiding else self._shown
        return self._go_to(found.next_hit(*self._way(direction)))

    def next_error(self, direction: int) -> bool:
        """To the next error among what is shown, or the one before; False where there is none.

        Who follows stands behind everything: the newest one is next.
        """
        return self._go_to(self._shown.next_error(*self._way(direction)))

    def next_bookmark(self, direction: int) -> bool:
        """To the next bookmark, or the one before, round at the ends; False without any in what is shown."""
        here = self.index
        at = sorted({self._position(self.ids, spot) for spot in self.bookmarks if self._is_shown(spot)})
        if not at:
            return False
        later, earlier = [index for index in at if index > here], [index for index in at if index < here]
        self.go((later or at)[0] if direction > 0 else (earlier or at)[-1])
        return True

    def toggle_bookmark(self) -> None:
        """Put a bookmark at the entry one stands on, or take it away."""
        if (row := self.row) is not None:
            self.bookmarks ^= {Spot(row.time, row.id)}
            self._tell()

    def ask_older(self) -> None:
        """Ask for entries older than those at hand, unless they are being asked for, or there are none."""
        state = self.logs.state
        if state.whole or state.listing or (self._asking is not None and not self._asking.done()):
            return
        query = self._parsed(self.scope.shown)
        self._asking = asyncio.create_task(self.logs.older(pushdown(query)))
        self._asking.add_done_callback(lambda _: self._tell())

    def _parsed(self, text: str) -> Query:
        wall = self.wall()
        zone = wall.tzinfo
        assert zone is not None, "the wall clock gives aware datetimes"
        return parse(text, now=int(wall.timestamp() * SECOND), zone=zone)

    def _way(self, direction: int) -> tuple[int | None, int]:
        """After which entry one goes on, None for the end, and where to."""
        if self.moment is not None and self.following and len(self.ids):
            return int(self.ids[self.index]), direction
        return (None, -1) if self.following or self._spot is None else (self._spot.id, direction)

    @property
    def _newest_index(self) -> int:
        """Where among `ids` the newest entry is: the last one, until the moment that is looked at; -1 for none."""
        if self.moment is None:
            return len(self.ids) - 1
        return self._position(self.ids, Spot(self.moment + 1, -1)) - 1

    def _return_to(self, visit: _Visit) -> None:
        self.look_in(visit.scope)
        self.following, self._spot = visit.following, visit.spot
        self._tell()

    def _go_to(self, id: int | None) -> bool:  # noqa: A002 - what it is
        if id is None:
            return False
        self.go(self._position(self.ids, self._spot_of(id)))
        return True

    def _is_shown(self, spot: Spot) -> bool:
        at = self._position(self.ids, spot)
        return at < len(self.ids) and int(self.ids[at]) == spot.id

    def _spot_of(self, id: int) -> Spot:  # noqa: A002 - what it is
        """An entry's place; one that has left was older than all there are."""
        try:
            segment, at = self.logs.store.locate(id)
        except KeyError:
            return Spot(NO_TIME, id)
        return Spot(int(segment.times[at]), id)

    def _position(self, ids: NDArray[np.int64], spot: Spot) -> int:
        """Where an entry is among ids that are in the order of time, or would be."""
        return bisect_left(range(len(ids)), spot, key=lambda at: self._spot_of(int(ids[at])))

    def _tell(self) -> None:
        for listener in tuple(self._listeners):
            listener()

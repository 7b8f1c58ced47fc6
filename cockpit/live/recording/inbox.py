"""What waits to be recorded: taken from any thread, at once and within bounds, and written by another one.

This is all that whoever observes something sees of the recording. It loads nothing, so that it can be there before
anything is observed.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cockpit.live.metrics.targets import TargetUrl
    from cockpit.live.recording.writing import Writer
    from cockpit.live.snapshot import Snapshot
    from cockpit.live.timeline import Shares
    from cockpit.logs.entry import Record
    from cockpit.metrics.labels import Labels
    from cockpit.release.events import Event
    from cockpit.sources.scrape import Body

    Thing = Callable[[Writer], None]

MOST_BYTES = 32 << 20
"""What waits at most while the disk is slow, or none at all."""

_SMALL = 200
_SNAPSHOT = 4000


class Taken(NamedTuple):
    """What was waiting, in order, and how much had no room to wait."""

    things: Sequence[Thing]
    lost: int


class Inbox:
    """Takes what is to be recorded. `time` gives epoch seconds; `most` bounds what waits, in bytes."""

    def __init__(self, time: Callable[[], float], most: int = MOST_BYTES) -> None:
        self._time = time
        self._most = most
        self._lock = threading.Lock()
        self._things: list[Thing] = []
        self._size = 0
        self._lost = 0

    @property
    def waits(self) -> bool:
        """Whether there is something to be recorded."""
        return bool(self._things)

    def snapshot(self, snapshot: Snapshot) -> None:
        """A snapshot that was published."""
        self._put(_SNAPSHOT, lambda writer: writer.snapshot(snapshot))

    def scraped(self, target: TargetUrl, body: Body) -> None:
        """A body that metrics were read from."""
        self._put(len(body.content), lambda writer: writer.scraped(target, body))

    def reached(self, target: TargetUrl, at: float, seconds: float, samples: int) -> None:
        """A URL gave metrics at a moment (epoch seconds)."""
        self._put(0, lambda writer: writer.reached(target, at, seconds, samples))

    def missed(self, target: TargetUrl, at: float) -> None:
        """A URL was asked at a moment (epoch seconds) and gave none."""
        self._put(0, lambda writer: writer.missed(target, at))

    def served(self, at: float, percents: Mapping[str, int]) -> None:
        """Processes were attributed by this split at a moment (epoch seconds)."""
        self._put(_SMALL, lambda writer: writer.served(at, percents))

    def ruled(self, at: int, group: str, samples: Sequence[tuple[Labels, float]]) -> None:
        """What the recording rules of a group made for a moment (epoch milliseconds)."""
        self._put(_SMALL * len(samples), lambda writer: writer.ruled(at, group, samples))

    def logged(self, raw: bytes, time: int, page: int) -> None:
        """A raw entry of the log, its moment in Unix ns, and its page (0 where it was streamed)."""
        came = self._time()
        self._put(len(raw), lambda writer: writer.logged(came, time, page, raw))

    def gap(self, record: Record) -> None:
        """A row in the place of entries that are missing."""
        came = self._time()
        self._put(len(record.text), lambda writer: writer.gap(came, record))

    def event(self, event: Event) -> None:
        """Something that happened; the same again is kept once."""
        self._put(len(event.text), lambda writer: writer.event(event))

    def shares(self, shares: Shares) -> None:
        """What served for a while; one that begins at the same time takes its place."""
        self._put(0, lambda writer: writer.shares(shares))

    def take(self) -> Taken:
        """All that waits; from now on it waits no more."""
        with self._lock:
            taken = Taken(self._things, self._lost)
            self._things, self._size, self._lost = [], 0, 0
        return taken

    def _put(self, size: int, thing: Thing) -> None:
        with self._lock:
            if self._size >= self._most:
                self._lost += 1
                return
            self._things.append(thing)
            self._size += size + _SMALL

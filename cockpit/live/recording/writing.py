"""A session's recording, written: each second what came, and after five minutes those as one piece.

A second's piece is in the file a moment after it came, so that a cockpit that is killed loses no more. Everything
here blocks, and belongs to one thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.live.recording.frames import Framer
from cockpit.live.recording.logpieces import Gap, Logged
from cockpit.live.recording.looking import Looking
from cockpit.live.recording.pieces import Pieces
from cockpit.live.recording.streams import Missed, Reached, Ruled, Scraped, Served
from cockpit.live.transaction import transaction

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping, Sequence

    from cockpit.live.metrics.targets import TargetUrl
    from cockpit.live.recording.looking import Span
    from cockpit.live.snapshot import Snapshot
    from cockpit.live.timeline import Shares
    from cockpit.logs.entry import Record
    from cockpit.metrics.labels import Labels
    from cockpit.release.events import Event
    from cockpit.sources.scrape import Body

WHILE = 300.0
"""Seconds of one piece: a longer one takes less room, and more time to be read from its middle."""

MOST_OPEN = 8 << 20
"""Bytes of a piece that has not ended; with more it does."""


class Writer:
    """Writes one recording over a connection to its file, whose tables are made."""

    def __init__(self, connection: sqlite3.Connection, at: float) -> None:
        """It begins `at` a time (epoch seconds)."""
        self._connection = connection
        self._framer = Framer()
        self._pieces = Pieces()
        self._looking = Looking()
        self._piece_began = at
        self._kept_since = 0.0

    @property
    def spans(self) -> Sequence[Span]:
        """From when until when somebody looked so far."""
        kept = self._kept_since
        return tuple((max(since, kept), until) for since, until in self._looking.spans if until >= kept)

    @property
    def unwritten(self) -> int:
        """About how many bytes are not in the file."""
        return self._pieces.unwritten

    def snapshot(self, snapshot: Snapshot) -> None:
        """A snapshot, in the order in which they are published."""
        self._looking.seen(snapshot.time)
        self._pieces.frame(self._framer.frame(snapshot))

    def scraped(self, target: TargetUrl, body: Body) -> None:
        """A body that metrics were read from."""
        self._pieces.scrape(Scraped(target, body))

    def reached(self, target: TargetUrl, at: float, seconds: float, samples: int) -> None:
        """A URL gave metrics at a moment (epoch seconds)."""
        self._pieces.scrape(Reached(target, at, seconds, samples))

    def missed(self, target: TargetUrl, at: float) -> None:
        """A URL was asked at a moment (epoch seconds) and gave none."""
        self._pieces.scrape(Missed(target, at))

    def served(self, at: float, percents: Mapping[str, int]) -> None:
        """Processes were attributed by this split at a moment (epoch seconds)."""
        self._pieces.scrape(Served(at, dict(percents)))

    def ruled(self, at: int, group: str, samples: Iterable[tuple[Labels, float]]) -> None:
        """What the recording rules of a group made for a moment (epoch milliseconds)."""
        self._pieces.scrape(Ruled(at, group, tuple((labels, float(value)) for labels, value in samples)))

    def logged(self, came: float, time: int, page: int, raw: bytes) -> None:
        """An entry that came at a moment (epoch seconds); see `Logged`."""
        self._pieces.entry(Logged(round(came * 1000), time, page, raw))

    def gap(self, came: float, record: Record) -> None:
        """A row in the place of entries that are missing."""
        row = Gap(record.time, record.text, int(record.severity), int(record.flags))
        self._pieces.entry(Logged(round(came * 1000), record.time, 0, row))

    def event(self, event: Event) -> None:
        """Something that happened; the same again is written once."""
        self._pieces.event(event)

    def shares(self, shares: Shares) -> None:
        """What served for a while; one that begins at the same time takes its place."""
        self._pieces.shares(shares)

    def flush(self, at: float, *, end: bool = False) -> None:
        """Write what came since the last time, up to `at` (epoch seconds); at the `end` all of it for long.

        Where it raises sqlite3.Error nothing was written, and all of it still waits.
        """
        whole = end or at - self._piece_began >= WHILE or self._pieces.open > MOST_OPEN
        self._looking.seen(at)
        with transaction(self._connection):
            self._pieces.write(self._connection, whole=whole)
            self._looking.write(self._connection)
        self._pieces.written(whole=whole)
        self._looking.written()
        if whole:
            self._piece_began = at

    def trimmed(self, since: float) -> None:
        """Nothing is left from before a time (epoch seconds)."""
        self._kept_since = since

    def discard(self) -> int:
        """Give up what waits to be written, for want of room; how many things were lost."""
        self._framer.forget()
        self._looking.discard()
        return self._pieces.discard()

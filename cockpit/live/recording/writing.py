"""A recording, written: each second what came, each minute the minute's seconds as one piece.

A second's piece is in the file a moment after it came, so that a cockpit that is killed loses no more; of a minute
what repeats itself is packed once. Everything here blocks, and belongs to one thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

import msgspec

from cockpit.live.recording.frames import Framer
from cockpit.live.recording.looking import Looking
from cockpit.live.recording.streams import (
    Compressor,
    Frame,
    Gap,
    Logged,
    Missed,
    Reached,
    Ruled,
    Scrape,
    Scraped,
    Stream,
)

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Sequence

    from cockpit.live.metrics.targets import TargetUrl
    from cockpit.live.recording.looking import Span
    from cockpit.live.snapshot import Snapshot
    from cockpit.live.timeline import Shares
    from cockpit.logs.entry import Record
    from cockpit.metrics.labels import Labels
    from cockpit.release.events import Event
    from cockpit.sources.scrape import Body

T = TypeVar("T")

MINUTE = 60.0
MOST_OPEN = 8 << 20
"""Bytes that wait for the minute's end; with more it ends before."""

_PER_THING = 64
_INSERT = "INSERT INTO pieces (stream, since, until, whole, opens, data) VALUES (?, ?, ?, ?, ?, ?)"


class _Course(Generic[T]):
    """One stream on its way into the file: of the minute what is written already, and what is new."""

    def __init__(
        self, stream: Stream, pack: Callable[[Sequence[T]], bytes], time_of: Callable[[T], float]
    ) -> None:
        self.size = 0
        self.unwritten = 0
        self.minute: list[T] = []
        self.new: list[T] = []
        self._stream = stream
        self._pack = pack
        self._time_of = time_of

    def add(self, thing: T, size: int) -> None:
        self.new.append(thing)
        self.size += size + _PER_THING
        self.unwritten += size + _PER_THING

    def discard(self) -> int:
        """Give up what is new; how many things."""
        lost = len(self.new)
        self.size -= self.unwritten
        self.new, self.unwritten = [], 0
        return lost

    @property
    def open(self) -> bool:
        """Whether a minute has begun."""
        return bool(self.minute or self.new)

    def write(self, connection: sqlite3.Connection, *, whole: bool) -> None:
        """Write what is new, or all of the minute in the place of its seconds."""
        if whole and self.open:
            connection.execute("DELETE FROM pieces WHERE stream = ? AND NOT whole", (self._stream,))
            self._insert(connection, [*self.minute, *self.new], whole=True, opens=True)
        elif self.new:
            opens = self._stream is not Stream.SNAPSHOTS or not self.minute
            self._insert(connection, self.new, whole=False, opens=opens)

    def written(self, *, whole: bool) -> None:
        """What was written is in the file."""
        if whole:
            self.minute, self.size = [], 0
        else:
            self.minute += self.new
        self.new, self.unwritten = [], 0

    def _insert(self, connection: sqlite3.Connection, things: Sequence[T], *, whole: bool, opens: bool) -> None:
        times = [self._time_of(thing) for thing in things]
        row = (self._stream, min(times), max(times), whole, opens, self._pack(things))
        connection.execute(_INSERT, row)


class Writer:
    """Writes one recording over a connection to its file, whose tables are made."""

    def __init__(self, connection: sqlite3.Connection, at: float) -> None:
        """It begins `at` a time (epoch seconds)."""
        self._connection = connection
        packed = Compressor()
        self._framer = Framer()
        self._frames: _Course[Frame] = _Course(Stream.SNAPSHOTS, packed.frames, lambda frame: frame.at)
        self._scrapes: _Course[Scrape] = _Course(Stream.SCRAPES, packed.scrapes, lambda scrape: scrape.at)
        self._log: _Course[Logged] = _Course(Stream.LOG, packed.log, lambda entry: entry.moment)
        self._courses = (self._frames, self._scrapes, self._log)
        self._events: list[Event] = []
        self._shares: list[Shares] = []
        self._looking = Looking()
        self._minute_began = at
        self._kept_since = 0.0

    def snapshot(self, snapshot: Snapshot) -> None:
        """A snapshot, in the order in which they are published."""
        self._looking.seen(snapshot.time)
        frame = self._framer.frame(snapshot)
        if not self._frames.open:
            frame = self._framer.key_frame(snapshot.time)
        self._frames.add(frame, sum(map(len, frame.parts.values())))

    def scraped(self, target: TargetUrl, body: Body) -> None:
        """A body that metrics were read from."""
        self._scrapes.add(Scraped(target, body), len(body.content))

    def reached(self, target: TargetUrl, at: float, seconds: float, samples: int) -> None:
        """A URL gave metrics at a moment (epoch seconds)."""
        self._scrapes.add(Reached(target, at, seconds, samples), 0)

    def missed(self, target: TargetUrl, at: float) -> None:
        """A URL was asked at a moment (epoch seconds) and gave none."""
        self._scrapes.add(Missed(target, at), 0)

    def ruled(self, at: int, group: str, samples: Iterable[tuple[Labels, float]]) -> None:
        """What the recording rules of a group made for a moment (epoch milliseconds)."""
        made = Ruled(at, group, tuple((labels, float(value)) for labels, value in samples))
        self._scrapes.add(made, _PER_THING * len(made.samples))

    def logged(self, came: float, time: int, page: int, raw: bytes) -> None:
        """An entry that came at a moment (epoch seconds); see `Logged`."""
        self._log.add(Logged(round(came * 1000), time, page, raw), len(raw))

    def gap(self, came: float, record: Record) -> None:
        """A row in the place of entries that are missing."""
        row = Gap(record.time, record.text, int(record.severity), int(record.flags))
        self._log.add(Logged(round(came * 1000), record.time, 0, row), len(record.text))

    def event(self, event: Event) -> None:
        """Something that happened; the same again is written once."""
        self._events.append(event)

    def shares(self, shares: Shares) -> None:
        """What served for a while; one that begins at the same time takes its place."""
        self._shares.append(shares)

    @property
    def spans(self) -> Sequence[Span]:
        """From when until when somebody looked so far."""
        kept = self._kept_since
        return tuple((max(since, kept), until) for since, until in self._looking.spans if until >= kept)

    @property
    def unwritten(self) -> int:
        """About how many bytes are not in the file."""
        return sum(course.unwritten for course in self._courses)

    @property
    def waiting(self) -> int:
        """About how many bytes are not in a whole piece yet."""
        return sum(course.size for course in self._courses)

    def flush(self, at: float, *, end: bool = False) -> None:
        """Write what came since the last time, up to `at` (epoch seconds); at the `end` the minute, too.

        Where it raises sqlite3.Error nothing was written, and all of it still waits.
        """
        whole = end or at - self._minute_began >= MINUTE or self.waiting > MOST_OPEN
        connection = self._connection
        self._looking.seen(at)
        connection.execute("BEGIN IMMEDIATE")
        try:
            for course in self._courses:
                course.write(connection, whole=whole)
            connection.executemany(_PUT_EVENT, map(_event_row, self._events))
            connection.executemany(_PUT_SHARES, map(_shares_row, self._shares))
            self._looking.write(connection)
            connection.execute("COMMIT")
        except BaseException:
            # A full disk may have rolled back by itself.
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        self._looking.written()
        for course in self._courses:
            course.written(whole=whole)
        self._events, self._shares = [], []
        if whole:
            self._minute_began = at

    def trimmed(self, since: float) -> None:
        """Nothing is left from before a time (epoch seconds)."""
        self._kept_since = since

    def discard(self) -> int:
        """Give up what waits to be written, for want of room; how many things were lost."""
        lost = sum(course.discard() for course in self._courses)
        lost += len(self._events) + len(self._shares)
        self._events, self._shares = [], []
        self._framer.forget()
        self._looking.discard()
        return lost


_PUT_EVENT = """
    INSERT INTO events (key, at, kind, subject, text, who, revision) VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (key) DO UPDATE SET at = excluded.at, text = excluded.text, who = excluded.who
"""
_PUT_SHARES = """
    INSERT INTO shares (since, until, percents) VALUES (?, ?, ?)
    ON CONFLICT (since) DO UPDATE SET until = excluded.until, percents = excluded.percents
"""


def _event_row(event: Event) -> tuple[object, ...]:
    texts = (event.key, event.subject, event.text, event.who, event.revision)
    # Half a surrogate pair has no UTF-8, and SQLite no other text.
    key, subject, text, who, revision = (each.encode("utf-8", "replace").decode() for each in texts)
    return (key, event.at, event.kind.value, subject, text, who, revision)


def _shares_row(shares: Shares) -> tuple[object, ...]:
    return (shares.since, shares.until, msgspec.json.encode(shares.percents).decode())

"""A recording's tables, filled: what came in small pieces at once, and a while of it as one piece later.

What repeats itself within a piece is packed once, so that five minutes take far less room than their seconds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

import msgspec

from cockpit.live.recording.logpieces import Gap, Logged
from cockpit.live.recording.streams import Compressor, Frame, Ruled, Scrape, Scraped, Stream

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence

    from cockpit.live.timeline import Shares
    from cockpit.release.events import Event

T = TypeVar("T")
T_contra = TypeVar("T_contra", contravariant=True)

_PER_THING = 64
_INSERT = "INSERT INTO pieces (stream, since, until, whole, opens, data) VALUES (?, ?, ?, ?, ?, ?)"

_PUT_EVENT = """
    INSERT INTO events (key, at, kind, subject, text, who, revision, details) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (key) DO UPDATE SET at = excluded.at, subject = excluded.subject, text = excluded.text,
        who = excluded.who, revision = excluded.revision, details = excluded.details
"""
_PUT_SHARES = """
    INSERT INTO shares (since, until, percents) VALUES (?, ?, ?)
    ON CONFLICT (since) DO UPDATE SET until = excluded.until, percents = excluded.percents
"""


class Pieces:
    """What is to be written to one recording, until it is written. Belongs to one thread."""

    def __init__(self) -> None:
        packed = Compressor()
        self._frames: _Course[Frame] = _Course(Stream.SNAPSHOTS, packed.frames, lambda frame: frame.at)
        self._scrapes: _Course[Scrape] = _Course(Stream.SCRAPES, packed.scrapes, lambda scrape: scrape.at)
        self._log: _Course[Logged] = _Course(Stream.LOG, packed.log, lambda entry: entry.moment)
        self._courses = (self._frames, self._scrapes, self._log)
        self._events: list[Event] = []
        self._shares: list[Shares] = []
        self._parts: dict[str, bytes] = {}

    def frame(self, frame: Frame) -> None:
        """What is new in a snapshot; the first one ever has every part."""
        self._parts.update(frame.parts)
        if not self._frames.open:
            frame = Frame(frame.at, dict(self._parts))
        self._frames.add(frame, sum(map(len, frame.parts.values())))

    def scrape(self, scrape: Scrape) -> None:
        """Something that went to the store of samples."""
        self._scrapes.add(scrape, _size_of_scrape(scrape))

    def entry(self, entry: Logged) -> None:
        """An entry of the log, or what stands in a gap of it."""
        self._log.add(entry, len(entry.entry.text if isinstance(entry.entry, Gap) else entry.entry))

    def event(self, event: Event) -> None:
        """Something that happened; the same again is written once."""
        self._events.append(event)

    def shares(self, shares: Shares) -> None:
        """What served for a while; one that begins at the same time takes its place."""
        self._shares.append(shares)

    @property
    def open(self) -> int:
        """About how many bytes are not in a whole piece yet."""
        return sum(course.size for course in self._courses)

    @property
    def unwritten(self) -> int:
        """About how many bytes are not in the file."""
        return sum(course.unwritten for course in self._courses)

    def write(self, connection: sqlite3.Connection, *, whole: bool) -> None:
        """Write what is new, within a transaction; `whole` ends the pieces. Raises sqlite3.Error."""
        for course in self._courses:
            course.write(connection, whole=whole)
        connection.executemany(_PUT_EVENT, map(_event_row, self._events))
        connection.executemany(_PUT_SHARES, map(_shares_row, self._shares))

    def written(self, *, whole: bool) -> None:
        """The transaction has ended well: it waits no more."""
        for course in self._courses:
            course.written(whole=whole)
        self._events, self._shares = [], []

    def discard(self) -> int:
        """Give up what is new; how many things. The next frame must have every part."""
        lost = sum(course.discard() for course in self._courses) + len(self._events) + len(self._shares)
        self._events, self._shares = [], []
        return lost


class Pack(Protocol[T_contra]):
    """Makes a piece of things; one that is `lasting` smaller, and not as quickly."""

    def __call__(self, things: Sequence[T_contra], /, *, lasting: bool) -> bytes: ...


class _Course(Generic[T]):
    """One stream on its way into the file: of the minute what is written already, and what is new."""

    def __init__(self, stream: Stream, pack: Pack[T], time_of: Callable[[T], float]) -> None:
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
        row = (self._stream, min(times), max(times), whole, opens, self._pack(things, lasting=whole))
        connection.execute(_INSERT, row)


def _size_of_scrape(scrape: Scrape) -> int:
    if isinstance(scrape, Scraped):
        return len(scrape.body.content)
    return _PER_THING * len(scrape.samples) if isinstance(scrape, Ruled) else 0


def _event_row(event: Event) -> tuple[object, ...]:
    key, *texts = map(_writable, (event.key, event.subject, event.text, event.who, event.revision))
    details = [[_writable(name), _writable(text)] for name, text in event.details]
    return (key, event.at, event.kind.value, *texts, msgspec.json.encode(details).decode())


def _writable(text: str) -> str:
    """Half a surrogate pair has no UTF-8, and SQLite no other text."""
    return text.encode("utf-8", "replace").decode()


def _shares_row(shares: Shares) -> tuple[object, ...]:
    return (shares.since, shares.until, msgspec.json.encode(shares.percents).decode())

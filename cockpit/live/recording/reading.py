"""A recording, read: how everything stood at any time, and all that came.

Everything here blocks while it reads and unpacks: call it in a thread. One `Recording` may be used by several.
"""

from __future__ import annotations

import sqlite3
import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from cockpit.live.recording.errors import RecordingError
from cockpit.live.recording.frames import Unframer
from cockpit.live.recording.opening import RECOVER, open_file, unreadable
from cockpit.live.recording.streams import Frame, Stream, frames_of, logged_of, scrapes_of
from cockpit.live.timeline import Shares
from cockpit.release.events import Event, EventKind
from cockpit.release.service import ServiceRef

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager as Lock
    from pathlib import Path
    from typing import Self

    from cockpit.live.recording.logpieces import Logged
    from cockpit.live.recording.streams import Scrape
    from cockpit.live.snapshot import Snapshot

E = TypeVar("E")

EVER = float("inf")
_LATEST = 253_402_128_000.0
"""Two days before the year 10,000: later moments have no date in every time zone."""

_MOST_FRAMES = 2000
"""Frames that are kept as they were unpacked: some pieces of five minutes, and the seconds that are none yet."""

_FROM_PIECES = "SELECT id, CASE WHEN whole THEN NULL ELSE data END FROM pieces WHERE stream = ?"
"""The small pieces at once: while one is read they may become part of a larger one."""

_OPENING = "SELECT max(id) FROM pieces WHERE stream = ? AND opens AND since <= ?"


@dataclass(frozen=True, slots=True)
class About:
    """What a recording is of. Times are epoch seconds.

    `cockpit` is the version that made it, `engine` what answered PromQL then: "local", for which alone there are
    scrapes, or a URL. `spans` tell from when until when somebody looked, oldest first. `lead_in` is how many
    seconds before the first span scrapes begin: an export has some more of them, so that rates have their window.
    `damage` says what is missing of a file that is cut off or damaged, "" for a whole one.
    """

    path: Path
    format: int
    cockpit: str
    ref: ServiceRef
    engine: str
    spans: tuple[tuple[float, float], ...]
    lead_in: float = 0.0
    damage: str = ""

    @property
    def begun(self) -> float:
        """When the first span begins."""
        return self.spans[0][0]

    @property
    def ended(self) -> float:
        """When the last span ends; of one that is still recorded, its last second so far."""
        return self.spans[-1][1]


class Recording:
    """One recording. It may still grow: every call sees what has been written until then.

    Every method but `close` raises RecordingError where the file is damaged at the place it needs.
    """

    def __init__(
        self, path: Path, connection: sqlite3.Connection, *, lock: Lock[Any] | None = None, damage: str = ""
    ) -> None:
        """Of a connection that only this one uses, or whoever holds `lock`; see `open`."""
        self.path = path
        self._connection = connection
        self._is_own = lock is None
        self._lock = lock or threading.RLock()
        self._damage = damage
        self._unframer = Unframer()
        self._frames: OrderedDict[int, list[Frame]] = OrderedDict()

    @classmethod
    def open(cls, path: Path) -> Self:
        """The recording in a file. Raises RecordingError for what is none, or cannot be read by this version."""
        opened = open_file(path)
        return cls(path, opened.connection, damage=opened.damage)

    def close(self) -> None:
        """Let the file go; a connection that others use stays theirs."""
        if self._is_own:
            with self._lock:
                self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def about(self) -> About:
        """What it is of."""
        told = {str(row[0]): str(row[1]) for row in self._rows("SELECT key, value FROM about")}
        try:
            ref = ServiceRef(told["project"], told["region"], told["service"])
            lead_in = _moment(told.get("lead_in", 0))
        except (KeyError, ValueError) as error:
            said = self._damage or f"it does not say what it is of: {error}"
            raise RecordingError(f"{self.path} cannot be used: {said}", RECOVER) from error
        rows = self._rows("SELECT since, until FROM spans ORDER BY since")
        try:
            spans = tuple((_moment(since), _moment(until)) for since, until in rows)
        except ValueError as error:
            raise self._not_ours(error) from error
        if not spans and self._damage:
            raise RecordingError(f"{self.path} cannot be used: {self._damage}", RECOVER)
        if not spans:
            raise RecordingError(f"{self.path} is empty", "nothing was recorded in it")
        [(number,)] = self._rows("PRAGMA user_version")
        return About(
            self.path,
            int(number),
            told.get("cockpit", ""),
            ref,
            told.get("engine", ""),
            spans,
            lead_in,
            self._damage,
        )

    def snapshot(self, at: float) -> Snapshot | None:
        """The newest snapshot that was there at a time; None where nobody looked."""
        if not self._rows("SELECT 1 FROM spans WHERE since <= ? AND until >= ? LIMIT 1", at, at):
            return None
        parts: dict[str, bytes] = {}
        for frame in self._frames_between(at, at):
            if frame.at > at:
                break
            parts.update(frame.parts)
        return self._snapshot(parts) if parts else None

    def snapshots(self, since: float = 0.0, until: float = EVER) -> Iterator[Snapshot]:
        """Every snapshot of a time, both ends included, in the order they were published."""
        parts: dict[str, bytes] = {}
        for frame in self._frames_between(since, until):
            parts.update(frame.parts)
            if since <= frame.at <= until:
                yield self._snapshot(parts)

    def frames(self, since: float, until: float) -> Iterator[Frame]:
        """What the snapshots of a time within one span are made of.

        The first has every part: it is the one that stood at `since`, unless the span begins there.
        """
        [(looked,)] = self._rows("SELECT coalesce(max(since), 0.0) FROM spans WHERE since <= ?", since)
        parts: dict[str, bytes] = {}
        stood: Frame | None = None
        begun = False
        for frame in self._frames_between(since, until):
            if frame.at > until:
                break
            if begun:
                yield frame
                continue
            parts.update(frame.parts)
            if looked <= frame.at < since:
                stood = Frame(frame.at, dict(parts))
            elif frame.at >= since:
                if stood is not None:
                    yield stood
                yield Frame(frame.at, dict(parts))
                begun = True
        if not begun and stood is not None:
            yield stood

    def moments(self, since: float = 0.0, until: float = EVER) -> list[float]:
        """The times of these snapshots (`Snapshot.time`)."""
        return [frame.at for frame in self._frames_between(since, until) if since <= frame.at <= until]

    def scrapes(self, since: float = 0.0, until: float = EVER) -> Iterator[Scrape]:
        """What was scraped in a time, both ends included, in the order in which it went to the store."""
        for scrape in self._each(Stream.SCRAPES, since, until, scrapes_of):
            if since <= scrape.at <= until:
                yield scrape

    def entries(self, since: float = 0.0, until: float = EVER) -> Iterator[Logged]:
        """The log's entries of a time of their own, both ends included, in the order in which they came.

        Those that have no time are at the time they came.
        """
        for entry in self._each(Stream.LOG, since, until, logged_of):
            if since <= entry.moment <= until:
                yield entry

    def events(self, since: float = 0.0, until: float = EVER) -> list[Event]:
        """What happened in a time, oldest first."""
        query = (
            "SELECT at, kind, subject, text, key, who, revision, details FROM events "
            "WHERE at BETWEEN ? AND ? ORDER BY at, key"
        )
        try:
            return [_event(row) for row in self._rows(query, since, until)]
        except (ValueError, msgspec.MsgspecError) as error:
            raise self._not_ours(error) from error

    def shares(self, since: float = 0.0, until: float = EVER) -> list[Shares]:
        """What served in a time, oldest first; those at its ends are as long as they were."""
        query = "SELECT since, until, percents FROM shares WHERE until >= ? AND since <= ? ORDER BY since"
        try:
            return [
                Shares(
                    _moment(start), _moment(end), msgspec.json.decode(percents, type=tuple[tuple[str, int], ...])
                )
                for start, end, percents in self._rows(query, since, until)
            ]
        except (ValueError, msgspec.MsgspecError) as error:
            raise self._not_ours(error) from error

    def _frames_between(self, since: float, until: float) -> Iterator[Frame]:
        """The frames of a time, and those before that they are read from."""
        query = f"{_FROM_PIECES} AND id >= coalesce(({_OPENING}), 0) AND since <= ? ORDER BY id"
        for piece, data in self._rows(query, Stream.SNAPSHOTS, Stream.SNAPSHOTS, since, until):
            yield from self._frames_of(piece, data)

    def _snapshot(self, parts: dict[str, bytes]) -> Snapshot:
        try:
            with self._lock:
                return self._unframer.snapshot(parts)
        except ValueError as error:
            raise self._not_ours(error) from error

    def _frames_of(self, piece: int, data: bytes | None) -> list[Frame]:
        with self._lock:
            found = self._frames.get(piece)
            if found is None:
                found = self._frames[piece] = self._read(piece, data, frames_of)
            self._frames.move_to_end(piece)
            while len(self._frames) > 1 and sum(map(len, self._frames.values())) > _MOST_FRAMES:
                self._frames.popitem(last=False)
            return found

    def _each(self, stream: Stream, since: float, until: float, read: Callable[[bytes], list[E]]) -> Iterator[E]:
        query = f"{_FROM_PIECES} AND until >= ? AND since <= ? ORDER BY id"
        for piece, data in self._rows(query, stream, since, until):
            yield from self._read(piece, data, read)

    def _read(self, piece: int, data: bytes | None, read: Callable[[bytes], list[E]]) -> list[E]:
        """What a piece holds; nothing where it has just left for want of room."""
        if data is None:
            found = self._rows("SELECT data FROM pieces WHERE id = ?", piece)
            if not found:
                return []
            data = found[0][0]
        try:
            return read(data)
        except ValueError as error:
            raise self._not_ours(error) from error

    def _not_ours(self, error: Exception) -> RecordingError:
        return RecordingError(f"{self.path} is damaged: {error}", RECOVER)

    def _rows(self, query: str, *values: float) -> list[tuple[Any, ...]]:
        try:
            with self._lock:
                return self._connection.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise unreadable(self.path, error) from error


def _event(row: tuple[Any, ...]) -> Event:
    at, kind, subject, text, key, who, revision, details = row
    found = msgspec.json.decode(details, type=tuple[tuple[str, str], ...])
    return Event(_moment(at), EventKind(kind), subject, text, key, who, revision, found)


def _moment(value: str | float) -> float:
    """A time as it stands in a file. Raises ValueError for what is none."""
    at = float(value)
    if not 0 <= at <= _LATEST:
        raise ValueError(f"{at:g} is no time")
    return at

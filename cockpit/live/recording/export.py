"""One incident as a file to hand on: cut out of the recordings of a service, whoever made them, and complete.

Everything here blocks: call it in a thread.
"""

from __future__ import annotations

import errno
import os
import secrets
import sqlite3
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from cockpit.live.recording.errors import RecordingError
from cockpit.live.recording.looking import joined
from cockpit.live.recording.pieces import Pieces
from cockpit.live.recording.reading import Recording
from cockpit.live.recording.streams import Frame
from cockpit.live.recording.tape import mend_of, prepare
from cockpit.live.recording.turns import Turn, turns
from cockpit.live.recording.writing import MOST_OPEN, WHILE
from cockpit.live.transaction import transaction
from cockpit.sources.entries import entry_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from cockpit.live.recording.logpieces import Logged
    from cockpit.live.recording.looking import Span
    from cockpit.live.recording.reading import About

T = TypeVar("T")

_NO_LINKS = frozenset((errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS))
"""What file systems say that have no second names for a file."""

LEAD_IN = 300.0
"""Seconds before the beginning from which samples are taken along: a rate looks back."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: where, how many bytes, and what of. `spans` are when somebody looked (epoch seconds)."""

    path: Path
    size: int
    spans: tuple[Span, ...]
    snapshots: int = 0
    scrapes: int = 0
    entries: int = 0
    events: int = 0


def export(sources: Sequence[About], since: float, until: float, target: Path) -> Exported:
    """Write what recordings of one service have of a time (epoch seconds), both ends included, to a new file.

    Where several cockpits looked at once, one of them is taken; events and log entries are taken from all, each
    once. The file has its name when it is complete. Raises RecordingError, also where there is such a file
    already, and where nobody looked.
    """
    order = turns(sources, since, until)
    if not order:
        raise RecordingError("nobody looked then", "`cockpit recordings` lists from when until when somebody did")
    if target.exists():
        raise RecordingError(f"there is a file {target} already", "name another one with -o, or remove it")
    beside = target.with_name(f".{secrets.token_hex(4)}.part")
    try:
        told = _written(beside, order, sources, since, until)
        _take_place(beside, target)
    except sqlite3.Error as error:
        raise RecordingError(f"{target} could not be written: {error}", mend_of(error)) from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise RecordingError(f"{target} could not be written: {reason}", "name a file of yours with -o") from error
    finally:
        beside.unlink(missing_ok=True)
    return Exported(target, target.stat().st_size, joined((turn.since, turn.until) for turn in order), **told)


def _take_place(beside: Path, target: Path) -> None:
    """Give a file its name, and never over one that is there by now. Raises OSError."""
    try:
        os.link(beside, target)
    except OSError as error:
        if error.errno not in _NO_LINKS or target.exists():
            raise
        beside.rename(target)


def _written(
    path: Path, order: Sequence[Turn], sources: Sequence[About], since: float, until: float
) -> dict[str, int]:
    about = order[0].about
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    with closing(sqlite3.connect(path, isolation_level=None)) as connection, ExitStack() as stack:
        # Whoever breaks off has no file at all, so nothing need outlive that.
        prepare(connection, _facts(about), ("journal_mode = OFF", "synchronous = OFF"))
        opened = {each.path: stack.enter_context(Recording.open(each.path)) for each in sources}
        cut = _Cut(connection, order, opened, since, until)
        told = {
            "snapshots": cut.snapshots(),
            "scrapes": cut.scrapes(),
            "entries": cut.entries(),
            "events": cut.events(),
        }
        cut.spans()
    return told


class _Cut:
    """The parts of recordings that go into one file."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        order: Sequence[Turn],
        opened: dict[Path, Recording],
        since: float,
        until: float,
    ) -> None:
        self._connection = connection
        self._order = order
        self._opened = opened
        self._since, self._until = since, until
        self._pieces = Pieces()

    def snapshots(self) -> int:
        return self._copy(self._each_frame(), self._pieces.frame, lambda frame: frame.at)

    def scrapes(self) -> int:
        """Samples, from somewhat before the beginning on."""
        first = self._order[0].since
        spans = [(turn, first - LEAD_IN if turn.since == first else turn.since) for turn in self._order]
        found = (
            scrape for turn, since in spans for scrape in self._opened[turn.about.path].scrapes(since, turn.until)
        )
        with transaction(self._connection):
            self._connection.execute("INSERT INTO about VALUES ('lead_in', ?)", (str(LEAD_IN),))
        return self._copy(found, self._pieces.scrape, lambda scrape: scrape.at)

    def entries(self) -> int:
        return self._copy(self._each_entry(), self._pieces.entry, lambda entry: entry.moment)

    def events(self) -> int:
        """What happened, and what served."""
        keys = set()
        for recording in self._opened.values():
            for event in recording.events(self._since, self._until):
                keys.add(event.key)
                self._pieces.event(event)
        for turn in self._order:
            for shares in self._opened[turn.about.path].shares(turn.since, turn.until):
                clipped = (max(shares.since, turn.since), min(shares.until, turn.until))
                self._pieces.shares(shares._replace(since=clipped[0], until=clipped[1]))
        self._write()
        return len(keys)

    def spans(self) -> None:
        with transaction(self._connection):
            for span in joined((turn.since, turn.until) for turn in self._order):
                self._connection.execute("INSERT INTO spans (since, until) VALUES (?, ?)", span)

    def _each_frame(self) -> Iterator[Frame]:
        """One after the other: where a turn follows another, what stood at its beginning is older than that."""
        newest = float("-inf")
        for turn in self._order:
            older: dict[str, bytes] = {}
            for frame in self._opened[turn.about.path].frames(turn.since, turn.until):
                if frame.at <= newest:
                    older.update(frame.parts)
                    continue
                yield Frame(frame.at, older | frame.parts)
                newest, older = frame.at, {}

    def _each_entry(self) -> Iterator[Logged]:
        """Those that stood in the log of whoever looked first, then what only others have."""
        known: set[tuple[str, str, int]] = set()
        chosen = dict.fromkeys(turn.about.path for turn in self._order)
        for number, path in enumerate(dict.fromkeys([*chosen, *self._opened])):
            for entry in self._opened[path].entries(self._since, self._until):
                if isinstance(entry.entry, bytes):
                    raw = entry_of(entry.entry)
                    key = (raw.insert_id, raw.log_name, entry.time)
                    if key in known:
                        continue
                    known.add(key)
                elif path not in chosen:
                    continue
                yield entry.of_recording(number)

    def _copy(self, things: Iterable[T], take: Callable[[T], None], time_of: Callable[[T], float]) -> int:
        count, began = 0, float("inf")
        for thing in things:
            at = time_of(thing)
            if abs(at - began) >= WHILE or self._pieces.open > MOST_OPEN:
                self._write()
                began = at
            take(thing)
            count += 1
        self._write()
        return count

    def _write(self) -> None:
        with transaction(self._connection):
            self._pieces.write(self._connection, whole=True)
        self._pieces.written(whole=True)


def _facts(about: About) -> dict[str, str]:
    ref = about.ref
    return {"project": ref.project, "region": ref.region, "service": ref.service, "engine": about.engine}

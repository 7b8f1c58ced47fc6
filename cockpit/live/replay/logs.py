"""The log's entries of a recording, in a store as they were live."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from enum import Enum
from itertools import groupby, islice
from typing import TYPE_CHECKING, Any, NamedTuple

from google.protobuf.message import DecodeError

from cockpit.live.logs.intake import Intake
from cockpit.live.logs.pulse import Pulse
from cockpit.live.logs.reading import NAME, LogsState, Mode
from cockpit.live.snapshot import Feed, FeedState, Problem
from cockpit.logs.entry import Record, Severity
from cockpit.logs.names import Names
from cockpit.logs.store import LogStore
from cockpit.sources.entries import entry_of, payload_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from cockpit.config.logs import LogsSettings
    from cockpit.live.logs.reading import Broken
    from cockpit.live.recording.errors import RecordingError
    from cockpit.live.recording.logpieces import Logged
    from cockpit.live.recording.reading import About, Recording
    from cockpit.logs.query.pushdown import Pushed

AT_ONCE = 2_000
"""Entries that are read between two turns of the loop's."""


class _Kind(Enum):
    """What something is that came: an entry, what stands in a gap, or bytes that are no entry."""

    ENTRY = 0
    GAP = 1
    BROKEN = 2


class _Came(NamedTuple):
    """Something that came, `at` a moment (epoch seconds), and the page it came with, 0 for a stream's."""

    at: float
    page: int
    kind: _Kind
    what: Any


class RecordedLogs:
    """A `Logs` of a recording's entries: all come to hand, as far as settings have room, while `read` runs."""

    def __init__(self, about: About, settings: LogsSettings) -> None:
        self._about = about
        self._store = LogStore(Names(), most=settings.entries, most_bytes=settings.memory)
        self._pulse = Pulse()
        self._intake = Intake(self._store, self._pulse.touch)
        self._undecoded = 0
        self._state = LogsState(about.ref.service, Mode.READING, Feed(NAME, FeedState.LIVE), progress=0.0)

    @property
    def store(self) -> LogStore:
        """The entries that are at hand."""
        return self._store

    @property
    def state(self) -> LogsState:
        """How far it is read."""
        return replace(self._state, broken=self._intake.broken_count + self._undecoded)

    def subscribe(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Call `changed` when there is more; returns the way to stop."""
        return self._pulse.subscribe(changed)

    async def read(self, recording: Recording, told: Callable[[float], None]) -> None:
        """Read all of them; `told` hears the part that was, 0 to 1. Raises RecordingError."""
        understanding = asyncio.create_task(self._intake.run())
        try:
            entries = recording.entries()
            while found := await asyncio.to_thread(_decoded, entries):
                await self._take(found)
                self._progress(found[-1].at)
                told(self._state.progress or 0.0)
            await self._intake.finish()
        finally:
            understanding.cancel()
            await asyncio.gather(understanding, return_exceptions=True)
        self._state = replace(self._state, mode=Mode.DONE, progress=1.0, whole=not self._store.dropped)
        self._pulse.touch()
        told(1.0)

    def fail(self, error: RecordingError) -> None:
        """The rest cannot be read."""
        problem = Problem("recording", str(error), error.mend)
        self._state = replace(self._state, mode=Mode.DONE, feed=Feed(NAME, FeedState.FAILED, problem=problem))
        self._pulse.touch()

    def close(self) -> None:
        """Tell nobody any more."""
        self._pulse.close()

    async def older(self, pushed: Pushed | None = None) -> int:  # noqa: ARG002 - a Logs' own
        """Nothing: a recording is read whole."""
        return 0

    async def payload(self, row: int) -> Mapping[str, object]:
        """All that was logged of a row. Raises KeyError for one that left."""
        segment, at = self._store.locate(row)
        raw = segment.payload(at)
        return payload_of(raw) if raw else {"textPayload": segment.text(at)}

    def broken(self) -> Sequence[Broken]:
        """The latest entries that could not be read."""
        return tuple(self._intake.broken)

    def command(self, pushed: Pushed | None = None) -> str:  # noqa: ARG002 - no command does the same
        """Nothing does the same."""
        return ""

    async def _take(self, found: Sequence[_Came]) -> None:
        """Hand entries on as they came: one by one in a stream, or a page at a time."""
        for (page, kind), run in groupby(found, lambda each: (each.page, each.kind)):
            what = [each.what for each in run]
            if kind is _Kind.BROKEN:
                self._undecoded += len(what)
            elif kind is _Kind.GAP:
                for record in what:
                    self._intake.note(record)
            elif page:
                self._intake.take_page(what)
            else:
                self._intake.take(what)
            await self._intake.room()

    def _progress(self, at: float) -> None:
        length = max(1e-9, self._about.ended - self._about.begun)
        self._state = replace(self._state, progress=min(1.0, max(0.0, at - self._about.begun) / length))
        self._pulse.touch()


def _decoded(entries: Iterator[Logged]) -> list[_Came]:
    """In a thread: the next entries, ready to be understood."""
    return [_came(each) for each in islice(entries, AT_ONCE)]


def _came(logged: Logged) -> _Came:
    raw = logged.entry
    if not isinstance(raw, bytes):
        gap = Record(raw.time, raw.text, Severity(raw.severity), raw.flags)
        return _Came(logged.moment, logged.page, _Kind.GAP, gap)
    try:
        return _Came(logged.moment, logged.page, _Kind.ENTRY, entry_of(raw))
    except DecodeError:
        return _Came(logged.moment, logged.page, _Kind.BROKEN, None)

"""A session on its way into a recording, and its way back to what was recorded of its service before."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, NamedTuple

from cockpit.live.timeline import Shares

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from cockpit.live.clock import Clock
    from cockpit.live.events.timeline import LiveTimeline
    from cockpit.live.recording.inbox import Inbox
    from cockpit.live.recording.memory import RecordedMemory
    from cockpit.live.recording.recorder import Recorder
    from cockpit.live.snapshot import Problem
    from cockpit.live.state import State
    from cockpit.release.events import Event
    from cockpit.release.service import ServiceRef

DAYS_BACK = 90
_DAY = 86_400.0


class Before(NamedTuple):
    """What earlier sessions recorded of what happened and what served, oldest first."""

    events: Sequence[Event]
    shares: Sequence[Shares]


class Keeping:
    """Records one session, from `begin` until `stop`. `folder` is None where nothing is on the disk.

    It loads what it needs in threads, after it has begun.
    """

    def __init__(self, ref: ServiceRef, recorder: Recorder, folder: Path | None, clock: Clock) -> None:
        self._ref = ref
        self._recorder = recorder
        self._folder = folder
        self._clock = clock
        self._begun = clock.time()
        self._memory: RecordedMemory | None = None
        self._timeline: LiveTimeline | None = None
        self._ends: list[Callable[[], None]] = []

    @property
    def inbox(self) -> Inbox:
        """What takes samples and log entries."""
        return self._recorder.inbox

    @property
    def problem(self) -> Problem | None:
        """Why something is not recorded, None where all is."""
        return self._recorder.problem

    def begin(self, state: State, timeline: LiveTimeline) -> None:
        """Record every snapshot from now on, and what happens."""
        self._timeline = timeline
        self.inbox.snapshot(state.snapshot)
        self._ends = [state.subscribe(self.inbox.snapshot), timeline.listen(self.inbox.event)]
        self._recorder.start()

    def beat(self) -> None:
        """Record what serves, as far as it was seen in this session."""
        shares = self._timeline.shares if self._timeline is not None else ()
        for each in shares[-2:]:  # the last one grows, and the one before it has just stopped growing
            if each.until >= self._begun:
                self.inbox.shares(each._replace(since=max(each.since, self._begun)))

    async def look_back(self) -> RecordedMemory:
        """Open what was recorded before. Raises RecordingError."""
        memory = self._memory = await asyncio.to_thread(self._opened)
        await memory.look_back()
        return memory

    async def before(self) -> Before:
        """What happened to the service in earlier sessions. Raises RecordingError."""
        return await asyncio.to_thread(self._read_before)

    async def stop(self) -> None:
        """Record the rest, and let every file go."""
        await asyncio.sleep(0)  # what was folded last is told to its watchers in the next turn of the loop
        for end in self._ends:
            end()
        self._ends = []
        await asyncio.to_thread(self._close)

    def _opened(self) -> RecordedMemory:
        from cockpit.live.recording.archive import Archive
        from cockpit.live.recording.memory import RecordedMemory

        archive = Archive(self._folder) if self._folder is not None else None
        return RecordedMemory(self._recorder, archive, self._ref, self._clock.time)

    def _read_before(self) -> Before:
        if self._folder is None:
            return Before((), ())
        from cockpit.live.recording.archive import Archive

        archive, since = Archive(self._folder), self._begun - DAYS_BACK * _DAY
        return Before(archive.events(self._ref, since), archive.shares(self._ref, since))

    def _close(self) -> None:
        if self._memory is not None:
            self._memory.close()
        self._recorder.stop()

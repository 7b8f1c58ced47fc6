"""A `Session` that is a recording: at every moment it shows what the live one showed."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cockpit.live.clock import Clock
from cockpit.live.events.timeline import PastTimeline
from cockpit.live.past_times import local
from cockpit.live.recall import Recalled, nothing_at, recalled
from cockpit.live.recording.errors import RecordingError
from cockpit.live.recording.reading import Recording
from cockpit.live.replay.deck import Deck
from cockpit.live.replay.door import ClosedDoor
from cockpit.live.replay.logs import RecordedLogs
from cockpit.live.replay.samples import NoSamples, Samples, has_samples
from cockpit.live.tasks import begun

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from cockpit.config.logs import LogsSettings
    from cockpit.live.recording.reading import About
    from cockpit.live.snapshot import Snapshot
    from cockpit.metrics.engine import Engine

logger = logging.getLogger(__name__)

FRAME = 0.1
"""Seconds between two looks at where the play head is."""


@dataclass(frozen=True, slots=True)
class ReplayHabits:
    """How a recording is played: `mebibytes` bound its samples, `logs` its entries, and `clock` moves its head."""

    mebibytes: int
    logs: LogsSettings
    clock: Clock


class RecordedSession:
    """A recording played by `player`, which stands at its beginning at first.

    `snapshot` is the recorded one, the newest that was there at the play head. Making it reads the first one: that
    blocks for a moment. Raises RecordingError.
    """

    app = None

    def __init__(self, recording: Recording, habits: ReplayHabits) -> None:
        self.about: About = recording.about
        self._recording = recording
        self._clock = habits.clock
        self._moved = asyncio.Event()
        self._watchers: dict[object, Callable[[Snapshot], None]] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._samples = Samples(self.about, habits.mebibytes) if has_samples(self.about) else None
        self._parts = {"samples": 0.0 if self._samples else 1.0, "logs": 0.0}
        self.memory = RecordingMemory(recording, self.about.spans)
        self.timeline = PastTimeline(recording.events(), recording.shares())
        self.door = ClosedDoor(self.about.ref)
        self.logs = RecordedLogs(self.about, habits.logs)
        self.player = Deck(
            self.about.path.name, self.about.spans, habits.clock.now, self._moved.set, damage=self.about.damage
        )
        found = recording.snapshot(self.about.begun) or next(recording.snapshots(), None)
        if found is None:
            raise RecordingError(f"{recording.path} has no snapshot left", "nothing can be shown of it")
        self._snapshot, self._shown_at = found, self.about.begun

    @property
    def snapshot(self) -> Snapshot:
        """How everything stood, as it was recorded."""
        return self._snapshot

    @property
    def engine(self) -> Engine:
        """What answers PromQL, about what has been read so far."""
        return self._samples.engine if self._samples is not None else NoSamples(self.about.engine)

    def now(self) -> float:
        """The moment that is shown, on the snapshot's own clock."""
        return (self.player.head if self.player.runs else self._shown_at) - self._snapshot.epoch

    def wall(self) -> datetime:
        """The same on the wall."""
        return local(self._snapshot.epoch + self.now())

    def subscribe(self, changed: Callable[[Snapshot], None]) -> Callable[[], None]:
        """Call `changed` after every other snapshot, and when the player was told something."""
        key = object()
        self._watchers[key] = changed
        return lambda: self._watchers.pop(key, None) and None

    def refresh(self) -> None:
        """Nothing is read anew: it is what it was."""

    async def start(self) -> None:
        """Show what is at the play head from now on, and read samples and log entries meanwhile."""
        work = (self._play, self._read_samples, self._read_logs)
        self._tasks = [begun(each(), f"replay:{each.__name__}") for each in work]

    async def stop(self) -> None:
        """Play no more, and let the recording go."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []
        self.logs.close()
        await asyncio.to_thread(self.close)

    def close(self) -> None:
        """Let the recording go where the session was never started, or has been stopped."""
        if self._samples is not None:
            self._samples.close()
        self._recording.close()

    async def show(self, at: float) -> None:
        """Show a moment: `snapshot` is then what was recorded of it."""
        found = await recalled(self.memory, at)
        before, self._shown_at = self._snapshot, at
        self._snapshot = found.snapshot or self._nothing(found)
        if self._snapshot is not before or not self.player.runs:
            self._publish()

    async def _play(self) -> None:
        while True:
            self._moved.clear()
            await self.show(self.player.head)
            if self.player.runs:
                await self._clock.sleep_or(self._moved, FRAME)
            elif self._shown_at == self.player.head:
                await self._moved.wait()

    async def _read_samples(self) -> None:
        if self._samples is None:
            return
        try:
            await self._samples.read(self._recording, lambda part: self._told("samples", part))
        except RecordingError as error:
            # What was read until there stays; the chart and the header show how far that is.
            logger.warning("%s", error)
            self.player.damage = self.player.damage or str(error)

    async def _read_logs(self) -> None:
        try:
            await self.logs.read(self._recording, lambda part: self._told("logs", part))
        except RecordingError as error:
            self.logs.fail(error)
            self._told("logs", 1.0)

    def _told(self, what: str, part: float) -> None:
        self._parts[what] = part
        self.player.read = min(self._parts.values())
        self._publish()

    def _nothing(self, found: Recalled) -> Snapshot:
        return nothing_at(found.at, self._snapshot, self.about.spans, found)

    def _publish(self) -> None:
        for changed in tuple(self._watchers.values()):
            changed(self._snapshot)


class RecordingMemory:
    """A `Memory` that is one recording, read in threads."""

    def __init__(self, recording: Recording, spans: Sequence[tuple[float, float]]) -> None:
        self.spans = spans
        self._recording = recording

    async def snapshot(self, at: float) -> Snapshot | None:
        """The newest snapshot that was there at a time; None where nobody looked. Raises RecordingError."""
        return await asyncio.to_thread(self._recording.snapshot, at)

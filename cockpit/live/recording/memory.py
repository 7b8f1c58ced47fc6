"""Snapshots of before: of this session from what it records, of earlier ones from their recordings."""

from __future__ import annotations

import asyncio
import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

from cockpit.live.recording.looking import joined
from cockpit.live.recording.reading import Recording

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from cockpit.live.recording.archive import Archive
    from cockpit.live.recording.looking import Span
    from cockpit.live.recording.reading import About
    from cockpit.live.recording.recorder import Recorder
    from cockpit.live.snapshot import Snapshot
    from cockpit.release.service import ServiceRef

_MOST_OPEN = 3


class RecordedMemory:
    """A `Memory` of one session that is recorded. Reading happens in threads; `time` gives epoch seconds."""

    def __init__(
        self, recorder: Recorder, archive: Archive | None, ref: ServiceRef, time: Callable[[], float]
    ) -> None:
        self._recorder = recorder
        self._archive = archive
        self._ref = ref
        self._time = time
        self._earlier: tuple[About, ...] = ()
        self._before: tuple[Span, ...] = ()
        self._own: Recording | None = None
        self._open: OrderedDict[Path, Recording] = OrderedDict()
        self._reading = threading.Lock()

    async def look_back(self) -> None:
        """Find out what earlier sessions left. Raises RecordingError."""
        if self._archive is None:
            return
        found = await asyncio.to_thread(self._archive.of, self._ref)
        own = self._recorder.path
        self._earlier = tuple(each.about for each in found if each.about is not None and each.path != own)
        self._before = joined(span for about in self._earlier for span in about.spans)

    @property
    def spans(self) -> Sequence[Span]:
        """From when until when somebody looked, oldest first, up to this moment."""
        own = list(self._recorder.spans)
        if own:
            own[-1] = (own[-1][0], max(own[-1][1], self._time()))
        return joined((*self._before, *own))

    async def snapshot(self, at: float) -> Snapshot | None:
        """The newest snapshot that was there at a time; None where nobody looked. Raises RecordingError."""
        return await asyncio.to_thread(self._snapshot, at)

    def close(self) -> None:
        """Let every file go. Blocks while one is read."""
        with self._reading:
            for recording in (self._own, *self._open.values()):
                if recording is not None:
                    recording.close()
            self._own = None
            self._open.clear()

    def _snapshot(self, at: float) -> Snapshot | None:
        with self._reading:
            own = self._of_this_session(at)
            if own is not None:
                return own
            for about in self._earlier:
                if any(since <= at <= until for since, until in about.spans):
                    return self._opened(about.path).snapshot(at)
        return None

    def _of_this_session(self, at: float) -> Snapshot | None:
        spans = self._recorder.spans
        if not spans or at > spans[-1][1]:
            self._recorder.flush()
        if self._own is not None and self._recorder.path not in {None, self._own.path}:
            self._own.close()
            self._own = None
        if self._own is None:
            self._own = self._recorder.reader()
        return self._own.snapshot(at) if self._own is not None else None

    def _opened(self, path: Path) -> Recording:
        if path not in self._open:
            self._open[path] = Recording.open(path)
            if len(self._open) > _MOST_OPEN:
                self._open.popitem(last=False)[1].close()
        self._open.move_to_end(path)
        return self._open[path]

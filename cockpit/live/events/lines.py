"""Looks at log entries as they come into the store: for what the platform says, and for errors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cockpit.live.events.errors import ErrorWatch, Line
from cockpit.live.events.finder import Found
from cockpit.live.events.instances import InstanceWatch
from cockpit.logs.digest.batch import Batch
from cockpit.logs.digest.lifelines import PLATFORM_LOG, said
from cockpit.logs.entry import Flag, Severity
from cockpit.release.events import bounded

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cockpit.logs.segment import Segment
    from cockpit.logs.store import LogStore

_INNER_END = b"\v"
_ADDED = b"  "


class LineWatch:
    """Each entry of a store is looked at once. `begun` (epoch seconds) is when the session was."""

    def __init__(self, store: LogStore, service: str, begun: float) -> None:
        self._store = store
        self._next = 0
        self._instances = InstanceWatch(service)
        self._errors = ErrorWatch(service, begun)

    def look(self, now: float) -> Found:
        """What came since the last look, at `now` (epoch seconds): instances, and errors of new kinds."""
        if self._next < self._store.end:
            for base, segment in self._store.since(self._next):
                self._take(base, segment)
            self._next = self._store.end
        found = self._instances.events(), self._errors.events(now)
        return Found(*(tuple(map(bounded, events)) for events in found))

    def _take(self, base: int, segment: Segment) -> None:
        platform = self._store.names.log.find(PLATFORM_LOG)
        is_platform = segment.log == (-1 if platform is None else platform)
        entry = (segment.flags & Flag.GAP) == 0
        spoken = np.flatnonzero(is_platform & entry)
        bad = np.flatnonzero((segment.severities >= Severity.ERROR) & ~is_platform & entry)
        if not len(spoken) and not len(bad):
            return
        # To ask a sealed segment for its texts unpacks them.
        batch = Batch(base, segment, segment.block, np.arange(len(segment)))
        self._hear(batch, spoken)
        self._count(batch, bad)

    def _hear(self, batch: Batch, rows: NDArray[np.int64]) -> None:
        """What the platform says of instances."""
        names, segment = self._store.names, batch.segment
        for row, text in zip(rows.tolist(), batch.raw_texts(rows), strict=True):
            found = said(text.replace(_INNER_END, b"\n").decode(errors="replace"))
            if found is not None:
                revision = names.revision.names[segment.revision[row]]
                instance = names.instance.names[segment.instance[row]]
                self._instances.take(int(segment.times[row]), revision, instance, found)

    def _count(self, batch: Batch, rows: NDArray[np.int64]) -> None:
        """Errors; of a request only what the platform added tells of a kind."""
        names, segment = self._store.names, batch.segment
        requests = ((segment.method[rows] != 0) | (segment.statuses[rows] != 0)).tolist()
        for row, text, is_request in zip(rows.tolist(), batch.raw_texts(rows), requests, strict=True):
            told = text.partition(_ADDED)[2] if is_request else text
            if not told:
                continue
            self._errors.take(
                Line(
                    int(segment.times[row]),
                    told.replace(_INNER_END, b"\n"),
                    int(segment.severities[row]),
                    int(segment.flags[row]),
                    names.revision.names[segment.revision[row]],
                    names.instance.names[segment.instance[row]],
                    names.log.names[segment.log[row]],
                )
            )

"""The one state: observations fold into a snapshot, and whoever watches hears of it at most once a loop turn."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from cockpit.live.snapshot import Snapshot

if TYPE_CHECKING:
    from collections.abc import Callable

    from cockpit.live.clock import Clock
    from cockpit.live.snapshot import Problem
    from cockpit.release.service import ServiceRef

logger = logging.getLogger(__name__)


class State:
    """Holds the current snapshot of one service."""

    def __init__(self, ref: ServiceRef, clock: Clock, notices: tuple[Problem, ...] = ()) -> None:
        self._clock = clock
        self._snapshot = Snapshot(at=clock.now(), wall=clock.wall(), ref=ref, epoch=clock.epoch, notices=notices)
        self._watchers: dict[object, Callable[[Snapshot], None]] = {}
        self._publishing: asyncio.Handle | None = None

    @property
    def snapshot(self) -> Snapshot:
        """All that is known now, told to the watchers or about to be."""
        return self._snapshot

    def fold(self, change: Callable[[Snapshot], Snapshot]) -> None:
        """Take what is new; where nothing is, nobody hears of it."""
        changed = change(self._snapshot)
        if changed == self._snapshot:
            return
        self._snapshot = replace(changed, at=self._clock.now(), wall=self._clock.wall())
        if self._publishing is None:
            self._publishing = asyncio.get_running_loop().call_soon(self._publish)

    def notice(self, kind: str, problem: Problem | None) -> None:
        """Show a problem of the cockpit's own house in the place of the one of its kind, or that there is none."""

        def noticed(snapshot: Snapshot) -> Snapshot:
            others = tuple(each for each in snapshot.notices if each.kind != kind)
            return replace(snapshot, notices=(*others, problem) if problem else others)

        self.fold(noticed)

    def subscribe(self, changed: Callable[[Snapshot], None]) -> Callable[[], None]:
        """Call `changed` after every new snapshot, several of one loop turn as one; returns the way to stop."""
        key = object()
        self._watchers[key] = changed

        def stop() -> None:
            self._watchers.pop(key, None)

        return stop

    def _publish(self) -> None:
        self._publishing = None
        for changed in tuple(self._watchers.values()):
            try:
                changed(self._snapshot)
            except Exception:
                logger.exception("a watcher of the snapshots failed")

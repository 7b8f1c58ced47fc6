"""Telling views that something changed, as often as a screen can show it and no oftener."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

logger = logging.getLogger(__name__)

A_SECOND = 30


class Pulse:
    """Calls those who subscribed after something changed, soon, and at most `A_SECOND` times a second."""

    def __init__(self) -> None:
        self._subscribers: dict[object, Callable[[], None]] = {}
        self._due: asyncio.TimerHandle | None = None
        self._last = float("-inf")

    def subscribe(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Call `changed` from now on; returns the way to stop."""
        key = object()
        self._subscribers[key] = changed

        def stop() -> None:
            self._subscribers.pop(key, None)

        return stop

    def touch(self) -> None:
        """Something changed. On the loop."""
        if self._due is None:
            loop = asyncio.get_running_loop()
            self._due = loop.call_at(max(loop.time(), self._last + 1 / A_SECOND), self._beat)

    def close(self) -> None:
        """Call nobody any more, also not of what changed a moment ago."""
        if self._due is not None:
            self._due.cancel()
        self._due = None
        self._subscribers.clear()

    def _beat(self) -> None:
        self._due = None
        self._last = asyncio.get_running_loop().time()
        for changed in tuple(self._subscribers.values()):
            try:
                changed()
            except Exception:
                # Whoever else subscribed has nothing to do with it.
                logger.exception("a watcher of the log failed")

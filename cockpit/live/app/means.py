"""What everything that asks one application shares."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from cockpit.live.clock import Clock
    from cockpit.live.feeds import PollFeed
    from cockpit.live.metrics.last_use import LastUse
    from cockpit.live.metrics.targets import TargetUrl
    from cockpit.sources.app import App

REST_LOOK = 1.0
"""Seconds between two looks whether a URL at rest is used again."""


@dataclass(frozen=True, slots=True)
class AppMeans:
    """Who asks, when, and who is told of what is new."""

    app: App
    last_use: LastUse
    clock: Clock
    random: Random
    changed: Callable[[], None]

    def resting(self, target: TargetUrl) -> bool:
        """Whether a URL is better left alone: nobody uses it, and to ask it would start an instance."""
        return self.last_use.resting(target, self.clock.now())


class Rest:
    """Where what asks a URL waits while that is left alone."""

    def __init__(self, target: TargetUrl, means: AppMeans) -> None:
        self._target = target
        self._means = means
        self._woken = asyncio.Event()
        self._waiting = False

    async def until_used(self) -> None:
        """Wait while the URL rests, at most until somebody wants it asked."""
        self._waiting = True
        while self._means.resting(self._target) and not self._woken.is_set():
            self._means.changed()
            await self._means.clock.sleep_or(self._woken, REST_LOOK)
        self._waiting = False
        self._woken.clear()

    def end(self, feed: PollFeed[Any]) -> None:
        """Have the URL asked now: by the reading that waits here, or else by another one of its feed."""
        self._woken.set()
        if not self._waiting:
            feed.refresh()

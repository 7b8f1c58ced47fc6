"""What everything that asks one application shares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable
    from random import Random

    from cockpit.live.clock import Clock
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

    async def until_used(self, target: TargetUrl, woken: asyncio.Event) -> None:
        """Wait while a URL rests, at most until the event is set."""
        while self.resting(target) and not woken.is_set():
            self.changed()
            await self.clock.sleep_or(woken, REST_LOOK)
        woken.clear()

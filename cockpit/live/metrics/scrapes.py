"""The feeds of every URL that is scraped, as they come and go with the service's tags."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from cockpit.live.metrics.picture import Conduct, TargetPicture
from cockpit.live.metrics.target_feed import NAME, ScrapeMeans, TargetFeed
from cockpit.live.metrics.targets import target_urls
from cockpit.live.snapshot import Feed

if TYPE_CHECKING:
    from cockpit.live.metrics.habits import MetricsHabits
    from cockpit.live.metrics.targets import TargetUrl
    from cockpit.release.service import Service


class Scrapes:
    """One task a URL."""

    def __init__(self, habits: MetricsHabits, means: ScrapeMeans) -> None:
        self._habits = habits
        self._means = means
        self._wanted: tuple[TargetUrl, ...] = ()
        self._running: dict[TargetUrl, tuple[TargetFeed, asyncio.Task[None]]] = {}

    @property
    def feeds(self) -> list[TargetFeed]:
        """One feed a URL."""
        return [feed for feed, _ in self._running.values()]

    @property
    def urls(self) -> frozenset[str]:
        """What is scraped."""
        return frozenset(target.url for target in self._running)

    def pictures(self, at: float) -> tuple[TargetPicture, ...]:
        """How every URL stands at a moment, those that settings leave out among them; the service's own first."""
        return tuple(self._picture(target, at) for target in self._wanted)

    def follow(self, service: Service) -> None:
        """Scrape the URLs that the service has now and no others."""
        self._wanted = target_urls(service)
        for target in [known for known in self._running if known not in self._wanted]:
            self._running.pop(target)[1].cancel()
        for target in self._wanted:
            habits = self._habits.of(target.tag)
            if target not in self._running and habits.wanted:
                feed = TargetFeed(target, habits, service.uri, self._means)
                self._running[target] = feed, asyncio.create_task(feed.run(), name=f"scrape:{target.url}")

    async def stop(self) -> None:
        """Scrape nothing any more."""
        tasks = [task for _, task in self._running.values()]
        self._running.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _picture(self, target: TargetUrl, at: float) -> TargetPicture:
        if target in self._running:
            return self._running[target][0].picture(at)
        return TargetPicture(target.url, target.tag, target.revision, Feed(NAME), Conduct.OFF)

"""The feeds of every URL that is scraped, as they come and go with the service's tags."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from cockpit.live.metrics.scraping import ScrapeMeans, TargetFeed
from cockpit.live.metrics.targets import target_urls

if TYPE_CHECKING:
    from cockpit.live.metrics.habits import MetricsHabits
    from cockpit.live.metrics.targets import TargetUrl
    from cockpit.release.service import Service


class Scrapes:
    """One task a URL."""

    def __init__(self, habits: MetricsHabits, means: ScrapeMeans) -> None:
        self._habits = habits
        self._means = means
        self._running: dict[TargetUrl, tuple[TargetFeed, asyncio.Task[None]]] = {}

    @property
    def feeds(self) -> list[TargetFeed]:
        """One feed a URL."""
        return [feed for feed, _ in self._running.values()]

    def follow(self, service: Service) -> None:
        """Scrape the URLs that the service has now and no others."""
        wanted = target_urls(service)
        for target in [known for known in self._running if known not in wanted]:
            self._running.pop(target)[1].cancel()
        for target in wanted:
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

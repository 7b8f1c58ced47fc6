"""What scrapes a URL on a clock of the test's own: the real thing from the socket to the store."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from cockpit.live.metrics.habits import ScrapeHabits
from cockpit.live.metrics.kept import Kept
from cockpit.live.metrics.last_use import LastUse
from cockpit.live.metrics.picture import Conduct
from cockpit.live.metrics.target_feed import ScrapeMeans, TargetFeed
from cockpit.live.metrics.targets import TargetUrl
from cockpit.live.metrics.worker import Worker
from cockpit.live.telemetry import Telemetry
from cockpit.sources.scrape import Scraper
from tests.simulated import until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from cockpit.live.metrics.picture import TargetPicture
    from tests.live.clocks import FakeClock

IDLE = 300.0


@asynccontextmanager
async def means_on(
    fake: FakeClock, idle: float = IDLE, *, epoch: float = 0.0, mebibytes: int = 16
) -> AsyncIterator[ScrapeMeans]:
    """What scraped URLs share, on that clock, which began at `epoch`; all is closed at the end."""
    scraper, worker = Scraper(wall=lambda: epoch + fake.at), Worker()
    means = ScrapeMeans(
        scraper=scraper,
        kept=Kept("app", minutes=60, mebibytes=mebibytes),
        worker=worker,
        last_use=LastUse(fake.at, idle),
        clock=fake.clock,
        epoch=epoch,
        random=Random(1),
        telemetry=Telemetry(),
        changed=lambda: None,
    )
    try:
        yield means
    finally:
        worker.close()
        await scraper.close()


@dataclass(frozen=True, slots=True)
class Fed:
    """A feed that runs, and what it fills."""

    feed: TargetFeed
    means: ScrapeMeans
    fake: FakeClock

    @property
    def picture(self) -> TargetPicture:
        """How the URL stands now."""
        return self.feed.picture(self.fake.at)

    @property
    def rests(self) -> bool:
        """Whether it is left alone."""
        return self.picture.conduct is Conduct.RESTING

    @property
    def problem(self) -> tuple[str, str]:
        """Kind and text of what is wrong, "" both where nothing is."""
        found = self.picture.feed.problem
        return (found.kind, found.text) if found else ("", "")

    async def passing(self, seconds: float) -> None:
        """Let time pass in steps of a second, and every scrape that begins in one of them end."""
        end = self.fake.at + seconds
        await until(lambda: self.fake.asleep)
        while self.fake.at < end:
            await self.fake.advance(min(1.0, end - self.fake.at))
            await until(lambda: self.fake.asleep)

    @property
    def tries(self) -> int:
        """Scrapes that have ended, well or not; a body that is no metrics counts as both."""
        telemetry = self.means.telemetry
        return telemetry.scrapes.count + telemetry.scrape_failures.total()


@asynccontextmanager
async def feeding(
    url: str,
    fake: FakeClock,
    habits: ScrapeHabits | None = None,
    *,
    tag: str = "",
    revision: str = "",
    idle: float = IDLE,
) -> AsyncIterator[Fed]:
    """A URL that is scraped while the block runs, and rests when it is `idle` for so many seconds."""
    async with means_on(fake, idle) as means:
        feed = TargetFeed(TargetUrl(url, tag, revision), habits or ScrapeHabits(), url, means)
        task = asyncio.create_task(feed.run())
        try:
            yield Fed(feed, means, fake)
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

"""Live metrics of a whole service on a clock of the test's own: two servers, and what is read of them."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from cockpit.live.metrics.habits import MetricsHabits, ScrapeHabits
from cockpit.live.metrics.watch import MetricsWatch
from cockpit.live.snapshot import Snapshot
from cockpit.release.traffic import ServingTarget
from tests.live.metrics.fed import means_on
from tests.live.scripted import service
from tests.simulated import until
from tests.sources.hostile import hostile_server
from tests.sources.local import CANARY, REF, STABLE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from cockpit.live.metrics.picture import MetricsPicture, TargetPicture
    from cockpit.live.metrics.target_feed import ScrapeMeans
    from cockpit.metrics.engine import Engine
    from cockpit.metrics.signals.reading import Estimate
    from tests.live.clocks import FakeClock
    from tests.sources.hostile import Exchange, Hostile

TEXT = "content-type: text/plain; version=0.0.4"
HABITS = MetricsHabits(scrape=ScrapeHabits(burst=1, timeout=2.0), idle=3600.0)
EPOCH = 1_700_000_000.0
"""When the fake clock was 0."""


@dataclass
class App:
    """One revision's process: so many requests a second since it began, a share of them failing."""

    fake: FakeClock
    process: int
    rate: float
    errors: float
    more: str = ""
    began: float = field(init=False)

    def __post_init__(self) -> None:
        self.began = self.fake.at

    @property
    def page(self) -> bytes:
        """What it exposes now."""
        requests = self.rate * (self.fake.at - self.began)
        failed = requests * self.errors
        return (
            f"# TYPE process_start_time_seconds gauge\nprocess_start_time_seconds {EPOCH + self.process}\n"
            "# TYPE http_requests_total counter\n"
            f'http_requests_total{{code="200"}} {requests - failed}\nhttp_requests_total{{code="500"}} {failed}\n'
            f"{self.more}"
        ).encode()

    async def answer(self, exchange: Exchange) -> None:
        """A good scrape."""
        await exchange.answer("200 OK", self.page, TEXT)


@dataclass
class Watching:
    """The stable revision behind the service's URL, the canary behind that of its tag, and who watches them."""

    watch: MetricsWatch
    means: ScrapeMeans
    fake: FakeClock
    stable: Hostile
    canary: Hostile
    stable_app: App
    canary_app: App
    split: int = 100
    """Percent of the stable revision."""

    tasks: int = 3
    """What sleeps when all is done: the feeds of two URLs, and the one that reads signals."""

    @property
    def snapshot(self) -> Snapshot:
        """What views are drawn from."""
        seen = replace(
            service(uri=self.stable.url),
            serving=(
                ServingTarget(STABLE, self.split),
                ServingTarget(CANARY, 100 - self.split),
                ServingTarget(CANARY, 0, "canary", self.canary.url),
            ),
        )
        return Snapshot(self.fake.at, REF, self.fake.wall(), seen, metrics=self.watch.picture())

    @property
    def picture(self) -> MetricsPicture:
        """What is known of metrics now."""
        return self.watch.picture()

    @property
    def target(self) -> TargetPicture:
        """The canary's URL."""
        return next(one for one in self.picture.targets if one.tag)

    def estimate(self, signal: str, revision: str) -> Estimate | None:
        """What was read of a signal."""
        found = next((one for one in self.picture.readings if one.signal.id == signal), None)
        return found.estimates.get(revision) if found else None

    async def passing(self, seconds: float) -> None:
        """Let time pass in steps of a second; whatever begins in one of them ends in it."""
        end = self.fake.at + seconds
        self.watch.saw(self.snapshot)
        await self._settled()
        while self.fake.at < end:
            await self.fake.advance(min(1.0, end - self.fake.at))
            await self._settled()

    async def _settled(self) -> None:
        await until(lambda: self.fake.sleepers >= self.tasks, 30.0)


@asynccontextmanager
async def watching(
    fake: FakeClock, habits: MetricsHabits = HABITS, remote: tuple[str, Engine] | None = None
) -> AsyncIterator[Watching]:
    """Both revisions well: one request in a hundred of the stable one's fails, fifteen of the canary's."""
    apps = App(fake, 1, 18.0, 0.01), App(fake, 2, 4.0, 0.15)
    memory = habits.memory_mebibytes
    async with (
        means_on(fake, habits.idle, epoch=EPOCH, mebibytes=memory) as means,
        hostile_server() as stable,
        hostile_server() as canary,
    ):
        stable.behaves["/metrics"], canary.behaves["/metrics"] = apps[0].answer, apps[1].answer
        watch = MetricsWatch(habits, means, remote=remote)
        on = Watching(watch, means, fake, stable, canary, *apps, tasks=1 if remote else 3)
        watch.saw(on.snapshot)
        task = asyncio.create_task(watch.run())
        try:
            yield on
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            await watch.stop()

"""What asks an application on a clock of the test's own: the real thing from the socket to the picture."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from random import Random
from typing import TYPE_CHECKING

from cockpit.live.app.habits import AppHabits, CheckHabits, ProbeHabits, TimelineHabits, ValueHabits
from cockpit.live.app.judging import Expected
from cockpit.live.app.means import AppMeans
from cockpit.live.app.watch import AppWatch
from cockpit.live.metrics.last_use import LastUse
from cockpit.live.snapshot import Snapshot
from cockpit.release.observed import Observed
from cockpit.release.traffic import ServingTarget
from cockpit.sources.app import App
from cockpit.sources.secrets import HeaderValue
from cockpit.sources.timelines.shape import DAY, Shape
from tests.live.scripted import service
from tests.simulated import until
from tests.sources.hostile import hostile_server
from tests.sources.local import CANARY, REF, STABLE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from cockpit.live.app.picture import AppPicture, ProbePicture
    from cockpit.sources.identity import Tokens
    from tests.live.clocks import FakeClock
    from tests.sources.hostile import Hostile

EVERY = 15.0
JSON = "content-type: application/json"
CHECK = CheckHabits("/api/health", Expected(field="status", equals="ok"))
COSTS = TimelineHabits(
    "costs",
    "costs",
    "/costs?period={period}",
    Shape("date", ("cost",)),
    (ValueHabits("cost", "$"),),
    {"7d": 7 * DAY, "30d": 30 * DAY, "90d": 90 * DAY},
    headers=(("x-user-id", HeaderValue(value="cockpit")),),
)
HABITS = AppHabits(ProbeHabits((CHECK,), interval=EVERY, timeout=2.0), (COSTS,), timeout=2.0)
HEALTHY = b'{"status":"ok"}'


@dataclass
class Asked:
    """An application at two URLs, the service's own and that of a tag, and who asks it."""

    watch: AppWatch
    fake: FakeClock
    stable: Hostile
    canary: Hostile
    observed: Observed | None = None
    """What the request log counted; None where nobody knows."""

    @property
    def snapshot(self) -> Snapshot:
        """What is known of the service."""
        tagged = ServingTarget(CANARY, 0, "canary", self.canary.url)
        seen = replace(service(uri=self.stable.url), serving=(ServingTarget(STABLE, 100), tagged))
        return Snapshot(self.fake.at, REF, self.fake.wall(), service=seen, observed=self.observed)

    @property
    def picture(self) -> AppPicture:
        """What is known of the application now."""
        found = self.watch.picture()
        assert found is not None
        return found

    def probe(self, tag: str = "") -> ProbePicture:
        """How the URL of a tag is, "" for the service's own."""
        return next(each for each in self.picture.probes if each.tag == tag)

    async def passing(self, seconds: float, holds: Callable[[], bool] = lambda: True) -> None:
        """Let time pass in steps of a second, until something holds at last; what begins in one ends in it."""
        end = self.fake.at + seconds
        while self.fake.at < end:
            self.watch.saw(self.snapshot)
            await self.settled()
            await self.fake.advance(min(1.0, end - self.fake.at))
        await self.settled()
        await until(holds)

    async def settled(self) -> None:
        """Wait until every feed sleeps."""
        await until(lambda: self.fake.sleepers >= self.feeds)

    @property
    def feeds(self) -> int:
        """How many there are: one a probe, and two a timeline while nobody looks at another period of it."""
        return len(self.picture.probes) + 2 * len(self.picture.timelines)


@asynccontextmanager
async def asking(
    fake: FakeClock, habits: AppHabits = HABITS, *, tokens: Tokens | None = None
) -> AsyncIterator[Asked]:
    """A healthy application, asked while the block runs."""
    app = App(tokens, wall=fake.clock.time)
    async with hostile_server() as stable, hostile_server() as canary:
        for server in (stable, canary):
            server.always("/api/health", "200 OK", HEALTHY, JSON)
        means = AppMeans(app, LastUse(fake.at, habits.idle), fake.clock, Random(1), lambda: None)
        on = Asked(AppWatch(habits, means), fake, stable, canary)
        on.watch.saw(on.snapshot)
        try:
            yield on
        finally:
            await on.watch.stop()
            await app.close()

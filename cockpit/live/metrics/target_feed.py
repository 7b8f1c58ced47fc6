"""One URL, scraped again and again: several instances at once, its path found by trying, left alone unused."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cockpit.live.feeds import Pace, PollFeed
from cockpit.live.metrics.picture import Conduct, TargetPicture
from cockpit.live.problems import problem_of
from cockpit.live.snapshot import FeedState
from cockpit.metrics.exposed import ExpositionError
from cockpit.sources.errors import NotFoundError, SourceError, SwitchedOffError, UnreadableError
from cockpit.sources.scrape import Body, ScrapeTarget

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from cockpit.live.clock import Clock
    from cockpit.live.metrics.habits import ScrapeHabits
    from cockpit.live.metrics.kept import Kept
    from cockpit.live.metrics.last_use import LastUse
    from cockpit.live.metrics.targets import TargetUrl
    from cockpit.live.metrics.worker import Worker
    from cockpit.live.telemetry import Telemetry
    from cockpit.metrics.exposed import Exposed
    from cockpit.sources.scrape import Scraper

NAME = "metrics"
LONGEST_PAUSE = 60.0
EAGER, FIRST_SCRAPES = 1.0, 3
"""Seconds between the first scrapes, which are so many: a rate takes two, and somebody waits for it."""

REST_LOOK = 1.0
"""Seconds between two looks whether a URL at rest is used again."""

_ANOTHER_PATH = (NotFoundError, UnreadableError, SwitchedOffError)


@dataclass(frozen=True, slots=True)
class ScrapeMeans:
    """What every scraped URL of a session shares; `epoch` is when its clock stood at 0, in epoch seconds."""

    scraper: Scraper
    kept: Kept
    worker: Worker
    last_use: LastUse
    clock: Clock
    epoch: float
    random: Random
    telemetry: Telemetry
    changed: Callable[[], None]

    def now(self) -> float:
        """Epoch seconds that never go back."""
        return self.epoch + self.clock.now()


class TargetFeed:
    """Scrapes one URL for as long as it runs. `audience` is the service's own URL, for its ID token."""

    def __init__(self, target: TargetUrl, habits: ScrapeHabits, audience: str, means: ScrapeMeans) -> None:
        self.target = target
        self._habits = habits
        self._audience = audience
        self._means = means
        self._conduct = Conduct.SCRAPING
        self._wake = asyncio.Event()
        self._path = ""
        self._burst = habits.burst or 1
        self._seconds = 0.0
        self._series = self._duplicates = 0
        self._good = 0
        pace = Pace(
            habits.interval,
            hurry=min(EAGER, habits.interval),
            cap=max(LONGEST_PAUSE, habits.interval),
            stale_after=3 * habits.interval + habits.timeout,
            failed_after=6 * habits.interval + habits.timeout,
        )
        self._feed = PollFeed(
            NAME,
            self._scrape,
            lambda _nothing: None,
            pace=pace,
            clock=means.clock,
            random=means.random,
            changed=means.changed,
            hurry=lambda: self._good < FIRST_SCRAPES,
        )

    async def run(self) -> None:
        """Scrape for ever; a failure is kept for the view and ends nothing."""
        await self._feed.run()

    @property
    def answered(self) -> bool:
        """Whether a scrape has ended, well or not."""
        return self._feed.standing(self._means.clock.now()).state is not FeedState.STARTING

    def refresh(self) -> None:
        """Scrape now, even where the URL rests."""
        self._wake.set()
        self._feed.refresh()

    def picture(self, at: float) -> TargetPicture:
        """How it stands at a moment."""
        return TargetPicture(
            url=self.target.url,
            tag=self.target.tag,
            revision=self.target.revision,
            feed=self._feed.standing(at),
            conduct=self._conduct,
            path=self._path,
            seconds=self._seconds,
            series=self._series,
            duplicates=self._duplicates,
        )

    async def _scrape(self) -> None:
        """Scrape where there is something, and keep whether there was."""
        await self._until_used()
        means = self._means
        try:
            await self._scrape_anywhere()
        except SourceError:
            await means.worker.do(means.kept.missed, self.target, means.now())
            raise
        await means.worker.do(means.kept.reached, self.target, means.now(), self._seconds, self._series)

    async def _scrape_anywhere(self) -> None:
        refused: list[SourceError] = []
        for path in [self._path] if self._path else self._habits.paths:
            try:
                await self._scrape_at(path)
            except _ANOTHER_PATH as error:
                refused.append(error)
            else:
                self._path = path
                return
        self._path = ""
        # That there is nothing at one path says less than what another one answered.
        raise next((error for error in refused if not isinstance(error, NotFoundError)), refused[0])

    async def _scrape_at(self, path: str) -> None:
        habits = self._habits
        target = ScrapeTarget(
            self.target.url, path, habits.headers, habits.timeout, habits.most, audience=self._audience
        )
        found = await self._means.scraper.burst(target, self._burst)
        bodies = sorted((each for each in found if isinstance(each, Body)), key=lambda body: body.at)
        errors = [each for each in found if isinstance(each, SourceError)]
        kept, unread, wanted = await self._means.worker.do(self._keep, bodies)
        self._count(bodies, kept, [*errors, *unread])
        if not kept:
            raise [*unread, *errors][0]
        # Behind the service's URL one revision may have its metrics switched off, and the other not.
        self._seconds = max(body.seconds for body in bodies)
        self._series, self._duplicates = len(kept[-1].ids), kept[-1].duplicates
        self._good += 1
        self._burst = self._habits.burst or wanted

    def _keep(self, bodies: list[Body]) -> tuple[list[Exposed], list[SourceError], int]:
        """In the worker's thread: what good bodies say, why the others are none, and how many scrapes at once
        would meet about every instance."""
        kept: list[Exposed] = []
        unread: list[SourceError] = []
        for body in bodies:
            try:
                exposed = self._means.kept.take(self.target, body)
            except ExpositionError as error:
                unread.append(UnreadableError(str(error), "check the path: [metrics] paths in config.toml"))
            else:
                if exposed.ids.size:
                    kept.append(exposed)
                else:
                    unread.append(_switched_off(exposed))
                    self._means.kept.took_none(self.target, body)
        return kept, unread, self._means.kept.instances.wanted_burst(self.target.revision)

    def _count(self, bodies: list[Body], kept: list[Exposed], errors: list[SourceError]) -> None:
        telemetry = self._means.telemetry
        for body in bodies:
            telemetry.scrapes.add(body.seconds)
        telemetry.samples += sum(len(exposed.ids) for exposed in kept)
        telemetry.scrape_failures.update(problem_of(error).kind for error in errors)

    async def _until_used(self) -> None:
        """Wait while a scrape would wake what nobody uses."""
        while self._means.last_use.resting(self.target, self._means.clock.now()):
            self._conduct = Conduct.RESTING
            self._wake.clear()
            await self._means.clock.sleep_or(self._wake, REST_LOOK)
            if self._wake.is_set():
                break
        self._conduct = Conduct.SCRAPING


def _switched_off(exposed: Exposed) -> SwitchedOffError:
    said = exposed.comment or "an empty page"
    return SwitchedOffError(f"the endpoint gives no metrics and says: {said}", "switch them on there")

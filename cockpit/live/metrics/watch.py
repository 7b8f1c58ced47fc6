"""Live metrics of one service: its URLs scraped, its signals read, its rules watched."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from cockpit.live.metrics.appraisal import Appraisal
from cockpit.live.metrics.counted import CountedEngine
from cockpit.live.metrics.discovery import Discovery
from cockpit.live.metrics.last_good import unseen, with_last_good
from cockpit.live.metrics.last_use import known_use
from cockpit.live.metrics.local import LocalEngine
from cockpit.live.metrics.picture import LOCAL, InstancesPicture, MetricsPicture
from cockpit.live.metrics.ruling import Ruling
from cockpit.live.metrics.scrapes import Scrapes
from cockpit.live.metrics.target_feed import EAGER
from cockpit.live.metrics.targets import compared
from cockpit.live.snapshot import Problem
from cockpit.metrics.engine import QueryError
from cockpit.release.traffic import percents

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from cockpit.live.clock import Clock
    from cockpit.live.metrics.habits import MetricsHabits
    from cockpit.live.metrics.kept import Kept
    from cockpit.live.metrics.last_use import LastUse
    from cockpit.live.metrics.target_feed import ScrapeMeans
    from cockpit.live.metrics.worker import Worker
    from cockpit.live.snapshot import Snapshot
    from cockpit.metrics.engine import Engine, Sample
    from cockpit.metrics.signals.reading import Reading

logger = logging.getLogger(__name__)

EAGER_SECONDS = 15.0
"""How long after the start signals are read every second or so: somebody waits for the first ones."""

INTERNAL = Problem("internal", "The metrics could not be read", "The log file has the details")


class MetricsWatch:
    """Everything about metrics in one session.

    `remote` names the engine that answers and is it; None is the cockpit itself, for which alone the service is
    scraped.
    """

    def __init__(
        self,
        habits: MetricsHabits,
        means: ScrapeMeans,
        *,
        remote: tuple[str, Engine] | None = None,
    ) -> None:
        self._habits = habits
        self._means = means
        self._clock: Clock = means.clock
        self._worker: Worker = means.worker
        self._kept: Kept = means.kept
        self._last_use: LastUse = means.last_use
        self._name, engine = remote or (LOCAL, LocalEngine(self._kept, self._worker))
        self.engine: Engine = CountedEngine(engine, means.telemetry, means.clock)
        self._scrapes = None if remote else Scrapes(habits, means)
        self._ruling = Ruling(habits.groups, self.engine, habits.interval, None if remote else self._record)
        self._appraisal = Appraisal(
            self.engine, habits.window, habits.course_window, round(habits.interval * 1000)
        )
        self._discovery = Discovery(habits.signals, habits.paths)
        self._readings: tuple[Reading, ...] = ()
        self._instances: tuple[InstancesPicture, ...] = ()
        self._read_at: float | None = None
        self._problem: Problem | None = None
        self._full = False
        self._pair = "", ""
        self._serving: dict[str, int] = {}
        self._revisions: frozenset[str] = frozenset()

    def picture(self) -> MetricsPicture:
        """How everything stands now."""
        now = self._clock.now()
        return MetricsPicture(
            engine=self._name,
            window=self._habits.window,
            course_window=self._habits.course_window,
            targets=self._scrapes.pictures(now) if self._scrapes else (),
            instances=self._instances,
            readings=self._readings,
            alerts=self._ruling.alerts,
            stable=self._pair[0],
            canary=self._pair[1],
            read_at=self._read_at,
            problem=self._problem,
            full=self._full,
            epoch=self._epoch(),
        )

    def saw(self, snapshot: Snapshot) -> None:
        """Take what is known of the service: its URLs, its split, who used it."""
        service = snapshot.service
        self._last_use.saw(known_use(snapshot), self._clock.now())
        if service is None:
            return
        self._pair = compared(service, snapshot.revisions)
        self._serving = percents(service.serving) if service.serving else {}
        self._revisions = frozenset(target.revision for target in service.serving)
        self._last_use.always_on(snapshot.revisions, self._serving)
        if self._scrapes is not None:
            self._scrapes.follow(service)

    def refresh(self) -> None:
        """Scrape now, also what rests."""
        self._last_use.wake(self._clock.now())
        for feed in self._scrapes.feeds if self._scrapes else []:
            feed.refresh()

    async def run(self) -> None:
        """Read signals and rules for ever; what fails is kept for the view and ends nothing."""
        begun = self._clock.now()
        while True:
            young = self._clock.now() - begun < EAGER_SECONDS
            await self._clock.sleep(min(EAGER, self._habits.interval) if young else self._habits.interval)
            if self._scrapes is None or any(feed.answered for feed in self._scrapes.feeds):
                await self._read()
                self._means.changed()

    async def stop(self) -> None:
        """Scrape and read nothing any more."""
        if self._scrapes is not None:
            await self._scrapes.stop()
        self._worker.close()

    def _epoch(self) -> float:
        """When the clock stood at 0, in epoch seconds. Another engine stamps its samples by the time of day, which
        may be set; ours go by a clock that only runs on."""
        if self._scrapes is not None:
            return self._means.epoch
        return self._clock.wall().timestamp() - self._clock.now()

    async def _read(self) -> None:
        """Read everything there is to read; one part that fails keeps none of the others from it."""
        at = round((self._epoch() + self._clock.now()) * 1000)
        steps = (self._look_around, self._read_signals, self._ruling.step)
        problems = [await self._tried(step, at) for step in steps]
        self._problem = next(filter(None, problems), None)

    async def _tried(self, step: Callable[[int], Awaitable[None]], at: int) -> Problem | None:
        """Take a step; why it failed, if it did."""
        try:
            await step(at)
        except QueryError as error:
            return Problem(error.kind, str(error), error.mend)
        except Exception:
            # A feed outlives a mistake of ours: the rest of the cockpit is needed most when something is odd.
            logger.exception("metrics could not be read")
            return INTERNAL
        return None

    async def _read_signals(self, at: int) -> None:
        moment = self._clock.now()
        signals = await self._discovery.signals(self.engine, moment)
        watched = {each.revision: each.watched for each in self._instances}
        readings = await self._appraisal.readings(signals, at, moment, watched)
        if self._scrapes is not None:
            lost = unseen(self._revisions, self._scrapes.pictures(moment))
            readings = with_last_good(self._readings, readings, lost)
        self._readings, self._read_at = readings, moment

    async def _look_around(self, at: int) -> None:
        """See how much of each revision is seen, and what all of it takes."""
        self._instances = await self._worker.do(self._coverage, at)
        if self._scrapes is not None:
            await self._worker.do(self._kept.scrapes_only, self._scrapes.urls)
        usage = await self._worker.do(self._kept.store.usage)
        self._means.telemetry.usage, self._full = usage, usage.full

    def _coverage(self, at: int) -> tuple[InstancesPicture, ...]:
        """In the worker's thread: how much of each revision is seen."""
        self._kept.served(at / 1000, self._serving)
        return tuple(self._seen(name, at) for name in self._kept.instances.revisions)

    def _seen(self, revision: str, at: int) -> InstancesPicture:
        instances = self._kept.instances
        found, watched = instances.coverage(revision, at), instances.watched(revision, at) / 1000
        return InstancesPicture(revision, found.seen, found.estimated, found.share, watched, found.separable)

    async def _record(self, at: int, group: str, samples: Sequence[Sample]) -> None:
        pairs = [(sample.labels, sample.value) for sample in samples]
        await self._worker.do(self._kept.ruled, at, group, pairs)

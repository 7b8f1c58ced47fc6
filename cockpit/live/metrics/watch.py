"""Live metrics of one service: its URLs scraped, its signals read, its rules watched."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from cockpit.live.metrics.appraisal import appraise
from cockpit.live.metrics.local import LocalEngine
from cockpit.live.metrics.picture import LOCAL, InstancesPicture, MetricsPicture
from cockpit.live.metrics.ruling import Ruling
from cockpit.live.metrics.scrapes import Scrapes
from cockpit.live.metrics.targets import compared
from cockpit.live.snapshot import Problem
from cockpit.metrics.engine import QueryError
from cockpit.metrics.signals.discover import asked_for, discover
from cockpit.release.traffic import percents

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cockpit.live.clock import Clock
    from cockpit.live.metrics.habits import MetricsHabits
    from cockpit.live.metrics.kept import Kept
    from cockpit.live.metrics.last_use import LastUse
    from cockpit.live.metrics.scraping import ScrapeMeans
    from cockpit.live.metrics.worker import Worker
    from cockpit.live.snapshot import Snapshot
    from cockpit.metrics.engine import Engine, Sample
    from cockpit.metrics.signals.reading import Reading
    from cockpit.metrics.signals.signal import Signal

logger = logging.getLogger(__name__)

INTERNAL = Problem("internal", "The metrics could not be read", "The log file has the details")


class MetricsWatch:
    """Everything about metrics in one session. `remote` names the engine that answers and is it; None is the
    cockpit itself, for which alone the service is scraped. `epoch` gives seconds that never go back."""

    def __init__(
        self,
        habits: MetricsHabits,
        means: ScrapeMeans,
        *,
        remote: tuple[str, Engine] | None = None,
        epoch: Callable[[], float],
    ) -> None:
        self._habits = habits
        self._means = means
        self._clock: Clock = means.clock
        self._worker: Worker = means.worker
        self._kept: Kept = means.kept
        self._last_use: LastUse = means.last_use
        self._epoch = epoch
        self._name, self.engine = remote or (LOCAL, LocalEngine(self._kept, self._worker))
        self._scrapes = None if remote else Scrapes(habits, means)
        self._ruling = Ruling(habits.groups, self.engine, habits.interval, None if remote else self._record)
        self._signals: tuple[Signal, ...] = habits.signals
        self._known: object = None
        self._readings: tuple[Reading, ...] = ()
        self._instances: tuple[InstancesPicture, ...] = ()
        self._read_at: float | None = None
        self._problem: Problem | None = None
        self._pair = "", ""
        self._serving: dict[str, int] = {}

    def picture(self) -> MetricsPicture:
        """How everything stands now."""
        now = self._clock.now()
        feeds = self._scrapes.feeds if self._scrapes else []
        return MetricsPicture(
            engine=self._name,
            window=self._habits.window,
            targets=tuple(feed.picture(now) for feed in feeds),
            instances=self._instances,
            readings=self._readings,
            alerts=self._ruling.alerts,
            stable=self._pair[0],
            canary=self._pair[1],
            read_at=self._read_at,
            problem=self._problem,
        )

    def saw(self, snapshot: Snapshot) -> None:
        """Take what is known of the service: its URLs, its split, who used it."""
        service = snapshot.service
        self._last_use.always_on(snapshot.revisions)
        self._last_use.saw(snapshot.observed, self._clock.now())
        if service is None:
            return
        self._pair = compared(service, snapshot.revisions)
        self._serving = percents(service.serving) if service.serving else {}
        if self._scrapes is not None:
            self._scrapes.follow(service)

    def refresh(self) -> None:
        """Scrape now, also what rests."""
        self._last_use.wake(self._clock.now())
        for feed in self._scrapes.feeds if self._scrapes else []:
            feed.refresh()

    async def run(self) -> None:
        """Read signals and rules for ever; what fails is kept for the view and ends nothing."""
        while True:
            await self._clock.sleep(self._habits.interval)
            if self._scrapes is None or any(feed.fresh for feed in self._scrapes.feeds):
                await self._read()
                self._means.changed()

    async def stop(self) -> None:
        """Scrape and read nothing any more."""
        if self._scrapes is not None:
            await self._scrapes.stop()
        self._worker.close()

    async def _read(self) -> None:
        at = round(self._epoch() * 1000)
        try:
            self._signals = await self._wanted_signals()
            step = round(self._habits.interval * 1000)
            moment = self._clock.now()
            self._readings = await appraise(
                self.engine, self._signals, self._habits.window, at, step=step, moment=moment
            )
            await self._ruling.step(at)
            self._instances = await self._worker.do(self._coverage, at)
        except QueryError as error:
            self._problem = Problem(error.kind, str(error), error.mend)
        except Exception:
            # A feed outlives a mistake of ours: the rest of the cockpit is needed most when something is odd.
            logger.exception("metrics could not be read")
            self._problem = INTERNAL
        else:
            self._problem, self._read_at = None, moment

    async def _wanted_signals(self) -> tuple[Signal, ...]:
        """Those that settings name, then those that the exposed metrics lend themselves to."""
        families = await self.engine.families()
        labels = {name: await self.engine.series(name) for name in asked_for(families)}
        # Not only new families tell more: the label of a status comes with the first request.
        if (families, labels) == self._known:
            return self._signals
        found = discover(families, lambda name: labels.get(name, ()), self._habits.scrape.paths)
        self._known = dict(families), labels
        named = {signal.id for signal in self._habits.signals}
        return (*self._habits.signals, *(signal for signal in found if signal.id not in named))

    def _coverage(self, at: int) -> tuple[InstancesPicture, ...]:
        """In the worker's thread: how much of each revision is seen."""
        self._kept.instances.serves(self._serving)
        found = ((name, self._kept.instances.coverage(name, at)) for name in self._kept.instances.revisions)
        return tuple(
            InstancesPicture(name, each.seen, each.estimated, each.share, each.separable) for name, each in found
        )

    async def _record(self, at: int, group: str, samples: Sequence[Sample]) -> None:
        pairs = [(sample.labels, sample.value) for sample in samples]
        await self._worker.do(self._kept.store.append_samples, at, pairs, group)

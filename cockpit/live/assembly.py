"""A live session: feeds, state, past and the door put together, and the tasks that keep them going."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from cockpit.config import ConfigError
from cockpit.live.app.picture import AppPicture
from cockpit.live.commands import CommandLog
from cockpit.live.controls import SERVICE, Controls
from cockpit.live.events.timeline import LiveTimeline
from cockpit.live.feeds import Pace, PollFeed
from cockpit.live.guard import Guard
from cockpit.live.journal import JournalError
from cockpit.live.metered import MeteredReleases
from cockpit.live.metrics.picture import MetricsPicture
from cockpit.live.past import Past
from cockpit.live.recording.errors import RecordingError
from cockpit.live.recording.recorder import KIND as RECORDING
from cockpit.live.requests import RequestFeed
from cockpit.live.snapshot import Problem
from cockpit.live.state import State
from cockpit.live.tasks import begun
from cockpit.live.walk import Means
from cockpit.sources.errors import InvalidError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from cockpit.live.app.watch import AppWatch
    from cockpit.live.logs.service import LiveLogs
    from cockpit.live.metrics.watch import MetricsWatch
    from cockpit.live.outside import Habits, Outside
    from cockpit.live.recording.inbox import Inbox
    from cockpit.live.snapshot import Change, Snapshot
    from cockpit.live.timeline import Memory
    from cockpit.metrics.engine import Engine
    from cockpit.release.service import Revision, Service, ServiceRef

T = TypeVar("T")

logger = logging.getLogger(__name__)

REVISIONS = "revisions"
BEAT = 1.0
JOURNAL_RETRY = 10.0
NO_LOGS = Problem("internal", "The service's log could not be started", "The log file has the details")
NO_APP = Problem("internal", "The application could not be asked", "The log file has the details")
EARLIER = "recordings"
NO_PAST = Problem(EARLIER, "Earlier recordings could not be opened", "The log file has the details")
NO_METRICS = Problem("internal", "The metrics could not be started", "The log file has the details")


class LiveSession:
    """A `Session` on one service. Making it costs nothing and needs no loop running; `start` needs one."""

    def __init__(self, ref: ServiceRef, outside: Outside, habits: Habits) -> None:
        self._ref = ref
        self._habits = habits
        self._clock = habits.clock
        self._journal = outside.journal
        self._metering = outside.metering
        self._metrics: MetricsWatch | None = None
        self._asking = outside.asking
        self._app: AppWatch | None = None
        self._tailing = outside.tailing
        self._logs: LiveLogs | None = None
        self._timeline = LiveTimeline(ref, habits.clock, outside.who)
        self._keeping = outside.keeping(ref) if outside.keeping is not None else None
        self._memory: Memory | None = None
        self._polled = MeteredReleases(outside.releases, outside.budget)
        self._urgent = MeteredReleases(outside.releases, outside.budget, urgent=True)
        self._state = State(ref, self._clock, outside.notices)
        self._commands = CommandLog(self._state, self._clock.wall)
        self._guard = Guard(habits.safety)
        self._past = Past(ref, outside.journal, self._state, self._clock)
        self._tasks: list[asyncio.Task[None]] = []
        self._first = asyncio.Event()
        self._service = self._poll(
            SERVICE, lambda: self._polled.service(ref), self._service_landed, habits.service, self._in_flux
        )
        self._revisions = self._poll(
            REVISIONS,
            lambda: self._polled.revisions(ref),
            self._revisions_landed,
            habits.revisions,
            self._starting,
        )
        self._requests = RequestFeed(
            ref,
            outside.requests,
            window=habits.window,
            failed_after=habits.service.failed_after,
            clock=self._clock,
            changed=self._feeds_changed,
        )
        self._door = Controls(self._state, self._guard, self._past, self._means(), outside.who)

    @property
    def snapshot(self) -> Snapshot:
        """All that is known now."""
        return self._state.snapshot

    @property
    def door(self) -> Controls:
        """The way to change anything."""
        return self._door

    @property
    def engine(self) -> Engine | None:
        """What answers PromQL about this service, once it is there."""
        return self._metrics.engine if self._metrics else None

    @property
    def logs(self) -> LiveLogs | None:
        """The service's log, once it is there."""
        return self._logs

    @property
    def app(self) -> AppWatch | None:
        """Who asks the application about itself, once that is there."""
        return self._app

    @property
    def timeline(self) -> LiveTimeline:
        """What happened to the service."""
        return self._timeline

    @property
    def memory(self) -> Memory | None:
        """Snapshots of before, once they are there."""
        return self._memory

    @property
    def player(self) -> None:
        """Nothing is played: it is live."""
        return None

    def now(self) -> float:
        """This moment on the snapshots' clock."""
        return self._clock.now()

    def subscribe(self, changed: Callable[[Snapshot], None]) -> Callable[[], None]:
        """Call `changed` after every new snapshot; returns the way to stop."""
        return self._state.subscribe(changed)

    def refresh(self) -> None:
        """Read now instead of at the next poll."""
        self._service.refresh()
        self._revisions.refresh()
        if self._metrics is not None:
            self._metrics.refresh()
        if self._app is not None:
            self._app.refresh()

    async def start(self) -> None:
        """Begin to watch. Returns at once: what is not there yet arrives as snapshots."""
        self._state.subscribe(self._timeline.saw)
        if self._keeping is not None:
            self._keeping.begin(self._state, self._timeline)
        work = (
            self._service.run,
            self._revisions.run,
            self._requests.run,
            self._measure,
            self._ask_app,
            self._read_log,
            self._hear_last_words,
            self._beat,
            self._look_back,
            self._keep_past,
            self._recover,
        )
        self._tasks = [begun(each(), f"{self._ref.service}:{each.__name__}") for each in work]

    async def stop(self) -> None:
        """Stop watching; nothing is left running. A change under way is left to the next start."""
        await self._door.stop()
        await self._timeline.stop()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []
        if self._metrics is not None:
            await self._metrics.stop()
        if self._app is not None:
            await self._app.stop()
        await self._past.keep()
        if self._keeping is not None:
            await self._keeping.stop()

    @property
    def _inbox(self) -> Inbox | None:
        return self._keeping.inbox if self._keeping is not None else None

    def _means(self) -> Means:
        return Means(
            releases=self._urgent,
            read_service=lambda: self._service.read(lambda: self._urgent.service(self._ref)),
            read_revisions=lambda: self._revisions.read(lambda: self._urgent.revisions(self._ref)),
            journal=self._journal,
            clock=self._clock,
            commands=self._commands,
            show=self._show,
            patience=self._habits.patience,
        )

    async def _beat(self) -> None:
        """What time alone changes: ages, the arming, the observed window."""
        while True:
            self._feeds_changed()
            self._door.tick()
            self._state.fold(self._with_observed)
            self._metrics_changed()
            self._app_changed()
            self._timeline.look()
            if self._keeping is not None:
                self._keeping.beat()
                self._state.notice(RECORDING, self._keeping.problem)
            await self._clock.sleep(BEAT)

    async def _measure(self) -> None:
        """Load what metrics need and keep them going; what stands in the way is said in the picture."""
        if self._metering is None:
            return
        metering, problem = await _loaded(self._metering, NO_METRICS)
        if metering is None:
            self._state.fold(lambda snapshot: replace(snapshot, metrics=MetricsPicture(problem=problem)))
            return
        self._metrics = metering.watch(self._ref, self._metrics_changed, self._inbox)
        self._metrics_changed()
        await self._metrics.run()

    async def _ask_app(self) -> None:
        """Load what asks the application; what stands in the way is said in the picture."""
        if self._asking is None:
            return
        asking, problem = await _loaded(self._asking, NO_APP)
        if asking is None:
            self._state.fold(lambda snapshot: replace(snapshot, app=AppPicture(problem=problem)))
            return
        self._app = asking.watch(self._app_changed)
        self._app_changed()

    def _app_changed(self) -> None:
        app = self._app
        if app is not None:
            app.saw(self.snapshot)
            self._state.fold(lambda snapshot: replace(snapshot, app=app.picture()))

    async def _read_log(self) -> None:
        """Load what the log needs and follow it; the rest of the cockpit goes on without it."""
        if self._tailing is None:
            return
        try:
            tailing = await self._tailing()
        except Exception:
            logger.exception("the log could not be started")
            self._state.fold(lambda snapshot: replace(snapshot, notices=(*snapshot.notices, NO_LOGS)))
            return
        self._logs = tailing.logs(self._ref, self._feeds_changed, self._commands, self._inbox)
        self._timeline.read(self._logs.store)
        self._feeds_changed()
        await self._logs.run()

    async def _look_back(self) -> None:
        """Open what earlier sessions recorded; the rest of the cockpit goes on without it."""
        if self._keeping is None:
            return
        try:
            self._memory = await self._keeping.look_back()
            self._timeline.recall(*await self._keeping.before())
        except RecordingError as error:
            self._state.notice(EARLIER, Problem(EARLIER, str(error), error.mend))
        except Exception:
            logger.exception("earlier recordings could not be opened")
            self._state.notice(EARLIER, NO_PAST)

    async def _hear_last_words(self) -> None:
        """Find out what failed revisions said last."""
        while True:
            if self._logs is not None:
                self._heard(await self._logs.last_words(self.snapshot.revisions))
            await self._clock.sleep(BEAT)

    def _heard(self, words: Mapping[str, str]) -> None:
        self._state.fold(lambda snapshot: replace(snapshot, last_words=words))

    def _metrics_changed(self) -> None:
        metrics = self._metrics
        if metrics is not None:
            metrics.saw(self.snapshot)
            self._state.fold(lambda snapshot: replace(snapshot, metrics=metrics.picture()))

    async def _keep_past(self) -> None:
        """Write what was seen, read what others wrote; less often while the journal fails."""
        while True:
            await self._past.keep()
            await self._clock.sleep(JOURNAL_RETRY if self._past.failing else BEAT)

    async def _recover(self) -> None:
        """See to changes that killed cockpits left under way: at the start, and when another one dies later."""
        await self._first.wait()
        while True:
            try:
                await self._door.recover()
            except JournalError as error:
                logger.warning("%s", error)
            await self._clock.sleep(JOURNAL_RETRY)

    def _service_landed(self, service: Service) -> None:
        before = self.snapshot.service
        self._past.saw(service)
        self._state.fold(lambda snapshot: self._past.picture(replace(snapshot, service=service)))
        self._first.set()
        if before is not None and _moved(before, service):
            self._revisions.refresh()

    def _revisions_landed(self, revisions: tuple[Revision, ...]) -> None:
        if not revisions and self.snapshot.revisions:
            # A service that vanished lists none; the last ones known stay in view, with their age.
            return
        self._state.fold(lambda snapshot: self._past.picture(replace(snapshot, revisions=revisions)))

    def _feeds_changed(self) -> None:
        now = self._clock.now()
        parts = (self._service, self._revisions, self._requests, self._logs)
        feeds = tuple(part.standing(now) for part in parts if part is not None)
        self._state.fold(lambda snapshot: replace(snapshot, feeds=feeds))

    def _with_observed(self, snapshot: Snapshot) -> Snapshot:
        return replace(snapshot, observed=self._requests.observed())

    def _in_flux(self) -> bool:
        service = self.snapshot.service
        return self._door.travelling or (service is not None and service.reconciling)

    def _starting(self) -> bool:
        return any(revision.reconciling for revision in self.snapshot.revisions)

    def _show(self, change: Change) -> None:
        self._state.fold(lambda snapshot: replace(snapshot, change=change))

    def _poll(
        self,
        name: str,
        read: Callable[[], Awaitable[T]],
        landed: Callable[[T], None],
        pace: Pace,
        hurry: Callable[[], bool],
    ) -> PollFeed[T]:
        return PollFeed(
            name,
            read,
            landed,
            pace=pace,
            clock=self._clock,
            random=self._habits.random,
            changed=self._feeds_changed,
            hurry=hurry,
        )


async def _loaded(make: Callable[[], Awaitable[T]], otherwise: Problem) -> tuple[T | None, Problem | None]:
    """What `make` gives, or why it cannot: the rest of the cockpit goes on without it."""
    try:
        return await make(), None
    except (ConfigError, InvalidError) as error:
        return None, Problem("config", str(error), error.mend)
    except Exception:
        logger.exception("%s", otherwise.text)
        return None, otherwise


def _moved(before: Service, after: Service) -> bool:
    """Whether revisions may have come, gone or changed between two reads of their service."""
    return (before.generation, before.latest_created, before.latest_ready, before.reconciling) != (
        after.generation,
        after.latest_created,
        after.latest_ready,
        after.reconciling,
    )

"""Settings → everything outside, the real one or the local one, and the sessions on it."""

from __future__ import annotations

import asyncio
import importlib
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from cockpit.live.assembly import LiveSession
from cockpit.live.budget import Budget
from cockpit.live.clock import Clock
from cockpit.live.fleet import LiveFleet
from cockpit.live.fleet.watch import FleetWatch, Scope
from cockpit.live.guard import Safety
from cockpit.live.journal import Journal
from cockpit.live.metered import MeteredLogging
from cockpit.live.outside import REVISIONS_PACE, SERVICE_PACE, Habits, Outside
from cockpit.live.snapshot import Problem
from cockpit.live.telemetry import Telemetry
from cockpit.release.service import ServiceRef
from cockpit.sources.cloudlogging import CloudLogging
from cockpit.sources.cloudrun import CloudRun
from cockpit.sources.requestlog import RequestLog
from cockpit.wiring.areas import Areas
from cockpit.wiring.recording import keeping

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from cockpit.config import ConfigError, Settings
    from cockpit.metrics.engine import Engine
    from cockpit.sources.connection import Connection
    from cockpit.wiring.app import Asking
    from cockpit.wiring.logs import Tailing
    from cockpit.wiring.metrics import Metering


@dataclass(frozen=True, slots=True)
class Wired:
    """The outside of one cockpit, ready to watch any service of its project and region, and of its other areas."""

    settings: Settings
    connection: Connection
    areas: Areas
    outside: Outside
    habits: Habits
    telemetry: Telemetry
    elsewhere: Callable[[], Awaitable[Engine]] | None = None

    def noting(self, kind: str, error: ConfigError) -> Wired:
        """The same, with something amiss in the cockpit's own house for every session to show."""
        notice = Problem(kind, str(error), error.mend)
        return replace(self, outside=replace(self.outside, notices=(*self.outside.notices, notice)))

    @property
    def fleet(self) -> LiveFleet:
        """Every service of the areas; those of the region at home come first."""
        where, fleet = self.settings.service, self.settings.fleet
        home = where.project, where.region
        scope = Scope(fleet.places(*home), fleet.interval_seconds, self.settings.observed.window_seconds)
        watch = FleetWatch(scope, self.areas, self.habits.clock, self.elsewhere)
        return LiveFleet(home, self.areas, watch, self._outside_of, self.habits_for)

    def _outside_of(self, project: str, region: str) -> Outside:
        """What sessions there share: with the notices of this cockpit, wherever they are."""
        return replace(self.areas.outside(project, region), notices=self.outside.notices)

    def session(self, service: str) -> LiveSession:
        """A session on one service, not yet started."""
        where = self.settings.service
        return self.fleet.session(ServiceRef(where.project, where.region, service))

    def habits_for(self, ref: ServiceRef) -> Habits:
        """The habits, with the production guard where the service is production."""
        production = self.settings.safety.is_production(ref.service)
        return replace(self.habits, safety=replace(self.habits.safety, production=production))


@asynccontextmanager
async def wired(
    settings: Settings,
    *,
    metrics: bool = False,
    logs: bool = False,
    app: bool = False,
    recording: bool = False,
) -> AsyncIterator[Wired]:
    """Everything outside, dialled when it is first needed, closed on the way out.

    With `metrics` they are scraped, with `logs` sessions follow their service's, with `app` the application is
    asked about itself, with `recording` sessions are recorded as settings say. Raises InvalidError for a project,
    region or endpoint that cannot be.
    """
    where = settings.service
    journal = Journal(settings.journal_path)
    clock = Clock()
    telemetry = Telemetry()
    meters = Lazy(lambda: _metering(settings, clock, telemetry))
    askers = Lazy(lambda: _asking(settings, clock))
    budget = Budget(clock, reads=settings.poll.reads_per_minute, writes=settings.poll.writes_per_minute)
    habits = _habits(settings, clock)

    def outside(connection: Connection) -> Outside:
        logging = CloudLogging(connection)
        return Outside(
            releases=CloudRun(connection),
            requests=RequestLog(MeteredLogging(logging, budget)),
            journal=journal,
            budget=budget,
            who=lambda: _who(connection),
            metering=meters.get if metrics else None,
            asking=askers.get if app else None,
            tailing=(lambda: _tailing(settings, logging, budget, habits)) if logs else None,
            keeping=(lambda ref: keeping(settings, clock, ref)) if recording else None,
        )

    areas = Areas(where.endpoint, budget, outside)
    home = where.project, where.region
    try:
        yield Wired(
            settings,
            areas.connection(*home),
            areas,
            areas.outside(*home),
            habits,
            telemetry,
            None if settings.metrics.local else lambda: _elsewhere(meters),
        )
    finally:
        await meters.close()
        await askers.close()
        await areas.close()
        await journal.close()


class Closing(Protocol):
    """What holds connections."""

    async def close(self) -> None: ...


Shared = TypeVar("Shared", bound=Closing)


class Lazy(Generic[Shared]):
    """What sessions share, made in a thread when the first one asks: what it needs takes a while to load."""

    def __init__(self, make: Callable[[], Shared]) -> None:
        self._make = make
        self._making = asyncio.Lock()
        self._made: Shared | None = None

    async def get(self) -> Shared:
        """The one there is. Raises ConfigError and InvalidError."""
        async with self._making:
            if self._made is None:
                self._made = await asyncio.to_thread(self._make)
            return self._made

    async def close(self) -> None:
        """Close what was opened."""
        if self._made is not None:
            await self._made.close()


def _metering(settings: Settings, clock: Clock, telemetry: Telemetry) -> Metering:
    from cockpit.wiring.metrics import Metering

    return Metering(settings, clock, telemetry)


async def _elsewhere(meters: Lazy[Metering]) -> Engine:
    """The engine that settings name. Raises ConfigError and InvalidError."""
    engine = (await meters.get()).elsewhere
    assert engine is not None, "it is asked for where settings name one"
    return engine


def _asking(settings: Settings, clock: Clock) -> Asking:
    from cockpit.wiring.app import Asking

    return Asking(settings, clock)


async def _tailing(settings: Settings, logging: CloudLogging, budget: Budget, habits: Habits) -> Tailing:
    """What follows logs; what it needs takes a while to load."""
    made = await asyncio.to_thread(importlib.import_module, "cockpit.wiring.logs")
    tailing: Tailing = made.Tailing(
        settings, logging, budget, habits.clock, failed_after=habits.service.failed_after
    )
    return tailing


async def _who(connection: Connection) -> str:
    return (await connection.account()).who


def _habits(settings: Settings, clock: Clock) -> Habits:
    poll = settings.poll
    service = replace(
        SERVICE_PACE,
        interval=poll.service_seconds,
        hurry=poll.busy_seconds,
        stale_after=max(SERVICE_PACE.stale_after, 3 * poll.service_seconds),
        failed_after=max(SERVICE_PACE.failed_after, 6 * poll.service_seconds),
    )
    revisions = replace(
        REVISIONS_PACE,
        interval=poll.revisions_seconds,
        stale_after=max(REVISIONS_PACE.stale_after, 3 * poll.revisions_seconds),
        failed_after=max(REVISIONS_PACE.failed_after, 6 * poll.revisions_seconds),
    )
    safety = Safety(
        read_only=settings.safety.read_only,
        arm_seconds=settings.safety.arm_seconds,
        fresh_seconds=service.stale_after,
    )
    return Habits(
        service=service,
        revisions=revisions,
        safety=safety,
        window=settings.observed.window_seconds,
        clock=clock,
    )

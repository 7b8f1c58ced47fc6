"""Watches a fleet while somebody looks at it: each region is read, and each project's request log followed."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Protocol, TypeVar

from cockpit.live.feeds import Pace, PollFeed
from cockpit.live.fleet.alerts import firing
from cockpit.live.fleet.picture import Area, FleetPicture
from cockpit.live.tail_feed import TailFeed
from cockpit.release.fleet import Member, Requests, gravity, state_of
from cockpit.release.observed import Window
from cockpit.release.service import ConditionState

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from cockpit.live.clock import Clock
    from cockpit.live.snapshot import Feed
    from cockpit.metrics.engine import Engine
    from cockpit.release.observed import RequestSeen
    from cockpit.release.service import Service, ServiceRef
    from cockpit.sources.tail import TailState

T = TypeVar("T")

FAILED_AFTER = 60.0
HURRY_SECONDS = 5.0
"""Between two reads of a region in which something reconciles."""

Place = tuple[str, str]
"""A project and a region of it."""


class Reach(Protocol):
    """The way to the services and the requests of any project and region."""

    async def services(self, project: str, region: str) -> tuple[Service, ...]:
        """Every service of a region. Raises a SourceError."""

    async def follow(
        self,
        project: str,
        regions: Sequence[str],
        seen: Callable[[Sequence[tuple[ServiceRef, RequestSeen]]], None],
        stands: Callable[[TailState], None],
    ) -> None:
        """Follow the requests of every service in some regions of a project, until cancelled."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a fleet is: its places, and in seconds the time between two reads of one and the window of requests."""

    places: tuple[Place, ...]
    interval: float = 15.0
    window: float = 60.0

    @property
    def regions(self) -> Mapping[str, tuple[str, ...]]:
        """The regions of each project."""
        projects = dict.fromkeys(project for project, _ in self.places)
        return {
            project: tuple(region for owner, region in self.places if owner == project) for project in projects
        }


class FleetWatch:
    """Begins with `start`, ends with `stop`, and may begin again: what was known is still there, with its age.

    `elsewhere` gives the engine that evaluates the fleet's rules, None where none is known.
    """

    def __init__(
        self, scope: Scope, reach: Reach, clock: Clock, elsewhere: Callable[[], Awaitable[Engine]] | None = None
    ) -> None:
        self._scope = scope
        self._reach = reach
        self._clock = clock
        self._random = Random()
        self._firing: Mapping[str, int] | None = None
        self._services: dict[Place, tuple[Service, ...]] = {}
        self._windows: dict[ServiceRef, Window] = {}
        self._watchers: list[Callable[[], None]] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._polls = {place: self._poll(place) for place in scope.places}
        self._tails = {project: self._tail() for project in scope.regions}
        self._alerts = None if elsewhere is None else self._poll_alerts(elsewhere)

    @property
    def picture(self) -> FleetPicture:
        """How the fleet stands now."""
        at, wall = self._clock.now(), self._clock.wall()
        feeds = {project: tail.standing(at) for project, tail in self._tails.items()}
        found = [service for services in self._services.values() for service in services]
        names = Counter(service.ref.service for service in found)
        members = [
            Member(
                service,
                self._requests(service.ref, feeds[service.ref.project], wall.timestamp()),
                # An alert names a service and not where it runs.
                self._alerting(service.ref.service) if names[service.ref.service] == 1 else None,
            )
            for service in found
        ]
        areas = tuple(
            Area(*place, poll.standing(at), len(self._services.get(place, ())))
            for place, poll in self._polls.items()
        )
        alerts = self._alerts.standing(at) if self._alerts is not None else None
        return FleetPicture(at, wall, tuple(sorted(members, key=gravity)), areas, tuple(feeds.items()), alerts)

    def subscribe(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Call `changed` when a region was read, or a feed stands otherwise; returns the way to stop."""
        self._watchers.append(changed)
        return lambda: self._watchers.remove(changed)

    def refresh(self) -> None:
        """Read every region now."""
        for poll in self._polls.values():
            poll.refresh()
        if self._alerts is not None:
            self._alerts.refresh()

    async def start(self) -> None:
        """Begin to watch; what is not there yet comes."""
        reads = [poll.run() for poll in self._polls.values()]
        if self._alerts is not None:
            reads.append(self._alerts.run())
        follows = [self._follow(project) for project in self._tails]
        self._tasks = [asyncio.create_task(work) for work in (*reads, *follows)]

    async def stop(self) -> None:
        """Watch no more: nothing is read any longer."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []

    def _requests(self, ref: ServiceRef, feed: Feed, now: float) -> Requests | None:
        """What a service's requests come to; None where its project's log was never read."""
        if feed.fresh_at is None:
            return None
        window = self._windows.get(ref)
        if window is None:
            return Requests(self._scope.window)
        seen = window.observed(now)
        total = seen.total + sum(count for _, count in seen.tagged)
        return Requests(self._scope.window, total, sum(count for _, count in seen.errors))

    def _alerting(self, service: str) -> int | None:
        """How many alerts of a service fire; None where nobody knows."""
        return None if self._firing is None else self._firing.get(service, 0)

    def _poll(self, place: Place) -> PollFeed[tuple[Service, ...]]:
        def landed(services: tuple[Service, ...]) -> None:
            self._services[place] = services

        def in_flux() -> bool:
            services = self._services.get(place, ())
            return any(state_of(service) is ConditionState.RECONCILING for service in services)

        return self._feed("services", lambda: self._reach.services(*place), landed, in_flux)

    def _poll_alerts(self, elsewhere: Callable[[], Awaitable[Engine]]) -> PollFeed[Mapping[str, int]]:
        def landed(found: Mapping[str, int]) -> None:
            self._firing = found

        return self._feed("alerts", lambda: firing(elsewhere, self._clock.time()), landed, lambda: False)

    def _feed(
        self,
        name: str,
        read: Callable[[], Awaitable[T]],
        landed: Callable[[T], None],
        hurry: Callable[[], bool],
    ) -> PollFeed[T]:
        interval = self._scope.interval
        return PollFeed(
            name,
            read,
            landed,
            pace=Pace(
                interval,
                hurry=min(HURRY_SECONDS, interval),
                stale_after=3 * interval,
                failed_after=max(FAILED_AFTER, 6 * interval),
            ),
            clock=self._clock,
            random=self._random,
            changed=self._changed,
            hurry=hurry,
        )

    def _tail(self) -> TailFeed:
        return TailFeed("requests", failed_after=FAILED_AFTER, clock=self._clock, changed=self._changed)

    async def _follow(self, project: str) -> None:
        tail, regions = self._tails[project], self._scope.regions[project]

        def seen(requests: Sequence[tuple[ServiceRef, RequestSeen]]) -> None:
            for ref, request in requests:
                self._windows.setdefault(ref, Window(self._scope.window)).add(request)
            tail.heard()

        await tail.keep_going(lambda: self._reach.follow(project, regions, seen, tail.stands))

    def _changed(self) -> None:
        for watcher in tuple(self._watchers):
            watcher()

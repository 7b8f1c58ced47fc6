"""The way to any project and region: a connection for each that is asked for, closed together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.live.metered import MeteredLogging, MeteredReleases
from cockpit.sources.cloudlogging import CloudLogging
from cockpit.sources.cloudrun import CloudRun
from cockpit.sources.connection import Connection
from cockpit.sources.requestlog import RequestLog
from cockpit.sources.target import Target

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cockpit.live.budget import Budget
    from cockpit.live.outside import Outside
    from cockpit.release.observed import RequestSeen
    from cockpit.release.service import Service, ServiceRef
    from cockpit.sources.tail import TailState


class Areas:
    """A `Reach` within one budget, and what sessions share anywhere: `outside` makes that for a connection.

    `endpoint` is that of a local Cloud Run, or "". Every method raises InvalidError for a project or region that
    cannot be.
    """

    def __init__(self, endpoint: str, budget: Budget, outside: Callable[[Connection], Outside]) -> None:
        self._endpoint = endpoint
        self._budget = budget
        self._make = outside
        self._connections: dict[tuple[str, str], Connection] = {}
        self._outsides: dict[tuple[str, str], Outside] = {}

    def connection(self, project: str, region: str) -> Connection:
        """The one connection to a region of a project."""
        place = project, region
        if place not in self._connections:
            self._connections[place] = Connection(Target(project, region, self._endpoint))
        return self._connections[place]

    def outside(self, project: str, region: str) -> Outside:
        """What sessions on services there share."""
        place = project, region
        if place not in self._outsides:
            self._outsides[place] = self._make(self.connection(*place))
        return self._outsides[place]

    async def services(self, project: str, region: str) -> tuple[Service, ...]:
        """Every service of a region."""
        releases = CloudRun(self.connection(project, region))
        return await MeteredReleases(releases, self._budget).services(project, region)

    async def follow(
        self,
        project: str,
        regions: Sequence[str],
        seen: Callable[[Sequence[tuple[ServiceRef, RequestSeen]]], None],
        stands: Callable[[TailState], None],
    ) -> None:
        """Follow the requests of every service in some regions of a project, on one tail."""
        logging = CloudLogging(self.connection(project, regions[0]))
        await RequestLog(MeteredLogging(logging, self._budget)).follow_all(project, regions, seen, stands)

    async def close(self) -> None:
        """Close every connection."""
        for connection in self._connections.values():
            await connection.close()

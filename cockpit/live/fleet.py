"""Every service of a project and region, and a session on any of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.live.assembly import LiveSession
from cockpit.live.metered import MeteredReleases

if TYPE_CHECKING:
    from collections.abc import Callable

    from cockpit.live.assembly import Habits, Outside
    from cockpit.release.service import Service, ServiceRef


class LiveFleet:
    """A `Fleet`. Its sessions share one connection, one journal and one budget; `habits` may differ by service."""

    def __init__(
        self, project: str, region: str, outside: Outside, habits: Callable[[ServiceRef], Habits]
    ) -> None:
        self._project = project
        self._region = region
        self._outside = outside
        self._habits = habits
        self._releases = MeteredReleases(outside.releases, outside.budget)

    async def services(self) -> tuple[Service, ...]:
        """Every service, by name. Raises a SourceError."""
        return await self._releases.services(self._project, self._region)

    def session(self, ref: ServiceRef) -> LiveSession:
        """A session on one service, not yet started."""
        return LiveSession(ref, self._outside, self._habits(ref))

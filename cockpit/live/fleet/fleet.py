"""Every service of some projects and regions, and a session on any of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.live.assembly import LiveSession

if TYPE_CHECKING:
    from collections.abc import Callable

    from cockpit.live.fleet.watch import FleetWatch, Place, Reach
    from cockpit.live.outside import Habits, Outside
    from cockpit.release.service import Service, ServiceRef


class LiveFleet:
    """A `Fleet`. All of it shares one journal and one budget.

    `home` is the project and region that commands and the picker mean. `outside` is what sessions of a project
    and region share, and raises InvalidError for one that cannot be; `habits` may differ by service.
    """

    def __init__(
        self,
        home: Place,
        reach: Reach,
        watch: FleetWatch,
        outside: Callable[[str, str], Outside],
        habits: Callable[[ServiceRef], Habits],
    ) -> None:
        self._home = home
        self._reach = reach
        self._outside = outside
        self._habits = habits
        self.watch = watch

    async def services(self) -> tuple[Service, ...]:
        """Every service at home, by name. Raises a SourceError."""
        return await self._reach.services(*self._home)

    def session(self, ref: ServiceRef) -> LiveSession:
        """A session on one service, not yet started."""
        return LiveSession(ref, self._outside(ref.project, ref.region), self._habits(ref))

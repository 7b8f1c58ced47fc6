"""A fleet as it stands: what views are drawn from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cockpit.release.fleet import gravity

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from cockpit.live.snapshot import Feed
    from cockpit.release.fleet import Member
    from cockpit.release.service import ServiceRef


@dataclass(frozen=True, slots=True)
class Area:
    """A region of a project: `services` were there at the last answer, and `feed` says how old that is."""

    project: str
    region: str
    feed: Feed
    services: int = 0


@dataclass(frozen=True, slots=True)
class FleetPicture:
    """Every service of all areas, the worst first, at a moment of the session's clock; `wall` is the date, in UTC.

    `logs` says for each project how its request log stands, and `alerts` how the engine does that knows of those;
    None where there is none.
    """

    at: float
    wall: datetime
    members: tuple[Member, ...] = ()
    areas: tuple[Area, ...] = ()
    logs: tuple[tuple[str, Feed], ...] = ()
    alerts: Feed | None = None

    def with_alerts(self, firing: Mapping[ServiceRef, int]) -> FleetPicture:
        """The same with how many alerts fire, as far as that is known."""
        known = (replace(member, alerts=firing.get(member.ref, member.alerts)) for member in self.members)
        return replace(self, members=tuple(sorted(known, key=gravity)))

    @property
    def read(self) -> bool:
        """Whether every area has answered, or told why it does not."""
        return all(area.feed.fresh_at is not None or area.feed.problem for area in self.areas)

    @property
    def counted(self) -> bool:
        """Whether every request log is read, and the engine that knows alerts, or has told why it is not."""
        feeds = [feed for _, feed in self.logs] + ([self.alerts] if self.alerts is not None else [])
        return all(feed.fresh_at is not None or feed.problem for feed in feeds)

"""A fleet as it stands: what views are drawn from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from cockpit.live.snapshot import Feed
    from cockpit.release.fleet import Member


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

    `logs` says for each project how its request log stands.
    """

    at: float
    wall: datetime
    members: tuple[Member, ...] = ()
    areas: tuple[Area, ...] = ()
    logs: tuple[tuple[str, Feed], ...] = ()

    @property
    def read(self) -> bool:
        """Whether every area has answered, or told why it does not."""
        return all(area.feed.fresh_at is not None or area.feed.problem for area in self.areas)

    @property
    def counted(self) -> bool:
        """Whether every request log is read, or has told why it is not."""
        return all(feed.fresh_at is not None or feed.problem for _, feed in self.logs)

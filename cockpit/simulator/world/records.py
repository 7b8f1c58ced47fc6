"""What the world keeps about one service."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cockpit.simulator.world.messages import LATEST
from cockpit.simulator.world.names import short
from cockpit.simulator.world.traffic import effective

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Iterable

    from cockpit.simulator.seams import Launch, Share
    from cockpit.simulator.world.conditions import Problem
    from cockpit.simulator.world.messages import RevisionPb, ServicePb, TargetPb
    from cockpit.simulator.world.names import Place


@dataclass(frozen=True, slots=True)
class Pending:
    """A write that is not yet settled: its operation, its generation, and the revision it made, if any."""

    operation: str
    generation: int
    revision: str = ""


@dataclass(slots=True)
class Record:
    """One service, its revisions by short name in order of creation, and what is under way."""

    service: ServicePb
    revisions: dict[str, RevisionPb] = field(default_factory=dict)
    outcomes: dict[str, Launch] = field(default_factory=dict)
    """How the first start of each revision ended; a revision still starting is missing."""
    shares: tuple[Share, ...] = ()
    pending: list[Pending] = field(default_factory=list)
    launches: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    settling: asyncio.Task[None] | None = None
    verdict: Problem | None = None
    """How the newest settled write ended."""

    @property
    def name(self) -> str:
        """The short name of the service."""
        return short(self.service.name)

    @property
    def latest_ready(self) -> str:
        """The short name of the latest ready revision, or ""."""
        return short(self.service.latest_ready_revision)

    @property
    def targets(self) -> list[TargetPb]:
        """The split that is asked for."""
        return list(effective(self.service.traffic))

    def newest_ready(self) -> str:
        """The newest revision whose start went well, or ""."""
        ready = (name for name in reversed(self.revisions) if name in self.outcomes and self.outcomes[name].ready)
        return next(ready, "")

    def follow_latest(self, place: Place) -> None:
        """Make the newest revision that is ready the one that LATEST means."""
        newest = self.newest_ready()
        self.service.latest_ready_revision = place.revision(self.name, newest) if newest else ""

    def starting(self) -> list[str]:
        """The revisions that the split asked for has to wait for."""
        wanted = {target.revision for target in self.targets}
        if any(target.type_ == LATEST for target in self.targets):
            wanted.add(short(self.service.latest_created_revision))
        return [name for name in wanted if name in self.launches]

    def drop(self, revision: str) -> None:
        """Forget a revision that serves nothing."""
        del self.revisions[revision]
        self.outcomes.pop(revision, None)
        if launch := self.launches.pop(revision, None):
            launch.cancel()
        if short(self.service.latest_created_revision) == revision:
            parent = self.service.latest_created_revision.removesuffix(revision)
            self.service.latest_created_revision = parent + next(reversed(self.revisions))

    def tasks(self) -> Iterable[asyncio.Task[None]]:
        """Everything under way for this service."""
        yield from self.launches.values()
        if self.settling is not None:
            yield self.settling


def etag(uid: str, generation: int) -> str:
    """The fingerprint of one version of a service, quoted as HTTP has it."""
    return f'"{base64.urlsafe_b64encode(f"{uid[:8]}:{generation}".encode()).decode().rstrip("=")}"'

"""A cockpit that shifts 10 % to the canary and kills itself at a step: -m tests.live.killed PORT JOURNAL STEP."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from cockpit.live.assembly import LiveSession
from cockpit.live.journal import Journal
from cockpit.live.waiting import until
from tests.live.local import QUICK, connected
from tests.sources.local import CANARY, REF

if TYPE_CHECKING:
    from datetime import datetime

    from cockpit.live.snapshot import Change
    from cockpit.release.service import ServiceRef
    from cockpit.release.traffic import Split
    from cockpit.sources.cloudrun import OperationState, Releases

STEPS = (
    "before intend",
    "after intend",
    "after write",
    "after sent",
    "after operation",
    "before conclude",
    "after conclude",
)


def reached(step: str) -> None:
    """Die here, as the kernel's own killer would have it, if this is the step."""
    if step == sys.argv[3]:
        os.kill(os.getpid(), signal.SIGKILL)


class DyingJournal(Journal):
    """A journal whose cockpit may die around every entry."""

    async def intend(self, change: Change) -> Change:
        reached("before intend")
        change = await super().intend(change)
        reached("after intend")
        return change

    async def sent(self, change: Change, at: datetime) -> None:
        await super().sent(change, at)
        reached("after sent")

    async def conclude(self, change: Change, at: datetime) -> None:
        reached("before conclude")
        await super().conclude(change, at)
        reached("after conclude")


class DyingReleases:
    """Cloud Run over the wire, from a cockpit that may die when an answer has come."""

    def __init__(self, releases: Releases) -> None:
        self._releases = releases
        self.service = releases.service
        self.services = releases.services
        self.revisions = releases.revisions
        self.permissions = releases.permissions
        self.close = releases.close

    async def write_traffic(self, ref: ServiceRef, split: Split, etag: str) -> str:
        name = await self._releases.write_traffic(ref, split, etag)
        reached("after write")
        return name

    async def operation(self, name: str) -> OperationState:
        state = await self._releases.operation(name)
        reached("after operation")
        return state


async def main(port: int, path: Path) -> None:
    """Shift, and die on the way."""
    outside = connected(port, path)
    outside = replace(outside, releases=DyingReleases(outside.releases), journal=DyingJournal(path))
    session = LiveSession(REF, outside, QUICK)
    await session.start()
    await until(session, lambda seen: bool(seen.service and seen.revisions), 20)
    session.door.arm()
    await session.door.apply(session.door.plan_shift({CANARY: 10}))
    await session.stop()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), Path(sys.argv[2])))

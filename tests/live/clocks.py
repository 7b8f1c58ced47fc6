"""A clock that a test owns."""

from __future__ import annotations

import asyncio
import heapq
import itertools
from datetime import UTC, datetime, timedelta

from cockpit.live.clock import Clock


class FakeClock:
    """A clock that stands until it is told to go on; sleepers wake in order."""

    def __init__(self) -> None:
        self.at = 1000.0
        self.set_forward = 0.0
        self._order = itertools.count()
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []

    @property
    def clock(self) -> Clock:
        """What the code under test is given."""
        return Clock(lambda: self.at, self.wall, self.sleep)

    @property
    def asleep(self) -> bool:
        """Whether anybody waits for time to pass."""
        return self.sleepers > 0

    @property
    def sleepers(self) -> int:
        """How many wait for time to pass."""
        return sum(not woken.done() for _, _, woken in self._sleepers)

    def wall(self) -> datetime:
        """The date that goes with the moment, unless it was set forward by some seconds."""
        return datetime(2026, 11, 21, 12, tzinfo=UTC) + timedelta(seconds=self.at - 1000 + self.set_forward)

    async def sleep(self, seconds: float) -> None:
        """Wait until the clock was advanced so far."""
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self.at + seconds, next(self._order), woken))
        await woken

    async def advance(self, seconds: float) -> None:
        """Let time pass, and everything that is due in it happen."""
        end = self.at + seconds
        await settle()
        while self._sleepers and self._sleepers[0][0] <= end:
            due, _, woken = heapq.heappop(self._sleepers)
            self.at = max(self.at, due)
            if not woken.done():
                woken.set_result(None)
            await settle()
        self.at = end
        await settle()


async def settle() -> None:
    """Let everything run that can without time passing."""
    for _ in range(20):
        await asyncio.sleep(0)

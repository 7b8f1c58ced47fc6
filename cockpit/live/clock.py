"""Time as the live room sees it: injected, so that a test owns it."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

if sys.platform == "linux":
    _COUNTS_SLEEP = time.CLOCK_BOOTTIME
else:
    _COUNTS_SLEEP = time.CLOCK_MONOTONIC  # on macOS this one runs on while the lid is closed


def moment() -> float:
    """Seconds of a clock that never goes back and runs on while the machine sleeps.

    An armed cockpit on a laptop closed at night must not be armed in the morning: `time.monotonic` would say so.
    """
    return time.clock_gettime(_COUNTS_SLEEP)


def today() -> datetime:
    """The wall clock, aware and in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Clock:
    """`now` for ages and deadlines in seconds, `wall` for dates shown to people, `sleep` to wait.

    `epoch` is when `now` stood at 0, in epoch seconds, by the wall clock at the start.
    """

    now: Callable[[], float] = moment
    wall: Callable[[], datetime] = today
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    epoch: float = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "epoch", self.wall().timestamp() - self.now())

    def time(self) -> float:
        """Epoch seconds that never go back, whatever is done to the wall clock: the axis of all that is kept."""
        return self.epoch + self.now()

    async def sleep_or(self, woken: asyncio.Event, seconds: float) -> None:
        """Wait until the event is set, at most some seconds."""
        tasks = [asyncio.ensure_future(self.sleep(seconds)), asyncio.ensure_future(woken.wait())]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

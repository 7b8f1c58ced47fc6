"""A past without a file: snapshots of every second, and a recording that is played by hand."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from tests.tui import staged
from tests.tui.staged import AT, NOW

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cockpit.live.snapshot import Snapshot

PRESENT = NOW.timestamp()
EPOCH = PRESENT - AT
SHIFTED = PRESENT - 300
"""When the canary went from 5 to 10 percent."""


def stood(at: float) -> Snapshot:
    """How everything stood at a moment, read half a second before."""
    percent = 10 if at >= SHIFTED else 5
    moment = at - EPOCH
    return replace(
        staged.healthy(),
        at=moment,
        epoch=EPOCH,
        service=staged.service(staged.split(stable=100 - percent, canary=percent)),
        feeds=tuple(replace(feed, fresh_at=moment - 0.5) for feed in staged.FEEDS),
    )


class StagedMemory:
    """A `Memory` of what `stood`. Answers wait while `held` is not set; what was asked is in `asked`."""

    def __init__(self, *spans: tuple[float, float]) -> None:
        self.spans: Sequence[tuple[float, float]] = spans or ((PRESENT - 3600, PRESENT),)
        self.asked: list[float] = []
        self.failure: Exception | None = None
        self.held = asyncio.Event()
        self.held.set()

    async def snapshot(self, at: float) -> Snapshot | None:
        """How it stood, half a second before."""
        self.asked.append(at)
        await self.held.wait()
        if self.failure is not None:
            raise self.failure
        looked = any(since <= at <= until for since, until in self.spans)
        return stood(at - 0.5) if looked else None

"""Moments that are wished for faster than a memory answers."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from cockpit.live.recall import Recall
from tests.tui import staged

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cockpit.live.recall import Recalled
    from cockpit.live.snapshot import Snapshot


class Remembering:
    """A memory that answers when it is let."""

    spans: Sequence[tuple[float, float]] = ((0.0, 100.0),)

    def __init__(self) -> None:
        self.asked: list[float] = []
        self.let = asyncio.Event()

    async def snapshot(self, at: float) -> Snapshot | None:
        self.asked.append(at)
        await self.let.wait()
        return staged.healthy()


async def turns() -> None:
    """Let everything that can go on do so."""
    for _ in range(10):
        await asyncio.sleep(0)


async def test_of_several_wishes_the_newest_is_granted() -> None:
    granted: list[Recalled] = []
    memory, recall = Remembering(), Recall(granted.append)
    recall.wish(memory, 1.0)
    await turns()
    for at in (2.0, 3.0, 4.0):
        recall.wish(memory, at)
    memory.let.set()
    await turns()
    assert memory.asked == [each.at for each in granted] == [1.0, 4.0]


async def test_what_is_dropped_is_not_told_and_the_next_wish_is() -> None:
    granted: list[Recalled] = []
    memory, recall = Remembering(), Recall(granted.append)
    recall.wish(memory, 1.0)
    await turns()
    recall.drop()
    recall.wish(memory, 2.0)
    memory.let.set()
    await turns()
    assert [each.at for each in granted] == [2.0]


async def test_who_fails_to_show_one_moment_is_given_the_next() -> None:
    granted: list[float] = []

    def show(recalled: Recalled) -> None:
        granted.append(recalled.at)
        if recalled.at == 1.0:
            raise ZeroDivisionError

    memory, recall = Remembering(), Recall(show)
    memory.let.set()
    recall.wish(memory, 1.0)
    await turns()
    recall.wish(memory, 2.0)
    await turns()
    assert granted == [1.0, 2.0]

"""Feeds that run while they are wanted: one task each."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping


class Feeding(Protocol):
    """What keeps asking."""

    async def run(self) -> None: ...
    def refresh(self) -> None: ...


K = TypeVar("K", bound="Hashable")
F = TypeVar("F", bound=Feeding)


class Running(Generic[K, F]):
    """Feeds by what they are about."""

    def __init__(self) -> None:
        self.feeds: dict[K, F] = {}
        self._tasks: dict[K, asyncio.Task[None]] = {}

    def keep(self, wanted: Mapping[K, Callable[[], F]]) -> list[F]:
        """Let these run and no others. What is new is made by its callable, and answered."""
        for key in [known for known in self.feeds if known not in wanted]:
            del self.feeds[key]
            self._tasks.pop(key).cancel()
        begun = {key: make() for key, make in wanted.items() if key not in self.feeds}
        for key, feed in begun.items():
            self.feeds[key] = feed
            self._tasks[key] = asyncio.create_task(feed.run(), name=f"app:{key}")
        return list(begun.values())

    def refresh(self) -> None:
        """Ask now."""
        for feed in self.feeds.values():
            feed.refresh()

    async def stop(self) -> None:
        """End all of them, and wait until they have."""
        tasks = list(self._tasks.values())
        self.keep({})
        await asyncio.gather(*tasks, return_exceptions=True)

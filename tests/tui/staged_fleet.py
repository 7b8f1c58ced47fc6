"""A fleet whose picture is put there by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from cockpit.live.fleet.picture import FleetPicture


class StagedWatch:
    """Says what it was given."""

    def __init__(self, picture: FleetPicture) -> None:
        self.picture = picture
        self.running = False
        self.refreshed = 0
        self._watchers: list[Callable[[], None]] = []

    def put(self, picture: FleetPicture) -> None:
        """Something was read."""
        self.picture = picture
        for watcher in tuple(self._watchers):
            watcher()

    def subscribe(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Call `changed` after every put."""
        self._watchers.append(changed)
        return lambda: self._watchers.remove(changed)

    def refresh(self) -> None:
        """Count."""
        self.refreshed += 1

    async def start(self) -> None:
        """Run."""
        self.running = True

    async def stop(self) -> None:
        """Stop."""
        self.running = False

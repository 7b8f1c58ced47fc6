"""Who drives a change: a lock on a file of its own, which the system lets go however its holder ends.

A change that is under way in the journal and whose claim can be taken was left behind: kill -9, power, a crash.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.live.locked import lock, unlock

if TYPE_CHECKING:
    from pathlib import Path


class Claims:
    """Claims on changes, held as locked files beside the journal."""

    def __init__(self, journal: Path) -> None:
        self._journal = journal
        self._held: dict[int, int] = {}

    def take(self, change: int) -> bool:
        """Claim a change; False where somebody alive holds it, this process included. Raises OSError."""
        handle = lock(self._path(change))
        if handle is not None:
            self._held[change] = handle
        return handle is not None

    def release(self, change: int) -> None:
        """Let a claim go; one that is not held is none."""
        handle = self._held.pop(change, None)
        if handle is not None:
            unlock(self._path(change), handle)

    def release_all(self) -> None:
        """Let every claim go."""
        for change in tuple(self._held):
            self.release(change)

    def _path(self, change: int) -> Path:
        return self._journal.with_name(f"{self._journal.name}.change-{change}")

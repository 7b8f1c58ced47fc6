"""Who drives a change: a lock on a file of its own, which the system lets go however its holder ends.

A change that is under way in the journal and whose claim can be taken was left behind: kill -9, power, a crash.
"""

from __future__ import annotations

import fcntl
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class Claims:
    """Claims on changes, held as locked files beside the journal."""

    def __init__(self, journal: Path) -> None:
        self._journal = journal
        self._held: dict[int, int] = {}

    def take(self, change: int) -> bool:
        """Claim a change; False where somebody alive holds it, this process included. Raises OSError."""
        path = self._path(change)
        while True:
            handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(handle)
                return False
            if self._stands(path, handle):
                self._held[change] = handle
                return True
            # Its last holder removed the file between our opening and locking it.
            os.close(handle)

    def release(self, change: int) -> None:
        """Let a claim go; one that is not held is none."""
        handle = self._held.pop(change, None)
        if handle is not None:
            self._path(change).unlink(missing_ok=True)
            os.close(handle)

    def release_all(self) -> None:
        """Let every claim go."""
        for change in tuple(self._held):
            self.release(change)

    def _path(self, change: int) -> Path:
        return self._journal.with_name(f"{self._journal.name}.change-{change}")

    @staticmethod
    def _stands(path: Path, handle: int) -> bool:
        try:
            return os.path.samestat(path.stat(), os.fstat(handle))
        except FileNotFoundError:
            return False

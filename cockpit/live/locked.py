"""Files that are locked for as long as a process has them, which the system lets go however it ends."""

from __future__ import annotations

import fcntl
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def lock(path: Path) -> int | None:
    """The handle of a file made and locked; None where somebody has it, be it this process. Raises OSError."""
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return None
        if _stands(path, handle):
            return handle
        # Its last holder removed the file between our opening and locking it.
        os.close(handle)


def unlock(path: Path, handle: int) -> None:
    """Let a file go, which is then no more."""
    path.unlink(missing_ok=True)
    os.close(handle)


def _stands(path: Path, handle: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(handle))
    except FileNotFoundError:
        return False

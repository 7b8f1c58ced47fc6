"""What is too old or too much leaves: whole recordings of before, then the oldest of one that goes on."""

from __future__ import annotations

import logging
import os
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from cockpit.live.locked import lock, unlock
from cockpit.live.recording.schema import SUFFIX, vacuum
from cockpit.live.recording.streams import Stream
from cockpit.live.recording.tape import lock_of
from cockpit.live.transaction import transaction

if TYPE_CHECKING:
    import sqlite3

    from cockpit.live.recording.bounds import Bounds

logger = logging.getLogger(__name__)

_BESIDE = ("", "-wal", "-shm")


class _Found(NamedTuple):
    path: Path
    size: int
    written: float


def prune(folder: Path, bounds: Bounds, at: float, own: Path | None = None) -> int:
    """Remove recordings of a folder: those that ended too long ago, and the oldest until the rest have room.

    Those that a cockpit writes stay. `at` in epoch seconds. How many bytes there are too many even so: `own` is
    too large by them.
    """
    found = sorted(_recordings(folder), key=lambda each: each.written)
    total = sum(each.size for each in found)
    for each in found:
        is_old = each.written < at - bounds.age
        if each.path != own and (is_old or total > bounds.size) and remove(each.path):
            total -= each.size
    return max(0, total - bounds.size)


def trim(connection: sqlite3.Connection, excess: int, oldest: float) -> float | None:
    """Remove the oldest minutes of a recording: all before `oldest` (epoch seconds), and so many bytes.

    The time from which on there is something, None where all stays. Raises sqlite3.Error.
    """
    gone = None
    freed = 0
    query = "SELECT id, until, length(data) FROM pieces WHERE whole ORDER BY id"
    with closing(connection.execute(query)) as rows:
        for number, until, length in rows:
            if freed >= excess and until >= oldest:
                break
            gone, freed = number, freed + length
    if gone is None:
        return None
    with transaction(connection):
        connection.execute("DELETE FROM pieces WHERE whole AND id <= ?", (gone,))
        left = "SELECT min(since) FROM pieces WHERE stream = ? AND opens"
        query = f"SELECT coalesce(({left}), (SELECT max(until) FROM spans), 0.0)"
        [(first,)] = connection.execute(query, (Stream.SNAPSHOTS,))
        connection.execute("DELETE FROM spans WHERE until < ?", (first,))
        connection.execute("UPDATE spans SET since = ? WHERE since < ?", (first, first))
    vacuum(connection)
    return float(first)


def size_of(connection: sqlite3.Connection) -> int:
    """Bytes of a recording that hold something."""
    [(size,)] = connection.execute(
        "SELECT (page_count - freelist_count) * page_size "
        "FROM pragma_page_count, pragma_freelist_count, pragma_page_size"
    )
    return int(size)


def is_written(path: Path) -> bool:
    """Whether a cockpit still writes a recording."""
    beside = lock_of(path)
    if not beside.exists():
        return False
    try:
        held = lock(beside)
    except OSError:
        return False
    if held is not None:
        unlock(beside, held)
    return held is None


def _recordings(folder: Path) -> list[_Found]:
    found = []
    for path in folder.glob(f"*{SUFFIX}"):
        with suppress(FileNotFoundError):  # another cockpit prunes, too
            stats = [beside.stat() for end in _BESIDE if (beside := Path(f"{path}{end}")).exists()]
            found.append(_Found(path, sum(each.st_size for each in stats), max(each.st_mtime for each in stats)))
    return found


def remove(path: Path) -> bool:
    """Remove a recording; whether it is gone. One that a cockpit writes stays."""
    if is_written(path):
        return False
    try:
        for end in reversed(_BESIDE):
            Path(f"{path}{end}").unlink(missing_ok=True)
    except OSError as error:
        logger.warning("an old recording could not be removed: %s: %s", path, os.strerror(error.errno or 0))
        return False
    return True

"""What a session is recorded on: a file of its own, or memory where nothing may be on the disk."""

from __future__ import annotations

import os
import re
import sqlite3
import threading
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from cockpit.live.locked import lock, unlock
from cockpit.live.recording.errors import RecordingError
from cockpit.live.recording.reading import Recording
from cockpit.live.recording.schema import SUFFIX, create, vacuum
from cockpit.live.transaction import transaction

if TYPE_CHECKING:
    from collections.abc import Mapping

IN_MEMORY = Path(":memory:")
_BUSY_SECONDS = 5.0
_PRIVATE = 0o600


@dataclass(frozen=True, slots=True)
class Tape:
    """A recording's file while it is written; its lock tells others that it is."""

    path: Path
    connection: sqlite3.Connection
    guard: AbstractContextManager[object]
    lock: int | None = None

    @classmethod
    def new(cls, folder: Path, about: Mapping[str, str], at: float) -> Tape:
        """A new file in a folder, of a session that begins `at` a time. Raises RecordingError.

        `about` has the project, region and service, and the engine.
        """
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            path, held = _new_path(folder, about["service"], at)
        except OSError as error:
            raise RecordingError(
                f"no recording can be made in {folder}: {error.strerror or error}",
                "make the directory writable, or name another one under [recording] folder",
            ) from error
        try:
            connection = sqlite3.connect(
                path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
            # A second may be lost with the power; what the process has written outlives the process.
            prepare(connection, about, ("journal_mode = WAL", "synchronous = NORMAL"))
        except sqlite3.Error as error:
            path.unlink(missing_ok=True)
            unlock(lock_of(path), held)
            raise RecordingError(f"no recording can be made in {folder}: {error}", mend_of(error)) from error
        return cls(path, connection, nullcontext(), held)

    @classmethod
    def in_memory(cls, about: Mapping[str, str]) -> Tape:
        """Nothing on the disk."""
        connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        prepare(connection, about, ())
        return cls(IN_MEMORY, connection, threading.RLock())

    @property
    def stands(self) -> bool:
        """Whether it is still there."""
        return self.lock is None or self.path.exists()

    def reader(self) -> Recording:
        """What has been recorded on it so far. Raises RecordingError."""
        if self.lock is None:
            return Recording(self.path, self.connection, lock=self.guard)
        return Recording.open(self.path)

    def close(self) -> None:
        """Let it go; a file is one file then, without others beside it and without room for more."""
        if self.lock is not None:
            # Where somebody still reads, it stays as it is: two files more, and nothing less in them.
            with suppress(sqlite3.Error):
                vacuum(self.connection)
                self.connection.execute("PRAGMA journal_mode = DELETE")
        self.connection.close()
        if self.lock is not None:
            unlock(lock_of(self.path), self.lock)


def lock_of(path: Path) -> Path:
    """The file that is locked while a recording is written."""
    return path.with_name(f"{path.name}.lock")


def mend_of(error: sqlite3.Error) -> str:
    """What to do about a recording that cannot be written."""
    name = str(getattr(error, "sqlite_errorname", ""))
    mends = {
        "SQLITE_FULL": "free some space on that disk",
        "SQLITE_IOERR": "check that the disk has space and is healthy",
        "SQLITE_READONLY": "make the directory writable, or name another one under [recording] folder",
        "SQLITE_CANTOPEN": "make the directory writable, or name another one under [recording] folder",
        "SQLITE_BUSY": "another program holds the file; close it",
    }
    return next((mend for known, mend in mends.items() if name.startswith(known)), "the log file has the details")


def prepare(connection: sqlite3.Connection, about: Mapping[str, str], pragmas: tuple[str, ...]) -> None:
    """Make a new file a recording, or close it where that fails. Raises sqlite3.Error."""
    try:
        # Before anything is in it: room of what leaves can then go back to the disk a little at a time.
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")
        with transaction(connection):
            create(connection)
            told = {**about, "cockpit": version("cockpit")}
            connection.executemany("INSERT INTO about VALUES (?, ?)", told.items())
    except BaseException:
        connection.close()
        raise


def plain(name: str) -> str:
    """A service's name as a part of a file's."""
    return re.sub(r"[^\w.-]+", "-", name)


def _new_path(folder: Path, service: str, at: float) -> tuple[Path, int]:
    """A name that nobody has, its file made, private and empty, and its lock."""
    name = plain(service)
    stamp = f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H-%M-%SZ}"
    while True:
        path = folder / f"{name}-{stamp}-{os.urandom(3).hex()}{SUFFIX}"
        held = lock(lock_of(path))
        if held is None:
            continue
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, _PRIVATE))
        except FileExistsError:
            unlock(lock_of(path), held)
            continue
        except OSError:
            unlock(lock_of(path), held)
            raise
        return path, held

"""A recording's file opened to be read, or the reason why it is none."""

from __future__ import annotations

import os
import sqlite3
from typing import TYPE_CHECKING, NamedTuple

from cockpit.live.recording.errors import RecordingError
from cockpit.live.recording.salvage import salvaged
from cockpit.live.recording.schema import APPLICATION_ID, FORMAT, OLDEST

if TYPE_CHECKING:
    from pathlib import Path

LIST = "`cockpit recordings` lists what there is"
RECOVER = "`sqlite3 FILE .recover` may save more of it"
_BUSY_SECONDS = 5.0
_UPDATE = "update this cockpit to read it"


class Opened(NamedTuple):
    """A connection that only reads, which any thread may use, one at a time, and in words what is missing."""

    connection: sqlite3.Connection
    damage: str = ""


def open_file(path: Path) -> Opened:
    """Open a file. One that is cut off gives what is left of it. Raises RecordingError."""
    _check_file(path)
    try:
        opened = _opened(path)
    except sqlite3.Error as error:
        raise unreadable(path, error) from error
    try:
        _check_kind(path, opened.connection)
    except BaseException:
        opened.connection.close()
        raise
    return opened


def is_corrupt(error: sqlite3.Error) -> bool:
    """Whether SQLite says that pages of a file are not what they should be."""
    return str(getattr(error, "sqlite_errorname", "")).startswith("SQLITE_CORRUPT")


def unreadable(path: Path, error: sqlite3.Error) -> RecordingError:
    """Why SQLite cannot read a file."""
    name = getattr(error, "sqlite_errorname", "")
    if name == "SQLITE_NOTADB":
        return RecordingError(f"{path} is no recording of cockpit", LIST)
    if is_corrupt(error):
        return RecordingError(f"{path} is damaged: {error}", RECOVER)
    if name.startswith("SQLITE_BUSY"):
        return RecordingError(f"{path} is held by another program", "close that, or copy the file")
    return RecordingError(f"{path} cannot be read: {error}", "check the file, its directory and the disk")


def _check_file(path: Path) -> None:
    """The file itself is never opened here: closing it would take away the locks of a recording of our own."""
    try:
        size = path.stat().st_size
    except FileNotFoundError:
        raise RecordingError(f"there is no file {path}", LIST) from None
    except OSError as error:
        raise RecordingError(f"{path} cannot be read: {error.strerror or error}", "check the path") from error
    if path.is_dir():
        raise RecordingError(f"{path} is a directory", "name one recording in it")
    if not path.is_file():
        raise RecordingError(f"{path} is no file", LIST)
    if not os.access(path, os.R_OK):
        raise RecordingError(f"{path} may not be read by you", "ask its owner, or `chmod u+r` it")
    # What a cockpit that was killed at once has left is all in the file beside it.
    if size == 0 and not os.path.exists(f"{path}-wal"):
        raise RecordingError(f"{path} is empty", "nothing was recorded in it")


def _opened(path: Path) -> Opened:
    try:
        connection = _connected(path, _how(path))
    except sqlite3.DatabaseError as error:
        if not is_corrupt(error):
            raise
        return Opened(*salvaged(path))
    # A page of which only a part is there is a whole one for SQLite.
    [(page,)] = connection.execute("PRAGMA page_size")
    if path.stat().st_size % page == 0:
        return Opened(connection)
    connection.close()
    return Opened(*salvaged(path))


def _how(path: Path) -> str:
    """Where nothing can be written beside a file SQLite cannot share it, but read it."""
    alone = not os.access(path.parent, os.W_OK) and not os.path.exists(f"{path}-wal")
    return "immutable=1" if alone else "mode=ro"


def _connected(path: Path, how: str) -> sqlite3.Connection:
    uri = f"{path.resolve().as_uri()}?{how}"
    connection = sqlite3.connect(
        uri, uri=True, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
    )
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


def _check_kind(path: Path, connection: sqlite3.Connection) -> None:
    try:
        mark = int(connection.execute("PRAGMA application_id").fetchone()[0])
        number = int(connection.execute("PRAGMA user_version").fetchone()[0])
        if mark != APPLICATION_ID:
            raise RecordingError(f"{path} is an SQLite file, but no recording of cockpit", LIST)
        if OLDEST <= number <= FORMAT:
            return
        made = connection.execute("SELECT value FROM about WHERE key = 'cockpit'").fetchone()
    except sqlite3.Error as error:
        raise unreadable(path, error) from error
    by = f"cockpit {made[0]}" if made else "another cockpit"
    if number > FORMAT:
        raise RecordingError(f"{path} was recorded by {by}, in a newer format ({number}, not {FORMAT})", _UPDATE)
    raise RecordingError(
        f"{path} was recorded by {by}, in a format that is no longer read ({number}, not {FORMAT})",
        f"replay it with {by}",
    )

"""What is left of a recording that was cut off: copied, as far as it can be read, into a file that is nowhere."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cockpit.live.recording.schema import create
from cockpit.live.recording.streams import Stream

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOTHING = "it is cut off, and nothing is left"

_PLAIN = {
    "about": "key, value",
    "spans": "id, since, until",
    "events": "key, at, kind, subject, text, who, revision, details",
    "shares": "since, until, percents",
}
_MARKS = ("application_id", "user_version")
_OF_PIECE = "id, stream, since, until, whole, opens, data"


def salvaged(path: Path) -> tuple[sqlite3.Connection, str]:
    """A connection on what is left, and in words what is missing. Raises sqlite3.Error where nothing is."""
    # A name of "" is a file of SQLite's own, in the folder for such, that goes with its connection.
    target = sqlite3.connect("", isolation_level=None, check_same_thread=False)
    source = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None)
    try:
        # The file has fewer pages than it says: with this SQLite reads those that there are.
        source.execute("PRAGMA writable_schema = ON")
        create(target, [int(source.execute(f"PRAGMA {mark}").fetchone()[0]) for mark in _MARKS])
        target.execute("BEGIN")
        for table, columns in _PLAIN.items():
            for row in _readable(source, f"SELECT {columns} FROM {table} NOT INDEXED"):
                target.execute(f"INSERT OR IGNORE INTO {table} VALUES ({_places(row)})", row)
        _copy_pieces(source, target)
        said = _trim(target)
        target.execute("COMMIT")
    except BaseException:
        target.close()
        raise
    finally:
        source.close()
    return target, said


def _copy_pieces(source: sqlite3.Connection, target: sqlite3.Connection) -> None:
    """Piece by piece: one whose data is gone does not take those behind it along."""
    for (number,) in _readable(source, "SELECT id FROM pieces NOT INDEXED ORDER BY id"):
        for row in _readable(source, f"SELECT {_OF_PIECE} FROM pieces NOT INDEXED WHERE id = {number}"):
            target.execute(f"INSERT OR IGNORE INTO pieces ({_OF_PIECE}) VALUES ({_places(row)})", row)


def _readable(source: sqlite3.Connection, query: str) -> Iterator[tuple[object, ...]]:
    """Rows, until one cannot be read."""
    try:
        yield from source.execute(query)
    except sqlite3.DatabaseError:
        return


def _trim(target: sqlite3.Connection) -> str:
    """Let nobody have looked where nothing is left; in words until when there is."""
    [(until,)] = target.execute("SELECT max(until) FROM pieces WHERE stream <> ?", (Stream.LOG,))
    if until is None:
        target.execute("DELETE FROM spans")
        return NOTHING
    # Of a page that is there in part SQLite makes zeros: rows of it may say anything.
    target.execute("DELETE FROM spans WHERE since > ? OR typeof(since) <> 'real'", (until,))
    target.execute("UPDATE spans SET until = min(until, ?)", (until,))
    return f"it is cut off: it can be read until {datetime.fromtimestamp(until, UTC):%Y-%m-%d %H:%M:%S} UTC"


def _places(row: tuple[object, ...]) -> str:
    return ", ".join("?" * len(row))

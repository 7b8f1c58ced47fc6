"""A recording's tables. Times are epoch seconds, but where a stream says otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

SUFFIX = ".cockpit"
APPLICATION_ID = 0x636F636B
"""SQLite's mark of whose file it is: "cock", as `file` shows it."""

FORMAT = 1
OLDEST = 1
"""The oldest format that is read; a field that is new has a default, so that formats are rarely new."""

TABLES = (
    "CREATE TABLE about (key TEXT PRIMARY KEY, value TEXT NOT NULL)",
    # From when until when somebody looked.
    "CREATE TABLE spans (id INTEGER PRIMARY KEY, since REAL NOT NULL, until REAL NOT NULL)",
    # `whole` is 0 for a second's piece, which becomes part of a minute's, and `opens` 1 for a piece that can be
    # read without the ones before it. Ids are never given twice.
    """CREATE TABLE pieces (
        id INTEGER PRIMARY KEY AUTOINCREMENT, stream INTEGER NOT NULL, since REAL NOT NULL, until REAL NOT NULL,
        whole INTEGER NOT NULL, opens INTEGER NOT NULL, data BLOB NOT NULL)""",
    "CREATE INDEX pieces_in_order ON pieces (stream, id, since, until, whole, opens)",
    """CREATE TABLE events (
        key TEXT PRIMARY KEY, at REAL NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL, text TEXT NOT NULL,
        who TEXT NOT NULL, revision TEXT NOT NULL, details TEXT NOT NULL) WITHOUT ROWID""",
    "CREATE TABLE shares (since REAL PRIMARY KEY, until REAL NOT NULL, percents TEXT NOT NULL)",
)


def create(connection: sqlite3.Connection, marks: Sequence[int] = (APPLICATION_ID, FORMAT)) -> None:
    """Make the tables of a new recording; `marks` are whose file it is and its format."""
    connection.execute(f"PRAGMA application_id = {marks[0]}")
    connection.execute(f"PRAGMA user_version = {marks[1]}")
    for table in TABLES:
        connection.execute(table)


def vacuum(connection: sqlite3.Connection) -> None:
    """Give room that is not needed any more back to the disk."""
    # A page each time the statement is stepped, which `execute` does only once.
    connection.executescript("PRAGMA incremental_vacuum")

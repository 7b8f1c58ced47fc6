"""The journal: what was asked of Cloud Run, by whom, from what to what, and what came of it.

One SQLite file that several cockpits share. A change is in it, on the disk, before anything is written to the
cloud; one that has no outcome and no living driver is what a killed cockpit left behind.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

import msgspec

from cockpit.live import journal_schema as schema
from cockpit.live.claims import Claims
from cockpit.live.session import RefusedError
from cockpit.live.transaction import transaction

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from cockpit.live.rollback import SplitSeen
    from cockpit.live.snapshot import Change
    from cockpit.release.service import ServiceRef

T = TypeVar("T")

BUSY_SECONDS = 5.0
SPLITS_KEPT = 200

MENDS = {
    "SQLITE_FULL": "free some space on that disk",
    "SQLITE_READONLY": "make the file and its directory writable, or name another file under [journal] path",
    "SQLITE_CANTOPEN": "make its directory writable, or name another file under [journal] path",
    "SQLITE_BUSY": "another program holds the file; close it and try again",
    "SQLITE_CORRUPT": "move the file away; `sqlite3 FILE .recover` reads what it held",
    "SQLITE_NOTADB": "move the file away, or name another file under [journal] path",
    "SQLITE_IOERR": "check that the disk has space and is healthy",
}
UNREADABLE = MENDS["SQLITE_CORRUPT"]


class JournalError(Exception):
    """The journal cannot be read or written: `str(error)` names the file and the reason, `mend` what to do."""

    def __init__(self, message: str, mend: str = "") -> None:
        super().__init__(message)
        self.mend = mend


class Journal:
    """The journal file at `path`. Every method works in one thread of its own and raises JournalError.

    It opens itself at the first use, and again at the next where that failed.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._claims = Claims(path)
        self._connection: sqlite3.Connection | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="journal")

    async def open(self) -> None:
        """Open the file now, rather than at the first use, and make sure that it can be written."""
        await self._do(lambda _: None)

    async def close(self) -> None:
        """Close the file and let every claim go. A change still under way is left to be recovered."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._close)
        self._thread.shutdown()

    async def intend(self, change: Change) -> Change:
        """Write down, before anything else happens, what is about to be asked; answers the change with its id.

        Raises RefusedError where another change of the service is under way, here or in another cockpit.
        """

        def work(connection: sqlite3.Connection) -> Change:
            number = 0
            try:
                with transaction(connection):
                    self._refuse_second(connection, change.ref)
                    number = connection.execute(schema.INSERT_CHANGE, schema.intended(change)).lastrowid or 0
                    self._claims.take(number)
            except BaseException:
                self._claims.release(number)
                raise
            return replace(change, id=number)

        return await self._do(work)

    async def sent(self, change: Change, at: datetime) -> None:
        """Write down that Cloud Run took the write, and the operation it answered with."""
        row = {"id": change.id, "operation": change.operation, "sent": at.isoformat()}
        await self._do(lambda connection: connection.execute(schema.MARK_SENT, row))

    async def conclude(self, change: Change, at: datetime) -> None:
        """Write down how a change ended, and let its claim go."""

        def work(connection: sqlite3.Connection) -> None:
            connection.execute(schema.CONCLUDE_CHANGE, schema.concluded(change, at))
            self._claims.release(change.id)

        await self._do(work)

    async def leave(self, change: Change) -> None:
        """Let the claim of a change go that is left under way, for whoever starts next to find out about it."""
        await self._do(lambda _: self._claims.release(change.id))

    async def take_over(self, ref: ServiceRef) -> tuple[Change, ...]:
        """Claim the changes of a service that are under way and that nobody drives any more, oldest first."""

        def work(connection: sqlite3.Connection) -> tuple[Change, ...]:
            left = [change for change in _pending(connection, ref) if self._claims.take(change.id)]
            # One whose driver ended it between our reading and our claiming is no longer under way.
            still = {change.id for change in _pending(connection, ref)}
            for change in left:
                if change.id not in still:
                    self._claims.release(change.id)
            return tuple(change for change in left if change.id in still)

        return await self._do(work)

    async def pending(self, ref: ServiceRef) -> tuple[Change, ...]:
        """The changes of a service that are under way, whoever drives them, oldest first."""
        return await self._do(lambda connection: tuple(_pending(connection, ref)))

    async def history(self, ref: ServiceRef, limit: int = 50) -> tuple[Change, ...]:
        """The last ended changes of a service, newest first."""
        ended = f"SELECT * FROM changes WHERE {schema.OF_SERVICE} AND outcome IS NOT NULL"
        query = f"{ended} ORDER BY id DESC LIMIT :limit"
        row = {**schema.names(ref), "limit": limit}
        return await self._do(lambda c: tuple(map(schema.change_of, c.execute(query, row).fetchall())))

    async def saw(self, ref: ServiceRef, split: SplitSeen) -> None:
        """Keep a split that serves, unless it is the last one kept; the oldest beyond some hundred go."""

        def work(connection: sqlite3.Connection) -> None:
            with transaction(connection):
                last = _splits(connection, ref, 1)
                if last and last[0].served == split.served:
                    return
                connection.execute(schema.INSERT_SPLIT, schema.seen(ref, split))
                connection.execute(
                    f"DELETE FROM splits WHERE {schema.OF_SERVICE} AND id NOT IN "
                    f"(SELECT id FROM splits WHERE {schema.OF_SERVICE} ORDER BY id DESC LIMIT :kept)",
                    {**schema.names(ref), "kept": SPLITS_KEPT},
                )

        await self._do(work)

    async def splits(self, ref: ServiceRef) -> tuple[SplitSeen, ...]:
        """The splits that served, by anyone's doing, newest first."""
        return await self._do(lambda connection: _splits(connection, ref, SPLITS_KEPT))

    def _refuse_second(self, connection: sqlite3.Connection, ref: ServiceRef) -> None:
        for other in _pending(connection, ref):
            if self._claims.take(other.id):
                self._claims.release(other.id)
                raise RefusedError(
                    f"change {other.id} was under way when a cockpit ended, and what became of it is not read yet",
                    "wait until the service can be read",
                    kind="busy",
                )
            raise RefusedError(
                f"change {other.id} of this service, by {other.actor}, is under way",
                "wait until it has ended",
                kind="busy",
            )

    async def version(self) -> int:
        """A number that is another one after any other cockpit has written."""
        return await self._do(lambda connection: int(connection.execute("PRAGMA data_version").fetchone()[0]))

    async def _do(self, work: Callable[[sqlite3.Connection], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._run, work)

    def _run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        try:
            if self._connection is None:
                self._connection = _connect(self.path)
            return work(self._connection)
        except sqlite3.Error as error:
            raise _journal_error(self.path, error) from error
        except (ValueError, msgspec.MsgspecError) as error:
            raise JournalError(
                f"the journal {self.path} holds a row that is no change: {error}", UNREADABLE
            ) from error
        except OSError as error:
            message = f"the journal {self.path} cannot be used: {error.strerror or error}"
            raise JournalError(message, MENDS["SQLITE_CANTOPEN"]) from error

    def _close(self) -> None:
        self._claims.release_all()
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _connect(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    connection.row_factory = sqlite3.Row
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        # FULL: an intent must outlive the power as well as the process, or nothing may be written to the cloud.
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA fullfsync = ON")
        _migrate(connection, path)
        _check(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    with transaction(connection):
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version > len(schema.MIGRATIONS):
            raise JournalError(
                f"the journal {path} was written by a newer cockpit",
                "update this cockpit, or name another file under [journal] path",
            )
        for script in schema.MIGRATIONS[version:]:
            for statement in filter(str.strip, script.split(";")):
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(schema.MIGRATIONS)}")


def _check(connection: sqlite3.Connection) -> None:
    """Find out now, and not in the middle of a change, that a file is damaged or may not be written."""
    problem = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if problem != "ok":
        raise sqlite3.DatabaseError(problem)
    with transaction(connection):
        connection.execute("UPDATE changes SET id = id WHERE id = 0")


def _pending(connection: sqlite3.Connection, ref: ServiceRef) -> list[Change]:
    query = f"SELECT * FROM changes WHERE {schema.OF_SERVICE} AND outcome IS NULL ORDER BY id"
    return [schema.change_of(row) for row in connection.execute(query, schema.names(ref))]


def _splits(connection: sqlite3.Connection, ref: ServiceRef, limit: int) -> tuple[SplitSeen, ...]:
    query = f"SELECT * FROM splits WHERE {schema.OF_SERVICE} ORDER BY id DESC LIMIT :limit"
    return tuple(map(schema.split_of, connection.execute(query, {**schema.names(ref), "limit": limit})))


def _journal_error(path: Path, error: sqlite3.Error) -> JournalError:
    name = getattr(error, "sqlite_errorname", "SQLITE_CORRUPT")
    mend = next((mend for known, mend in MENDS.items() if name.startswith(known)), MENDS["SQLITE_IOERR"])
    return JournalError(f"the journal {path} cannot be used: {error}", mend)

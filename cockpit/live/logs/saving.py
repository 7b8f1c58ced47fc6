"""Entries written to a file: whole or not at all, and never over what was there without being asked to."""

from __future__ import annotations

import asyncio
import errno
import json
import os
import secrets
import stat
import time
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from functools import partial
from io import FileIO
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from cockpit.logs.entry import Flag
from cockpit.logs.words import INDENT, LEVELS, WIDEST_LEVEL, said, stamp
from cockpit.sources.errors import SourceError
from cockpit.text import clean, width

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from cockpit.live.logs.reading import Logs

T = TypeVar("T")

SLICE = 0.008
"""Seconds of one turn of the loop."""
CHUNK = 1 << 18
"""Bytes that are collected before they are written."""
_LONGEST = 50
"""Characters of a name that the file beside it begins with, 200 bytes at most of the 255 that a name may have."""

_MENDS = {
    errno.ENOSPC: "make room, or name a file on another disk",
    errno.EDQUOT: "make room, or name a file on another disk",
    errno.EFBIG: "name a file where larger ones are allowed",
    errno.EROFS: "name a file on another disk",
    errno.EACCES: "name a file in a directory of yours",
    errno.EPERM: "name a file in a directory of yours",
    errno.ENOENT: "make the directory first, or name another",
    errno.ENOTDIR: "name a file in a directory",
    errno.ENAMETOOLONG: "choose a shorter name",
}


class Form(Enum):
    """How entries are written: as lines for people, or as JSON lines that can be opened again."""

    TEXT = "text"
    JSON_LINES = "JSON lines"


class SaveError(Exception):
    """Why nothing was written, in a line, and the mend in another."""

    def __init__(self, message: str, mend: str) -> None:
        super().__init__(message)
        self.mend = mend


class ExistsError(SaveError):
    """There is such a file already."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What was written: how many entries in how many bytes; `left` were not at hand any more at their turn."""

    path: Path
    entries: int
    size: int
    left: int


def form_of(path: str) -> Form:
    """The form that a file's name asks for: JSON lines for .jsonl, .ndjson and .json, text for any other."""
    return Form.JSON_LINES if Path(path).suffix.lower() in {".jsonl", ".ndjson", ".json"} else Form.TEXT


async def save(
    logs: Logs,
    ids: Sequence[int] | NDArray[np.int64],
    path: str,
    *,
    over: bool = False,
    progress: Callable[[int], None] = lambda _written: None,
) -> Saved:
    """Write these entries, in this order; `progress` is told how many are written.

    They go to a new file beside the one that is named, which takes its place at the end: `over` allows one that
    is there to be replaced. Runs in slices of the loop, and may be cancelled; nothing is left behind then. "~" is
    the home directory. Raises SaveError, ExistsError where there is such a file.
    """
    target = await _in_thread(partial(_checked, path, over=over))
    file = _Beside(target)
    try:
        await _on_disk(target, file.open)
        written = await _write(logs, ids, file, form_of(path), progress)
        if len(ids) and not written:
            raise SaveError("none of these entries is at hand any more", "the log has newer ones")
        await _on_disk(target, partial(file.take_place, over=over), to_the_end=True)
    finally:
        await _in_thread(file.close)
    return Saved(target, written, file.size, len(ids) - written)


def _checked(path: str, *, over: bool) -> Path:
    target = _target(path)
    _check(target, over=over)
    return target


def _target(path: str) -> Path:
    if not path.strip() or "\0" in path:
        raise SaveError("that is no name of a file", "name a file, as in errors.jsonl")
    try:
        # A link stays a link: what it leads to is replaced.
        return Path(os.path.realpath(Path(path).expanduser()))
    except RuntimeError:
        raise SaveError(f"there is no such user as in {path}", "write the directory out") from None


def _check(target: Path, *, over: bool) -> None:
    try:
        mode = target.stat().st_mode
    except FileNotFoundError:
        return
    except OSError as error:
        raise _refused(target, error) from error
    if stat.S_ISDIR(mode):
        raise SaveError(f"{target} is a directory", "name a file in it")
    if not stat.S_ISREG(mode):
        raise SaveError(f"{target} is no file, but a device", "name a file")
    if not over:
        raise ExistsError(*_exists(target))


async def _write(
    logs: Logs, ids: Sequence[int] | NDArray[np.int64], file: _Beside, form: Form, progress: Callable[[int], None]
) -> int:
    """Write entries in slices; how many were still there."""
    column = max(map(width, map(clean, logs.store.names.revision.names)), default=0)
    written, pending, size = 0, [], 0
    turn = time.perf_counter() + SLICE
    for number, id_ in enumerate(ids, start=1):
        try:
            line = (
                await _json_line(logs, int(id_)) if form is Form.JSON_LINES else _text_line(logs, int(id_), column)
            )
        except (KeyError, SourceError):
            continue  # it has left, or the file that it was in has
        written += 1
        pending.append(line)
        size += len(line)
        if size >= CHUNK or time.perf_counter() >= turn:
            await _on_disk(file.target, partial(file.write, b"".join(pending)))
            pending, size = [], 0
            progress(number)
            turn = time.perf_counter() + SLICE
    await _on_disk(file.target, partial(file.write, b"".join(pending)))
    return written


async def _json_line(logs: Logs, id_: int) -> bytes:
    payload = await logs.payload(id_)
    row = logs.store.row(id_)
    if Flag.TRACEBACK in row.flags and "textPayload" in payload:
        payload = {**payload, "textPayload": row.text}  # of several entries, the payload is that of the first
    # In ASCII: whoever looks at the file in a terminal is not driven by what was logged.
    return json.dumps(payload, separators=(",", ":"), default=str).encode() + b"\n"


def _text_line(logs: Logs, id_: int, column: int) -> bytes:
    """An entry as `cockpit logs` writes it, with the revision's full name."""
    row = logs.store.row(id_)
    first, *others = said(row).split("\n")
    revision = clean(row.revision)
    named = f"{revision}{' ' * (column - width(revision))}  " if column else ""
    lines = [f"{stamp(row.time)}  {LEVELS[row.severity]:<{WIDEST_LEVEL}}  {named}{clean(first)}"]
    lines += [f"{INDENT}{clean(line)}" for line in others]
    return "".join(f"{line}\n" for line in lines).encode(errors="replace")


async def _on_disk(target: Path, work: Callable[[], None], *, to_the_end: bool = False) -> None:
    """Do something to the disk. Raises SaveError."""
    try:
        await _in_thread(work, to_the_end=to_the_end)
    except FileExistsError:
        raise ExistsError(*_exists(target)) from None
    except OSError as error:
        raise _refused(target, error) from error


async def _in_thread(work: Callable[[], T], *, to_the_end: bool = False) -> T:
    """Wait for work in a thread, also where this is cancelled: nothing goes on behind anybody's back.

    `to_the_end`: what it comes to counts more than that it was cancelled.
    """
    task = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        if to_the_end:
            return task.result()
        raise


def _exists(target: Path) -> tuple[str, str]:
    return f"{target} is there already", "write over it, or choose another name"


def _refused(target: Path, error: OSError) -> SaveError:
    mend = _MENDS.get(error.errno or 0, "name another file")
    return SaveError(f"{target} cannot be written: {error.strerror or error}", mend)


class _Beside:
    """A new file in the directory of another, whose place it takes."""

    def __init__(self, target: Path) -> None:
        self.target = target
        self.size = 0
        self._path = target.with_name(f".{target.name[:_LONGEST]}.{secrets.token_hex(4)}")
        self._file: FileIO | None = None

    def open(self) -> None:
        """Begin. What a user may read is the user's own choice, as for any file."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        self._file = FileIO(os.open(self._path, flags, 0o666), "wb")

    def write(self, data: bytes) -> None:
        """Write all of it."""
        rest = memoryview(data)
        while rest:
            written = self._open.write(rest) or 0
            rest = rest[written:]
            self.size += written

    def take_place(self, *, over: bool) -> None:
        """Be on the disk, then be the other file."""
        os.fsync(self._open.fileno())
        if over:
            self._path.replace(self.target)
        else:
            self._link()
        directory = os.open(self.target.parent, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)

    def _link(self) -> None:
        """Take a place that is free still."""
        try:
            os.link(self._path, self.target)
        except FileExistsError:
            raise
        except OSError:
            # Some file systems have no second names for a file.
            if self.target.exists():
                raise FileExistsError(self.target) from None
            self._path.rename(self.target)

    def close(self) -> None:
        """Leave nothing behind but the other file."""
        if self._file is not None:
            with suppress(OSError):
                self._file.close()
            self._path.unlink(missing_ok=True)

    @property
    def _open(self) -> FileIO:
        if self._file is None:
            raise ValueError("not open")
        return self._file

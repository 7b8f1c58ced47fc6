"""Opening a log: what is there, can it be read, and how is it written."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass

from cockpit.sources.errors import DeniedError, NotFoundError, SourceError, UnreadableError
from cockpit.sources.files.shape import HEAD, Form, Packing, Shape, packing_of, shape_of

STANDARD_INPUT = "-"

_FLAGS = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK  # opening a named pipe would wait for who writes to it


@dataclass(frozen=True, slots=True)
class OpenFile:
    """An open log. `shape` is None where only reading all of it tells: packed, or from a pipe.

    `seekable`: it can be read again, at any place. `identity` tells one file from another of the same name.
    """

    descriptor: int
    name: str
    seekable: bool
    packing: Packing = Packing.NONE
    shape: Shape | None = None

    @property
    def size(self) -> int:
        """Bytes that there are now. Raises OSError."""
        return os.fstat(self.descriptor).st_size

    @property
    def identity(self) -> tuple[int, int]:
        """Device and inode: another file of the same name has another one. Raises OSError."""
        status = os.fstat(self.descriptor)
        return status.st_dev, status.st_ino

    @property
    def parts_shape(self) -> Shape | None:
        """The shape of one that can be read in parts, and read on as it grows; None for others."""
        return self.shape if self.shape is not None and self.shape.form is not Form.SCANNED else None

    def close(self) -> None:
        """Close it."""
        os.close(self.descriptor)


def opened(path: str) -> OpenFile:
    """The log in a file, or "-" for standard input. Does not wait for a pipe's other end.

    Raises NotFoundError, DeniedError, or UnreadableError for what is no log; each says the path, and the mend.
    """
    name = "standard input" if path == STANDARD_INPUT else os.fsencode(path).decode(errors="replace")
    try:
        descriptor = os.dup(0) if path == STANDARD_INPUT else os.open(path, _FLAGS)
    except (OSError, ValueError) as error:
        raise _refusal(name, error) from error
    try:
        return _recognised(descriptor, name)
    except BaseException:
        os.close(descriptor)
        raise


def _recognised(descriptor: int, name: str) -> OpenFile:
    status = os.fstat(descriptor)
    mode = status.st_mode
    if stat.S_ISDIR(mode):
        raise UnreadableError(f"{name} is a directory", "name a file in it")
    if stat.S_ISBLK(mode) or stat.S_ISSOCK(mode):
        raise UnreadableError(f"{name} is no file, but a device", "name a file, or - for standard input")
    if os.isatty(descriptor):
        raise UnreadableError(
            f"{name} is the terminal", "pipe a log into it: zcat app.log.gz | cockpit logs --file -"
        )
    if not stat.S_ISREG(mode):
        return OpenFile(descriptor, name, seekable=False)
    try:
        head = os.pread(descriptor, HEAD, 0)
    except OSError as error:
        raise _refusal(name, error) from error
    packing = packing_of(head)
    if packing is not Packing.NONE:
        return OpenFile(descriptor, name, seekable=True, packing=packing)
    return OpenFile(descriptor, name, seekable=True, shape=shape_of(head, name, near=status.st_mtime_ns))


def unreadable(name: str, error: OSError) -> SourceError:
    """What is to be said of a file that was opened and cannot be read."""
    return SourceError(f"{name} cannot be read any more: {error.strerror}", "is the disk still there?")


def _refusal(name: str, error: OSError | ValueError) -> SourceError:
    if isinstance(error, FileNotFoundError):
        return NotFoundError(f"{name} is not there", "is the path right?")
    if isinstance(error, PermissionError):
        return DeniedError(f"{name} may not be read by you", "ls -l says who may")
    reason = error.strerror if isinstance(error, OSError) else str(error)
    return UnreadableError(f"{name} cannot be read: {reason}", "name another file")

"""Following a file that grows, is rotated, or begins anew."""

from __future__ import annotations

import os

from msgspec.structs import replace as replaced

from cockpit.sources.errors import SourceError
from cockpit.sources.files.batch import Batch
from cockpit.sources.files.intake import Intake
from cockpit.sources.files.opening import OpenFile, opened, unreadable
from cockpit.sources.files.shape import HEAD, Form, Shape, is_object, shape_of

MOST_AT_ONCE = 1 << 18
"""Bytes that are read between two turns of the loop: some milliseconds' work."""

HALF_LINE = 1.0
"""Seconds after which a line without an end is taken as it stands."""

_FINGERPRINT = 64


class Follower:
    """Reads what is added to a file. `file` is the one that the last batches are of."""

    def __init__(self, file: OpenFile, path: str, shape: Shape, at: int) -> None:
        self.file = file
        self.problem: SourceError | None = None
        """Why nothing comes at the moment."""
        self._path = path
        self._next: OpenFile | None = None
        self.generation = -1
        """How often another file, or another beginning, was read."""
        self._begin(file, shape, at)

    def _begin(self, file: OpenFile, shape: Shape, at: int) -> None:
        self.file, self._shape, self._at = file, shape, at
        self.generation += 1
        self._intake = Intake(shape, at, aligned=at <= shape.first)
        self._fingerprint = self._beginning()
        self._quiet_since: float | None = None

    def poll(self, now: float) -> tuple[list[Batch], bool]:
        """What came since, some of it, and whether there may be more at once. `now` in seconds of any clock."""
        if self._next is not None:
            self._begin(self._next, self._shape_of(self._next), 0)
            self._next = None
        if data := self._read():
            self._at += len(data)
            self._quiet_since = now
            self._intake.feed(data, now)
            return list(self._intake.batches()), True
        self._intake.flush(now)
        self._take_half(now)
        self._next = self._successor()
        return list(self._intake.batches()), self._next is not None

    def _read(self) -> bytes:
        try:
            return os.pread(self.file.descriptor, MOST_AT_ONCE, self._at)
        except OSError as error:
            self.problem = unreadable(self._path, error)
            return b""

    def _take_half(self, now: float) -> None:
        """A last line without an end, to which nothing was added for a while."""
        half = self._intake.half
        if self._shape.form is not Form.LINES or not half.strip():
            return
        if self._quiet_since is None:
            self._quiet_since = now
        if now - self._quiet_since >= HALF_LINE and (not half.startswith(b"{") or is_object(half)):
            self._intake.end_half(now)

    def _successor(self) -> OpenFile | None:
        """What is to be read from its start, now that all was read of what was there; None as long as it grows."""
        size = self.file.size
        beginning = self._beginning()
        if size < self._at or not beginning.startswith(self._fingerprint):
            self._end(f"{self._path} was cut to {size:,} bytes and is read from its start")
            return self.file
        self._fingerprint = beginning
        try:
            status = os.stat(self._path)
        except OSError as error:
            gone = "is gone" if isinstance(error, FileNotFoundError) else f"is out of sight: {error.strerror}"
            self.problem = SourceError(f"{self._path} {gone}", "a new one is read as soon as it is there")
            return None
        if (status.st_dev, status.st_ino) == self.file.identity:
            self.problem = None
            return None
        return self._rotated()

    def _rotated(self) -> OpenFile | None:
        try:
            file = opened(self._path)
        except SourceError as error:
            self.problem = error
            return None
        if not file.can_grow:
            file.close()
            self.problem = SourceError(f"{self._path} is another kind of file now", "open it anew")
            return None
        self._end(f"{self._path} was rotated: the new file is read from its start")
        return file

    def _end(self, why: str) -> None:
        self._intake.end_half(None)
        self._intake.gap(why)
        self.problem = None

    def _shape_of(self, file: OpenFile) -> Shape:
        """How the next file is written; as the last one, while nothing is in it."""
        try:
            head = os.pread(file.descriptor, HEAD, 0)
            near = os.fstat(file.descriptor).st_mtime_ns
            return shape_of(head, self._path, near=near) if head else replaced(self._shape, first=0, near=near)
        except (OSError, SourceError):
            return Shape(Form.LINES)

    def _beginning(self) -> bytes:
        try:
            return os.pread(self.file.descriptor, _FINGERPRINT, 0)
        except OSError:
            return b""

"""Following a file that grows, is rotated, or begins anew."""

from __future__ import annotations

import os

from cockpit.sources.errors import SourceError
from cockpit.sources.files.batch import Batch
from cockpit.sources.files.intake import Intake
from cockpit.sources.files.opening import OpenFile, opened, unreadable
from cockpit.sources.files.shape import Form, Shape, is_object, shape_of

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
        self._name = file.name
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
            self._begin(self._next, self._shape, 0)
            self._next = None
        data = b""
        if self._was_cut():
            self._end(f"{self._name} was cut to {self.file.size:,} bytes and is read from its start")
            self._next = self.file
        elif data := self._read():
            self._take(data, now)
        else:
            self._intake.flush(now)
            self._take_half(now)
            self._next = self._successor()
        return list(self._intake.batches()), bool(data) or self._next is not None

    def _take(self, data: bytes, now: float) -> None:
        if not self._at:
            self._recognise(data)
            data = data[self._shape.first :]
            self._at = self._shape.first
        self._at += len(data)
        self._quiet_since = now
        self._intake.feed(data, now)

    def _read(self) -> bytes:
        try:
            return os.pread(self.file.descriptor, MOST_AT_ONCE, self._at)
        except OSError as error:
            self.problem = unreadable(self._name, error)
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

    def _was_cut(self) -> bool:
        """Whether the file begins anew: it is shorter than what was read of it, or begins with something else."""
        before, self._fingerprint = self._fingerprint, self._beginning()
        return self.file.size < self._at or not self._fingerprint.startswith(before)

    def _successor(self) -> OpenFile | None:
        """Another file in the place of this one, of which all was read; None where there is none."""
        try:
            status = os.stat(self._path)
        except OSError as error:
            gone = "is gone" if isinstance(error, FileNotFoundError) else f"is out of sight: {error.strerror}"
            self.problem = SourceError(f"{self._name} {gone}", "a new one is read as soon as it is there")
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
        if file.shape is None:
            file.close()
            self.problem = SourceError(f"{self._name} is another kind of file now", "open it anew")
            return None
        self._end(f"{self._name} was rotated: the new file is read from its start")
        return file

    def _end(self, why: str) -> None:
        self._intake.end_half(None)
        self._intake.gap(why)
        self.problem = None

    def _recognise(self, beginning: bytes) -> None:
        """How a file is written of which this is the beginning."""
        near = os.fstat(self.file.descriptor).st_mtime_ns
        try:
            self._shape = shape_of(beginning, self._name, near=near)
        except SourceError:
            # What is no text comes as it is, and is made safe when shown.
            self._shape = Shape(Form.LINES, near=near)
        self._intake = Intake(self._shape, self._shape.first)

    def _beginning(self) -> bytes:
        try:
            return os.pread(self.file.descriptor, _FINGERPRINT, 0)
        except OSError:
            return b""

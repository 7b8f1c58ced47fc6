"""Reading all of a file or pipe from where it stands, in the order in which it comes."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable

from cockpit.sources.errors import UnreadableError
from cockpit.sources.files.batch import Batch
from cockpit.sources.files.intake import ROWS, Intake
from cockpit.sources.files.shape import HEAD, packing_of, shape_of
from cockpit.sources.files.unpacking import unpacked

MOST_HELD = 1 << 23
"""Bytes of entries that are read until they are handed over."""

OFTEN = 0.1
"""Seconds after which what came through a pipe is handed over, however little it is."""

_FIRST_ROWS = 200
"""Entries of the first batch: a screen is to be seen at once."""

_MAGIC = 4


class Stream:
    """Reads an open file to its end; `emit` gets what was read, now and then.

    `ready` waits for bytes a while and says whether there are any. `keeps` is for what is read but once: its
    payloads are handed over, too.
    """

    def __init__(
        self,
        descriptor: int,
        name: str,
        *,
        emit: Callable[[Batch], None],
        ready: Callable[[], bool],
        keeps: bool,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._descriptor = descriptor
        self._name = name
        self._emit = emit
        self._ready = ready
        self._keeps = keeps
        self._clock = clock
        self._handed_over = clock()
        self._is_pipe = not stat.S_ISREG(os.fstat(descriptor).st_mode)
        self._came = self._told = 0
        self._head = b""
        self._intake: Intake | None = None
        self._rows = _FIRST_ROWS

    def run(self) -> None:
        """To the end. Raises UnreadableError for what is no log, and where packed bytes break off."""
        trouble: UnreadableError | None = None
        try:
            magic = self._read(_MAGIC)
            for data in unpacked(_Pushed(magic, self._read).read, packing_of(magic)):
                self._take(data)
        except UnreadableError as error:
            trouble = UnreadableError(f"{self._name}: {error}", error.mend)
        intake = self._begun()
        if intake is not None:
            intake.end()
            self._hand_over(intake, last=trouble is None)
        if trouble is not None:
            raise trouble
        if intake is None:
            raise UnreadableError(f"{self._name} is empty", "is it the right file?")

    def _read(self, most: int) -> bytes:
        while not self._ready():
            if intake := self._begun():
                intake.flush(self._clock())
                self._hand_over(intake)
        data = os.read(self._descriptor, most)
        self._came += len(data)
        return data

    def _take(self, data: bytes) -> None:
        is_due = self._is_due()
        if self._intake is not None:
            self._intake.feed(data, self._now())
        else:
            self._head += data
            if len(self._head) >= HEAD or is_due:
                self._begun()
        intake = self._intake
        if intake is not None and (is_due or len(intake) >= self._rows or intake.held > MOST_HELD):
            self._hand_over(intake)

    def _is_due(self) -> bool:
        return self._is_pipe and self._clock() - self._handed_over >= OFTEN

    def _begun(self) -> Intake | None:
        """What takes the bytes in; its shape is recognised by those that came so far."""
        if self._intake is None and self._head:
            shape = shape_of(self._head, self._name, near=os.fstat(self._descriptor).st_mtime_ns)
            self._intake = Intake(shape, shape.first, keeps=self._keeps)
            self._intake.feed(self._head[shape.first :], self._now())
            self._head = b""
        return self._intake

    def _hand_over(self, intake: Intake, *, last: bool = False) -> None:
        for batch in intake.batches(read=self._came - self._told, last=last):
            self._emit(batch)
            self._rows, self._told = ROWS, self._came
        self._handed_over = self._clock()

    def _now(self) -> float | None:
        """A pipe's tracebacks end by waiting, those of a file by their own time."""
        return self._clock() if self._is_pipe else None


class _Pushed:
    """A read function some bytes of which were read before."""

    def __init__(self, data: bytes, read: Callable[[int], bytes]) -> None:
        self._data = data
        self._read = read

    def read(self, most: int) -> bytes:
        data, self._data = self._data, b""
        return data or self._read(most)

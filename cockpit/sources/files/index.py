"""In what order the parts of a file are read: what is seen first, first; then from the oldest on."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from cockpit.logs.entry import NO_TIME
from cockpit.sources.files.cutting import cutter_of
from cockpit.sources.files.records import RecordReader
from cockpit.sources.files.shape import Shape
from cockpit.sources.files.slices import Slice

FIRST = 1 << 18
"""Bytes whose entries are read before all others: some hundred, more than a screen."""

_LARGEST = 6 << 20
_SMALLEST = 1 << 20
_PARTS_A_PROCESS = 4
_MOST_PROCESSES = 4


@dataclass(frozen=True, slots=True)
class Plan:
    """What is read in which order; `screen` holds the newest entries, and is read first of all.

    `parts` are then read in this order, from the oldest on: so entries of one moment keep their order. What is
    added later begins at `end`.
    """

    shape: Shape
    screen: Slice
    parts: Sequence[Slice]
    end: int

    @property
    def size(self) -> int:
        """Bytes of all parts."""
        return sum(part.stop - part.start for part in (self.screen, *self.parts))

    @property
    def processes(self) -> int:
        """How many processes are worth while."""
        return min(len(self.parts), os.cpu_count() or 1, _MOST_PROCESSES)


def planned(descriptor: int, shape: Shape, size: int, *, grows: bool) -> Plan:
    """The plan for the first `size` bytes of a file. Raises OSError.

    Where the file `grows`, an entry that has not ended is left to be read later.
    """
    head = _Window(descriptor, shape, shape.first, min(size, shape.first + FIRST))
    if size <= shape.first + FIRST:
        end = head.end if grows else size
        return Plan(shape, Slice(shape.first, end), (), end)
    tail = _Window(descriptor, shape, size - FIRST, size)
    end = tail.end if grows else size
    if head.newest > tail.newest:
        border = head.border(descending=True)
        screen, rest = Slice(shape.first, border or shape.first), Slice(border or shape.first, end)
    else:
        border = tail.border(descending=False)
        screen, rest = Slice(border or end, end), Slice(shape.first, border or end)
    parts = _cut(rest)
    return Plan(shape, screen, parts[::-1] if head.newest > tail.newest else parts, end)


def _cut(whole: Slice) -> list[Slice]:
    length = whole.stop - whole.start
    share = length // (_PARTS_A_PROCESS * min(os.cpu_count() or 1, _MOST_PROCESSES))
    step = min(_LARGEST, max(_SMALLEST, share))
    return [Slice(at, min(at + step, whole.stop)) for at in range(whole.start, whole.stop, step)]


class _Window:
    """Entries near one end of a file: where their marks are, and their times."""

    def __init__(self, descriptor: int, shape: Shape, start: int, stop: int) -> None:
        cutter = cutter_of(shape, start, aligned=start == shape.first)
        reader = RecordReader(shape)
        placed = reader.read(cutter.feed(os.pread(descriptor, stop - start, start)))
        self.end = max(shape.first, cutter.pending)
        self._timed = [
            (record.time, reader.piece_of(at) - cutter.lead) for record, at in placed if record.time != NO_TIME
        ]

    @property
    def newest(self) -> int:
        """The latest time; NO_TIME where there is none."""
        return max((time for time, _ in self._timed), default=NO_TIME)

    def border(self, *, descending: bool) -> int | None:
        """The first mark where another moment begins, with `descending` the last; None where there is none."""
        pairs = pairwise(self._timed)
        if descending:
            return next((mark for (now, _), (then, mark) in reversed(list(pairs)) if then < now), None)
        return next((mark for (now, _), (then, mark) in pairs if then > now), None)

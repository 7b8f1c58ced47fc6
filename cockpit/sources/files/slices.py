"""Reading a part of a file for itself, wherever it begins and ends.

An entry belongs to the part that its mark is in. So that a traceback in lines is one entry although a part ends
within it, what lies around a part is read, too, and left out again.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass

from cockpit.logs.joining import Joiner
from cockpit.sources.files.batch import Batch, Placed, batch_of
from cockpit.sources.files.cutting import Cutter, cutter_of
from cockpit.sources.files.intake import ROWS
from cockpit.sources.files.records import RecordReader, backwards, joined
from cockpit.sources.files.shape import Shape

WINDOW = 1 << 17
"""Bytes that are read at once: what they are cut into is understood while it is in the processor's cache."""

AROUND = 1 << 14
"""Bytes around a part in which a traceback that crosses its border is looked for."""


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of a file, in bytes: entries whose mark is in [start, stop)."""

    start: int
    stop: int


def batches(descriptor: int, shape: Shape, part: Slice) -> Iterator[Batch]:
    """The entries of a part, in the order of time if they run forwards or backwards in it. Raises OSError."""
    reader = RecordReader(shape)
    placed = _placed(descriptor, shape, part, reader)
    if backwards(placed):
        placed.reverse()
    joiner: Joiner[int] = Joiner()
    complete = joined(joiner, placed) + joiner.close()
    lead = cutter_of(shape, 0).lead
    start, stop = (part.start if part.start > shape.first else -1), part.stop

    def owned(at: int) -> bool:
        return start <= reader.piece_of(at) - lead < stop

    own = [one for one in complete if owned(one[1])]
    broken = reader.broken.among(owned)
    count = max(1, -(-len(own) // ROWS))
    size = -(-len(own) // count)
    for number in range(count):
        last = number == count - 1
        yield batch_of(
            own[number * size : (number + 1) * size],
            read=part.stop - part.start if last else 0,
            last=last,
            broken=broken if last else None,
        )


def _placed(descriptor: int, shape: Shape, part: Slice, reader: RecordReader) -> list[Placed]:
    """The records of a part and of what lies around it."""
    at = max(shape.first, part.start - AROUND)
    cutter = cutter_of(shape, at, aligned=at == shape.first)
    end = part.stop + AROUND
    placed: list[Placed] = []
    while at < end or _unfinished(cutter, part.stop):
        data = os.pread(descriptor, min(WINDOW, end - at) if at < end else WINDOW, at)
        if not data:
            return placed + reader.read(cutter.end())
        at += len(data)
        placed += reader.read(cutter.feed(data))
    return placed


def _unfinished(cutter: Cutter, stop: int) -> bool:
    """Whether an entry that belongs to the part has not ended yet."""
    return cutter.pending < stop

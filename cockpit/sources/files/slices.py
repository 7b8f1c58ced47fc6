"""Reading a part of a file for itself, wherever it begins and ends.

An entry belongs to the part that its mark is in. So that a traceback in lines is one entry although a part ends
within it, what lies around a part is read, too, and left out again.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from cockpit.logs.entry import Record
from cockpit.logs.joining import Joiner
from cockpit.sources.files.batch import Batch, Placed, batch_of
from cockpit.sources.files.cutting import cutter_of
from cockpit.sources.files.intake import ROWS
from cockpit.sources.files.records import RecordReader, backwards, joined
from cockpit.sources.files.shape import Shape

WINDOW = 1 << 17
"""Bytes that are read at once: what they are cut into is understood while it is in the processor's cache."""

AROUND = 1 << 15
"""Bytes around a part in which tracebacks that cross its border are looked for at first."""

_INDENT = frozenset(" \t")
_MOST_AROUND = 1 << 20
_WIDER = 32


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of a file, in bytes: entries whose mark is in [start, stop)."""

    start: int
    stop: int


def batches(descriptor: int, shape: Shape, part: Slice) -> Iterator[Batch]:
    """The entries of a part, in the order of time if they run forwards or backwards in it. Raises OSError."""
    around = AROUND
    found = _Found(descriptor, shape, part, around)
    while found.is_cut and around < _MOST_AROUND:
        around *= _WIDER
        found = _Found(descriptor, shape, part, around)
    count = max(1, -(-len(found.placed) // ROWS))
    size = -(-len(found.placed) // count)
    for number in range(count):
        last = number == count - 1
        yield batch_of(
            found.placed[number * size : (number + 1) * size],
            read=part.stop - part.start if last else 0,
            last=last,
            broken=found.broken if last else None,
        )


class _Found:
    """What is in a part, found with so many bytes around it in view.

    `is_cut`: a traceback is partly out of view, and neither this part nor the next one can know all of it.
    """

    def __init__(self, descriptor: int, shape: Shape, part: Slice, around: int) -> None:
        self._descriptor = descriptor
        self._shape = shape
        self._part = part
        self._start = max(shape.first, part.start - around)
        self._stop = part.stop + around
        self._is_at_end = False
        self._reader = RecordReader(shape)
        self._cutter = cutter_of(shape, self._start, aligned=self._start == shape.first)
        placed = list(self._read())
        first_in_view, last_in_view = self._start == shape.first, self._is_at_end
        if backwards(placed):
            placed.reverse()
            first_in_view, last_in_view = last_in_view, first_in_view
        joiner: Joiner[int] = Joiner()
        complete = joined(joiner, placed)
        unended = self._own(joiner.close())
        self.placed = self._own(complete) + unended
        self.broken = self._reader.broken.among(self._is_own)
        begins_before = not first_in_view and _begin_before(self.placed, placed)
        self.is_cut = begins_before or bool(unended and not last_in_view)

    def _read(self) -> Iterator[Placed]:
        at = self._start
        while at < self._stop or self._cutter.pending < self._part.stop:
            data = os.pread(self._descriptor, WINDOW, at)
            if not data:
                self._is_at_end = True
                yield from self._reader.read(self._cutter.end())
                return
            at += len(data)
            yield from self._reader.read(self._cutter.feed(data))

    def _own(self, placed: Iterable[Placed]) -> list[Placed]:
        return [one for one in placed if self._is_own(one[1])]

    def _is_own(self, at: int) -> bool:
        mark = self._reader.piece_of(at) - self._cutter.lead
        return max(mark, self._shape.first) < self._part.stop and (
            mark >= self._part.start or self._part.start == self._shape.first
        )


def _begin_before(own: Iterable[Placed], in_view: Sequence[Placed]) -> bool:
    """Whether one of these seems to go on with what came before all that is in view."""
    indented = [(_key(record), at) for record, at in own if record.text[:1] in _INDENT]
    if not indented:
        return False
    firsts = {_key(record): at for record, at in reversed(in_view)}
    return any(firsts.get(key) == at for key, at in indented)


def _key(record: Record) -> tuple[str, str, str]:
    return record.revision, record.instance, record.log

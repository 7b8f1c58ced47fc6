"""Bytes that are kept compressed, and of which a part is read without unpacking the rest."""

from __future__ import annotations

from functools import lru_cache
from itertools import accumulate, pairwise

import zstandard

_LEVEL = 1


class Frames:
    """Immutable. Frames of `frame` bytes, each compressed with Zstandard for itself.

    Larger frames take less room, of which there is little to gain above 100 KB; one is unpacked to read a row.
    """

    __slots__ = ("_data", "_ends", "_frame", "length")

    def __init__(self, data: bytes, *, frame: int) -> None:
        compress = zstandard.ZstdCompressor(level=_LEVEL).compress
        frames = [compress(data[at : at + frame]) for at in range(0, len(data), frame)]
        # Joined: a compressed frame was made in a buffer of its greatest size, whose rest stays lost beside it.
        self._data = b"".join((*frames, b""))
        self._ends = tuple(accumulate(map(len, frames), initial=0))
        self._frame = frame
        self.length = len(data)

    @property
    def size(self) -> int:
        """Bytes that they take."""
        return len(self._data)

    def part(self, start: int, end: int) -> bytes:
        """The bytes from `start` to `end`; the frames that were read last are kept."""
        first, behind = start // self._frame, -(-end // self._frame)
        begin = first * self._frame
        return b"".join(_frame(self, number) for number in range(first, behind))[start - begin : end - begin]

    def whole(self) -> bytes:
        """All of it; the one that was read last is kept, since each part of a query looks through the same."""
        return _whole(self)

    def unpacked(self) -> bytes:
        """All of it, and nothing is kept."""
        decompress = zstandard.ZstdDecompressor().decompress
        return b"".join(decompress(self._data[start:end]) for start, end in pairwise(self._ends))

    def frame(self, number: int) -> bytes:
        """One frame's bytes."""
        return zstandard.ZstdDecompressor().decompress(self._data[self._ends[number] : self._ends[number + 1]])


@lru_cache(maxsize=1)
def _whole(frames: Frames) -> bytes:
    return frames.unpacked()


@lru_cache(maxsize=64)
def _frame(frames: Frames, number: int) -> bytes:
    return frames.frame(number)

"""Bytes that are kept compressed, and of which a part is read without unpacking the rest."""

from __future__ import annotations

from functools import lru_cache

import zstandard

FRAME = 1 << 17
"""Bytes before compression; what reading one row costs, at most."""

_LEVEL = 1


class Frames:
    """Immutable. Frames of FRAME bytes, each compressed with Zstandard for itself."""

    __slots__ = ("_frames", "length")

    def __init__(self, data: bytes) -> None:
        compress = zstandard.ZstdCompressor(level=_LEVEL).compress
        self._frames = [compress(data[at : at + FRAME]) for at in range(0, len(data), FRAME)]
        self.length = len(data)

    @property
    def size(self) -> int:
        """Bytes that they take."""
        return sum(map(len, self._frames))

    def whole(self) -> bytes:
        """All of it: the last one asked is kept, since several parts of a query look through the same."""
        return _whole(self)

    def part(self, start: int, end: int) -> bytes:
        """The bytes from `start` to `end`: the frames of the last rows that were read are kept."""
        first, behind = start // FRAME, -(-end // FRAME)
        return b"".join(map(_frame, self._frames[first:behind]))[start - first * FRAME : end - first * FRAME]

    def unpacked(self) -> bytes:
        """All of it, unpacked anew."""
        decompress = zstandard.ZstdDecompressor().decompress
        return b"".join(map(decompress, self._frames))


@lru_cache(maxsize=1)
def _whole(frames: Frames) -> bytes:
    return frames.unpacked()


@lru_cache(maxsize=64)
def _frame(frame: bytes) -> bytes:
    return zstandard.ZstdDecompressor().decompress(frame)

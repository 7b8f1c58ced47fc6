"""A full segment: its texts and payloads take a sixth of the room, and are unpacked when they are read."""

from __future__ import annotations

from typing import Any

from cockpit.logs.frames import Frames
from cockpit.logs.segment import COLUMNS, Segment

_TEXTS = 1 << 16
_PAYLOADS = 1 << 17
"""Bytes of a frame: texts are read a screen at a time, from wherever something was found; payloads one by one."""

_KEPT = (*COLUMNS, "starts", "payload_base")


class SealedSegment(Segment):
    """A segment as any other to its readers: `text` and `payload` unpack what is near a row, `block` all texts."""

    __slots__ = ("_payloads", "_texts")

    _texts: Frames
    _payloads: Frames

    def __init__(self, columns: dict[str, Any], texts: Frames, payloads: Frames) -> None:
        for name, value in (*columns.items(), ("_texts", texts), ("_payloads", payloads)):
            object.__setattr__(self, name, value)

    def __reduce__(self) -> tuple[type[SealedSegment], tuple[dict[str, Any], Frames, Frames]]:
        return SealedSegment, ({name: getattr(self, name) for name in _KEPT}, self._texts, self._payloads)

    @property
    def block(self) -> bytes:
        """All texts."""
        return self._texts.whole()

    @property
    def packed(self) -> bytes:
        """All payloads."""
        return self._payloads.unpacked()

    @property
    def size(self) -> int:
        """Bytes that it takes, compressed."""
        return self.columns_size + self._texts.size + self._payloads.size

    @property
    def packed_size(self) -> int:
        """Bytes of the payloads that it keeps, uncompressed."""
        return self._payloads.length

    def _of_block(self, start: int, end: int) -> bytes:
        return self._texts.part(start, end)

    def _of_packed(self, start: int, end: int) -> bytes:
        return self._payloads.part(start, end)


def sealed(segment: Segment) -> SealedSegment:
    """The same, compressed: about 0.2 µs a row, and 1 µs for its payload."""
    if isinstance(segment, SealedSegment):
        return segment
    columns = {name: getattr(segment, name) for name in _KEPT}
    return SealedSegment(columns, Frames(segment.block, frame=_TEXTS), Frames(segment.packed, frame=_PAYLOADS))

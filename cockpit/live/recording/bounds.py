"""How much of recordings is kept."""

from __future__ import annotations

from typing import NamedTuple


class Bounds(NamedTuple):
    """Bytes and seconds of all recordings of a folder together, or of one in memory."""

    size: int
    age: float

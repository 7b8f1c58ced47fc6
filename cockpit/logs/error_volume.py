"""How many errors there were along time: counted once, and remembered when their entries have left."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from cockpit.logs.entry import Flag, Severity
from cockpit.logs.moment import SECOND

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cockpit.logs.segment import Segment
    from cockpit.logs.store import LogStore

STEPS = (3600, 60, 1)
"""Seconds that are counted together: hours for long spans, single seconds for short ones."""
MOST_STEPS = 50_000
"""Of each length; the oldest are forgotten, and longer ones still know of them."""


class ErrorVolume:
    """Entries of a store at ERROR or worse. `begin` is when its oldest entry ever was, epoch seconds."""

    def __init__(self, store: LogStore) -> None:
        self.begin: float | None = None
        self._store = store
        self._next = 0
        self._counts: dict[int, Counter[int]] = {step: Counter() for step in STEPS}

    def look(self) -> bool:
        """Count what came since the last look; whether anything did."""
        if self._next >= self._store.end:
            return False
        for _, segment in self._store.since(self._next):
            self._take(segment)
        self._next = self._store.end
        return True

    def along(self, start: float, end: float, parts: int) -> Sequence[int | None]:
        """How many there were in equal parts of the time between two moments (epoch seconds); None for a part that
        ended before the oldest entry."""
        length = (end - start) / parts
        step = next((each for each in STEPS if each <= length), STEPS[-1])
        counts, found = self._counts[step], [0] * parts
        for number in range(int(start // step), int(end // step) + 1):
            if count := counts.get(number):
                part = int((number * step - start) / length)
                if 0 <= part < parts:
                    found[part] += count
        known = self.begin
        if known is None:
            return [None] * parts
        return [count if start + (at + 1) * length > known else None for at, count in enumerate(found)]

    def _take(self, segment: Segment) -> None:
        if not len(segment):
            return
        oldest = int(segment.times.min()) / SECOND
        self.begin = oldest if self.begin is None else min(self.begin, oldest)
        bad = (segment.severities >= Severity.ERROR) & ((segment.flags & Flag.GAP) == 0)
        seconds = segment.times[bad] // SECOND
        for step, counts in self._counts.items():
            numbers, sums = np.unique(seconds // step, return_counts=True)
            counts.update(dict(zip(numbers.tolist(), sums.tolist(), strict=True)))
            if len(counts) > MOST_STEPS:
                for number in sorted(counts)[: len(counts) - MOST_STEPS]:
                    del counts[number]

"""What the probes of one path have said: how it is, since when, and how long answers took over a window."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cockpit.live.app.judging import Verdict
from cockpit.live.app.picture import Health

if TYPE_CHECKING:
    from collections.abc import Sequence

COURSE = 40
"""Probes whose latencies are shown."""
_MOST = 5_000
"""Probes that are kept, whatever the window."""


@dataclass(frozen=True, slots=True)
class Probed:
    """One probe that ended `at` (epoch seconds): the verdict; status and latency where there was an answer."""

    at: float
    verdict: Verdict
    status: int = 0
    seconds: float | None = None


class Record:
    """The probes of the last `window` seconds."""

    def __init__(self, window: float) -> None:
        self._window = window
        self._probes: deque[Probed] = deque(maxlen=_MOST)
        self.last: Probed | None = None
        self.since: float | None = None
        self.before: Health | None = None
        self._health: Health | None = None

    def add(self, probed: Probed) -> None:
        """Take one, newer than those before."""
        self.last = probed
        self._probes.append(probed)
        while self._probes and self._probes[0].at <= probed.at - self._window:
            self._probes.popleft()
        self.stands(probed.verdict.health, probed.at)

    def stands(self, health: Health, at: float) -> None:
        """The health is this at a moment, be it by a probe or, later on, for want of one."""
        if health is not self._health and self.last is not None:
            self.before, self.since, self._health = self._health, at, health

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self._probes)

    @property
    def bad(self) -> int:
        """How many were not ok."""
        return sum(probed.verdict.health is not Health.OK for probed in self._probes)

    @property
    def course(self) -> tuple[float | None, ...]:
        """The newest latencies, the oldest first; None without an answer."""
        return tuple(probed.seconds for probed in list(self._probes)[-COURSE:])

    def quantile(self, share: float) -> float | None:
        """The latency that this share of the answers took at most; None without answers."""
        return quantile(sorted(probed.seconds for probed in self._probes if probed.seconds is not None), share)


def quantile(ascending: Sequence[float], share: float) -> float | None:
    """The value below which a share of some values lies, between two of them in proportion; None of nothing."""
    if not ascending:
        return None
    place = share * (len(ascending) - 1)
    low = int(place)
    high = min(low + 1, len(ascending) - 1)
    return ascending[low] + (place - low) * (ascending[high] - ascending[low])

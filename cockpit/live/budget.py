"""The quota, kept on our side: however many feeds run, one cockpit stays within its reads and writes a minute.

A token bucket (burst plus a steady rate) whose sum over any sixty seconds is at most the limit. What was throttled
all the same (others use the quota too) slows the bucket down, and it speeds up again with time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cockpit.live.clock import Clock

BURST_SHARE = 0.2
RESERVE_SHARE = 0.25
SLOWEST = 1 / 16
RECOVERY = 300.0
TRICKLE = 1 / 60
EPSILON = 1e-9


class Bucket:
    """`per_minute` tokens in any minute. Polls leave a reserve in the bucket that only urgent takers may use.

    `spent` counts the tokens ever taken, `throttlings` how often the other side said "too much".
    """

    def __init__(self, per_minute: int, clock: Clock) -> None:
        self._clock = clock
        self._burst = max(1.0, per_minute * BURST_SHARE)
        self._rate = max(per_minute - self._burst, TRICKLE) / 60
        self._reserve = self._burst * RESERVE_SHARE
        self._tokens = self._burst
        self._counted = clock.now()
        self._slowness = 1.0
        self._slowed = self._counted
        self.spent = 0
        self.throttlings = 0

    async def take(self, *, urgent: bool = False) -> None:
        """Wait for one token and take it."""
        while (wait := self.wait(urgent=urgent)) > 0:
            await self._clock.sleep(wait)
        self.spend(1)

    def wait(self, *, urgent: bool = False) -> float:
        """Seconds until a token is there."""
        now = self._clock.now()
        rate = self._rate * self._speed(now)
        self._tokens = min(self._burst, self._tokens + max(0.0, now - self._counted) * rate)
        self._counted = max(now, self._counted)
        missing = (1.0 if urgent else 1.0 + self._reserve) - self._tokens
        return self._counted - now + (missing / rate if missing > EPSILON else 0.0)

    def spend(self, count: int) -> None:
        """Take tokens without waiting: for what a call turned out to have cost, as the pages after the first."""
        self._tokens -= count
        self.spent += count

    def throttled(self, retry_after: float | None = None) -> None:
        """The other side said "too much": half the rate, the reserve at most, nothing before `retry_after` s."""
        now = self._clock.now()
        self.throttlings += 1
        self._slowness = max(SLOWEST, self._speed(now) / 2)
        self._slowed = now
        self._tokens = min(self._tokens, self._reserve)
        self._counted = max(self._counted, now + (retry_after or 0.0))

    def _speed(self, now: float) -> float:
        """The share of the rate in force, back to 1 in `RECOVERY` seconds."""
        recovered = max(0.0, now - self._slowed) / RECOVERY
        return min(1.0, self._slowness + (1.0 - self._slowness) * recovered)


class Budget:
    """Reads and writes of one whole cockpit; the small-project quota is 600 reads and 30 writes a minute.

    `lists` are pages of the log, of which Cloud Logging gives a project 60 a minute.
    """

    def __init__(self, clock: Clock, *, reads: int = 300, writes: int = 20, lists: int = 45) -> None:
        self.reads = Bucket(reads, clock)
        self.writes = Bucket(writes, clock)
        self.lists = Bucket(lists, clock)

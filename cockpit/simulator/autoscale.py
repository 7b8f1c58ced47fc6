"""How many instances a revision needs, and the loop that gives it those.

As Cloud Run does it: an instance is to work on about 70 % of the requests it may take at once, averaged over a
window; the minimum is held only while a revision can be reached, by a share of the traffic or by a tag.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from google.cloud.run_v2.types import Revision

    from cockpit.simulator.fleet import Fleet
    from cockpit.simulator.pool import Pool
    from cockpit.simulator.seams import Routing

TARGET_UTILISATION = 0.7
DEFAULT_CONCURRENCY = 80
DEFAULT_MAXIMUM = 100
DEFAULT_TIMEOUT = 300.0


@dataclass(frozen=True, slots=True)
class Limits:
    """What a revision's template allows: instances, requests at once in each, and seconds for a request."""

    minimum: int
    maximum: int
    concurrency: int
    timeout: float

    @classmethod
    def of(cls, revision: Revision, most: int) -> Limits:
        """From a revision, with never more than `most` instances: they are processes of one machine."""
        maximum = min(revision.scaling.max_instance_count or DEFAULT_MAXIMUM, most)
        return cls(
            minimum=min(revision.scaling.min_instance_count, maximum),
            maximum=maximum,
            concurrency=revision.max_instance_request_concurrency or DEFAULT_CONCURRENCY,
            timeout=float(revision.timeout.seconds) or DEFAULT_TIMEOUT,
        )


@dataclass(frozen=True, slots=True)
class Tempo:
    """Times of the autoscaler in seconds. Cloud Run keeps idle instances for up to 15 minutes."""

    tick: float = 0.5
    window: float = 5.0
    idle: float = 20.0


def desired(load: float, limits: Limits, *, reachable: bool) -> int:
    """Instances for `load` requests at once."""
    needed = math.ceil(load / (limits.concurrency * TARGET_UTILISATION))
    return max(limits.minimum if reachable else 0, min(needed, limits.maximum))


class LoadWindow:
    """The mean of samples over the last `width` seconds."""

    def __init__(self, width: float) -> None:
        self._width = width
        self._samples: deque[tuple[float, int]] = deque()

    def add(self, now: float, load: int) -> None:
        """Take one sample; older ones than the window are forgotten."""
        self._samples.append((now, load))
        while self._samples[0][0] <= now - self._width:
            self._samples.popleft()

    def mean(self) -> float:
        """The mean, 0 without samples."""
        return sum(load for _, load in self._samples) / max(1, len(self._samples))


class Autoscaler:
    """Brings every pool to the size it needs, at each tick and at once after a change of the routing."""

    def __init__(
        self, fleet: Fleet, routing: Routing, tempo: Tempo, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._fleet = fleet
        self._routing = routing
        self._tempo = tempo
        self._clock = clock
        self._windows: dict[Pool, LoadWindow] = {}
        self._reachable: dict[str, frozenset[str]] = {}
        self._changed: set[str] = set()
        self._woken = asyncio.Event()
        self._retiring: set[asyncio.Task[None]] = set()
        routing.watch(self.consider)

    def consider(self, service: str) -> None:
        """Look after a service from now on, beginning at once."""
        self._changed.add(service)
        self._woken.set()

    async def run(self) -> None:
        """Scale until cancelled."""
        while True:
            self.scale()
            self._woken.clear()
            try:
                async with asyncio.timeout(self._tempo.tick):
                    await self._woken.wait()
            except TimeoutError:
                continue

    def scale(self) -> None:
        """Set every pool's size once."""
        while self._changed:
            self._follow(self._changed.pop())
        now = self._clock()
        pools = self._fleet.pools
        self._windows = {pool: self._windows.get(pool) or LoadWindow(self._tempo.window) for pool in pools}
        for pool, window in self._windows.items():
            window.add(now, pool.load)
            reachable = pool.name in self._reachable.get(pool.service, ())
            wanted = desired(window.mean(), pool.limits, reachable=reachable)
            pool.grow(wanted, "autoscaling" if wanted > pool.limits.minimum else "min-instances")
            pool.shrink(wanted, idle_since=now - self._tempo.idle)

    def _follow(self, service: str) -> None:
        """Note which revisions of a service can be reached now, and retire those that were deleted."""
        shares = self._routing.serving(service)
        self._reachable[service] = frozenset(share.revision for share in shares if share.percent or share.tag)
        for name in self._reachable[service]:
            revision = self._routing.revision(service, name)
            if revision is not None and revision.scaling.min_instance_count:
                self._fleet.reach(self._routing, service, name)
        for pool in self._fleet.pools:
            if pool.service == service and self._routing.revision(service, pool.name) is None:
                task = asyncio.create_task(self._fleet.retire(pool))
                self._retiring.add(task)
                task.add_done_callback(self._retiring.discard)

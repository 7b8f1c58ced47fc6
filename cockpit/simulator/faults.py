"""What goes wrong with the control plane: asked before and after every call, switchable while it runs."""

from __future__ import annotations

import asyncio
import time
from collections import Counter, deque
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING

from google.rpc import error_details_pb2

from cockpit.simulator.world.errors import (
    DeadlineExceededError,
    PermissionDeniedError,
    ResourceExhaustedError,
    UnavailableError,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from cockpit.simulator.world.errors import WorldError
    from cockpit.simulator.world.settings import Clock, Sleep

MINUTE = 60.0


@dataclass(frozen=True, slots=True)
class Call:
    """One call as the faults see it: the name of the RPC, the permission it takes, the full name it concerns."""

    method: str
    permission: str
    resource: str
    write: bool = False


@dataclass(frozen=True, slots=True)
class Flaky:
    """The share of calls (0 to 1) that meet each trouble. `delay` is (shortest, longest) in seconds.

    A call that is unavailable or throttled was not applied.
    """

    unavailable: float = 0.1
    throttled: float = 0.05
    slow: float = 0.15
    delay: tuple[float, float] = (0.5, 3.0)


@dataclass(frozen=True, slots=True)
class Quota:
    """What a small project may ask for in a minute."""

    reads: int = 600
    writes: int = 30


@dataclass(frozen=True, slots=True)
class Held:
    """A call that waits before it is applied: `arrived` is set once it has come, `released` lets it go on."""

    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass
class Faults:
    """The policy. Change its fields, or script single calls, at any time; by default nothing goes wrong."""

    down: bool = False
    """Every call is unavailable."""
    withheld: set[str] = field(default_factory=set)
    """Permissions the caller lacks, as `run.services.update`."""
    flaky: Flaky | None = None
    quota: Quota | None = None
    seed: int = 0
    clock: Clock = time.monotonic
    sleep: Sleep = asyncio.sleep

    def __post_init__(self) -> None:
        self.calls: Counter[str] = Counter()
        """How often each method was asked for, refusals included."""
        self._random = Random(self.seed)
        self._scripted: dict[str, deque[WorldError]] = {}
        self._unanswered: dict[str, deque[float]] = {}
        self._held: dict[str, deque[Held]] = {}
        self._recent: dict[bool, deque[float]] = {True: deque(), False: deque()}

    def refuse_next(self, method: str, error: WorldError) -> None:
        """Refuse the next call of that method; several refusals queue up."""
        self._scripted.setdefault(method, deque()).append(error)

    def leave_unanswered(self, method: str, seconds: float = 120.0) -> None:
        """Apply the next call of that method and then say nothing for so long: its outcome is unknown."""
        self._unanswered.setdefault(method, deque()).append(seconds)

    def hold_next(self, method: str) -> Held:
        """Keep the next call of that method waiting before it is applied."""
        held = Held()
        self._held.setdefault(method, deque()).append(held)
        return held

    @asynccontextmanager
    async def around(self, call: Call) -> AsyncIterator[None]:
        """Surround the doing of a call. Raises the WorldError it meets."""
        await self._admit(call)
        yield
        if waiting := self._unanswered.get(call.method):
            await self.sleep(waiting.popleft())
            raise DeadlineExceededError("Deadline exceeded.")

    async def _admit(self, call: Call) -> None:
        self.calls[call.method] += 1
        if self.down:
            raise UnavailableError("The service is currently unavailable.")
        if call.permission in self.withheld:
            raise PermissionDeniedError(call.permission, call.resource)
        if self.quota is not None:
            self._count(call, self.quota.writes if call.write else self.quota.reads)
        if queue := self._held.get(call.method):
            held = queue.popleft()
            held.arrived.set()
            await held.released.wait()
        if errors := self._scripted.get(call.method):
            raise errors.popleft()
        if self.flaky is not None:
            await self._stumble(call, self.flaky)

    async def _stumble(self, call: Call, flaky: Flaky) -> None:
        drawn = self._random.random()
        if drawn < flaky.unavailable:
            raise UnavailableError("The service is currently unavailable.")
        if drawn < flaky.unavailable + flaky.throttled:
            raise exhausted(call)
        if drawn < flaky.unavailable + flaky.throttled + flaky.slow:
            await self.sleep(self._random.uniform(*flaky.delay))

    def _count(self, call: Call, limit: int) -> None:
        recent, now = self._recent[call.write], self.clock()
        while recent and recent[0] <= now - MINUTE:
            recent.popleft()
        if len(recent) >= limit:
            raise exhausted(call)
        recent.append(now)


def exhausted(call: Call) -> ResourceExhaustedError:
    """The refusal of a call beyond the quota, in Google's words."""
    kind = "Write" if call.write else "Read"
    metric = f"{kind} requests"
    project = call.resource.split("/")[1] if call.resource.startswith("projects/") else ""
    return ResourceExhaustedError(
        f"Quota exceeded for quota metric '{metric}' and limit '{metric} per minute per region' "
        f"of service 'run.googleapis.com' for consumer 'projects/{project}'.",
        [
            error_details_pb2.ErrorInfo(
                reason="RATE_LIMIT_EXCEEDED",
                domain="googleapis.com",
                metadata={"service": "run.googleapis.com", "consumer": f"projects/{project}"},
            )
        ],
    )

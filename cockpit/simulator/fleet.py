"""Every instance that runs, by revision: the data plane's side of a deployment."""

from __future__ import annotations

import asyncio
import functools
import time
from collections.abc import Callable
from random import Random
from typing import TYPE_CHECKING

from cockpit.simulator.autoscale import Limits
from cockpit.simulator.entries import Emitter, Origin
from cockpit.simulator.instances import Instance, Machine, StartError
from cockpit.simulator.pool import Pool
from cockpit.simulator.seams import Launch

if TYPE_CHECKING:
    from google.cloud.run_v2.types import Revision

    from cockpit.simulator.seams import LogSink, Routing

MOST_INSTANCES = 8
MISSING_TAG = ":missing"
"""An image with this tag is not in any registry."""


class Fleet:
    """The pools of all revisions. Implements `seams.Launcher`.

    `most_instances` bounds each pool, whatever a template allows; `clock` gives monotonic seconds.
    """

    def __init__(
        self,
        sink: LogSink,
        machine: Machine,
        *,
        seed: int = 0,
        most_instances: int = MOST_INSTANCES,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._sink = sink
        self._machine = machine
        self._random = Random(seed)
        self._most_instances = most_instances
        self._clock = clock
        self._pools: dict[tuple[str, str], Pool] = {}
        self._closed = False

    @property
    def pools(self) -> tuple[Pool, ...]:
        """The pools there are now."""
        return tuple(self._pools.values())

    def find(self, service: str, revision: str) -> Pool | None:
        """The pool of a revision that has one."""
        return self._pools.get((service, revision))

    def reach(self, routing: Routing, service: str, revision: str) -> Pool | None:
        """The pool of any revision that exists, made when need be; None for an unknown revision."""
        if (pool := self.find(service, revision)) is not None:
            return pool
        known = None if self._closed else routing.revision(service, revision)
        return None if known is None else self._pool(service, known)

    async def launch(self, service: str, revision: Revision) -> Launch:
        """Start one instance of a new revision and answer how that went."""
        image = revision.containers[0].image
        if image.endswith(MISSING_TAG):
            return Launch(False, "ContainerMissing", f"Image '{image}' not found.")
        try:
            await self._pool(service, revision).start("deployment")
        except StartError as error:
            return Launch(False, "HealthCheckContainerError", str(error))
        return Launch(True)

    async def retire(self, pool: Pool) -> None:
        """Stop a pool's instances and forget it."""
        if self._pools.get((pool.service, pool.name)) is pool:
            del self._pools[pool.service, pool.name]
        await pool.close()

    async def close(self) -> None:
        """Stop every instance and start no more."""
        self._closed = True
        await asyncio.gather(*(pool.close() for pool in self.pools))

    def _pool(self, service: str, revision: Revision) -> Pool:
        """The pool of exactly this revision: a namesake that was deleted is none of it."""
        origin = Origin.of(revision)
        pool = self.find(service, origin.revision)
        if pool is None or pool.uid != revision.uid:
            pool = Pool(
                service,
                origin.revision,
                revision.uid,
                Limits.of(revision, self._most_instances),
                spawn=functools.partial(self._spawn, revision, origin),
                emitter=Emitter(self._sink, origin),
                random=self._random,
                clock=self._clock,
            )
            self._pools[service, origin.revision] = pool
        return pool

    def _spawn(self, revision: Revision, origin: Origin, on_exit: Callable[[Instance], None]) -> Instance:
        identity = f"00{self._random.getrandbits(504):0126x}"
        return Instance(identity, revision, self._machine, Emitter(self._sink, origin, identity), on_exit)

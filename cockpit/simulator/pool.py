"""The instances of one revision: requests wait here for a free one, and starting and stopping happen here."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from cockpit.simulator.instances import Instance, Reason, StartError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine
    from random import Random

    from cockpit.simulator.autoscale import Limits
    from cockpit.simulator.entries import Emitter

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 30.0


class NoInstanceError(Exception):
    """All instances are busy and no more are allowed."""


class BrokenRevisionError(Exception):
    """The instance that a request waited for did not start."""


class Pool:
    """The instances of the revision `name`, whose template has `uid`.

    `spawn` makes an instance that is not yet started; `emitter` writes for the revision where no instance can;
    `clock` gives monotonic seconds.
    """

    def __init__(
        self,
        service: str,
        name: str,
        uid: str,
        limits: Limits,
        *,
        spawn: Callable[[Callable[[Instance], None]], Instance],
        emitter: Emitter,
        random: Random,
        clock: Callable[[], float],
    ) -> None:
        self.service = service
        self.name = name
        self.uid = uid
        self.limits = limits
        self.emitter = emitter
        self._spawn = spawn
        self._random = random
        self._clock = clock
        self._ready: dict[Instance, float] = {}
        self._starting: set[Instance] = set()
        self._waiters: deque[asyncio.Future[Instance]] = deque()
        self._starts: set[asyncio.Task[None]] = set()
        self._stops: set[asyncio.Task[None]] = set()
        self._pause = FIRST_PAUSE
        self._not_before = 0.0
        self._closed = False

    @property
    def ready(self) -> tuple[Instance, ...]:
        """The instances that take requests."""
        return tuple(self._ready)

    @property
    def size(self) -> int:
        """How many instances run or are starting."""
        return len(self._ready) + len(self._starting)

    @property
    def load(self) -> int:
        """How many requests are worked on or wait."""
        waiting = sum(not waiter.done() for waiter in self._waiters)
        return waiting + sum(instance.in_flight for instance in self._ready)

    @asynccontextmanager
    async def lease(self, patience: float) -> AsyncIterator[Instance]:
        """An instance for one request, started when need be; waits at most `patience` seconds.

        Raises NoInstanceError or BrokenRevisionError.
        """
        instance = await self._acquire(patience)
        try:
            yield instance
        finally:
            self._release(instance)

    async def start(self, reason: Reason) -> None:
        """Start one more instance. Raises StartError."""
        if self._closed:
            raise StartError("The revision is being stopped.")
        await self._bring_up(self._new(), reason)

    def grow(self, wanted: int, reason: Reason) -> None:
        """Start what is missing to `wanted` instances; after a failed start only when a pause is over."""
        if self._clock() >= self._not_before:
            for _ in range(wanted - self.size):
                self._begin(reason)

    def shrink(self, wanted: int, idle_since: float) -> None:
        """Stop instances beyond `wanted` that have done nothing since then."""
        idle = [each for each, used in self._ready.items() if not each.in_flight and used <= idle_since]
        for instance in idle[: max(0, len(self._ready) - wanted)]:
            del self._ready[instance]
            _keep(self._stops, instance.stop())

    async def close(self) -> None:
        """Stop everything, for good; requests under way are cut off."""
        self._closed = True
        self._disappoint()
        for task in self._starts:
            task.cancel()
        instances = list(self._ready)
        self._ready.clear()
        stops = [instance.stop() for instance in instances]
        await asyncio.gather(*stops, *self._stops, *self._starts, return_exceptions=True)

    async def _acquire(self, patience: float) -> Instance:
        if self._closed:
            raise BrokenRevisionError
        if (instance := self._pick()) is not None:
            return instance
        waiter: asyncio.Future[Instance] = asyncio.get_running_loop().create_future()
        self._waiters.append(waiter)
        self._start_for_waiters()
        try:
            async with asyncio.timeout(patience):
                return await waiter
        except BaseException as error:
            self._forget(waiter)
            if isinstance(error, TimeoutError):
                raise NoInstanceError from None
            raise

    def _pick(self) -> Instance | None:
        """Book any instance that has room."""
        free = [each for each in self._ready if each.in_flight < self.limits.concurrency]
        if not free:
            return None
        instance = self._random.choice(free)
        instance.in_flight += 1
        return instance

    def _release(self, instance: Instance) -> None:
        instance.in_flight -= 1
        if instance in self._ready:
            self._ready[instance] = self._clock()
        self._hand_out()

    def _hand_out(self) -> None:
        """Give those who wait longest what is free."""
        while (waiter := self._next_waiter()) is not None and (instance := self._pick()) is not None:
            waiter.set_result(instance)

    def _next_waiter(self) -> asyncio.Future[Instance] | None:
        """Who waits longest; those that gave up, or have what they waited for, leave the queue here."""
        while self._waiters and self._waiters[0].done():
            self._waiters.popleft()
        return self._waiters[0] if self._waiters else None

    def _forget(self, waiter: asyncio.Future[Instance]) -> None:
        """Take back what a waiter that gave up holds: an instance it never saw, or its place in the queue."""
        if not waiter.done():
            waiter.cancel()
        elif not waiter.cancelled() and waiter.exception() is None:
            self._release(waiter.result())
        self._next_waiter()

    def _disappoint(self) -> None:
        """Tell all who wait that no instance will come."""
        while (waiter := self._next_waiter()) is not None:
            waiter.set_exception(BrokenRevisionError())

    def _start_for_waiters(self) -> None:
        room = len(self._starting) * self.limits.concurrency
        if len(self._waiters) > room and self.size < self.limits.maximum:
            self._begin("autoscaling")

    def _new(self) -> Instance:
        """An instance that counts as starting from now on."""
        instance = self._spawn(self._exited)
        self._starting.add(instance)
        return instance

    async def _bring_up(self, instance: Instance, reason: Reason) -> None:
        try:
            await instance.start(reason)
            if not instance.alive:
                raise StartError("The container exited right after it started.")
        except StartError:
            self._not_before = self._clock() + self._pause
            self._pause = min(2 * self._pause, LONGEST_PAUSE)
            self._starting.discard(instance)
            if not self.size:
                self._disappoint()
            raise
        finally:
            self._starting.discard(instance)
        self._pause = FIRST_PAUSE
        self._ready[instance] = self._clock()
        self._hand_out()

    def _begin(self, reason: Reason) -> None:
        _keep(self._starts, self._try(self._new(), reason))

    async def _try(self, instance: Instance, reason: Reason) -> None:
        with contextlib.suppress(StartError):
            await self._bring_up(instance, reason)

    def _exited(self, instance: Instance) -> None:
        """A process has ended, whoever ended it."""
        self._ready.pop(instance, None)
        if self._waiters:
            self._start_for_waiters()


def _keep(tasks: set[asyncio.Task[None]], work: Coroutine[object, object, None]) -> None:
    """Begin work, and hold on to it until it is done."""
    task = asyncio.create_task(work)
    tasks.add(task)
    task.add_done_callback(tasks.discard)

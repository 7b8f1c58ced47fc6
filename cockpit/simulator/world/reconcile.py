"""How a written service comes to serve: new revisions are launched, then the split asked for is put in force.

One write may follow another before the first has settled. Launches go on; the split in force always follows the
newest write, and each operation ends as soon as its own revision and the split have.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from google.cloud.run_v2.types import Revision as RevisionMessage
from google.rpc import code_pb2

from cockpit.simulator.seams import Launch
from cockpit.simulator.world import conditions, revisions, traffic
from cockpit.simulator.world.conditions import Problem
from cockpit.simulator.world.messages import LATEST, copy, stamp
from cockpit.simulator.world.names import short

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from random import Random

    from cockpit.simulator.seams import Launcher
    from cockpit.simulator.world.names import Place
    from cockpit.simulator.world.operations import Operations
    from cockpit.simulator.world.records import Pending, Record
    from cockpit.simulator.world.settings import Settings

log = logging.getLogger(__name__)


class Reconciler:
    """Brings records from what was written to what serves."""

    def __init__(
        self,
        *,
        settings: Settings,
        place: Place,
        launcher: Launcher,
        operations: Operations,
        random: Random,
        records: dict[str, Record],
        changed: Callable[[str], None],
    ) -> None:
        self._settings = settings
        self._place = place
        self._launcher = launcher
        self._operations = operations
        self._random = random
        self._records = records
        self._changed = changed

    def begin(self, record: Record, pending: Pending) -> None:
        """Take up a write that was just stored."""
        record.pending.append(pending)
        if pending.revision:
            launch = asyncio.create_task(self._launch(record, pending.revision))
            record.launches[pending.revision] = launch
        if record.settling is not None:
            record.settling.cancel()
        record.settling = asyncio.create_task(self._settle(record))

    def delete(self, record: Record, operation: str) -> None:
        """Take up the deletion of a service that was just marked for it."""
        for task in record.tasks():
            task.cancel()
        record.launches.clear()
        record.settling = asyncio.create_task(self._delete(record, operation))

    async def _pause(self, bounds: tuple[float, float]) -> None:
        """Wait for one seeded delay within the bounds, in seconds."""
        await self._settings.sleep(self._random.uniform(*bounds))

    async def _launch(self, record: Record, name: str) -> None:
        revision = record.revisions[name]
        await self._pause(self._settings.lag.revision)
        try:
            outcome = await self._launcher.launch(record.name, RevisionMessage.wrap(copy(revision)))
        except Exception:
            log.exception("the launcher broke on %s", name)
            outcome = Launch(ready=False, reason="INTERNAL", message="An internal error occurred.")
        now = self._settings.clock()
        record.outcomes[name] = outcome
        del record.launches[name]
        revisions.settle(revision, outcome, now)
        if outcome.ready:
            conditions.active(revision, any(share.revision == name for share in record.shares), now)
        if short(record.service.latest_created_revision) == name:
            problem = None if outcome.ready else not_ready(name, outcome)
            conditions.service_part(record.service, "ConfigurationsReady", now, problem)
        self._changed(record.name)

    async def _settle(self, record: Record) -> None:
        await _done(record.launches[name] for name in record.starting())
        await self._pause(self._settings.lag.traffic)
        problem = self.route_problem(record)
        if problem is None:
            self.route(record, self._settings.clock())
        now = self._settings.clock()
        conditions.service_part(record.service, "RoutesReady", now, problem)
        for pending in sorted(record.pending, key=lambda each: each.revision in record.launches):
            await _done(record.launches[name] for name in [pending.revision] if name in record.launches)
            self._finish(record, pending, problem)

    def route_problem(self, record: Record) -> Problem | None:
        """Why the split that is asked for cannot be put in force; None when it can."""
        for target in record.targets:
            name = target.revision
            if target.type_ == LATEST:
                # A write that asks for its own revision keeps the old split when that revision failed.
                made = [pending.revision for pending in record.pending if pending.revision]
                name = made[-1] if made else record.newest_ready() or short(record.service.latest_created_revision)
            if name not in record.revisions:
                return missing(name)
            if not record.outcomes[name].ready:
                return not_ready(name, record.outcomes[name])
        return None

    def route(self, record: Record, now: float) -> None:
        """Put the split that is asked for in force."""
        service, targets = record.service, record.targets
        record.follow_latest(self._place)
        record.shares = traffic.shares(targets, record.latest_ready)
        del service.traffic_statuses[:]
        service.traffic_statuses.extend(traffic.statuses(self._place, record.name, targets))
        routed = {share.revision for share in record.shares}
        for name, outcome in record.outcomes.items():
            if outcome.ready and conditions.active(record.revisions[name], name in routed, now):
                record.revisions[name].update_time.CopyFrom(stamp(now))
        self._changed(record.name)

    async def _delete(self, record: Record, operation: str) -> None:
        await self._pause(self._settings.lag.deletion)
        del self._records[record.name]
        for pending in record.pending:
            self._operations.fail(pending.operation, code_pb2.ABORTED, f"Service '{record.name}' was deleted.")
        self._changed(record.name)
        self._operations.finish(operation, record.service)

    def _finish(self, record: Record, pending: Pending, route_problem: Problem | None) -> None:
        record.pending.remove(pending)
        outcome = record.outcomes.get(pending.revision)
        problem = route_problem
        if problem is None and outcome is not None and not outcome.ready:
            problem = not_ready(pending.revision, outcome)
        service, now = record.service, self._settings.clock()
        if problem is None:
            record.follow_latest(self._place)
            service.observed_generation = max(service.observed_generation, pending.generation)
        if pending.generation == service.generation:
            record.verdict = problem
        if not record.pending:
            conditions.service_ready(service, now, record.verdict)
        if problem is None:
            self._operations.finish(pending.operation, service)
        else:
            self._operations.fail(pending.operation, problem.code, problem.message)


def missing(revision: str) -> Problem:
    """The split names a revision that is not there."""
    return Problem(
        code_pb2.INTERNAL,
        f"Revision '{revision}' does not exist or is deleted. "
        "Update all traffic to route to currently available revisions.",
        "UNKNOWN",
    )


def not_ready(revision: str, outcome: Launch) -> Problem:
    """The split, or the write, needs a revision that never started."""
    message = f"Revision '{revision}' is not ready and cannot serve traffic. {outcome.message}".rstrip()
    return Problem(code_pb2.FAILED_PRECONDITION, message, "REVISION_FAILED")


async def _done(tasks: Iterable[asyncio.Task[None]]) -> None:
    """Wait for tasks without owning them: a cancelled waiter leaves them running."""
    if waited := list(tasks):
        await asyncio.wait(waited)

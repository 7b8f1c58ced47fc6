"""The one door for changes: plans come in, and nothing is written that is not armed, checked and journalled."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from cockpit.live import planning
from cockpit.live.journal import JournalError
from cockpit.live.session import RefusedError
from cockpit.live.snapshot import Change, Outcome, Phase, Problem
from cockpit.live.walk import Walk
from cockpit.sources.auth import machine_user
from cockpit.sources.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from cockpit.live.guard import Guard
    from cockpit.live.past import Past
    from cockpit.live.snapshot import Feed
    from cockpit.live.state import State
    from cockpit.live.walk import Means
    from cockpit.release.plan import Plan

logger = logging.getLogger(__name__)

SERVICE = "service"


class Controls:
    """The door of one session. `who` answers the account that the journal names."""

    def __init__(
        self, state: State, guard: Guard, past: Past, means: Means, who: Callable[[], Awaitable[str]]
    ) -> None:
        self._state = state
        self._guard = guard
        self._past = past
        self._means = means
        self._who = who
        self._walking = asyncio.Lock()
        self._walk: Walk | None = None
        self._task: asyncio.Task[Change] | None = None

    @property
    def travelling(self) -> bool:
        """Whether a change is under way."""
        return self._walk is not None

    def plan_shift(self, percents: Mapping[str, int]) -> Plan:
        """Give revisions their percents; the others share the rest in proportion."""
        return planning.plan_shift(self._state.snapshot, percents)

    def plan_promote(self, revision: str) -> Plan:
        """Everything to one revision."""
        return planning.plan_promote(self._state.snapshot, revision)

    def plan_rollback(self) -> Plan:
        """Back to what served before the last change by anyone."""
        return planning.plan_rollback(self._state.snapshot)

    def plan_undo(self) -> Plan:
        """Back to the exact list before our last change."""
        return planning.plan_undo(self._state.snapshot)

    def plan_tag(self, tag: str, revision: str) -> Plan:
        """Put a tag on a revision; "" takes it away."""
        return planning.plan_tag(self._state.snapshot, tag, revision)

    def arm(self) -> None:
        """Allow changes until the countdown ends. Raises RefusedError."""
        now = self._means.clock.now()
        ref = self._state.snapshot.ref
        try:
            self._guard.arm(self._feed(), now)
        except RefusedError as error:
            self._means.commands.note(f"not armed: {error}")
            raise
        seconds = self._guard.arming.seconds_left(now)
        self._means.commands.note(f"armed for {seconds:.0f} s: {ref.service} in {ref.project}")
        self._show_arming()

    def disarm(self) -> None:
        """Back to read-only."""
        self._guard.disarm()
        self._show_arming()

    def tick(self) -> None:
        """End an arming whose time is over; called once a second."""
        self._guard.tick(self._feed(), self._means.clock.now(), travelling=self.travelling)
        self._show_arming()

    async def apply(self, plan: Plan, confirmation: str = "") -> Change:
        """Make a change and answer how it ended; cancelling the caller leaves the change on its way."""
        while self._task is not None and not self._task.done():
            problem = self._make_way()
            if problem is not None:
                return self._refused(self._begun(plan), problem)
            await asyncio.wait({self._task})
        if self._walk is not None:
            # One that an earlier cockpit left: it is given its time too, and no more.
            self._walk.supersede()
        self._task = asyncio.create_task(self._make(plan, confirmation))
        return await asyncio.shield(self._task)

    async def recover(self) -> None:
        """Find out what became of changes that killed cockpits left under way. Raises JournalError."""
        async with self._walking:
            await self._recover()

    async def stop(self) -> None:
        """Stop driving. A change under way stays so in the journal, for the next start."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _make(self, plan: Plan, confirmation: str) -> Change:
        async with self._walking:
            change = self._begun(plan)
            self._means.show(change)
            try:
                self._guard.check(plan, confirmation, self._feed(), self._means.clock.now())
                await self._past.keep()
                await self._recover()
            except RefusedError as error:
                return self._refused(change, Problem(error.kind, str(error), error.mend), show=True)
            except JournalError as error:
                return self._refused(change, Problem("journal", str(error), error.mend), show=True)
            change = replace(change, actor=await self._actor())
            return await self._drive(Walk(self._means, change), lambda walk: walk.make(plan))

    async def _recover(self) -> None:
        for change in await self._means.journal.take_over(self._state.snapshot.ref):
            await self._drive(Walk(self._means, change), Walk.resume)

    async def _drive(self, walk: Walk, go: Callable[[Walk], Awaitable[Change]]) -> Change:
        """Let a walk go its way, and put down how it ended; one that is cancelled is left to be recovered."""
        self._walk = walk
        try:
            change = await go(walk)
        except asyncio.CancelledError:
            if walk.change.id:
                await self._means.journal.leave(walk.change)
            raise
        except Exception:
            # Whatever broke here, the write may be out: the view and the journal must say so.
            logger.exception("a change broke off")
            change = walk.broken()
        finally:
            self._walk = None
        if change.id:
            await self._past.conclude(change)
        self._after(change, overruled=walk.superseded)
        return change

    def _after(self, change: Change, *, overruled: bool) -> None:
        """Somebody else at work, or no telling what happened: look first. Else stay ready to take it back."""
        if change.outcome in (Outcome.OVERTAKEN, Outcome.UNKNOWN) and not overruled:
            self._guard.disarm(f"the last change ended {change.outcome.value}")
        else:
            self._guard.keep_for_undo(self._means.clock.now())
        self._show_arming()

    def _make_way(self) -> Problem | None:
        """Let a change that only waits to be served go, if it has for a while; else say why there is no way."""
        walk = self._walk
        if walk is None or not walk.supersede():
            patience = self._means.patience.quick
            mend = f"wait until it has ended; one that is still followed after {patience:.0f} s may be overruled"
            return Problem("busy", "another change of this service is under way", mend)
        return None

    def _begun(self, plan: Plan) -> Change:
        clock = self._means.clock
        return Change(
            id=0,
            ref=plan.ref,
            intent=plan.intent,
            before=plan.before,
            after=plan.after,
            phase=Phase.CHECKING,
            actor="",
            started=clock.wall(),
            began=clock.now(),
            etag=plan.etag,
            generation=plan.generation,
        )

    def _refused(self, change: Change, problem: Problem, *, show: bool = False) -> Change:
        now = self._means.clock.now()
        refused = replace(change, phase=Phase.DONE, outcome=Outcome.REFUSED, problem=problem, ended=now)
        self._means.commands.note(f"{change.intent.value} refused: {problem.text}")
        if show:
            self._means.show(refused)
        return refused

    async def _actor(self) -> str:
        try:
            return await self._who()
        except SourceError:
            return machine_user()

    def _feed(self) -> Feed | None:
        return self._state.snapshot.feed(SERVICE)

    def _show_arming(self) -> None:
        arming = self._guard.arming
        if self._state.snapshot.arming.until is not None and arming.until is None:
            self._means.commands.note(f"read-only again: {arming.ended or 'disarmed'}")
        self._state.fold(lambda snapshot: replace(snapshot, arming=arming))

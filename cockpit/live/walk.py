"""One change on its way: re-read, save, write, follow, and be honest about how it ended."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cockpit.live.fate import Fate, failing, fate, in_words, served_in_words, sides
from cockpit.live.guard import check_revisions
from cockpit.live.journal import JournalError
from cockpit.live.problems import LASTING, problem_of
from cockpit.live.session import RefusedError
from cockpit.live.snapshot import Outcome, Phase, Problem
from cockpit.release.plan import gcloud
from cockpit.release.traffic import same_split
from cockpit.sources.errors import ConflictError, NotFoundError, OutcomeUnknownError, SourceError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from cockpit.live.clock import Clock
    from cockpit.live.commands import CommandLog, Running
    from cockpit.live.journal import Journal
    from cockpit.live.snapshot import Change
    from cockpit.release.plan import Plan
    from cockpit.release.service import Revision, Service
    from cockpit.sources.cloudrun import OperationState, Releases

logger = logging.getLogger(__name__)

READ_TRIES = 3
LOOK = "look at what it serves now; the journal keeps what was asked"


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a change is waited for, in seconds.

    `poll` between two looks, `slow` after the first `quick`; a write that got no answer and is not there after
    `settle` did not arrive; after `follow` its fate is called unknown.
    """

    poll: float = 0.7
    slow: float = 2.0
    quick: float = 30.0
    settle: float = 15.0
    follow: float = 300.0


@dataclass(frozen=True, slots=True)
class Means:
    """What a change needs on its way. The reads fold what they find into the session's state."""

    releases: Releases
    read_service: Callable[[], Awaitable[Service]]
    read_revisions: Callable[[], Awaitable[tuple[Revision, ...]]]
    journal: Journal
    clock: Clock
    commands: CommandLog
    show: Callable[[Change], None]
    patience: Patience = Patience()


class Walk:
    """Drives one change; `change` is how it stands."""

    def __init__(self, means: Means, change: Change) -> None:
        self._means = means
        self._clock = means.clock
        self._sent_at = self._followed_at = self._silent_since = means.clock.now()
        self._line: Running | None = None
        self.superseded = False
        self.change = change

    async def make(self, plan: Plan) -> Change:
        """Go the whole way. A step that ends the change is the last one."""
        await self._reread(plan)
        if self.change.outcome is None:
            await self._intend()
        if self.change.outcome is None:
            await self._write(plan)
        if self.change.outcome is None:
            await self._follow()
        return self.change

    async def resume(self) -> Change:
        """Find out what became of a change that an earlier cockpit left under way, and follow it to its end."""
        since = (self._clock.wall() - self.change.started).total_seconds()
        self._silent_since = self._clock.now() - max(0.0, since)
        self._line = self._means.commands.run(f"# change {self.change.id} was under way when a cockpit ended")
        self._put(replace(self.change, phase=Phase.READING, recovered=True))
        await self._follow()
        return self.change

    def supersede(self) -> bool:
        """Stop following at the next look, for another change is wanted; only once this one has had its time."""
        out = self.change.phase in (Phase.FOLLOWING, Phase.VERIFYING)
        if out and self._clock.now() - self._followed_at > self._means.patience.quick:
            self.superseded = True
        return self.superseded

    def broken(self) -> Change:
        """End a change that a mistake of ours broke off: nobody knows more than the service."""
        problem = Problem("internal", "the cockpit broke off this change by a mistake of its own", LOOK)
        self._end(Outcome.UNKNOWN if self.change.id else Outcome.FAILED, problem)
        return self.change

    def _put(self, change: Change) -> None:
        self.change = change
        self._means.show(change)

    def _enter(self, phase: Phase, problem: Problem | None = None) -> None:
        self._put(replace(self.change, phase=phase, problem=problem))

    def _end(
        self,
        outcome: Outcome,
        problem: Problem | None = None,
        *,
        found: Service | None = None,
        generation_after: int = 0,
        time_to_serving: float | None = None,
    ) -> None:
        """End the change; `found` is the service as somebody else left it."""
        ended = replace(
            self.change,
            phase=Phase.DONE,
            outcome=outcome,
            problem=problem,
            sides=sides(self.change, found) if found else None,
            ended=self._clock.now(),
            generation_after=generation_after,
            time_to_serving=time_to_serving,
        )
        self._put(ended)
        if self._line:
            self._line.result(summary(ended))
        else:
            self._means.commands.note(f"{ended.intent.value} {summary(ended)}")

    async def _reread(self, plan: Plan) -> None:
        """Read what stands now: the exact list to save, and whether the plan was made from it.

        Generation and split decide. The etag sent is the one just read: by itself it says nothing about whether
        a user changed the service.
        """
        self._enter(Phase.READING)
        ref = plan.ref
        line = self._means.commands.run(
            f"gcloud run services describe {ref.service} --region {ref.region} --project {ref.project}"
        )
        try:
            service, revisions = await self._stubbornly_read()
            line.result(f"generation {service.generation}: {in_words(service.spec)}")
            if service.generation != plan.generation or not same_split(service.spec, plan.before):
                self._end(Outcome.OVERTAKEN, _changed_since(plan, service), found=service)
                return
            check_revisions(plan, revisions)
        except SourceError as error:
            line.result(str(error))
            self._end(Outcome.REFUSED, problem_of(error))
        except RefusedError as error:
            self._end(Outcome.REFUSED, Problem(error.kind, str(error), error.mend))
        else:
            self._put(
                replace(
                    self.change,
                    before=service.spec,
                    etag=service.etag,
                    generation=service.generation,
                    problem=None,
                )
            )

    async def _stubbornly_read(self) -> tuple[Service, tuple[Revision, ...]]:
        """The service and its revisions, asked for again where trying again may help: nothing is written yet."""
        for _ in range(READ_TRIES - 1):
            try:
                return await asyncio.gather(self._means.read_service(), self._means.read_revisions())
            except LASTING:
                raise
            except SourceError as error:
                self._enter(Phase.READING, problem_of(error))
                await self._clock.sleep(self._means.patience.poll)
        return await asyncio.gather(self._means.read_service(), self._means.read_revisions())

    async def _intend(self) -> None:
        try:
            self.change = await self._means.journal.intend(self.change)
        except JournalError as error:
            self._end(Outcome.REFUSED, Problem("journal", str(error), error.mend))
        except RefusedError as error:
            self._end(Outcome.REFUSED, Problem(error.kind, str(error), error.mend))

    async def _write(self, plan: Plan) -> None:
        self._enter(Phase.WRITING)
        self._line = self._means.commands.run(gcloud(replace(plan, before=self.change.before)))
        self._sent_at = self._clock.now()
        change = self.change
        try:
            name = await self._means.releases.write_traffic(change.ref, change.after, change.etag)
        except OutcomeUnknownError as error:
            self._line.result(f"no answer: {error}; reading what became of it")
            self._silent_since = self._clock.now()
            self._enter(Phase.FOLLOWING, problem_of(error))
        except ConflictError as error:
            await self._conflict(error)
        except SourceError as error:
            self._end(Outcome.FAILED, problem_of(error))
        except Exception as error:
            # It may have been sent: only the service can tell.
            logger.exception("a write ended in an unexpected way")
            self._silent_since = self._clock.now()
            self._enter(Phase.FOLLOWING, Problem("outcome-unknown", f"the write broke off: {error}"))
        else:
            self._put(replace(self.change, phase=Phase.FOLLOWING, operation=name))
            await self._note_sent()

    async def _note_sent(self) -> None:
        try:
            await self._means.journal.sent(self.change, self._clock.wall())
        except JournalError as error:
            # The intent is on the disk, and generation and split tell the rest if this cockpit dies now.
            logger.warning("%s", error)

    async def _conflict(self, error: ConflictError) -> None:
        """Cloud Run refused the etag: show who was there first, if the service can be read."""
        try:
            service = await self._means.read_service()
        except SourceError:
            self._end(Outcome.OVERTAKEN, problem_of(error))
            return
        if service.generation == self.change.generation:
            self._end(Outcome.FAILED, problem_of(error))
        else:
            self._end(Outcome.OVERTAKEN, problem_of(error), found=service)

    async def _follow(self) -> None:
        """Look at the operation and the service until they tell how it ended, or patience does."""
        patience = self._means.patience
        self._followed_at = self._clock.now()
        operation: OperationState | None = None
        last: Service | None = None
        while (waited := self._clock.now() - self._followed_at) < patience.follow and not self.superseded:
            operation = await self._look_at_operation(operation)
            try:
                last = await self._means.read_service()
            except NotFoundError as error:
                self._end(Outcome.FAILED, problem_of(error))
                return
            except SourceError as error:
                self._enter(self.change.phase, problem_of(error))
            else:
                self._judge(last, operation)
                if self.change.outcome is not None:
                    return
            await self._clock.sleep(patience.poll if waited < patience.quick else patience.slow)
        self._end(Outcome.UNKNOWN, _unknown(last, waited), generation_after=_arrived(self.change, last))

    async def _look_at_operation(self, known: OperationState | None) -> OperationState | None:
        if not self.change.operation or (known and known.done):
            return known
        try:
            return await self._means.releases.operation(self.change.operation)
        except SourceError as error:
            # The service's generation and split tell as much, only later.
            logger.info("operation %s cannot be read: %s", self.change.operation, error)
            return known

    def _judge(self, service: Service, operation: OperationState | None) -> None:
        verdict = fate(self.change, service, operation)
        after = service.generation
        if verdict is Fate.OVERTAKEN:
            problem = Problem("overtaken", _who(service, "wrote after us"), LOOK)
            self._end(Outcome.OVERTAKEN, problem, found=service, generation_after=after)
        elif verdict is Fate.SERVES:
            self._serves(service)
        elif verdict is Fate.FAILED:
            reason = (operation.error if operation else "") or failing(service)
            still = served_in_words(service)
            problem = Problem(
                "failed", f"{reason}; serving {still or 'nothing'}", "undo, or choose another revision"
            )
            self._end(Outcome.FAILED, problem, generation_after=after)
        elif verdict is Fate.NOT_THERE and self._is_lost():
            problem = Problem("not-applied", "the write did not arrive: nothing was changed", "try again")
            self._end(Outcome.FAILED, problem, generation_after=after)
        else:
            done = operation is not None and operation.done
            self._enter(Phase.VERIFYING if done else Phase.FOLLOWING)

    def _serves(self, service: Service) -> None:
        warning = None
        if service.generation > self.change.generation + 1:
            jump = f"generation {self.change.generation} became {service.generation}"
            warning = Problem(
                "written-between",
                f"{_who(service, 'wrote too')}: {jump}, and what they wrote may be lost",
                "look at the service's own history",
            )
        self._end(
            Outcome.APPLIED,
            warning,
            found=service if warning else None,
            generation_after=service.generation,
            time_to_serving=self._clock.now() - self._sent_at if not self.change.recovered else None,
        )

    def _is_lost(self) -> bool:
        """Whether a write without an answer would have shown by now."""
        return not self.change.operation and self._clock.now() - self._silent_since > self._means.patience.settle


def summary(change: Change) -> str:
    """How a change ended, in one line."""
    if change.outcome is Outcome.APPLIED and change.time_to_serving is not None:
        return f"serving after {change.time_to_serving:.1f} s"
    outcome = change.outcome.value if change.outcome else change.phase.value
    return f"{outcome}: {change.problem.text}" if change.problem else outcome


def _changed_since(plan: Plan, service: Service) -> Problem:
    if same_split(service.spec, plan.before):
        text = _who(service, "changed the service, though not its traffic, since this was planned")
    else:
        text = _who(service, f"changed the traffic since this was planned: it is {in_words(service.spec)}")
    return Problem("overtaken", text, "plan again from what stands now")


def _who(service: Service, did: str) -> str:
    return f"somebody else {did}; last changed by {service.last_modifier or 'an unknown account'}"


def _unknown(last: Service | None, waited: float) -> Problem:
    if last is None:
        seen = "the service could not be read"
    else:
        seen = f"last seen: asked {in_words(last.spec)}, serving {served_in_words(last) or 'nothing'}"
    return Problem("outcome-unknown", f"still not settled after {waited:.0f} s; {seen}", LOOK)


def _arrived(change: Change, last: Service | None) -> int:
    return last.generation if last and same_split(last.spec, change.after) else change.generation

"""The walk of one change where the order of things is everything: interleavings that no wire gives on demand."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from cockpit.live.commands import CommandLog
from cockpit.live.journal import Journal
from cockpit.live.snapshot import Change, Outcome, Phase
from cockpit.live.state import State
from cockpit.live.walk import Means, Patience, Walk, summary
from cockpit.release.plan import Intent, Plan
from cockpit.release.service import Condition, ConditionState
from cockpit.sources.cloudrun import OperationState
from cockpit.sources.errors import ConflictError, DeniedError, NotFoundError, OutcomeUnknownError, UnreachableError
from tests.live.scripted import AT_FIRST, TENTH, ScriptedReleases, service
from tests.sources.local import REF

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable
    from pathlib import Path

    from tests.live.clocks import FakeClock

PLAN = Plan(REF, Intent.SHIFT, AT_FIRST, TENTH, 4, '"4"', "emergence-app-00279-kub")
TRAVELLING = OperationState("operations/1", False)
PATIENCE = Patience(poll=1.0, slow=2.0, quick=30.0, settle=10.0, follow=300.0)


class Trip:
    """One walk on scripted answers and a clock that stands."""

    def __init__(self, fake: FakeClock, releases: ScriptedReleases, journal: Journal) -> None:
        self.fake = fake
        self.shown: list[Change] = []
        self.journal = journal
        self.releases = releases
        state = State(REF, fake.clock)
        means = Means(
            releases,
            lambda: releases.service(REF),
            lambda: releases.revisions(REF),
            journal,
            fake.clock,
            CommandLog(state, fake.wall),
            self.shown.append,
            PATIENCE,
        )
        change = Change(0, REF, PLAN.intent, AT_FIRST, TENTH, Phase.CHECKING, "ana", fake.wall(), generation=4)
        self.walk = Walk(means, change)

    async def ends(self, going: Awaitable[Change]) -> Change:
        """Let time pass until it has ended."""
        task = asyncio.ensure_future(going)
        for _ in range(4000):
            if task.done():
                return await task
            # The journal's thread needs real time, however short.
            await asyncio.wait({task}, timeout=0.005)
            await self.fake.advance(0.5)
        raise AssertionError("it goes on for ever")


@pytest.fixture
async def trip(fake: FakeClock, tmp_path: Path) -> AsyncIterator[Trip]:
    journal = Journal(tmp_path / "journal.sqlite3")
    yield Trip(fake, ScriptedReleases(), journal)
    await journal.close()


async def test_the_way_is_read_save_write_follow(trip: Trip) -> None:
    change = await trip.ends(trip.walk.make(PLAN))
    assert change.outcome is Outcome.APPLIED
    assert trip.releases.calls == ["service", "revisions", "write_traffic", "operation", "service"]
    assert [each.phase for each in trip.shown] == [
        Phase.READING,
        Phase.READING,
        Phase.WRITING,
        Phase.FOLLOWING,
        Phase.DONE,
    ]


async def test_reads_that_fail_before_the_write_refuse_it(trip: Trip) -> None:
    trip.releases.script("service", *(UnreachableError("no answer", "check the network") for _ in range(3)))
    change = await trip.ends(trip.walk.make(PLAN))
    assert change.outcome is Outcome.REFUSED
    assert "write_traffic" not in trip.releases.calls
    assert await trip.journal.history(REF) == await trip.journal.pending(REF) == ()


async def test_a_read_that_fails_once_is_tried_again(trip: Trip) -> None:
    trip.releases.script("service", UnreachableError("no answer"))
    trip.releases.script("revisions", lambda: (trip.releases.revision,), UnreachableError("no answer"))
    change = await trip.ends(trip.walk.make(PLAN))
    assert (change.outcome, change.problem) == (Outcome.APPLIED, None)


async def test_a_read_that_is_not_allowed_is_tried_once(trip: Trip) -> None:
    trip.releases.script("service", DeniedError("not allowed", permission="run.services.get"))
    change = await trip.ends(trip.walk.make(PLAN))
    assert change.outcome is Outcome.REFUSED
    assert trip.releases.calls == ["service", "revisions"]


async def test_a_deploy_since_the_plan_is_somebody_elses_write_though_the_split_is_the_same(trip: Trip) -> None:
    trip.releases.standing = service(AT_FIRST, 5)
    change = await trip.ends(trip.walk.make(PLAN))
    assert change.outcome is Outcome.OVERTAKEN
    assert change.problem is not None
    assert "though not its traffic" in change.problem.text


async def test_an_etag_alone_is_nobodys_write_and_the_fresh_one_is_sent(trip: Trip) -> None:
    trip.releases.standing = replace(trip.releases.standing, etag='"status moved"')
    change = await trip.ends(trip.walk.make(PLAN))
    assert change.outcome is Outcome.APPLIED
    assert change.etag == '"status moved"'


async def test_a_conflict_without_anybodys_write_is_a_failure(trip: Trip) -> None:
    trip.releases.script("write_traffic", ConflictError("another operation is under way"))
    change = await trip.ends(trip.walk.make(PLAN))
    assert change.outcome is Outcome.FAILED
    assert change.sides is None


async def test_an_operation_that_is_done_before_reads_catch_up_is_waited_for(trip: Trip) -> None:
    before = service(AT_FIRST, 4)
    trip.releases.script("service", before, before, before, before)
    change = await trip.ends(trip.walk.make(PLAN))
    assert change.outcome is Outcome.APPLIED
    assert change.time_to_serving is not None
    assert change.time_to_serving >= 3


async def test_serving_counts_and_not_the_operation(trip: Trip) -> None:
    asked = service(TENTH, 5, serving=AT_FIRST)
    trip.releases.script("service", service(), *(lambda: asked for _ in range(6)))
    change = await trip.ends(trip.walk.make(PLAN))
    assert change.outcome is Outcome.APPLIED
    assert Phase.VERIFYING in {each.phase for each in trip.shown}
    assert change.time_to_serving is not None
    assert change.time_to_serving >= 6


async def test_in_flux_it_does_not_count_as_served_until_the_operation_is_done(trip: Trip) -> None:
    flux = service(TENTH, 5, reconciling=True)
    trip.releases.script("service", service(), *(lambda: flux for _ in range(3)))
    trip.releases.script("operation", TRAVELLING, TRAVELLING)
    change = await trip.ends(trip.walk.make(PLAN))
    assert change.outcome is Outcome.APPLIED
    assert change.time_to_serving is not None
    assert change.time_to_serving >= 2


async def test_an_operation_that_cannot_be_read_is_done_without(trip: Trip) -> None:
    trip.releases.script("operation", *(NotFoundError("no such operation") for _ in range(50)))
    assert (await trip.ends(trip.walk.make(PLAN))).outcome is Outcome.APPLIED


async def test_what_never_settles_is_unknown_and_says_what_was_seen(trip: Trip) -> None:
    stuck = service(TENTH, 5, serving=AT_FIRST, reconciling=True)
    trip.releases.script("service", service(), *(lambda: stuck for _ in range(400)))
    trip.releases.script("operation", *(TRAVELLING for _ in range(400)))
    change = await trip.ends(trip.walk.make(PLAN))
    assert change.outcome is Outcome.UNKNOWN
    assert change.problem is not None
    assert "last seen: asked emergence-app-00275-2jb=90 emergence-app-00279-kub=10" in change.problem.text
    assert "serving emergence-app-00275-2jb=100" in change.problem.text
    assert change.generation_after == 5


async def test_without_an_operation_a_failing_condition_tells(trip: Trip) -> None:
    failed = (Condition("RoutesReady", ConditionState.FAILED, "REVISION_FAILED", "Revision 'x' is not ready."),)
    broken = service(TENTH, 5, serving=AT_FIRST, conditions=failed)
    trip.releases.script("write_traffic", OutcomeUnknownError("no answer"))
    trip.releases.script("service", service(), *(lambda: broken for _ in range(5)))
    change = await trip.ends(trip.walk.make(PLAN))
    assert change.outcome is Outcome.FAILED
    assert change.problem is not None
    assert change.problem.text.startswith("Revision 'x' is not ready; serving")


async def test_a_write_that_shows_late_was_not_lost(trip: Trip) -> None:
    trip.releases.script("write_traffic", OutcomeUnknownError("no answer"))
    trip.releases.script("service", *(service() for _ in range(8)), lambda: service(TENTH, 5))
    change = await trip.ends(trip.walk.make(PLAN))
    assert change.outcome is Outcome.APPLIED
    assert trip.releases.calls.count("write_traffic") == 1


async def test_what_breaks_in_the_middle_of_a_write_may_have_been_sent(
    trip: Trip, caplog: pytest.LogCaptureFixture
) -> None:
    trip.releases.script("write_traffic", ValueError("a mistake"))
    change = await trip.ends(trip.walk.make(PLAN))
    assert change.outcome is Outcome.FAILED
    assert change.problem is not None
    assert change.problem.kind == "not-applied"
    assert "a mistake" in caplog.text


async def test_a_service_made_anew_is_another_one(trip: Trip) -> None:
    trip.releases.script("service", service(), service(TENTH, 1))
    change = await trip.ends(trip.walk.make(PLAN))
    assert change.outcome is Outcome.OVERTAKEN


def test_a_summary_is_one_line() -> None:
    change = Change(1, REF, Intent.SHIFT, AT_FIRST, TENTH, Phase.DONE, "ana", started=None)  # type: ignore[arg-type]
    assert summary(replace(change, outcome=Outcome.APPLIED, time_to_serving=3.44)) == "serving after 3.4 s"
    assert summary(replace(change, outcome=Outcome.UNKNOWN)) == "unknown"
    assert summary(replace(change, phase=Phase.WRITING)) == "writing"

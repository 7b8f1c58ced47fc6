"""The door in trouble: writes without an answer, failing operations, things that vanish, an API that goes down."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from cockpit.live.snapshot import FeedState, Outcome, Phase
from cockpit.live.waiting import until
from cockpit.release.traffic import percents
from cockpit.simulator.faults import Flaky, Quota
from tests.live.disk import no_room_beyond
from tests.live.local import OLD, QUICK, place
from tests.sources.local import CANARY, REF, STABLE

if TYPE_CHECKING:
    from pathlib import Path

    from tests.live.local import Place

TENTH = {STABLE: 90, CANARY: 10}


async def test_a_write_without_an_answer_is_read_and_never_sent_again(here: Place) -> None:
    session = await here.armed()
    here.faults.leave_unanswered("UpdateService", 30)
    change = await session.door.apply(session.door.plan_shift({CANARY: 10}))
    assert change.outcome is Outcome.APPLIED
    assert here.asked == TENTH
    assert here.writes == 1


async def test_a_write_that_did_not_arrive_is_called_not_applied(here: Place) -> None:
    session = await here.armed()
    here.faults.hold_next("UpdateService")
    change = await session.door.apply(session.door.plan_shift({CANARY: 10}))
    assert change.outcome is Outcome.FAILED
    assert change.problem is not None
    assert change.problem.kind == "not-applied"
    assert here.writes == 1
    assert here.asked == {STABLE: 100}
    assert session.snapshot.undo is None


async def test_a_revision_deleted_on_the_way_fails_in_the_operation(here: Place) -> None:
    session = await here.armed()
    held = here.faults.hold_next("UpdateService")
    applying = asyncio.create_task(session.door.apply(session.door.plan_shift({OLD: 10})))
    await held.arrived.wait()
    here.world.delete_revision(REF.service, OLD)
    held.released.set()
    change = await applying
    assert change.outcome is Outcome.FAILED
    assert change.problem is not None
    assert OLD in change.problem.text
    assert f"serving {STABLE}=100" in change.problem.text
    # What failed stands in the spec until it is undone.
    undone = await session.door.apply(session.door.plan_undo())
    assert undone.outcome is Outcome.APPLIED
    assert here.asked == {STABLE: 100}


async def test_a_service_that_vanishes_on_the_way_is_said_and_its_last_data_stay(tmp_path: Path) -> None:
    async with place(tmp_path, traffic_lag=2.0) as here:
        session = await here.armed()
        applying = asyncio.create_task(session.door.apply(session.door.plan_shift({CANARY: 10})))
        await until(session, lambda seen: bool(seen.change and seen.change.phase is Phase.FOLLOWING), 5)
        here.world.delete_service(REF.service)
        change = await applying
        assert change.outcome is Outcome.FAILED
        assert change.problem is not None
        assert change.problem.kind == "not-found"
        seen = await until(session, lambda seen: seen.feeds[0].state is FeedState.FAILED, 5)
        assert seen.service is not None
        assert len(seen.revisions) == 4
        assert seen.feeds[0].problem is not None
        assert seen.feeds[0].problem.kind == "not-found"


async def test_a_missing_permission_is_named_and_nothing_is_changed(here: Place) -> None:
    session = await here.armed()
    here.faults.withheld.add("run.services.update")
    change = await session.door.apply(session.door.plan_shift({CANARY: 10}))
    assert change.outcome is Outcome.FAILED
    assert change.problem is not None
    assert change.problem.kind == "denied"
    assert "run.services.update" in change.problem.text + change.problem.mend
    assert here.asked == {STABLE: 100}


async def test_a_used_up_quota_fails_the_write_once(here: Place) -> None:
    session = await here.armed()
    here.faults.quota = Quota(reads=10_000, writes=0)
    change = await session.door.apply(session.door.plan_shift({CANARY: 10}))
    assert change.outcome is Outcome.FAILED
    assert change.problem is not None
    assert change.problem.kind == "throttled"
    assert here.writes == 1


async def test_an_api_that_goes_down_midway_and_comes_back_loses_nothing(tmp_path: Path) -> None:
    async with place(tmp_path, traffic_lag=0.3) as here:
        session = await here.armed()
        applying = asyncio.create_task(session.door.apply(session.door.plan_shift({CANARY: 10})))
        await until(session, lambda seen: bool(seen.change and seen.change.operation), 5)
        here.faults.down = True
        down = await until(session, lambda seen: bool(seen.change and seen.change.problem), 5)
        assert down.change is not None
        assert down.change.outcome is None
        here.faults.down = False
        assert (await applying).outcome is Outcome.APPLIED


async def test_an_api_that_stays_down_leaves_the_outcome_unknown(tmp_path: Path) -> None:
    async with place(tmp_path, traffic_lag=0.3) as here:
        session = await here.armed(habits=replace(QUICK, patience=replace(QUICK.patience, follow=1.0)))
        applying = asyncio.create_task(session.door.apply(session.door.plan_shift({CANARY: 10})))
        await until(session, lambda seen: bool(seen.change and seen.change.operation), 5)
        here.faults.down = True
        change = await applying
        assert change.outcome is Outcome.UNKNOWN
        assert change.problem is not None
        assert "not settled after 1 s" in change.problem.text
        assert session.snapshot.arming.until is None
        here.faults.down = False
        await until(session, lambda seen: seen.undo is not None, 5)


async def test_a_full_disk_refuses_the_change_before_anything_is_written(here: Place) -> None:
    session = await here.armed()
    with no_room_beyond(0):
        change = await session.door.apply(session.door.plan_shift({CANARY: 10}))
    assert change.outcome is Outcome.REFUSED
    assert change.problem is not None
    assert change.problem.kind == "journal"
    assert str(here.folder) in change.problem.text
    assert here.writes == 0
    assert (await session.door.apply(session.door.plan_shift({CANARY: 10}))).outcome is Outcome.APPLIED


async def test_a_disk_that_fills_up_after_the_write_loses_nothing(tmp_path: Path) -> None:
    async with place(tmp_path, traffic_lag=0.3) as here:
        session = await here.armed()
        applying = asyncio.create_task(session.door.apply(session.door.plan_shift({CANARY: 10})))
        await until(session, lambda seen: bool(seen.change and seen.change.operation), 5)
        with no_room_beyond(0):
            assert (await applying).outcome is Outcome.APPLIED
            seen = await until(session, lambda seen: bool(seen.notices), 5)
            assert seen.history[0].outcome is Outcome.APPLIED
        change = await session.door.apply(session.door.plan_shift({CANARY: 25}))
        assert change.outcome is Outcome.APPLIED
        seen = await until(session, lambda seen: len(seen.history) == 2, 5)
        assert seen.notices == ()


async def test_whatever_goes_wrong_on_the_wire_an_outcome_is_never_a_lie(here: Place) -> None:
    session = await here.session()
    here.faults.flaky = Flaky(unavailable=0.15, throttled=0.05, slow=0.2, delay=(0.01, 0.1))
    for number in range(12):
        percent = 5 + 5 * (number % 7)
        await until(session, lambda seen: seen.feeds[0].state is FeedState.LIVE, 10)
        session.door.arm()
        before = here.asked
        change = await session.door.apply(session.door.plan_shift({CANARY: percent}))
        assert change.outcome in (Outcome.APPLIED, Outcome.REFUSED, Outcome.FAILED), change
        assert here.asked == (percents(change.after) if change.outcome is Outcome.APPLIED else before), change
    assert here.writes <= 12

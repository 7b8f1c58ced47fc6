"""The door while others write too: stock clients, other cockpits, with etags enforced and ignored."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from cockpit.live.session import RefusedError
from cockpit.live.snapshot import Outcome, Phase
from cockpit.live.waiting import until
from cockpit.release.traffic import LATEST, percents
from tests.live.local import OLD, Stock, foreign_write, place, spec_is
from tests.sources.local import CANARY, REF, STABLE

if TYPE_CHECKING:
    from pathlib import Path

    from tests.live.local import Place

TENTH = {STABLE: 90, CANARY: 10}


async def test_a_stock_client_sees_what_the_cockpit_did(here: Place) -> None:
    session = await here.armed()
    await session.door.apply(session.door.plan_shift({CANARY: 10}))
    service = await Stock(here).read()
    assert {each.revision: each.percent for each in service.traffic_statuses if each.percent} == TENTH


async def test_undo_is_refused_with_three_sides_when_somebody_has_changed_the_split(here: Place) -> None:
    session = await here.armed()
    await session.door.apply(session.door.plan_shift({CANARY: 10}))
    await Stock(here).write({OLD: 100})
    await until(session, spec_is({OLD: 100}), 5)
    with pytest.raises(RefusedError) as refused:
        session.door.plan_undo()
    assert "100 % now" in str(refused.value)
    assert refused.value.mend == "roll back, or shift to the split you want"
    sides = refused.value.sides
    assert sides is not None
    assert percents(sides.planned_from) == {STABLE: 100}
    assert percents(sides.asked) == TENTH
    assert percents(sides.found) == {OLD: 100}


async def test_roll_back_goes_to_the_split_before_the_last_change_by_anyone(here: Place) -> None:
    session = await here.armed()
    await Stock(here).write({STABLE: 40, CANARY: 60})
    await until(session, spec_is({STABLE: 40, CANARY: 60}), 5)
    change = await session.door.apply(session.door.plan_rollback())
    assert change.outcome is Outcome.APPLIED
    assert here.asked == {STABLE: 100}


async def test_roll_back_from_a_bad_deploy_on_latest_pins_what_latest_was(here: Place) -> None:
    session = await here.armed()
    await Stock(here).write({LATEST: 100})
    await until(session, spec_is({LATEST: 100}), 5)
    await Stock(here).deploy(f"{REF.service}-00280-bad")
    await until(session, lambda seen: bool(seen.service and seen.service.latest_ready.endswith("bad")), 5)
    await session.door.apply(session.door.plan_rollback())
    assert here.asked == {CANARY: 100}


async def test_a_write_by_a_stock_client_since_the_plan_is_seen_before_ours(here: Place) -> None:
    session = await here.armed()
    plan = session.door.plan_shift({CANARY: 10})
    await Stock(here).write({STABLE: 50, OLD: 50})
    before = here.writes
    change = await session.door.apply(plan)
    assert change.outcome is Outcome.OVERTAKEN
    assert change.sides is not None
    assert percents(change.sides.found) == {STABLE: 50, OLD: 50}
    assert change.sides.found_generation == 5
    assert here.writes == before
    assert here.asked == {STABLE: 50, OLD: 50}
    assert session.snapshot.arming.until is None


async def test_an_enforced_etag_stops_a_write_that_comes_second(here: Place) -> None:
    session = await here.armed()
    held = here.faults.hold_next("UpdateService")
    applying = asyncio.create_task(session.door.apply(session.door.plan_shift({CANARY: 10})))
    await held.arrived.wait()
    foreign_write(here, {OLD: 100})
    held.released.set()
    change = await applying
    assert change.outcome is Outcome.OVERTAKEN
    assert change.problem is not None
    assert change.problem.kind == "conflict"
    assert change.sides is not None
    assert percents(change.sides.found) == {OLD: 100}
    assert here.asked == {OLD: 100}
    assert (await until(session, lambda seen: bool(seen.history), 5)).history[0].outcome is Outcome.OVERTAKEN


async def test_where_etags_are_ignored_a_later_write_is_seen_and_left_alone(tmp_path: Path) -> None:
    async with place(tmp_path, "ignored", 0.5) as here:
        session = await here.armed()
        applying = asyncio.create_task(session.door.apply(session.door.plan_shift({CANARY: 10})))
        await until(session, lambda seen: bool(seen.change and seen.change.phase is Phase.FOLLOWING), 5)
        foreign_write(here, {OLD: 100})
        change = await applying
        assert change.outcome is Outcome.OVERTAKEN
        assert change.sides is not None
        assert percents(change.sides.asked) == TENTH
        assert percents(change.sides.found) == {OLD: 100}
        assert here.writes == 1
        assert here.asked == {OLD: 100}


async def test_where_etags_are_ignored_a_write_that_ours_went_over_is_told(tmp_path: Path) -> None:
    async with place(tmp_path, "ignored") as here:
        session = await here.armed()
        held = here.faults.hold_next("UpdateService")
        applying = asyncio.create_task(session.door.apply(session.door.plan_shift({CANARY: 10})))
        await held.arrived.wait()
        foreign_write(here, {OLD: 100})
        held.released.set()
        change = await applying
        assert change.outcome is Outcome.APPLIED
        assert change.problem is not None
        assert change.problem.kind == "written-between"
        assert change.sides is not None
        assert change.generation_after == change.generation + 2


async def test_of_two_cockpits_at_once_one_wins_where_etags_are_enforced(here: Place) -> None:
    one = await here.armed(here.outside("one.sqlite3"))
    other = await here.armed(here.outside("other.sqlite3"))
    changes = await asyncio.gather(
        one.door.apply(one.door.plan_shift({CANARY: 10})),
        other.door.apply(other.door.plan_shift({OLD: 20})),
    )
    assert sorted(change.outcome.value for change in changes if change.outcome) == ["applied", "overtaken"]
    winner = next(change for change in changes if change.outcome is Outcome.APPLIED)
    assert here.asked == percents(winner.after)
    assert winner.problem is None


async def test_of_two_cockpits_at_once_each_is_told_where_etags_are_ignored(tmp_path: Path) -> None:
    async with place(tmp_path, "ignored", 0.3) as here:
        one = await here.armed(here.outside("one.sqlite3"))
        other = await here.armed(here.outside("other.sqlite3"))
        held = [here.faults.hold_next("UpdateService") for _ in range(2)]
        applying = [
            asyncio.create_task(one.door.apply(one.door.plan_shift({CANARY: 10}))),
            asyncio.create_task(other.door.apply(other.door.plan_shift({OLD: 20}))),
        ]
        for each in held:
            await each.arrived.wait()
        for each in held:
            each.released.set()
        changes = await asyncio.gather(*applying)
        assert {change.outcome for change in changes} == {Outcome.APPLIED, Outcome.OVERTAKEN}
        assert all(change.problem and change.sides for change in changes)


async def test_cockpits_that_share_a_journal_take_turns(tmp_path: Path) -> None:
    async with place(tmp_path, traffic_lag=0.5) as here:
        one, other = await here.armed(), await here.armed()
        applying = asyncio.create_task(one.door.apply(one.door.plan_shift({CANARY: 10})))
        await until(one, lambda seen: bool(seen.change and seen.change.phase is Phase.FOLLOWING), 5)
        await until(other, spec_is(TENTH), 5)
        refused = await other.door.apply(other.door.plan_shift({CANARY: 20}))
        assert refused.outcome is Outcome.REFUSED
        assert refused.problem is not None
        assert refused.problem.kind == "busy"
        assert (await applying).outcome is Outcome.APPLIED
        seen = await until(other, lambda seen: bool(seen.history), 5)
        assert seen.history[0].outcome is Outcome.APPLIED

"""The door on a quiet day: what is armed and checked is made, followed and kept; what is not is refused."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from cockpit.live.guard import Safety
from cockpit.live.session import RefusedError
from cockpit.live.snapshot import FeedState, Outcome, Phase
from cockpit.live.waiting import until
from cockpit.release.traffic import Target, percents
from tests.live.local import OLD, QUICK, place, spec_is
from tests.sources.local import BROKEN, CANARY, REF, STABLE

if TYPE_CHECKING:
    from pathlib import Path

    from tests.live.local import Place

AT_FIRST = (Target(STABLE, 100), Target(CANARY, 0, "canary"))
TENTH = {STABLE: 90, CANARY: 10}


async def test_a_shift_is_made_followed_and_kept(here: Place) -> None:
    session = await here.armed()
    phases: list[Phase] = []
    session.subscribe(lambda seen: phases.append(seen.change.phase) if seen.change else None)
    change = await session.door.apply(session.door.plan_shift({CANARY: 10}))
    assert (change.outcome, change.problem, change.sides) == (Outcome.APPLIED, None, None)
    assert here.asked == TENTH
    assert change.before == AT_FIRST
    assert (change.generation, change.generation_after) == (4, 5)
    assert change.actor == "sre@example.com"
    assert change.etag
    assert change.operation
    assert change.time_to_serving is not None
    assert 0 <= change.time_to_serving < 10
    snapshot = await until(session, lambda seen: bool(seen.history), 5)
    assert replace(change, began=None, ended=None) == snapshot.history[0]
    assert snapshot.undo == snapshot.history[0]
    assert snapshot.service is not None
    assert percents(snapshot.service.serving) == TENTH
    assert snapshot.rollback is not None
    assert percents(snapshot.rollback) == {STABLE: 100}
    assert phases[-1] is Phase.DONE
    assert phases == sorted(phases, key=list(Phase).index)


async def test_every_step_is_in_the_command_log_as_gcloud(here: Place) -> None:
    session = await here.armed()
    await session.door.apply(session.door.plan_shift({CANARY: 10}))
    armed, read, write = session.snapshot.commands
    assert armed.line == "# armed for 300 s: emergence-app in emergence-469005"
    assert read.line.startswith(f"gcloud run services describe {REF.service} --region europe-west1")
    assert read.result == f"generation 4: {STABLE}=100"
    assert write.line.startswith("gcloud run services update-traffic")
    assert write.line.endswith(f"--to-revisions={STABLE}=90,{CANARY}=10")
    assert write.result.startswith("serving after ")
    session.door.disarm()
    await session.door.apply(session.door.plan_shift({CANARY: 20}))
    disarmed, refused = session.snapshot.commands[3:]
    assert disarmed.line == "# read-only again: disarmed"
    assert refused.line == "# shift refused: the cockpit is read-only"


async def test_undo_restores_the_exact_list_and_undo_again_goes_further_back(here: Place) -> None:
    session = await here.armed()
    for percent in (10, 25):
        await session.door.apply(session.door.plan_shift({CANARY: percent}))
    assert (await session.door.apply(session.door.plan_undo())).outcome is Outcome.APPLIED
    assert here.asked == TENTH
    assert (await session.door.apply(session.door.plan_undo())).outcome is Outcome.APPLIED
    assert session.snapshot.service is not None
    assert session.snapshot.service.spec == AT_FIRST
    with pytest.raises(RefusedError, match="no change"):
        session.door.plan_undo()


async def test_tags_are_put_and_taken_away(here: Place) -> None:
    session = await here.armed()
    assert (await session.door.apply(session.door.plan_tag("next", OLD))).outcome is Outcome.APPLIED
    assert (await session.door.apply(session.door.plan_tag("canary", ""))).outcome is Outcome.APPLIED
    assert session.snapshot.service is not None
    assert session.snapshot.service.spec == (Target(STABLE, 100), Target(OLD, 0, "next"))


async def test_nothing_is_written_unless_armed(here: Place) -> None:
    session = await here.session()
    change = await session.door.apply(session.door.plan_shift({CANARY: 10}))
    assert change.outcome is Outcome.REFUSED
    assert change.problem is not None
    assert change.problem.kind == "read-only"
    assert change.id == 0
    assert here.writes == 0


async def test_a_read_only_cockpit_cannot_be_armed(here: Place) -> None:
    session = await here.session(habits=replace(QUICK, safety=Safety(read_only=True)))
    with pytest.raises(RefusedError, match="read-only by its settings"):
        session.door.arm()
    assert session.snapshot.arming.forbidden == "read_only is set in [safety]"
    assert (await session.door.apply(session.door.plan_promote(CANARY))).outcome is Outcome.REFUSED
    assert here.writes == 0


@pytest.mark.parametrize(
    ("typed", "outcome"), [("", Outcome.REFUSED), ("yes", Outcome.REFUSED), ("00279-kub", Outcome.APPLIED)]
)
async def test_production_wants_a_word_typed(here: Place, typed: str, outcome: Outcome) -> None:
    session = await here.armed(habits=replace(QUICK, safety=Safety(production=True)))
    change = await session.door.apply(session.door.plan_shift({CANARY: 10}), typed)
    assert change.outcome is outcome
    assert here.writes == (outcome is Outcome.APPLIED)


async def test_stale_data_disarm_and_the_last_ones_stay_in_view(here: Place) -> None:
    session = await here.armed(habits=replace(QUICK, safety=Safety(fresh_seconds=0.5)))
    plan = session.door.plan_shift({CANARY: 10})
    here.faults.down = True
    seen = await until(session, lambda seen: seen.arming.until is None, 10)
    assert "s old" in seen.arming.ended or "cannot be read" in seen.arming.ended
    assert seen.service is not None
    with pytest.raises(RefusedError):
        session.door.arm()
    assert (await session.door.apply(plan)).outcome is Outcome.REFUSED
    here.faults.down = False
    await until(session, lambda seen: seen.feeds[0].state is FeedState.LIVE, 10)
    session.door.arm()
    assert session.snapshot.arming.until is not None


async def test_a_plan_that_changes_nothing_is_refused(here: Place) -> None:
    session = await here.armed()
    change = await session.door.apply(session.door.plan_promote(STABLE))
    assert change.problem is not None
    assert change.problem.kind == "nothing-to-do"


@pytest.mark.parametrize(
    ("revision", "kind"), [(BROKEN, "bad-revision"), (f"{REF.service}-00001-xyz", "no-revision")]
)
async def test_no_traffic_goes_to_what_cannot_serve(here: Place, revision: str, kind: str) -> None:
    session = await here.armed()
    change = await session.door.apply(session.door.plan_shift({revision: 10}))
    assert change.outcome is Outcome.REFUSED
    assert change.problem is not None
    assert change.problem.kind == kind
    assert here.writes == 0


async def test_a_second_change_in_the_same_cockpit_is_refused_while_one_travels(tmp_path: Path) -> None:
    async with place(tmp_path, traffic_lag=0.3) as here:
        session = await here.armed()
        applying = asyncio.create_task(session.door.apply(session.door.plan_shift({CANARY: 10})))
        await until(session, lambda seen: bool(seen.change and seen.change.phase is Phase.FOLLOWING), 5)
        refused = await session.door.apply(session.door.plan_shift({CANARY: 20}))
        assert refused.problem is not None
        assert refused.problem.kind == "busy"
        assert session.snapshot.change is not None
        assert percents(session.snapshot.change.after) == TENTH
        assert (await applying).outcome is Outcome.APPLIED


async def test_a_change_that_is_stuck_may_be_overruled_after_a_while(tmp_path: Path) -> None:
    async with place(tmp_path, traffic_lag=1.5) as here:
        session = await here.armed(habits=replace(QUICK, patience=replace(QUICK.patience, quick=0.0)))
        applying = asyncio.create_task(session.door.apply(session.door.plan_promote(CANARY)))
        await until(session, spec_is({CANARY: 100}), 5)
        back = await session.door.apply(session.door.plan_rollback())
        stuck = await applying
        assert stuck.outcome is Outcome.UNKNOWN
        assert back.outcome is Outcome.APPLIED, back
        assert here.asked == {STABLE: 100}


async def test_a_caller_that_goes_away_does_not_stop_the_change(tmp_path: Path) -> None:
    async with place(tmp_path, traffic_lag=0.3) as here:
        session = await here.armed()
        applying = asyncio.create_task(session.door.apply(session.door.plan_shift({CANARY: 10})))
        await until(session, lambda seen: bool(seen.change and seen.change.operation), 5)
        applying.cancel()
        seen = await until(session, lambda seen: bool(seen.change and seen.change.outcome), 5)
        assert seen.change is not None
        assert seen.change.outcome is Outcome.APPLIED


async def test_a_session_that_stops_midway_leaves_the_change_to_the_next(tmp_path: Path) -> None:
    async with place(tmp_path, traffic_lag=0.5) as here:
        session = await here.armed()
        applying = asyncio.create_task(session.door.apply(session.door.plan_shift({CANARY: 10})))
        await until(session, lambda seen: bool(seen.change and seen.change.operation), 5)
        await session.stop()
        assert applying.cancelled() or (await asyncio.wait({applying}))[0]
        later = await here.session()
        seen = await until(later, lambda seen: bool(seen.history), 10)
        assert seen.history[0].recovered
        assert seen.history[0].outcome is Outcome.APPLIED
        assert here.asked == TENTH

"""kill -9 at every step of a change: the next start tells what was under way and how it really stands."""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path

import pytest

from cockpit.live.journal import Journal
from cockpit.live.snapshot import Outcome
from cockpit.live.waiting import until
from tests.live.killed import STEPS
from tests.live.local import OLD, Place, foreign_write, place, spec_is
from tests.sources.local import CANARY, REF, STABLE

TREE = Path(__file__).parents[2]
TENTH = {STABLE: 90, CANARY: 10}
NOT_SENT = ("before intend", "after intend")

pytestmark = pytest.mark.slow


async def killed_at(here: Place, step: str) -> None:
    """Run a cockpit of its own until it has killed itself there."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.live.killed",
        str(here.port),
        str(here.folder / "journal.sqlite3"),
        step,
        cwd=TREE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        _, said = await asyncio.wait_for(process.communicate(), 60)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode == -signal.SIGKILL, said.decode()


async def left_under_way(here: Place) -> int:
    """How many changes the journal has under way."""
    journal = Journal(here.folder / "journal.sqlite3")
    pending = await journal.pending(REF)
    await journal.close()
    return len(pending)


@pytest.mark.parametrize("step", STEPS)
async def test_the_next_start_finds_out_what_became_of_it(tmp_path: Path, step: str) -> None:
    async with place(tmp_path, traffic_lag=0.3) as here:
        await killed_at(here, step)
        assert here.asked == ({STABLE: 100} if step in NOT_SENT else TENTH)
        assert await left_under_way(here) == (step not in ("before intend", "after conclude"))
        session = await here.session()
        if step == "before intend":
            assert (await until(session, lambda seen: seen.rollback is None, 5)).history == ()
            return
        seen = await until(session, lambda seen: bool(seen.history), 20)
        (change,) = seen.history
        assert change.outcome is (Outcome.FAILED if step in NOT_SENT else Outcome.APPLIED)
        assert change.recovered is (step != "after conclude")
        assert (seen.undo is not None) is (step not in NOT_SENT)
        assert here.writes == (step not in NOT_SENT)
        await session.stop()
        assert await left_under_way(here) == 0


async def test_undo_works_after_the_cockpit_that_made_the_change_was_killed(tmp_path: Path) -> None:
    async with place(tmp_path) as here:
        await killed_at(here, "after write")
        session = await here.session()
        await until(session, lambda seen: seen.undo is not None, 20)
        session.door.arm()
        assert (await session.door.apply(session.door.plan_undo())).outcome is Outcome.APPLIED
        assert here.asked == {STABLE: 100}


async def test_somebody_else_wrote_before_the_next_start(tmp_path: Path) -> None:
    async with place(tmp_path) as here:
        await killed_at(here, "after write")
        foreign_write(here, {OLD: 100})
        session = await here.session()
        seen = await until(session, lambda seen: bool(seen.history), 20)
        assert seen.history[0].outcome is Outcome.OVERTAKEN
        assert seen.history[0].sides is not None
        assert here.asked == {OLD: 100}


async def test_a_change_asked_for_at_once_waits_for_the_recovery(tmp_path: Path) -> None:
    async with place(tmp_path, traffic_lag=0.5) as here:
        await killed_at(here, "after write")
        session = await here.armed()
        change = await session.door.apply(session.door.plan_shift({CANARY: 25}))
        assert change.outcome is Outcome.APPLIED
        seen = await until(session, lambda seen: len(seen.history) == 2, 5)
        assert [each.outcome for each in seen.history] == [Outcome.APPLIED, Outcome.APPLIED]
        assert [each.recovered for each in seen.history] == [False, True]


async def test_another_cockpit_that_is_running_takes_over(tmp_path: Path) -> None:
    async with place(tmp_path) as here:
        watching = await here.session()
        await killed_at(here, "after write")
        await until(watching, spec_is(TENTH), 5)
        watching.door.arm()
        change = await watching.door.apply(watching.door.plan_shift({CANARY: 25}))
        assert change.outcome is Outcome.APPLIED
        seen = await until(watching, lambda seen: len(seen.history) == 2, 5)
        assert seen.history[1].recovered

"""A session as views see it: what arrives, what goes, and what it leaves behind when it stops."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from cockpit.live.assembly import NO_METRICS, LiveSession
from cockpit.live.feeds import Pace
from cockpit.live.snapshot import FeedState
from cockpit.live.waiting import until
from cockpit.release.service import ServiceRef
from cockpit.simulator.faults import Flaky
from tests.live.local import OLD, QUICK, Stock, answered, connected, place, spec_is
from tests.sources.local import CANARY, PROJECT, REF, REGION, STABLE

if TYPE_CHECKING:
    from pathlib import Path

    from cockpit.live.outside import Metering
    from cockpit.live.snapshot import Snapshot
    from tests.live.local import Place


async def test_it_is_made_without_a_loop_or_a_network(tmp_path: Path) -> None:
    def make() -> LiveSession:
        return LiveSession(REF, connected(1, tmp_path / "journal.sqlite3"), QUICK)

    session = await asyncio.to_thread(make)
    assert session.snapshot.service is None
    assert session.snapshot.feeds == ()


async def test_the_first_snapshots_bring_service_revisions_and_feeds(here: Place) -> None:
    session = await here.session()
    seen = await until(session, lambda seen: all(feed.state is FeedState.LIVE for feed in seen.feeds), 10)
    assert [feed.name for feed in seen.feeds] == ["service", "revisions", "requests"]
    assert seen.service is not None
    assert [revision.name for revision in seen.revisions] == [
        CANARY,
        "emergence-app-00276-jvb",
        STABLE,
        OLD,
    ]
    assert seen.arming.until is None
    assert all(feed.age(session.now()) is not None for feed in seen.feeds)


async def test_metrics_that_cannot_be_loaded_are_said_and_stop_nothing(here: Place) -> None:
    async def broken() -> Metering:
        raise RuntimeError("numpy is not for this machine")

    session = await here.session(replace(here.outside(), metering=broken))
    seen = await until(session, lambda seen: seen.metrics is not None, 10)
    assert seen.metrics is not None
    assert seen.metrics.problem == NO_METRICS
    assert seen.service is not None


async def test_what_answers_requests_is_observed(here: Place) -> None:
    answered(here, STABLE, 9)
    session = await here.session()
    await until(session, lambda seen: bool(seen.observed and seen.observed.total == 9), 10)
    answered(here, CANARY, 3, status=500)
    seen = await until(session, lambda seen: bool(seen.observed and seen.observed.total == 12), 10)
    assert seen.observed is not None
    assert seen.observed.share(CANARY) == 25
    assert seen.observed.instances_of(STABLE) == 1


async def test_a_change_by_a_stock_client_shows_by_itself(here: Place) -> None:
    session = await here.session()
    await Stock(here).write({STABLE: 70, CANARY: 30})
    seen = await until(session, spec_is({STABLE: 70, CANARY: 30}), 5)
    assert seen.service is not None
    assert seen.service.generation == 5


async def test_a_new_revision_shows_at_once_though_the_list_is_read_seldom(here: Place) -> None:
    session = await here.session(habits=replace(QUICK, revisions=Pace(3600.0)))
    new = f"{REF.service}-00280-new"
    await Stock(here).deploy(new)
    seen = await until(session, lambda seen: seen.revisions[0].name == new, 5)
    assert len(seen.revisions) == 5


async def test_revisions_are_read_less_often_than_the_service(here: Place) -> None:
    await here.session(habits=replace(QUICK, service=Pace(0.05), revisions=Pace(3600.0)))
    session = here.sessions[0]
    before = here.faults.calls["GetService"]
    ticks = asyncio.Event()
    session.subscribe(lambda _: ticks.set() if here.faults.calls["GetService"] > before + 10 else None)
    await asyncio.wait_for(ticks.wait(), 10)
    assert here.faults.calls["ListRevisions"] == 1


async def test_a_service_that_vanishes_keeps_its_last_data_and_comes_back(here: Place) -> None:
    session = await here.session()
    here.world.delete_service(REF.service)
    gone = await until(session, lambda seen: seen.feeds[0].state is FeedState.FAILED, 10)
    assert gone.feeds[0].problem is not None
    assert gone.feeds[0].problem.kind == "not-found"
    assert gone.service is not None
    assert gone.revisions


async def test_a_missing_permission_is_a_state_that_names_it(here: Place) -> None:
    session = await here.session()
    here.faults.withheld.add("run.services.get")
    seen = await until(session, lambda seen: seen.feeds[0].state is FeedState.FAILED, 10)
    assert seen.feeds[0].problem is not None
    assert seen.feeds[0].problem.kind == "denied"
    here.faults.withheld.clear()
    await until(session, lambda seen: seen.feeds[0].state is FeedState.LIVE, 10)


async def test_an_api_that_is_down_at_the_start_is_a_state_until_it_comes_up(here: Place) -> None:
    here.faults.down = True
    session = LiveSession(REF, here.outside(), QUICK)
    here.sessions.append(session)
    await session.start()
    seen = await until(session, lambda seen: bool(seen.feeds) and seen.feeds[0].state is FeedState.FAILED, 10)
    assert seen.service is None
    assert seen.feeds[0].problem is not None
    assert seen.feeds[0].problem.kind == "unreachable"
    assert seen.feeds[0].retry_at is not None
    here.faults.down = False
    assert (await until(session, lambda seen: seen.service is not None, 10)).service is not None


async def test_flaky_answers_do_not_end_it(here: Place) -> None:
    session = await here.session()
    here.faults.flaky = Flaky(unavailable=0.3, throttled=0.0, slow=0.1, delay=(0.01, 0.05))
    troubles: set[str] = set()
    enough = here.faults.calls["GetService"] + 30

    def note(seen: Snapshot) -> bool:
        troubles.update(feed.problem.kind for feed in seen.feeds if feed.problem)
        session.refresh()
        return here.faults.calls["GetService"] > enough

    await until(session, note, 20)
    here.faults.flaky = None
    await until(session, lambda seen: seen.feeds[0].state is FeedState.LIVE, 10)
    assert troubles == {"unreachable"}


async def test_a_watcher_that_fails_harms_nobody_else(here: Place, caplog: pytest.LogCaptureFixture) -> None:
    session = await here.session()
    heard: list[Snapshot] = []

    def broken(_: Snapshot) -> None:
        raise RuntimeError("drawn to death")

    session.subscribe(broken)
    session.subscribe(heard.append)
    await Stock(here).write({STABLE: 70, CANARY: 30})
    await until(session, spec_is({STABLE: 70, CANARY: 30}), 5)
    assert heard
    assert "drawn to death" in caplog.text


async def test_nothing_is_left_running(here: Place) -> None:
    before = asyncio.all_tasks()
    session = await here.session()
    await session.stop()
    await asyncio.sleep(0)
    left = {task for task in asyncio.all_tasks() - before if (name := task.get_name()) and REF.service in name}
    assert left == set()


async def test_waiting_ends(here: Place) -> None:
    session = await here.session()
    with pytest.raises(TimeoutError):
        await until(session, lambda _: False, 0.05)


async def test_a_journal_that_cannot_be_used_is_a_notice_and_refuses_changes(here: Place) -> None:
    (here.folder / "taken.sqlite3").mkdir()
    session = await here.armed(here.outside("taken.sqlite3"))
    seen = await until(session, lambda seen: bool(seen.notices), 5)
    assert str(here.folder / "taken.sqlite3") in seen.notices[0].text
    change = await session.door.apply(session.door.plan_shift({CANARY: 10}))
    assert change.problem is not None
    assert change.problem.kind == "journal"
    assert here.writes == 0


async def test_a_new_session_says_when_it_knows_the_past(here: Place) -> None:
    first = await here.armed()
    await first.door.apply(first.door.plan_shift({CANARY: 10}))
    await first.stop()
    second = LiveSession(REF, here.outside(), QUICK)
    here.sessions.append(second)
    assert not second.snapshot.past_read
    await second.start()
    seen = await until(second, lambda seen: seen.past_read and seen.service is not None, 5)
    assert len(seen.history) == 1
    assert seen.undo is not None
    assert seen.rollback is not None


async def test_two_services_have_pasts_of_their_own(tmp_path: Path) -> None:
    async with place(tmp_path) as here:
        session = await here.armed()
        await session.door.apply(session.door.plan_shift({CANARY: 10}))
        elsewhere = LiveSession(ServiceRef(PROJECT, REGION, "other"), here.outside(), QUICK)
        here.sessions.append(elsewhere)
        await elsewhere.start()
        seen = await until(elsewhere, lambda seen: bool(seen.feeds) and seen.feeds[0].problem is not None, 5)
        assert seen.history == ()

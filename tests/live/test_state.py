"""The fold: one snapshot a loop turn, and only when something is new."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from cockpit.live.commands import KEPT, CommandLog
from cockpit.live.snapshot import Problem
from cockpit.live.state import State
from tests.sources.local import REF

if TYPE_CHECKING:
    from cockpit.live.snapshot import Snapshot
    from tests.live.clocks import FakeClock


async def test_several_folds_of_one_turn_are_one_snapshot(fake: FakeClock) -> None:
    state = State(REF, fake.clock)
    heard: list[Snapshot] = []
    state.subscribe(heard.append)
    fake.at = 1007
    for number in range(5):
        state.fold(lambda seen, n=number: replace(seen, notices=(Problem("n", str(n)),)))  # type: ignore[misc]
    assert state.snapshot.notices[0].text == "4"
    assert heard == []
    await asyncio.sleep(0)
    assert [seen.notices[0].text for seen in heard] == ["4"]
    assert heard[0].at == 1007
    assert heard[0].wall == fake.wall()


async def test_where_nothing_is_new_nobody_hears_of_it(fake: FakeClock) -> None:
    state = State(REF, fake.clock)
    heard: list[Snapshot] = []
    state.subscribe(heard.append)
    fake.at = 1007
    state.fold(lambda seen: replace(seen, history=()))
    await asyncio.sleep(0)
    assert heard == []
    assert state.snapshot.at == 1000


async def test_who_has_left_hears_no_more(fake: FakeClock) -> None:
    state = State(REF, fake.clock)
    heard: list[Snapshot] = []
    stop = state.subscribe(heard.append)
    state.fold(lambda seen: replace(seen, notices=(Problem("n", "1"),)))
    stop()
    stop()
    await asyncio.sleep(0)
    assert heard == []


async def test_the_command_log_is_bounded_and_results_find_their_line(fake: FakeClock) -> None:
    state = State(REF, fake.clock)
    log = CommandLog(state, fake.wall)
    first, second = log.run("gcloud one"), log.run("gcloud two")
    log.note("armed")
    second.result("done")
    assert [(each.line, each.result) for each in state.snapshot.commands] == [
        ("gcloud one", ""),
        ("gcloud two", "done"),
        ("# armed", ""),
    ]
    for number in range(KEPT):
        log.note(str(number))
    first.result("too late to be shown")
    assert len(state.snapshot.commands) == KEPT
    assert all(not each.result for each in state.snapshot.commands)

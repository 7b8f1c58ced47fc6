"""What the cockpit counts about itself."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from cockpit.live.budget import Budget
from cockpit.live.metered import MeteredReleases
from cockpit.live.telemetry import BOUNDS, LAG_EVERY, Durations, Telemetry
from cockpit.sources.errors import ThrottledError
from tests.live.scripted import ScriptedReleases
from tests.sources.local import REF

if TYPE_CHECKING:
    from tests.live.clocks import FakeClock


def test_a_duration_counts_below_the_first_bound_that_it_reaches() -> None:
    durations = Durations()
    for seconds in (0.0, 0.001, 0.0011, 10.0, 10.1):
        durations.add(seconds)
    assert durations.counts == [2, 1, *[0] * (len(BOUNDS) - 3), 1, 1]
    assert durations.count == 5
    assert durations.total == pytest.approx(20.1021)


async def test_lag_is_what_goes_beyond_the_nap(fake: FakeClock) -> None:
    telemetry = Telemetry()
    watching = asyncio.create_task(telemetry.watch_loop(fake.clock))
    await fake.advance(2 * LAG_EVERY)
    assert (telemetry.lag.count, telemetry.lag.total) == (2, 0.0)
    fake.at += LAG_EVERY + 0.3  # time goes by, and the loop sees nothing of it
    await fake.advance(0)
    watching.cancel()
    assert telemetry.lag.count == 3
    assert telemetry.lag.total == pytest.approx(0.3)


async def test_calls_are_counted_by_quota_and_so_is_being_throttled(fake: FakeClock) -> None:
    budget = Budget(fake.clock)
    scripted = ScriptedReleases()
    releases = MeteredReleases(scripted, budget)
    await releases.service(REF)
    assert (budget.reads.spent, budget.reads.throttlings, budget.writes.spent) == (1, 0, 0)
    scripted.script("service", ThrottledError("too much", retry_after=1))
    with pytest.raises(ThrottledError):
        await releases.service(REF)
    assert (budget.reads.spent, budget.reads.throttlings, budget.writes.spent) == (2, 1, 0)

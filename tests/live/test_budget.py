"""The quota on our side: never more than the limit in any minute, whatever the pattern."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.live.budget import RECOVERY, Bucket, Budget
from cockpit.live.metered import MeteredReleases
from cockpit.sources.errors import ThrottledError
from tests.live.clocks import FakeClock, settle
from tests.live.scripted import ScriptedReleases
from tests.sources.local import REF

if TYPE_CHECKING:
    from collections.abc import Sequence


def taken_in_any_minute(times: Sequence[float]) -> int:
    return max(sum(1 for other in times if at <= other < at + 60) for at in times)


@settings(deadline=None)
@given(
    limit=st.integers(2, 600),
    steps=st.lists(st.tuples(st.floats(0, 90), st.booleans()), min_size=1, max_size=300),
)
def test_no_minute_sees_more_than_the_limit(limit: int, steps: list[tuple[float, bool]]) -> None:
    fake = FakeClock()
    bucket = Bucket(limit, fake.clock)
    times: list[float] = []
    for pause, urgent in steps:
        fake.at += pause
        while bucket.wait(urgent=urgent) <= 0 and len(times) < 3000:
            bucket.spend(1)
            times.append(fake.at)
    assert taken_in_any_minute(times or [0.0]) <= limit


def test_polls_leave_a_reserve_for_a_change() -> None:
    bucket = Bucket(100, FakeClock().clock)
    while bucket.wait() <= 0:
        bucket.spend(1)
    urgent = 0
    while bucket.wait(urgent=True) <= 0:
        bucket.spend(1)
        urgent += 1
    assert urgent == 5


async def test_whoever_finds_no_token_waits_for_one(fake: FakeClock) -> None:
    bucket = Bucket(60, fake.clock)
    bucket.spend(12)
    taking = asyncio.create_task(bucket.take(urgent=True))
    await fake.advance(1.2)
    assert not taking.done()
    await fake.advance(0.1)
    assert taking.done()


def test_being_throttled_halves_the_rate_and_time_brings_it_back(fake: FakeClock) -> None:
    bucket = Bucket(60, fake.clock)
    assert bucket.wait() == 0
    bucket.throttled()
    slow = bucket.wait()
    bucket.throttled()
    assert bucket.wait() == pytest.approx(2 * slow)
    fake.at += RECOVERY
    assert bucket.wait(urgent=True) == 0
    bucket.spend(12)
    assert bucket.wait(urgent=True) == pytest.approx(1 / 0.8)


def test_however_throttled_a_small_budget_still_polls_every_few_seconds(fake: FakeClock) -> None:
    bucket = Bucket(240, fake.clock)
    for _ in range(20):
        bucket.throttled()
    assert 1 < bucket.wait() <= 5
    assert bucket.wait(urgent=True) == 0


def test_the_other_side_says_how_long_to_wait(fake: FakeClock) -> None:
    bucket = Bucket(60, fake.clock)
    bucket.throttled(retry_after=20)
    assert bucket.wait(urgent=True) == 20
    fake.at += 20
    assert bucket.wait(urgent=True) == 0
    assert 0 < bucket.wait() < 3


async def test_a_throttled_read_slows_every_reader(fake: FakeClock) -> None:
    budget = Budget(fake.clock)
    releases = ScriptedReleases()
    releases.script("service", ThrottledError("too much"))
    with pytest.raises(ThrottledError):
        await MeteredReleases(releases, budget).service(REF)
    assert budget.reads.wait() > 0
    waiting = asyncio.create_task(MeteredReleases(releases, budget).revisions(REF))
    await settle()
    assert not waiting.done()
    await fake.advance(60)
    assert waiting.done()


async def test_further_pages_are_paid_for(fake: FakeClock) -> None:
    budget = Budget(fake.clock, reads=300)
    releases = ScriptedReleases()
    releases.script("revisions", (releases.revision,) * 1000)
    await MeteredReleases(releases, budget).revisions(REF)
    left = 0
    while budget.reads.wait(urgent=True) <= 0:
        budget.reads.spend(1)
        left += 1
    assert left == 60 - 10


async def test_a_write_beyond_the_budget_is_not_sent_and_does_not_wait(fake: FakeClock) -> None:
    releases = ScriptedReleases()
    metered = MeteredReleases(releases, Budget(fake.clock, writes=5), urgent=True)
    await metered.write_traffic(REF, (), "")
    with pytest.raises(ThrottledError, match="own budget"):
        await metered.write_traffic(REF, (), "")
    assert releases.calls.count("write_traffic") == 1

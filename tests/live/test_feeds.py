"""Poll feeds: their pace, their back-off, and what they know of their own age."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from random import Random
from typing import TYPE_CHECKING

import pytest

from cockpit.live.feeds import INTERNAL, LATE, Pace, PollFeed
from cockpit.live.snapshot import Feed, FeedState
from cockpit.sources.errors import DeniedError, SourceError, ThrottledError, UnreachableError
from tests.live.clocks import FakeClock, settle

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

PACE = Pace(5.0, hurry=1.0, cap=20.0, stale_after=15.0, failed_after=30.0)


class Source:
    """Counts reads, and fails, hangs or answers as it is told."""

    def __init__(self, fake: FakeClock) -> None:
        self.fake = fake
        self.times: list[float] = []
        self.error: Exception | None = None
        self.hang: asyncio.Event | None = None
        self.hurry = False
        self.landed: list[int] = []
        self.feed = PollFeed(
            "service",
            self.read,
            self.landed.append,
            pace=PACE,
            clock=fake.clock,
            random=Random(1),
            hurry=lambda: self.hurry,
        )

    async def read(self) -> int:
        self.times.append(self.fake.at)
        number = len(self.times)
        if self.hang:
            await self.hang.wait()
        if self.error:
            raise self.error
        return number

    @property
    def pauses(self) -> list[float]:
        return [later - earlier for earlier, later in zip(self.times, self.times[1:], strict=False)]

    @property
    def standing(self) -> Feed:
        return self.feed.standing(self.fake.at)

    def stands(self) -> FeedState:
        return self.standing.state


@pytest.fixture
async def source(fake: FakeClock) -> AsyncIterator[Source]:
    made = Source(fake)
    running = asyncio.create_task(made.feed.run())
    await settle()
    yield made
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


async def test_it_reads_at_its_interval_with_jitter(source: Source, fake: FakeClock) -> None:
    await fake.advance(100)
    assert all(4.5 <= pause <= 5.5 for pause in source.pauses)
    assert len(set(source.pauses)) > 10
    assert source.stands() is FeedState.LIVE


async def test_it_hurries_while_something_is_under_way(source: Source, fake: FakeClock) -> None:
    source.hurry = True
    await fake.advance(20)
    assert all(pause <= 1.1 for pause in source.pauses[1:])


async def test_it_backs_off_up_to_its_cap_while_it_fails(source: Source, fake: FakeClock) -> None:
    source.error = UnreachableError("no answer")
    await fake.advance(200)
    pauses = source.pauses[1:]
    assert pauses[0] <= 1
    assert max(pauses) <= 20
    assert pauses[-1] >= 10
    source.error = None
    await fake.advance(20)
    assert source.stands() is FeedState.LIVE
    assert source.standing.problem is None


async def test_a_blip_is_stale_with_its_reason_and_a_lasting_outage_failed(
    source: Source, fake: FakeClock
) -> None:
    source.error = UnreachableError("no answer", "check the network")
    await fake.advance(6)
    blip = source.standing
    assert blip.state is FeedState.STALE
    assert blip.problem is not None
    assert (blip.problem.kind, blip.problem.mend) == ("unreachable", "check the network")
    assert blip.retry_at is not None
    assert blip.retry_at > fake.at
    assert blip.age(fake.at) == 6
    await fake.advance(30)
    assert source.stands() is FeedState.FAILED


async def test_what_trying_again_will_not_mend_is_failed_at_once(source: Source, fake: FakeClock) -> None:
    source.error = DeniedError("not allowed", permission="run.services.get")
    await fake.advance(6)
    assert source.stands() is FeedState.FAILED
    assert source.standing.fresh_at == 1000


async def test_an_answer_that_does_not_come_is_late(source: Source, fake: FakeClock) -> None:
    source.hang = asyncio.Event()
    await fake.advance(16)
    assert source.stands() is FeedState.STALE
    assert source.standing.problem == LATE
    source.hang.set()
    await settle()
    assert source.stands() is FeedState.LIVE


async def test_it_waits_as_long_as_it_is_told_when_throttled(source: Source, fake: FakeClock) -> None:
    source.error = ThrottledError("too much", retry_after=60)
    await fake.advance(6)
    reads = len(source.times)
    await fake.advance(54)
    assert len(source.times) == reads
    await fake.advance(10)
    assert len(source.times) == reads + 1


async def test_a_refresh_reads_at_once(source: Source, fake: FakeClock) -> None:
    assert len(source.times) == 1
    source.feed.refresh()
    await settle()
    assert len(source.times) == 2


async def test_a_read_by_somebody_else_moves_the_next_one(source: Source, fake: FakeClock) -> None:
    await fake.advance(4)
    await source.feed.read(source.read)
    await fake.advance(4)
    assert len(source.times) == 2
    await fake.advance(2)
    assert len(source.times) == 3


async def test_an_answer_older_than_one_already_folded_is_dropped(source: Source, fake: FakeClock) -> None:
    source.hang = asyncio.Event()
    slow = asyncio.create_task(source.feed.read(source.read))
    await settle()
    hung, source.hang = source.hang, None
    await source.feed.read(source.read)
    hung.set()
    await slow
    assert source.landed == [1, 3]


async def test_a_mistake_of_ours_is_a_state_and_not_an_end(
    fake: FakeClock, source: Source, caplog: pytest.LogCaptureFixture
) -> None:
    source.error = KeyError("traffic")
    await fake.advance(6)
    assert source.standing.problem == INTERNAL
    assert "KeyError" in caplog.text
    with pytest.raises(SourceError):
        await source.feed.read(source.read)
    source.error = None
    await fake.advance(20)
    assert source.stands() is FeedState.LIVE


async def test_before_the_first_answer_it_is_starting_and_then_failed(fake: FakeClock) -> None:
    made = Source(fake)
    assert made.stands() is FeedState.STARTING
    made.error = UnreachableError("no answer")
    with pytest.raises(UnreachableError):
        await made.feed.read(made.read)
    assert made.stands() is FeedState.FAILED
    assert made.standing.age(fake.at) is None

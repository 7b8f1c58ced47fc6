"""The request feed: what it says of itself while its tail streams, polls, waits or breaks."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from cockpit.live.requests import RequestFeed
from cockpit.live.snapshot import Feed, FeedState
from cockpit.live.tail_feed import RESTART_SECONDS
from cockpit.release.observed import RequestSeen
from cockpit.sources.errors import DeniedError, ThrottledError, UnreachableError
from cockpit.sources.tail import TailMode, TailState
from tests.live.clocks import FakeClock, settle
from tests.sources.local import REF, STABLE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

    from cockpit.release.service import ServiceRef


class Tail:
    """A request log that says what it is told to."""

    def __init__(self) -> None:
        self.followed = 0
        self.broken = asyncio.Event()

    async def follow(
        self,
        ref: ServiceRef,  # noqa: ARG002 (the port's)
        seen: Callable[[Sequence[RequestSeen]], None],
        stands: Callable[[TailState], None],
    ) -> None:
        self.followed += 1
        self.seen, self.stands = seen, stands
        await self.broken.wait()
        raise ValueError("a mistake")


class Watched:
    """A feed on such a tail, and how it stands."""

    def __init__(self, fake: FakeClock) -> None:
        self.fake = fake
        self.tail = Tail()
        self.told = 0
        self.feed = RequestFeed(
            REF, self.tail, window=60, failed_after=30, clock=fake.clock, changed=lambda: setattr(self, "told", 1)
        )

    def stands(self) -> Feed:
        return self.feed.standing(self.fake.at)

    def state(self) -> FeedState:
        return self.stands().state


@pytest.fixture
async def watched(fake: FakeClock) -> AsyncIterator[Watched]:
    made = Watched(fake)
    running = asyncio.create_task(made.feed.run())
    await settle()
    yield made
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


async def test_before_it_streams_nothing_is_observed(watched: Watched) -> None:
    assert watched.state() is FeedState.STARTING
    assert watched.feed.observed() is None


async def test_silence_on_a_stream_is_an_answer(watched: Watched, fake: FakeClock) -> None:
    watched.tail.stands(TailState(TailMode.STREAMING))
    assert watched.told
    await fake.advance(3600)
    assert watched.state() is FeedState.LIVE
    observed = watched.feed.observed()
    assert observed is not None
    assert observed.total == 0


async def test_requests_are_counted_as_they_come(watched: Watched, fake: FakeClock) -> None:
    watched.tail.seen([RequestSeen(fake.wall().timestamp(), STABLE, "1", 200, 0.1)] * 3)
    observed = watched.feed.observed()
    assert observed is not None
    assert observed.by_revision == ((STABLE, 3),)


async def test_polling_is_live_and_says_why_it_does_not_stream(watched: Watched) -> None:
    watched.tail.stands(TailState(TailMode.POLLING, ThrottledError("ten sessions"), 60))
    stands = watched.stands()
    assert stands.state is FeedState.LIVE
    assert stands.problem is not None
    assert stands.problem.kind == "throttled"
    assert stands.retry_at == 1060


async def test_a_lost_tail_is_stale_and_after_a_while_failed(watched: Watched, fake: FakeClock) -> None:
    watched.tail.stands(TailState(TailMode.STREAMING))
    await fake.advance(100)
    watched.tail.stands(TailState(TailMode.WAITING, UnreachableError("reset"), 5))
    assert watched.state() is FeedState.STALE
    assert watched.stands().age(fake.at) == 0
    await fake.advance(31)
    assert watched.state() is FeedState.FAILED
    watched.tail.stands(TailState(TailMode.STREAMING))
    assert watched.state() is FeedState.LIVE


async def test_what_is_not_allowed_is_failed_at_once(watched: Watched) -> None:
    watched.tail.stands(TailState(TailMode.STREAMING))
    watched.tail.stands(TailState(TailMode.WAITING, DeniedError("no"), 30))
    assert watched.state() is FeedState.FAILED


async def test_a_mistake_of_ours_is_followed_by_another_try(
    watched: Watched, fake: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    watched.tail.broken.set()
    await settle()
    assert "a mistake" in caplog.text
    watched.tail.broken.clear()
    await fake.advance(RESTART_SECONDS)
    assert watched.tail.followed == 2

"""Live metrics of a whole service: first numbers soon, last good ones kept, nothing frozen that is read well."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from cockpit.live.snapshot import FeedState
from cockpit.metrics.engine import Answer, ResultKind
from cockpit.metrics.signals.signal import Kind, Signal
from tests.live.metrics.watching import HABITS, TEXT, watching
from tests.sources.local import CANARY, STABLE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cockpit.metrics.exposed import Family
    from cockpit.metrics.labels import Labels
    from tests.live.clocks import FakeClock

QUEUE = Signal("queue", "queue", Kind.GAUGE, ("queue_length",))


async def test_the_first_numbers_do_not_wait_for_the_second_interval(fake: FakeClock) -> None:
    """Two scrapes make a rate, and somebody waits for it."""
    async with watching(fake) as on:
        await on.passing(3.0)
        for revision in (STABLE, CANARY):
            assert on.estimate("errors", revision) is not None
        scrapes = len(on.canary.received)
        await on.passing(20.0)
        assert len(on.canary.received) - scrapes <= 5


class Noting:
    """An engine that has nothing and notes when it was asked for, in epoch seconds."""

    def __init__(self) -> None:
        self.asked: list[float] = []

    async def instant(self, _expression: str, at: int) -> Answer:
        """No sample."""
        self.asked.append(at / 1000)
        return Answer(ResultKind.VECTOR)

    async def range(self, _expression: str, _start: int, end: int, _step: int) -> Answer:
        """No line."""
        self.asked.append(end / 1000)
        return Answer(ResultKind.MATRIX)

    async def families(self) -> Mapping[str, Family]:
        """No metric."""
        return {}

    async def series(self, _metric: str) -> Sequence[Labels]:
        """No series."""
        return ()


async def test_another_engine_is_asked_by_the_time_of_day(fake: FakeClock) -> None:
    """It stamps samples by its own, so that a clock of ours that was set right must count at once."""
    engine = Noting()
    habits = replace(HABITS, signals=(QUEUE,))
    async with watching(fake, habits, remote=("http://engine", engine)) as on:
        for forward in (0.0, 3600.0):
            fake.set_forward = forward
            engine.asked.clear()
            await on.passing(6.0)
            now = fake.wall().timestamp()
            assert engine.asked
            assert all(now - 12 <= at <= now for at in engine.asked)
            assert on.picture.epoch == pytest.approx(now - fake.at)


async def test_numbers_are_those_of_the_endpoints(fake: FakeClock) -> None:
    async with watching(fake) as on:
        await on.passing(65.0)
        for revision, errors, rate in ((STABLE, 0.01, 18.0), (CANARY, 0.15, 4.0)):
            share, load = on.estimate("errors", revision), on.estimate("requests", revision)
            assert share is not None
            assert load is not None
            assert share.value == pytest.approx(errors, rel=0.02)
            assert load.value == pytest.approx(rate, rel=0.1)
        assert (on.picture.stable, on.picture.canary, on.picture.problem) == (STABLE, CANARY, None)


async def test_what_was_read_last_stays_while_a_url_fails(fake: FakeClock) -> None:
    """With its age; the other revision is read on, and the first good scrapes end it."""
    async with watching(fake) as on:
        await on.passing(65.0)
        good, before = on.estimate("requests", CANARY), on.estimate("errors", STABLE)
        assert good is not None
        on.canary.always("/metrics", "500 Internal Server Error")
        on.stable_app.errors = 0.05
        await on.passing(150.0)
        kept = on.estimate("requests", CANARY)
        assert kept is not None
        assert kept.value == pytest.approx(good.value, rel=0.1)
        assert on.target.feed.state is FeedState.FAILED
        age = on.target.feed.age(fake.at)
        assert age is not None
        assert 145 <= age <= 160
        now = on.estimate("errors", STABLE)
        assert now is not None
        assert before is not None
        assert now.value > 2 * before.value
        reading = next(one for one in on.picture.readings if one.signal.id == "requests")
        assert reading.courses.keys() == {STABLE, CANARY}

        on.canary.behaves["/metrics"] = on.canary_app.answer
        on.canary_app.rate = 40.0
        await on.passing(150.0)
        fresh = on.estimate("requests", CANARY)
        assert fresh is not None
        assert fresh.value > 5 * good.value


async def test_what_was_never_read_is_not_made_up(fake: FakeClock) -> None:
    """Nothing is known of a canary that has failed from the start."""
    async with watching(fake) as on:
        on.canary.always("/metrics", "403 Forbidden")
        await on.passing(65.0)
        assert on.estimate("errors", STABLE) is not None
        assert on.estimate("errors", CANARY) is None
        assert on.target.feed.state is FeedState.FAILED


async def test_a_signal_that_ends_on_a_living_url_is_not_kept(fake: FakeClock) -> None:
    """The endpoint is read well and has no such metric any more: an old value would be a lie."""
    habits = replace(HABITS, signals=(QUEUE,))
    async with watching(fake, habits) as on:
        on.canary_app.more = "# TYPE queue_length gauge\nqueue_length 7\n"
        await on.passing(20.0)
        found = on.estimate("queue", CANARY)
        assert found is not None
        assert found.value == 7.0
        on.canary_app.more = ""
        await on.passing(15.0)
        assert on.estimate("queue", CANARY) is None
        assert on.estimate("errors", CANARY) is not None


async def test_a_silent_endpoint_holds_nobody_else_up(fake: FakeClock) -> None:
    """Its deadline is its own."""
    async with watching(fake, replace(HABITS, scrape=replace(HABITS.scrape, timeout=0.2))) as on:

        @on.canary.on("/metrics")
        async def _(exchange: object) -> None:
            del exchange
            await on.canary.ended.wait()

        await on.passing(20.0)
        assert on.estimate("errors", STABLE) is not None
        problem = on.target.feed.problem
        assert problem is not None
        assert problem.kind == "unreachable"


async def test_a_canary_without_metrics_does_not_hide_the_stable_revision(fake: FakeClock) -> None:
    """Both answer at the service's URL; what has metrics there is not the canary's, which says it has none."""
    async with watching(fake) as on:
        on.canary.always("/metrics", "200 OK", b"# Metrics disabled.\n", TEXT)
        on.split = 90
        await on.passing(60.0)
        assert on.estimate("errors", STABLE) is not None
        assert on.estimate("errors", CANARY) is None

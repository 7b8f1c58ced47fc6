"""One URL that is scraped: the path found, bursts, refusals, rest, and what its picture says meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cockpit.live.metrics.habits import ScrapeHabits
from cockpit.live.metrics.local import LocalEngine
from cockpit.live.metrics.target_feed import EAGER
from cockpit.live.snapshot import FeedState
from cockpit.metrics.exposed import MetricKind
from cockpit.release.observed import Observed
from tests.live.metrics.fed import IDLE, feeding
from tests.simulated import until
from tests.sources.hostile import hostile_server

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from cockpit.metrics.labels import Labels
    from tests.live.clocks import FakeClock
    from tests.sources.hostile import Exchange, Hostile

EVERY = 5.0
HTML = "content-type: text/html"
TEXT = "content-type: text/plain; version=0.0.4"
BOTH = ScrapeHabits(paths=("/api/metrics", "/metrics"), interval=EVERY, burst=1)
ONE = ScrapeHabits(interval=EVERY, burst=1)


@pytest.fixture
async def server() -> AsyncIterator[Hostile]:
    """A server without anything on it."""
    async with hostile_server() as running:
        yield running


def exposition(process: int = 1, count: int = 7) -> bytes:
    """Some metrics of one process."""
    return (
        f"# TYPE process_start_time_seconds gauge\nprocess_start_time_seconds {1_700_000_000 + process}\n"
        f"# TYPE http_requests_total counter\nhttp_requests_total {count}\n"
    ).encode()


async def test_the_first_path_with_metrics_is_kept(server: Hostile, fake: FakeClock) -> None:
    """The others are tried once; afterwards only that one is asked."""
    server.always("/metrics", "200 OK", exposition(), TEXT)
    async with feeding(server.url, fake, BOTH) as fed:
        await until(lambda: fed.picture.feed.state is FeedState.LIVE)
        assert (fed.picture.path, fed.picture.series, fed.problem) == ("/metrics", 2, ("", ""))
        await fake.advance(2 * EVERY)
        await until(lambda: len(server.received) >= 3)
    assert [each.path for each in server.received[:3]] == ["/api/metrics", "/metrics", "/metrics"]


async def test_a_page_that_is_no_metrics_says_more_than_a_missing_one(server: Hostile, fake: FakeClock) -> None:
    """Nothing at one path, a login page at the other: the page is what is told."""
    server.always("/metrics", "200 OK", b"<html><title>Sign in</title></html>", HTML)
    async with feeding(server.url, fake, BOTH) as fed:
        await until(lambda: fed.picture.feed.state is FeedState.FAILED)
        assert fed.problem == ("unreadable", "not metrics but a web page: “Sign in”")
        assert fed.picture.path == ""


async def test_an_endpoint_that_is_switched_off_is_quoted(server: Hostile, fake: FakeClock) -> None:
    """A 200 with nothing but a comment, as emergence-app gives it."""
    server.always("/metrics", "200 OK", b"# Metrics disabled. Set X=true to enable.\n", TEXT)
    async with feeding(server.url, fake, BOTH) as fed:
        await until(lambda: fed.picture.feed.state is FeedState.FAILED)
        kind, text = fed.problem
        assert kind == "switched-off"
        assert "Metrics disabled. Set X=true to enable." in text


async def test_whether_a_url_is_up_is_a_series_as_prometheus_has_it(server: Hostile, fake: FakeClock) -> None:
    server.always("/metrics", "200 OK", exposition(), TEXT)
    async with feeding(server.url, fake, ONE, tag="canary", revision="app-2") as fed:
        engine = LocalEngine(fed.means.kept, fed.means.worker)

        async def asked(metric: str) -> list[tuple[Labels, float]]:
            answer = await engine.instant(f"{metric}{{tag='canary'}}", round(1000 * fed.means.now()))
            return [(sample.labels, sample.value) for sample in answer.samples]

        await until(lambda: fed.picture.feed.state is FeedState.LIVE)
        (((labels, value),), ((_, samples),)) = await asked("up"), await asked("scrape_samples_scraped")
        assert dict(labels) == {
            "__name__": "up",
            "service": "app",
            "revision": "app-2",
            "tag": "canary",
            "instance": server.url.removeprefix("http://"),
        }
        assert (value, samples) == (1.0, 2.0)
        assert fed.means.kept.families["up"].kind is MetricKind.GAUGE

        server.always("/metrics", "500 Broken", b"", TEXT)
        await until(lambda: fake.asleep)
        await fake.advance(EVERY)
        await until(lambda: fed.picture.feed.problem is not None)
        assert [value for _, value in await asked("up")] == [0.0]
        assert await asked("scrape_duration_seconds") == []


async def test_one_answer_without_metrics_does_not_spoil_a_burst(server: Hostile, fake: FakeClock) -> None:
    """Behind the service's URL the canary may have its metrics off: what the others say counts."""
    answered = 0

    @server.on("/metrics")
    async def _(exchange: Exchange) -> None:
        nonlocal answered
        answered += 1
        off = answered % 2 == 1
        await exchange.answer("200 OK", b"# Metrics disabled.\n" if off else exposition(), TEXT)

    async with feeding(server.url, fake, ScrapeHabits(interval=EVERY, burst=4)) as fed:
        await until(lambda: fed.picture.feed.state is FeedState.LIVE)
        await fake.advance(EVERY * 1.2)
        await until(lambda: len(server.received) >= 8 and fed.tries >= 12)
        assert fed.picture.path == "/metrics"
        assert fed.problem == ("", "")
        assert fed.means.telemetry.scrape_failures == {"switched-off": 4}


async def test_a_burst_grows_with_the_instances_that_are_met(server: Hostile, fake: FakeClock) -> None:
    """One scrape first, then three until something is known, then as many as there are processes."""

    @server.on("/metrics")
    async def _(exchange: Exchange) -> None:
        await exchange.answer("200 OK", exposition(len(server.received) % 5, len(server.received)), TEXT)

    async with feeding(server.url, fake, ScrapeHabits(interval=EVERY)) as fed:
        await until(lambda: fake.asleep)
        assert len(server.received) == 1
        await fed.passing(1.2 * EAGER)
        assert len(server.received) == 4
        await fed.passing(10 * EVERY)
        found = fed.means.kept.instances
        assert found.coverage("", round(fake.at * 1000)).seen == 5
        assert found.wanted_burst("") == 5


async def test_a_failing_endpoint_is_asked_less_and_less(server: Hostile, fake: FakeClock) -> None:
    """Back-off up to a minute; the first good answer ends it, and the last good numbers keep their age."""
    server.always("/metrics", "200 OK", exposition(), TEXT)
    async with feeding(server.url, fake, ONE, idle=3600.0) as fed:
        await fed.passing(0.0)
        good = fed.picture
        server.always("/metrics", "500 Internal Server Error")
        await fed.passing(1200.0)
        failing = fed.picture
        assert failing.feed.state is FeedState.FAILED
        assert failing.feed.fresh_at == good.feed.fresh_at
        assert (failing.series, fed.problem[0]) == (2, "broken")
        assert 20 <= len(server.received) <= 50  # 240 without back-off; a minute at most between two
        server.always("/metrics", "200 OK", exposition(), TEXT)
        fed.feed.refresh()
        await until(lambda: fed.picture.feed.state is FeedState.LIVE)
        assert fed.problem == ("", "")


async def test_what_nobody_uses_is_left_alone_until_somebody_does(server: Hostile, fake: FakeClock) -> None:
    """A scrape would start an instance: the URL rests, and requests of others or a refresh end that."""
    server.always("/metrics", "200 OK", exposition(), TEXT)
    async with feeding(server.url, fake, ONE, tag="canary", revision="app-2") as fed:
        await fed.passing(IDLE - EVERY)
        assert not fed.rests
        await fed.passing(3 * EVERY)
        assert fed.rests
        scrapes = len(server.received)
        await fed.passing(100.0)
        assert len(server.received) == scrapes

        fed.means.last_use.saw(Observed(60.0, 1, (), tagged=(("app-2", 1),)), fake.at)
        await fed.passing(1.5)
        assert not fed.rests
        assert len(server.received) == scrapes + 1

        await fed.passing(IDLE + 2 * EVERY)
        assert fed.rests
        scrapes = len(server.received)
        fed.feed.refresh()
        await until(lambda: len(server.received) == scrapes + 1)


@pytest.mark.parametrize(
    ("status", "kind", "state"),
    [
        ("401 Unauthorized", "unauthenticated", FeedState.FAILED),
        ("403 Forbidden", "denied", FeedState.FAILED),
        ("404 Not Found", "not-found", FeedState.FAILED),
        ("503 Service Unavailable", "broken", FeedState.FAILED),
        ("302 Found", "redirected", FeedState.FAILED),
    ],
)
async def test_every_refusal_is_a_state_of_its_own(
    server: Hostile, fake: FakeClock, status: str, kind: str, state: FeedState
) -> None:
    """With a line that names the place and a line for the mend."""
    server.always("/metrics", status, b"", "location: https://elsewhere.example/login")
    async with feeding(server.url, fake, ONE) as fed:
        await until(lambda: fed.picture.feed.state is state)
        found = fed.picture.feed.problem
        assert found is not None
        assert found.kind == kind
        assert found.text
        assert found.mend
        assert fed.means.telemetry.scrape_failures == {kind: 1}

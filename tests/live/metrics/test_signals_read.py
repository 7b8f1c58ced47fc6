"""Signals found and read: what is named, what turns up later, and what cannot be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cockpit.live.metrics.appraisal import COURSE_STEPS, Appraisal
from cockpit.live.metrics.discovery import LOOK_AGAIN, Discovery
from cockpit.live.metrics.local import LocalEngine
from cockpit.live.metrics.targets import TargetUrl
from cockpit.metrics.engine import QueryError
from cockpit.metrics.signals.signal import Kind, Signal
from cockpit.sources.prometheus.engine import Remote, RemoteEngine
from cockpit.sources.scrape import Body
from tests.live.metrics.fed import means_on
from tests.sources.hostile import hostile_server

if TYPE_CHECKING:
    from cockpit.live.metrics.kept import Kept
    from tests.live.clocks import FakeClock

AT = 1_700_000_000
HEAD = (
    "# TYPE process_start_time_seconds gauge\nprocess_start_time_seconds 1.69e9\n"
    "# TYPE http_requests_total counter\n"
)
QUEUE = Signal("queue", "queue", Kind.GAUGE, ("queue_length",))
BROKEN = Signal("odd", "odd", Kind.GAUGE, ("sum by (revision (",))


def scraped(kept: Kept, at: float, lines: str) -> None:
    """One scrape of the canary."""
    body = Body((HEAD + lines).encode(), "text/plain; version=0.0.4", 0.01, at)
    kept.take(TargetUrl("https://canary---app.example", "canary", "app-2"), body)


async def test_what_settings_name_comes_first(fake: FakeClock) -> None:
    """And takes the place of one that is found under the same id."""
    async with means_on(fake) as means:
        scraped(means.kept, AT, 'http_requests_total{code="200"} 1\n')
        requests = Signal("requests", "mine", Kind.RATE, ("http_requests_total",))
        discovery = Discovery((QUEUE, requests), ())
        found = await discovery.signals(LocalEngine(means.kept, means.worker), 0.0)
        assert [each.id for each in found[:3]] == ["queue", "requests", "errors"]
        assert [each.title for each in found if each.id == "requests"] == ["mine"]


async def test_label_sets_that_come_later_are_found(fake: FakeClock) -> None:
    """A counter with labels has no series before the first request, which then tells errors apart."""
    async with means_on(fake) as means:
        engine, discovery = LocalEngine(means.kept, means.worker), Discovery((), ("/metrics",))
        scraped(means.kept, AT, "")
        assert [each.id for each in await discovery.signals(engine, 0.0)] == ["requests"]
        scraped(means.kept, AT + 5, 'http_requests_total{code="200",path="/metrics"} 1\n')
        later = await discovery.signals(engine, LOOK_AGAIN)
        assert [each.id for each in later] == ["requests", "errors"]
        assert later[0].source == ('http_requests_total{path!="/metrics"}',)


async def test_one_signal_that_cannot_be_read_says_so_alone(fake: FakeClock) -> None:
    """The rows beside it have their numbers."""
    async with means_on(fake) as means:
        for second in range(0, 60, 5):
            scraped(means.kept, AT + second, f'queue_length 3\nhttp_requests_total{{code="200"}} {second}\n')
        appraisal = Appraisal(LocalEngine(means.kept, means.worker), 60, 60, 5000)
        rate = Signal("requests", "requests", Kind.RATE, ("http_requests_total",))
        odd, queue, requests = await appraisal.readings((BROKEN, QUEUE, rate), 1000 * (AT + 55), 7.0)
        assert odd.problem
        assert (odd.estimates, odd.at) == ({}, 7.0)
        assert (queue.problem, queue.estimates["app-2"].value) == ("", 3.0)
        assert requests.estimates["app-2"].value == pytest.approx(1.0, rel=0.1)
        assert {len(course) for course in requests.courses.values()} == {COURSE_STEPS}


async def test_an_engine_that_is_down_is_no_reading() -> None:
    """What was read before stays, with its age."""
    async with hostile_server() as server:
        server.always("/api/v1/query", "403 Forbidden")
        remote = RemoteEngine(Remote(server.url))
        try:
            with pytest.raises(QueryError) as refused:
                await Appraisal(remote, 60, 60, 5000).readings((QUEUE, QUEUE), 1000 * AT, 0.0)
        finally:
            await remote.close()
        assert len(server.received) == 1
    assert refused.value.kind == "denied"


async def test_metrics_that_are_made_up_all_the_time_do_not_pile_up(
    fake: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is told of them is forgotten when there are too many; what is exposed now is not."""
    monkeypatch.setattr("cockpit.live.metrics.kept.MOST_FAMILIES", 50)
    async with means_on(fake) as means:
        for second in range(200):
            scraped(means.kept, AT + second, f"# TYPE made_up_{second} gauge\nmade_up_{second} 1\n")
        assert len(means.kept.families) <= 53
        assert {"made_up_199", "http_requests_total"} <= means.kept.families.keys()


async def test_the_first_revision_to_tell_a_type_is_believed(fake: FakeClock) -> None:
    """Two revisions that describe a metric differently do not take turns."""
    async with means_on(fake) as means:
        scraped(means.kept, AT, "queue_length 1\n# HELP queue_length Jobs.\n")
        scraped(means.kept, AT + 5, "# TYPE queue_length gauge\nqueue_length 1\n")
        told = means.kept.families
        scraped(means.kept, AT + 10, "# TYPE queue_length counter\nqueue_length 1\n")
        assert means.kept.families is told
        assert told["queue_length"].kind.value == "gauge"

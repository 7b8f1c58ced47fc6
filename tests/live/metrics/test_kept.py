"""What is kept of a service's metrics, and what goes with a URL that is gone."""

from __future__ import annotations

from cockpit.live.metrics.kept import Kept
from cockpit.live.metrics.targets import TargetUrl
from cockpit.sources.scrape import Body

SERVICE, CANARY = TargetUrl("https://app.example"), TargetUrl("https://canary---app.example", "canary", "app-2")


def body(at: float) -> Body:
    """A scrape of one series."""
    return Body(b"# TYPE jobs_total counter\njobs_total 5\n", "text/plain", 0.01, at)


def test_a_url_that_is_gone_leaves_its_samples_and_nothing_else() -> None:
    kept = Kept("app", minutes=60, mebibytes=16)
    service, canary = (kept.take(target, body(1000.0)).table for target in (SERVICE, CANARY))
    kept.scrapes_only({SERVICE.url})
    assert kept.take(SERVICE, body(1005.0)).table is service
    assert {dict(labels).get("tag") for labels in kept.store.series("jobs_total")} >= {"canary"}
    assert kept.take(CANARY, body(1005.0)).table is not canary

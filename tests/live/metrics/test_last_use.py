"""When a URL is left alone, so that no scrape starts an instance that nobody needs."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from cockpit.live.metrics.last_use import LastUse, known_use
from cockpit.live.metrics.targets import TargetUrl
from cockpit.live.snapshot import Feed, FeedState, Snapshot
from cockpit.release.observed import Observed
from cockpit.release.service import Revision, ServiceRef, Template

SERVICE = TargetUrl("https://app.example")
CANARY = TargetUrl("https://canary---app.example", "canary", "app-2")
PATIENCE = 300.0
NOBODY = Observed(60.0, 0, ())


def used(*revisions: str, tagged: str = "") -> Observed:
    """Requests of the last minute."""
    tags = ((tagged, 3),) if tagged else ()
    return Observed(60.0, len(revisions), tuple((name, 1) for name in revisions), tagged=tags)


def kept(name: str, instances: int) -> Revision:
    """A revision with a minimum of instances."""
    return Revision(name, Template(min_instances=instances))


@pytest.fixture
def last_use() -> LastUse:
    """Started at 1000."""
    return LastUse(1000.0, PATIENCE)


@pytest.mark.parametrize("target", [SERVICE, CANARY])
def test_a_start_is_use(last_use: LastUse, target: TargetUrl) -> None:
    """A canary without traffic is looked at for a while."""
    last_use.saw(NOBODY, 1001.0)
    assert not last_use.resting(target, 1000.0 + PATIENCE)
    assert last_use.resting(target, 1001.0 + PATIENCE)


def test_each_revision_rests_for_itself(last_use: LastUse) -> None:
    """Traffic on the stable revision keeps the service's URL busy, and the canary's not."""
    last_use.saw(used("app-1"), 1400.0)
    assert not last_use.resting(SERVICE, 1600.0)
    assert last_use.resting(CANARY, 1600.0)
    last_use.saw(used("app-1", tagged="app-2"), 1500.0)
    assert not last_use.resting(CANARY, 1600.0)


def test_tagged_requests_are_no_use_of_the_service(last_use: LastUse) -> None:
    """They reach their own revision only."""
    last_use.saw(Observed(60.0, 0, (), tagged=(("app-2", 3),)), 1400.0)
    assert last_use.resting(SERVICE, 1400.0)
    assert not last_use.resting(CANARY, 1400.0)


def test_waking_is_use_of_all(last_use: LastUse) -> None:
    """Somebody asked for fresh numbers."""
    last_use.wake(1400.0)
    assert not last_use.resting(SERVICE, 1600.0)
    assert not last_use.resting(CANARY, 1600.0)
    assert last_use.resting(CANARY, 1401.0 + PATIENCE)


def test_an_unread_request_log_is_use(last_use: LastUse) -> None:
    """Nobody can tell, and a blind cockpit is worse than a few requests."""
    last_use.saw(None, 5000.0)
    assert not last_use.resting(CANARY, 5000.0 + PATIENCE)


def test_what_runs_anyway_never_rests(last_use: LastUse) -> None:
    """A minimum of instances costs the same with scrapes; the service's URL may reach all that serve."""
    far = 1000.0 + 100 * PATIENCE
    last_use.saw(NOBODY, 1000.0)
    last_use.always_on((kept("app-1", 1), kept("app-2", 0)), {"app-1"})
    assert not last_use.resting(SERVICE, far)
    assert last_use.resting(CANARY, far)
    last_use.always_on((kept("app-1", 1), kept("app-2", 0)), {"app-1", "app-2"})
    assert last_use.resting(SERVICE, far)
    last_use.always_on((kept("app-0", 1), kept("app-1", 0), kept("app-2", 2)), {"app-1"})
    assert last_use.resting(SERVICE, far)
    assert not last_use.resting(CANARY, far)
    last_use.always_on((kept("app-0", 1),), ())
    assert last_use.resting(SERVICE, far)


@pytest.mark.parametrize(
    ("state", "known"),
    [(FeedState.LIVE, NOBODY), (FeedState.STALE, NOBODY), (FeedState.FAILED, None), (None, NOBODY)],
)
def test_a_request_log_that_fails_knows_of_no_use(state: FeedState | None, known: Observed | None) -> None:
    """Its window runs empty, whatever is going on."""
    seen = Snapshot(
        at=1.0,
        wall=datetime(2026, 11, 21, tzinfo=UTC),
        ref=ServiceRef("project", "region", "app"),
        observed=NOBODY,
        feeds=(Feed("requests", state),) if state else (),
    )
    assert known_use(seen) is known
